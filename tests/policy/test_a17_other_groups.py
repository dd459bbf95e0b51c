"""Article 17: targets for veterans."""

from __future__ import annotations

import pytest
from deciding import answer, verdict


@pytest.mark.parametrize(
    ("due", "placed", "expected"),
    [
        (50, 40, "eligible"),
        (51, 40, "ineligible"),
        (1, 1, "eligible"),
        (1, 0, "ineligible"),
        (999999, 799999, "ineligible"),
        (999999, 800000, "eligible"),
    ],
)
def test_four_fifths_of_the_veterans_are_enough(due: int, placed: int, expected: str):
    facts = {"veterans_due": due, "veterans_placed_in_public_bodies": placed}
    assert verdict("veteran_placement_share", facts) == expected


def test_nobody_due_for_placement_means_no_share():
    nothing = answer("veteran_placement_share", {"veterans_due": 0, "veterans_placed_in_public_bodies": 0})
    assert (nothing.verdict, nothing.missing) == ("undetermined", [])


@pytest.mark.parametrize("unknown", ["veterans_due", "veterans_placed_in_public_bodies"])
def test_each_unknown_number_of_veterans_is_named(unknown: str):
    facts = {"veterans_due": 50, "veterans_placed_in_public_bodies": 50}
    found = answer("veteran_placement_share", {**facts, unknown: None})
    assert (found.verdict, found.missing) == ("undetermined", [unknown])


@pytest.mark.parametrize(("parks", "expected"), [(0, "ineligible"), (1, "eligible"), (2, "eligible")])
def test_one_park_is_enough(parks: int, expected: str):
    assert verdict("veteran_park", {"veteran_incubation_parks": parks}) == expected
