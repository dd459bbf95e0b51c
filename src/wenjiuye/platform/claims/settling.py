"""Facts settled by officers, disputed by claimants, and what follows: a new determination with its difference shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.determining import (
    Difference,
    Outcome,
    ask_rules,
    determine_claim,
    difference,
    refresh,
)
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.facts import FactOnClaim, declare, facts_of, nested, plain
from wenjiuye.platform.claims.models import Claim, ClaimEvidence, Determination, Dispute, Settlement
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.claims.steps import put_on_record, working_on
from wenjiuye.platform.record import chain
from wenjiuye.rules.errors import FactError
from wenjiuye.rules.record import read_nested

OPEN_TO_CHANGE = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.UNDER_REVIEW})
"""States in which facts may still change."""


def redetermine(
    number: str, by: Any, *, version: int | None, action: Action = Action.REVIEW_CLAIM
) -> Difference | None:
    """Read the registry again, ask the rules in force, and say what changed. None: there was nothing before.

    action: what the officer does with the claim otherwise; looking at it is not enough.
    """
    with working_on(number, by, action, version, "determine") as claim:
        _check_open(claim)
        refresh(claim)
        return _again(claim, by, "determine")


def _again(
    claim: Claim, by: Any, step: str, *, reason: str = "", detail: Mapping[str, Any] | None = None
) -> Difference | None:
    before = claim.determination
    same_rules = before is not None and before.rules_version == rules_in_force.policy_in_force().version
    cause = Determination.Cause.FACTS if same_rules else Determination.Cause.RULES
    if claim.state == State.UNDER_REVIEW and claim.decisions.filter(round=claim.round).exists():
        # Whoever reviewed did so on other facts.
        claim.round += 1
    after = determine_claim(claim, by, cause if before is not None else Determination.Cause.FIRST)
    put_on_record(claim, by, step, reason=reason, detail={"determination": after.pk, **(detail or {})})
    return difference(before, after) if before is not None else None


def _check_open(claim: Claim) -> None:
    if State(claim.state) not in OPEN_TO_CHANGE:
        raise ClaimError(
            _("%(number)s 处于“%(state)s”，事实不能再改。")
            % {"number": claim.number, "state": claim.get_state_display()}
        )


def declare_facts(
    number: str, by: Any, declared: Mapping[str, Any], *, version: int | None
) -> Difference | None:
    """The claimant says more, or something else."""
    with working_on(number, by, Action.ENTER_CLAIM, version, "declare") as claim:
        _check_open(claim)
        declare(claim, declared, by, timezone.localdate())
        refresh(claim)
        return _again(claim, by, "declare", detail={"facts": sorted(declared)})


def settle(
    number: str, by: Any, path: str, value: Any, *, version: int | None, reason: str
) -> Difference | None:
    """An officer settles which value of a fact holds, or finds a fact that the office judges."""
    reason = reason.strip()
    if not reason:
        raise ClaimError(_("请写明裁定理由。"))
    with working_on(number, by, Action.SETTLE_FACT, version, "settle") as claim:
        _check_open(claim)
        _settle(claim, by, path, _read(claim, path, value), reason)
        return _again(claim, by, "settle", reason=reason, detail={"fact": path})


def _settle(claim: Claim, by: Any, path: str, value: Any, reason: str) -> None:
    said = {one.side: one.value for one in claim.statements.filter(fact=path)}
    Settlement.objects.update_or_create(
        claim=claim,
        fact=path,
        defaults={
            "value": value,
            "registry_value": said.get("registry"),
            "declared_value": said.get("declared"),
            "reason": reason,
            "settled_by": by,
        },
    )
    chain.append(
        "settlement", claim.number, {"fact": path, "value": value, "officer": by.pk, "reason": reason}
    )


def _read(claim: Claim, path: str, value: Any) -> Any:
    """A value as it is kept. ClaimError: what is wrong with it."""
    measure = rules_in_force.measure(claim.measure)
    try:
        rules_in_force.fact_at(measure.subject, path)
        return plain(measure, read_nested(measure.subject, nested({path: value})))[path]
    except KeyError:
        raise ClaimError(_("没有这项事实：%(fact)s。") % {"fact": path}) from None
    except FactError as problem:
        raise ClaimError(str(problem.message)) from None


def what_if(claim: Claim, path: str, values: list[Any]) -> list[tuple[Any, Outcome]]:
    """What the rules would say if a fact were settled as each of some values: shown before an officer chooses."""
    facts = facts_of(claim)
    found = []
    for value in values:
        changed = [
            FactOnClaim(path, value, one.declared, one.registry, one.settlement) if one.path == path else one
            for one in facts
        ]
        found.append((value, ask_rules(claim, changed)))
    return found


def dispute(
    number: str, by: Any, path: str, says: Any, *, evidence: int, version: int | None, reason: str
) -> Dispute:
    """The claimant says that a fact is wrong, with evidence."""
    if not reason.strip():
        raise ClaimError(_("请写明为什么不对。"))
    with working_on(number, by, Action.ENTER_CLAIM, version, "dispute") as claim:
        proof = ClaimEvidence.objects.filter(claim=claim, pk=evidence).first()
        if proof is None:
            raise ClaimError(_("异议要附一份材料。"))
        try:
            with transaction.atomic():
                found = Dispute.objects.create(
                    claim=claim,
                    fact=path,
                    says=_read(claim, path, says),
                    reason=reason.strip(),
                    evidence=proof,
                    raised_by=by,
                )
        except IntegrityError:
            raise ClaimError(_("这项事实的异议还没有答复，不能再提。")) from None
        put_on_record(claim, by, "dispute", reason=reason.strip(), detail={"fact": path, "dispute": found.pk})
        return found


def answer_dispute(
    number: str, by: Any, dispute_id: int, *, accept: bool, version: int | None, answer: str
) -> Difference | None:
    """An officer answers a dispute; one that is accepted settles the fact and re-determines."""
    answer = answer.strip()
    if not answer:
        raise ClaimError(_("请写明答复。"))
    with working_on(number, by, Action.SETTLE_FACT, version, "answer_dispute") as claim:
        found = Dispute.objects.select_for_update().filter(claim=claim, pk=dispute_id, status="open").first()
        if found is None:
            raise ClaimError(_("这项异议已经答复过。"))
        found.status = Dispute.Status.ACCEPTED if accept else Dispute.Status.REJECTED
        found.answered_by, found.answered_at, found.answer = by, timezone.now(), answer
        found.save()
        detail = {"fact": found.fact, "dispute": found.pk, "accepted": accept}
        if not accept:
            put_on_record(claim, by, "answer_dispute", reason=answer, detail=detail)
            return None
        _check_open(claim)
        _settle(claim, by, found.fact, found.says, answer)
        return _again(claim, by, "answer_dispute", reason=answer, detail=detail)
