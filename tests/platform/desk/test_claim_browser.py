"""Claims in a real browser: from the counter to the decision, two officers at once, without scripts, for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from case_factory import make_case, make_conflict, url
from casework import FAILED_HIRE, HIRE, Officers, fresh, load_golden, make_officers, picture
from live import Visits, chromium, visits
from playwright.sync_api import Browser, Page, expect

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.claims.models import Claim, SamplingRate
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.record.context import on_record


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@dataclass(frozen=True)
class Desk:
    """The desk, with officers who are signed in."""

    visits: Visits
    officers: Officers

    @property
    def address(self) -> str:
        return self.visits.address

    def page(self, user: User, **more: Any) -> Page:
        return self.visits.page(user, **more)

    def open(self, user: User, claim: Claim, **more: Any) -> Page:
        return self.visits.at(user, url(claim), **more)


@pytest.fixture
def desk(own_database: Any, browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """The golden registry, an officer for each role, and the desk served from a thread."""
    load_golden(tmp_path / "golden")
    with on_record("tests", "no sample"):
        SamplingRate.objects.update(per_mille=0)
    with visits(browser) as found:
        yield Desk(found, make_officers())


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_clerk_reviewer_and_approver_take_a_claim_from_the_counter_to_the_decision(
    desk: Desk, tmp_path: Path, js: bool
):
    clerk = desk.page(desk.officers.clerk, js=js)
    clerk.goto(f"{desk.address}/claims/new/")
    clerk.get_by_role("link", name="中小微企业一次性吸纳就业补贴").click()
    clerk.get_by_label("找新招用人员").fill("P05")
    clerk.get_by_label("申请日期").fill("2020-12-01")
    clerk.get_by_role("button", name="找", exact=True).click()
    clerk.get_by_role("link", name="J07").click()
    expect(clerk.get_by_text("登记库里都有，没有要问的")).to_be_visible()
    clerk.get_by_role("button", name="录入并提交").click()
    expect(clerk.get_by_text("已提交。")).to_be_visible()
    claim = Claim.objects.get()

    # The claimant brings a contract that says otherwise.
    clerk.get_by_role("link", name="合同期限", exact=True).click()
    clerk.get_by_label("申请人现在说").fill("12")
    clerk.get_by_role("button", name="记下申报").click()
    paper = tmp_path / "劳动合同.png"
    paper.write_bytes(picture().read())
    if not clerk.get_by_label("拖到这里，或选择文件").is_visible():
        clerk.get_by_text("上传材料", exact=True).click()
    clerk.get_by_label("拖到这里，或选择文件").set_input_files(paper)
    clerk.get_by_label("证明什么").select_option("contract_months")
    clerk.get_by_role("button", name="上传", exact=True).click()
    expect(clerk.get_by_role("link", name="劳动合同.png").first).to_be_visible()
    clerk.get_by_role("button", name="受理", exact=True).click()
    expect(clerk.get_by_text("受理回执已出具")).to_be_visible()

    reviewer = desk.open(desk.officers.reviewer, claim, js=js)
    expect(reviewer.get_by_role("button", name="同意，送审批")).to_have_attribute("aria-disabled", "true")
    row = reviewer.locator("#fact-contract_months")
    expect(row).to_contain_text("符合 1,000.00 元")
    row.get_by_role("radio").first.check()
    row.get_by_label("裁定理由").fill("看过合同原件，写明 12 个月")
    row.get_by_role("button", name="裁定").click()
    expect(reviewer.get_by_text("已重新判定，结果变了")).to_be_visible()
    reviewer.get_by_role("button", name="同意，送审批").click()
    expect(reviewer.get_by_text("轮到：审批人")).to_be_visible()

    approver = desk.open(desk.officers.approver, claim, js=js)
    approver.get_by_role("button", name="批准 1,000.00 元").click()
    expect(approver.get_by_text("准予决定书已出具")).to_be_visible()
    assert (fresh(claim).state, fresh(claim).amount_fen) == ("approved", 100_000)
    assert Letter.objects.filter(claim=claim.number).count() == 2


def test_of_two_reviewers_at_once_the_second_loses_nothing(desk: Desk):
    claim = make_case(desk.officers)
    first = desk.open(desk.officers.reviewer, claim)
    second = desk.open(desk.officers.second_reviewer, claim)
    first.get_by_role("button", name="同意，送审批").click()
    expect(first.get_by_text("轮到：审批人")).to_be_visible()
    second.locator("summary", has_text="退回补正").click()
    reason = second.locator("details[open] textarea[name=reason]")
    reason.fill("合同第 3 页缺章，请补。")
    second.get_by_role("button", name="退回，发补正通知书").click()
    expect(second.get_by_role("alert")).to_contain_text("没有保存：别人刚改过这一件")
    expect(second.get_by_role("alert")).to_contain_text("初审同意 reviewer")
    expect(second.locator("details[open] textarea[name=reason]")).to_have_value("合同第 3 页缺章，请补。")
    assert fresh(claim).state == "under_review"


def test_back_and_send_again_says_calmly_that_it_was_done(desk: Desk):
    claim = make_case(desk.officers)
    page = desk.open(desk.officers.reviewer, claim)
    page.get_by_role("button", name="同意，送审批").click()
    expect(page.get_by_text("轮到：审批人")).to_be_visible()
    page.go_back()
    page.evaluate(  # the page as it stood before, from the browser's memory
        "version => { const form = document.querySelector('form[action$=\"/review/grant/\"]') ||"
        " Object.assign(document.body.appendChild(document.createElement('form')),"
        " {method: 'post', action: location.pathname + 'review/grant/'});"
        ' form.innerHTML = `<input name=csrfmiddlewaretoken value="${document.querySelector('
        "'[name=csrfmiddlewaretoken]').value}\"><input name=form value=review_grant>"
        "<input name=version value=${version}>`; form.submit(); }",
        claim.version,
    )
    expect(page.get_by_text("这一步已经办好了，没有办第二次")).to_be_visible()
    assert fresh(claim).decisions.count() == 1


def test_a_list_is_gone_through_by_key(desk: Desk):
    claims = [make_case(desk.officers, key) for key in (HIRE, FAILED_HIRE)]
    page = desk.open(desk.officers.reviewer, claims[0])
    page.keyboard.press("j")
    expect(page).to_have_title(f"{claims[1].number} 中小微企业一次性吸纳就业补贴 · 稳就业经办")
    page.keyboard.press("k")
    expect(page).to_have_title(f"{claims[0].number} 中小微企业一次性吸纳就业补贴 · 稳就业经办")


def test_a_conflict_is_settled_by_keyboard_alone(desk: Desk):
    claim = make_conflict(desk.officers)
    page = desk.open(desk.officers.reviewer, claim)
    page.locator("#fact-contract_months input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the evidence stands inside of the choice
    while page.evaluate("document.activeElement.name") != "reason":
        page.keyboard.press("Tab")
    page.keyboard.type("看过合同原件")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已重新判定")).to_be_visible()
    assert fresh(claim).verdict == "eligible"


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
)
def test_the_pages_are_for_everybody(desk: Desk, width: int, scheme: str):
    officers = desk.officers
    conflict, open_case = make_conflict(officers), make_case(officers)
    draft = open_claim(NewClaim("hire_tax_deduction", "E01", open_case.applied_on), officers.clerk)
    seen = [
        (officers.reviewer, url(conflict)),
        (officers.reviewer, url(conflict) + "?fact=employer.size"),
        (officers.clerk, url(draft)),
        (officers.auditor, url(open_case, "determinations/")),
        (officers.auditor, url(open_case, f"determinations/{open_case.determination_id}/")),
        (officers.clerk, "/claims/new/"),
        (officers.clerk, "/claims/new/hiring_subsidy/?q=E01&on=2020-12-01"),
        (officers.clerk, "/claims/new/hiring_insurance_subsidy/facts/?subject=J09&on=2020-12-01"),
    ]
    for user, address in seen:
        page = desk.page(user, width=width, scheme=scheme)
        page.goto(desk.address + address)
        # Folded forms are looked at, too.
        page.evaluate(
            "document.querySelectorAll('details').forEach(one => { one.name = ''; one.open = true })"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        found = Axe().run(page)
        told = [(one["id"], one["nodes"][0]["html"][:160]) for one in found.response["violations"]]
        assert told == [], address


def test_on_paper_the_shapes_tell_the_verdicts_and_nothing_can_be_pressed(desk: Desk, tmp_path: Path):
    page = desk.open(desk.officers.reviewer, make_conflict(desk.officers))
    page.emulate_media(media="print")
    for selector in (".ways", ".aside-acts", ".attach", "button"):
        for one in page.locator(selector).all():
            assert not one.is_visible(), selector
    assert page.locator(".tree svg.mark").first.is_visible()
    assert page.locator(".follows").first.is_visible()
