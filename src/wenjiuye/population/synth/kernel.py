"""Rows in kernel form: the columns of a table of the registry with their types, made from arrays."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.registry.form import columns_of
from wenjiuye.population.synth.calendar import OPEN, Bools

Column: TypeAlias = "npt.NDArray[Any] | pl.Series | str | int | bool | None"


@cache
def schema(table: str) -> Mapping[str, Any]:
    """Columns of a table by name with their types: id, relations, texts, facts."""
    return columns_of(RECORDS[table])


def rows(table: str, height: int, **columns: Column) -> pl.DataFrame:
    """A table of so many rows. A column that is not given is unknown; one value stands for every row.

    Choices are positions among the members in declared order, dates are days since 1970 (an open one is
    unknown), a share is given as `name.num` and `name.den`.
    """
    kinds = schema(table)
    strangers = columns.keys() - kinds.keys()
    assert not strangers, f"{table} has no columns {sorted(strangers)}"
    made = {name: _series(columns.get(name), dtype, height) for name, dtype in kinds.items()}
    return pl.DataFrame(made, schema=dict(kinds))


def masked(values: npt.NDArray[Any], known: Bools) -> pl.Series:
    """Numbers that are unknown outside a mask."""
    return pl.Series(values).zip_with(pl.Series(known), pl.Series([None], dtype=pl.Series(values).dtype))


def _series(column: Column, dtype: Any, height: int) -> pl.Series:
    if column is None or isinstance(column, str | int | bool):
        return pl.Series([column], dtype=dtype).new_from_index(0, height)
    if isinstance(column, pl.Series):
        return column if column.dtype == dtype else _cast(column, dtype)
    if dtype == pl.Date:
        days = column.astype("datetime64[D]")
        days[column >= OPEN] = np.datetime64("NaT")
        return pl.Series(days)
    return _cast(pl.Series(column), dtype)


def _cast(series: pl.Series, dtype: Any) -> pl.Series:
    if isinstance(dtype, pl.Enum) and series.dtype != pl.String:
        return pl.Series(dtype.categories, dtype=dtype).gather(series.cast(pl.UInt32))
    return series.cast(dtype)


@cache
def members(table: str, fact: str) -> tuple[str, ...]:
    """The members of a choice in declared order."""
    return tuple(RECORDS[table].facts[fact].members)


def place(table: str, fact: str, member: str) -> int:
    """The position of a member among those of its choice."""
    return members(table, fact).index(member)
