"""Article 3: manufacturers' loans and guarantee institutions."""

from __future__ import annotations

import pytest
from decided_measures import decided


@pytest.mark.parametrize(
    ("industry", "conditions", "verdict"),
    [
        ("manufacturing", True, "eligible"),
        ("mining", True, "ineligible"),
        ("utilities", None, "ineligible"),
        (None, False, "ineligible"),
        ("manufacturing", None, "undetermined"),
    ],
)
def test_only_manufacturers_that_the_bank_accepts_roll_over(
    industry: str | None, conditions: bool | None, verdict: str
) -> None:
    facts = {"industry": industry, "meets_rollover_conditions": conditions}
    assert decided("manufacturing_loan_rollover", **facts).verdict == verdict


@pytest.mark.parametrize(
    ("more", "cheaper", "verdict"),
    [
        (True, None, "eligible"),
        (None, True, "eligible"),
        (True, True, "eligible"),
        (False, None, "undetermined"),
        (False, False, "ineligible"),
    ],
)
def test_more_or_cheaper_guarantees_are_enough(more: bool | None, cheaper: bool | None, verdict: str) -> None:
    facts = {"expanded_small_firm_guarantees": more, "lowered_small_firm_fee": cheaper}
    assert decided("guarantee_fee_award", **facts).verdict == verdict
    assert decided("guarantee_risk_compensation", **facts, guarantee_loss="1").verdict == verdict


def test_sum_and_share_are_local_and_named_while_they_are_unset() -> None:
    facts = {"expanded_small_firm_guarantees": True, "guarantee_loss": "333.33"}
    award = decided("guarantee_fee_award", **facts)
    assert (award.amount, award.missing_values) == (None, ("guarantee_fee_award_amount",))
    loss = decided("guarantee_risk_compensation", **facts)
    assert (loss.amount, loss.missing_values) == (None, ("risk_compensation_share",))
    third = decided("guarantee_risk_compensation", values={"risk_compensation_share": "1/3"}, **facts)
    assert third.amount == "111.11"
