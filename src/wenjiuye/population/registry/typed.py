"""Parquet parts: which columns are in kernel form already, and whether all that stands in them may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import Record
from wenjiuye.population.errors import BrokenFileError, EmptyTableError, HeaderError
from wenjiuye.population.headers import UnknownColumn, Use, recognise
from wenjiuye.population.raw import ROW
from wenjiuye.population.registry.form import (
    MISSING,
    cannot_stand,
    columns_of,
    first_column,
    needed,
    wrong_cells,
)
from wenjiuye.population.registry.manifest import Manifest
from wenjiuye.population.registry.staged import Piece, Staged, TypedRows
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind


@dataclass(frozen=True, slots=True)
class Typed:
    """A Parquet part.

    direct: kernel columns taken as they are. pairs: shares in two columns of another whole type, to be read
    as one. read: columns to be read as text. known: ids of all columns that are known, the id and relations
    among them.
    """

    path: Path
    place: str
    rows: int
    direct: frozenset[str]
    pairs: tuple[str, ...]
    read: tuple[Use, ...]
    unknown: tuple[UnknownColumn, ...]
    known: tuple[str, ...]

    @property
    def is_kernel(self) -> bool:
        """Whether no column has to be read."""
        return not self.read


def look_at(record: type[Record], path: Path, place: str, manifest: Manifest) -> Typed:
    """The columns of a Parquet file. Raises BrokenFileError, EmptyTableError, HeaderError."""
    try:
        schema = pl.read_parquet_schema(path)
        rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise BrokenFileError(
            f"{place}：无法作为Parquet文件读取",
            f"{place}: not readable as a Parquet file ({problem})",
        ) from None
    if not schema:
        raise EmptyTableError(f"{place}：文件没有任何列", f"{place}: the file has no columns")
    direct = _direct(record, schema, manifest)
    pairs = tuple(name for name in record.facts if _is_pair(name, schema) and f"{name}.num" not in direct)
    parts = {f"{name}.{part}" for name in pairs for part in ("num", "den")}
    as_they_are = dict.fromkeys(name.removesuffix(".num") for name in direct if not name.endswith(".den"))
    rest = [*pairs, *(name for name in schema if name not in direct and name not in parts)]
    uses, unknown = recognise(record, [*as_they_are, *rest], place)
    read = tuple(use for use in uses if use.name not in as_they_are)
    for use in read:
        _refuse_doubtful_money(record, use, schema.get(use.title), place, manifest)
    names = tuple(dict.fromkeys(use.name for use in uses))
    return Typed(path, place, rows, frozenset(direct), pairs, read, tuple(unknown), names)


def _direct(record: type[Record], schema: Mapping[str, pl.DataType], manifest: Manifest) -> list[str]:
    """The columns whose type is that of the kernel form."""
    wanted = columns_of(record)
    found = [name for name, dtype in schema.items() if name in wanted and dtype == wanted[name]]
    for fact in record.facts.values():
        columns = fact_columns(fact, fact.id)
        # In files that do not follow the data model money is in yuan, and any day stands for its month.
        foreign = fact.kind in (Kind.MONEY, Kind.MONTH) and not manifest.declared
        if foreign or not set(columns) <= set(found):
            found = [name for name in found if name not in columns]
    return found


def _is_pair(name: str, schema: Mapping[str, pl.DataType]) -> bool:
    parts = [schema.get(f"{name}.{part}") for part in ("num", "den")]
    return all(part is not None and part.is_integer() for part in parts)


def _refuse_doubtful_money(
    record: type[Record], use: Use, dtype: pl.DataType | None, place: str, manifest: Manifest
) -> None:
    fact = record.facts.get(use.name)
    if fact is None or fact.kind is not Kind.MONEY or dtype is None:
        return
    if manifest.declared and dtype.is_integer():
        raise HeaderError(
            f"{place}：金额列{use.title}的类型为{dtype}，无法确定是元还是分；请改为Int64（分）或Decimal（元）",
            f"{place}: the money column {use.title} is of type {dtype}, which may be yuan or fen; write Int64 (fen) "
            "or Decimal (yuan)",
        )


def take_as_it_stands(table: Staged, typed: Typed, *, ours: bool) -> None:
    """Check a part in kernel form without reading it into memory, and add it as one piece."""
    record = table.record
    first = table.rows
    stood = TypedRows(typed.path, typed.place, record, typed.direct)
    plain = not typed.unknown
    table.unknown += typed.unknown
    table.pieces.append(Piece(typed.path, typed.rows, first, typed.direct, ours, plain, stood))
    scan = pl.scan_parquet(typed.path)
    suspects = _suspects(record, typed.direct)
    if not suspects or not typed.rows:
        return
    found = scan.select(told.any().alias(name) for name, told in suspects.items()).collect(engine="streaming")
    for name in suspects:
        if found[name].item():
            table.problems += [
                wrong.select((pl.col("row") + first).cast(pl.UInt32), pl.exclude("row"))
                for wrong in _located(record, name, scan, suspects[name])
            ]


def _suspects(record: type[Record], columns: frozenset[str]) -> dict[str, pl.Expr]:
    """By `!column` what is empty though required, by column what cannot stand."""
    found: dict[str, pl.Expr] = {}
    for name in needed(record):
        cell = pl.col(first_column(record, name))
        text = name not in record.facts
        found[f"!{name}"] = (cell.is_null() | (cell == "")).fill_null(True) if text else cell.is_null()
    for fact in record.facts.values():
        if first_column(record, fact.id) in columns:
            told = pl.col(fact.id).list.len() > 0 if fact.kind is Kind.LIST else cannot_stand(fact)
            if told is not None:
                found[fact.id] = told.fill_null(False)
    return found


def _located(record: type[Record], name: str, scan: pl.LazyFrame, told: pl.Expr) -> Iterator[pl.DataFrame]:
    columns = list(fact_columns(record.facts[name], name)) if name in record.facts else []
    rows = scan.with_row_index(ROW).filter(told).select(ROW, *columns).collect(engine="streaming")
    if name.startswith("!"):
        yield _empty(record, name[1:], rows)
        return
    wrong = wrong_cells(record.facts[name], rows)
    yield wrong.select(
        rows[ROW].gather(wrong["index"]).alias("row"),
        pl.lit(name).alias("column"),
        "value",
        "problem",
        "allowed",
    )


def _empty(record: type[Record], name: str, rows: pl.DataFrame) -> pl.DataFrame:
    fact: Fact | None = record.facts.get(name)
    return rows.select(
        pl.col(ROW).alias("row"),
        pl.lit(name).alias("column"),
        pl.lit("").alias("value"),
        pl.lit(MISSING).alias("problem"),
        pl.lit(fact.wanted() if fact else both("一个值", "a value")).alias("allowed"),
    )
