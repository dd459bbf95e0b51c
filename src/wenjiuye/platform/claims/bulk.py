"""Many claims at once: what would happen first, then each claim on its own, so that one cannot stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.blockers import blockers_of_step, looks, with_what_blocks
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim, Step
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.reviewing import approve, review
from wenjiuye.platform.claims.states import State

MOST = 500
"""So many claims can be decided in one go."""
ACTIONS: Mapping[str, Action] = {"review": Action.REVIEW_CLAIM, "approve": Action.APPROVE_CLAIM}


@dataclass(frozen=True)
class Line:
    """One claim of a preview. why_not: what stops it, empty where nothing does."""

    claim: Claim
    why_not: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a bulk step would do."""

    lines: tuple[Line, ...]

    @property
    def ready(self) -> list[Claim]:
        """Those that would go on."""
        return [line.claim for line in self.lines if not line.why_not]

    @property
    def sum_fen(self) -> int:
        """What those that would go on come to."""
        return sum(claim.amount_fen or 0 for claim in self.ready)


_RECORDED: Mapping[str, tuple[str, ...]] = {
    "review": ("review_grant",),
    "approve": ("approve", "approve_step"),
    "assign": ("assign",),
}
"""By which steps on record it is known that a bulk step was taken with a claim before."""

Tell = Callable[[int, int], object]
"""Told after each claim: how many of how many."""


@dataclass(frozen=True)
class Done:
    """What a bulk step did. already: the officer had taken it since the preview. failed: number and why."""

    done: tuple[str, ...]
    already: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]


def preview(numbers: Iterable[str], step: str, by: Any) -> Preview:
    """What would happen. step: `review` or `approve`. Claims that are not the officer's are left out."""
    rows = (
        Claim.objects.visible_to(by, ACTIONS[step])
        .filter(number__in=list(numbers)[:MOST])
        .order_by("due_on", "pk")
    )
    return Preview(
        tuple(Line(seen.claim, _why_not(seen, step, by)) for seen in looks(with_what_blocks(rows)))
    )


def _why_not(seen: Any, step: str, by: Any) -> tuple[str, ...]:
    claim = seen.claim
    if step == "review":
        if claim.state not in (State.ACCEPTED, State.UNDER_REVIEW) or seen.decisions:
            return (_("不在初审阶段。"),)
        return tuple(one.text for one in blockers_of_step(seen, "review_grant"))
    if claim.state != State.UNDER_REVIEW or not seen.decisions:
        return (_("还没有初审。"),)
    if seen.decisions[0].outcome == Outcome.REFUSE:
        return (_("初审不同意，请逐件审批。"),)
    if any(one.officer_id == by.pk for one in seen.decisions):
        return (_("你初审过，要由另一人审批。"),)
    return tuple(one.text for one in blockers_of_step(seen, "approve") if one.need != "approved_by_enough")


def _nothing(*_told: object) -> None:
    return None


def run(
    versions: Mapping[str, int],
    step: str,
    by: Any,
    *,
    then: Callable[[Claim], object] = _nothing,
    tell: Tell = _nothing,
) -> Done:
    """Take the step with each claim as it was previewed (number → version).

    then: what belongs to the step, done with the claim in the same transaction.
    """

    def work(number: str, version: int) -> None:
        if step == "review":
            claim = review(number, by, Outcome.GRANT, version=version)
        else:
            claim = approve(number, by, version=version)
        then(claim)

    return each(versions, step, by, work, tell=tell)


def each(
    versions: Mapping[str, int],
    step: str,
    by: Any,
    work: Callable[[str, int], object],
    *,
    tell: Tell = _nothing,
) -> Done:
    """Do something with each claim (number, version) in a transaction of its own, and say what became of it.

    Begun anew after it was broken off, it goes on: what was done before is told, and not done twice.
    """
    wanted = list(versions.items())[:MOST]
    done, already, failed = [], [], []
    for count, (number, version) in enumerate(wanted, start=1):
        try:
            with transaction.atomic():
                work(number, version)
            done.append(number)
        except (ClaimError, PermissionDenied) as problem:
            # After handing a claim over one may have no right to it any more: that it was done is told all the same.
            if _taken_before(number, version, step, by):
                already.append(number)
            else:
                failed.append((number, _why(problem)))
        tell(count, len(wanted))
    return Done(tuple(done), tuple(already), tuple(failed))


def _why(problem: Exception) -> str:
    return _("不在你的权限内。") if isinstance(problem, PermissionDenied) else str(problem)


def _taken_before(number: str, version: int, step: str, by: Any) -> bool:
    return Step.objects.filter(
        claim__number=number, version__gt=version, actor=by, name__in=_RECORDED[step]
    ).exists()
