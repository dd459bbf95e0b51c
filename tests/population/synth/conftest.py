"""One synthetic city of 20,000 people without gaps, shared by all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from wenjiuye.population.synth import CityReport, Flaws, write_city

PERSONS = 20_000
Tables = Callable[[str], pl.DataFrame]


def read(folder: Path, table: str) -> pl.DataFrame:
    """All parts of a table."""
    return pl.read_parquet(folder / table / "*.parquet")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> CityReport:
    return write_city(tmp_path_factory.mktemp("synth") / "city", persons=PERSONS, flaws=Flaws(missing=0.0))


@pytest.fixture(scope="session")
def tables(report: CityReport) -> Tables:
    @cache
    def table(name: str) -> pl.DataFrame:
        return read(report.folder, name)

    return table
