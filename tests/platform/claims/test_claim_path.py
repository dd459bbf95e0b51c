"""A claim from the counter to the decision: who may do what, in which order, and what the database refuses."""

from __future__ import annotations

import pytest
from casework import FAILED_HIRE, HIRE, ON, Officers, fresh, go
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from wenjiuye.platform.claims import bulk
from wenjiuye.platform.claims.blockers import blockers, look, whose_turn
from wenjiuye.platform.claims.errors import Blocked, ChangedMeanwhile, ClaimError, NoSuchStep
from wenjiuye.platform.claims.models import ApprovalBand, Claim, Notice, SamplingRate, StateChange
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.reviewing import approve, review, send_back
from wenjiuye.platform.claims.states import TRANSITIONS, Need, State
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.context import on_record


def test_a_claim_opens_with_the_facts_of_the_registry_and_a_determination(draft: Claim):
    assert (draft.state, draft.verdict, draft.amount_fen, draft.county) == (
        "draft",
        "eligible",
        100_000,
        "weidu",
    )
    assert draft.determination.receipt["verdict"] == "eligible"
    assert {one.fact for one in draft.statements.all()} >= {"hired_on", "contract_months", "employer.size"}
    assert all(one.origin and one.as_of for one in draft.statements.all() if one.value is not None)
    assert [step.name for step in draft.steps.all()] == ["open", "determine"]


def test_from_the_counter_to_the_approved_decision(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=accepted.version)
    claim = fresh(accepted)
    assert (claim.state, claim.turn, claim.round) == ("under_review", "approver", 1)
    approve(claim.number, officers.approver, version=claim.version)
    claim = fresh(claim)
    assert (claim.state, claim.turn, claim.amount_fen) == ("approved", "accountant", 100_000)
    names = [step.name for step in claim.steps.all()]
    assert names == ["open", "determine", "submit", "accept", "take_up", "review_grant", "approve"]
    links, broken = chain.verify()
    assert (links >= 2, broken) == (True, None)
    assert set(Notice.objects.filter(claim=claim, step="approve").values_list("to", flat=True)) == {
        "claimant",
        "accountant",
    }


def test_whoever_reviewed_cannot_approve(accepted: Claim, officers: Officers):
    from wenjiuye.platform.accounts.models import Appointment

    Appointment.objects.create(user=officers.reviewer, role="approver", starts_on="2020-01-01")
    review(accepted.number, officers.reviewer, "grant", version=None)
    with pytest.raises(ClaimError, match="另一人"):
        approve(accepted.number, officers.reviewer, version=None)
    assert fresh(accepted).state == "under_review"


def test_a_large_sum_needs_two_approvers(accepted: Claim, officers: Officers):
    with on_record("tests", "band"):
        ApprovalBand.objects.filter(from_fen=10_000_00).update(from_fen=500_00)
    review(accepted.number, officers.reviewer, "grant", version=None)
    approve(accepted.number, officers.approver, version=None)
    assert fresh(accepted).state == "under_review"
    with pytest.raises(ClaimError, match="另一人"):
        approve(accepted.number, officers.approver, version=None)
    approve(accepted.number, officers.second_approver, version=None)
    assert fresh(accepted).state == "approved"


def test_the_quality_sample_asks_for_one_more_and_is_drawn_alike_every_time(
    accepted: Claim, officers: Officers
):
    with on_record("tests", "sample"):
        SamplingRate.objects.update(per_mille=1000)
    review(accepted.number, officers.reviewer, "grant", version=None)
    assert (fresh(accepted).approvals_needed, fresh(accepted).sampled) == (2, True)


def test_a_refusal_says_why_and_needs_an_approver(officers: Officers):
    claim = open_claim(NewClaim("hiring_subsidy", FAILED_HIRE, ON), officers.clerk)
    go(claim, "submit", officers.clerk)
    go(claim, "accept", officers.clerk)
    with pytest.raises(Blocked, match="不符合"):
        review(claim.number, officers.reviewer, "grant", version=None)
    with pytest.raises(ClaimError, match="理由"):
        review(claim.number, officers.reviewer, "refuse", version=None)
    review(claim.number, officers.reviewer, "refuse", version=None, reason="合同期限不足")
    approve(claim.number, officers.approver, version=None)
    claim = fresh(claim)
    assert (claim.state, claim.reason, claim.turn) == ("refused", "合同期限不足", "nobody")


def test_an_approver_who_does_not_agree_sends_back_and_the_review_begins_anew(
    accepted: Claim, officers: Officers
):
    review(accepted.number, officers.reviewer, "grant", version=None)
    send_back(accepted.number, officers.approver, version=None, reason="请核对合同")
    claim = fresh(accepted)
    assert (claim.state, claim.turn, claim.round) == ("under_review", "reviewer", 2)
    review(claim.number, officers.reviewer, "grant", version=None)
    approve(claim.number, officers.approver, version=None)
    assert fresh(claim).state == "approved"


def test_an_officer_who_looked_at_an_older_version_overwrites_nothing(accepted: Claim, officers: Officers):
    seen = accepted.version
    review(accepted.number, officers.reviewer, "grant", version=seen)
    with pytest.raises(ChangedMeanwhile, match="别人改过"):
        take_step(accepted.number, "return", officers.second_reviewer, version=seen, reason="缺章")
    assert fresh(accepted).state == "under_review"


def test_a_step_that_the_state_does_not_have_is_refused(draft: Claim, officers: Officers):
    with pytest.raises(NoSuchStep, match="草稿"):
        go(draft, "accept", officers.clerk)


@pytest.mark.parametrize("who", ["clerk", "accountant", "policy", "auditor"])
def test_only_a_reviewer_reviews(accepted: Claim, officers: Officers, who: str):
    with pytest.raises(PermissionDenied):
        review(accepted.number, getattr(officers, who), "grant", version=None)


def test_an_officer_of_another_county_does_not_even_find_the_claim(accepted: Claim):
    from casework import make_officer

    stranger = make_officer("stranger", "reviewer", "yuzhou")
    with pytest.raises(PermissionDenied):
        review(accepted.number, stranger, "grant", version=None)


def test_a_second_claim_for_the_same_waits_for_the_first(accepted: Claim, officers: Officers):
    second = open_claim(NewClaim("hiring_subsidy", HIRE, ON), officers.clerk)
    go(second, "submit", officers.clerk)
    with pytest.raises(Blocked, match=accepted.number):
        go(second, "accept", officers.clerk)
    assert Need.NO_OTHER_CLAIM not in {one.need for one in blockers(look(accepted))}


# ── The database


def raw(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("target", ["approved", "paid", "refused", "draft", "recovered"])
def test_raw_sql_cannot_jump_to_another_state(accepted: Claim, target: str):
    with pytest.raises(DatabaseError, match=r"cannot go from|enough officers"), on_record("attack", "raw"):
        raw("UPDATE claims_claim SET state = %s, version = version + 1 WHERE id = %s", target, accepted.pk)


def test_raw_sql_cannot_take_a_step_off_the_record(accepted: Claim):
    with pytest.raises(DatabaseError, match="not on record"), on_record("attack", "raw"):
        raw(
            "UPDATE claims_claim SET state = 'under_review', round = 1, version = version + 1 WHERE id = %s",
            accepted.pk,
        )


def test_raw_sql_cannot_change_a_claim_without_saying_who_and_why(accepted: Claim):
    # What was said before in this transaction, which a test never ends, no longer holds.
    raw("SELECT set_config('pghistory.context_id', '', true)")
    with pytest.raises(DatabaseError, match="who and why"):
        raw("UPDATE claims_claim SET version = version + 1 WHERE id = %s", accepted.pk)


def test_raw_sql_cannot_approve_with_fewer_officers_than_needed(accepted: Claim, officers: Officers):
    with on_record("tests", "band"):
        ApprovalBand.objects.update(approvals=2)
    review(accepted.number, officers.reviewer, "grant", version=None)
    approve(accepted.number, officers.approver, version=None)
    with pytest.raises(DatabaseError, match="enough officers"), on_record("attack", "raw"):
        raw("UPDATE claims_claim SET state = 'approved', version = version + 1 WHERE id = %s", accepted.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE claims_step SET reason = 'x'",
        "DELETE FROM claims_step",
        "UPDATE claims_determination SET verdict = 'ineligible'",
        "INSERT INTO claims_statechange (name, source, target) VALUES ('x', 'draft', 'paid')",
        "UPDATE claims_statechange SET target = 'paid'",
        "ALTER TABLE claims_claim DISABLE TRIGGER ALL",
        "ALTER TABLE claims_claim DROP CONSTRAINT claim_state_known",
        "TRUNCATE claims_claim CASCADE",
    ],
)
def test_the_application_cannot_loosen_the_rules_of_the_database(accepted: Claim, statement: str):
    with pytest.raises(DatabaseError), on_record("attack", "raw"):
        raw(statement)


def test_the_database_knows_exactly_the_ways_of_the_table(officers: Officers):
    wanted = {
        (way.name, source.value, way.target.value)
        for way in TRANSITIONS.values()
        if way.target
        for source in way.sources
    }
    assert set(StateChange.objects.values_list("name", "source", "target")) == wanted


def test_every_state_can_be_reached_and_every_one_that_is_not_an_end_can_be_left():
    reached = {way.target for way in TRANSITIONS.values()} | {State.DRAFT}
    left = {source for way in TRANSITIONS.values() if way.target for source in way.sources}
    assert reached - {None} == set(State)
    assert set(State) - left == {State.WITHDRAWN, State.RECOVERED}


def test_the_turn_that_is_kept_is_the_one_that_is_computed(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=None)
    claim = fresh(accepted)
    assert claim.turn == whose_turn(claim, claim.decisions.all())


# ── Many at once


def test_in_bulk_what_is_blocked_is_shown_before_and_stops_nobody_else(accepted: Claim, officers: Officers):
    other = open_claim(NewClaim("hiring_subsidy", FAILED_HIRE, ON), officers.clerk)
    go(other, "submit", officers.clerk)
    go(other, "accept", officers.clerk)
    numbers = [accepted.number, other.number]
    seen = bulk.preview(numbers, "review", officers.reviewer)
    assert [claim.number for claim in seen.ready] == [accepted.number]
    assert seen.sum_fen == 100_000
    versions = {number: Claim.objects.get(number=number).version for number in numbers}
    done = bulk.run(versions, "review", officers.reviewer)
    assert done.done == (accepted.number,)
    assert [number for number, _ in done.failed] == [other.number]
