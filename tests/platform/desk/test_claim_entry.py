"""A claim taken at the counter: only what is not known and matters is asked, and every mistake is told where it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from case_factory import ACCOUNT, text_of
from casework import HIRE, Officers, make_officer
from officers import signed_in

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.subjects import find_subjects

FACTS = "/claims/new/{}/facts/"


def ask(user: Any, measure: str, key: str, on: str = "2020-12-01") -> str:
    answer = signed_in(user).get(FACTS.format(measure), {"subject": key, "on": on})
    assert answer.status_code == 200
    return answer.content.decode()


def enter(user: Any, measure: str, key: str, **typed: str) -> Any:
    sent = {"subject": key, "on": "2020-12-01", "then": "draft", **typed}
    return signed_in(user).post(FACTS.format(measure), sent)


def asked(html: str) -> set[str]:
    return set(re.findall(r'name="fact-([^"]+)"', html))


def test_every_measure_that_can_be_claimed_can_be_chosen_and_looked_for(officers: Officers):
    client = signed_in(officers.clerk)
    html = client.get("/claims/new/").content.decode()
    assert set(re.findall(r'href="/claims/new/([a-z_0-9]+)/"', html)) == {
        one.id for one in rules_in_force.claimable()
    }
    assert "没有叫“不存在”的事项" in client.get("/claims/new/", {"q": "不存在"}).content.decode()
    assert client.get("/claims/new/tax_refund_days/").status_code == 404


def test_only_clerks_enter_claims(officers: Officers):
    assert signed_in(officers.reviewer).get("/claims/new/").status_code == 403
    assert enter(officers.reviewer, "hiring_subsidy", HIRE).status_code == 403


@pytest.mark.parametrize(
    ("measure", "text", "wanted"),
    [
        ("hiring_subsidy", "J01", ["J01"]),
        ("hiring_subsidy", "P05", ["J07"]),
        ("stability_refund", "E01", ["E01"]),
        ("internship_subsidy", "P14", ["N1"]),
        ("graduate_flexible_insurance_subsidy", "P11", ["P11"]),
        ("hiring_subsidy", "nobody", []),
    ],
)
def test_a_subject_is_found_by_its_key_or_by_whom_it_is_about(
    officers: Officers, measure: str, text: str, wanted: list[str]
):
    found = find_subjects(rules_in_force.measure(measure), text, officers.clerk)
    assert [one.key for one in found] == wanted


def test_months_of_premiums_are_found_by_the_employer(officers: Officers):
    found = find_subjects(rules_in_force.measure("unemployment_rate_cut"), "E11", officers.clerk)
    assert any(re.fullmatch(r"E11\|\w+\|2020-\d\d", one.key) for one in found)
    client = signed_in(officers.clerk)
    answer = client.get(FACTS.format("unemployment_rate_cut"), {"subject": found[0].key, "on": "2020-12-01"})
    assert answer.status_code == 200


def test_nothing_is_asked_that_the_registry_knows_or_that_cannot_matter(officers: Officers):
    assert asked(ask(officers.clerk, "hiring_subsidy", HIRE)) == set()
    assert asked(ask(officers.clerk, "hiring_subsidy", "J09")) == {"social_insurance_paid"}
    assert "登记库里都有，没有要问的" in ask(officers.clerk, "hiring_subsidy", HIRE)


def test_a_question_has_the_control_of_its_kind_and_may_be_left_unknown(officers: Officers):
    html = ask(officers.clerk, "hiring_subsidy", "J09")
    assert "是否按规定缴纳了社会保险费？" in html
    assert re.search(r'type="radio" name="fact-social_insurance_paid" value="" checked', html)


def test_what_is_known_is_shown_with_where_it_is_from_and_what_follows(officers: Officers):
    known = text_of(ask(officers.clerk, "hiring_subsidy", HIRE).split('id="known"')[1])
    assert "登记库已知 符合 1,000.00 元" in known
    assert "合同期限 24个月 用工登记 2020-12-01" in known


def test_a_claim_is_opened_with_what_was_said_and_submitted_at_once(officers: Officers):
    answer = enter(
        officers.clerk, "hiring_subsidy", "J09", then="submit", payee_name="禾木家居有限公司",
        payee_bank="许昌银行", payee_account="6222 0212 3456 7890 123", **{"fact-social_insurance_paid": "true"},
    )  # fmt: skip
    claim = Claim.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/claims/{claim.number}/")
    assert (claim.state, claim.verdict, claim.source) == ("submitted", "eligible", "counter")
    assert claim.payee_account == ACCOUNT
    assert claim.statements.get(side="declared").value is True


def test_not_to_know_is_an_answer(officers: Officers):
    assert enter(officers.clerk, "hiring_subsidy", "J09").status_code == 302
    assert Claim.objects.get().verdict == "undetermined"


def test_mistakes_are_told_at_their_fields_and_nothing_is_lost(officers: Officers):
    answer = enter(
        officers.clerk, "graduate_flexible_insurance_subsidy", "P11",
        period_from="2020-13", period_to="2020-07", payee_account="62 12x", payee_bank="许昌银行",
    )  # fmt: skip
    html = answer.content.decode()
    assert answer.status_code == 422
    shown = text_of(html)
    assert "“2020-13”不是月份。请写成 2020-09 这样。" in shown
    assert "“62 12x”不是银行账号" in shown
    assert 'value="许昌银行"' in html
    assert 'value="2020-13"' in html
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [("2020-09", "2020-07", "结束月份 2020-07 早于开始月份 2020-09"), ("", "2020-07", "请填写月份")],
)
def test_a_claim_for_months_says_for_which(officers: Officers, first: str, last: str, told: str):
    answer = enter(
        officers.clerk, "graduate_flexible_insurance_subsidy", "P11", period_from=first, period_to=last
    )
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_a_period_covers_whole_months(officers: Officers):
    enter(officers.clerk, "hiring_insurance_subsidy", HIRE, period_from="2020-05", period_to="2020-11")
    claim = Claim.objects.get()
    assert (str(claim.period_from), str(claim.period_to)) == ("2020-05-01", "2020-11-30")


def test_a_subject_that_is_not_there_and_a_day_that_is_none_lead_back_with_a_sentence(officers: Officers):
    client = signed_in(officers.clerk)
    answer = client.get(FACTS.format("hiring_subsidy"), {"subject": "J99", "on": "2020-12-01"}, follow=True)
    assert "J99" in text_of(answer.content.decode().split('class="stack-s messages"')[1])
    answer = client.get("/claims/new/hiring_subsidy/", {"q": "J01", "on": "2020-13-01"})
    assert answer.status_code == 422
    assert "“2020-13-01”不是日期。请写成 2020-12-01 这样。" in answer.content.decode()
    answer = client.get("/claims/new/hiring_subsidy/", {"q": "J01", "on": "2999-01-01"})
    assert "还没有到" in answer.content.decode()


def test_a_clerk_of_another_county_cannot_claim_for_this_one(officers: Officers):
    clerk = make_officer("elsewhere", Role.CLERK, "yuzhou")
    client = signed_in(clerk)
    answer = client.get(FACTS.format("hiring_subsidy"), {"subject": HIRE, "on": "2020-12-01"})
    assert answer.status_code == 403
    assert enter(clerk, "hiring_subsidy", HIRE).status_code == 403
    assert not Claim.objects.exists()
