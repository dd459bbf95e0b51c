"""What is wrong with a file: every cell by its sheet, row and column, kept beside the file and shown in part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from wenjiuye.platform.registry.importing.errors import in_language
from wenjiuye.platform.registry.importing.folders import Folder
from wenjiuye.platform.registry.models import FileImport, ImportSheet
from wenjiuye.population.raw import ROW
from wenjiuye.population.registry.staged import Staged, problems_of

SHOWN = 200
"""So many problems are shown on the page; the file that can be fetched has all."""
SCHEMA = {
    "sheet": pl.UInt32,
    "row": pl.UInt32,
    "column": pl.Int32,
    "value": pl.String,
    "problem": pl.String,
    "allowed": pl.String,
}
"""column: its number in the sheet from 0; -1: the row as a whole."""

_ROWS = re.compile(r"(?<=第)[0-9]+(?=行)|(?<=row )[0-9]+")


@dataclass(frozen=True)
class Problem:
    """One cell, or one row as a whole (address is the row's then)."""

    sheet: str
    row: int
    address: str
    header: str
    value: str
    problem: str
    allowed: str


@dataclass(frozen=True)
class Kind:
    """So many cells of a column are wrong in the same way."""

    table: str
    column: str
    problem: str
    count: int


def keep_problems(
    tables: Mapping[str, Staged], sheets: Mapping[str, Sequence[ImportSheet]], folder: Folder
) -> None:
    """Put down all that is wrong. sheets: by table, the sheet of each of its pieces."""
    frames = [pl.DataFrame(schema=SCHEMA)]
    for name, table in tables.items():
        frames += _addressed(table, sheets.get(name, ()))
    found = pl.concat(frames).unique(["sheet", "row", "column", "problem"], keep="first")
    found.sort("sheet", "row", "column").write_parquet(folder.problems)
    _kinds(found).write_parquet(folder.kinds)


def _kinds(problems: pl.DataFrame) -> pl.DataFrame:
    """Problems of a column together that differ in nothing but the cell's own text and the rows that they name."""
    pairs = problems.select("problem", "value").unique()
    kinds = [_kind(problem, value or "") for problem, value in pairs.iter_rows()]
    return (
        problems.join(
            pairs.with_columns(pl.Series("kind", kinds, dtype=pl.String)),
            on=["problem", "value"],
            nulls_equal=True,
        )
        .group_by("sheet", "column", "kind")
        .len("count")
        .sort("count", "sheet", "column", "kind", descending=[True, False, False, False])
    )


def _kind(problem: str, value: str) -> str:
    return _ROWS.sub("…", problem.replace(value, "…") if value else problem)


def _addressed(table: Staged, sheets: Sequence[ImportSheet]) -> Iterator[pl.DataFrame]:
    problems = problems_of(table.problems)
    for piece, sheet in zip(table.pieces, sheets, strict=True):
        mine = problems.filter(pl.col("row").is_between(piece.first, piece.first + piece.rows - 1))
        if mine.is_empty():
            continue
        stood = pl.scan_parquet(piece.stood.path, row_index_name="#at").with_columns(
            (pl.col("#at") + piece.first).cast(pl.UInt32)
        )
        numbers = mine["row"].unique()
        raw = stood.filter(pl.col("#at").is_in(numbers.implode())).collect(engine="streaming")
        placed = mine.with_columns(_numbered(mine["column"], sheet)).join(
            raw.select("#at", ROW), left_on="row", right_on="#at", how="left", maintain_order="left"
        )
        yield placed.select(
            pl.lit(sheet.number, dtype=pl.UInt32).alias("sheet"),
            pl.col(ROW).cast(pl.UInt32).alias("row"),
            "column",
            _as_typed(placed, raw).alias("value"),
            "problem",
            "allowed",
        )


def _numbered(columns: pl.Series, sheet: ImportSheet) -> pl.Series:
    """Columns by their number in the sheet: told by number already, or by their name in the data model."""
    places = {name: at for at, name in reversed(list(enumerate(sheet.columns))) if name}
    if "id" not in places:
        number = next((name for name in ("credit_code", "resident_id") if name in places), None)
        places |= {"id": places[number]} if number else {}
    known = {name: int(name) if name.isdigit() else places.get(name, -1) for name in columns.unique()}
    return columns.replace_strict(known, return_dtype=pl.Int32, default=-1).alias("column")


def _as_typed(placed: pl.DataFrame, raw: pl.DataFrame) -> pl.Series:
    """The cell as it stands in the file, since keys may have taken the place of what was typed."""
    cells = dict(zip(raw["#at"], raw.iter_rows(named=True), strict=True))
    return pl.Series(
        [
            value if column < 0 else cells[row].get(str(column)) or value
            for row, column, value in placed.select("row", "column", "value").iter_rows()
        ],
        dtype=pl.String,
    )


# ── Shown


def first_problems(file: FileImport, folder: Folder, number: int = SHOWN) -> list[Problem]:
    """The first problems, in the language that is spoken now."""
    if not folder.problems.is_file():
        return []
    sheets = {sheet.number: sheet for sheet in file.sheets.all()}
    rows = pl.scan_parquet(folder.problems).head(number).collect()
    return [
        Problem(
            sheets[sheet].name,
            row,
            f"{column_letters(column)}{row}" if column >= 0 else str(row),
            _header(sheets[sheet], column),
            (value or "")[:80],
            in_language(problem),
            in_language(allowed),
        )
        for sheet, row, column, value, problem, allowed in rows.iter_rows()
    ]


def problem_kinds(file: FileImport, folder: Folder) -> list[Kind]:
    """How many cells are wrong in which way, the most frequent first."""
    if not folder.kinds.is_file():
        return []
    sheets = {sheet.number: sheet for sheet in file.sheets.all()}
    return [
        Kind(sheets[sheet].table, _header(sheets[sheet], column), in_language(kind), count)
        for sheet, column, kind, count in pl.read_parquet(folder.kinds).iter_rows()
    ]


def _header(sheet: ImportSheet, column: int) -> str:
    return _("整行") if column < 0 else sheet.headers[column]


def column_letters(column: int) -> str:
    """0 → A, 26 → AA, as spreadsheets call columns."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters, column = chr(65 + rest) + letters, column - 1
    return letters
