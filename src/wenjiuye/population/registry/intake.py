"""A registry comes in: from files of any form or a database to checked tables in kernel form.

A row with a bad cell is set aside as a whole, with the reasons; so is a row without what every row must have,
with an id that is not its own, or with a reference to a row that is not there or was itself set aside. The
others go on. Nothing is dropped silently: what was set aside stands in `set_aside/`, and whose rows they were
is told, because what is counted over the rest is not known for them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.errors import OutputError
from wenjiuye.population.headers import UnknownColumn
from wenjiuye.population.raw import ROW, Place
from wenjiuye.population.registry.aside import incomplete, tell, write_set_aside, write_told
from wenjiuye.population.registry.convert import convert_text, convert_typed
from wenjiuye.population.registry.form import refuse_missing
from wenjiuye.population.registry.manifest import read_manifest
from wenjiuye.population.registry.places import Found, Part, find_parts
from wenjiuye.population.registry.postgres import fetch, is_address
from wenjiuye.population.registry.references import TARGETS, check_ids, check_references, good_ids
from wenjiuye.population.registry.staged import Piece, Staged
from wenjiuye.population.registry.typed import look_at, take_as_it_stands
from wenjiuye.population.sources import PARQUET
from wenjiuye.rules.errors import both

Progress = Callable[[str, int, int], None]
"""Called with a stage, the steps done and all steps."""

_WORK = ".intake"


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What became of one table. notes: what was done to it as a whole, in both languages."""

    table: str
    places: tuple[str, ...]
    read: int
    set_aside: int
    unknown_columns: tuple[UnknownColumn, ...]
    notes: tuple[str, ...]

    @property
    def accepted(self) -> int:
        """Rows that go on."""
        return self.read - self.set_aside


@dataclass(frozen=True)
class CleanRegistry:
    """A registry that was checked.

    tables: kernel-form Parquet files per table in order, good rows only; a table that the city does not keep
    is not there. incomplete: by `table.column`, the ids of owners some of whose rows were set aside (unique,
    sorted). problems: how many were found. version: of the data model. notes: files that were not read.
    """

    tables: Mapping[str, tuple[Path, ...]]
    incomplete: Mapping[str, pl.Series]
    reports: Mapping[str, IntakeReport]
    problems: int
    version: str
    notes: tuple[str, ...] = ()


def take_in(source: Path | str, into: Path, *, progress: Progress | None = None) -> CleanRegistry:
    """Check a registry and bring it into kernel form.

    source: a folder, an .xlsx with a sheet per table, or `postgresql://…` (`?schema=`, else public). into
    receives `tables/` (only what had to be converted or lost rows), `set_aside/<table>.csv`, `problems.csv`
    (examples) and `problem_counts.csv` (all). Results of an earlier intake there are replaced. Raises
    PopulationError where a source as a whole cannot be read; bad cells raise nothing.
    """
    tell_progress = progress or (lambda *_: None)
    _refuse_place(source, into)
    work = into / _WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        found = fetch(str(source), work) if is_address(source) else _find(Path(source))
        tables = {}
        for number, name in enumerate(found.parts):
            tell_progress(f"read {name}", number, len(found.parts))
            tables[name] = _read(RECORDS[name], found, work)
        ids: dict[str, pl.DataFrame] = {}
        for number, (name, table) in enumerate(tables.items()):
            tell_progress(f"check {name}", number, len(tables))
            check_ids(table)
            check_references(table, tables, ids)
            if name in TARGETS:
                ids[name] = good_ids(table)
        ids.clear()
        return _write(tables, found, into, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _refuse_place(source: Path | str, into: Path) -> None:
    results = {(into / "tables").resolve(), (into / "set_aside").resolve()}
    place = Path(source).resolve()
    if not is_address(source) and (place == into.resolve() or results & {place, place.parent}):
        raise OutputError(
            f"{into}：结果会覆盖登记数据本身，请换一个输出文件夹",
            f"{into}: the results would replace the registry itself; name another folder for them",
        )
    if into.exists() and not into.is_dir():
        raise OutputError(f"{into}：应为文件夹", f"{into}: wanted a folder")


def _find(path: Path) -> Found:
    places = find_parts(path)
    parts = {
        name: tuple(Part(place, _label(place, path)) for place in found)
        for name, found in places.parts.items()
    }
    manifest = read_manifest(path if path.is_dir() else path.parent)
    return Found(parts, manifest, places.ignored)


def _label(place: Place, path: Path) -> str:
    """How a part is called: with its folder where that is not the registry's."""
    inside = path.is_dir() and place.path.parent != path
    return f"{place.path.parent.name}/{place}" if inside else str(place)


def _read(record: type[Record], found: Found, work: Path) -> Staged:
    table = Staged(record)
    for part in found.parts[record.id]:
        table.places.append(part.label)
        if part.place.path.suffix.lower() not in PARQUET:
            convert_text(table, part, work)
            continue
        typed = look_at(record, part.place.path, part.label, found.manifest)
        refuse_missing(record, typed.known, typed.unknown, part.label)
        if typed.is_kernel:
            take_as_it_stands(table, typed, ours=part.ours)
        else:
            convert_typed(table, typed, work)
    return table


# ── Out


def _write(tables: Mapping[str, Staged], found: Found, into: Path, work: Path) -> CleanRegistry:
    new = work / "new"
    for folder in ("tables", "set_aside"):
        (new / folder).mkdir(parents=True)
    told, files, reports = {}, {}, {}
    lost: dict[str, pl.Series] = {}
    for name, table in tables.items():
        bad = table.bad()
        told[name] = tell(table)
        lost |= incomplete(table)
        if bad.len():
            write_set_aside(table, new / "set_aside" / f"{name}.csv")
        files[name] = _good_files(table, bad, new / "tables")
        reports[name] = IntakeReport(
            name,
            tuple(table.places),
            table.rows,
            bad.len(),
            tuple(table.unknown),
            tuple(map(str, table.notes)),
        )
    write_told(told.values(), new)
    _swap(new, into)
    return CleanRegistry(
        MappingProxyType({name: tuple(_moved(f, new, into) for f in paths) for name, paths in files.items()}),
        MappingProxyType(lost),
        MappingProxyType(reports),
        sum(one.number for one in told.values()),
        found.manifest.version,
        tuple(both(f"未读取：{note.zh}", f"ignored: {note.en}") for note in found.ignored),
    )


def _good_files(table: Staged, bad: pl.Series, folder: Path) -> list[Path]:
    """The files of the rows that go on. A file of the user's that lost nothing is used where it stands."""
    kinds = table.columns
    alike = len({piece.columns for piece in table.pieces}) == 1
    several = len(table.pieces) > 1
    files = []
    for number, piece in enumerate(table.pieces):
        mine = piece.mine(bad)
        whole = not mine.len() and (not several or (alike and (piece.plain or piece.ours)))
        if whole and not piece.ours:
            files.append(piece.path)
            continue
        path = _named(folder, table.record.id, number if several else None)
        if whole:
            piece.path.rename(path)
        else:
            _rewrite(piece, mine, kinds, path)
        files.append(path)
    return files


def _named(folder: Path, name: str, number: int | None) -> Path:
    if number is None:
        return folder / f"{name}.parquet"
    (folder / name).mkdir(exist_ok=True)
    return folder / name / f"{number + 1:04d}.parquet"


def _rewrite(piece: Piece, bad: pl.Series, kinds: Mapping[str, Any], path: Path) -> None:
    """Without the bad rows, with the columns of the whole table."""
    scan = pl.scan_parquet(piece.path, row_index_name=ROW)
    if bad.len():
        scan = scan.filter(~pl.col(ROW).is_in(bad.implode()))
    columns = (
        pl.col(name) if name in piece.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in kinds.items()
    )
    scan.select(*columns).sink_parquet(path)


def _swap(new: Path, into: Path) -> None:
    """Put the results in place. What an earlier intake left is removed, and nothing else."""
    for name in RECORDS:
        (into / "tables" / f"{name}.parquet").unlink(missing_ok=True)
        shutil.rmtree(into / "tables" / name, ignore_errors=True)
        (into / "set_aside" / f"{name}.csv").unlink(missing_ok=True)
    for file in sorted(new.rglob("*")):
        if file.is_file():
            target = _moved(file, new, into)
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)


def _moved(file: Path, new: Path, into: Path) -> Path:
    return into / file.relative_to(new) if file.is_relative_to(new) else file
