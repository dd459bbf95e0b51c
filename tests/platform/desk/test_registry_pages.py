"""The registry on its pages: found, shown with its sources, masked; what stands twice is made one and two again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from claim_factory import make_claim
from django.urls import reverse
from import_workshop import imported, write_book
from officers import officer, signed_in
from stdnum.cn import ric

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.registry.duplicates import find_duplicates
from wenjiuye.platform.registry.models import DuplicatePair, Merge, row_model

pytestmark = pytest.mark.django_db

NUMBER = "41100219900101123" + ric.calc_check_digit("411002199001011230")
PEOPLE = [
    ["编号", "姓名", "身份证号", "联系电话", "所在县（市、区）", "出生日期"],
    ["P1", "张远航", NUMBER, "13800001111", "魏都区", "1990-01-01"],
    ["P2", "张远航", "", "", "魏都区", "1990-01-01"],
    ["P3", "李四", "", "", "建安区", "1991-01-01"],
]
FIRMS = [["编号", "名称", "所在县（市、区）"], ["E1", "众诚电气有限公司", "魏都区"]]
JOBS = [
    ["编号", "劳动者", "用人单位", "就业形式", "开始日期"],
    ["J1", "P1", "E1", "劳动合同", "2020-03-01"],
    ["J2", "P2", "E1", "劳动合同", "2020-04-01"],
]


@pytest.fixture
def city(tmp_path: Path) -> User:
    by = officer(Role.POLICY)
    imported(
        write_book(tmp_path / "名单.xlsx", {"个人": PEOPLE, "用人单位": FIRMS, "用工登记": JOBS}),
        by,
        title="十一月名单",
    )
    return by


@pytest.fixture
def reviewer(city: User) -> User:
    return officer(Role.REVIEWER, "weidu")


def opened(user: User, name: str, *arguments: Any, **query: str) -> str:
    answer = signed_in(user).get(reverse(f"desk:{name}", args=arguments), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


# ── Found and shown


@pytest.mark.parametrize("words", ["张远航", NUMBER, "13800001111", "P1", "众诚"])
def test_somebody_is_found_by_name_number_phone_and_key(reviewer: User, words: str):
    text = opened(reviewer, "registry", q=words)
    assert ("张*航" in text) is (words != "众诚")
    assert ("众诚电气" in text) is (words == "众诚")
    assert "张远航" not in text.replace('value="张远航"', "").replace("张远航</title>", "").replace(
        "登记库 张远航", ""
    )


def test_another_countys_are_not_found(reviewer: User):
    assert "没有找到" in opened(reviewer, "registry", q="李四")
    assert signed_in(reviewer).get(reverse("desk:registry_row", args=["person", "P3"])).status_code == 404


def test_a_person_is_shown_with_all_tables_where_they_come_from_and_nothing_in_full(reviewer: User):
    text = opened(reviewer, "registry_row", "person", "P1")
    assert "张远航" not in text
    assert NUMBER not in text
    assert "411002**********" in text
    assert "138****1111" in text
    assert "用工登记" in text
    assert "众诚电气有限公司" in text
    assert "十一月名单" in text
    assert "2020-12-01" in text


def test_personal_data_is_shown_once_for_a_reason_and_that_is_on_record(reviewer: User):
    client = signed_in(reviewer)
    address = reverse("desk:registry_unmask", args=["person", "P1"])
    assert client.post(address, {"reason": "x"}).status_code == 422
    assert not PersonalDataAccess.objects.exists()
    answer = client.post(address, {"reason": "核对身份证原件"})
    text = answer.content.decode()
    assert NUMBER in text
    assert "张远航" in text
    assert "no-store" in answer["Cache-Control"]
    assert PersonalDataAccess.objects.get().subject == "person:P1"
    assert NUMBER not in opened(reviewer, "registry_row", "person", "P1")


def test_who_may_not_see_in_full_is_not_offered_it_and_does_not_get_it(city: User):
    assert "显示姓名、证号" not in opened(city, "registry_row", "person", "P1")
    answer = signed_in(city).post(
        reverse("desk:registry_unmask", args=["person", "P1"]), {"reason": "核对身份证"}
    )
    assert answer.status_code == 403


def test_what_stood_there_before_is_shown(tmp_path: Path, city: User, reviewer: User):
    rows = [["编号", "所在县（市、区）", "出生日期"], ["P1", "魏都区", "1990-01-02"]]
    imported(write_book(tmp_path / "个人.xlsx", {"个人": rows}), city, title="更正生日")
    imported(
        write_book(
            tmp_path / "用工登记.xlsx", {"用工登记": [JOBS[0], ["J1", "P1", "E1", "劳动合同", "2020-03-02"]]}
        ),
        city,
        title="更正日期",
    )
    text = opened(reviewer, "registry_row", "person", "P1")
    assert "更正生日" in text
    assert "出生日期" in text
    assert "2020-03-01" not in text
    before = opened(reviewer, "registry_row", "person", "P1", table="employment", all="1")
    assert "2020-03-01" in before
    assert "被“更正日期”替代" in before


def test_long_tables_come_page_by_page(tmp_path: Path, city: User, reviewer: User):
    months = [["参保人", "缴费单位", "费款所属月"]]
    months += [["P1", "E1", f"{year}-{month:02d}"] for year in range(2010, 2020) for month in range(1, 13)]
    imported(write_book(tmp_path / "个人社保缴费.xlsx", {"个人社保缴费": months}), city)
    first = opened(reviewer, "registry_row", "person", "P1", table="contribution")
    last = opened(reviewer, "registry_row", "person", "P1", table="contribution", page="3")
    assert "第 1–50 行，共 120 行" in first
    assert ("2019-12" in first, "2010-01" in first) == (True, False)
    assert ("2010-01" in last, 'rel="next"' in last) == (True, False)


def test_the_claims_of_somebody_are_shown(reviewer: User):
    claim = make_claim(
        officer(Role.CLERK, "weidu"), claimant_kind="person", claimant_key="P1", claimant_name="张远航"
    )
    elsewhere = make_claim(
        officer(Role.CLERK),
        claimant_kind="person",
        claimant_key="P1",
        claimant_name="张远航",
        county="jianan",
    )
    text = opened(reviewer, "registry_row", "person", "P1")
    assert claim.number in text
    assert elsewhere.number not in text


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ACCOUNTANT, Role.ADMINISTRATOR])
def test_other_roles_do_not_see_the_registry(city: User, role: Role):
    client = signed_in(officer(role))
    for name, arguments in (("registry", []), ("registry_row", ["person", "P1"])):
        assert client.get(reverse(f"desk:{name}", args=arguments)).status_code == 403


@pytest.mark.parametrize("role", [Role.CLERK, Role.APPROVER, Role.POLICY, Role.AUDITOR])
def test_other_roles_do_not_merge(city: User, role: Role):
    client = signed_in(officer(role))
    for name, arguments in (("duplicates", []), ("duplicate", [1]), ("merge", [1]), ("merge_undo", [1])):
        assert client.get(reverse(f"desk:{name}", args=arguments)).status_code == 403


# ── Made one, and two again


@pytest.fixture
def pair(city: User) -> DuplicatePair:
    find_duplicates()
    return DuplicatePair.objects.get(kind="person")


def test_two_rows_are_compared_side_by_side(reviewer: User, pair: DuplicatePair):
    assert "张*航" in opened(reviewer, "duplicates")
    text = opened(reviewer, "duplicate", pair.pk)
    assert "张远航" not in text
    assert text.count("1 行指向它") == 2
    assert "姓名和出生日期相同" in text


def merged(reviewer: User, pair: DuplicatePair, **said: str) -> Any:
    said = {"step": "merge", "keep": "P1", "reason": "核对身份证，同一人", **said}
    return signed_in(reviewer).post(reverse("desk:duplicate_merge", args=[pair.pk]), said)


def test_two_rows_are_made_one_and_two_again(reviewer: User, pair: DuplicatePair):
    answer = merged(reviewer, pair)
    batch = Merge.objects.get().batch
    assert answer.url == reverse("desk:merge", args=[batch.pk])
    jobs = row_model("employment").objects.filter(replaced_by__isnull=True)
    assert set(jobs.values_list("person", flat=True)) == {"P1"}
    client = signed_in(reviewer)
    assert client.get(reverse("desk:registry_row", args=["person", "P2"])).url == reverse(
        "desk:registry_row", args=["person", "P1"]
    )
    assert "用工登记" in opened(reviewer, "merge", batch.pk)
    client.post(reverse("desk:merge_undo", args=[batch.pk]), {"reason": "two_people"})
    run(str(BackgroundJob.objects.get(kind="import_undo").pk))
    assert set(jobs.values_list("person", flat=True)) == {"P1", "P2"}
    pair.refresh_from_db()
    assert pair.state == "open"


def test_two_rows_are_kept_apart(reviewer: User, pair: DuplicatePair):
    merged(reviewer, pair, step="apart", reason="两个同名的人")
    pair.refresh_from_db()
    assert (pair.state, pair.settled_why) == ("distinct", "两个同名的人")
    assert "没有待核对的" in opened(reviewer, "duplicates")


@pytest.mark.parametrize(("said", "told"), [({"reason": " "}, "理由"), ({"keep": ""}, "保留哪一个")])
def test_what_is_lacking_is_said(reviewer: User, pair: DuplicatePair, said: dict[str, str], told: str):
    answer = merged(reviewer, pair, **said)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Merge.objects.exists()


def test_duplicates_are_looked_for_in_the_background(reviewer: User):
    client = signed_in(reviewer)
    client.post(reverse("desk:duplicates_find"))
    assert "正在查找" in opened(reviewer, "duplicates")
    run(str(BackgroundJob.objects.get(kind="find_duplicates").pk))
    assert "张*航" in opened(reviewer, "duplicates")
