"""The page of a claim: what it shows, to whom, and in which words."""

from __future__ import annotations

import re

import pytest
from case_factory import ACCOUNT, CONTRACT, attach, make_case, make_conflict, page, post, text_of, url
from casework import FAILED_HIRE, HIRE, ON, Officers, fresh, make_officer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from officers import signed_in

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims import settling
from wenjiuye.platform.claims.casework import comment
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.reviewing import review
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.desk.case_rules import ruling
from wenjiuye.platform.privacy.models import PersonalDataAccess


def rows_of(html: str) -> dict[str, str]:
    """The facts of a page: id of the row and what it says."""
    return {
        name: text_of(row)
        for name, row in re.findall(r'<tr[^>]*id="(fact-[^"]+)"[^>]*>(.*?)</tr>', html, re.S)
    }


def test_facts_are_told_in_words_with_source_and_date(accepted: Claim, officers: Officers):
    rows = rows_of(page(officers.reviewer, accepted))
    assert rows["fact-employer-size"].startswith("企业规模 小型 企业年报 2020-12-01")
    assert rows["fact-contract_months"].startswith("合同期限 24个月 用工登记")
    assert rows["fact-person-college_graduate"].startswith("高校毕业生 否 学籍")


def test_both_titles_the_number_and_the_state_stand_at_the_top(accepted: Claim, officers: Officers):
    head = text_of(page(officers.reviewer, accepted).split("<header", 2)[2].split("</header>")[0])
    assert "中小微企业一次性吸纳就业补贴" in head
    assert "hiring subsidy" in head
    assert accepted.number in head
    assert "已受理" in head


def test_a_late_claim_says_how_many_working_days(
    accepted: Claim, officers: Officers, monkeypatch: pytest.MonkeyPatch
):
    import datetime as dt

    from wenjiuye.platform.desk import case_page

    later = accepted.due_on + dt.timedelta(days=7)
    monkeypatch.setattr(case_page.timezone, "localdate", lambda *_: later)
    assert "逾期 5 个工作日" in text_of(page(officers.reviewer, accepted))


# ── Conflicts


def test_a_conflict_shows_both_sides_and_what_follows_from_each_before_one_is_chosen(officers: Officers):
    row = rows_of(page(officers.reviewer, make_conflict(officers)))["fact-contract_months"]
    assert re.search(r"12个月 申请人申报.*劳动合同 符合 1,000.00 元", row)
    assert re.search(r"6个月 用工登记.*不符合 0.00 元", row)


def test_only_a_reviewer_gets_the_controls_to_settle(officers: Officers):
    claim = make_conflict(officers)
    assert 'name="side"' in page(officers.reviewer, claim)
    for other in (officers.clerk, officers.approver, officers.auditor):
        shown = page(other, claim)
        assert 'name="side"' not in shown
        assert "由审核员裁定" in shown


def test_the_condition_in_conflict_tells_both_values_and_that_it_decides(officers: Officers):
    html = page(officers.reviewer, make_conflict(officers))
    (key,) = re.findall(r'<div class="cond [^"]*key">(.*?)</div>', html, re.S)
    assert "12个月 或 6个月" in text_of(key)
    assert "决定结果" in text_of(key)


def test_a_settled_conflict_says_who_settled_it_and_why(officers: Officers):
    claim = make_conflict(officers)
    settling.settle(claim.number, officers.reviewer, CONTRACT, 12, version=None, reason="看过合同原件")
    html = page(officers.reviewer, claim)
    assert "裁定：reviewer" in rows_of(html)["fact-contract_months"]
    assert "reviewer 裁定：看过合同原件" in text_of(html)
    assert "看差异" in html


# ── The rules


def test_the_tree_counts_what_holds_and_marks_only_what_decides(officers: Officers):
    claim = make_case(officers, FAILED_HIRE)
    tree = ruling(claim.determination, claim.clause).tree
    assert (tree.truth, tree.count) == (False, "6 条中 5 条")
    keys = [node.text for node in walk(tree) if node.key]
    assert keys == ["合同期限不少于12个月"]
    assert not [
        node for node in walk(ruling(make_case(officers).determination, claim.clause).tree) if node.key
    ]


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def test_the_formula_is_taken_into_terms_and_read_out_as_a_sentence(officers: Officers):
    claim = make_case(officers, measure="hiring_insurance_subsidy", period=None)
    html = page(officers.reviewer, claim)
    (formula,) = re.findall(r'<div class="formula"(.*?)</div>', html, re.S)
    assert 'aria-label="计算：291.43元 × ' in formula
    terms = re.findall(r"<b>(.*?)</b>", formula)
    assert (terms[0], terms[-1]) == ("291.43元", "2,040.01元")


def test_a_formula_that_does_not_fit_in_a_line_is_told_in_a_sentence(officers: Officers):
    claim = open_claim(NewClaim("hire_tax_deduction", "E01", ON), officers.clerk)
    working = ruling(claim.determination, claim.clause).working
    assert (working.terms, working.in_words) == ((), True)


def test_what_a_refusal_would_need_to_change_is_said(officers: Officers):
    shown = text_of(page(officers.reviewer, make_case(officers, FAILED_HIRE)))
    assert "最少要变的 合同期限不少于12个月 现在：6个月" in shown


def test_determinations_are_kept_with_what_changed_between_them(officers: Officers):
    claim = make_conflict(officers)
    settling.settle(claim.number, officers.reviewer, CONTRACT, 12, version=None, reason="看过合同原件")
    answer = signed_in(officers.auditor).get(url(claim, "determinations/"))
    shown = text_of(answer.content.decode())
    assert "结果变了： 待定 0.00 – 1,000.00 元 → 符合 1,000.00 元" in shown
    assert "合同期限 不知道 12个月" in shown


def test_the_receipt_is_shown_with_its_hash_and_can_be_taken_along(accepted: Claim, officers: Officers):
    made = accepted.determination
    client = signed_in(officers.auditor)
    assert made.receipt_hash in client.get(url(accepted, f"determinations/{made.pk}/")).content.decode()
    answer = client.get(url(accepted, f"determinations/{made.pk}/"), {"form": "json"})
    assert answer.json() == made.receipt
    other = make_case(officers, FAILED_HIRE)
    assert client.get(url(other, f"determinations/{made.pk}/")).status_code == 404


# ── Who sees what


def test_an_officer_of_another_county_finds_no_such_page(accepted: Claim):
    client = signed_in(make_officer("stranger", Role.REVIEWER, "yuzhou"))
    assert client.get(url(accepted)).status_code == 404
    for step in ("submit", "settle", "comment", "unmask", "file", "determinations", "evidence/1"):
        assert client.get(url(accepted, f"{step}/")).status_code in (302, 403, 404), step
    assert post(client, accepted, "settle", fact=CONTRACT, value="12", reason="因为我想").status_code == 404
    assert fresh(accepted).version == accepted.version


def test_whoever_is_not_signed_in_is_sent_to_sign_in(accepted: Claim):
    assert Client().get(url(accepted)).status_code == 302


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("clerk", {"return", "withdraw", "comment", "assign", "determine", "evidence", "unmask"}),
        ("reviewer", {"review/grant", "return", "review/refuse", "determine", "evidence", "file"}),
        ("approver", {"comment", "assign", "unmask"}),
        ("accountant", {"comment", "unmask"}),
        ("policy", set()),
        ("auditor", {"unmask", "file"}),
    ],
)
def test_there_are_forms_only_for_what_an_officer_may_do_from_here(
    accepted: Claim, officers: Officers, who: str, may: set[str]
):
    html = page(getattr(officers, who), accepted)
    forms = {
        address.removeprefix(url(accepted)).strip("/") for address in re.findall(r'action="([^"]+)"', html)
    }
    assert may <= forms
    never = {
        "clerk": {"review/grant", "review/refuse", "approve", "settle", "override", "file"},
        "reviewer": {"approve", "accept", "withdraw", "send-back"},
        "approver": {"approve", "review/grant", "return", "file"},
        "accountant": {"assign", "determine", "return"},
        "policy": {"unmask", "comment", "file", "determine"},
        "auditor": {"comment", "assign", "determine", "evidence", "settle"},
    }
    assert not forms & never[who]


def test_steps_of_payment_are_not_taken_from_the_page(accepted: Claim, officers: Officers):
    review(accepted.number, officers.reviewer, "grant", version=None)
    from wenjiuye.platform.claims.reviewing import approve

    approve(accepted.number, officers.approver, version=None)
    html = page(officers.accountant, accepted)
    assert not re.search(r'action="[^"]*/(publish|confirm|pay|payment)', html)


def test_a_stopped_button_stands_there_with_its_reason(officers: Officers):
    html = page(officers.reviewer, make_conflict(officers))
    assert re.search(
        r'<button type="button"[^>]*aria-disabled="true" aria-describedby="why-not">同意，送审批', html
    )
    assert "上面这一处解决后可以点" in html
    assert "卡在 1 处" in text_of(html)


# ── Personal data


def test_names_and_accounts_are_masked(accepted: Claim, officers: Officers):
    accepted = make_case(officers, "J02")
    html = page(officers.reviewer, accepted)
    assert ACCOUNT not in html
    assert "***************0123" in html


def test_personal_data_is_shown_once_for_a_reason_that_is_put_on_record(officers: Officers):
    claim = make_case(officers, "J02")
    client = signed_in(officers.reviewer)
    refused = post(client, claim, "unmask", reason="看")
    assert refused.status_code == 422
    assert "请写明理由" in refused.content.decode()
    assert not PersonalDataAccess.objects.filter(subject=f"claim:{claim.number}").exists()
    shown = post(client, claim, "unmask", reason="核对收款账号")
    assert ACCOUNT in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    look = PersonalDataAccess.objects.get(subject=f"claim:{claim.number}")
    assert (look.user, look.reason) == (officers.reviewer, "核对收款账号")
    assert ACCOUNT not in client.get(url(claim)).content.decode()


def test_who_may_not_see_personal_data_does_not(accepted: Claim, officers: Officers):
    client = signed_in(officers.policy)
    assert post(client, accepted, "unmask", reason="我想看看").status_code == 403


# ── Around it


def test_the_list_that_the_officer_came_from_leads_on(officers: Officers):
    claims = [make_case(officers, key) for key in (HIRE, "J02", FAILED_HIRE)]
    for claim in claims:
        assert claim.due_on == claims[0].due_on
    middle = page(officers.reviewer, claims[1], "?list=view%3Dmine")
    assert re.search(rf'rel="prev" href="/claims/{claims[0].number}/\?list=view%3Dmine"', middle)
    assert re.search(rf'rel="next" href="/claims/{claims[2].number}/\?list=view%3Dmine"', middle)
    assert 'href="/?view=mine"' in middle
    assert 'rel="prev"' not in page(officers.reviewer, claims[0])


def test_other_claims_of_the_same_firm_are_listed_with_their_verdicts(accepted: Claim, officers: Officers):
    other = make_case(officers, FAILED_HIRE)
    shown = text_of(page(officers.reviewer, accepted).split('id="others"')[1])
    assert other.number in shown
    assert "不符合" in shown


def test_a_claim_in_the_quality_sample_says_so(accepted: Claim, officers: Officers):
    from wenjiuye.platform.claims.models import SamplingRate
    from wenjiuye.platform.record.context import on_record

    with on_record("tests", "sample"):
        SamplingRate.objects.update(per_mille=1000)
    review(accepted.number, officers.reviewer, "grant", version=None)
    html = text_of(page(officers.approver, accepted))
    assert "质量抽查" in html
    assert "还差 2 人审批，共 2 人" in html


def test_the_history_says_who_did_what_for_whom_and_why(accepted: Claim, officers: Officers):
    take_step(accepted.number, "return", officers.reviewer, version=None, reason="合同缺第 3 页")
    shown = text_of(page(officers.clerk, accepted).split('id="history"')[1])
    assert re.search(r"退回补正 reviewer [\d: -]+合同缺第 3 页", shown)


def test_the_page_asks_the_database_no_more_often_for_a_fuller_claim(accepted: Claim, officers: Officers):
    client = signed_in(officers.reviewer)

    def queries() -> int:
        client.get(url(accepted))
        with CaptureQueriesContext(connection) as seen:
            client.get(url(accepted))
        return len(seen)

    attach(accepted, officers.clerk)
    comment(accepted.number, officers.clerk, "一")
    make_case(officers, FAILED_HIRE)
    before = queries()
    for number in range(3):
        attach(accepted, officers.clerk, title=f"材料{number}")
        comment(accepted.number, officers.clerk, f"批注{number}")
        open_claim(NewClaim("hiring_subsidy", "J02", ON), officers.clerk)
    assert queries() == before
    assert before < 50
