"""Whatever officers try in whatever order: a claim only goes where the table lets it, and everything is on record."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from casework import FAILED_HIRE, HIRE, ON, Officers, picture
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.claims import casework, overriding, proof, settling
from wenjiuye.platform.claims.blockers import whose_turn
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim, Decision, Override, Step
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.reviewing import approve, review, send_back
from wenjiuye.platform.claims.states import DECIDED, TRANSITIONS, State
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.record import chain

WHO = (
    "clerk",
    "reviewer",
    "second_reviewer",
    "approver",
    "second_approver",
    "accountant",
    "policy",
    "auditor",
)
STEPS = sorted(name for name, way in TRANSITIONS.items() if way.target is not None)


class Office(RuleBasedStateMachine):
    """Officers who try everything on a few claims."""

    officers: Officers
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.numbers: list[str] = []
        self.refused = self.taken = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def try_(self, work: Any) -> None:
        """Do something; a refusal must leave no trace."""
        before = list(Claim.objects.order_by("pk").values_list("pk", "state", "version"))
        steps = Step.objects.count()
        try:
            with transaction.atomic():
                work()
            self.taken += 1
        except (ClaimError, PermissionDenied):
            self.refused += 1
            assert list(Claim.objects.order_by("pk").values_list("pk", "state", "version")) == before
            assert Step.objects.count() == steps

    @initialize(
        target=claims,
        key=st.sampled_from([HIRE, FAILED_HIRE]),
        declared=st.sampled_from([{}, {"contract_months": 6}]),
    )
    def open(self, key: str, declared: dict[str, Any]) -> str:
        claim = open_claim(NewClaim("hiring_subsidy", key, ON, declared=declared), self.officers.clerk)
        self.numbers.append(claim.number)
        return claim.number

    @rule(
        number=claims,
        step=st.sampled_from(STEPS),
        who=st.sampled_from(WHO),
        reason=st.sampled_from(["", "有理由"]),
    )
    def step(self, number: str, step: str, who: str, reason: str) -> None:
        self.try_(lambda: take_step(number, step, getattr(self.officers, who), version=None, reason=reason))

    @rule(number=claims)
    def along(self, number: str) -> None:
        """What an office does on an ordinary day, so that late states are reached too."""
        state = State(Claim.objects.get(number=number).state)
        usual = {
            State.DRAFT: ("submit", self.officers.clerk),
            State.RETURNED: ("submit", self.officers.clerk),
            State.SUBMITTED: ("accept", self.officers.clerk),
            State.APPROVED: ("publish", self.officers.accountant),
            State.IN_PUBLICITY: ("confirm", self.officers.accountant),
            State.CONFIRMED: ("pay", self.officers.accountant),
            State.IN_PAYMENT: ("payment_made", self.officers.accountant),
        }
        if state in usual:
            name, by = usual[state]
            self.try_(lambda: take_step(number, name, by, version=None))

    @rule(number=claims, who=st.sampled_from(WHO), outcome=st.sampled_from(["grant", "refuse"]))
    def review(self, number: str, who: str, outcome: str) -> None:
        self.try_(lambda: review(number, getattr(self.officers, who), outcome, version=None, reason="看过了"))

    @rule(number=claims, who=st.sampled_from(WHO))
    def approve(self, number: str, who: str) -> None:
        self.try_(lambda: approve(number, getattr(self.officers, who), version=None))

    @rule(number=claims, who=st.sampled_from(WHO))
    def send_back(self, number: str, who: str) -> None:
        self.try_(lambda: send_back(number, getattr(self.officers, who), version=None, reason="再看"))

    @rule(number=claims, who=st.sampled_from(WHO), value=st.sampled_from([3, 6, 12, 24]))
    def settle(self, number: str, who: str, value: int) -> None:
        by = getattr(self.officers, who)
        self.try_(lambda: settling.settle(number, by, "contract_months", value, version=None, reason="原件"))

    @rule(number=claims, who=st.sampled_from(WHO))
    def comment_and_assign(self, number: str, who: str) -> None:
        by = getattr(self.officers, who)
        self.try_(lambda: casework.comment(number, by, "记一笔"))
        self.try_(lambda: casework.assign(number, by, self.officers.reviewer, version=None))

    @rule(number=claims, who=st.sampled_from(WHO), agree=st.booleans())
    def override(self, number: str, who: str, agree: bool) -> None:
        by = getattr(self.officers, who)

        def propose() -> None:
            paper = proof.attach(number, self.officers.clerk, picture(), "纪要.png", title="纪要")
            overriding.propose(
                number,
                self.officers.reviewer,
                verdict="eligible",
                amount_fen=1,
                reason="研究",
                evidence=paper.pk,
                version=None,
            )

        self.try_(propose)
        for found in Override.objects.filter(claim__number=number, approved_by=None, rejected_by=None):
            self.try_(
                lambda found=found: overriding.answer(
                    number, by, found.pk, agree=agree, reply="好", version=None
                )
            )

    @rule(number=claims)
    def stale(self, number: str) -> None:
        """Whoever looked at another version changes nothing."""
        seen = Claim.objects.get(number=number).version - 1
        taken = self.taken
        self.try_(lambda: take_step(number, "withdraw", self.officers.clerk, version=seen, reason="撤"))
        assert self.taken == taken

    @invariant()
    def everything_holds(self) -> None:
        for claim in Claim.objects.prefetch_related("steps", "decisions"):
            steps = list(claim.steps.all())
            assert [step.version for step in steps] == list(range(1, claim.version + 1))
            assert steps[-1].target == claim.state
            for before, after in pairwise(steps):
                assert after.source == before.target
                way = TRANSITIONS.get(after.name)
                if after.source != after.target:
                    assert way is not None
                    assert (way.target, State(after.source) in way.sources) == (after.target, True)
                if way is not None:
                    assert may(after.actor, way.action)
            assert claim.turn == whose_turn(claim, claim.decisions.all())
            for round_ in {one.round for one in claim.decisions.all()}:
                officers = [one.officer_id for one in claim.decisions.all() if one.round == round_]
                assert len(officers) == len(set(officers))
            if State(claim.state) in DECIDED:
                assert claim.verdict == "eligible"
                approvals = Decision.objects.filter(
                    claim=claim, round=claim.round, stage__gt=0, outcome="grant"
                )
                assert approvals.count() >= claim.approvals_needed
        assert chain.verify()[1] is None


@pytest.mark.django_db
def test_whatever_officers_try(officers: Officers):
    machine = type("OfficeNow", (Office,), {"officers": officers})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
