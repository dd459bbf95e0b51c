"""Article 8: venues for start-ups."""

from __future__ import annotations

from typing import Any

import pytest
from decided_measures import decided

from wenjiuye.policy.xuchang_2020_31 import policy

VENUE: dict[str, Any] = {
    "recognised_venue_kind": "new_platform",
    "reaches_city_standard": True,
    "awarded_before": False,
}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "eligible"),
        ({"recognised_venue_kind": "incubation_base"}, "eligible"),
        ({"recognised_venue_kind": "none"}, "ineligible"),
        ({"reaches_city_standard": False}, "ineligible"),
        ({"awarded_before": True}, "ineligible"),
        ({"recognised_venue_kind": None}, "undetermined"),
        ({"awarded_before": None}, "undetermined"),
        ({"awarded_before": True, "reaches_city_standard": None}, "ineligible"),
    ],
)
def test_a_recognised_venue_of_the_citys_standard_is_awarded_once(
    change: dict[str, Any], verdict: str
) -> None:
    got = decided("incubator_award", "2022-01-01", **{**VENUE, **change})
    assert got.verdict == verdict
    assert got.amount == (None if verdict == "ineligible" else "200000.00")
    assert got.missing == tuple(
        name for name, value in change.items() if value is None and verdict != "ineligible"
    )


def test_the_share_of_the_venues_costs_is_local() -> None:
    venue = {"carries_public_services": True, "venue_costs": "0.05"}
    got = decided("venue_cost_subsidy", **venue)
    assert (got.verdict, got.amount, got.missing_values) == ("eligible", None, ("venue_cost_share",))
    # a tenth of five fen is half a fen
    assert decided("venue_cost_subsidy", values={"venue_cost_share": "0.1"}, **venue).amount == "0.01"


def test_costs_of_a_venue_are_paid_for_once() -> None:
    assert policy().measure("venue_cost_subsidy").groups == ("venue_costs",)


PLACE: dict[str, Any] = {"venue_built_by_government": True, "free_place_available": True}


@pytest.mark.parametrize(
    ("group", "verdict"),
    [
        ("college_graduate", "eligible"),
        ("unemployed", "eligible"),
        ("veteran", "eligible"),
        ("migrant_worker", "eligible"),
        ("other", "ineligible"),
        (None, "undetermined"),
    ],
)
def test_four_groups_have_a_right_to_a_free_place(group: str | None, verdict: str) -> None:
    assert decided("free_venue_place", **PLACE, key_group=group).verdict == verdict


def test_a_private_or_full_venue_gives_no_place() -> None:
    assert decided("free_venue_place", venue_built_by_government=False).verdict == "ineligible"
    assert decided("free_venue_place", free_place_available=False).verdict == "ineligible"
    got = decided("free_venue_place", **{**PLACE, "free_place_available": None}, key_group="veteran")
    assert (got.verdict, got.missing) == ("undetermined", ("free_place_available",))
