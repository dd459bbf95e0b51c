"""A whole city, from the tables of its registry to determinations, lists and sums, part by part.

A run can be killed at any moment and started again: what is done stays, the rest goes on, and the files are
the same to the byte. What would change an answer (the tables, the rules, the version) starts it anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.policy.registry import VERSION
from wenjiuye.population.city.finish import finish_day
from wenjiuye.population.city.part import PartTask, Wanted, run_part
from wenjiuye.population.errors import OutputError
from wenjiuye.population.headers import UnknownColumn
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import CleanRegistry, IntakeReport, take_in
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.rules.policy import Policy

Progress = Callable[[str, int, int], None]
Executor = Callable[[Sequence[PartTask], Policy, Callable[[], None]], None]
"""Does the tasks, in any order and anywhere, and calls back after each."""

PEOPLE_A_GIB = 80_000
"""So many people a part may have for each GiB of memory, by measurement (docs/scale.md)."""
MANIFEST = "run.json"


@dataclass(frozen=True)
class CityReport:
    """What came out of a run: rows read and set aside, and the sums of each day (see `totals`)."""

    out: Path
    days: tuple[dt.date, ...]
    tables: dict[str, IntakeReport]
    problems: int
    parts: int
    resumed: int
    totals: dict[dt.date, pl.DataFrame] = field(repr=False)


def run_city(
    source: Path | str,
    days: Sequence[dt.date],
    out: Path | str,
    policy: Policy,
    *,
    wanted: Wanted | None = None,
    memory_gib: float = 4.0,
    progress: Progress | None = None,
    execute: Executor | None = None,
) -> CityReport:
    """Decide every measure for a whole registry on each day and write it all to the folder `out`.

    memory_gib: about how much memory a part may need. Raises the errors of `take_in`, and OutputError where
    `out` holds something that is no run.
    """
    folder, tell, wanted = Path(out), progress or (lambda *_: None), wanted or Wanted()
    _ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    people = max(100, int(memory_gib * PEOPLE_A_GIB))
    tell("fingerprint", 0, 1)
    # What stands in a database cannot be told without reading it, so it is taken in anew every time.
    clean = take_in(source, folder / "intake", progress=tell) if _is_address(source) else None
    paths = _paths(Path(source)) if clean is None else [p for files in clean.tables.values() for p in files]
    digest = fingerprint(paths, policy, people)
    _start(folder, digest, policy, days, wanted)
    arrangement, tables, problems = _arranged(source, clean, folder, policy, digest, people, tell)
    tasks = [
        PartTask(arrangement, part, on, folder / f"on={on}", wanted)
        for on in days
        for part in arrangement.parts
    ]
    left = [task for task in tasks if not task.done()]
    done = len(tasks) - len(left)

    def step() -> None:
        nonlocal done
        done += 1
        tell("decide", done, len(tasks))

    tell("decide", done, len(tasks))
    (execute or two_at_a_time)(left, policy, step)
    totals = {}
    for number, on in enumerate(days):
        tell("finish", number, len(days))
        totals[on] = finish_day(folder, on, arrangement.parts, policy)
    tell("finish", len(days), len(days))
    return CityReport(
        folder,
        tuple(days),
        tables,
        problems,
        len(arrangement.parts),
        len(tasks) - len(left),
        totals,
    )


def two_at_a_time(tasks: Sequence[PartTask], policy: Policy, step: Callable[[], None]) -> None:
    """Do the tasks here; much of a part keeps only one processor busy, so two are under way at a time."""
    with ThreadPoolExecutor(2) as threads:
        for _ in threads.map(lambda task: run_part(task, policy), tasks):
            step()


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of the months from one to another, both included."""
    days, month = [], first.replace(day=1)
    while month <= last:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        days.append(following - dt.timedelta(days=1))
        month = following
    return days


def arrangement_of(out: Path) -> Arrangement:
    """The arranged registry of a run, for looking at single cases. Raises OutputError where there is none."""
    path = out / MANIFEST
    digest = json.loads(path.read_text("utf-8"))["digest"] if path.is_file() else ""
    found = Arrangement.find(out / "work" / "arranged", digest)
    if found is None:
        raise OutputError(f"{out}：不是一次全市运行", f"{out}: this is no run of a city")
    return found


# ── What a run is of


def fingerprint(paths: Sequence[Path], policy: Policy, people: int) -> str:
    """A hash over everything that the answers follow from: the files and their names, the rules, the versions."""
    from importlib.metadata import version

    digest = hashlib.blake2b(digest_size=16)
    versions = f"{version('wenjiuye')} {version('polars')} {VERSION}"
    digest.update(f"{versions} {policy.id} {policy.version} {people}".encode())
    for path, hashed in _hashed(paths):
        digest.update(f"{path.parent.name}/{path.name} {hashed}\n".encode())
    return digest.hexdigest()


def _is_address(source: Path | str) -> bool:
    return isinstance(source, str) and "://" in source


def _paths(source: Path) -> list[Path]:
    """The files of a registry folder, or the one file."""
    if not source.is_dir():
        return [source] if source.is_file() else []
    return sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))


def _hashed(paths: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    def one(path: Path) -> tuple[Path, str]:
        with path.open("rb") as file:
            return path, hashlib.file_digest(file, "blake2b").hexdigest()

    with ThreadPoolExecutor(2) as threads:
        yield from threads.map(one, paths)


def _ours(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file()):
        raise OutputError(
            f"{folder}：已有其他内容，请换一个空文件夹",
            f"{folder}: there is something else already; name an empty folder",
        )


def _start(folder: Path, digest: str, policy: Policy, days: Sequence[dt.date], wanted: Wanted) -> None:
    """Go on with the run in the folder if it is the same, else clear it away."""
    content = {
        "digest": digest,
        "policy": policy.id,
        "version": policy.version,
        "data_model": VERSION,
        "wanted": asdict(wanted),
    }
    path = folder / MANIFEST
    held = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if {name: held.get(name) for name in content} != content:
        for old in folder.iterdir():
            if old.is_dir() and (old.name.startswith("on=") or old.name == "totals"):
                shutil.rmtree(old)
    known = [] if held.get("digest") != digest else held.get("days", [])
    text = json.dumps({**content, "days": sorted({*known, *(str(day) for day in days)})}, indent=1)
    new = folder / f".{MANIFEST}.partial"
    new.write_text(text + "\n", "utf-8")
    new.replace(path)


def _arranged(
    source: Path | str,
    clean: CleanRegistry | None,
    folder: Path,
    policy: Policy,
    digest: str,
    people: int,
    tell: Progress,
) -> tuple[Arrangement, dict[str, IntakeReport], int]:
    work = folder / "work"
    held = Arrangement.find(work / "arranged", digest)
    note = work / "intake.json"
    if held is not None and note.is_file():
        content = json.loads(note.read_text("utf-8"))
        tables = {name: _report(report) for name, report in content["tables"].items()}
        return held, tables, content["problems"]
    clean = clean or take_in(source, folder / "intake", progress=tell)
    arranged = arrange(
        clean.tables, clean.incomplete, policy, work / "arranged", digest, people_a_part=people, progress=tell
    )
    tables = dict(clean.reports)
    content = {
        "problems": clean.problems,
        "tables": {name: asdict(report) for name, report in tables.items()},
    }
    note.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return arranged, tables, clean.problems


def _report(told: dict[str, Any]) -> IntakeReport:
    """What became of a table, as it was noted down."""
    columns = tuple(UnknownColumn(**column) for column in told["unknown_columns"])
    places, notes = tuple(told["places"]), tuple(told["notes"])
    return IntakeReport(told["table"], places, told["read"], told["set_aside"], columns, notes)
