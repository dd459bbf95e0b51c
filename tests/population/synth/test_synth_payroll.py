"""Every month that an insured job filled is paid once, and an employer's premiums are the sum of its people's."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from conftest import Tables

WINDOW = (dt.date(2019, 1, 1), dt.date(2020, 12, 1))
UNTIL = dt.date(2020, 12, 31)
KEYS = ("enterprise", "month")


@pytest.fixture(scope="session")
def by_firm(tables: Tables) -> pl.DataFrame:
    """Contributions added up by employer and month."""
    covered = pl.col("unemployment_insured")
    return (
        tables("contribution")
        .drop_nulls("employer")
        .rename({"employer": "enterprise"})
        .group_by(KEYS)
        .agg(
            pl.col("contribution_base").sum().alias("base"),
            pl.col("contribution_base").filter(covered).sum().alias("covered_base"),
            pl.col("employer_pension_paid").sum(),
            pl.col("employer_unemployment_paid").sum(),
            pl.col("employer_medical_paid").sum(),
            pl.col("own_paid").sum(),
        )
    )


def premiums(tables: Tables, kind: str) -> pl.DataFrame:
    return tables("premium").filter(pl.col("insurance_kind") == kind)


def test_a_job_is_paid_for_every_month_on_whose_last_day_it_was_open_or_for_none(tables: Tables):
    jobs = tables("employment").filter(pl.col("form") != "public_post")
    last = pl.col("ended_on").fill_null(UNTIL).dt.offset_by("1d").dt.month_start().dt.offset_by("-1mo")
    first = pl.max_horizontal(pl.col("started_on").dt.month_start(), pl.lit(WINDOW[0]))
    months = jobs.with_columns(
        pl.date_ranges(first, pl.min_horizontal(last, pl.lit(WINDOW[1])), "1mo").alias("month")
    ).explode("month", empty_as_null=False)
    employer = pl.col("employer").fill_null("")
    wanted = months.group_by("person", employer).agg(pl.col("month").sort(), pl.col("id").n_unique())
    paid = tables("contribution").group_by("person", employer).agg(pl.col("month").sort().alias("paid"))
    # Somebody may come back to an employer; then it is not told which of the jobs was insured.
    once = wanted.filter(pl.col("id") == 1).join(paid, on=["person", "employer"])
    assert once.height > 2_000
    assert once.filter(pl.col("month") != pl.col("paid")).is_empty()
    assert paid.join(wanted, on=["person", "employer"], how="anti").is_empty()


def test_nobody_is_paid_for_twice_in_a_month(tables: Tables):
    assert not tables("contribution").select("person", "month").is_duplicated().any()


@pytest.mark.parametrize(
    ("kind", "base"),
    [
        ("pension", "base"),
        ("unemployment", "covered_base"),
        ("work_injury", "base"),
        ("medical", "base"),
    ],
)
def test_the_base_of_a_premium_is_the_sum_of_the_bases_of_its_people(
    kind: str, base: str, tables: Tables, by_firm: pl.DataFrame
):
    wanted = by_firm.filter(pl.col(base) > 0).select(*KEYS, pl.col(base).alias("contribution_base"))
    found = premiums(tables, kind).select(*KEYS, "contribution_base")
    assert found.sort(KEYS).equals(wanted.sort(KEYS))


@pytest.mark.parametrize("kind", ["pension", "unemployment", "medical"])
def test_what_employers_paid_for_their_people_is_what_their_premiums_say(
    kind: str, tables: Tables, by_firm: pl.DataFrame
):
    due = pl.col("employer_part_due") - pl.col("waived")
    paid = premiums(tables, kind).select(
        *KEYS, pl.when(pl.col("paid") > 0).then(due).otherwise(0).alias(f"employer_{kind}_paid")
    )
    both = paid.join(by_firm.select(*KEYS, wanted=f"employer_{kind}_paid"), on=KEYS, how="left")
    assert both.filter(pl.col("wanted") != pl.col(f"employer_{kind}_paid")).is_empty()


def test_what_people_paid_is_what_the_premiums_of_their_employer_say(tables: Tables, by_firm: pl.DataFrame):
    own = pl.when(pl.col("paid") > 0).then("own_part_due").otherwise(0)
    mine = tables("premium").group_by(KEYS).agg(own.sum().alias("own"))
    both = mine.join(by_firm, on=KEYS, validate="1:1")
    assert both.height == mine.height
    assert both.filter(pl.col("own") != pl.col("own_paid")).is_empty()


def test_the_employers_part_is_waived_in_2020_wholly_for_the_small_and_half_until_june_for_the_large(
    tables: Tables,
):
    sizes = tables("annual_report").filter(pl.col("year") == 2020).select("enterprise", "size")
    forms = tables("enterprise").select("id", "legal_form")
    rows = (
        tables("premium")
        .join(sizes, on="enterprise", how="left")
        .join(forms, left_on="enterprise", right_on="id")
    )
    three = pl.col("insurance_kind") != "medical"
    large, public = pl.col("size").eq_missing("large"), pl.col("legal_form") == "public_body"
    spring = pl.col("month").is_between(dt.date(2020, 2, 1), dt.date(2020, 6, 1))
    year = pl.col("month").is_between(dt.date(2020, 2, 1), dt.date(2020, 12, 1))
    half = three & large & spring
    whole = three & ~large & ~public & year
    due, waived = pl.col("employer_part_due"), pl.col("waived")
    assert rows.filter(half).height
    assert rows.filter(whole).height
    assert rows.filter(public).height
    assert rows.filter(whole & (waived != due)).is_empty()
    # Half of each person's part is rounded down to the fen.
    assert rows.filter(half & ~(due / 2 - waived).is_between(0, 500)).is_empty()
    assert rows.filter(~half & ~whole & (waived != 0)).is_empty()


def test_bases_lie_between_floor_and_ceiling(tables: Tables):
    base = tables("contribution").filter(pl.col("month") >= dt.date(2020, 5, 1))["contribution_base"]
    assert (base.min(), base.max()) >= (274_500, 0)
    assert base.max() <= 1_449_000
    assert base.n_unique() > 1000


def test_the_rates_are_those_of_the_calibration(tables: Tables):
    one = premiums(tables, "pension").filter(pl.col("contribution_base") > 10_000_000)
    rate = one["employer_part_due"] / one["contribution_base"]
    assert (rate - 0.16).abs().max() < 1e-5
    assert (one["own_part_due"] / one["contribution_base"] - 0.08).abs().max() < 1e-5


def test_some_employers_owe_and_most_do_not(tables: Tables):
    owed = pl.col("employer_part_due") + pl.col("own_part_due") - pl.col("waived") - pl.col("paid")
    last = premiums(tables, "unemployment").filter(pl.col("month") == WINDOW[1])
    behind = last.filter(owed > 0)
    assert behind.height < 0.1 * last.height
    assert (tables("premium").filter(owed == 0)["late_fee_due"] == 0).all()
    assert (tables("premium").select(owed.min()).item()) == 0
