"""Many claims at once: what would happen first, then each claim on its own, so that one cannot stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.blockers import blockers_of_step, looks, with_what_blocks
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim
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


@dataclass(frozen=True)
class Done:
    """What a bulk step did. failed: number and why."""

    done: tuple[str, ...]
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


def run(versions: Mapping[str, int], step: str, by: Any) -> Done:
    """Take the step with each claim as it was previewed (number → version)."""
    if step == "review":
        return each(versions, lambda number, version: review(number, by, Outcome.GRANT, version=version))
    return each(versions, lambda number, version: approve(number, by, version=version))


def each(versions: Mapping[str, int], work: Callable[[str, int], object]) -> Done:
    """Do something with each claim (number, version) on its own, and say what became of it."""
    done, failed = [], []
    for number, version in list(versions.items())[:MOST]:
        try:
            work(number, version)
            done.append(number)
        except ClaimError as problem:
            failed.append((number, str(problem)))
        except PermissionDenied:
            failed.append((number, _("不在你的权限内。")))
    return Done(tuple(done), tuple(failed))
