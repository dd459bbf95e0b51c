"""Columns that a file does not have keep what the registry holds: a list of new telephones does not wipe out names."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from wenjiuye.platform.registry.columns import KEY, PERSONAL
from wenjiuye.platform.registry.importing.live import AT_ONCE
from wenjiuye.platform.registry.reading import read_rows
from wenjiuye.policy.registry import Record
from wenjiuye.population.registry.form import columns_of


def left_out(record: type[Record], file: Path) -> list[str]:
    """The columns in kernel form that a file does not have."""
    there = pl.read_parquet_schema(file)
    return [name for name in columns_of(record) if name not in there]


def fill_from_live(record: type[Record], file: Path) -> None:
    """Give rows whose ids are live the columns that the file does not have. Rows of tables without ids get none."""
    lacking = left_out(record, file)
    if not record.keyed or not lacking:
        return
    frame = pl.read_parquet(file)
    personal = bool(set(lacking) & set(PERSONAL.get(record.id, ())))
    live = [
        read_rows(record.id, {KEY: frame["id"].slice(start, AT_ONCE).to_list()}, personal=personal)
        for start in range(0, frame.height, AT_ONCE)
    ]
    if not any(rows.height for rows in live):
        return
    known = pl.concat(live).select("id", *lacking)
    whole = frame.join(known, on="id", how="left", maintain_order="left")
    whole.select(name for name in columns_of(record)).write_parquet(file)
