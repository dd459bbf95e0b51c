"""The work list in a real browser: keys, selection, previews, without scripts, on a phone, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from claim_factory import make_claim
from django.db import transaction
from live import Visits, chromium, visits
from officers import officer
from playwright.sync_api import Browser, Page, expect

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim, SamplingRate, SavedView
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.bulk_jobs import BULK_STEP
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.record.context import on_record

LONG = "许昌市中原电气谷新能源汽车零部件智能制造产业园投资发展有限责任公司"


@dataclass(frozen=True)
class Desk:
    """The desk, and a reviewer who is signed in."""

    visits: Visits
    reviewer: User

    def page(self, **more: Any) -> Page:
        return self.visits.page(self.reviewer, **more)

    @property
    def address(self) -> str:
        return self.visits.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def busy(own_database: Any, browser: Browser) -> Iterator[Desk]:
    """A desk with enough to do for two pages."""
    clerk, reviewer = officer(Role.CLERK), officer(Role.REVIEWER, name="王敏")
    with transaction.atomic(), on_record("test", "no sample"):
        SamplingRate.objects.update(per_mille=0)
        for number in range(52):
            make_claim(
                clerk, State.ACCEPTED, fen=100_000 + number, claimant_name=LONG if number == 3 else "禾木家居"
            )
        make_claim(
            clerk, State.ACCEPTED, verdict="undetermined", missing=("contract_months",), fen=99_999_999_999
        )
        make_claim(clerk, State.ACCEPTED, conflicts=1, verdict="undetermined")
        make_claim(clerk, State.UNDER_REVIEW, reviewer=reviewer)
        for state in State:
            make_claim(clerk, state, claimant_kind="person", claimant_name="周伟宁", applied_on="2020-12-05")
    SavedView.objects.create(user=reviewer, name="5 千元以上", query="view=mine&from=5000")
    with visits(browser) as found:
        yield Desk(found, reviewer)


def at(desk: Desk, address: str, **more: Any) -> Page:
    return desk.visits.at(desk.reviewer, address, **more)


def test_keys_walk_the_list_select_and_open(busy: Desk):
    page = at(busy, "/")
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_class(re.compile("is-current"))
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 件")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.get_by_text("已选 2 件")).to_be_visible()
    expect(page.locator("[data-sum]")).to_have_text("合计 2,000.01 元")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    number = rows.nth(0).get_by_role("link").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/claims/{number}/**")
    page.go_back()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("x?")
    expect(page.get_by_role("searchbox")).to_have_value("x?")


def test_the_bar_adds_up_what_is_ticked_and_says_where_something_is_open(busy: Desk):
    page = at(busy, "/?sort=-amount")
    expect(page.get_by_text("勾选后可以一起办")).to_be_visible()
    page.get_by_label("选中本页").check()
    expect(page.get_by_text("已选 50 件")).to_be_visible()
    expect(page.get_by_text("都符合，没有卡点")).to_be_hidden()
    page.get_by_role("button", name="取消选择").click()
    expect(page.get_by_text("已选")).to_be_hidden()
    page.locator("input[name=number]").nth(5).check()
    expect(page.get_by_text("都符合，没有卡点")).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_a_reviewer_passes_several_at_once(busy: Desk, js: bool):
    page = at(busy, "/", js=js)
    for number in range(3):
        page.locator("input[name=number]").nth(number).check()
    page.get_by_role("button", name="预览批量初审通过").click()
    expect(page.get_by_role("heading", name="可以办的 3 件")).to_be_visible()
    page.get_by_role("button", name="初审通过这 3 件").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    run(str(BackgroundJob.objects.get(kind=BULK_STEP).pk))
    if not js:
        page.get_by_role("link", name="看现在办到哪里").click()
    expect(page.get_by_text("3 件已办好。")).to_be_visible()
    assert Claim.objects.filter(state="under_review", turn="approver").count() == 4
    page.get_by_role("link", name="返回列表").click()
    expect(page.get_by_role("heading", name="全部待办")).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_filters_chips_and_views_work(busy: Desk, js: bool):
    page = at(busy, "/claims/", js=js)
    page.get_by_label("判定").select_option(label="待定")
    page.get_by_role("button", name="筛选").click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    page.get_by_text("存为视图").click()
    page.get_by_label("视图名称").fill("待定的")
    page.get_by_role("button", name="保存视图").click()
    expect(page.get_by_text("已存为视图“待定的”。")).to_be_visible()
    expect(page.locator(".side [aria-current]")).to_contain_text("待定的2")
    page.get_by_role("link", name="去掉这个条件").click()
    expect(page.locator("tr[data-row]")).to_have_count(50)
    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_text("第 51–")).to_be_visible()
    page.get_by_role("link", name="上一页").click()
    expect(page.get_by_text("第 1–50 件")).to_be_visible()


def test_an_export_is_asked_for_made_and_fetched(busy: Desk):
    page = at(busy, "/?from=5000")
    page.get_by_role("link", name="导出").click()
    page.get_by_label("为什么导出").fill("月度对账")
    page.get_by_role("button", name="开始导出").click()
    expect(page.get_by_text("导出已开始")).to_be_visible()
    expect(page.get_by_text("排队中")).to_be_visible()
    run(str(BackgroundJob.objects.get().pk))
    # The page notices by itself.
    link = page.get_by_role("link", name=re.compile(r"\.xlsx$"))
    expect(link).to_be_visible(timeout=10_000)
    expect(page.locator("[hx-trigger]")).to_have_count(0)
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("申请_")


PAGES = (
    "/",
    "/?view=conflicts&q=没有",
    "/?since=x&stage=review",
    "/claims/",
    "/claims/?measure=hiring_subsidy&verdict=undetermined",
    "/search/?q=禾木",
    "/search/?q=没有这个",
    "/jobs/",
    "/export/?query=view%3Dmine",
)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_every_page_is_accessible_and_none_scrolls_sideways(busy: Desk, width: int, scheme: str, lang: str):
    for state in ("running", "failed", "done"):
        BackgroundJob.objects.create(
            kind="x",
            title="导出申请",
            user=busy.reviewer,
            state=state,
            done=3,
            total=3,
            message="第 3 行少一列",
        )
    page = busy.page(width=width, scheme=scheme, lang=lang)
    found = {}
    for address in PAGES:
        page.goto(busy.address + address)
        found[address] = _problems(page)
    page.goto(busy.address + "/")
    for number in (0, 1, -1):
        page.locator("input[name=number]").nth(number).check()
    page.locator("button[value=review]").click()
    found["preview"] = _problems(page)
    page.locator("form[action='/bulk/'] button").click()
    page.wait_for_url("**/bulk/*-*/")
    expect(page.locator("#bulk-job")).to_be_visible()
    found["waiting"] = _problems(page)
    run(str(BackgroundJob.objects.get(kind=BULK_STEP).pk))
    page.reload()
    found["done"] = _problems(page)
    assert found == {place: [] for place in found}


def _problems(page: Page) -> list[str]:
    told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        told.append("scrolls sideways")
    return told
