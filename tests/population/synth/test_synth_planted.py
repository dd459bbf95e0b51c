"""What was planted is found by plain questions to the tables, and nothing else is."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from conftest import Tables

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.synth import CityReport

KINDS = ("exclusive_grants", "granted_twice", "overlapping_contracts", "granted_after_death")


@pytest.fixture(scope="session")
def truth(report: CityReport) -> pl.DataFrame:
    return pl.read_parquet(report.folder / "truth" / "planted.parquet")


@pytest.fixture(scope="session")
def paid_months(tables: Tables) -> pl.DataFrame:
    """A row for each month that something was granted for to a person."""
    grants = tables("grant").drop_nulls(["person", "months"]).with_row_index("grant")
    return grants.with_columns(
        pl.date_ranges(
            "first_month",
            pl.col("first_month").dt.offset_by(pl.concat_str(pl.col("months") - 1, pl.lit("mo"))),
            "1mo",
        ).alias("month")
    ).explode("month", empty_as_null=False)


def told(truth: pl.DataFrame, kind: str) -> set[str]:
    return set(truth.filter(pl.col("kind") == kind)["person"])


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_at_least_three_of_each_kind(kind: str, truth: pl.DataFrame, report: CityReport):
    assert len(told(truth, kind)) >= 3
    assert report.planted[kind] == truth.filter(pl.col("kind") == kind).height


def test_exclusive_grants_are_found_and_no_others(paid_months: pl.DataFrame, truth: pl.DataFrame):
    found: set[str] = set()
    for group in policy().groups:
        several = paid_months.filter(pl.col("measure").is_in(group.members)).group_by("person", "month")
        found |= set(several.agg(pl.col("measure").n_unique()).filter(pl.col("measure") > 1)["person"])
    assert found == told(truth, "exclusive_grants")


def test_grants_of_one_measure_for_the_same_month_are_found_and_no_others(
    paid_months: pl.DataFrame, truth: pl.DataFrame
):
    several = paid_months.group_by("measure", "subject_id", "person", "month").len()
    assert set(several.filter(pl.col("len") > 1)["person"]) == told(truth, "granted_twice")


def test_single_grants_were_paid_once(tables: Tables):
    single = tables("grant").filter(pl.col("months").is_null())
    assert not single.select("measure", "subject_id").is_duplicated().any()


def test_overlapping_contracts_are_found_and_no_others(tables: Tables, truth: pl.DataFrame):
    jobs = tables("employment").filter(pl.col("form") == "labour_contract")
    pairs = jobs.join(jobs, on="person").filter(
        pl.col("id") < pl.col("id_right"),
        pl.col("employer") != pl.col("employer_right"),
        pl.col("started_on") <= pl.col("ended_on_right").fill_null(dt.date(9999, 1, 1)),
        pl.col("started_on_right") <= pl.col("ended_on").fill_null(dt.date(9999, 1, 1)),
    )
    found = {frozenset(pair) for pair in pairs.select("id", "id_right").iter_rows()}
    wanted = truth.filter(pl.col("kind") == "overlapping_contracts")["subjects"]
    assert found == {frozenset(pair) for pair in wanted.to_list()}


def test_grants_after_death_are_found_and_no_others(tables: Tables, truth: pl.DataFrame):
    late = (
        tables("grant")
        .join(tables("person").select("id", "died_on"), left_on="person", right_on="id")
        .filter(pl.col("granted_on") > pl.col("died_on"))
    )
    assert sorted(late["person"]) == sorted(told(truth, "granted_after_death"))


def test_the_truth_names_the_days_that_are_wrong(truth: pl.DataFrame):
    assert truth.select((pl.col("first_day") <= pl.col("last_day")).all()).item()
    assert truth["last_day"].max() <= dt.date(2020, 12, 31)
