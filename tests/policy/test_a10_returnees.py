"""Article 10: returnees who start a business, their parks and projects, and two targets."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

STARTED = {
    "returnee": True,
    "first_startup": True,
    "business_started_on": "2019-12-01",
    "operating_normally": True,
    "granted_before": False,
}
PARK = {"recognised_returnee_model_park": True, "awarded_before": False}
PROJECT = {"selected_returnee_project": True, "awarded_before": False}


@pytest.mark.parametrize(
    ("land", "rural", "expected"),
    [
        ("333.3", "33.33", "eligible"),
        ("333.3", "33.329999", "ineligible"),
        ("1/3", "1/30", "eligible"),  # compared exactly, not as floats
        ("0.3", "0.03", "eligible"),
        ("500", "0", "ineligible"),
    ],
)
def test_a_tenth_of_the_land_is_enough_and_a_little_less_is_not(land: str, rural: str, expected: str):
    facts = {"construction_land_quota": land, "rural_industry_land_quota": rural}
    assert verdict("rural_industry_land", facts) == expected


def test_a_plan_without_land_has_no_share():
    nothing = answer("rural_industry_land", {"construction_land_quota": 0, "rural_industry_land_quota": 0})
    assert nothing.verdict == "undetermined"
    assert nothing.missing == []


def test_every_condition_of_the_startup_subsidy_counts():
    each_condition_counts(
        "returnee_startup_subsidy",
        STARTED,
        {
            "returnee": False,
            "first_startup": False,
            "business_started_on": "2019-12-02",
            "operating_normally": False,
            "granted_before": True,
        },
    )


@pytest.mark.parametrize(
    ("started", "on", "expected"),
    [
        ("2019-12-01", "2020-12-01", "eligible"),
        ("2019-12-02", "2020-12-01", "ineligible"),
        ("2020-02-29", "2021-02-28", "eligible"),
        ("2020-02-29", "2021-02-27", "ineligible"),
        ("2020-12-02", "2020-12-01", "ineligible"),
    ],
)
def test_the_year_in_business_is_complete_on_its_anniversary(started: str, on: str, expected: str):
    assert verdict("returnee_startup_subsidy", {**STARTED, "business_started_on": started}, on) == expected


def test_the_startup_subsidy_is_one_sum_before_and_after_2020():
    assert yuan("returnee_startup_subsidy", STARTED) == "5000.00"
    assert yuan("returnee_startup_subsidy", STARTED, "2023-06-01") == "5000.00"


def test_a_second_business_is_refused_whatever_else_is_unknown():
    assert verdict("returnee_startup_subsidy", {"first_startup": False}) == "ineligible"


def test_a_recognised_park_is_awarded_once():
    assert yuan("returnee_park_award", PARK) == "200000.00"
    each_condition_counts(
        "returnee_park_award", PARK, {"recognised_returnee_model_park": False, "awarded_before": True}
    )


@pytest.mark.parametrize(
    ("decided", "expected"),
    [("0", "0.00"), ("99999.99", "99999.99"), ("100000", "100000.00"), ("100000.01", "100000.00")],
)
def test_a_project_gets_what_was_decided_and_no_more_than_the_ceiling(decided: str, expected: str):
    assert yuan("returnee_project_award", {**PROJECT, "award_decided": decided}) == expected


def test_an_undecided_project_award_is_told_as_the_ceiling():
    assert yuan("returnee_project_award", PROJECT) == "100000.00"
    each_condition_counts(
        "returnee_project_award", PROJECT, {"selected_returnee_project": False, "awarded_before": True}
    )


@pytest.mark.parametrize(
    ("counties", "centres", "expected"),
    [(6, 6, "eligible"), (6, 5, "ineligible"), (0, 0, "eligible")],
)
def test_centres_cover_all_counties_with_many_outworkers(counties: int, centres: int, expected: str):
    facts = {"counties_with_many_outworkers": counties, "counties_with_standard_centre": centres}
    assert verdict("returnee_centre_coverage", facts) == expected


def test_an_unknown_number_of_counties_leaves_the_coverage_open():
    facts = {"counties_with_many_outworkers": 6, "counties_with_standard_centre": 6}
    unsure = answer("returnee_centre_coverage", without(facts, "counties_with_many_outworkers"))
    assert (unsure.verdict, unsure.missing) == ("undetermined", ["counties_with_many_outworkers"])
