"""Article 19: registration as unemployed, free services, full-employment communities."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

PERSON = {
    "birth_date": "2004-12-01",
    "retirement_date": "2064-12-01",
    "able_to_work": True,
    "wants_to_work": True,
    "employed": False,
    "habitual_residence_here": True,
}
EVENT = {
    "organiser_kind": "college",
    "free_of_charge": True,
    "event_kind": "startup_service",
    "service_cost": "8888.88",
}
COMMUNITY = {"newly_recognised": True, "recognition_level": "city", "awarded_before": False}


def test_every_condition_of_the_registration_counts():
    each_condition_counts(
        "unemployment_registration",
        PERSON,
        {
            "birth_date": "2004-12-02",
            "retirement_date": "2020-12-01",
            "able_to_work": False,
            "wants_to_work": False,
            "employed": True,
            "habitual_residence_here": False,
        },
    )


@pytest.mark.parametrize(
    ("born", "retires", "on", "expected"),
    [
        ("2004-12-01", "2064-12-01", "2020-12-01", "eligible"),  # the 16th birthday
        ("2004-12-01", "2064-12-01", "2020-11-30", "ineligible"),
        ("2004-02-29", "2064-02-29", "2020-02-29", "eligible"),
        ("1960-12-02", "2020-12-02", "2020-12-01", "eligible"),  # the last day
        ("1960-12-01", "2020-12-01", "2020-12-01", "ineligible"),
    ],
)
def test_registration_is_open_from_sixteen_to_the_day_before_retirement(
    born: str, retires: str, on: str, expected: str
):
    facts = {**PERSON, "birth_date": born, "retirement_date": retires}
    assert verdict("unemployment_registration", facts, on) == expected


@pytest.mark.parametrize("organiser", ["public_agency", "college"])
@pytest.mark.parametrize("kind", ["special_job_fair", "startup_service"])
def test_the_cost_of_a_free_service_is_the_ceiling(organiser: str, kind: str):
    facts = {**EVENT, "organiser_kind": organiser, "event_kind": kind}
    assert yuan("public_service_subsidy", facts) == "8888.88"
    assert yuan("public_service_subsidy", {**facts, "people_served": 3}) == "8888.88"


def test_every_condition_of_the_service_subsidy_counts():
    each_condition_counts(
        "public_service_subsidy",
        EVENT,
        {"organiser_kind": "labour_broker", "free_of_charge": False, "event_kind": "other"},
    )


def test_an_unknown_cost_leaves_the_ceiling_unknown():
    found = answer("public_service_subsidy", without(EVENT, "service_cost"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["service_cost"])
    assert found.low == "0.00"


def test_a_community_is_subsidised_once_when_the_city_recognises_it():
    assert yuan("full_employment_community_subsidy", COMMUNITY) == "20000.00"
    each_condition_counts(
        "full_employment_community_subsidy",
        COMMUNITY,
        {"newly_recognised": False, "recognition_level": "county", "awarded_before": True},
    )
    assert verdict("full_employment_community_subsidy", {"recognition_level": "none"}) == "ineligible"
