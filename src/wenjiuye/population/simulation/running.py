"""Measures that pay month by month up to a number of months, and how each of them goes on, read off the rule.

A condition `months granted < value` says that a measure runs, and which value ends it. What one payment
covers shows in the facts that its amount reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from wenjiuye.rules.expression import Expression
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

GRANTED, PAID, SPENT = "months_granted", "months_paid", "paid_this_year"
"""Facts of a claim: months paid for before, months that it covers, sum paid in the running twelve months."""

PER_CLAIM = ("contributions_paid",)
"""Facts that add up what was spent in the months that the claim covers."""


class Pays(StrEnum):
    """What one payment covers.

    claimed: the months claimed; the amount reads how many. term: all the months that are left; the amount
    reads what was granted before. month: one month; the amount reads neither.
    """

    CLAIMED = "claimed"
    TERM = "term"
    MONTH = "month"


@dataclass(frozen=True)
class Running:
    """A measure that runs until `cap` (the name of a value) months are granted."""

    measure: Measure
    cap: str
    pays: Pays


def running(policy: Policy) -> list[Running]:
    """The measures with a sum that run by months, in the order of the policy."""
    found = []
    for measure in policy.measures.values():
        cap = next(_caps(measure.condition), None)
        if measure.amount is not None and measure.fund is not None and cap is not None:
            read = {ref.fact.id for ref in measure.amount.refs if not ref.path}
            pays = Pays.CLAIMED if PAID in read else Pays.TERM if GRANTED in read else Pays.MONTH
            found.append(Running(measure, cap, pays))
    return found


def _caps(condition: Expression) -> Iterator[str]:
    for node in condition.walk():
        if node.op == "lt":
            left, right = node.args
            own = left.op == "fact" and left.data.fact.id == GRANTED and not left.data.path
            if own and right.op == "value":
                yield right.data.name
