"""Which files and sheets of a registry hold which table. A table may lie in several parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.errors import EmptyTableError, MissingPathError, NoTableError, TwoTablesError
from wenjiuye.population.excel_source import ExcelFile
from wenjiuye.population.raw import Place
from wenjiuye.population.registry.manifest import FILE, Manifest
from wenjiuye.population.sources import EXCEL, PARQUET, TEXT, find_places, hint, subject_named
from wenjiuye.rules.errors import Bilingual

KNOWN = (*TEXT, *EXCEL, *PARQUET)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a table. label: how it is called. ours: the file was written on the way in."""

    place: Place
    label: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a registry holds: the parts of each table, those that others refer to first."""

    parts: Mapping[str, tuple[Part, ...]]
    manifest: Manifest
    ignored: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of each table are, in the order of RECORDS, and what was left aside with the reason."""

    parts: Mapping[str, tuple[Place, ...]]
    ignored: tuple[Bilingual, ...]


def find_parts(path: Path) -> Places:
    """Look through a folder or one file. Raises MissingPathError, NoTableError, TwoTablesError, EmptyTableError."""
    if not path.exists():
        raise MissingPathError(f"{path}：没有这个文件或文件夹", f"{path}: there is no such file or folder")
    found: dict[str, tuple[Place, ...]] = {}
    ignored: list[Bilingual] = []
    for entry in sorted(path.iterdir()) if path.is_dir() else [path]:
        if entry.name.startswith((".", "~$")) or entry.name == FILE:
            continue
        for name, places in _held_by(entry, ignored):
            if name in found:
                record = RECORDS[name]
                raise TwoTablesError(
                    f"{found[name][0]}和{places[0]}都是{record.zh}（{name}）的数据表，"
                    "请只保留一个，或把各部分放入同名文件夹",
                    f"{found[name][0]} and {places[0]} both hold {name} ({record.zh}); keep one, or put the "
                    f"parts into a folder {name}/",
                )
            found[name] = places
    if not found:
        raise NoTableError(
            f"{path}：没有以登记数据表命名的文件；可用的名称见docs/data-model.md，如person.csv（个人）"
            + (f"；现有：{'；'.join(told.zh for told in ignored)}" if ignored else ""),
            f"{path}: no file is named after a table of the registry; docs/data-model.md has the names, such as "
            "person.csv" + (f"; found: {'; '.join(told.en for told in ignored)}" if ignored else ""),
        )
    return Places({name: found[name] for name in RECORDS if name in found}, tuple(ignored))


def _held_by(entry: Path, ignored: list[Bilingual]) -> list[tuple[str, tuple[Place, ...]]]:
    if entry.is_file():
        return [(name, (place,)) for name, place in find_places(entry, RECORDS, ignored)]
    name = subject_named(entry.name, RECORDS)
    if name is None:
        ignored.append(hint(Place(entry), entry.name, RECORDS))
        return []
    places: list[Place] = []
    for file in sorted(entry.iterdir()):
        if file.is_dir() or file.name.startswith((".", "~$")):
            continue
        if file.suffix.lower() not in KNOWN:
            ignored.append(
                Bilingual(
                    f"{file.name}不是CSV、Excel或Parquet文件", f"{file.name} is no CSV, Excel or Parquet file"
                )
            )
            continue
        places.append(_part(file, name, ignored))
    if not places:
        raise EmptyTableError(
            f"{entry.name}：文件夹中没有CSV、Excel或Parquet文件",
            f"{entry.name}: the folder has no CSV, Excel or Parquet file in it",
        )
    return [(name, tuple(places))]


def _part(file: Path, name: str, ignored: list[Bilingual]) -> Place:
    """A file of a table's folder. Of a workbook the sheet that is named after the table, else the first."""
    if file.suffix.lower() not in EXCEL:
        return Place(file)
    sheets = ExcelFile(file).sheets
    own = next(
        (sheet for sheet in sheets if subject_named(sheet, RECORDS) == name), sheets[0] if sheets else ""
    )
    ignored += [hint(Place(file, sheet), sheet, RECORDS) for sheet in sheets if sheet != own]
    return Place(file, own)
