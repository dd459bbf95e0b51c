"""Claims in any state for the tests of pages, made along the ways that the database allows."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.facts import read_by
from wenjiuye.platform.claims.models import Claim, Decision, Determination, Statement, Step
from wenjiuye.platform.claims.states import OPEN_TURN, TRANSITIONS, State, Turn
from wenjiuye.platform.record.context import on_record

MEASURE = "hiring_subsidy"
_numbers = itertools.count(1)


def appoint(user: User, role: Role, county: str = "") -> User:
    """One more post for an officer."""
    Appointment.objects.create(user=user, role=role, county=county, starts_on=dt.date(2020, 1, 1))
    return user


def make_claim(
    by: User,
    state: State = State.SUBMITTED,
    *,
    verdict: str = "eligible",
    fen: int | None = 100_000,
    low: int = 0,
    reviewer: User | None = None,
    missing: tuple[str, ...] = (),
    failing: tuple[dict[str, str], ...] = (),
    conflicts: int = 0,
    since_days: int = 0,
    **more: Any,
) -> Claim:
    """A claim in a state. reviewer: has reviewed it already, so that it is the approver's turn.

    fen: the sum, or the most while it is open. since_days: calendar days in this stage. more: fields of the claim.
    """
    number = next(_numbers)
    measure = rules_in_force.measure(more.pop("measure", MEASURE))
    applied = dt.date.fromisoformat(str(more.pop("applied_on", "2020-12-01")))
    late = {name: more.pop(name) for name in ("due_on", "assigned_to") if name in more}
    fields = {
        "number": f"{applied:%y%m%d}-{number:06d}",
        "measure": measure.id,
        "clause": measure.clause,
        "subject_kind": measure.subject.id,
        "subject_key": f"S{number}",
        "claimant_kind": "enterprise",
        "claimant_key": f"E{number}",
        "claimant_name": "众诚电气有限公司",
        "county": "weidu",
        "source": "counter",
        "applied_on": applied,
        "created_by": by,
        **more,
    }
    with on_record(by, "test"):
        claim = Claim.objects.create(**fields)
        Step.objects.create(claim=claim, version=1, name="open", target="draft", actor=by)
        claim.determination = _determination(claim, verdict, fen, low, missing, failing)
        if conflicts:
            _conflict(claim)
        claim.open_conflicts = conflicts
        _walk(claim, by, state, reviewer)
        claim.since = timezone.now() - dt.timedelta(days=since_days)
        for name, value in late.items():
            setattr(claim, name, value)
        _save(claim, by, "test")
    claim.refresh_from_db()
    return claim


def _determination(
    claim: Claim, verdict: str, fen: int | None, low: int, missing: Any, failing: Any
) -> Determination:
    return Determination.objects.create(
        claim=claim,
        cause="first",
        on=claim.applied_on,
        rules_version=rules_in_force.policy_in_force().version,
        facts={},
        receipt={},
        receipt_hash="0" * 64,
        missing=list(missing),
        failing=list(failing),
        verdict=verdict,
        amount_fen=fen if verdict == "eligible" else None,
        low_fen=fen if verdict == "eligible" else low,
        high_fen=0 if verdict == "ineligible" else fen,
    )


def _conflict(claim: Claim) -> None:
    """The registry and the claimant disagree about the first fact that the measure reads."""
    fact = read_by(rules_in_force.measure(claim.measure))[0]
    for side, value in (("registry", 12), ("declared", 24)):
        Statement.objects.create(claim=claim, fact=fact, side=side, value=value)


def _walk(claim: Claim, by: User, state: State, reviewer: User | None) -> None:
    for step in _way(state):
        if step.target in (State.APPROVED, State.REFUSED):
            _decide(claim, by, "grant" if step.target == State.APPROVED else "refuse")
        claim.state = step.target
        claim.reason = "测试理由" if step.reason else ""
        if step.target == State.UNDER_REVIEW:
            claim.round += 1
        claim.turn = OPEN_TURN.get(State(step.target), Turn.NOBODY)
        _save(claim, by, step.name)
    if reviewer is not None and state == State.UNDER_REVIEW:
        _decision(claim, reviewer, 0, "grant")
        claim.turn = Turn.APPROVER
        _save(claim, reviewer, "review_grant")


def _way(state: State) -> list[Any]:
    """The shortest way from a draft to a state."""
    ways: dict[str, list[Any]] = {State.DRAFT: []}
    reached = [State.DRAFT]
    for here in reached:
        for step in TRANSITIONS.values():
            if step.target is not None and here in step.sources and step.target not in ways:
                ways[step.target] = [*ways[here], step]
                reached.append(step.target)
    return ways[state]


def _decide(claim: Claim, by: User, outcome: str) -> None:
    first = User.objects.get_or_create(username="first_reviewer", defaults={"name": "初审"})[0]
    _decision(claim, first, 0, outcome)
    _decision(claim, by, 1, outcome)


def _decision(claim: Claim, officer: User, stage: int, outcome: str) -> None:
    Decision.objects.create(
        claim=claim,
        round=claim.round,
        stage=stage,
        officer=officer,
        outcome=outcome,
        reason="测试理由",
        determination=claim.determination,
    )


def send_back(claim: Claim, by: User) -> None:
    """The approver does not agree: another round of review."""
    with on_record(by, "test"):
        claim.round += 1
        claim.turn = Turn.REVIEWER
        _save(claim, by, "send_back")


def _save(claim: Claim, by: User, name: str) -> None:
    source = Claim.objects.of_case().values_list("state", flat=True).get(pk=claim.pk)
    claim.version += 1
    claim.save()
    Step.objects.create(
        claim=claim, version=claim.version, name=name, source=source, target=claim.state, actor=by
    )
