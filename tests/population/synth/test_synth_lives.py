"""Lives are without contradiction: nothing overlaps that cannot, nobody works too young or too old."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from conftest import Tables

from wenjiuye.population.synth import CityReport

FOREVER = dt.date(9999, 12, 31)
UNTIL = dt.date(2020, 12, 31)
BORN = pl.col("birth_date")


@pytest.fixture(scope="session")
def jobs(tables: Tables) -> pl.DataFrame:
    people = tables("person").select("id", "birth_date", "sex", "post_type", "died_on", "county")
    return tables("employment").join(people, left_on="person", right_on="id", validate="m:1")


@pytest.fixture(scope="session")
def planted(report: CityReport) -> pl.DataFrame:
    return pl.read_parquet(report.folder / "truth" / "planted.parquet")


def overlapping(frame: pl.DataFrame, start: str = "started_on", end: str = "ended_on") -> set[str]:
    """People with a row that begins before another of theirs has ended."""
    ordered = frame.sort("person", start)
    before = pl.col(end).fill_null(FOREVER).cum_max().shift(1).over("person")
    return set(ordered.filter(before >= pl.col(start))["person"])


def test_no_jobs_overlap_but_those_that_were_planted(tables: Tables, planted: pl.DataFrame):
    ghosts = set(planted.filter(pl.col("kind") == "overlapping_contracts")["person"])
    assert ghosts
    assert overlapping(tables("employment")) == ghosts


def test_nobody_is_registered_as_unemployed_while_at_work(tables: Tables, planted: pl.DataFrame):
    ghosts = planted.filter(pl.col("kind") == "overlapping_contracts")["person"]
    spells = pl.concat(
        [
            tables("employment")
            .filter(~pl.col("person").is_in(ghosts.implode()))
            .select("person", start="started_on", end="ended_on"),
            tables("unemployment_registration").select("person", start="registered_on", end="ended_on"),
        ]
    )
    assert overlapping(spells, "start", "end") == set()


def test_nobody_is_registered_as_unemployed_who_owns_a_business(tables: Tables):
    owned = tables("enterprise").drop_nulls("owner").select("owner", "registered_on")
    registered = tables("unemployment_registration").select("person", "ended_on")
    both = owned.join(registered, left_on="owner", right_on="person")
    assert both.height
    assert both.filter(pl.col("ended_on").fill_null(FOREVER) >= pl.col("registered_on")).is_empty()


def test_nobody_works_before_sixteen(jobs: pl.DataFrame):
    assert jobs.filter(pl.col("started_on") < BORN.dt.offset_by("16y")).is_empty()


def test_no_contract_lasts_beyond_the_retirement_age(jobs: pl.DataFrame):
    women = pl.when(pl.col("post_type") == "cadre").then(55).otherwise(50)
    age = pl.when(pl.col("sex") == "male").then(60).otherwise(women)
    retires = BORN.dt.offset_by(pl.concat_str(age, pl.lit("y")))
    contracts = jobs.filter(pl.col("form") == "labour_contract")
    assert contracts.filter(pl.col("ended_on").fill_null(UNTIL) > retires).is_empty()


def test_nobody_works_after_death(jobs: pl.DataFrame):
    assert jobs.filter(pl.col("ended_on").fill_null(UNTIL) > pl.col("died_on")).is_empty()
    assert (
        jobs.filter(pl.col("end_reason") == "died")
        .select((pl.col("ended_on") == pl.col("died_on")).all())
        .item()
    )


def test_a_job_that_ended_has_a_reason_and_one_that_goes_on_has_none(tables: Tables):
    ended = pl.col("ended_on").is_not_null()
    assert tables("employment").filter(ended != pl.col("end_reason").is_not_null()).is_empty()


def test_studies_end_before_the_first_job(tables: Tables):
    first = tables("employment").group_by("person").agg(pl.col("started_on").min())
    studies = tables("enrolment").group_by("person").agg(pl.col("left_on").fill_null(FOREVER).max())
    both = first.join(studies, on="person")
    assert both.height > 100
    assert both.filter(pl.col("left_on") >= pl.col("started_on")).is_empty()


def test_courses_of_a_person_follow_each_other(tables: Tables):
    assert overlapping(tables("enrolment"), "started_on", "left_on") == set()


def test_nobody_is_employed_by_a_firm_before_it_was_registered_or_after_it_was_closed(
    jobs: pl.DataFrame, tables: Tables
):
    firms = tables("enterprise").select("id", "registered_on", "deregistered_on")
    both = jobs.join(firms, left_on="employer", right_on="id")
    assert both.filter(pl.col("started_on") < pl.col("registered_on")).is_empty()
    assert both.filter(pl.col("ended_on").fill_null(UNTIL) > pl.col("deregistered_on")).is_empty()


def test_nothing_begins_after_the_last_day(tables: Tables):
    begins = {
        "person": "birth_date",
        "enterprise": "registered_on",
        "employment": "started_on",
        "unemployment_registration": "registered_on",
        "benefit_period": "started_on",
        "enrolment": "started_on",
        "recognition": "valid_from",
        "lease": "started_on",
        "internship": "started_on",
        "training": "training_started_on",
        "grant": "granted_on",
        "finding": "valid_from",
    }
    for table, column in begins.items():
        assert tables(table)[column].max() <= UNTIL, table


def test_households_have_two_to_five_people_of_one_county(tables: Tables):
    people = tables("person").drop_nulls("household")
    houses = people.group_by("household").agg(
        pl.len().alias("people"), pl.col("county").n_unique().alias("counties")
    )
    assert houses["people"].is_between(2, 5).all()
    assert (houses["counties"] == 1).all()
    assert set(houses["household"]) == set(tables("household")["id"])


def test_no_child_lives_without_an_adult_who_is_a_generation_older(tables: Tables):
    people = tables("person").drop_nulls("household").select("household", "birth_date")
    oldest = people.group_by("household").agg(pl.col("birth_date").min().alias("oldest"))
    children = people.filter(pl.col("birth_date") > dt.date(2002, 12, 31)).join(oldest, on="household")
    assert children.filter(pl.col("birth_date") < pl.col("oldest").dt.offset_by("15y")).is_empty()
    assert children.filter(pl.col("oldest") > dt.date(2002, 12, 31)).is_empty()


def test_sole_traders_have_an_owner_who_was_grown_up_and_mostly_owns_one(tables: Tables):
    firms = tables("enterprise")
    traders = firms.filter(pl.col("legal_form") == "sole_trader")
    assert traders["owner"].null_count() == 0
    births = tables("person").select("id", "birth_date", person_county="county")
    owned = firms.drop_nulls("owner").join(births, left_on="owner", right_on="id")
    assert owned.filter(pl.col("registered_on") < BORN.dt.offset_by("18y")).is_empty()
    still = owned.filter(pl.col("deregistered_on").is_null()).group_by("owner").len()
    assert 0 < still.filter(pl.col("len") > 1).height < 0.05 * still.height


def test_benefits_lie_within_the_registration_they_follow_from(tables: Tables):
    drawn = tables("benefit_period").filter(pl.col("kind") == "unemployment_benefit")
    spells = tables("unemployment_registration").select(
        "person", "registered_on", "ended_on", "insured_before"
    )
    fits = drawn.join(spells, on="person").filter(
        pl.col("registered_on") <= pl.col("started_on"),
        pl.min_horizontal("ends_on", pl.col("stopped_on").fill_null(FOREVER))
        <= pl.max_horizontal(pl.col("ended_on").fill_null(FOREVER), "ends_on"),
        pl.col("started_on") <= pl.col("ended_on").fill_null(FOREVER),
        pl.col("insured_before"),
    )
    assert drawn.height > 10
    assert fits.height == drawn.height


def test_interns_have_left_school_and_do_not_work_elsewhere(tables: Tables):
    interns = tables("internship")
    left = tables("enrolment").group_by("person").agg(pl.col("left_on").fill_null(FOREVER).max())
    both = interns.join(left, left_on="trainee", right_on="person", how="left")
    assert both.filter(pl.col("left_on").fill_null(FOREVER) >= pl.col("started_on")).is_empty()
    spells = pl.concat(
        [
            interns.select("started_on", "ended_on", person="trainee"),
            tables("employment")
            .filter(pl.col("person").is_in(interns["trainee"].implode()))
            .select("started_on", "ended_on", "person"),
        ]
    )
    assert overlapping(spells) == set()
