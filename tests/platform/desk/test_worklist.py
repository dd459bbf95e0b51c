"""The work list shows an officer what is theirs to do, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from claim_factory import appoint, make_claim, send_back
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from officers import officer, signed_in

from wenjiuye.platform.accounts.models import Substitution, User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim, SavedView
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.worklist import counting, listing
from wenjiuye.platform.record.context import on_record

pytestmark = pytest.mark.django_db


def shown(user: User, address: str = "/") -> Any:
    """What a page was given to show."""
    page = signed_in(user).get(address)
    assert page.status_code == 200
    return page.context


def listed(user: User, address: str = "/") -> list[str]:
    """The numbers on a page, from above."""
    return [row.claim.number for row in shown(user, address)["list"].rows]


def text_of(user: User, address: str = "/") -> str:
    return signed_in(user).get(address).content.decode()


def number_of(user: User, view: str, address: str = "/") -> str:
    side = shown(user, address)["side"]
    return next(link.count for link in (*side.mine, *side.waiting) if link.key == view)


@pytest.fixture
def clerk() -> User:
    return officer(Role.CLERK, "weidu", name="刘芳")


@pytest.fixture
def reviewer() -> User:
    return officer(Role.REVIEWER, "weidu", name="王敏")


def numbers(*claims: Claim) -> list[str]:
    return [claim.number for claim in claims]


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


# ── What is mine


def test_a_task_is_mine_where_its_turn_is_a_role_that_i_hold_there(clerk: User):
    mine = make_claim(clerk)
    make_claim(clerk, county="jianan")
    for state in set(State) - {State.SUBMITTED}:
        make_claim(clerk, state)
    assert listed(clerk) == numbers(mine)


def test_an_officer_of_the_city_sees_every_county_and_a_department_only_its_own_measures(clerk: User):
    city = officer(Role.CLERK)
    department = officer(Role.CLERK, department="教育")
    one, other = (
        make_claim(clerk, departments=["人社"]),
        make_claim(clerk, county="jianan", departments=["教育", "人社"]),
    )
    assert sorted(listed(city)) == numbers(one, other)
    assert listed(department) == numbers(other)


def test_what_was_handed_to_a_colleague_is_not_mine(clerk: User):
    colleague = officer(Role.CLERK, "weidu")
    free, own, theirs = (
        make_claim(clerk),
        make_claim(clerk, assigned_to=clerk),
        make_claim(clerk, assigned_to=colleague),
    )
    assert sorted(listed(clerk)) == numbers(free, own)
    assert sorted(listed(colleague)) == numbers(free, theirs)


def test_a_claim_that_a_clerk_had_is_every_reviewers_once_it_is_their_turn(clerk: User, reviewer: User):
    claim = make_claim(clerk, State.ACCEPTED, assigned_to=clerk)
    assert listed(reviewer) == numbers(claim)
    assert listed(clerk) == []


def test_whoever_stands_in_sees_the_absent_colleagues_tasks_and_until_when(clerk: User):
    absent = officer(Role.CLERK, "jianan", name="李建芳")
    helper = officer(Role.CLERK, "weidu")
    theirs = make_claim(clerk, county="jianan", assigned_to=absent)
    assert listed(helper) == []
    with on_record("test", "test"):
        Substitution.objects.create(
            absent=absent, substitute=helper, starts_on=in_days(-1), ends_on=in_days(3), reason="休假"
        )
    assert listed(helper) == numbers(theirs)
    assert f"代 李建芳 办理至 {in_days(3)}" in text_of(helper)


def test_a_colleague_who_stands_in_for_another_has_what_was_handed_to_them(clerk: User):
    absent, helper = officer(Role.CLERK, "weidu"), officer(Role.SUPERVISOR)
    with on_record("test", "test"):
        Substitution.objects.create(
            absent=absent, substitute=helper, starts_on=in_days(-1), ends_on=in_days(3), reason="休假"
        )
    claim = make_claim(clerk, assigned_to=helper)
    assert listed(helper) == numbers(claim)
    assert listed(clerk) == []


def test_two_posts_of_one_officer_are_one_list(reviewer: User, clerk: User):
    appoint(reviewer, Role.REVIEWER, "jianan")
    appoint(reviewer, Role.CLERK, "yuzhou")
    wanted = [
        make_claim(clerk, State.ACCEPTED),
        make_claim(clerk, State.ACCEPTED, county="jianan"),
        make_claim(clerk, State.SUBMITTED, county="yuzhou"),
    ]
    make_claim(clerk, State.SUBMITTED)
    make_claim(clerk, State.ACCEPTED, county="yuzhou")
    assert sorted(listed(reviewer)) == numbers(*wanted)


def test_whoever_has_no_turn_is_told_so_and_the_administrator_sees_no_claims(clerk: User):
    make_claim(clerk)
    auditor, administrator = officer(Role.AUDITOR), officer(Role.ADMINISTRATOR)
    assert listed(auditor) == []
    assert "你的角色没有要一件件办的申请" in text_of(auditor)
    assert len(listed(auditor, "/claims/")) == 1
    assert listed(administrator) == []
    assert signed_in(administrator).get("/claims/").status_code == 403


# ── Order and views


def test_what_is_overdue_comes_first_and_what_has_no_date_last(clerk: User):
    later, undated, late, today = (
        make_claim(clerk, due_on=day) for day in (in_days(9), None, in_days(-4), in_days(0))
    )
    assert listed(clerk) == numbers(late, today, later, undated)
    assert listed(clerk, "/?sort=-due") == numbers(later, today, late, undated)


def test_the_views_at_the_side_count_what_they_show(clerk: User, reviewer: User):
    approver = officer(Role.APPROVER, "weidu")
    make_claim(clerk, State.ACCEPTED, due_on=in_days(-3))
    make_claim(clerk, State.ACCEPTED, due_on=in_days(0), conflicts=1, verdict="undetermined")
    make_claim(clerk, State.UNDER_REVIEW, due_on=in_days(5))
    waiting = make_claim(clerk, State.UNDER_REVIEW, reviewer=reviewer)
    for state in (State.RETURNED, State.IN_PUBLICITY, State.PAYMENT_FAILED):
        make_claim(clerk, state)
    counts = {
        view: number_of(reviewer, view) for view in ("mine", "overdue", "today", "conflicts", "sent_back")
    }
    assert counts == {"mine": "3", "overdue": "1", "today": "1", "conflicts": "1", "sent_back": "0"}
    waits = {view: number_of(reviewer, view) for view in ("correction", "approval", "publicity", "failed")}
    assert waits == dict.fromkeys(waits, "1")
    for view, number in {**counts, **waits}.items():
        assert len(listed(reviewer, f"/?view={view}")) == int(number), view
    send_back(waiting, approver)
    assert listed(reviewer, "/?view=sent_back") == numbers(waiting)


def test_sent_back_to_me_is_what_i_reviewed_myself(clerk: User, reviewer: User):
    other = officer(Role.REVIEWER, "weidu")
    claim = make_claim(clerk, State.UNDER_REVIEW, reviewer=other)
    send_back(claim, officer(Role.APPROVER, "weidu"))
    assert number_of(reviewer, "sent_back") == "0"
    assert number_of(other, "sent_back") == "1"


def test_a_view_that_makes_no_sense_for_a_role_is_not_shown(clerk: User):
    accountant = officer(Role.ACCOUNTANT, "weidu")
    failed = make_claim(clerk, State.PAYMENT_FAILED)
    keys = {link.key for link in shown(clerk)["side"].mine}
    assert keys == {"mine", "overdue", "today"}
    side = shown(accountant)["side"]
    assert "payment_failed" in {link.key for link in side.mine}
    assert "failed" not in {link.key for link in side.waiting}
    assert listed(accountant, "/?view=payment_failed") == numbers(failed)


def test_beyond_the_limit_counts_are_not_exact_and_say_so(clerk: User, monkeypatch: pytest.MonkeyPatch):
    for module in (counting, listing):
        monkeypatch.setattr(module, "MOST", 3)
    for _number in range(3):
        make_claim(clerk)
    assert shown(clerk)["list"].summary.told == number_of(clerk, "mine") == "3"
    make_claim(clerk)
    make_claim(clerk)
    assert shown(clerk)["list"].summary.told == number_of(clerk, "mine") == "3+"
    assert "合计最多" not in text_of(clerk)


def test_ages_are_working_days_in_the_stage_and_each_leads_to_its_claims(clerk: User):
    for days in (0, 1, 4, 40, 90):
        make_claim(clerk, since_days=days)
    ages = {age.key: age.number for age in shown(clerk)["list"].summary.ages}
    assert sum(ages.values()) == 5
    assert ages["11"] == 2
    assert ages["0-2"] >= 2
    for key, number in ages.items():
        assert len(listed(clerk, f"/?age={key}")) == number, key


# ── Filters


def test_every_filter_narrows_the_list(clerk: User):
    user = officer(Role.CLERK)
    plain = make_claim(clerk)
    other = {
        "measure": make_claim(clerk, measure="internship_subsidy"),
        "county": make_claim(clerk, county="jianan"),
        "verdict": make_claim(clerk, verdict="undetermined", missing=("contract_months",)),
        "assigned": make_claim(clerk, assigned_to=user),
        "since": make_claim(clerk, applied_on=dt.date(2020, 12, 20)),
        "from": make_claim(clerk, fen=900_000),
        "name": make_claim(clerk, claimant_name="许昌归雁农业科技有限公司"),
        "stage": make_claim(clerk, State.RETURNED),
    }
    for query, wanted in {
        "measure=internship_subsidy": other["measure"],
        "county=jianan": other["county"],
        "verdict=undetermined": other["verdict"],
        "assigned=me": other["assigned"],
        "since=2020-12-20": other["since"],
        "from=5000": other["from"],
        "q=归雁农业": other["name"],
        "q=归雁": other["name"],
        "stage=correct": other["stage"],
        f"q={plain.number}": plain,
        "county=jianan&measure=hiring_subsidy": other["county"],
    }.items():
        assert listed(user, f"/claims/?{query}") == numbers(wanted), query
    assert len(listed(user, "/claims/?assigned=nobody")) == 8
    assert listed(user, "/claims/?q=没有这个名字") == []


def test_percent_signs_and_underscores_in_a_name_are_what_they_are(clerk: User):
    claim = make_claim(clerk, claimant_name="百分百100%商贸")
    make_claim(clerk, claimant_name="百分百1000商贸")
    assert listed(clerk, "/?q=100%25商") == numbers(claim)
    assert listed(clerk, "/?q=__") == []


def test_a_filter_that_is_on_is_a_chip_whose_link_takes_it_away(clerk: User):
    page = shown(clerk, "/?measure=internship_subsidy&from=5000&view=overdue")
    assert [chip.text for chip in page["chips"]] == ["就业见习补贴", "5,000 元以上"]
    assert page["chips"][0].without == "from=5000&view=overdue"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=2020-13-01", "“2020-13-01”不是日期"),
        ("from=很多", "“很多”不是金额"),
        ("from=-3", "“-3”不是金额"),
        ("from=1e400", "“1e400”不是金额"),
        ("q=张", "至少要 2 个字"),
        ("q=2012", "至少要输前 6 位"),
        ("measure=%3Cb%3E", "“&lt;b&gt;”不在可选范围内"),
        ("county=jianan", "“jianan”不在可选范围内"),
    ],
)
def test_what_cannot_be_used_in_an_address_is_told_and_left_out(clerk: User, query: str, told: str):
    claim = make_claim(clerk)
    assert told in text_of(clerk, f"/?{query}")
    assert listed(clerk, f"/?{query}") == numbers(claim)


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=2020-12-01~a~1",
        "before=~1",
        "sort=x",
        "view=x",
        "after=~9~9",
        "q=%00%00",
        "q=归雁%00",
    ],
)
def test_a_broken_link_still_shows_a_list(clerk: User, query: str):
    make_claim(clerk)
    shown(clerk, f"/?{query}")


def test_nothing_found_says_how_to_go_on(clerk: User):
    assert "轮到你的申请会出现在这里" in text_of(clerk)
    make_claim(clerk)
    text = text_of(clerk, "/?measure=internship_subsidy&sort=-amount")
    assert "没有符合这些条件的申请" in text
    assert 'href="?sort=-amount"' in text


# ── Rows


def test_a_row_says_what_stops_the_claim_or_why_it_ended(clerk: User, reviewer: User):
    make_claim(clerk, State.ACCEPTED, due_on=in_days(1), conflicts=1, verdict="undetermined")
    make_claim(clerk, State.ACCEPTED, due_on=in_days(2), verdict="undetermined", missing=("contract_months",))
    make_claim(
        clerk,
        State.ACCEPTED,
        due_on=in_days(3),
        verdict="ineligible",
        failing=({"zh": "合同不满1年", "en": "contract too short"},),
    )
    make_claim(clerk, State.ACCEPTED, due_on=in_days(4))
    rows = shown(reviewer)["list"].rows
    assert "不一致" in rows[0].why
    assert rows[1].why.startswith("缺")
    assert rows[2].why == "合同不满1年"
    assert (rows[3].why, rows[3].is_clear) == ("", True)
    assert [str(row.stage) for row in rows] == ["裁定", "初审", "初审", "初审"]
    refused = make_claim(clerk, State.REFUSED)
    row = next(row for row in shown(clerk, "/claims/")["list"].rows if row.claim.number == refused.number)
    assert (row.why, str(row.stage)) == ("测试理由", "不予批准")


def test_people_are_masked_and_firms_are_not(clerk: User):
    make_claim(clerk, claimant_kind="person", claimant_name="周伟宁")
    make_claim(clerk, claimant_kind="enterprise", claimant_name="禾木家居有限公司")
    text = text_of(clerk)
    assert "周*宁" in text
    assert "周伟宁" not in text
    assert "禾木家居有限公司" in text


def test_the_number_of_queries_does_not_grow_with_the_list(clerk: User, reviewer: User):
    def asked(address: str) -> int:
        client = signed_in(reviewer)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    def more(count: int) -> None:
        for number in range(count):
            make_claim(clerk, State.ACCEPTED, due_on=in_days(number), conflicts=number % 2)

    more(5)
    before = {address: asked(address) for address in ("/", "/claims/", "/search/?q=众诚")}
    more(55)
    assert {address: asked(address) for address in before} == before
    assert max(before.values()) < 30


# ── Views that are kept


def test_a_view_is_kept_counted_and_forgotten(clerk: User):
    make_claim(clerk, fen=900_000)
    make_claim(clerk)
    client = signed_in(clerk)
    query = "view=mine&from=5000"
    answer = client.post("/views/", {"name": "5 千元以上", "query": query}, follow=True)
    assert "已存为视图“5 千元以上”" in answer.content.decode()
    (link,) = answer.context["side"].kept
    assert (link.title, link.count, link.is_current) == ("5 千元以上", "1", True)
    again = client.post("/views/", {"name": "5 千元以上", "query": query}, follow=True)
    assert "已有同名视图" in again.content.decode()
    signed_in(officer(Role.CLERK, "weidu")).post(f"/views/{link.saved}/drop/")
    assert SavedView.objects.count() == 1
    client.post(f"/views/{link.saved}/drop/")
    assert SavedView.objects.count() == 0


def test_a_view_of_all_claims_opens_the_page_of_all_claims(clerk: User):
    make_claim(clerk, State.PAID)
    SavedView.objects.create(user=clerk, name="已支付", query="view=all&stage=paid")
    (link,) = shown(clerk)["side"].kept
    assert (link.count, link.everywhere) == ("1", True)
    assert shown(clerk, "/claims/?stage=paid")["side"].kept[0].is_current


def test_a_view_never_shows_what_its_owner_may_no_longer_see(clerk: User):
    make_claim(clerk, county="jianan")
    SavedView.objects.create(user=clerk, name="建安", query="view=all&county=jianan")
    (link,) = shown(clerk)["side"].kept
    assert link.count == "0"
