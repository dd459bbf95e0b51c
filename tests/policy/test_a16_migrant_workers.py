"""Article 16: labour export, travel, and the employers of registered poor people. The city sets the sums."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

EXPORT = {
    "organiser_kind": "labour_broker",
    "free_of_charge": True,
    "destination": "other_city_in_province",
    "people_placed": 7,
}
TRAVELLER = {"registered_poor": True, "went_out_to_work_during_epidemic": True}
ABSORBER = {"absorber_kind": "cooperative", "poor_staff": 10}
TRAINER = {"absorber_kind": "poverty_leading_firm", "trained_poor_staff": 3, "training_months": 6}
KINDS = ["poverty_leading_firm", "poverty_workshop", "cooperative", "community_factory"]


def test_each_worker_sent_out_counts():
    assert yuan("labour_export_subsidy", EXPORT, labour_export_per_person="150.55") == "1053.85"
    nobody = {**EXPORT, "people_placed": 0}
    assert yuan("labour_export_subsidy", nobody, labour_export_per_person=150) == "0.00"


def test_every_condition_of_the_export_subsidy_counts():
    each_condition_counts(
        "labour_export_subsidy",
        EXPORT,
        {"organiser_kind": "college", "free_of_charge": False, "destination": "same_city"},
    )


def test_an_unset_sum_leaves_the_amount_unknown_and_the_verdict_as_it_is():
    for measure, facts, value in (
        ("labour_export_subsidy", EXPORT, "labour_export_per_person"),
        ("migrant_travel_subsidy", TRAVELLER, "migrant_travel_amount"),
    ):
        found = answer(measure, facts)
        assert (found.verdict, found.yuan, found.unset) == ("eligible", "?", [value])
        assert found.high == "?"


def test_unknown_people_leave_the_amount_unknown():
    found = answer(
        "labour_export_subsidy",
        without(EXPORT, "people_placed"),
        values={"labour_export_per_person": 150},
    )
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["people_placed"])


def test_travel_is_one_local_sum_whatever_the_ticket_cost():
    for cost in (0, 80, 5000):
        facts = {**TRAVELLER, "travel_cost": cost}
        assert yuan("migrant_travel_subsidy", facts, migrant_travel_amount="299.99") == "299.99"
    each_condition_counts("migrant_travel_subsidy", TRAVELLER, dict.fromkeys(TRAVELLER, False))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("staff", "expected"), [(9, "ineligible"), (10, "eligible"), (11, "eligible")])
def test_the_threshold_itself_is_many(kind: str, staff: int, expected: str):
    facts = {"absorber_kind": kind, "poor_staff": staff}
    assert verdict("poor_labour_absorption_award", facts, absorption_threshold=10) == expected
    reward = {**facts, "county_has_means": True}
    assert verdict("county_absorption_reward", reward, absorption_threshold=10) == expected


def test_the_award_counts_everybody_and_the_county_reward_does_not():
    values = {"absorption_threshold": 10, "absorption_award_per_person": 1000.5, "county_reward": 30000}
    many = {**ABSORBER, "poor_staff": 40}
    assert yuan("poor_labour_absorption_award", many, **values) == "40020.00"
    assert yuan("county_absorption_reward", {**many, "county_has_means": True}, **values) == "30000.00"


def test_an_unset_threshold_leaves_the_verdict_open():
    found = answer("poor_labour_absorption_award", ABSORBER, values={"absorption_award_per_person": 500})
    assert (found.verdict, found.unset) == ("undetermined", ["absorption_threshold"])
    other = {**ABSORBER, "absorber_kind": "other"}
    assert verdict("poor_labour_absorption_award", other) == "ineligible"


def test_every_condition_of_award_and_reward_counts():
    each_condition_counts(
        "poor_labour_absorption_award",
        ABSORBER,
        {"absorber_kind": "other", "poor_staff": 0},
        values={"absorption_threshold": 10},
    )
    each_condition_counts(
        "county_absorption_reward",
        {**ABSORBER, "county_has_means": True},
        {"absorber_kind": "other", "poor_staff": 9, "county_has_means": False},
        values={"absorption_threshold": 10},
    )


@pytest.mark.parametrize(
    ("months", "expected"), [(0, "0.00"), (5, "7500.00"), (6, "9000.00"), (7, "9000.00")]
)
def test_training_months_beyond_the_most_are_not_paid(months: int, expected: str):
    facts = {**TRAINER, "training_months": months}
    values = {"work_training_per_person_month": 500, "work_training_months": 6}
    assert yuan("work_for_training_subsidy", facts, **values) == expected


def test_the_threshold_of_the_award_does_not_bind_work_for_training():
    values = {
        "work_training_per_person_month": 500,
        "work_training_months": 6,
        "absorption_threshold": 1000,
    }
    assert yuan("work_for_training_subsidy", {**TRAINER, "trained_poor_staff": 1}, **values) == "3000.00"
    each_condition_counts(
        "work_for_training_subsidy", TRAINER, {"absorber_kind": "other", "trained_poor_staff": 0}
    )


def test_each_unset_value_of_work_for_training_is_named():
    found = answer("work_for_training_subsidy", TRAINER)
    assert (found.verdict, found.yuan) == ("eligible", "?")
    assert sorted(found.unset) == ["work_training_months", "work_training_per_person_month"]
    half = answer("work_for_training_subsidy", TRAINER, values={"work_training_per_person_month": 500})
    assert (half.yuan, half.unset, half.high) == ("?", ["work_training_months"], "9000.00")
