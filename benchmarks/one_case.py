"""One person at a counter: every measure decided, and unfolded into receipts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.data import DECISION, GAP, tables_for
from benchmarks.subset import DERIVED, MEASURES, SUBJECT
from benchmarks.timing import Times
from wenjiuye.rules.case import determine
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.receipt import receipt, receipt_hash


@dataclass(frozen=True)
class OneCase:
    """Times for one measure, and for all measures of one person."""

    cases: int
    measures: int
    decision: Times
    decisions: Times
    one_receipt: Times
    receipts: Times
    hashed: Times
    subset: Times
    """The measures that OpenFisca computes too, without gaps and with derived facts left to derive."""


def measure(policy: Policy, cases: int) -> OneCase:
    """Decide and unfold so many random people, each of them new."""
    records = _records(policy, cases)
    complete = _records(policy, cases, gap=0, without=DERIVED)
    measures = policy.measures_of(SUBJECT)
    subset = [policy.measure(name) for name in MEASURES]

    def decide(m: Measure, record: Any) -> Any:
        return determine(policy, m, record, DECISION)

    def unfold(m: Measure, record: Any) -> Any:
        return receipt(policy, m, record, DECISION)

    def unfold_and_hash(m: Measure, record: Any) -> Any:
        return receipt_hash(unfold(m, record))

    for warm in records[:20]:
        for each in measures:
            unfold(each, warm)
    return OneCase(
        cases,
        len(measures),
        _each(decide, measures, records),
        _all(decide, measures, records),
        _each(unfold, measures, records),
        _all(unfold, measures, records),
        _each(unfold_and_hash, measures, records),
        _all(decide, subset, complete),
    )


def _records(
    policy: Policy, cases: int, *, gap: float = GAP, without: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    rows = tables_for(policy, SUBJECT, cases, gap=gap)[SUBJECT].drop("id", *without).to_dicts()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def _each(task: Callable[[Measure, Any], Any], measures: list[Measure], records: list[Any]) -> Times:
    """One measure of one person, another one each time."""
    pairs = [(measures[number % len(measures)], record) for number, record in enumerate(records)]
    return Times(tuple(_timed(task, [m], record) for m, record in pairs))


def _all(task: Callable[[Measure, Any], Any], measures: list[Measure], records: list[Any]) -> Times:
    """All measures of one person."""
    return Times(tuple(_timed(task, measures, record) for record in records))


def _timed(task: Callable[[Measure, Any], Any], measures: list[Measure], record: Any) -> float:
    started = time.perf_counter()
    for each in measures:
        task(each, record)
    return time.perf_counter() - started
