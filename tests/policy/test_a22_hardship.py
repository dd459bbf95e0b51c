"""Article 22: public posts and the temporary living allowance."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

POST = {
    "hard_to_employ_by_market": True,
    "older_hardship_person": False,
    "zero_employment_family_member": True,
    "post_available": True,
    "public_post_placements": 0,
}
AGAIN = {"public_post_period_ended": True, "meets_placement_conditions": True, "public_post_placements": 1}
ALLOWANCE = {
    "laid_off_unemployed": True,
    "living_in_hardship": True,
    "meets_allowance_conditions": True,
    "county": "xiangcheng",
    "granted_before": False,
}


@pytest.mark.parametrize(("families", "expected"), [(0, "eligible"), (1, "ineligible"), (250, "ineligible")])
def test_no_family_is_left_without_work(families: int, expected: str):
    assert verdict("zero_employment_families", {"zero_employment_families_open": families}) == expected


def test_every_condition_of_the_first_placement_counts():
    each_condition_counts(
        "public_post_placement",
        POST,
        {
            "hard_to_employ_by_market": False,
            "zero_employment_family_member": False,
            "post_available": False,
            "public_post_placements": 1,
        },
    )


@pytest.mark.parametrize(
    ("older", "family", "expected"),
    [
        (True, False, "eligible"),
        (True, None, "eligible"),
        (None, True, "eligible"),
        (None, False, "undetermined"),
        (False, False, "ineligible"),
    ],
)
def test_either_group_comes_first_for_a_post(older: bool | None, family: bool | None, expected: str):
    facts = {**POST, "older_hardship_person": older, "zero_employment_family_member": family}
    assert verdict("public_post_placement", facts) == expected


@pytest.mark.parametrize(("placements", "expected"), [(0, "eligible"), (1, "eligible"), (2, "ineligible")])
def test_two_placements_are_the_most(placements: int, expected: str):
    facts = {**AGAIN, "public_post_placements": placements}
    assert verdict("public_post_second_placement", facts) == expected


def test_every_condition_of_the_second_placement_counts():
    each_condition_counts(
        "public_post_second_placement",
        AGAIN,
        {
            "public_post_period_ended": False,
            "meets_placement_conditions": False,
            "public_post_placements": 3,
        },
    )


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "0.00"), (1, "566.67"), (3, "1700.01"), (6, "3400.02"), (7, "3400.02"), (None, "3400.02")],
)
def test_the_allowance_counts_the_months_decided_up_to_six(months: int | None, expected: str):
    facts = {**ALLOWANCE, "allowance_months": months}
    assert (
        yuan("temporary_living_allowance", facts, minimum_living_standard={"xiangcheng": 566.67}) == expected
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2019-12-31", "ineligible"),
        ("2020-01-01", "eligible"),
        ("2020-12-31", "eligible"),
        ("2021-01-01", "ineligible"),
    ],
)
def test_the_allowance_is_decided_in_2020(on: str, expected: str):
    assert verdict("temporary_living_allowance", ALLOWANCE, on) == expected


def test_a_decision_after_2020_is_refused_whatever_is_unknown():
    assert verdict("temporary_living_allowance", {}, "2021-01-01") == "ineligible"
    assert verdict("temporary_living_allowance", {}, "2020-12-31") == "undetermined"


def test_every_condition_of_the_allowance_counts():
    each_condition_counts(
        "temporary_living_allowance",
        ALLOWANCE,
        {
            "laid_off_unemployed": False,
            "living_in_hardship": False,
            "meets_allowance_conditions": False,
            "granted_before": True,
        },
    )


def test_an_unknown_county_leaves_the_ceiling_unknown():
    found = answer("temporary_living_allowance", without(ALLOWANCE, "county"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["county"])
