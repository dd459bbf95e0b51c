"""Commitments: the months left, times what a month pays, spread over the months to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from workshop_simulation import MANY, ON, city_parts, golden_parts

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import decide
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.simulation.assumptions import Assumptions, Shares
from wenjiuye.population.simulation.projection import Projection, project
from wenjiuye.population.simulation.running import Pays, running
from wenjiuye.population.simulation.simulate import Parts
from wenjiuye.rules import ValueBook


def sums(found: Projection, measure: str) -> dict[int, int]:
    """Fen per month of one measure over all counties."""
    rows = found.cells.filter(pl.col("measure") == measure).group_by("month").agg(pl.col("amount").sum())
    return {month: int(fen) for month, fen in rows.sort("month").iter_rows()}


def claims(parts: Parts, measure: str) -> pl.DataFrame:
    """What each entitled row of a measure reads, with its amount."""
    subject = policy().measures[measure].subject.id
    found = []
    for load in parts:
        for decided in decide(CityFacts(policy(), load(), ON), subjects=[subject], reasons=False):
            table = decided.own[measure].with_columns(decided.frame[f"{measure}.amount"].alias("amount"))
            found.append(table.filter(decided.frame[f"{measure}.entitled"].fill_null(False)))
    return pl.concat(found).filter(pl.col("amount").is_not_null())


def test_what_runs_by_months_is_read_off_the_rules() -> None:
    assert {(run.measure.id, run.cap, run.pays) for run in running(policy())} == {
        ("hiring_insurance_subsidy", "hiring_insurance_months", Pays.CLAIMED),
        ("park_tenant_cost_subsidy", "park_subsidy_months", Pays.MONTH),
        ("rural_platform_subsidy", "rural_platform_months", Pays.MONTH),
        ("graduate_flexible_insurance_subsidy", "graduate_flexible_months", Pays.CLAIMED),
        ("unemployment_assistance", "assistance_months", Pays.TERM),
    }


@pytest.mark.parametrize("parts", [golden_parts, lambda: city_parts(4)], ids=["golden", "city"])
def test_the_insurance_subsidy_sums_to_months_left_times_the_monthly_amount(parts: object) -> None:
    held: Parts = parts()  # type: ignore[operator]
    name = "hiring_insurance_subsidy"
    rows = claims(held, name)
    assert rows.height > 0
    left = 12 - rows["months_granted"]
    expected = (left * rows["employer_contributions_paid_per_month"]).sum()
    found = sums(project(held, policy(), ON), name)
    assert sum(found.values()) == expected
    # What was paid for already and is not claimed yet falls due at once.
    assert found[0] == rows["amount"].sum()


def test_a_hire_with_nine_months_left_is_paid_seven_now_and_two_later() -> None:
    # J01 by hand (tests/golden_registry/expected/hires.yaml): 291.43 a month, 3 granted, 7 paid since.
    rows = claims(golden_parts(), "hiring_insurance_subsidy").filter(pl.col("id") == "J01")
    assert rows.select("months_granted", "months_paid", "amount").row(0) == (3, 7, 204_001)
    found = project(golden_parts(), policy(), ON)
    several = sums(found, "hiring_insurance_subsidy")
    # Of the six hires J01 alone ends with February 2021.
    assert several[2] - several[3] == 29_143


def test_a_whole_term_is_spread_to_the_fen() -> None:
    for parts in (golden_parts(), city_parts(4)):
        rows = claims(parts, "unemployment_assistance")
        found = sums(project(parts, policy(), ON), "unemployment_assistance")
        assert rows.height > 0
        assert sum(found.values()) == rows["amount"].sum()
        assert max(found) == max(6 - rows["months_granted"]) - 1


def test_a_yearly_cap_stops_a_payment_until_the_next_year_of_it() -> None:
    name = "park_tenant_cost_subsidy"
    rows = claims(golden_parts(), name)
    found = sums(project(golden_parts(), policy(), ON), name)
    assert found[0] == rows["amount"].sum()
    cap = policy().values["park_subsidy_cap"].figure(ON)
    assert isinstance(cap, int)
    # The months left lie in four subsidy years at most.
    assert sum(found.values()) <= rows.height * 4 * cap
    # L1 by hand: 2,500 yuan are left of the first year's cap; nothing for the settled month of December; the
    # year of January 2021 has 3,400.01 yuan five times, then the rest of its cap.
    several = [found[month] - 150_000 - 35_501 for month in range(10)]
    assert several == [250_000, 0, 340_001, 340_001, 340_001, 340_001, 340_001, 299_995, 0, 0]


def test_what_falls_after_the_months_asked_for_is_kept_as_a_rest() -> None:
    long, short = (project(golden_parts(), policy(), ON, months=months) for months in (36, 6))
    assert short.by()["amount"].sum() == long.by()["amount"].sum()
    inside = short.by().drop_nulls("month")
    assert inside.height == 6
    assert inside["amount"].to_list() == long.by()["amount"].to_list()[:6]


def test_sums_by_fund_county_and_measure_are_the_same() -> None:
    found = project(city_parts(4, MANY), policy(), ON)
    whole = found.by()["amount"].sum()
    assert whole > 0
    for by in ("fund", "county", "measure"):
        assert found.by(by)["amount"].sum() == whole


def test_one_part_and_many_parts_commit_the_same() -> None:
    one, many = project(city_parts(4), policy(), ON), project(city_parts(4, MANY), policy(), ON)
    assert one.cells.equals(many.cells)
    assert one.open.equals(many.open)


def test_who_drops_out_is_an_exact_share_from_month_to_month() -> None:
    assumed = Assumptions(Shares(Fraction(2, 3)), Shares(Fraction(9, 10)))
    found = project(golden_parts(), policy(), ON, assumptions=assumed)
    for month, fen, expected in found.cells.select("month", "amount", "expected").iter_rows():
        exact = Fraction(2, 3) * Fraction(9, 10) ** month * fen
        assert expected == (exact + Fraction(1, 2)).__floor__()


def test_without_assumptions_all_that_is_committed_is_expected() -> None:
    found = project(golden_parts(), policy(), ON)
    assert (found.cells["amount"] == found.cells["expected"]).all()


def test_rows_that_are_left_out_because_something_is_not_known_are_counted() -> None:
    found = project(golden_parts(), policy(), ON)
    counted = found.open.group_by("measure").agg(pl.col("entitled", "unknown").sum())
    # J09 and J18 are open: tests/golden_registry/expected/totals.yaml.
    assert ("hiring_insurance_subsidy", 6, 2) in counted.rows()


def test_a_measure_whose_term_is_not_set_is_named_and_not_projected() -> None:
    open_ended = policy().with_values({"assistance_months": 6}, start=dt.date(2100, 1, 1))
    value = open_ended.values["assistance_months"]
    unset = replace(value, entries=value.entries[-1:])
    values = ValueBook({**open_ended.values.values, "assistance_months": unset})
    found = project(golden_parts(), replace(open_ended, values=values), ON)
    assert [run.measure.id for run in found.unset] == ["unemployment_assistance"]
    assert "unemployment_assistance" not in set(found.cells["measure"])
