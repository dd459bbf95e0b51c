"""Article 6: the average time of tax refunds."""

from __future__ import annotations

import pytest
from decided_measures import decided


@pytest.mark.parametrize(
    ("cases", "days", "verdict"),
    [
        (3, 30, "eligible"),
        (3, 31, "ineligible"),
        (1_000_000, 10_000_000, "eligible"),
        (1_000_000, 10_000_001, "ineligible"),
        (7, 0, "eligible"),
        (None, 20, "undetermined"),
    ],
)
def test_ten_working_days_on_average_meet_the_quota(cases: int | None, days: int, verdict: str) -> None:
    got = decided("tax_refund_days", normal_refunds=cases, total_working_days=days)
    assert got.verdict == verdict


def test_without_a_refund_there_is_no_average_and_the_answer_says_so() -> None:
    got = decided("tax_refund_days", normal_refunds=0, total_working_days=0)
    assert (got.verdict, got.missing, got.no_ratio) == ("undetermined", (), True)
