"""Registries in the database for the tests: the golden one, and random ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest
from checked_registry import clean

from wenjiuye.platform.registry.batches import NewBatch, load_batch
from wenjiuye.platform.registry.models import ImportBatch

Load = Callable[..., ImportBatch]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Take tables in kernel form in as a batch."""
    batches = 0

    def put(tables: Mapping[str, pl.DataFrame], **more: object) -> ImportBatch:
        nonlocal batches
        batches += 1
        new = {"title": f"batch {batches}", "as_of": dt.date(2020, 12, 1), **more}
        return load_batch(clean(tables, tmp_path / f"batch{batches}"), NewBatch(**new))

    return put
