"""The states of a claim and every way from one to another: who, from, to, what must hold, by when, whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_

from wenjiuye.platform.accounts.permissions import Action


class State(models.TextChoices):
    """Where a claim stands."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    ACCEPTED = "accepted", _("已受理")
    RETURNED = "returned", _("退回补正")
    UNDER_REVIEW = "under_review", _("审核中")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("不予批准")
    IN_PUBLICITY = "in_publicity", _("公示中")
    CONFIRMED = "confirmed", _("公示无异议")
    IN_PAYMENT = "in_payment", _("支付中")
    PAID = "paid", _("已支付")
    PAYMENT_FAILED = "payment_failed", _("支付失败")
    WITHDRAWN = "withdrawn", _("已撤回")
    UNDER_APPEAL = "under_appeal", _("申诉中")
    SUSPENDED = "suspended", _("已中止")
    BEING_RECOVERED = "being_recovered", _("追回中")
    RECOVERED = "recovered", _("已追回")


class Turn(models.TextChoices):
    """Who has to do the next step."""

    CLAIMANT = "claimant", _("申请人")
    CLERK = "clerk", _("窗口受理员")
    REVIEWER = "reviewer", _("审核员")
    APPROVER = "approver", _("审批人")
    ACCOUNTANT = "accountant", _("资金会计")
    PUBLIC = "public", _("公示期")
    NOBODY = "nobody", _("已办结")


class Need(StrEnum):
    """What must hold before a step; `blockers` says it in sentences."""

    FACTS_AGREE = "facts_agree"
    DISPUTES_SETTLED = "disputes_settled"
    DETERMINED = "determined"
    RULES_IN_FORCE = "rules_in_force"
    FACTS_CURRENT = "facts_current"
    EVIDENCE_COMPLETE = "evidence_complete"
    ELIGIBLE = "eligible"
    OVERRIDE_SETTLED = "override_settled"
    NO_OTHER_CLAIM = "no_other_claim"
    REVIEWED_GRANT = "reviewed_grant"
    REVIEWED_REFUSE = "reviewed_refuse"
    APPROVED_BY_ENOUGH = "approved_by_enough"


@dataclass(frozen=True, slots=True)
class Transition:
    """One way. reason: it must be given. days: working days that the next step has. tells: who is told."""

    name: str
    title: str
    sources: frozenset[State]
    target: State | None
    action: Action
    needs: tuple[Need, ...] = ()
    reason: bool = False
    days: int | None = None
    tells: tuple[Turn, ...] = ()


def _way(
    name: str,
    title: str,
    sources: tuple[State, ...],
    target: State | None,
    action: Action,
    *,
    needs: tuple[Need, ...] = (),
    reason: bool = False,
    days: int | None = None,
    tells: tuple[Turn, ...] = (),
) -> Transition:
    return Transition(name, title, frozenset(sources), target, action, needs, reason, days, tells)


_S, _N, _A = State, Need, Action
_SETTLED = (
    _N.FACTS_AGREE,
    _N.DISPUTES_SETTLED,
    _N.RULES_IN_FORCE,
    _N.FACTS_CURRENT,
    _N.OVERRIDE_SETTLED,
)
_BEFORE_PAYMENT = (_S.APPROVED, _S.IN_PUBLICITY, _S.CONFIRMED, _S.PAYMENT_FAILED)

# Working days are standards of service that an office sets itself; the policy's text gives none for claims.
_ALL = (
    _way("submit", N_("提交"), (_S.DRAFT, _S.RETURNED), _S.SUBMITTED, _A.ENTER_CLAIM,
         needs=(_N.RULES_IN_FORCE,), days=2, tells=(Turn.CLERK,)),
    _way("accept", N_("受理"), (_S.SUBMITTED,), _S.ACCEPTED, _A.ACCEPT_CLAIM,
         needs=(_N.EVIDENCE_COMPLETE, _N.NO_OTHER_CLAIM), days=3, tells=(Turn.REVIEWER, Turn.CLAIMANT)),
    _way("return", N_("退回补正"), (_S.SUBMITTED, _S.ACCEPTED, _S.UNDER_REVIEW), _S.RETURNED, _A.RETURN_CLAIM,
         reason=True, days=10, tells=(Turn.CLAIMANT,)),
    _way("take_up", N_("开始审核"), (_S.ACCEPTED,), _S.UNDER_REVIEW, _A.REVIEW_CLAIM, days=5),
    _way("approve", N_("批准"), (_S.UNDER_REVIEW,), _S.APPROVED, _A.APPROVE_CLAIM,
         needs=(*_SETTLED, _N.DETERMINED, _N.ELIGIBLE, _N.EVIDENCE_COMPLETE, _N.NO_OTHER_CLAIM,
                _N.REVIEWED_GRANT, _N.APPROVED_BY_ENOUGH),
         days=3, tells=(Turn.CLAIMANT, Turn.ACCOUNTANT)),
    _way("refuse", N_("不予批准"), (_S.UNDER_REVIEW,), _S.REFUSED, _A.APPROVE_CLAIM,
         needs=(_N.REVIEWED_REFUSE, _N.APPROVED_BY_ENOUGH), reason=True, tells=(Turn.CLAIMANT,)),
    _way("publish", N_("公示"), (_S.APPROVED,), _S.IN_PUBLICITY, _A.PAY_CLAIM, days=7),
    _way("confirm", N_("公示无异议"), (_S.IN_PUBLICITY,), _S.CONFIRMED, _A.PAY_CLAIM, days=5),
    _way("pay", N_("进入支付"), (_S.CONFIRMED, _S.PAYMENT_FAILED), _S.IN_PAYMENT, _A.PAY_CLAIM, days=5),
    _way("payment_made", N_("支付成功"), (_S.IN_PAYMENT,), _S.PAID, _A.PAY_CLAIM, tells=(Turn.CLAIMANT,)),
    _way("payment_failed", N_("支付失败"), (_S.IN_PAYMENT,), _S.PAYMENT_FAILED, _A.PAY_CLAIM,
         reason=True, days=5, tells=(Turn.CLAIMANT, Turn.ACCOUNTANT)),
    _way("withdraw", N_("撤回"), (_S.DRAFT, _S.SUBMITTED, _S.ACCEPTED, _S.RETURNED, _S.UNDER_REVIEW), _S.WITHDRAWN,
         _A.WITHDRAW_CLAIM, reason=True),
    _way("appeal", N_("申诉"), (_S.REFUSED,), _S.UNDER_APPEAL, _A.ENTER_CLAIM, reason=True, days=15,
         tells=(Turn.APPROVER,)),
    _way("uphold_appeal", N_("申诉成立，重新审核"), (_S.UNDER_APPEAL,), _S.UNDER_REVIEW, _A.DECIDE_APPEAL,
         reason=True, days=5, tells=(Turn.CLAIMANT, Turn.REVIEWER)),
    _way("dismiss_appeal", N_("申诉不成立"), (_S.UNDER_APPEAL,), _S.REFUSED, _A.DECIDE_APPEAL,
         reason=True, tells=(Turn.CLAIMANT,)),
    _way("suspend", N_("中止"), _BEFORE_PAYMENT, _S.SUSPENDED, _A.SUSPEND_CLAIM, reason=True, days=10,
         tells=(Turn.CLAIMANT,)),
    # Whatever was found goes through review again: nothing is paid on an old decision.
    _way("reopen", N_("恢复，重新审核"), (_S.SUSPENDED, *_BEFORE_PAYMENT), _S.UNDER_REVIEW, _A.SUSPEND_CLAIM,
         reason=True, days=5, tells=(Turn.REVIEWER,)),
    _way("recover", N_("追回"), (_S.PAID,), _S.BEING_RECOVERED, _A.RECOVER_CLAIM, reason=True, days=30,
         tells=(Turn.CLAIMANT,)),
    _way("recovered", N_("追回完成"), (_S.BEING_RECOVERED,), _S.RECOVERED, _A.RECOVER_CLAIM, tells=(Turn.CLAIMANT,)),
    # Steps inside a state: they are on record like the others.
    _way("review_grant", N_("初审同意"), (_S.UNDER_REVIEW,), None, _A.REVIEW_CLAIM,
         needs=(*_SETTLED, _N.DETERMINED, _N.ELIGIBLE, _N.EVIDENCE_COMPLETE, _N.NO_OTHER_CLAIM), days=3,
         tells=(Turn.APPROVER,)),
    _way("review_refuse", N_("初审不同意"), (_S.UNDER_REVIEW,), None, _A.REVIEW_CLAIM,
         needs=(_N.DISPUTES_SETTLED,), reason=True, days=3, tells=(Turn.APPROVER,)),
    _way("approve_step", N_("审批同意"), (_S.UNDER_REVIEW,), None, _A.APPROVE_CLAIM, days=3, tells=(Turn.APPROVER,)),
    _way("send_back", N_("退回初审"), (_S.UNDER_REVIEW,), None, _A.APPROVE_CLAIM, reason=True, days=3,
         tells=(Turn.REVIEWER,)),
)  # fmt: skip

TRANSITIONS: Mapping[str, Transition] = MappingProxyType({way.name: way for way in _ALL})
"""Every way by name. What is not here cannot happen: the service refuses it, and so does the database."""

OPEN_TURN: Mapping[State, Turn] = MappingProxyType(
    {
        State.DRAFT: Turn.CLAIMANT,
        State.SUBMITTED: Turn.CLERK,
        State.ACCEPTED: Turn.REVIEWER,
        State.RETURNED: Turn.CLAIMANT,
        State.UNDER_REVIEW: Turn.REVIEWER,
        State.APPROVED: Turn.ACCOUNTANT,
        State.IN_PUBLICITY: Turn.PUBLIC,
        State.CONFIRMED: Turn.ACCOUNTANT,
        State.IN_PAYMENT: Turn.ACCOUNTANT,
        State.PAYMENT_FAILED: Turn.ACCOUNTANT,
        State.UNDER_APPEAL: Turn.APPROVER,
        State.SUSPENDED: Turn.APPROVER,
        State.BEING_RECOVERED: Turn.ACCOUNTANT,
    }
)
"""Whose turn it is in a state before anything inside it has happened; in the others nobody's."""

DECIDED = frozenset(
    {
        State.APPROVED,
        State.IN_PUBLICITY,
        State.CONFIRMED,
        State.IN_PAYMENT,
        State.PAID,
        State.PAYMENT_FAILED,
        State.SUSPENDED,
        State.BEING_RECOVERED,
        State.RECOVERED,
    }
)
"""States that only an approved claim has."""
LIVE = frozenset(set(State) - {State.WITHDRAWN, State.REFUSED, State.RECOVERED})
"""States in which a claim stands in the way of another for the same thing."""


def ways_from(state: State | str) -> list[Transition]:
    """The ways out of a state, in the order of the table."""
    return [way for way in _ALL if State(state) in way.sources]
