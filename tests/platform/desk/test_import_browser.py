"""Imports, the registry and duplicates in a real browser: with and without scripts, on a phone, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from import_workshop import checked, imported, uploaded, write_book
from live import Visits, chromium, visits
from officers import officer
from playwright.sync_api import Browser, Page, expect

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.registry.duplicates import find_duplicates
from wenjiuye.platform.registry.models import DuplicatePair, row_model

LONG = "许昌市中原电气谷新能源汽车零部件智能制造产业园投资发展有限责任公司"
PEOPLE = [
    ["编号", "姓名", "联系电话", "所在县（市、区）", "出生日期"],
    ["P1", "张远航", "13800001111", "魏都区", "1990-01-01"],
    ["P2", "张远航", "", "魏都区", "1990-01-01"],
]
FIRMS = [["编号", "名称", "所在县（市、区）"], ["E1", LONG, "魏都区"]]
JOBS = [
    ["编号", "劳动者", "用人单位", "就业形式", "开始日期"],
    *[[f"J{n}", "P1", "E1", "劳动合同", f"2020-{n:02d}-01"] for n in range(1, 10)],
]
WRONG = [
    ["编号", "劳动者", "就业形式", "开始日期"],
    ["K1", "P1", "灵活就业", "2020-13-01"],
    ["K2", "P2", "灵活就业", "2020-03-01"],
]


@dataclass(frozen=True)
class Office:
    """The desk, with an officer who imports and a reviewer."""

    visits: Visits
    city: User
    reviewer: User

    @property
    def address(self) -> str:
        return self.visits.address

    def page(self, user: User, address: str, *, js: bool = True, **more: Any) -> Page:
        return self.visits.at(user, address, js=js, bypass_csp=not js, **more)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def office(own_database: Any, browser: Browser, tmp_path: Path) -> Iterator[Office]:
    """An office whose registry has two people and a firm."""
    city, reviewer = officer(Role.POLICY, name="李强"), officer(Role.REVIEWER, "weidu", name="王敏")
    imported(
        write_book(tmp_path / "a.xlsx", {"个人": PEOPLE, "用人单位": FIRMS, "用工登记": JOBS}),
        city,
        title="十一月名单",
    )
    with visits(browser) as found:
        yield Office(found, city, reviewer)


def run_jobs() -> None:
    """What a worker would do."""
    for job in BackgroundJob.objects.filter(state="waiting"):
        run(str(job.pk))


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_a_file_comes_in_without_its_wrong_row_and_goes_again(office: Office, tmp_path: Path, js: bool):
    path = write_book(tmp_path / "十二月.xlsx", {"名册": WRONG})
    page = office.page(office.city, "/imports/new/", js=js)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("数据截至").fill("2020-12-01")
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_text("排队中")).to_be_visible()

    def waited() -> None:
        run_jobs()
        if not js:
            page.reload()

    waited()
    expect(page.get_by_label("是哪张表")).to_have_value("employment")
    page.get_by_role("button", name="检查每一行").click()
    waited()
    expect(page.get_by_role("cell", name="D2", exact=True)).to_be_visible()
    page.get_by_role("button", name="只导入正确的 1 行").click()
    waited()
    expect(page.get_by_text("已导入，有效")).to_be_visible()
    page.get_by_role("link", name="撤销整个批次…").click()
    page.get_by_label("传错了文件").check()
    page.get_by_role("button", name="撤销这个批次").click()
    expect(page.get_by_text("正在撤销")).to_be_visible()
    waited()
    expect(page.get_by_text("这些行不再算数")).to_be_visible()
    assert not row_model("employment").objects.filter(key="K2").exists()


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_another_table_brings_its_own_columns(office: Office, tmp_path: Path, js: bool):
    file = uploaded(write_book(tmp_path / "x.xlsx", {"名册": WRONG}), office.city)
    page = office.page(office.city, f"/imports/{file.pk}/", js=js)
    page.get_by_label("是哪张表").focus()
    page.get_by_label("是哪张表").select_option("sales")
    if not js:
        page.get_by_role("button", name="换成这张表").click()
    expect(
        page.get_by_label("编号", exact=True).locator("option", has_text=re.compile("^纳税人"))
    ).to_have_count(1)
    expect(page.get_by_text("还缺必须有的列")).to_be_visible()
    if js:
        expect(page.get_by_label("是哪张表")).to_be_focused()


def test_two_people_are_made_one(office: Office):
    find_duplicates()
    pair = DuplicatePair.objects.get(kind="person")
    page = office.page(office.reviewer, f"/duplicates/{pair.pk}/")
    page.get_by_label("P2").check()
    page.get_by_label("理由").fill("核对身份证，同一人")
    page.get_by_role("button", name="合并到选中的").click()
    expect(page.get_by_text("用工登记")).to_be_visible()
    page.get_by_role("link", name="张*航").click()
    expect(page.get_by_text("并入了 P1")).to_be_visible()


def test_personal_data_is_shown_once(office: Office):
    page = office.page(office.reviewer, "/registry/person/P1/")
    page.get_by_text("显示姓名、证号和电话…").click()
    page.get_by_label("为什么要看").fill("核对身份证原件")
    page.get_by_role("button", name="显示一次").click()
    expect(page.get_by_text("13800001111")).to_be_visible()
    page.goto(f"{office.address}/registry/person/P1/")
    expect(page.get_by_text("138****1111")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme", "lang"), [(1440, "light", "zh-hans"), (360, "dark", "en")])
def test_the_pages_are_for_everybody_and_never_scroll_sideways(
    office: Office, tmp_path: Path, width: int, scheme: str, lang: str
):
    find_duplicates()
    pair = DuplicatePair.objects.get(kind="person")
    matching = uploaded(write_book(tmp_path / f"{LONG}.xlsx", {"名册": WRONG}), office.city)
    found = checked(write_book(tmp_path / "b.xlsx", {"名册": WRONG}), office.city)
    pages = {
        office.city: [
            "/imports/",
            "/imports/new/",
            f"/imports/{matching.pk}/",
            f"/imports/{found.pk}/",
            "/batches/1/",
        ],
        office.reviewer: [
            "/registry/",
            "/registry/?q=张远",
            "/registry/person/P1/",
            "/registry/enterprise/E1/?table=employment&all=1",
            "/duplicates/",
            f"/duplicates/{pair.pk}/",
        ],
    }
    for user, addresses in pages.items():
        page = office.page(user, addresses[0], width=width, scheme=scheme, lang=lang)
        for address in addresses:
            page.goto(office.address + address)
            results = Axe().run(page)
            assert results.violations_count == 0, (address, results.generate_report())
            sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert page.evaluate(sideways) is False, address
