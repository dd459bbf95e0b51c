"""One decision in the words of the tests of articles 1 to 9: yuan as text, names of what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.case import determine
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.quantity import yuan_text
from wenjiuye.rules.record import read_flat


@dataclass(frozen=True)
class Decided:
    """What a measure says: sums in yuan (None: unknown), facts and values named as missing."""

    verdict: str
    amount: str | None
    parts: Mapping[str, str | None]
    missing: tuple[str, ...]
    missing_values: tuple[str, ...]
    no_ratio: bool
    between: tuple[str | None, str | None]


def decided(
    measure_id: str, on: str = "2020-12-01", values: Mapping[str, object] | None = None, **facts: Any
) -> Decided:
    """Decide a measure of 许政〔2020〕31号 from a flat record, with some figures changed."""
    reform = policy().with_values(values or {}, source="test")
    measure = reform.measure(measure_id)
    record = read_flat(reform.facts, facts)
    day = dt.date.fromisoformat(on)
    got = determine(reform, measure, record, day)
    look = Evaluation(reform, record, day)
    gaps = [look.missing(measure.condition)]
    if got.verdict == "eligible" and measure.amount is not None:
        gaps.append(look.missing(measure.amount))
    return Decided(
        str(got.verdict),
        _yuan(got.amount),
        {name: _yuan(part) for name, part in got.parts.items()},
        tuple(name for gap in gaps for name in gap.fact_ids()),
        tuple(use.name for gap in gaps for use in gap.values),
        any(gap.zero_denominators for gap in gaps),
        (_yuan(got.low), _yuan(got.high)),
    )


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen, grouped=False)
