"""Article 21: benefit until retirement, assistance, and medical insurance."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

NEAR = {"benefit_exhausted": True, "employed": False, "retirement_date": "2021-11-30", "county": "weidu"}
ASSISTED = {
    "benefit_exhausted": True,
    "unemployment_insured": False,
    "qualifies_for_benefit": False,
    "employed": False,
    "county": "yuzhou",
    "months_granted": 0,
}


@pytest.mark.parametrize(
    ("on", "retires", "expected"),
    [
        ("2020-12-01", "2020-12-02", "1520.00"),  # one day: one begun month
        ("2020-12-01", "2021-01-01", "1520.00"),  # exactly one month
        ("2020-12-01", "2021-01-02", "3040.00"),
        ("2020-12-01", "2021-11-30", "18240.00"),  # a day short of a year: 12 months
        ("2020-01-31", "2020-02-29", "1520.00"),  # the month ends on its last day
        ("2020-01-31", "2020-03-01", "3040.00"),
        ("2020-02-29", "2021-02-27", "18240.00"),
    ],
)
def test_begun_months_until_retirement_are_paid_whole(on: str, retires: str, expected: str):
    facts = {**NEAR, "retirement_date": retires}
    assert yuan("benefit_until_retirement", facts, on) == expected


@pytest.mark.parametrize(
    ("on", "retires", "expected"),
    [
        ("2020-12-01", "2020-12-01", "ineligible"),
        ("2020-12-01", "2020-11-30", "ineligible"),
        ("2020-12-01", "2021-11-30", "eligible"),
        ("2020-12-01", "2021-12-01", "ineligible"),
        ("2020-02-29", "2021-02-28", "ineligible"),  # the anniversary in a common year
    ],
)
def test_less_than_a_year_is_left_and_the_day_itself_is_too_late(on: str, retires: str, expected: str):
    assert verdict("benefit_until_retirement", {**NEAR, "retirement_date": retires}, on) == expected


def test_every_condition_of_the_continued_benefit_counts():
    each_condition_counts(
        "benefit_until_retirement",
        NEAR,
        {"benefit_exhausted": False, "employed": True, "retirement_date": "2022-01-01"},
    )


def test_a_distant_retirement_is_refused_whatever_else_is_unknown():
    assert verdict("benefit_until_retirement", {"retirement_date": "2030-01-01"}) == "ineligible"


def test_an_unknown_county_leaves_the_benefit_between_the_counties():
    found = answer("benefit_until_retirement", without(NEAR, "county"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["county"])
    assert (found.low, found.high) == ("16320.00", "18240.00")  # 12 × 1360 and 12 × 1520


def test_the_benefit_is_that_of_the_decision():
    facts = {**NEAR, "retirement_date": "2022-02-01"}
    assert yuan("benefit_until_retirement", facts, "2021-12-31") == "3040.00"  # 2 × 1520
    assert yuan("benefit_until_retirement", facts, "2022-01-01") == "1600.00"


@pytest.mark.parametrize(("granted", "expected"), [(0, "6528.00"), (1, "5440.00"), (5, "1088.00")])
def test_the_ceiling_of_the_assistance_falls_with_the_months_granted(granted: int, expected: str):
    assert yuan("unemployment_assistance", {**ASSISTED, "months_granted": granted}) == expected


def test_the_ceiling_is_rounded_once():
    # 6 × 0.8 × 1333.33 = 6399.984; month by month it would be 6 × 1066.66 = 6399.96.
    facts = {**ASSISTED, "county": "changge"}
    assert yuan("unemployment_assistance", facts, unemployment_benefit={"changge": 1333.33}) == "6399.98"


@pytest.mark.parametrize(
    ("exhausted", "insured", "qualifies", "expected"),
    [
        (True, None, None, "eligible"),
        (False, True, False, "eligible"),
        (None, True, False, "eligible"),
        (False, True, True, "ineligible"),
        (False, False, False, "ineligible"),
        (None, False, None, "undetermined"),
        (False, True, None, "undetermined"),
        (False, None, True, "ineligible"),
    ],
)
def test_either_group_opens_the_assistance(
    exhausted: bool | None, insured: bool | None, qualifies: bool | None, expected: str
):
    facts = {
        **ASSISTED,
        "benefit_exhausted": exhausted,
        "unemployment_insured": insured,
        "qualifies_for_benefit": qualifies,
    }
    assert verdict("unemployment_assistance", facts) == expected


def test_every_condition_of_the_assistance_counts():
    each_condition_counts(
        "unemployment_assistance",
        ASSISTED,
        {"employed": True, "benefit_exhausted": False, "months_granted": 6},
    )
    assert verdict("unemployment_assistance", {**ASSISTED, "months_granted": 7}) == "ineligible"


def test_the_fund_pays_the_whole_medical_contribution():
    facts = {"receives_unemployment_benefit": True, "medical_contribution_due": "1234.56"}
    assert yuan("medical_insurance_by_fund", facts) == "1234.56"
    each_condition_counts("medical_insurance_by_fund", facts, {"receives_unemployment_benefit": False})
    unknown = answer("medical_insurance_by_fund", without(facts, "medical_contribution_due"))
    assert (unknown.verdict, unknown.yuan, unknown.missing) == ("eligible", "?", ["medical_contribution_due"])
