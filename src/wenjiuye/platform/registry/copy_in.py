"""A checked table goes into the database by COPY, stretch by stretch, personal columns encrypted on the way."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from psycopg import sql

from wenjiuye.platform.privacy.crypto import encrypt, keyed_hash
from wenjiuye.platform.registry.columns import (
    MONTHLY,
    PERSONAL,
    hash_column,
    kernel_columns,
    purpose,
    stored_name,
)
from wenjiuye.platform.registry.statements import listed
from wenjiuye.policy.registry import Record
from wenjiuye.population.registry.form import as_text
from wenjiuye.rules.quantity import Kind

ROWS = 100_000
"""Rows that are held in memory at a time."""


@dataclass(frozen=True)
class Copied:
    """How many rows went in, and the first month of a monthly table."""

    rows: int
    first_month: dt.date | None


def stored_columns(record: type[Record], files: Iterable[Path]) -> list[str]:
    """The columns in the database that these files fill, hashes among them."""
    given = _given(record, files)
    hashes = [hash_column(name) for name in PERSONAL.get(record.id, ()) if name in given]
    return [*(stored_name(name) for name in given), *hashes]


def copy_rows(
    record: type[Record], files: Iterable[Path], cursor: Any, target: str, batch: int | None
) -> Copied:
    """Copy kernel-form Parquet files into a table that has the columns of `stored_columns`.

    batch: goes into the column of that name; None: the table has no such column.
    """
    files = tuple(files)
    columns = stored_columns(record, files) + (["batch_id"] if batch is not None else [])
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(target), listed(columns)
    )
    rows, first = 0, None
    with cursor.copy(statement) as copy:
        for frame in _stretches(record, files):
            stored = for_database(record, frame)
            if batch is not None:
                stored = stored.with_columns(pl.lit(batch).alias("batch_id"))
            copy.write(_csv(stored.select(columns)))
            rows += frame.height
            if record.id in MONTHLY and frame.height:
                least = frame["month"].min()
                assert isinstance(least, dt.date)
                first = least if first is None else min(first, least)
    return Copied(rows, first)


def _given(record: type[Record], files: Iterable[Path]) -> list[str]:
    there = {name for file in files for name in pl.read_parquet_schema(file)}
    return [name for name in kernel_columns(record) if name in there]


def _stretches(record: type[Record], files: tuple[Path, ...]) -> Iterator[pl.DataFrame]:
    given = _given(record, files)
    for file in files:
        scan = pl.scan_parquet(file)
        there = [name for name in given if name in pl.read_parquet_schema(file)]
        for start in range(0, scan.select(pl.len()).collect().item(), ROWS):
            frame = scan.select(there).slice(start, ROWS).collect(engine="streaming")
            yield frame.with_columns(pl.lit(None).alias(name) for name in given if name not in there)


def for_database(record: type[Record], frame: pl.DataFrame) -> pl.DataFrame:
    """Rows in kernel form with the columns of the database, every cell as COPY reads it."""
    columns: list[pl.Series] = []
    for name in frame.columns:
        fact = record.facts.get(name)
        if name in PERSONAL.get(record.id, ()):
            columns += _sealed(purpose(record.id, name), frame[name].to_list(), name)
        elif fact is not None and fact.kind is Kind.LIST:
            columns.append(as_text(fact, frame))
        elif frame[name].dtype == pl.Enum:
            columns.append(frame[name].cast(pl.String))
        else:
            columns.append(frame[name].alias(stored_name(name)))
    return pl.DataFrame(columns)


def _sealed(what_for: str, texts: list[str | None], name: str) -> tuple[pl.Series, pl.Series]:
    """The texts encrypted, and their keyed hashes; an empty text is none."""
    sealed = ["\\x" + encrypt(text, what_for).hex() if text else None for text in texts]
    hashes = ["\\x" + keyed_hash(text, what_for).hex() if text else None for text in texts]
    return pl.Series(name, sealed, dtype=pl.String), pl.Series(hash_column(name), hashes, dtype=pl.String)


def _csv(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_csv(out, include_header=False)
    return out.getvalue()
