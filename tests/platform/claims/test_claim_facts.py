"""Facts on a claim: two sides, conflicts that an officer settles, disputes, evidence, overrides, rules that changed."""

from __future__ import annotations

import datetime as dt

import pytest
from casework import HIRE, ON, Officers, fresh, go, picture
from django.db import DatabaseError, IntegrityError, connection, transaction

from wenjiuye.platform.claims import overriding, proof, rules_in_force, settling
from wenjiuye.platform.claims.blockers import blockers, evidence_asked, look
from wenjiuye.platform.claims.determining import repeats
from wenjiuye.platform.claims.errors import Blocked, ClaimError
from wenjiuye.platform.claims.facts import facts_of
from wenjiuye.platform.claims.models import Claim, Override, Statement
from wenjiuye.platform.claims.opening import NewClaim, Payee, open_claim
from wenjiuye.platform.claims.reviewing import approve, review
from wenjiuye.platform.claims.states import Need, Turn
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.batches import newest_batch_time
from wenjiuye.platform.registry.errors import UndoError
from wenjiuye.platform.registry.models import ImportBatch
from wenjiuye.platform.registry.undoing import undo_batch, why_not_undo

PATH = "contract_months"


@pytest.fixture
def disagreeing(officers: Officers) -> Claim:
    """The registry has a contract of 24 months, the claimant says 6; accepted."""
    claim = open_claim(NewClaim("hiring_subsidy", HIRE, ON, declared={PATH: 6}), officers.clerk)
    go(claim, "submit", officers.clerk)
    go(claim, "accept", officers.clerk)
    return fresh(claim)


def test_where_two_sides_disagree_the_fact_is_unknown_until_an_officer_settles_it(
    disagreeing: Claim, officers: Officers
):
    assert (disagreeing.verdict, disagreeing.open_conflicts) == ("undetermined", 1)
    (stop,) = blockers(look(disagreeing))
    assert (stop.need, stop.fact, stop.turn) == (Need.FACTS_AGREE, PATH, Turn.REVIEWER)
    with pytest.raises(Blocked, match="不一致"):
        review(disagreeing.number, officers.reviewer, "grant", version=None)

    outcomes = settling.what_if(disagreeing, PATH, [24, 6])
    assert [(value, one.answer.verdict.value) for value, one in outcomes] == [
        (24, "eligible"),
        (6, "ineligible"),
    ]
    assert fresh(disagreeing).verdict == "undetermined"

    changed = settling.settle(
        disagreeing.number, officers.reviewer, PATH, 24, version=None, reason="合同原件为 24 个月"
    )
    assert changed is not None
    assert changed.matters
    claim = fresh(disagreeing)
    assert (claim.verdict, claim.open_conflicts, blockers(look(claim))) == ("eligible", 0, [])
    shown = {fact["id"]: fact for fact in claim.determination.receipt["facts"]}
    assert shown[PATH]["source"] == "裁定"


def test_a_settlement_holds_only_for_the_two_values_that_stood_against_each_other(
    disagreeing: Claim, officers: Officers
):
    settling.settle(disagreeing.number, officers.reviewer, PATH, 24, version=None, reason="原件")
    settling.declare_facts(disagreeing.number, officers.clerk, {PATH: 3}, version=None)
    claim = fresh(disagreeing)
    assert (claim.verdict, claim.open_conflicts) == ("undetermined", 1)


def test_facts_that_agree_are_no_conflict_whatever_form_they_were_written_in(officers: Officers):
    claim = open_claim(NewClaim("hiring_subsidy", HIRE, ON, declared={PATH: "24"}), officers.clerk)
    assert (claim.verdict, claim.open_conflicts) == ("eligible", 0)


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({PATH: "二十四"}, "合同期限"),
        ({"no_such_fact": 1}, "没有这项事实"),
        ({"counted_in_epidemic_hiring": False}, "不能申报"),
    ],
)
def test_what_cannot_be_declared_is_said(officers: Officers, declared: dict[str, object], words: str):
    with pytest.raises(ClaimError, match=words):
        open_claim(NewClaim("hiring_subsidy", HIRE, ON, declared=declared), officers.clerk)
    assert Claim.objects.count() == 0


def test_a_subject_that_the_registry_does_not_have_is_said(officers: Officers):
    with pytest.raises(ClaimError, match="J-none"):
        open_claim(NewClaim("hiring_subsidy", "J-none", ON), officers.clerk)


def test_a_duty_of_offices_cannot_be_claimed(officers: Officers):
    quota = next(m for m in rules_in_force.policy_in_force().measures.values() if m.kind == "quota")
    with pytest.raises(ClaimError, match="不能申请"):
        open_claim(NewClaim(quota.id, HIRE, ON), officers.clerk)


# ── Evidence


def test_evidence_is_asked_for_what_only_the_claimant_says_and_for_nothing_else(officers: Officers):
    known = open_claim(NewClaim("hiring_subsidy", HIRE, ON, declared={PATH: 24}), officers.clerk)
    assert evidence_asked(look(known)) == []
    with on_record("tests", "the registry forgets"):
        Statement.objects.filter(claim=known, fact=PATH, side="registry").delete()
    assert [path for path, _ in evidence_asked(look(known))] == [PATH]


def test_a_file_with_a_doubt_stops_the_claim_until_it_is_cleared(accepted: Claim, officers: Officers):
    found = proof.attach(accepted.number, officers.clerk, picture(), "合同.png", title="劳动合同", fact=PATH)
    proof.check(accepted.number, officers.reviewer, found.pk, good=False, note="第 3 页没有章")
    with pytest.raises(Blocked, match="没有章"):
        review(accepted.number, officers.reviewer, "grant", version=None)
    proof.check(accepted.number, officers.reviewer, found.pk, good=True)
    review(accepted.number, officers.reviewer, "grant", version=None)


# ── Disputes


def test_an_accepted_dispute_determines_again_and_a_rejected_one_does_not(
    accepted: Claim, officers: Officers
):
    paper = proof.attach(accepted.number, officers.clerk, picture(), "合同.png", title="劳动合同", fact=PATH)
    said = settling.dispute(
        accepted.number, officers.clerk, PATH, 6, evidence=paper.pk, version=None, reason="登记错了"
    )
    with pytest.raises(Blocked, match="异议"):
        review(accepted.number, officers.reviewer, "grant", version=None)
    with pytest.raises(ClaimError, match="不能再提"):
        settling.dispute(
            accepted.number, officers.clerk, PATH, 7, evidence=paper.pk, version=None, reason="再提"
        )
    before = fresh(accepted).determination_id
    settling.answer_dispute(
        accepted.number, officers.reviewer, said.pk, accept=False, version=None, answer="原件为 24 个月"
    )
    assert fresh(accepted).determination_id == before
    again = settling.dispute(
        accepted.number, officers.clerk, PATH, 6, evidence=paper.pk, version=None, reason="补充了合同"
    )
    settling.answer_dispute(
        accepted.number, officers.reviewer, again.pk, accept=True, version=None, answer="属实"
    )
    assert fresh(accepted).verdict == "ineligible"


# ── Overrides


def propose(claim: Claim, officers: Officers) -> Override:
    paper = proof.attach(claim.number, officers.clerk, picture(), "会议纪要.png", title="会议纪要")
    return overriding.propose(
        claim.number,
        officers.reviewer,
        verdict="eligible",
        amount_fen=80_000,
        reason="经集体研究",
        evidence=paper.pk,
        version=None,
    )


def test_an_override_holds_only_when_a_second_officer_agrees(disagreeing: Claim, officers: Officers):
    settling.settle(disagreeing.number, officers.reviewer, PATH, 6, version=None, reason="原件")
    found = propose(disagreeing, officers)
    assert fresh(disagreeing).verdict == "ineligible"
    with pytest.raises(Blocked, match="第二人"):
        review(disagreeing.number, officers.reviewer, "grant", version=None)
    overriding.answer(disagreeing.number, officers.approver, found.pk, agree=True, reply="同意", version=None)
    claim = fresh(disagreeing)
    assert (claim.verdict, claim.amount_fen) == ("eligible", 80_000)
    review(claim.number, officers.reviewer, "grant", version=None)
    approve(claim.number, officers.approver, version=None)
    assert fresh(claim).state == "approved"


def test_the_database_wants_two_for_an_override(disagreeing: Claim, officers: Officers):
    found = propose(disagreeing, officers)
    with (
        pytest.raises(IntegrityError, match="override_by_two"),
        transaction.atomic(),
        on_record("attack", "raw"),
    ):
        Override.objects.filter(pk=found.pk).update(approved_by=officers.reviewer)


def test_new_facts_leave_an_override_of_older_ones_behind(disagreeing: Claim, officers: Officers):
    settling.settle(disagreeing.number, officers.reviewer, PATH, 6, version=None, reason="原件")
    found = propose(disagreeing, officers)
    overriding.answer(disagreeing.number, officers.approver, found.pk, agree=True, reply="同意", version=None)
    settling.settle(disagreeing.number, officers.reviewer, PATH, 24, version=None, reason="又看了一遍")
    assert (fresh(disagreeing).verdict, fresh(disagreeing).amount_fen) == ("eligible", 100_000)


# ── Rules and registry that changed


def test_a_claim_on_older_rules_is_brought_to_those_in_force_with_the_difference(
    accepted: Claim, officers: Officers, monkeypatch: pytest.MonkeyPatch
):
    from wenjiuye.policy.xuchang_2020_31 import policy

    raised = policy().with_values({"hiring_subsidy_amount": "1500.00"})
    monkeypatch.setattr(rules_in_force, "policy_in_force", lambda: raised)
    (stop,) = blockers(look(accepted))
    assert stop.need is Need.RULES_IN_FORCE
    with pytest.raises(Blocked, match="规则有变化"):
        review(accepted.number, officers.reviewer, "grant", version=None)
    changed = settling.redetermine(accepted.number, officers.reviewer, version=None)
    assert changed is not None
    assert (changed.rules_changed, changed.matters) == (True, True)
    assert (changed.before.amount_fen, changed.after.amount_fen) == (100_000, 150_000)


def test_a_registry_that_changed_since_asks_for_a_new_determination(accepted: Claim, officers: Officers):
    assert newest_batch_time() is not None
    with on_record("tests", "later batch"):
        ImportBatch.objects.update(loaded_at=accepted.determination.made_at + dt.timedelta(hours=1))
    assert [one.need for one in blockers(look(accepted))] == [Need.FACTS_CURRENT]


def test_a_determination_can_be_repeated_from_what_was_kept(accepted: Claim):
    assert repeats(accepted.determination)


def test_the_facts_of_a_claim_stand_in_the_order_in_which_the_measure_reads_them(draft: Claim):
    assert [fact.path for fact in facts_of(draft)][:2] == ["hired_on", "employer.size"]


def test_a_bank_account_stands_encrypted_in_the_database(officers: Officers):
    claim = open_claim(
        NewClaim("hiring_subsidy", HIRE, ON, payee=Payee("禾木家居", "许昌银行", "6222 0000 1234 5678")),
        officers.clerk,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT payee_account, payee_account_hash FROM claims_claim WHERE id = %s", [claim.pk])
        stored, found_by = (bytes(one) for one in cursor.fetchone())
    assert b"1234" not in stored
    assert len(found_by) == 32
    assert fresh(claim).payee_account == "6222 0000 1234 5678"


def test_a_determination_cannot_be_put_on_another_claim(accepted: Claim, officers: Officers):
    other = open_claim(NewClaim("hiring_subsidy", "J02", ON), officers.clerk)
    with (
        pytest.raises(DatabaseError, match="not one of claim"),
        transaction.atomic(),
        on_record("attack", "raw"),
    ):
        Claim.objects.filter(pk=accepted.pk).update(
            determination=other.determination_id, version=accepted.version + 1
        )


def test_a_batch_that_a_claim_is_about_cannot_be_taken_back(draft: Claim, officers: Officers):
    batch = ImportBatch.objects.get()
    assert any(draft.number in sentence for sentence in why_not_undo(batch))
    with pytest.raises(UndoError, match=draft.number):
        undo_batch(batch, "错了")
