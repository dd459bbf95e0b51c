"""Cells are missing and rows are broken as often as was asked for, and what was broken is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from conftest import read

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.synth import CityReport, Flaws, write_city
from wenjiuye.population.synth.flaws import FAR_MONTH, NOBODY, FlawsError, may_be_missing


@pytest.fixture(scope="module")
def gappy(tmp_path_factory: pytest.TempPathFactory) -> CityReport:
    return write_city(tmp_path_factory.mktemp("g") / "city", persons=3_000, flaws=Flaws(missing=0.1))


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> CityReport:
    return write_city(
        tmp_path_factory.mktemp("d") / "city", persons=3_000, flaws=Flaws(missing=0.0, dirty=0.05)
    )


def test_so_many_cells_are_missing_where_they_may_be(gappy: CityReport):
    for table in ("person", "employment", "annual_report", "unemployment_registration"):
        frame = read(gappy.folder, table)
        for columns in may_be_missing(table):
            if (table, columns[0]) in {("person", "rural"), ("employment", "end_reason")}:
                continue
            share = frame[columns[0]].null_count() / frame.height
            assert 0.05 < share < 0.5, (table, columns)


def test_hardly_anything_is_missing_in_what_is_booked(gappy: CityReport):
    missing = read(gappy.folder, "contribution")["contribution_base"].is_null().mean()
    assert 0 < missing < 0.005


def test_nothing_is_missing_that_is_required_leads_elsewhere_or_means_something_when_empty():
    for table, record in RECORDS.items():
        free = {column for columns in may_be_missing(table) for column in columns}
        assert not free & {"id", *record.required, *record.relations}
    assert ("ended_on",) not in may_be_missing("employment")
    assert ("died_on",) not in may_be_missing("person")
    assert ("months",) not in may_be_missing("grant")


def test_both_halves_of_a_share_are_missing_together(gappy: CityReport):
    reports = read(gappy.folder, "annual_report")
    upper, lower = (reports[f"disabled_staff_share.{half}"].is_null() for half in ("num", "den"))
    assert upper.any()
    assert upper.equals(lower)


def test_by_default_nothing_is_broken(gappy: CityReport):
    assert gappy.broken == 0
    assert pl.read_parquet(gappy.folder / "truth" / "broken.parquet").is_empty()


def test_what_was_broken_is_told_with_its_place(dirty: CityReport):
    broken = pl.read_parquet(dirty.folder / "truth" / "broken.parquet")
    assert broken.height == dirty.broken
    problems = set(broken["problem"])
    assert problems == {"reference to nobody", "month out of range", "required cell empty"}
    for (table, part), group in broken.group_by("table", "part"):
        frame = pl.read_parquet(dirty.folder / str(table) / f"{part}.parquet")
        for row, column, problem in group.select("row", "column", "problem").iter_rows():
            wrong = {"reference to nobody": NOBODY, "month out of range": FAR_MONTH}.get(problem)
            assert frame[column][row] == wrong


def test_so_many_rows_are_broken(dirty: CityReport):
    broken = pl.read_parquet(dirty.folder / "truth" / "broken.parquet")
    share = broken.filter(pl.col("table") == "contribution").height / dirty.rows["contribution"]
    assert share == pytest.approx(0.05, rel=0.15)


@pytest.mark.parametrize("flaws", [{"missing": -0.1}, {"dirty": 1.5}])
def test_a_share_outside_of_0_to_1_is_refused(flaws: dict[str, float]):
    with pytest.raises(FlawsError, match="from 0 to 1"):
        Flaws(**flaws)


def test_a_city_of_gaps_alone_can_be_made(tmp_path: Path):
    report = write_city(tmp_path / "city", persons=200, flaws=Flaws(missing=1.0))
    assert read(report.folder, "person")["birth_date"].null_count() == 200
    assert report.rows["contribution"]
