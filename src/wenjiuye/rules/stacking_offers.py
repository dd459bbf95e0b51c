"""What is on offer: the measures that may be had, each with the bounds of its sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wenjiuye.rules.combination import StackingError
from wenjiuye.rules.determination import Determination, Verdict
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.policy import Policy

OPEN = 10**30
"""Stands for "no upper bound" inside the sums, so that they stay integers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A measure that may be had: its bounds, and the sum by which it is compared while it is open."""

    measure: Measure
    amount: int | None
    low: int
    high: int
    undetermined: bool

    @property
    def nominal(self) -> int:
        """A ceiling counts in full, an unknown sum with what is certain of it."""
        return self.high if self.measure.ceiling and self.high < OPEN else self.low

    @property
    def open(self) -> bool:
        return self.undetermined or self.low < self.high


def offers_of(policy: Policy, determinations: Sequence[Determination]) -> dict[str, Offer]:
    """The eligible and undetermined measures, in clause order."""
    found: dict[str, Determination] = {}
    for answer in determinations:
        policy.measure(answer.measure.id)
        if answer.measure.id in found:
            raise StackingError(f"{answer.measure.id} is determined twice; combine one subject at a time")
        if answer.on != determinations[0].on:
            raise StackingError(
                f"{answer.measure.id} is determined on {answer.on}, {determinations[0].measure.id} on "
                f"{determinations[0].on}; combine determinations of one date"
            )
        found[answer.measure.id] = answer
    return {
        name: _offer(found[name])
        for name in policy.measures
        if name in found
        and found[name].verdict is not Verdict.INELIGIBLE
        and found[name].measure.kind is not MeasureKind.QUOTA
    }


def _offer(answer: Determination) -> Offer:
    undetermined = answer.verdict is Verdict.UNDETERMINED
    if not answer.measure.has_amount:
        return Offer(answer.measure, None, 0, 0, undetermined)
    low = 0 if answer.measure.ceiling else answer.low or 0
    high = OPEN if answer.high is None else answer.high
    return Offer(answer.measure, answer.amount, low, high, undetermined)
