"""Facts from the page of a claim: said, settled, objected to, and the rules asked again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force, settling
from wenjiuye.platform.claims.determining import Difference
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim, Statement
from wenjiuye.platform.desk.case_inputs import read_typed
from wenjiuye.platform.desk.case_posting import FieldProblem, Posted, step
from wenjiuye.rules.facts import Fact


@step(Action.ENTER_CLAIM, "declare", anchor="#facts")
def declare(posted: Posted) -> str:
    """The claimant says one fact more, or another value of it."""
    value = _value(posted)
    return _result(
        settling.declare_facts(posted.number, posted.by, {posted.fact: value}, version=posted.version)
    )


@step(Action.SETTLE_FACT, "settle", anchor="#facts")
def settle(posted: Posted) -> str:
    """An officer settles a fact: one of both sides, or another value."""
    chosen = posted.text("side")
    value = _said(posted, chosen) if chosen else _value(posted)
    return _result(
        settling.settle(
            posted.number, posted.by, posted.fact, value, version=posted.version, reason=posted.reason
        )
    )


@step(Action.ENTER_CLAIM, "dispute", anchor="#facts")
def dispute(posted: Posted) -> str:
    """The claimant says that a fact is wrong."""
    proof = posted.text("evidence")
    settling.dispute(
        posted.number,
        posted.by,
        posted.fact,
        _value(posted),
        evidence=int(proof) if proof.isdigit() else 0,
        version=posted.version,
        reason=posted.reason,
    )
    return _("异议已登记，等审核员答复。")


@step(Action.SETTLE_FACT, "answer_dispute", anchor="#facts")
def answer_dispute(posted: Posted, dispute: int) -> str:
    """An officer answers an objection."""
    chosen = posted.text("accept")
    if chosen not in ("yes", "no"):
        raise FieldProblem("accept", _("请选择成立或不成立。"))
    found = settling.answer_dispute(
        posted.number,
        posted.by,
        dispute,
        accept=chosen == "yes",
        version=posted.version,
        answer=posted.reason,
    )
    return _result(found) if chosen == "yes" else _("已答复：异议不成立。")


@step(Action.SEE_CLAIMS, "determine", anchor="#determination")
def determine(posted: Posted) -> str:
    """Read the registry again and ask the rules in force."""
    action = Action.REVIEW_CLAIM if may(posted.by, Action.REVIEW_CLAIM) else Action.ENTER_CLAIM
    return _result(settling.redetermine(posted.number, posted.by, version=posted.version, action=action))


def _fact(posted: Posted) -> Fact:
    claim = Claim.objects.visible_to(posted.by, Action.SEE_CLAIMS).get(number=posted.number)
    try:
        fact = rules_in_force.fact_at(rules_in_force.measure(claim.measure).subject, posted.fact)
    except KeyError:
        fact = None
    if not isinstance(fact, Fact):
        raise ClaimError(_("没有这项事实：%(fact)s。") % {"fact": posted.fact})
    return fact


def _value(posted: Posted) -> Any:
    fact = _fact(posted)
    text = posted.text("value")
    if not text:
        raise FieldProblem("value", _("请填写%(fact)s。") % {"fact": rules_in_force.title(fact)})
    value, problem = read_typed(fact, text)
    if problem:
        raise FieldProblem("value", problem)
    return value


def _said(posted: Posted, side: str) -> Any:
    said = Statement.objects.filter(claim__number=posted.number, fact=posted.fact, side=side).first()
    if said is None or said.value is None:
        raise FieldProblem("side", _("请选一个取值。"))
    return said.value


def _result(found: Difference | None) -> str:
    if found is None:
        return _("已判定。")
    if found.matters:
        return _("已重新判定，结果变了：见“判定”。")
    return _("已重新判定，结果没有变。")
