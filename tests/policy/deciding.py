"""What the tests of the articles ask: one measure for one record, answered as people read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.case import decide
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.facts import facts_in_reach
from wenjiuye.rules.quantity import yuan_text
from wenjiuye.rules.record import read_flat

Facts = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """Verdict, sums in yuan ("?" is unknown, None: there is none), and what is missing for both."""

    verdict: str
    yuan: str | None
    low: str | None
    high: str | None
    parts: dict[str, str]
    missing: list[str]
    unset: list[str]


def answer(
    measure_id: str, facts: Facts, on: str = "2020-12-01", values: Mapping[str, object] | None = None
) -> Answer:
    """Decide a measure on a date, with values set for this question alone."""
    reform = policy().with_values(values or {}, source="test") if values else policy()
    day = dt.date.fromisoformat(on)
    found = decide(reform, measure_id, facts, day)
    measure = reform.measure(measure_id)
    look = Evaluation(reform, read_flat(facts_in_reach(measure.subject), facts), day)
    asked = [look.missing(measure.condition)]
    if found.verdict == "eligible" and measure.amount is not None:
        asked.append(look.missing(measure.amount))
    paid = found.verdict != "ineligible" and measure.has_amount
    return Answer(
        str(found.verdict),
        _yuan(found.amount) if paid else None,
        _yuan(found.low) if paid else None,
        _yuan(found.high) if paid else None,
        {name: _yuan(part) for name, part in found.parts.items()},
        [fact for missing in asked for fact in missing.fact_ids()],
        [use.name for missing in asked for use in missing.values],
    )


def verdict(measure_id: str, facts: Facts, on: str = "2020-12-01", **values: object) -> str:
    """The verdict alone."""
    return answer(measure_id, facts, on, values).verdict


def yuan(measure_id: str, facts: Facts, on: str = "2020-12-01", **values: object) -> str | None:
    """The sum of an eligible record alone."""
    found = answer(measure_id, facts, on, values)
    assert found.verdict == "eligible", found
    return found.yuan


def without(facts: Facts, *names: str) -> dict[str, Any]:
    """The record with some facts unknown."""
    assert set(names) <= set(facts), "a fact that is not there cannot be taken away"
    return {name: value for name, value in facts.items() if name not in names}


def each_condition_counts(measure_id: str, facts: Facts, failing: Facts, **more: Any) -> None:
    """Each fact of an eligible record refuses alone when it fails, and leaves it open when unknown."""
    assert answer(measure_id, facts, **more).verdict == "eligible"
    for name, value in failing.items():
        refused = answer(measure_id, {**facts, name: value}, **more)
        assert refused.verdict == "ineligible", name
        assert refused.yuan is None, name
        unsure = answer(measure_id, without(facts, name), **more)
        assert (unsure.verdict, name in unsure.missing) == ("undetermined", True), name


def _yuan(fen: int | None) -> str:
    return "?" if fen is None else yuan_text(fen, grouped=False)
