"""Article 7: demonstration projects of a year."""

from __future__ import annotations

import pytest
from decided_measures import decided


@pytest.mark.parametrize(
    ("projects", "verdict"), [(0, "ineligible"), (99, "ineligible"), (100, "eligible"), (101, "eligible")]
)
def test_a_hundred_projects_a_year_meet_the_quota(projects: int, verdict: str) -> None:
    got = decided("renovation_projects", "2023-05-01", demonstration_projects_this_year=projects)
    assert (got.verdict, got.amount) == (verdict, None)


def test_an_unknown_number_is_named() -> None:
    got = decided("renovation_projects")
    assert (got.verdict, got.missing) == ("undetermined", ("demonstration_projects_this_year",))
