"""Parts of a table that are not in kernel form: read in stretches of rows, written in kernel form beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.policy.registry import Record
from wenjiuye.population.csv_source import csv_chunks
from wenjiuye.population.excel_source import ExcelFile
from wenjiuye.population.headers import Role, Use, recognise
from wenjiuye.population.parquet_source import raw_table
from wenjiuye.population.raw import ROW, Place, RawTable
from wenjiuye.population.reading import read_cells, without_notes, worth_telling
from wenjiuye.population.registry.form import (
    MISSING,
    columns_of,
    first_column,
    needed,
    refuse_missing,
    wrong_cells,
)
from wenjiuye.population.registry.places import Part
from wenjiuye.population.registry.staged import Piece, Staged, Stood, TextRows, TypedRows
from wenjiuye.population.registry.typed import Typed
from wenjiuye.population.sources import EXCEL
from wenjiuye.rules.errors import both

STRETCH = 500_000
"""Rows of a typed file that are converted at a time."""

_ONLY_ID = both("只有编号，没有任何其他内容", "only an id and nothing else")


def convert_text(table: Staged, part: Part, folder: Path) -> None:
    """Read a CSV or Excel part into pieces. Raises the errors of the readers and of the header."""
    for number, raw in enumerate(_text_chunks(part.place)):
        uses, unknown = recognise(table.record, raw.headers, part.label)
        refuse_missing(table.record, [use.name for use in uses], unknown, part.label)
        raw = without_notes(raw) if number == 0 else raw
        if number == 0:
            table.unknown += worth_telling(unknown, raw)
        table.notes += raw.notes
        path = folder / f"{table.record.id}.{len(table.pieces)}.raw.parquet"
        raw.frame.write_parquet(path, compression="lz4")
        kernel, problems = read_cells(table.record, raw, uses)
        stood = TextRows(path, raw.headers, part.label)
        _add(table, _Read(kernel, problems, raw.frame[ROW], uses, footers=True), stood, folder)


def _text_chunks(place: Place) -> Iterator[RawTable]:
    if place.path.suffix.lower() in EXCEL:
        yield ExcelFile(place.path).read(place.sheet or "")
    else:
        yield from csv_chunks(place.path)


def convert_typed(table: Staged, typed: Typed, folder: Path) -> None:
    """Read a Parquet part whose types are near those of the kernel form into pieces."""
    record = table.record
    table.unknown += typed.unknown
    direct = [name for name in columns_of(record) if name in typed.direct]
    titles = list(dict.fromkeys(use.title for use in typed.read))
    uses = [Use(titles.index(use.title), use.title, use.role, use.name) for use in typed.read]
    told = [
        *uses,
        *(Use(-1, name, Role.FACT, name) for name in typed.known if first_column(record, name) in direct),
    ]
    for start in range(0, max(typed.rows, 1), STRETCH):
        frame = pl.scan_parquet(typed.path).slice(start, STRETCH).collect(engine="streaming")
        pairs = [pl.format("{}/{}", f"{name}.num", f"{name}.den").alias(name) for name in typed.pairs]
        raw = raw_table(frame.with_columns(pairs).select(titles), start + 2)
        kernel, problems = read_cells(record, raw, uses)
        rows = (
            raw.frame[ROW]
            if uses
            else pl.Series(ROW, range(start + 2, start + 2 + frame.height), dtype=pl.UInt32)
        )
        kept = frame.select(direct)
        wrong = [problems, *_wrong_typed(record, kept, rows)]
        kernel = kept.insert_column(0, rows).hstack(kernel.drop(ROW) if uses else [])
        stood = TypedRows(typed.path, typed.place, record, typed.direct, start)
        _add(table, _Read(kernel, pl.concat(wrong), rows, told, footers=False), stood, folder)


def _wrong_typed(record: type[Record], frame: pl.DataFrame, rows: pl.Series) -> Iterator[pl.DataFrame]:
    for fact in record.facts.values():
        if first_column(record, fact.id) in frame.columns:
            wrong = wrong_cells(fact, frame)
            if wrong.height:
                yield wrong.select(
                    rows.gather(wrong["index"]).alias("row"),
                    pl.lit(fact.id).alias("column"),
                    "value",
                    "problem",
                    "allowed",
                )


@dataclass(frozen=True, slots=True)
class _Read:
    """A stretch of rows in kernel form with ROW, its problems (by ROW), and the columns that were read.

    footers: whether there may be rows that are none, such as 合计 below a list.
    """

    kernel: pl.DataFrame
    problems: pl.DataFrame
    rows: pl.Series
    uses: Sequence[Use]
    footers: bool


def _add(table: Staged, read: _Read, stood: Stood, folder: Path) -> None:
    record = table.record
    first = table.rows
    problems = pl.concat([read.problems, *_missing(record, read)])
    kernel = read.kernel.select(name for name in columns_of(record) if name in read.kernel.columns)
    path = folder / f"{record.id}.{len(table.pieces)}.parquet"
    kernel.write_parquet(path)
    if problems.height:
        place = pl.DataFrame(
            {"row": read.rows, "#at": pl.Series(range(first, first + len(read.rows)), dtype=pl.UInt32)}
        )
        at = problems.join(place, on="row", how="inner", maintain_order="left")
        table.problems.append(at.select(pl.col("#at").alias("row"), pl.exclude("row", "#at")))
    table.pieces.append(Piece(path, kernel.height, first, frozenset(kernel.columns), True, True, stood))


def _missing(record: type[Record], read: _Read) -> Iterator[pl.DataFrame]:
    """Required cells that are empty, unless the cell itself has been told."""
    told = read.problems.filter(pl.col("column") == "")["row"]
    columns = [name for name in read.kernel.columns if name != ROW]
    silent = _only_ids(record, read, columns)
    yield _empty_cells(read.kernel.filter(silent), "id", _ONLY_ID, both("一行完整的内容", "a whole row"))
    for name in needed(record):
        use = next(use for use in read.uses if use.name == name)
        empty = read.kernel.filter(pl.col(first_column(record, name)).is_null() & ~silent)
        cell = read.problems.filter(pl.col("column") == use.title)["row"]
        empty = empty.filter(~pl.col(ROW).is_in(pl.concat([told, cell]).implode()))
        wanted = record.facts[name].wanted() if name in record.facts else both("一个值", "a value")
        yield _empty_cells(empty, use.title, MISSING, wanted)


def _only_ids(record: type[Record], read: _Read, columns: list[str]) -> pl.Expr:
    """True for rows such as 合计 below a list: an id and nothing that could be read or not."""
    rest = [name for name in columns if name != "id"]
    if not (read.footers and record.keyed and rest):
        return pl.lit(False)
    told = pl.col(ROW).is_in(read.problems["row"].unique().implode())
    return pl.all_horizontal(pl.col(name).is_null() for name in rest) & pl.col("id").is_not_null() & ~told


def _empty_cells(rows: pl.DataFrame, column: str, problem: str, wanted: str) -> pl.DataFrame:
    cells: dict[str, Any] = {"column": column, "value": "", "problem": problem, "allowed": wanted}
    return rows.select(pl.col(ROW).alias("row"), *(pl.lit(text).alias(name) for name, text in cells.items()))
