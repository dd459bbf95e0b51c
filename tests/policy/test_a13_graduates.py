"""Article 13: job-search subsidies and the rights of graduates without work."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

STUDENT = {
    "college_student": True,
    "in_final_school_year": True,
    "hardship_category": "disabled",
    "granted_before": False,
}
REGISTERED = {
    "college_graduate": True,
    "employed": False,
    "seeking_work": True,
    "real_name_registered": True,
    "granted_before": False,
}
LEFT = {"college_graduate": True, "employed": False, "left_school_on": "2019-01-31"}


@pytest.mark.parametrize(
    "group",
    [
        "dibao_family",
        "disabled",
        "student_loan",
        "poverty_registered_family",
        "poor_disabled_family",
        "special_hardship",
    ],
)
def test_each_of_the_six_groups_gets_the_same_sum(group: str):
    assert yuan("hardship_graduate_subsidy", {**STUDENT, "hardship_category": group}) == "2000.00"


def test_every_condition_of_the_hardship_subsidy_counts():
    each_condition_counts(
        "hardship_graduate_subsidy",
        STUDENT,
        {
            "college_student": False,
            "in_final_school_year": False,
            "hardship_category": "none",
            "granted_before": True,
        },
    )


def test_every_condition_of_the_registered_graduates_subsidy_counts():
    assert yuan("registered_graduate_subsidy", REGISTERED) == "300.00"
    each_condition_counts(
        "registered_graduate_subsidy",
        REGISTERED,
        {
            "college_graduate": False,
            "employed": True,
            "seeking_work": False,
            "real_name_registered": False,
            "granted_before": True,
        },
    )


def test_a_known_failing_condition_outweighs_unknown_ones():
    assert verdict("hardship_graduate_subsidy", {"hardship_category": "none"}) == "ineligible"
    assert verdict("registered_graduate_subsidy", {"employed": True}) == "ineligible"


@pytest.mark.parametrize(
    ("year", "late", "expected"),
    [
        (2020, True, "eligible"),
        (2021, True, "ineligible"),
        (2019, True, "ineligible"),
        (2020, False, "ineligible"),
        (2020, None, "undetermined"),
        (2021, None, "ineligible"),
    ],
)
def test_only_graduates_of_2020_who_left_late_get_later_deadlines(
    year: int, late: bool | None, expected: str
):
    assert verdict("late_leaver_deadlines", {"graduation_year": year, "left_school_late": late}) == expected


@pytest.mark.parametrize(("left", "expected"), [("2020-12-31", "eligible"), ("2021-01-01", "ineligible")])
def test_the_year_of_graduation_follows_from_the_day_of_leaving(left: str, expected: str):
    facts = {"left_school_on": left, "left_school_late": True}
    assert verdict("late_leaver_deadlines", facts, "2021-05-01") == expected
    given = {**facts, "graduation_year": 2020}
    assert verdict("late_leaver_deadlines", given, "2021-05-01") == "eligible"


def test_a_year_that_is_neither_given_nor_derivable_is_named_itself():
    found = answer("late_leaver_deadlines", {"left_school_late": True})
    assert (found.verdict, found.missing) == ("undetermined", ["graduation_year"])


def test_unknown_days_of_delay_do_not_touch_the_right_to_later_deadlines():
    facts = {"graduation_year": 2020, "left_school_late": True}
    assert answer("late_leaver_deadlines", facts).missing == []
    assert verdict("late_leaver_deadlines", {**facts, "delay_days": 61}, "2021-05-01") == "eligible"


@pytest.mark.parametrize("right", ["file_retention", "fresh_graduate_status"])
@pytest.mark.parametrize(
    ("left", "on", "expected"),
    [
        ("2019-01-31", "2021-01-31", "eligible"),
        ("2019-01-31", "2021-02-01", "ineligible"),
        ("2020-02-29", "2022-02-28", "eligible"),
        ("2020-02-29", "2022-03-01", "ineligible"),
        ("2020-12-01", "2020-12-01", "eligible"),
        ("2020-12-02", "2020-12-01", "ineligible"),
    ],
)
def test_both_rights_last_two_years_from_leaving_school(right: str, left: str, on: str, expected: str):
    assert verdict(right, {**LEFT, "left_school_on": left}, on) == expected


@pytest.mark.parametrize("right", ["file_retention", "fresh_graduate_status"])
def test_every_condition_of_both_rights_counts(right: str):
    each_condition_counts(
        right,
        LEFT,
        {"college_graduate": False, "employed": True, "left_school_on": "2018-11-30"},
    )
    assert verdict(right, {**without(LEFT, "left_school_on"), "employed": True}) == "ineligible"
