"""Which files and sheets of a path hold which subject."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wenjiuye.population.csv_source import read_csv
from wenjiuye.population.errors import MissingPathError, NoTableError, TwoTablesError
from wenjiuye.population.excel_source import ExcelFile
from wenjiuye.population.headers import plain_title
from wenjiuye.population.parquet_source import read_parquet
from wenjiuye.population.raw import Place, RawTable
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.facts import Subject

TEXT = (".csv", ".tsv", ".txt")
EXCEL = (".xlsx", ".xlsm", ".xls")
PARQUET = (".parquet",)
Subjects = Mapping[str, type[Subject]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each subject's table is, and what was left aside with the reason."""

    places: Mapping[str, Place]
    ignored: tuple[Bilingual, ...]


def find_sources(path: Path, subjects: Subjects) -> Sources:
    """Look through a folder, or one file. Raises MissingPathError, NoTableError, TwoTablesError."""
    if not path.exists():
        raise MissingPathError(f"{path}：没有这个文件或文件夹", f"{path}: there is no such file or folder")
    if path.is_file() and path.suffix.lower() not in (*TEXT, *EXCEL, *PARQUET):
        raise NoTableError(
            f"{path.name}：应为存放数据表的文件夹，或一个.xlsx、.csv、.parquet文件",
            f"{path.name}: wanted a folder of tables, or one .xlsx, .csv or .parquet file",
        )
    found: dict[str, Place] = {}
    ignored: list[Bilingual] = []
    for file in sorted(path.iterdir()) if path.is_dir() else [path]:
        if file.is_file() and not file.name.startswith((".", "~$")):
            for name, place in find_places(file, subjects, ignored):
                if name in found:
                    subject = subjects[name]
                    raise TwoTablesError(
                        f"{found[name]}和{place}都是{_called_zh(subject)}的数据表，请只保留一个",
                        f"{found[name]} and {place} both hold {_called(subject)}; keep one",
                    )
                found[name] = place
    if not found:
        known = subjects.values()
        seen_zh = f"；现有：{'；'.join(told.zh for told in ignored)}" if ignored else ""
        seen = f"; found: {'; '.join(told.en for told in ignored)}" if ignored else ""
        raise NoTableError(
            f"{path}：没有以对象命名的数据表；可用的名称：{'、'.join(map(_called_zh, known))}{seen_zh}",
            f"{path}: no table is named after a subject; wanted names: {', '.join(map(_called, known))}{seen}",
        )
    return Sources(found, tuple(ignored))


def read_source(place: Place) -> RawTable:
    """The table at a place as text cells."""
    suffix = place.path.suffix.lower()
    if suffix in EXCEL:
        return ExcelFile(place.path).read(place.sheet or "")
    return read_parquet(place.path) if suffix in PARQUET else read_csv(place.path)


def find_places(file: Path, subjects: Subjects, ignored: list[Bilingual]) -> list[tuple[str, Place]]:
    """The tables of one file: (subject, place). What holds none is added to `ignored` with the reason."""
    named = subject_named(file.stem, subjects)
    if file.suffix.lower() in EXCEL:
        sheets = ExcelFile(file).sheets
        found = [(name, Place(file, s)) for s in sheets if (name := subject_named(s, subjects))]
        if found or (named and sheets):
            known = {place.sheet for _, place in found}
            ignored += [hint(Place(file, s), s, subjects) for s in sheets[1:] if s not in known]
            if found and sheets[0] not in known:
                ignored.append(hint(Place(file, sheets[0]), sheets[0], subjects))
            return found or [(str(named), Place(file, sheets[0]))]
        ignored += [hint(Place(file, s), s, subjects) for s in sheets]
        return []
    if named and file.suffix.lower() in (*TEXT, *PARQUET):
        return [(named, Place(file))]
    wrong_kind = Bilingual(
        f"{file.name}不是CSV、Excel或Parquet文件", f"{file.name} is no CSV, Excel or Parquet file"
    )
    ignored.append(wrong_kind if named else hint(Place(file), file.stem, subjects))
    return []


def subject_named(name: str, subjects: Subjects) -> str | None:
    """The subject that a file or sheet of this name holds."""
    plain = plain_title(name).replace("-", "_")
    for subject in subjects.values():
        if plain in (subject.id, f"{subject.id}s", plain_title(subject.zh)):
            return subject.id
    return None


def hint(place: Place, name: str, subjects: Subjects) -> Bilingual:
    """That a file or sheet is named after nothing, and what may be meant."""
    names = [title for subject in subjects.values() for title in (subject.id, subject.zh)]
    near = difflib.get_close_matches(plain_title(name), names, 1)
    return Bilingual(
        f"{place}不以任何对象命名" + (f"（是否指{near[0]}？）" if near else ""),
        f"{place} is named after no subject" + (f" (did you mean {near[0]}?)" if near else ""),
    )


def _called(subject: type[Subject]) -> str:
    return f"{subject.id} ({subject.zh})"


def _called_zh(subject: type[Subject]) -> str:
    return f"{subject.zh}（{subject.id}）"
