"""Steps taken from the page of a claim: whole or not at all, never twice, and nothing that was typed is lost."""

from __future__ import annotations

import json
import re
import zipfile

import pytest
from case_factory import CONTRACT, attach, make_case, make_conflict, page, post, text_of, url
from casework import FAILED_HIRE, HIRE, ON, Officers, fresh
from officers import signed_in

from wenjiuye.platform.accounts.models import Appointment
from wenjiuye.platform.claims import settling
from wenjiuye.platform.claims.models import Claim, Comment, Override
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.reviewing import approve, review
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.desk.case_file import EXPORT_FILE
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import results_folder, run
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.services import data_of
from wenjiuye.platform.privacy.models import PersonalDataAccess


@pytest.fixture
def submitted(draft: Claim, officers: Officers) -> Claim:
    take_step(draft.number, "submit", officers.clerk, version=None)
    return fresh(draft)


# ── On, with the letters that steps call for


def test_from_draft_to_decision_from_the_page(draft: Claim, officers: Officers):
    clerk, reviewer, approver = (
        signed_in(one) for one in (officers.clerk, officers.reviewer, officers.approver)
    )
    for client, step in (
        (clerk, "submit"),
        (clerk, "accept"),
        (reviewer, "review/grant"),
        (approver, "approve"),
    ):
        answer = post(client, draft, step)
        assert (answer.status_code, answer.url) == (302, url(draft)), step
    claim = fresh(draft)
    assert (claim.state, claim.turn) == ("approved", "accountant")
    kinds = list(Letter.objects.filter(claim=claim.number).order_by("made_at").values_list("kind", flat=True))
    assert kinds == ["accepted", "granted"]
    shown = page(officers.approver, claim)
    address = re.search(rf'href="({url(claim)}letters/[^"]+)"', shown)[1]
    letter = clerk.get(address)
    assert letter.content.startswith(b"%PDF-")
    assert letter["Content-Type"] == "application/pdf"


def test_the_receipt_says_until_when_it_is_decided_at_the_latest(submitted: Claim, officers: Officers):
    attach(submitted, officers.clerk)
    post(signed_in(officers.clerk), submitted, "accept")
    told = data_of(Letter.objects.get(claim=submitted.number))
    assert (told.working_days, told.received[0].file) == (11, "contract.png")
    assert told.matter.office.zh == "许昌市魏都区人力资源和社会保障局"
    assert told.matter.number.startswith("魏人社就受〔")


def test_a_return_asks_for_all_that_is_lacking_at_once(officers: Officers):
    claim = open_claim(NewClaim("graduate_flexible_insurance_subsidy", "P11", ON), officers.clerk)
    take_step(claim.number, "submit", officers.clerk, version=None)
    proof = attach(claim, officers.clerk, title="身份证")
    from wenjiuye.platform.claims.proof import check

    take_step(claim.number, "accept", officers.clerk, version=None)
    check(claim.number, officers.reviewer, proof.pk, good=False, note="照片模糊")
    post(signed_in(officers.reviewer), claim, "return", reason="请补缴费凭证。")
    told = data_of(Letter.objects.get(claim=claim.number, kind="correction"))
    assert [one.what.zh for one in told.wanted] == ["请补缴费凭证。", "身份证：照片模糊。"]
    assert told.by == fresh(claim).due_on


@pytest.mark.parametrize(
    ("reason", "grounds"), [("合同期限不少于12个月", ()), ("材料经查不实", ("材料经查不实",))]
)
def test_a_refusal_letter_names_the_condition_once_and_other_grounds_in_full(
    officers: Officers, reason: str, grounds: tuple[str, ...]
):
    claim = make_case(officers, FAILED_HIRE)
    post(signed_in(officers.reviewer), claim, "review/refuse", reason=reason)
    post(signed_in(officers.approver), claim, "approve")
    assert fresh(claim).state == "refused"
    told = data_of(Letter.objects.get(claim=claim.number, kind="refused"))
    assert tuple(one.zh for one in told.grounds) == grounds


def test_without_its_letter_a_step_is_not_taken(submitted: Claim, officers: Officers, data_folder):
    data_folder.mkdir(parents=True, exist_ok=True)
    (data_folder / "offices.toml").write_text('[weidu]\nphone = "1"\n')
    answer = post(signed_in(officers.clerk), submitted, "accept")
    assert answer.status_code == 422
    assert "offices.toml 的 [weidu] phone 不能用" in answer.content.decode()
    assert fresh(submitted).state == "submitted"
    (data_folder / "offices.toml").write_text('[weidu]\ncontact_zh = "三楼 12 号窗口"\n')
    assert post(signed_in(officers.clerk), submitted, "accept").status_code == 302
    assert data_of(Letter.objects.get(claim=submitted.number)).matter.contact.zh == "三楼 12 号窗口"


def test_a_claim_that_needs_two_approvers_says_how_many_are_lacking(accepted: Claim, officers: Officers):
    from wenjiuye.platform.claims.models import ApprovalBand
    from wenjiuye.platform.record.context import on_record

    with on_record("tests", "band"):
        ApprovalBand.objects.update(approvals=2)
    review(accepted.number, officers.reviewer, "grant", version=None)
    assert "同意，送下一位审批人" in page(officers.approver, accepted)
    post(signed_in(officers.approver), accepted, "approve")
    assert "你在这次审核中已经决定过" in page(officers.approver, accepted)
    post(signed_in(officers.second_approver), accepted, "approve")
    assert fresh(accepted).state == "approved"


def test_an_approver_sends_back_with_a_reason(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=None)
    client = signed_in(officers.approver)
    refused = post(client, accepted, "send-back", form="send_back")
    assert refused.status_code == 422
    assert "请写明退回初审的理由" in refused.content.decode()
    assert post(client, accepted, "send-back", reason="合同要看原件").status_code == 302
    assert (fresh(accepted).turn, fresh(accepted).round) == ("reviewer", 2)


@pytest.mark.parametrize(
    "step", ["withdraw", "appeal", "appeal/uphold", "appeal/dismiss", "suspend", "reopen"]
)
def test_steps_aside_follow_the_table(officers: Officers, step: str):
    claim = make_case(officers, FAILED_HIRE if step.startswith("appeal") else HIRE)
    clerk, approver = signed_in(officers.clerk), signed_in(officers.approver)
    if step.startswith("appeal"):
        review(claim.number, officers.reviewer, "refuse", version=None, reason="不符合")
        approve(claim.number, officers.approver, version=None)
        if "/" in step:
            take_step(claim.number, "appeal", officers.clerk, version=None, reason="有新材料")
    elif step != "withdraw":
        review(claim.number, officers.reviewer, "grant", version=None)
        approve(claim.number, officers.approver, version=None)
    client = clerk if step in ("withdraw", "appeal") else approver
    assert f'action="{url(claim, step)}/"' in page(
        officers.clerk if client is clerk else officers.approver, claim
    )
    assert post(client, claim, step, reason="写明的理由").status_code == 302
    wanted = {"withdraw": "withdrawn", "appeal": "under_appeal", "appeal/uphold": "under_review",
              "appeal/dismiss": "refused", "suspend": "suspended", "reopen": "under_review"}  # fmt: skip
    assert fresh(claim).state == wanted[step]


# ── Stopped, too late, twice


def test_what_stops_a_step_is_listed_and_nothing_happens(officers: Officers):
    claim = make_conflict(officers)
    answer = post(signed_in(officers.reviewer), claim, "review/grant", form="review_grant")
    assert answer.status_code == 409
    assert "没有办成，先要解决： 合同期限申报和登记不一致" in text_of(answer.content.decode())
    assert fresh(claim).version == claim.version


def test_whoever_was_slower_sees_what_changed_and_keeps_what_was_typed(accepted: Claim, officers: Officers):
    seen = accepted.version
    review(accepted.number, officers.reviewer, "grant", version=seen)
    answer = post(
        signed_in(officers.second_reviewer),
        accepted,
        "return",
        version=seen,
        reason="合同第 3 页缺章，请补。",
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"没有保存：别人刚改过这一件.*初审同意 reviewer", text_of(html))
    assert ">合同第 3 页缺章，请补。</textarea>" in html
    assert f'name="version" value="{fresh(accepted).version}"' in html
    assert fresh(accepted).state == "under_review"


def test_a_reason_that_was_typed_for_a_fact_is_kept_with_the_choice(officers: Officers):
    claim = make_conflict(officers)
    seen = claim.version
    attach(claim, officers.clerk, title="新材料")
    answer = post(
        signed_in(officers.reviewer), claim, "settle", form=f"settle:{CONTRACT}", version=seen,
        fact=CONTRACT, side="declared", reason="看过原件",
    )  # fmt: skip
    html = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r'name="side" value="declared" required checked', html)
    assert 'value="看过原件"' in html


@pytest.mark.parametrize("times", [2, 3])
def test_pressed_twice_a_step_is_taken_once_and_nobody_is_alarmed(
    accepted: Claim, officers: Officers, times: int
):
    client = signed_in(officers.reviewer)
    for number in range(times):
        answer = post(client, accepted, "review/grant", version=accepted.version)
        assert answer.status_code == 302
        shown = text_of(client.get(url(accepted)).content.decode())
        assert ("这一步已经办好了，没有办第二次" in shown) is (number > 0)
    assert fresh(accepted).decisions.count() == 1


def test_a_note_sent_twice_stands_once(accepted: Claim, officers: Officers):
    client = signed_in(officers.approver)
    for _ in range(2):
        assert post(client, accepted, "comment", reason="请看第 3 页").status_code == 302
    assert Comment.objects.filter(claim=accepted).count() == 1
    assert post(client, accepted, "comment", reason="  ").status_code == 422


def test_a_form_without_a_version_changes_nothing(accepted: Claim, officers: Officers):
    answer = signed_in(officers.reviewer).post(url(accepted, "return/"), {"reason": "x"})
    assert answer.status_code == 409
    assert fresh(accepted).version == accepted.version


def test_a_step_opened_as_a_page_leads_to_the_claim(accepted: Claim, officers: Officers):
    answer = signed_in(officers.reviewer).get(url(accepted, "review/grant/"))
    assert (answer.status_code, answer.url) == (302, url(accepted))


# ── Facts


def test_settling_a_conflict_takes_the_side_and_the_reason(officers: Officers):
    claim = make_conflict(officers)
    client = signed_in(officers.reviewer)
    refused = post(
        client, claim, "settle", form=f"settle:{CONTRACT}", fact=CONTRACT, side="declared", reason=" "
    )
    assert refused.status_code == 422
    assert "请写明裁定理由" in refused.content.decode()
    answer = post(client, claim, "settle", fact=CONTRACT, side="declared", reason="看过合同原件")
    assert answer.url == f"{url(claim)}#facts"
    assert (fresh(claim).verdict, fresh(claim).open_conflicts) == ("eligible", 0)


def test_a_value_that_cannot_be_read_is_told_at_its_field_with_one_that_can(officers: Officers):
    claim = open_claim(NewClaim("hire_tax_deduction", "E01", ON), officers.clerk)
    client = signed_in(officers.clerk)
    answer = post(
        client, claim, "declare", form="declare:income_tax_due", fact="income_tax_due", value="12,x"
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "不是数字：12,x。请写成 913.20 这样。" in text_of(html)
    assert re.search(r'id="declare-income_tax_due"[^>]*value="12,x"[^>]*aria-invalid="true"', html)
    assert post(client, claim, "declare", fact="income_tax_due", value="900").status_code == 302
    assert fresh(claim).determination.facts["income_tax_due"] == "900.00"


def test_an_objection_needs_evidence_and_is_answered_by_a_reviewer(accepted: Claim, officers: Officers):
    proof = attach(accepted, officers.clerk)
    clerk, reviewer = signed_in(officers.clerk), signed_in(officers.reviewer)
    typed = {"fact": CONTRACT, "value": "36", "reason": "签的是三年"}
    assert post(clerk, accepted, "dispute", **typed).status_code == 422
    assert post(clerk, accepted, "dispute", evidence=proof.pk, **typed).status_code == 302
    shown = text_of(page(officers.reviewer, accepted))
    assert "申请人主张：36个月。签的是三年" in shown
    assert "申请人对合同期限有异议，还没有答复" in shown
    (dispute,) = accepted.disputes.all()
    answer = post(reviewer, accepted, f"dispute/{dispute.pk}", accept="yes", reason="合同写明三年")
    assert answer.status_code == 302
    assert fresh(accepted).determination.facts[CONTRACT] == 36


def test_whoever_only_looks_cannot_have_the_rules_asked_again(accepted: Claim, officers: Officers):
    assert post(signed_in(officers.auditor), accepted, "determine").status_code == 403
    assert post(signed_in(officers.clerk), accepted, "determine").status_code == 302
    assert accepted.determinations.count() == 2


# ── Overrides


def test_an_override_is_proposed_with_evidence_and_answered_by_another(officers: Officers):
    claim = make_case(officers, FAILED_HIRE)
    reviewer, approver = signed_in(officers.reviewer), signed_in(officers.approver)
    assert "先上传能证明的材料" in page(officers.reviewer, claim)
    proof = attach(claim, officers.clerk)
    typed = {"verdict": "eligible", "evidence": proof.pk, "reason": "续签的合同也算"}
    refused = post(reviewer, claim, "override", amount="一千", **typed)
    assert refused.status_code == 422
    assert "“一千”不是金额。请写成 1000.00 这样。" in refused.content.decode()
    assert post(reviewer, claim, "override", amount="1,000", **typed).status_code == 302
    override = Override.objects.get(claim=claim)
    assert f'action="{url(claim)}override/{override.pk}/"' not in page(officers.reviewer, claim)
    assert f'action="{url(claim)}override/{override.pk}/"' in page(officers.approver, claim)
    answer = post(approver, claim, f"override/{override.pk}", agree="yes", reason="同意，附续签合同")
    assert answer.status_code == 302
    assert (fresh(claim).verdict, fresh(claim).amount_fen) == ("eligible", 100_000)
    post(reviewer, claim, "review/grant")
    assert post(approver, claim, "approve").status_code == 302
    told = data_of(Letter.objects.get(claim=claim.number, kind="granted"))
    assert (told.amount_fen, told.reasons.conditions) == (100_000, ())


# ── Handing over, the claimant's file


def test_a_claim_is_handed_to_an_officer_of_the_place(accepted: Claim, officers: Officers):
    client = signed_in(officers.reviewer)
    post(client, accepted, "assign", to=officers.second_reviewer.pk, reason="我休假")
    assert fresh(accepted).assigned_to == officers.second_reviewer
    assert "轮到：审核员 second_reviewer" in text_of(page(officers.reviewer, accepted))
    assert post(client, accepted, "assign", to=officers.auditor.pk).status_code == 422
    assert post(client, accepted, "assign", to=99999).status_code == 422
    post(client, accepted, "assign", to="")
    assert fresh(accepted).assigned_to is None


def test_a_step_taken_for_an_absent_colleague_says_so(accepted: Claim, officers: Officers):
    import datetime as dt

    from casework import make_officer

    from wenjiuye.platform.accounts.models import Substitution

    away = officers.reviewer
    helper = make_officer("helper", "supervisor")
    Appointment.objects.filter(user=helper).delete()
    today = dt.date.today()
    Substitution.objects.create(
        absent=away,
        substitute=helper,
        starts_on=today - dt.timedelta(1),
        ends_on=today + dt.timedelta(1),
        reason="年休假",
    )
    assert post(signed_in(helper), accepted, "review/grant").status_code == 302
    assert "初审同意 helper 代 reviewer" in text_of(page(officers.auditor, accepted))


def test_the_file_of_a_claimant_holds_all_that_is_kept(accepted: Claim, officers: Officers):
    settling.settle(accepted.number, officers.reviewer, CONTRACT, 24, version=None, reason="核对原件")
    post(signed_in(officers.reviewer), accepted, "review/grant")
    post(signed_in(officers.approver), accepted, "approve")
    client = signed_in(officers.reviewer)
    assert post(client, accepted, "file", reason="").status_code == 422
    answer = post(client, accepted, "file", reason="当事人申请查阅")
    assert answer.url == "/jobs/"
    job = BackgroundJob.objects.get(kind=EXPORT_FILE)
    run(str(job.pk))
    job.refresh_from_db()
    assert job.state == "done", job.message
    with zipfile.ZipFile(results_folder() / job.result) as archive:
        names = archive.namelist()
        registry = json.loads(archive.read("registry.json"))
        claim = json.loads(archive.read(f"claims/{accepted.number}.json"))
        letters = [name for name in names if name.startswith("letters/")]
        assert archive.read(letters[0]).startswith(b"%PDF-")
    assert {"enterprise", "employment", "contribution"} <= set(registry)
    assert len(claim["determinations"]) == 2
    assert [one["reason"] for one in claim["settlements"]] == ["核对原件"]
    assert PersonalDataAccess.objects.get(kind="file").reason == "当事人申请查阅"


def test_approved_in_bulk_a_claim_has_its_letter(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=None)
    version = Claim.objects.get(pk=accepted.pk).version
    sent = {"step": "approve", "version": [f"{accepted.number}:{version}"], "query": ""}
    job = signed_in(officers.approver).post("/bulk/", sent).headers["Location"].split("/")[-2]
    run(job)
    assert Letter.objects.filter(claim=accepted.number, kind="granted").count() == 1


def test_a_letter_that_a_step_did_not_issue_is_issued_from_the_page_once(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=None)
    approve(accepted.number, officers.approver, version=None)
    assert "这一步的文书还没有出具" in page(officers.approver, accepted)
    assert "这一步的文书还没有出具" not in page(officers.reviewer, accepted)
    assert post(signed_in(officers.auditor), accepted, "letters").status_code == 403
    client = signed_in(officers.approver)
    for _ in range(2):
        assert post(client, accepted, "letters").status_code == 302
    assert Letter.objects.filter(claim=accepted.number, kind="granted").count() == 1
    assert "这一步的文书还没有出具" not in page(officers.approver, accepted)
