"""Article 12: the insurance subsidy of graduates and the longer subsidy of hardship people."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

GRADUATE = {
    "college_graduate": True,
    "left_school_on": "2018-12-31",
    "flexible_job_started_on": "2020-12-31",
    "employed_before": False,
    "flexibly_employed": True,
    "social_insurance_paid": True,
    "contributions_paid": 1000,
    "months_paid": 3,
    "months_granted": 0,
}
EXTENDED = {
    "hardship_person": True,
    "receives_flexible_subsidy": True,
    "flexible_subsidy_ends_on": "2020-06-30",
    "stably_employed": False,
}
SUBSIDY = "graduate_flexible_insurance_subsidy"
LATER = "2022-03-01"


def test_every_condition_of_the_graduates_subsidy_counts():
    each_condition_counts(
        SUBSIDY,
        GRADUATE,
        {
            "college_graduate": False,
            "employed_before": True,
            "flexibly_employed": False,
            "social_insurance_paid": False,
            "left_school_on": "2018-12-30",
            "flexible_job_started_on": "2021-01-01",
            "months_granted": 36,
        },
        on=LATER,
    )


@pytest.mark.parametrize(
    ("left", "started", "expected"),
    [
        ("2020-02-29", "2022-02-28", "eligible"),
        ("2020-02-29", "2022-03-01", "ineligible"),
        ("2020-06-30", "2020-06-30", "eligible"),
        ("2020-06-30", "2020-06-29", "ineligible"),
    ],
)
def test_the_flexible_work_begins_within_two_years_of_leaving(left: str, started: str, expected: str):
    facts = {**GRADUATE, "left_school_on": left, "flexible_job_started_on": started}
    assert verdict(SUBSIDY, facts, "2022-12-01") == expected


def test_the_claim_may_come_long_after_the_two_years():
    assert verdict(SUBSIDY, {**GRADUATE, "months_granted": 30}, "2023-12-01") == "eligible"


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("1000", "666.67"),
        ("0.01", "0.01"),
        ("0.02", "0.01"),
        ("100.01", "66.67"),
        ("0", "0.00"),
        ("9999999.98", "6666666.65"),
    ],
)
def test_two_thirds_are_exact_and_rounded_once(paid: str, expected: str):
    assert yuan(SUBSIDY, {**GRADUATE, "contributions_paid": paid}, LATER) == expected


@pytest.mark.parametrize(
    ("granted", "months", "expected"),
    [
        (33, 3, "666.67"),  # exactly the months that are left
        (34, 3, "444.44"),  # 1000 × 2/3 × 2/3
        (35, 3, "222.22"),  # 1000 × 2/3 × 1/3
        (35, 7, "95.24"),  # 1000 × 2/3 × 1/7 = 95.238…
        (0, 36, "666.67"),
        (0, 37, "648.65"),  # 1000 × 2/3 × 36/37 = 648.648…
    ],
)
def test_months_beyond_the_thirty_sixth_are_left_out_in_proportion(granted: int, months: int, expected: str):
    assert yuan(SUBSIDY, {**GRADUATE, "months_granted": granted, "months_paid": months}, LATER) == expected


def test_unknown_months_leave_the_sum_unknown_but_never_above_two_thirds():
    found = answer(SUBSIDY, without(GRADUATE, "months_paid"), LATER)
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["months_paid"])
    assert (found.low, found.high) == ("0.00", "666.67")


def test_unknown_contributions_leave_the_sum_unknown():
    found = answer(SUBSIDY, without(GRADUATE, "contributions_paid"), LATER)
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["contributions_paid"])


def test_an_unknown_job_start_is_harmless_for_someone_who_worked_before():
    facts = {**without(GRADUATE, "flexible_job_started_on"), "employed_before": True}
    assert verdict(SUBSIDY, facts, LATER) == "ineligible"


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        ("2019-12-31", "ineligible"),
        ("2020-01-01", "eligible"),
        ("2020-12-31", "eligible"),
        ("2021-01-01", "ineligible"),
    ],
)
def test_the_longer_subsidy_hangs_on_the_end_of_the_ordinary_period(ends_on: str, expected: str):
    facts = {**EXTENDED, "flexible_subsidy_ends_on": ends_on}
    assert verdict("hardship_flexible_extension", facts) == expected
    assert verdict("hardship_flexible_extension", facts, "2021-03-01") == expected


def test_every_condition_of_the_longer_subsidy_counts():
    each_condition_counts(
        "hardship_flexible_extension",
        EXTENDED,
        {
            "hardship_person": False,
            "receives_flexible_subsidy": False,
            "flexible_subsidy_ends_on": "2021-01-01",
            "stably_employed": True,
        },
    )


def test_the_longer_subsidy_has_no_sum_of_its_own():
    found = answer("hardship_flexible_extension", EXTENDED)
    assert (found.yuan, found.parts) == (None, {})
