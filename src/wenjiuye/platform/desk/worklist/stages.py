"""The stages of a claim as an officer calls them: what is to be done with it next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.states import State, Turn


@dataclass(frozen=True, slots=True)
class Stage:
    """States with, where it matters, whose turn it is and whether facts stand in conflict."""

    title: Any
    states: frozenset[State]
    turn: Turn | None = None
    conflict: bool | None = None

    def condition(self) -> Q:
        """Claims in this stage."""
        found = Q(state__in=sorted(self.states))
        if self.turn is not None:
            found &= Q(turn=self.turn)
        if self.conflict is not None:
            found &= Q(open_conflicts__gt=0) if self.conflict else Q(open_conflicts=0)
        return found

    def fits(self, claim: Claim) -> bool:
        """Whether a claim is in this stage."""
        return (
            claim.state in self.states
            and (self.turn is None or claim.turn == self.turn)
            and (self.conflict is None or (claim.open_conflicts > 0) is self.conflict)
        )


_IN_REVIEW = frozenset({State.ACCEPTED, State.UNDER_REVIEW})

STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "draft": Stage(_("草稿"), frozenset({State.DRAFT})),
        "accept": Stage(_("受理"), frozenset({State.SUBMITTED})),
        "correct": Stage(_("补正"), frozenset({State.RETURNED})),
        "settle": Stage(_("裁定"), _IN_REVIEW, Turn.REVIEWER, True),
        "review": Stage(_("初审"), _IN_REVIEW, Turn.REVIEWER, False),
        "approve": Stage(_("审批"), _IN_REVIEW, Turn.APPROVER),
        "publish": Stage(_("待公示"), frozenset({State.APPROVED})),
        "publicity": Stage(_("公示中"), frozenset({State.IN_PUBLICITY})),
        "pay": Stage(_("待支付"), frozenset({State.CONFIRMED})),
        "payment": Stage(_("支付中"), frozenset({State.IN_PAYMENT})),
        "failed": Stage(_("支付失败"), frozenset({State.PAYMENT_FAILED})),
        "paid": Stage(_("已支付"), frozenset({State.PAID})),
        "refused": Stage(_("不予批准"), frozenset({State.REFUSED})),
        "appeal": Stage(_("申诉中"), frozenset({State.UNDER_APPEAL})),
        "suspended": Stage(_("已中止"), frozenset({State.SUSPENDED})),
        "recovery": Stage(_("追回中"), frozenset({State.BEING_RECOVERED})),
        "recovered": Stage(_("已追回"), frozenset({State.RECOVERED})),
        "withdrawn": Stage(_("已撤回"), frozenset({State.WITHDRAWN})),
    }
)
"""Every state is in one stage, whatever the turn; those of review are told apart."""


def stage_of(claim: Claim) -> Stage:
    """The stage that a claim is in."""
    return next(stage for stage in STAGES.values() if stage.fits(claim))
