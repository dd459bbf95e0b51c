"""Parquet files: typed columns brought to the same text cells as those of other files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.population.errors import BrokenFileError, EmptyTableError
from wenjiuye.population.excel_source import SURE, digits_lost, digits_lost_flaw, number_text
from wenjiuye.population.raw import ROW, Flaw, RawTable


def read_parquet(path: Path) -> RawTable:
    """Read one Parquet file; row 2 is its first row. Raises BrokenFileError, EmptyTableError."""
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as problem:
        raise BrokenFileError(
            f"{path.name}：无法作为Parquet文件读取",
            f"{path.name}: not readable as a Parquet file ({problem})",
        ) from None
    if not frame.columns:
        raise EmptyTableError(f"{path.name}：文件没有任何列", f"{path.name}: the file has no columns")
    return raw_table(frame, 2)


def raw_table(frame: pl.DataFrame, first_row: int) -> RawTable:
    """Typed columns as text cells; the first row of the frame gets the number `first_row`."""
    texts = [cells_as_text(frame[name]).alias(str(i)) for i, name in enumerate(frame.columns)]
    rows = pl.Series(ROW, range(first_row, frame.height + first_row), dtype=pl.UInt32)
    flaws = tuple(flaw for i, name in enumerate(frame.columns) for flaw in _flaws(frame[name], i, first_row))
    return RawTable(tuple(frame.columns), pl.DataFrame([rows, *texts]), flaws)


def _flaws(series: pl.Series, column: int, first_row: int) -> list[Flaw]:
    if not series.dtype.is_float():
        return []
    large = (series.abs() >= SURE).arg_true().to_list()
    return [
        digits_lost_flaw(row + first_row, column, series[row]) for row in large if digits_lost(series[row])
    ]


def cells_as_text(series: pl.Series) -> pl.Series:
    """A typed column as the text cells that another kind of file would have."""
    dtype = series.dtype
    if dtype == pl.String:
        return series
    if dtype.is_float():
        # Shortest text that reads back as the same float; longer ones are cut to 15 digits, as Excel does.
        distinct = series.unique().drop_nulls()
        texts = [number_text(x) if abs(x) < float("inf") else str(x) for x in distinct]
        return series.replace_strict(distinct, pl.Series(texts, dtype=pl.String), default=None)
    if isinstance(dtype, pl.Datetime):
        midnight = series == series.dt.truncate("1d")
        return series.dt.date().cast(pl.String).zip_with(midnight, series.cast(pl.String))
    if dtype.is_nested() or dtype == pl.Binary:
        return pl.Series([None if v is None else _json(v) for v in series.to_list()], dtype=pl.String)
    return series.cast(pl.String)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
