"""The folder of a registry in kernel form: part files, written aside and put in place when all are there."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import VERSION
from wenjiuye.population.errors import OutputError
from wenjiuye.population.synth.flaws import BROKEN, Flaws, flawed
from wenjiuye.population.synth.plan import Plan

MADE_BY = "wenjiuye synth"
HEAD = "registry.toml"
TRUTH = "truth"


@dataclass
class Parts:
    """Writes part files into a folder and counts the rows of each table."""

    folder: Path
    seed: int
    flaws: Flaws
    rows: dict[str, int] = field(default_factory=dict)
    broken: list[pl.DataFrame] = field(default_factory=list)

    def write(self, table: str, part: str, chunk: int, frame: pl.DataFrame) -> None:
        """Write one part of a table, with its flaws."""
        frame, broken = flawed(frame, table, part, chunk, self.seed, self.flaws)
        if broken.height:
            self.broken.append(broken)
        self.rows[table] = self.rows.get(table, 0) + frame.height
        path = self.folder / table / f"{part}.parquet"
        path.parent.mkdir(exist_ok=True)
        frame.write_parquet(path, compression="zstd", compression_level=1)

    def write_truth(self, planted: pl.DataFrame) -> None:
        """Write what was planted and what was broken beside the tables."""
        folder = self.folder / TRUTH
        folder.mkdir()
        planted.write_parquet(folder / "planted.parquet")
        broken = pl.concat(self.broken) if self.broken else pl.DataFrame(schema=BROKEN)
        broken.write_parquet(folder / "broken.parquet")

    def write_head(self, city: Plan) -> None:
        """Write what the folder is and from what it can be made again."""
        lines = (
            f'version = "{VERSION}"',
            f'name = "虚构城市（{city.persons}人，种子{city.seed}）"',
            f'made_by = "{MADE_BY}"',
            "",
            "[made_from]",
            f"persons = {city.persons}",
            f"firms = {city.firms}",
            f"seed = {city.seed}",
            f"until = {city.until_date.isoformat()}",
            f"months = {city.months}",
            f"missing = {self.flaws.missing}",
            f"dirty = {self.flaws.dirty}",
        )
        (self.folder / HEAD).write_text("\n".join(lines) + "\n", "utf-8")


@contextmanager
def put_in_place(folder: Path) -> Iterator[Path]:
    """A folder aside to write into; it takes the place of `folder` when all went well, and goes when not.

    Raises OutputError where the place holds anything but a made-up city.
    """
    if folder.exists() and not _may_be_replaced(folder):
        raise OutputError(
            f"{folder}：不是空文件夹，也不是虚构城市，不能覆盖；请换一个位置",
            f"{folder}: neither empty nor a made-up city, so it is not overwritten; name another place",
        )
    aside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _may_be_replaced(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    if not any(folder.iterdir()):
        return True
    head = folder / HEAD
    if not head.is_file():
        return False
    try:
        return tomllib.loads(head.read_text("utf-8")).get("made_by") == MADE_BY
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
