"""What offices send is read as people mean it, and what is wrong is told cell by cell."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
from import_workshop import AS_OF, as_guessed, checked, failure, imported, uploaded, write_book, write_text
from officers import officer
from stdnum.cn import ric

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.folders import folder_of
from wenjiuye.platform.registry.importing.matching import Matched
from wenjiuye.platform.registry.importing.problems import first_problems
from wenjiuye.platform.registry.importing.stages import begin_check
from wenjiuye.platform.registry.importing.uploading import Upload, receive
from wenjiuye.platform.registry.models import FileImport, HeaderMapping, row_model

pytestmark = pytest.mark.django_db

PEOPLE = [["编号", "姓名", "所在县（市、区）"], ["P1", "张远航", "魏都区"], ["P2", "王梅", "建安区"]]
FIRMS = [["编号", "名称", "所在县（市、区）"], ["E1", "众诚电气有限公司", "魏都区"]]
JOBS = ["编号", "劳动者", "用人单位", "就业形式", "开始日期"]
NUMBER, OTHER = (
    digits + ric.calc_check_digit(digits + "0") for digits in ("41100219900101123", "41100219900202124")
)


@pytest.fixture
def city() -> User:
    return officer(Role.POLICY)


@pytest.fixture
def people(tmp_path: Path, city: User) -> FileImport:
    """Two persons and a firm in the registry."""
    return imported(write_book(tmp_path / "people.xlsx", {"个人": PEOPLE, "用人单位": FIRMS}), city)


def wrong(file: FileImport) -> list[tuple[str, str, str]]:
    """Address, value and problem of everything that is wrong."""
    return [(p.address, p.value, p.problem) for p in first_problems(file, folder_of(file))]


def counts(file: FileImport, table: str) -> tuple[int, int, int, int]:
    """Rows that are new, changed, as they are, wrong."""
    one = file.tables.get(table=table)
    return one.new, one.changed, one.same, one.bad


def live(table: str) -> list[dict[str, Any]]:
    rows = row_model(table).objects.filter(replaced_by__isnull=True).order_by("id")
    return list(rows.values())


# ── Dirt that people mean well


def test_a_list_in_gb18030_with_widths_separators_and_a_title_on_top(
    tmp_path: Path, city: User, people: FileImport
):
    path = write_text(
        tmp_path / "个人社保缴费.csv",
        [
            ["许昌市2020年11月缴费花名册", "", "", ""],
            ["参保人", "费款所属月", "缴费基数", "个人已缴"],
            ["P1", "2020年11月", "３，２００．５０", "¥256"],
            ["P2", "２０２０－１１", '"4,100.00"', "328元"],
        ],
        "gb18030",
    )
    file = imported(path, city)
    assert file.state == "loaded"
    assert file.sheets.get().header_row == 2
    assert [
        (r["person"], r["month"], r["contribution_base"], r["own_paid"]) for r in live("contribution")
    ] == [
        ("P1", dt.date(2020, 11, 1), 320_050, 25_600),
        ("P2", dt.date(2020, 11, 1), 410_000, 32_800),
    ]


def test_merged_cells_date_cells_and_formulas_of_a_workbook(tmp_path: Path, city: User, people: FileImport):
    rows = [
        ["编号", "劳动者", "用人单位", "就业形式", "开始日期", "合同期限"],
        ["J1", "P1", None, "劳动合同", dt.date(2020, 3, 1), "=10+2"],
        ["J2", "P2", None, "劳动合同", dt.date(2020, 4, 1), 24],
    ]
    path = tmp_path / "用工登记.xlsx"
    write_book(path, {"用工登记": rows}, {"用工登记": ["C2:C3=E1"]})
    _calculated(path, "=10+2", "12")
    file = imported(path, city)
    assert file.state == "loaded"
    assert any("合并的单元格" in note for note in file.notes)
    assert [(r["employer"], r["started_on"], r["contract_months"]) for r in live("employment")] == [
        ("E1", dt.date(2020, 3, 1), 12),
        ("E1", dt.date(2020, 4, 1), 24),
    ]


def _calculated(path: Path, formula: str, value: str) -> None:
    """As Excel keeps a formula: with its result."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    old = f"<f>{formula[1:]}</f><v>0</v>".encode()
    assert old in parts[sheet]
    parts[sheet] = parts[sheet].replace(old, old.replace(b"<v>0</v>", f"<v>{value}</v>".encode()))
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)


# ── What is wrong, cell by cell


def test_every_wrong_cell_is_told_by_its_address(tmp_path: Path, city: User, people: FileImport):
    rows = [
        JOBS,
        ["J1", "P1", "E1", "劳动合同", "2020-13-01"],
        ["J2", "P9", "E1", "劳动合同", "2020-03-01"],
        ["J3", "P1", "E1", "合同工", "2020-03-01"],
        ["J4", None, "E1", "劳动合同", "2020-03-01"],
        ["J5", "P2", None, "灵活就业", "2020-03-01"],
    ]
    file = checked(write_book(tmp_path / "a.xlsx", {"用工登记": rows}), city)
    found = wrong(file)
    assert [(address, value) for address, value, _problem in found] == [
        ("E2", "2020-13-01"),
        ("B3", "P9"),
        ("D4", "合同工"),
        ("B5", ""),
    ]
    assert "没有这个编号" in found[1][2]
    assert "必填" in found[3][2]
    assert counts(file, "employment") == (1, 0, 0, 4)


def test_rows_that_are_new_changed_or_as_they_are(tmp_path: Path, city: User, people: FileImport):
    rows = [PEOPLE[0], ["P1", "张远航", "魏都区"], ["P2", "王小梅", "建安区"], ["P3", "李四", "魏都区"]]
    file = checked(write_book(tmp_path / "个人.xlsx", {"个人": rows}), city)
    assert counts(file, "person") == (1, 1, 1, 0)


def test_columns_that_a_file_does_not_have_keep_what_is_there(tmp_path: Path, city: User, people: FileImport):
    rows = [["编号", "所在县（市、区）", "出生日期"], ["P1", "魏都区", "1990-01-02"], ["P2", "建安区", ""]]
    path = write_book(tmp_path / "个人.xlsx", {"个人": rows})
    assert counts(checked(path, city), "person") == (0, 1, 1, 0)
    imported(path, city)
    assert [(r["name"], r["birth_date"]) for r in live("person")] == [
        ("王梅", None),
        ("张远航", dt.date(1990, 1, 2)),
    ]


def test_a_whole_import_says_what_it_takes_out(tmp_path: Path, city: User, people: FileImport):
    path = write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE[:2]})
    assert checked(path, city, kind="whole").tables.get().gone == 1
    imported(path, city, kind="whole")
    assert [row["key"] for row in live("person")] == ["P1"]


def test_an_id_that_two_rows_share_is_wrong_in_both_and_an_equal_copy_only_once(tmp_path: Path, city: User):
    rows = [
        PEOPLE[0],
        ["P1", "甲", "魏都区"],
        ["P1", "乙", "魏都区"],
        ["P2", "丙", "魏都区"],
        ["P2", "丙", "魏都区"],
    ]
    file = checked(write_book(tmp_path / "个人.xlsx", {"个人": rows}), city)
    assert [address for address, _value, _problem in wrong(file)] == ["A2", "A3", "A5"]


def test_a_reference_may_lead_to_the_file_or_to_the_registry(tmp_path: Path, city: User, people: FileImport):
    sheets = {
        "个人": [PEOPLE[0], ["P3", "李四", "魏都区"]],
        "用工登记": [
            JOBS,
            ["J1", "P3", "E1", "劳动合同", "2020-03-01"],
            ["J2", "P1", "E1", "劳动合同", "2020-03-01"],
        ],
    }
    assert imported(write_book(tmp_path / "a.xlsx", sheets), city).state == "loaded"


def test_a_reference_to_a_row_that_is_wrong_itself_is_wrong_unless_the_registry_has_it(
    tmp_path: Path, city: User, people: FileImport
):
    sheets = {
        "个人": [PEOPLE[0], ["P1", "张远航", "月球"], ["P4", "赵六", "月球"]],
        "用工登记": [
            JOBS,
            ["J1", "P4", "E1", "劳动合同", "2020-03-01"],
            ["J2", "P1", "E1", "劳动合同", "2020-03-01"],
        ],
    }
    file = checked(write_book(tmp_path / "a.xlsx", sheets), city)
    problems = first_problems(file, folder_of(file))
    assert [(p.sheet, p.address) for p in problems] == [("个人", "C2"), ("个人", "C3"), ("用工登记", "B2")]
    assert "搁置" in problems[2].problem


def test_a_formula_that_failed_and_a_number_that_lost_digits_are_told(
    tmp_path: Path, city: User, people: FileImport
):
    rows = [
        ["编号", "姓名", "身份证号", "所在县（市、区）"],
        ["P7", "孙七", 411002199001011230.0, "魏都区"],
        ["P8", "周八", "12345", "魏都区"],
    ]
    file = checked(write_book(tmp_path / "个人.xlsx", {"个人": rows}), city)
    found = wrong(file)
    assert [address for address, _value, _problem in found] == ["C2", "C3"]
    assert "数位已丢失" in found[0][2]
    assert "18位" in found[1][2]


# ── Persons who are named by their number


def test_persons_are_found_by_their_number_and_the_number_never_becomes_a_key(tmp_path: Path, city: User):
    first = write_book(
        tmp_path / "个人.xlsx",
        {"个人": [["姓名", "身份证号", "所在县（市、区）"], ["张远航", NUMBER, "魏都区"]]},
    )
    assert imported(first, city).state == "loaded"
    (person,) = live("person")
    assert NUMBER not in person["key"]
    second = write_book(
        tmp_path / "失业登记.xlsx",
        {"失业登记": [["登记人", "登记日期"], [NUMBER, "2020-02-03"], [OTHER, "2020-02-03"]]},
    )
    file = checked(second, city)
    assert [(address, value) for address, value, _problem in wrong(file)] == [("A3", OTHER)]
    file = imported(second, city, only_good=True)
    assert [row["person"] for row in live("unemployment_registration")] == [person["key"]]


def test_a_person_with_an_id_and_a_number_in_one_file_is_found_by_the_number(tmp_path: Path, city: User):
    sheets = {
        "个人": [["编号", "身份证号", "所在县（市、区）"], ["P1", NUMBER, "魏都区"]],
        "失业登记": [["登记人", "登记日期"], [NUMBER, "2020-02-03"]],
    }
    assert imported(write_book(tmp_path / "a.xlsx", sheets), city).state == "loaded"
    assert [row["person"] for row in live("unemployment_registration")] == ["P1"]


# ── Columns


def test_what_a_header_means_is_remembered(tmp_path: Path, city: User):
    path = write_book(tmp_path / "x.xlsx", {"Sheet1": [["人员代码", "属地", "备注"], ["P1", "魏都区", "无"]]})
    file = uploaded(path, city)
    assert file.sheets.get().table == ""
    begin_check(file, {0: Matched("person", ("id", "county", ""))}, city)
    assert HeaderMapping.objects.count() == 2
    again = uploaded(
        write_book(tmp_path / "个人.xlsx", {"个人": [["备注", "属地", "人员代码"], ["无", "魏都区", "P2"]]}),
        city,
    )
    assert again.sheets.get().columns == ["", "county", "id"]


def test_a_column_that_every_row_must_have_and_that_is_not_there_is_said(tmp_path: Path, city: User):
    file = uploaded(write_book(tmp_path / "个人.xlsx", {"个人": [["编号", "姓名"], ["P1", "甲"]]}), city)
    with pytest.raises(ImportingError, match="缺少个人必须有的列：所在县"):
        begin_check(file, as_guessed(file), city)


def test_two_headers_cannot_be_the_same_column(tmp_path: Path, city: User):
    file = uploaded(
        write_book(
            tmp_path / "个人.xlsx", {"个人": [["编号", "代码", "所在县（市、区）"], ["P1", "P1", "魏都区"]]}
        ),
        city,
    )
    with pytest.raises(ImportingError, match="有两列都对应“编号”"):
        begin_check(file, {0: Matched("person", ("id", "id", "county"))}, city)


def test_titles_that_are_nearly_known_are_offered(tmp_path: Path, city: User):
    file = uploaded(
        write_book(tmp_path / "个人.xlsx", {"个人": [["编号", "所在县市区", "出生日期："]]}), city
    )
    assert file.sheets.get().columns == ["id", "county", "birth_date"]


def test_two_columns_of_one_title_are_told_apart(tmp_path: Path, city: User):
    path = write_book(
        tmp_path / "个人.xlsx",
        {"个人": [["编号", "日期", "日期", "所在县（市、区）"], ["P1", "1990-01-01", "x", "魏都区"]]},
    )
    file = checked(path, city, {0: Matched("person", ("id", "birth_date", "died_on", "county"))})
    assert [address for address, _value, _problem in wrong(file)] == ["C2"]


# ── Counties


def test_a_county_brings_its_own_rows_only(tmp_path: Path, city: User, people: FileImport):
    clerk = officer(Role.CLERK, "weidu")
    sheets = {
        "个人": [PEOPLE[0], ["P5", "吴五", "魏都区"], ["P6", "郑六", "建安区"], ["P2", "王梅", "魏都区"]],
        "用工登记": [
            JOBS,
            ["J1", "P5", None, "灵活就业", "2020-03-01"],
            ["J2", "P2", None, "灵活就业", "2020-03-01"],
            ["J3", "P2", "E1", "劳动合同", "2020-03-01"],
        ],
    }
    file = checked(write_book(tmp_path / "a.xlsx", sheets), clerk, county="weidu")
    found = first_problems(file, folder_of(file))
    assert [(p.sheet, p.address) for p in found] == [("个人", "C3"), ("个人", "A4"), ("用工登记", "B3")]
    assert "建安区" in found[0].problem
    assert "登记库里这个编号属于建安区" in found[1].problem


def test_a_row_of_another_county_cannot_be_taken_over_by_its_id(
    tmp_path: Path, city: User, people: FileImport
):
    rows = [JOBS, ["J1", "P2", None, "灵活就业", "2020-03-01"]]
    imported(write_book(tmp_path / "a.xlsx", {"用工登记": rows}), city)
    clerk = officer(Role.CLERK, "weidu")
    mine = [JOBS, ["J1", "P1", None, "灵活就业", "2020-03-01"]]
    file = checked(write_book(tmp_path / "b.xlsx", {"用工登记": mine}), clerk, county="weidu")
    assert [address for address, _value, _problem in wrong(file)] == ["A2"]


def test_what_cannot_be_told_by_county_is_the_citys(tmp_path: Path):
    clerk = officer(Role.CLERK, "weidu")
    rows = [["对象", "对象编号", "事实", "值", "生效日期"], ["person", "P1", "rural", "是", "2020-01-01"]]
    file = uploaded(
        write_book(tmp_path / "认定或申报的事实.xlsx", {"认定或申报的事实": rows}), clerk, county="weidu"
    )
    with pytest.raises(ImportingError, match="由市级导入"):
        begin_check(file, as_guessed(file), clerk)


# ── Files that cannot be used


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("名单.pdf", b"%PDF-1.7", "不是能导入的文件"),
        ("名单.xlsx", b"", "空的"),
        ("名单.xlsx", b"id,county\n", "不是 .xlsx 格式"),
        ("名单.xls", b"PK\x03\x04", "不是 .xls 格式"),
    ],
)
def test_what_is_no_table_is_refused_at_once(
    city: User, data_folder: Path, name: str, content: bytes, told: str
):
    with pytest.raises(ImportingError, match=told):
        receive(Upload(name, AS_OF), [content], city)
    assert not list((data_folder / "imports").glob("*"))


def test_a_damaged_workbook_is_told(tmp_path: Path, city: User):
    path = tmp_path / "个人.xlsx"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    file = uploaded(path, city)
    assert file.state == "reading"
    assert "重新保存" in failure(file)
    assert " / " not in failure(file)


def test_a_sheet_without_a_header_does_not_stop_the_others(tmp_path: Path, city: User):
    file = imported(write_book(tmp_path / "a.xlsx", {"封面": [[None], ["许昌市"]], "个人": PEOPLE}), city)
    assert file.state == "loaded"
    assert "第1行是空的" in file.sheets.get(number=0).problem


@pytest.mark.parametrize("as_of", [dt.date(1999, 12, 31), dt.date(2999, 1, 1)])
def test_a_day_that_cannot_be_is_refused(city: User, as_of: dt.date):
    with pytest.raises(ImportingError, match="截至日期"):
        receive(Upload("a.csv", as_of), [b"id\n"], city)


def test_a_county_does_not_replace_a_whole_table(city: User):
    with pytest.raises(ImportingError, match="市级"):
        receive(Upload("a.csv", AS_OF, kind="whole", county="weidu"), [b"id\n"], officer(Role.CLERK, "weidu"))
