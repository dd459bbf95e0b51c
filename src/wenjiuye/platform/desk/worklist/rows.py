"""A claim as a row of the list: its stage, what stops it or why it ended so, the working days that are left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Look, blockers, looks, with_what_blocks
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.worklist.stages import stage_of
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.platform.workdays.calendar import Calendar


@dataclass(frozen=True)
class Left:
    """Working days until a claim is due; below 0 it is late. sure: whether the calendar is known."""

    days: int
    is_late: bool
    is_today: bool
    sure: bool

    @property
    def late_days(self) -> int:
        """Working days that it is late."""
        return -self.days


@dataclass(frozen=True)
class Row:
    """One row. claimant: masked, if it is a person. why: the first thing that stops it, or the reason it ended."""

    claim: Claim
    measure: str
    claimant: str
    stage: Any
    why: str
    left: Left | None

    @property
    def is_clear(self) -> bool:
        """Whether the rules grant it and nothing stops it."""
        return bool(self.claim.verdict == Claim.Verdict.ELIGIBLE and not self.why)

    @property
    def fen(self) -> int:
        """The sum for adding up what is selected: granted, or at most."""
        return int(self.claim.amount_fen if self.claim.amount_fen is not None else self.claim.high_fen or 0)


def rows_of(keys: Sequence[int], calendar: Calendar, today: dt.date) -> list[Row]:
    """The rows of a page whose claims were found in scope, in the order of the keys; a fixed number of queries."""
    found = {
        seen.claim.pk: seen
        for seen in looks(with_what_blocks(Claim.objects.of_case().filter(pk__in=list(keys))))
    }
    return [_row(found[key], calendar, today) for key in keys if key in found]


def _row(seen: Look, calendar: Calendar, today: dt.date) -> Row:
    claim = seen.claim
    return Row(
        claim,
        rules_in_force.title(rules_in_force.measure(claim.measure)),
        claimant(claim),
        stage_of(claim).title,
        why(seen),
        left(claim, calendar, today),
    )


def claimant(claim: Claim) -> str:
    """The claimant's name, masked where it is a person's."""
    is_person = claim.claimant_kind == Claim.ClaimantKind.PERSON
    return masked_name(claim.claimant_name) if is_person else str(claim.claimant_name)


def why(seen: Look) -> str:
    """What stops a claim, or the reason that was given; of a refusal by the rules the condition that fails."""
    claim = seen.claim
    found = claim.determination
    if claim.reason:
        text = str(claim.reason)
    elif claim.verdict == Claim.Verdict.INELIGIBLE and found is not None and found.failing:
        text = str(found.failing[0][rules_in_force.lang()])
    else:
        text = next((one.text for one in blockers(seen)), "")
    return text.rstrip("。.")


def left(claim: Claim, calendar: Calendar, today: dt.date) -> Left | None:
    """The working days that are left; None where nothing is due."""
    if claim.due_on is None:
        return None
    return Left(
        calendar.between(today, claim.due_on), claim.due_on < today, claim.due_on == today, claim.due_sure
    )
