"""Counts and sums of several parts put together, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl


def added(
    frames: Iterable[pl.DataFrame], schema: Mapping[str, pl.DataType], keys: Sequence[str]
) -> pl.DataFrame:
    """One row for each combination of the keys, in their order; every other column of the schema is summed."""
    held = (frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items()) for frame in frames)
    whole = pl.concat([pl.DataFrame(schema=schema), *held])
    return whole.group_by(keys).agg(pl.exclude(keys).sum()).select(list(schema)).sort(keys, nulls_last=True)
