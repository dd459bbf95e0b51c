"""Review: the first reviewer's decision, then as many approvers as the sum asks for, never the same officer twice."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.blockers import Blocker, approvals_lacking
from wenjiuye.platform.claims.errors import Blocked, ClaimError
from wenjiuye.platform.claims.models import ApprovalBand, Claim, Decision, SamplingRate
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.states import TRANSITIONS, Need, State, Turn
from wenjiuye.platform.claims.steps import check_state, go, working_on
from wenjiuye.platform.record import chain


def review(number: str, by: Any, outcome: str, *, version: int | None, reason: str = "") -> Claim:
    """The first reviewer is for granting or refusing. A claim that was accepted is taken up first."""
    granting = outcome == Outcome.GRANT
    with working_on(number, by, Action.REVIEW_CLAIM, version, f"review {outcome}") as claim:
        if claim.state == State.ACCEPTED:
            go(claim, TRANSITIONS["take_up"], by)
        way = TRANSITIONS["review_grant" if granting else "review_refuse"]
        check_state(claim, way)
        if any(one.round == claim.round for one in claim.decisions.all()):
            raise ClaimError(_("%(number)s 已经初审，轮到审批人。") % {"number": number})
        if granting:
            claim.approvals_needed, claim.sampled = approvals_for(claim)
        else:
            claim.approvals_needed, claim.sampled = 1, False
        if not granting and not reason.strip():
            raise ClaimError(_("请写明不同意的理由。"))
        _decide(claim, by, outcome, reason, 0)
        go(claim, way, by, reason=reason)
        return claim


def approve(number: str, by: Any, *, version: int | None, reason: str = "") -> Claim:
    """An approver agrees with the first reviewer; the last one needed decides the claim."""
    with working_on(number, by, Action.APPROVE_CLAIM, version, "approve") as claim:
        decisions = _decisions(claim)
        if claim.state != State.UNDER_REVIEW or not decisions:
            raise Blocked([Blocker(Need.REVIEWED_GRANT, _("还没有初审。"), Turn.REVIEWER)])
        outcome = decisions[0].outcome
        stage = len(decisions)
        _decide(claim, by, outcome, reason or decisions[0].reason, stage)
        if approvals_lacking(claim, _decisions(claim)) > 0:
            go(claim, TRANSITIONS["approve_step"], by, reason=reason, detail={"stage": stage})
            return claim
        way = TRANSITIONS["approve" if outcome == Outcome.GRANT else "refuse"]
        go(claim, way, by, reason=reason or decisions[0].reason, detail={"stage": stage})
        _chain(claim, by)
        return claim


def send_back(number: str, by: Any, *, version: int | None, reason: str) -> Claim:
    """An approver does not agree: the review begins anew, in another round."""
    with working_on(number, by, Action.APPROVE_CLAIM, version, "send_back") as claim:
        if not _decisions(claim):
            raise ClaimError(_("%(number)s 还没有初审，不能退回初审。") % {"number": number})
        go(claim, TRANSITIONS["send_back"], by, reason=reason)
        return claim


def approvals_for(claim: Claim) -> tuple[int, bool]:
    """How many approvals a claim needs by its sum, and whether it is in the quality sample (one more)."""
    sum_fen = claim.amount_fen if claim.amount_fen is not None else claim.high_fen or 0
    band = ApprovalBand.objects.filter(from_fen__lte=sum_fen).order_by("-from_fen").first()
    sampled = is_sampled(claim.number)
    return (band.approvals if band is not None else 1) + sampled, sampled


def is_sampled(number: str) -> bool:
    """Whether a claim is drawn for the quality sample: the same draw whenever it is repeated with the seed."""
    rate = SamplingRate.objects.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on").first()
    if rate is None:
        return False
    draw = int.from_bytes(hashlib.sha256(f"{rate.seed}\n{number}".encode()).digest()[:8], "big")
    return draw % 1000 < rate.per_mille


def _decisions(claim: Claim) -> list[Decision]:
    return list(claim.decisions.filter(round=claim.round).order_by("stage"))


def _decide(claim: Claim, by: Any, outcome: str, reason: str, stage: int) -> None:
    try:
        with transaction.atomic():
            Decision.objects.create(
                claim=claim,
                round=claim.round,
                stage=stage,
                officer=by,
                outcome=outcome,
                reason=reason.strip(),
                determination=claim.determination,
            )
    except IntegrityError as problem:
        if "one_decision_per_officer" in str(problem):
            raise ClaimError(
                _("你在这次审核中已经决定过 %(number)s，要由另一人审批。") % {"number": claim.number}
            ) from None
        raise


def _chain(claim: Claim, by: Any) -> None:
    found = claim.determination
    chain.append(
        "decision",
        claim.number,
        {
            "outcome": claim.state,
            "measure": claim.measure,
            "claimant": f"{claim.claimant_kind}:{claim.claimant_key}",
            "amount_fen": claim.amount_fen,
            "receipt": found.receipt_hash if found is not None else None,
            "officers": [one.officer_id for one in _decisions(claim)],
            "last": by.pk,
            "reason": claim.reason,
        },
    )
