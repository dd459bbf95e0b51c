"""Article 4: capital ratios and rents of standard workshops."""

from __future__ import annotations

from typing import Any

import pytest
from decided_measures import decided

PROJECT: dict[str, Any] = {
    "project_field": "road",
    "weak_link_project": True,
    "reasonable_return": True,
    "strong_repayment": True,
    "ratio_reduction_points": "5",
}


@pytest.mark.parametrize("field", ["road", "railway", "urban", "logistics", "environment", "social"])
def test_every_listed_field_may_have_a_lower_ratio(field: str) -> None:
    assert decided("capital_ratio_reduction", **{**PROJECT, "project_field": field}).verdict == "eligible"


@pytest.mark.parametrize(
    ("points", "verdict"),
    [("0", "eligible"), ("5", "eligible"), ("5.01", "ineligible"), (None, "undetermined")],
)
def test_five_percentage_points_are_the_most(points: str | None, verdict: str) -> None:
    assert (
        decided("capital_ratio_reduction", **{**PROJECT, "ratio_reduction_points": points}).verdict == verdict
    )


@pytest.mark.parametrize("test", ["weak_link_project", "reasonable_return", "strong_repayment"])
def test_all_three_tests_bind(test: str) -> None:
    assert decided("capital_ratio_reduction", **{**PROJECT, test: False}).verdict == "ineligible"
    got = decided("capital_ratio_reduction", **{**PROJECT, test: None})
    assert (got.verdict, got.missing) == ("undetermined", (test,))


def test_another_field_is_out_whatever_is_unknown() -> None:
    assert decided("capital_ratio_reduction", project_field="other").verdict == "ineligible"


def test_the_rent_preference_is_local() -> None:
    tenant = {"in_cluster_standard_workshop": True, "rent_due": "12345.67"}
    got = decided("standard_workshop_rent_preference", **tenant)
    assert (got.verdict, got.amount, got.missing_values) == ("eligible", None, ("workshop_rent_share",))
    # a tenth of 12,345.67 is 1,234.567
    tenth = decided("standard_workshop_rent_preference", values={"workshop_rent_share": "0.1"}, **tenant)
    assert tenth.amount == "1234.57"


def test_a_preference_without_the_rent_has_no_sum() -> None:
    values = {"workshop_rent_share": "0.3"}
    got = decided("standard_workshop_rent_preference", values=values, in_cluster_standard_workshop=True)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("rent_due",))
