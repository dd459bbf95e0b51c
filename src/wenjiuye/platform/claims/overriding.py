"""An officer's verdict in the place of the rules': with reason and evidence, in force when a second officer agrees."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import ClaimEvidence, Override
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.claims.steps import put_on_record, working_on
from wenjiuye.platform.record import chain


def propose(
    number: str,
    by: Any,
    *,
    verdict: str,
    amount_fen: int | None,
    reason: str,
    evidence: int,
    version: int | None,
) -> Override:
    """Propose another verdict than the rules'. It changes nothing until somebody else agrees."""
    if not reason.strip():
        raise ClaimError(_("请写明推翻判定的理由。"))
    if verdict not in ("eligible", "ineligible"):
        raise ClaimError(_("推翻后的结论只能是符合或不符合。"))
    with working_on(number, by, Action.OVERRIDE, version, "propose_override") as claim:
        if claim.state not in (State.ACCEPTED, State.UNDER_REVIEW) or claim.determination is None:
            raise ClaimError(_("只有已受理、审核中的申请可以推翻判定。"))
        proof = ClaimEvidence.objects.filter(claim=claim, pk=evidence).first()
        if proof is None:
            raise ClaimError(_("推翻判定要附一份材料。"))
        try:
            with transaction.atomic():
                found = Override.objects.create(
                    claim=claim,
                    determination=claim.determination,
                    verdict=verdict,
                    amount_fen=amount_fen if verdict == "eligible" else None,
                    reason=reason.strip(),
                    evidence=proof,
                    proposed_by=by,
                )
        except IntegrityError:
            raise ClaimError(_("这次判定已经有人提议推翻。")) from None
        put_on_record(claim, by, "propose_override", reason=reason.strip(), detail={"override": found.pk})
        return found


def answer(
    number: str, by: Any, override_id: int, *, agree: bool, reply: str, version: int | None
) -> Override:
    """A second officer agrees or not. Who proposed cannot."""
    if not reply.strip():
        raise ClaimError(_("请写明答复。"))
    with working_on(number, by, Action.APPROVE_OVERRIDE, version, "answer_override") as claim:
        found = Override.objects.select_for_update().filter(claim=claim, pk=override_id).first()
        if found is None or not found.is_open:
            raise ClaimError(_("这项提议已经答复过。"))
        if found.proposed_by_id == by.pk:
            raise ClaimError(_("推翻判定要由另一人同意。"))
        if agree:
            found.approved_by = by
        else:
            found.rejected_by = by
        found.settled_at, found.answer = timezone.now(), reply.strip()
        found.save()
        put_on_record(
            claim, by, "answer_override", reason=reply.strip(), detail={"override": found.pk, "agreed": agree}
        )
        claim.refresh_from_db()
        chain.append(
            "override",
            claim.number,
            {
                "agreed": agree,
                "verdict": found.verdict,
                "amount_fen": found.amount_fen,
                "proposed_by": found.proposed_by_id,
                "answered_by": by.pk,
                "reason": found.reason,
            },
        )
        return found
