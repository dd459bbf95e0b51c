"""What a decision says: verdict, truth of every condition, amount and its bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from wenjiuye.rules.measures import Measure

Record = Mapping[str, Any]
"""The facts of one case in the engine's own form, by fact id; what is absent is unknown."""


class Verdict(StrEnum):
    """Kleene's three answers. For a quota eligible means: met."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNDETERMINED = "undetermined"


class Determination(NamedTuple):
    """One measure for one subject on one date.

    Amounts are fen; None is unknown. `low` and `high` bound an amount that is unknown or not settled yet
    (`high` None: no upper bound). An ineligible subject has no amount. For a ceiling the amount is the
    ceiling. Parts add up to the amount.
    """

    measure: Measure
    on: dt.date
    verdict: Verdict
    truths: tuple[bool | None, ...]
    amount: int | None
    parts: Mapping[str, int | None]
    low: int | None
    high: int | None
