"""What stops a claim from going on, in sentences, and whose turn it is: computed here for pages, API and tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.facts import FactOnClaim, facts_on, read_by
from wenjiuye.platform.claims.models import Claim, ClaimEvidence, Decision, Determination
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.states import LIVE, OPEN_TURN, TRANSITIONS, Need, State, Turn
from wenjiuye.platform.registry.batches import newest_batch_time
from wenjiuye.rules.facts import Fact, Source


@dataclass(frozen=True)
class Blocker:
    """One thing that has to be settled. text: the sentence. turn: who can settle it. fact: its path, if it is one."""

    need: Need
    text: str
    turn: Turn
    fact: str = ""


@dataclass(frozen=True)
class Look:
    """A claim with everything that blockers look at, fetched before."""

    claim: Claim
    facts: list[FactOnClaim]
    decisions: list[Decision]
    evidence: list[ClaimEvidence]
    others: list[Claim]
    registry_changed: bool


def with_what_blocks(claims: Any) -> Any:
    """A queryset of claims with what `look` reads, in a fixed number of queries."""
    determination = Determination.objects.defer("receipt", "facts").select_related("override")
    return claims.select_related("assigned_to").prefetch_related(
        Prefetch("determination", queryset=determination),
        "statements",
        "settlements",
        "disputes",
        "evidence",
        "decisions",
        "overrides",
    )


def looks(claims: Iterable[Claim]) -> list[Look]:
    """Several claims, fetched by `with_what_blocks`, at two more queries for all."""
    rows = list(claims)
    others = _others(rows)
    newest = newest_batch_time()
    found = []
    for claim in rows:
        made = claim.determination.made_at if claim.determination is not None else None
        found.append(
            Look(
                claim,
                facts_on(
                    claim.statements.all(),
                    claim.settlements.all(),
                    read_by(rules_in_force.measure(claim.measure)),
                ),
                [one for one in claim.decisions.all() if one.round == claim.round],
                list(claim.evidence.all()),
                others.get(claim.pk, []),
                made is not None and newest is not None and newest > made,
            )
        )
    return found


def look(claim: Claim) -> Look:
    """One claim."""
    (row,) = with_what_blocks(Claim.objects.of_case().filter(pk=claim.pk))
    return looks([row])[0]


def _others(rows: list[Claim]) -> dict[int, list[Claim]]:
    """For each claim the others that ask for the same: one measure and subject, and a time in common."""
    condition = Q(pk__in=[])
    for claim in rows:
        condition |= Q(
            measure=claim.measure, subject_kind=claim.subject_kind, subject_key=claim.subject_key
        ) & ~Q(pk=claim.pk)
    live = Claim.objects.of_case().filter(condition, state__in=LIVE - {State.DRAFT})
    by_what: dict[tuple[str, str, str], list[Claim]] = {}
    for other in live.only(
        "number",
        "measure",
        "subject_kind",
        "subject_key",
        "period_from",
        "period_to",
        "applied_on",
        "created_at",
    ):
        by_what.setdefault((other.measure, other.subject_kind, other.subject_key), []).append(other)
    return {
        claim.pk: [
            other
            for other in by_what.get((claim.measure, claim.subject_kind, claim.subject_key), [])
            if other.pk != claim.pk and _time_in_common(claim, other)
        ]
        for claim in rows
    }


def _time_in_common(one: Claim, other: Claim) -> bool:
    if one.period_from and other.period_from:
        return bool(one.period_from <= other.period_to and other.period_from <= one.period_to)
    return bool(one.applied_on.year == other.applied_on.year)


# ── One function for each need


def _facts_agree(seen: Look) -> list[Blocker]:
    subject = rules_in_force.measure(seen.claim.measure).subject
    return [
        Blocker(
            Need.FACTS_AGREE,
            _("%(fact)s申报和登记不一致，还没有裁定。")
            % {"fact": rules_in_force.fact_title(subject, fact.path)},
            Turn.REVIEWER,
            fact.path,
        )
        for fact in seen.facts
        if fact.in_conflict
    ]


def _disputes_settled(seen: Look) -> list[Blocker]:
    subject = rules_in_force.measure(seen.claim.measure).subject
    return [
        Blocker(
            Need.DISPUTES_SETTLED,
            _("申请人对%(fact)s有异议，还没有答复。")
            % {"fact": rules_in_force.fact_title(subject, dispute.fact)},
            Turn.REVIEWER,
            dispute.fact,
        )
        for dispute in seen.claim.disputes.all()
        if dispute.status == "open"
    ]


def _determined(seen: Look) -> list[Blocker]:
    found = seen.claim.determination
    if found is None:
        return [Blocker(Need.DETERMINED, _("还没有判定。"), Turn.CLERK)]
    if seen.claim.verdict != Claim.Verdict.UNDETERMINED:
        if seen.claim.verdict == Claim.Verdict.ELIGIBLE and _sum_unknown(seen.claim):
            return [Blocker(Need.DETERMINED, _("符合条件，但金额还算不出来。"), Turn.REVIEWER)]
        return []
    subject = rules_in_force.measure(seen.claim.measure).subject
    conflicts = {fact.path for fact in seen.facts if fact.in_conflict}
    blockers = []
    for path in found.missing:
        if path in conflicts:
            continue
        fact = rules_in_force.fact_at(subject, path)
        judged = isinstance(fact, Fact) and fact.source is Source.JUDGEMENT
        text = _("%(fact)s待认定。") if judged else _("缺%(fact)s。")
        blockers.append(
            Blocker(
                Need.DETERMINED,
                text % {"fact": rules_in_force.title(fact)},
                Turn.REVIEWER if judged else Turn.CLAIMANT,
                path,
            )
        )
    return blockers or ([] if conflicts else [Blocker(Need.DETERMINED, _("判定为待定。"), Turn.REVIEWER)])


def _sum_unknown(claim: Claim) -> bool:
    measure = rules_in_force.measure(claim.measure)
    return measure.has_amount and not measure.ceiling and claim.amount_fen is None


def _rules_in_force(seen: Look) -> list[Blocker]:
    found = seen.claim.determination
    if found is not None and found.rules_version != rules_in_force.policy_in_force().version:
        return [Blocker(Need.RULES_IN_FORCE, _("判定之后规则有变化，要按现行规则重新判定。"), Turn.REVIEWER)]
    return []


def _facts_current(seen: Look) -> list[Blocker]:
    if seen.registry_changed:
        return [Blocker(Need.FACTS_CURRENT, _("判定之后登记库有更新，要重新判定。"), Turn.REVIEWER)]
    return []


def _evidence_complete(seen: Look) -> list[Blocker]:
    proved = {one.fact for one in seen.evidence}
    blockers = [
        Blocker(
            Need.EVIDENCE_COMPLETE,
            _("缺材料：%(evidence)s（证明%(fact)s）。")
            % {
                "evidence": fact.evidence_en if rules_in_force.lang() == "en" else fact.evidence_zh,
                "fact": rules_in_force.title(fact),
            },
            Turn.CLAIMANT,
            path,
        )
        for path, fact in evidence_asked(seen)
        if path not in proved
    ]
    blockers += [
        Blocker(
            Need.EVIDENCE_COMPLETE,
            _("%(title)s：%(note)s。") % {"title": one.title, "note": one.check_note.rstrip("。. ")},
            Turn.CLAIMANT,
            one.fact,
        )
        for one in seen.evidence
        if one.check_state == ClaimEvidence.Check.DOUBT
    ]
    return blockers


def evidence_asked(seen: Look) -> list[tuple[str, Fact]]:
    """The facts that the claimant has to prove: only the claimant says them, and their declaration names evidence."""
    subject = rules_in_force.measure(seen.claim.measure).subject
    asked = []
    for one in seen.facts:
        fact = rules_in_force.fact_at(subject, one.path)
        told_by_claimant = one.declared is not None and one.declared.value is not None
        known_otherwise = one.registry is not None and one.registry.value is not None
        if isinstance(fact, Fact) and fact.evidence_zh and told_by_claimant and not known_otherwise:
            asked.append((one.path, fact))
    return asked


def _eligible(seen: Look) -> list[Blocker]:
    if seen.claim.verdict == Claim.Verdict.INELIGIBLE:
        found = seen.claim.determination
        why = "；".join(one[rules_in_force.lang()] for one in found.failing) if found is not None else ""
        text = _("按规则不符合：%(why)s。") % {"why": why} if why else _("按规则不符合。")
        return [Blocker(Need.ELIGIBLE, text, Turn.REVIEWER)]
    return []


def _override_settled(seen: Look) -> list[Blocker]:
    return [
        Blocker(Need.OVERRIDE_SETTLED, _("推翻判定的提议还没有第二人答复。"), Turn.APPROVER)
        for override in seen.claim.overrides.all()
        if override.is_open
    ]


def _no_other_claim(seen: Look) -> list[Blocker]:
    return [
        Blocker(
            Need.NO_OTHER_CLAIM,
            _("同一对象的申请 %(number)s 已经在办，时间有重叠。") % {"number": other.number},
            Turn.REVIEWER,
        )
        for other in seen.others
        # The earlier one goes on.
        if (other.created_at, other.pk) < (seen.claim.created_at, seen.claim.pk)
    ]


def _reviewed(outcome: Outcome) -> Callable[[Look], list[Blocker]]:
    need = Need.REVIEWED_GRANT if outcome == Outcome.GRANT else Need.REVIEWED_REFUSE

    def check(seen: Look) -> list[Blocker]:
        first = _first_review(seen.decisions)
        if first is None:
            return [Blocker(need, _("还没有初审。"), Turn.REVIEWER)]
        if first.outcome != outcome:
            return [Blocker(need, _("初审意见不是这样，可以退回初审。"), Turn.APPROVER)]
        return []

    return check


def _approved_by_enough(seen: Look) -> list[Blocker]:
    if not seen.decisions:
        return []
    lacking = approvals_lacking(seen.claim, seen.decisions)
    if lacking > 0:
        return [
            Blocker(
                Need.APPROVED_BY_ENOUGH, _("还差 %(number)d 人审批。") % {"number": lacking}, Turn.APPROVER
            )
        ]
    return []


def approvals_lacking(claim: Claim, decisions: Sequence[Decision]) -> int:
    """How many approvals a round still needs; one for a refusal. decisions: those of the round."""
    first = _first_review(decisions)
    needed = 1 if first is not None and first.outcome == Outcome.REFUSE else claim.approvals_needed
    return int(needed) - sum(one.stage > 0 for one in decisions)


def _first_review(decisions: Sequence[Decision]) -> Decision | None:
    return next((one for one in decisions if one.stage == 0), None)


_CHECKS: Mapping[Need, Callable[[Look], list[Blocker]]] = {
    Need.FACTS_AGREE: _facts_agree,
    Need.DISPUTES_SETTLED: _disputes_settled,
    Need.DETERMINED: _determined,
    Need.RULES_IN_FORCE: _rules_in_force,
    Need.FACTS_CURRENT: _facts_current,
    Need.EVIDENCE_COMPLETE: _evidence_complete,
    Need.ELIGIBLE: _eligible,
    Need.OVERRIDE_SETTLED: _override_settled,
    Need.NO_OTHER_CLAIM: _no_other_claim,
    Need.REVIEWED_GRANT: _reviewed(Outcome.GRANT),
    Need.REVIEWED_REFUSE: _reviewed(Outcome.REFUSE),
    Need.APPROVED_BY_ENOUGH: _approved_by_enough,
}


def blockers_of_step(seen: Look, step: str) -> list[Blocker]:
    """What stops one step."""
    return [blocker for need in TRANSITIONS[step].needs for blocker in _CHECKS[need](seen)]


NEXT_STEP: Mapping[State, str] = {
    State.DRAFT: "submit",
    State.RETURNED: "submit",
    State.SUBMITTED: "accept",
    State.ACCEPTED: "review_grant",
    State.UNDER_REVIEW: "review_grant",
}
"""The step that a claim is on the way to."""


def blockers(seen: Look) -> list[Blocker]:
    """What stops a claim from its next step towards a grant, in the order in which it is best settled."""
    step = NEXT_STEP.get(State(seen.claim.state))
    if step is None:
        return []
    if seen.claim.state == State.UNDER_REVIEW and seen.decisions:
        first = seen.decisions[0]
        step = "approve" if first.outcome == Outcome.GRANT else "refuse"
        # What the approver is asked for is no obstacle on the way to the approver.
        return [one for one in blockers_of_step(seen, step) if one.need is not Need.APPROVED_BY_ENOUGH]
    return blockers_of_step(seen, step)


def whose_turn(claim: Claim, decisions: Iterable[Decision] = ()) -> Turn:
    """Who has to do the next step."""
    if claim.state == State.UNDER_REVIEW and any(one.round == claim.round for one in decisions):
        return Turn.APPROVER
    return OPEN_TURN.get(State(claim.state), Turn.NOBODY)
