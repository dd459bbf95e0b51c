"""Article 15: internship subsidies and the award for internship bases."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

GRADUATE = {
    "college_graduate": True,
    "vocational_graduate": False,
    "left_school_on": "2018-09-01",
    "employed_before": False,
    "unemployed": False,
    "birth_date": "1994-03-10",
    "county": "yuzhou",
    "internship_started_on": "2020-09-01",
    "internship_months": 3,
    "retention_rate": "0.49",
}
YOUTH = {
    **GRADUATE,
    "college_graduate": False,
    "left_school_on": "2015-07-01",
    "unemployed": True,
    "birth_date": "1996-01-15",
}
INTERRUPTED = {
    **without(GRADUATE, "internship_months"),
    "interrupted_by_epidemic": True,
    "interrupted_months": 2,
}
SIGNED = {
    "college_graduate": True,
    "county": "weidu",
    "contract_signed_early": True,
    "remaining_months": 4,
    "retention_rate": 0,
}
BASE = {"recognised_internship_base": True, "reaches_city_standard": True, "awarded_before": False}


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("0", "3570.00"),  # 3 × 1700 × 70 %
        ("0.499999999", "3570.00"),
        ("1/2", "5610.00"),  # 3 × 1700 × 110 %, not 180 %
        ("1", "5610.00"),
    ],
)
def test_keeping_half_of_the_trainees_replaces_the_ordinary_share(rate: str, expected: str):
    assert yuan("internship_subsidy", {**GRADUATE, "retention_rate": rate}) == expected


def test_a_sum_with_a_fraction_of_a_fen_is_rounded_once_at_the_end():
    # 3 × 1505.55 × 70 % = 3161.655; rounded month by month it would be 3161.67.
    assert yuan("internship_subsidy", GRADUATE, minimum_wage=1505.55) == "3161.66"


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "0.00"), (11, "13090.00"), (12, "14280.00"), (13, "14280.00"), (24, "14280.00")],
)
def test_no_more_than_twelve_months_are_paid(months: int, expected: str):
    assert yuan("internship_subsidy", {**GRADUATE, "internship_months": months}) == expected


@pytest.mark.parametrize(
    ("started", "on", "expected"),
    [
        ("2021-12-31", "2022-06-01", "3570.00"),  # 1700 until the end of 2021
        ("2022-01-01", "2022-06-01", "3780.00"),  # 1800 from then on
        ("2021-12-31", "2024-06-01", "3570.00"),
    ],
)
def test_the_minimum_wage_is_that_of_the_first_day(started: str, on: str, expected: str):
    facts = {**GRADUATE, "left_school_on": "2021-06-30", "internship_started_on": started}
    assert yuan("internship_subsidy", facts, on) == expected


@pytest.mark.parametrize(
    ("left", "started", "expected"),
    [
        ("2018-09-01", "2020-09-01", "eligible"),
        ("2018-08-31", "2020-09-01", "ineligible"),
        ("2020-02-29", "2022-02-28", "eligible"),
        ("2020-02-29", "2022-03-01", "ineligible"),
        ("2020-09-02", "2020-09-01", "ineligible"),
    ],
)
@pytest.mark.parametrize("school", ["college_graduate", "vocational_graduate"])
def test_graduates_begin_within_two_years_of_leaving(school: str, left: str, started: str, expected: str):
    facts = {
        **GRADUATE,
        "college_graduate": False,
        school: True,
        "left_school_on": left,
        "internship_started_on": started,
    }
    assert verdict("internship_subsidy", facts, "2022-06-01") == expected


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2004-09-01", "eligible"),  # 16 on the first day
        ("2004-09-02", "ineligible"),  # 16 a day later
        ("1995-09-02", "eligible"),  # the last day of being 24
        ("1995-09-01", "ineligible"),  # 25 on the first day
    ],
)
def test_young_people_are_sixteen_to_twenty_four_on_the_first_day(born: str, expected: str):
    assert verdict("internship_subsidy", {**YOUTH, "birth_date": born}) == expected


def test_who_is_born_on_29_february_turns_sixteen_on_the_28th():
    facts = {**YOUTH, "birth_date": "2004-02-29", "internship_started_on": "2020-02-29"}
    assert verdict("internship_subsidy", facts) == "eligible"
    facts = {**YOUTH, "birth_date": "2004-02-29", "internship_started_on": "2020-02-28"}
    assert verdict("internship_subsidy", facts) == "ineligible"
    # 25 on 28 February 2029, because that year has no 29th.
    facts = {**YOUTH, "birth_date": "2004-02-29", "internship_started_on": "2029-02-28"}
    assert verdict("internship_subsidy", facts, "2029-06-01") == "ineligible"


def test_an_unemployed_graduate_who_worked_before_is_still_covered_as_a_young_person():
    facts = {**GRADUATE, "employed_before": True, "unemployed": True, "birth_date": "1998-05-05"}
    assert verdict("internship_subsidy", facts) == "eligible"
    assert verdict("internship_subsidy", {**facts, "unemployed": False}) == "ineligible"


@pytest.mark.parametrize("unknown", ["birth_date", "unemployed", "vocational_graduate"])
def test_what_the_other_branch_would_need_is_harmless(unknown: str):
    assert yuan("internship_subsidy", without(GRADUATE, unknown)) == "3570.00"


@pytest.mark.parametrize("unknown", ["college_graduate", "employed_before", "left_school_on"])
def test_what_a_young_unemployed_person_need_not_show_is_harmless(unknown: str):
    youth = {**YOUTH, "college_graduate": True, "left_school_on": "2019-07-01"}
    assert yuan("internship_subsidy", without(youth, unknown)) == "3570.00"


@pytest.mark.parametrize("unknown", ["college_graduate", "employed_before", "left_school_on"])
def test_what_only_the_graduates_branch_can_show_decides_for_an_older_person(unknown: str):
    found = answer("internship_subsidy", without(GRADUATE, unknown))
    assert found.verdict == "undetermined"
    assert unknown in found.missing


def test_an_unknown_first_day_leaves_the_verdict_open():
    found = answer("internship_subsidy", without(GRADUATE, "internship_started_on"))
    assert (found.verdict, "internship_started_on" in found.missing) == ("undetermined", True)
    known = {**without(GRADUATE, "internship_started_on"), "employed_before": True}
    assert verdict("internship_subsidy", known) == "ineligible"


def test_an_unknown_retention_rate_leaves_the_sum_between_both_shares():
    found = answer("internship_subsidy", without(GRADUATE, "retention_rate"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["retention_rate"])
    assert (found.low, found.high) == ("3570.00", "5610.00")
    later = answer("internship_extension", without(INTERRUPTED, "retention_rate"))
    assert (later.yuan, later.low, later.high) == ("?", "2380.00", "3740.00")
    rest = answer("internship_remaining_term", without(SIGNED, "retention_rate"))
    assert (rest.yuan, rest.low, rest.high) == ("?", "5320.00", "8360.00")


def test_an_unknown_county_leaves_the_sum_between_the_wages_of_all_counties():
    found = answer("internship_subsidy", without(GRADUATE, "county"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["county"])
    assert (found.low, found.high) == ("3570.00", "3990.00")


def test_unknown_months_leave_the_sum_between_none_and_twelve():
    found = answer("internship_subsidy", without(GRADUATE, "internship_months"))
    assert (found.yuan, found.low, found.high) == ("?", "0.00", "14280.00")


def test_a_wage_before_the_first_known_figure_is_named_as_the_missing_value():
    facts = {**GRADUATE, "left_school_on": "2017-07-01", "internship_started_on": "2018-09-30"}
    found = answer("internship_subsidy", facts)
    assert (found.verdict, found.yuan, found.unset) == ("eligible", "?", ["minimum_wage"])


def test_interrupted_months_are_paid_when_they_are_made_up():
    assert yuan("internship_extension", INTERRUPTED) == "2380.00"  # 2 × 1700 × 70 %
    assert yuan("internship_extension", {**INTERRUPTED, "retention_rate": 0.5}) == "3740.00"
    assert yuan("internship_extension", {**INTERRUPTED, "interrupted_months": 0}) == "0.00"


def test_an_interruption_matters_only_for_someone_in_the_scope():
    each_condition_counts(
        "internship_extension",
        INTERRUPTED,
        {"interrupted_by_epidemic": False, "employed_before": True, "left_school_on": "2018-08-31"},
    )
    outside = {**without(INTERRUPTED, "interrupted_by_epidemic"), "employed_before": True}
    assert verdict("internship_extension", outside) == "ineligible"


def test_the_rest_of_the_term_is_paid_to_a_host_that_signs_early():
    assert yuan("internship_remaining_term", SIGNED) == "5320.00"  # 4 × 1900 × 70 %
    assert yuan("internship_remaining_term", {**SIGNED, "retention_rate": 0.5}) == "8360.00"
    each_condition_counts(
        "internship_remaining_term",
        SIGNED,
        {"college_graduate": False, "contract_signed_early": False, "remaining_months": 0},
    )


def test_the_rest_of_the_term_takes_the_wage_of_the_decision():
    assert yuan("internship_remaining_term", SIGNED, "2021-12-31") == "5320.00"
    assert yuan("internship_remaining_term", SIGNED, "2022-01-01") == "5600.00"  # 4 × 2000 × 70 %


def test_a_base_is_awarded_once():
    assert yuan("internship_base_award", BASE) == "50000.00"
    each_condition_counts(
        "internship_base_award",
        BASE,
        {"recognised_internship_base": False, "reaches_city_standard": False, "awarded_before": True},
    )
