"""A small registry with rows in every table, and how to write it in every form that is read."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from stdnum.cn import ric, uscc

from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.registry.form import as_text, columns_of
from wenjiuye.population.registry.intake import CleanRegistry
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind

ROWS = 4
NUMBERS = {
    "resident_id": "41100219900101123" + ric.calc_check_digit("411002199001011230"),
    "credit_code": "91411000DEM000010" + uscc.calc_check_digit("91411000DEM000010"),
}
Tables = Mapping[str, pl.DataFrame]


def example_tables() -> dict[str, pl.DataFrame]:
    """Four rows of every table in kernel form; in the last row hardly anything is known."""
    return {record.id: _example(record) for record in RECORDS.values()}


def _example(record: type[Record]) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {}
    if record.keyed:
        columns["id"] = [f"{record.id}-{i}" for i in range(ROWS)]
    for name, link in record.relations.items():
        columns[name] = [f"{link.target.id}-{i}" for i in range(ROWS)]
    for name in record.texts:
        columns[name] = ["0374-2965123" if name == "phone" else f"{name}，甲“{i}”" for i in range(ROWS)]
    columns |= {name: [number, None, None, None] for name, number in NUMBERS.items() if name in columns}
    for fact in record.facts.values():
        columns |= _cells(fact)
    for name, cells in columns.items():
        if name.partition(".")[0] not in ("id", *record.required, next(iter(record.facts))):
            cells[-1] = None
    return pl.DataFrame(columns, schema=dict(columns_of(record)))


def _cells(fact: Fact) -> dict[str, list[Any]]:
    low = fact.range()[0] if fact.kind is not Kind.LIST else 0
    match fact.kind:
        case Kind.BOOL:
            return {fact.id: [True, False, True, False]}
        case Kind.INT:
            return {fact.id: [int(low) + i for i in range(ROWS)]}
        case Kind.MONEY:
            return {fact.id: [int(low) + 123_456_789 + 5 * i for i in range(ROWS)]}
        case Kind.SHARE:
            shares = [Fraction(1, 3), Fraction(1, 2), Fraction(0), Fraction(1)]
            return {
                f"{fact.id}.num": [s.numerator for s in shares],
                f"{fact.id}.den": [s.denominator for s in shares],
            }
        case Kind.DATE:
            return {fact.id: [dt.date(2020, 2, 26 + i) for i in range(ROWS)]}
        case Kind.MONTH:
            return {fact.id: [dt.date(2020, 2 + i, 1) for i in range(ROWS)]}
        case Kind.ENUM:
            members = list(fact.members)
            return {fact.id: [members[i % len(members)] for i in range(ROWS)]}
    fields = {name: cells for field in fact.fields for name, cells in _cells(field).items()}
    return {fact.id: [[{name: cells[i] for name, cells in fields.items()}] * i for i in range(ROWS)]}


def texts_of(record: type[Record], frame: pl.DataFrame) -> pl.DataFrame:
    """A kernel table as it is written in a file of text, under Chinese titles."""
    columns = []
    for name in columns_of(record):
        if name in record.facts or name.endswith(".num"):
            fact = record.facts[name.removesuffix(".num")]
            columns.append(as_text(fact, frame).alias(fact.zh))
        elif not name.endswith(".den"):
            title = "编号" if name == "id" else name
            columns.append(frame[name].alias(title))
    return pl.DataFrame(columns)


def write_kernel(folder: Path, tables: Tables) -> Path:
    """A folder in kernel form."""
    folder.mkdir(exist_ok=True)
    (folder / "registry.toml").write_text('version = "1"\n', encoding="utf-8")
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder


def write_texts(folder: Path, tables: Tables, encoding: str = "utf-8") -> Path:
    """A folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        texts = texts_of(RECORDS[name], frame)
        with (folder / f"{name}.csv").open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(texts.columns)
            writer.writerows(texts.rows())
    return folder


def write_workbook(path: Path, tables: Tables) -> Path:
    """One workbook with a sheet per table: dates are date cells, counts and sums number cells."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, frame in tables.items():
            record = RECORDS[name]
            texts = texts_of(record, frame)
            sheet = book.add_worksheet(record.zh)
            sheet.write_row(0, 0, texts.columns)
            typed = {
                f.zh: frame[f.id]
                for f in record.facts.values()
                if f.kind in (Kind.DATE, Kind.INT, Kind.MONEY)
            }
            for j, title in enumerate(texts.columns):
                cells = typed.get(title, texts[title])
                for i, cell in enumerate(cells, 1):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                    elif cell is not None:
                        money = title in typed and record.facts and _is_money(record, title)
                        sheet.write(i, j, cell / 100 if money else cell)
    return path


def _is_money(record: type[Record], title: str) -> bool:
    return any(fact.zh == title and fact.kind is Kind.MONEY for fact in record.facts.values())


def write_foreign(folder: Path, tables: Tables) -> Path:
    """Parquet as other programs write it: yuan as decimals, choices as text, small whole numbers."""
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        record = RECORDS[name]
        columns: list[pl.Series] = []
        for column in columns_of(record):
            fact = record.facts.get(column.removesuffix(".num"))
            if column.endswith(".den"):
                continue
            if fact is None or fact.kind in (Kind.BOOL, Kind.DATE, Kind.MONTH):
                columns.append(frame[column])
            elif fact.kind is Kind.INT:
                columns.append(frame[column].cast(pl.Int32))
            elif fact.kind is Kind.MONEY:
                columns.append(as_text(fact, frame).str.to_decimal(scale=2))
            else:
                columns.append(as_text(fact, frame))
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return folder


def frames_of(registry: CleanRegistry) -> dict[str, pl.DataFrame]:
    """The tables that came in, whole."""
    return {name: pl.concat([pl.read_parquet(f) for f in files]) for name, files in registry.tables.items()}


def write_csv(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file with exactly this text."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def write_sheet(
    path: Path, rows: Sequence[Sequence[object]], merged: Iterable[tuple[int, int, int]] = ()
) -> Path:
    """A workbook with one sheet. merged: column, first and last row (from 0) of cells that are merged."""
    path.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Sheet1")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(i, j, cell, None, "#N/A" if "NA(" in cell else 7)
                elif cell is not None:
                    sheet.write(i, j, cell)
        for column, first, last in merged:
            sheet.merge_range(first, column, last, column, rows[first][column])
    return path


def set_aside(into: Path, table: str) -> list[dict[str, str]]:
    """The rows that were set aside, each by title."""
    path = into / "set_aside" / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def reasons(into: Path, table: str) -> dict[int, str]:
    """By row, what was wrong, in English."""
    return {int(row["行号 / row"]): row["错误 / error"] for row in set_aside(into, table)}
