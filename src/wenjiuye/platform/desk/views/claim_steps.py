"""Steps of a claim from its page: on to the next officer, back, aside; comments, handing over, overrides."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import casework, overriding, reviewing
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.states import TRANSITIONS, State
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.desk.case_posting import FieldProblem, Page, Posted, step
from wenjiuye.platform.letters.for_claims import issue_lacking, letter_after
from wenjiuye.rules.errors import UnreadableError
from wenjiuye.rules.quantity import fen_of_yuan


def _told(posted: Posted, claim: Claim) -> str:
    """Where the claim stands now, with the letter that the step called for."""
    claim = Claim.objects.of_case().get(pk=claim.pk)
    letter = letter_after(claim, posted.by)
    told = {"state": claim.get_state_display(), "turn": claim.get_turn_display()}
    if letter is not None:
        return _("%(state)s，现在：%(turn)s。%(letter)s已出具。") % {
            **told,
            "letter": letter.get_kind_display(),
        }
    return _("%(state)s，现在：%(turn)s。") % told


def _plain(name: str) -> Page:
    """A step that the table of transitions describes wholly."""

    def work(posted: Posted) -> str:
        done = take_step(posted.number, name, posted.by, version=posted.version, reason=posted.reason)
        return _told(posted, done)

    work.__doc__ = f"Take the step `{name}`."
    return step(TRANSITIONS[name].action, name)(work)


submit = _plain("submit")
accept = _plain("accept")
give_back = _plain("return")
withdraw = _plain("withdraw")
appeal = _plain("appeal")
uphold_appeal = _plain("uphold_appeal")
dismiss_appeal = _plain("dismiss_appeal")
suspend = _plain("suspend")
reopen = _plain("reopen")


@step(Action.REVIEW_CLAIM, "review_grant")
def review_grant(posted: Posted) -> str:
    """The first reviewer is for granting."""
    return _told(posted, reviewing.review(posted.number, posted.by, Outcome.GRANT, version=posted.version))


@step(Action.REVIEW_CLAIM, "review_refuse")
def review_refuse(posted: Posted) -> str:
    """The first reviewer is for refusing."""
    done = reviewing.review(
        posted.number, posted.by, Outcome.REFUSE, version=posted.version, reason=posted.reason
    )
    return _told(posted, done)


@step(Action.APPROVE_CLAIM, "approve", "approve_step", "refuse")
def approve(posted: Posted) -> str:
    """An approver agrees with the first reviewer."""
    done = reviewing.approve(posted.number, posted.by, version=posted.version, reason=posted.reason)
    if done.state == State.UNDER_REVIEW:
        return _("已同意，还要另一位审批人。")
    return _told(posted, done)


@step(Action.APPROVE_CLAIM, "send_back")
def send_back(posted: Posted) -> str:
    """An approver does not agree."""
    done = reviewing.send_back(posted.number, posted.by, version=posted.version, reason=posted.reason)
    return _told(posted, done)


@step(Action.SEE_LETTERS, anchor="#letters")
def issue_letter(posted: Posted) -> str:
    """Issue the letter of a step that none tells of yet."""
    letter = issue_lacking(posted.number, posted.by)
    if letter is None:
        return _("没有要出具的文书。")
    return _("%(letter)s已出具。") % {"letter": letter.get_kind_display()}


# ── Overrides


@step(Action.OVERRIDE, "propose_override")
def override(posted: Posted) -> str:
    """Propose another verdict than the rules'."""
    overriding.propose(
        posted.number,
        posted.by,
        verdict=posted.text("verdict"),
        amount_fen=_amount(posted.text("amount")),
        reason=posted.reason,
        evidence=_number(posted.text("evidence")),
        version=posted.version,
    )
    return _("已提议推翻判定，等审批人答复。")


def _amount(text: str) -> int | None:
    if not text:
        return None
    try:
        return fen_of_yuan(text.replace(",", ""))
    except UnreadableError:
        raise FieldProblem(
            "amount", _("“%(value)s”不是金额。请写成 1000.00 这样。") % {"value": text}
        ) from None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


@step(Action.APPROVE_OVERRIDE, "answer_override")
def answer_override(posted: Posted, override: int) -> str:
    """A second officer agrees with an override, or not."""
    agree = _choice(posted, "agree")
    overriding.answer(
        posted.number, posted.by, override, agree=agree, reply=posted.reason, version=posted.version
    )
    return _("已同意推翻判定。") if agree else _("没有同意推翻判定。")


def _choice(posted: Posted, name: str) -> bool:
    chosen = posted.text(name)
    if chosen not in ("yes", "no"):
        raise FieldProblem(name, _("请选择同意或不同意。"))
    return chosen == "yes"


# ── Around the claim


@step(Action.COMMENT, anchor="#comments")
def comment(posted: Posted) -> str:
    """Leave a note for colleagues."""
    casework.comment(posted.number, posted.by, posted.reason)
    return ""


@step(Action.ASSIGN, "assign")
def assign(posted: Posted) -> str:
    """Hand the claim to an officer, or back to all."""
    chosen = posted.text("to")
    to = User.objects.filter(pk=_number(chosen), is_active=True).first() if chosen else None
    if chosen and to is None:
        raise FieldProblem("to", _("没有这位经办人。请从列表里选。"))
    casework.assign(posted.number, posted.by, to, version=posted.version, reason=posted.reason)
    return _("已移交给 %(officer)s。") % {"officer": to} if to is not None else _("已交回给大家。")
