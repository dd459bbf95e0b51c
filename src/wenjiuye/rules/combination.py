"""What a combination of measures is: chosen, lost, unsettled, and what the common caps leave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass

from wenjiuye.rules.errors import RulesError

Period = tuple[dt.date | None, dt.date | None]
"""First and last day, both included; None is an open end."""
Claimed = Period | Set[dt.date]
"""What a measure is claimed for: a period, or a set of months, each given by any day in it."""


class StackingError(RulesError):
    """The determinations do not belong together, or the groups of the policy contradict each other."""


@dataclass(frozen=True, slots=True)
class EarlierGrant:
    """What was granted before, less what was paid back. A right has the amount 0.

    period: the time it was for; a grant made once has the day of its decision as both ends. Without a period
    it counts in every span, so that nothing is paid twice for want of a date.
    """

    measure: str
    amount: int = 0
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A measure of the combination: its amount after the common caps, what they take off and by which group.

    An unknown amount is None and has bounds (`high` None: open). A right has no amount and both bounds are 0;
    a ceiling has the bounds 0 and itself, because an officer fills it. `reduced_by` is certain: what an open
    sum before it could take besides shows in `low`.
    """

    measure: str
    amount: int | None
    low: int
    high: int | None
    reduced_by: int = 0
    reduced_in: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A measure left out though the subject is eligible, and the chosen one or earlier grant that keeps it out.

    Neither (None) where a common cap is itself zero. An undetermined measure is among the lost only where an
    earlier grant keeps it out whatever the verdict.
    """

    measure: str
    reason_zh: str
    reason_en: str
    because_of: str | EarlierGrant | None
    group: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What could still change the choice: a measure with an open verdict or sum, or a cap that is not set."""

    id: str
    what: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class CapUse:
    """A common cap on the date: what was used before, what the combination takes at most, what is left then.

    Used and left are those of the fullest month or day where the members are claimed for different times.
    """

    group: str
    cap: int | None
    used_before: int
    used_now: int
    left: int | None


@dataclass(frozen=True, slots=True)
class Combination:
    """The best legal combination. `known` sums the exact amounts; the true total lies from `low` to `high`.

    Undetermined measures are not chosen; those not lost already are named in `undetermined`.
    """

    chosen: tuple[Chosen, ...]
    lost: tuple[Lost, ...]
    undetermined: tuple[str, ...]
    caps: tuple[CapUse, ...]
    known: int
    low: int
    high: int | None
    unsettled: tuple[Unsettled, ...]

    @property
    def provisional(self) -> bool:
        """Whether something open could still change what is chosen, or what a cap leaves of it."""
        return bool(self.unsettled)
