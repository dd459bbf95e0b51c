"""The text cells of a table to kernel columns, with every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from wenjiuye.population import identifiers
from wenjiuye.population.columns import parse_column, tidy
from wenjiuye.population.headers import Role, UnknownColumn, Use
from wenjiuye.population.raw import ROW, RawTable
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import Subject

PROBLEMS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "subject": pl.String,
    "file": pl.String,
    "row": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "problem": pl.String,
    "allowed": pl.String,
}
"""Columns of the list of problems; the header of a sheet is row 1."""

CELL_PROBLEMS = {name: dtype for name, dtype in PROBLEMS.items() if name not in ("subject", "file")}

NOTE_MARK = "#"
"""Rows right below the header whose first cell begins with it explain the columns and are skipped."""


def without_notes(raw: RawTable) -> RawTable:
    """Without the explaining rows of a template, which stand right below the header."""
    first = raw.frame["0"].head(20).str.strip_chars().str.starts_with(NOTE_MARK).fill_null(False).to_list()
    notes = next((i for i, note in enumerate(first) if not note), len(first))
    if notes == 0:
        return raw
    rows = set(raw.frame[ROW].head(notes))
    flaws = tuple(flaw for flaw in raw.flaws if flaw.row not in rows)
    return RawTable(raw.headers, raw.frame.slice(notes), flaws, raw.notes)


def worth_telling(unknown: Iterable[UnknownColumn], raw: RawTable) -> list[UnknownColumn]:
    """Without columns that have neither a title nor a cell."""
    return [column for column in unknown if column.title.strip() or not _is_empty(raw, column.column)]


def _is_empty(raw: RawTable, column: int) -> bool:
    return bool(tidy(raw.frame[str(column)]).is_null().all())


def read_cells(
    subject: type[Subject], raw: RawTable, uses: Sequence[Use]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Kernel columns beside ROW, and the problems of cells and rows (CELL_PROBLEMS)."""
    problems = [_flaws(raw)]
    columns = [raw.frame[ROW]]
    flawed = {flaw.column: [f.row for f in raw.flaws if f.column == flaw.column] for flaw in raw.flaws}

    def parse(use: Use) -> tuple[list[pl.Series], pl.DataFrame]:
        texts = raw.frame[str(use.column)]
        if rows := flawed.get(use.column):
            texts = texts.set(raw.frame[ROW].is_in(rows), None)
        return _column(subject, use, texts)

    # Polars works outside the interpreter's lock, so columns are read side by side.
    with ThreadPoolExecutor() as threads:
        parsed = list(threads.map(parse, uses))
    for use, (read, wrong) in zip(uses, parsed, strict=True):
        columns += read
        if wrong.height:
            problems.append(_with_rows(wrong, raw.frame[ROW], use.title))
    return pl.DataFrame(columns), pl.concat(problems)


def _flaws(raw: RawTable) -> pl.DataFrame:
    title = dict(enumerate(raw.headers))
    cells = [
        (f.row, "" if f.column is None else title.get(f.column, ""), f.value, f.problem, f.allowed)
        for f in raw.flaws
    ]
    return pl.DataFrame(cells, schema=CELL_PROBLEMS, orient="row")


def _column(subject: type[Subject], use: Use, texts: pl.Series) -> tuple[list[pl.Series], pl.DataFrame]:
    """Kernel columns and the cells that are wrong (index, value, problem, allowed)."""
    if use.role is Role.FACT:
        parsed = parse_column(subject.facts[use.name], texts)
        return list(parsed.columns), parsed.problems
    text = tidy(texts)
    if use.name in (identifiers.CREDIT_CODE, identifiers.RESIDENT_ID):
        text = text.str.to_uppercase()
    wrong = identifiers.check(use.name, text) if use.role is Role.CARRIED else _shortened(text)
    return [text.alias(use.name)], wrong


def _shortened(text: pl.Series) -> pl.DataFrame:
    """Numbers of rows that a spreadsheet has written as 4.11E+17: their digits are gone."""
    frame = pl.DataFrame({"value": text}).with_row_index("index")
    return frame.filter(pl.col("value").str.contains(r"^[0-9](\.[0-9]+)?[eE]\+[0-9]+$")).with_columns(
        pl.lit(
            both(
                "电子表格缩写了这个数字，数位已丢失",
                "a spreadsheet has shortened this number, so its digits are lost",
            )
        ).alias("problem"),
        pl.lit(both("完整的号码，填在文本格式的单元格中", "the whole number, typed into a text cell")).alias(
            "allowed"
        ),
    )


def _with_rows(wrong: pl.DataFrame, rows: pl.Series, title: str) -> pl.DataFrame:
    return wrong.select(
        pl.Series("row", rows.gather(wrong["index"])),
        pl.lit(title).alias("column"),
        "value",
        "problem",
        "allowed",
    )
