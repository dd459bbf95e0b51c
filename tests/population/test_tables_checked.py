"""Ids, references and official numbers are checked, and what is rejected can be mended and read again."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from stdnum.cn import ric, uscc
from workshop import SUBJECTS, english, write_csv

from wenjiuye.policy.vocabulary import Enterprise, Person
from wenjiuye.population import TableSet, read_tables


def read(folder: Path, **texts: str) -> TableSet:
    for name, text in texts.items():
        write_csv(folder, f"{name}.csv", text)
    return read_tables(folder, SUBJECTS)


def told(tables: TableSet, subject: str) -> list[tuple[int, str]]:
    rows = tables.problems.filter(pl.col("subject") == subject).select("row", "problem").rows()
    return [(row, english(problem)) for row, problem in rows]


def test_rows_that_share_an_id_and_differ_are_all_rejected(tmp_path: Path):
    tables = read(tmp_path, firm="id,staff\nE1,1\nE2,2\nE1,3\n")
    assert told(tables, "firm") == [(n, "the rows 2, 4 have the same id and differ") for n in (2, 4)]
    assert tables.frames["firm"]["id"].to_list() == ["E2"]


def test_of_equal_rows_the_first_stays(tmp_path: Path):
    tables = read(tmp_path, firm="id,staff\nE1,1\nE2,2\nE1,1\nE1,1\n")
    assert told(tables, "firm") == [(n, "the row is the same as row 2, which stays") for n in (4, 5)]
    assert tables.frames["firm"]["id"].to_list() == ["E1", "E2"]


def test_a_row_without_an_id_is_rejected(tmp_path: Path):
    assert told(read(tmp_path, firm="id,staff\n,1\n"), "firm") == [(2, "the row has no id")]


def test_a_reference_to_nowhere_rejects_its_row_with_the_reason(tmp_path: Path):
    tables = read(
        tmp_path, firm="id,staff\nE1,1\nE2,x\n", job="id,firm,months\nJ1,E1,1\nJ2,E9,1\nJ3,E2,1\nJ4,,1\n"
    )
    assert told(tables, "job") == [
        (3, "no such row in firm.csv"),
        (4, "refers to a rejected row (firm.csv, row 3)"),
    ]
    assert tables.frames["job"].select("id", "firm").rows() == [("J1", "E1"), ("J4", None)]


def test_a_person_may_be_hired_twice(tmp_path: Path):
    tables = read(tmp_path, worker="id,poor\nW1,1\n", job="id,worker,months\nJ1,W1,1\nJ2,W1,1\n")
    assert tables.frames["job"].height == 2


def test_a_relation_without_its_table_is_told_once_and_stays_unknown(tmp_path: Path):
    tables = read(tmp_path, job="id,firm,months\nJ1,E1,1\nJ2,E2,1\n")
    assert tables.frames["job"].height == 2
    assert [english(note) for note in tables.notes] == [
        "job.csv: no table firm (企业), so its facts stay unknown",
        "job.csv: no column worker (人员), so its facts stay unknown",
    ]


def test_rejected_rows_stand_as_in_the_file_with_all_reasons(tmp_path: Path):
    tables = read(tmp_path, firm="编号,人数,colour,资产\nE1,x,red,1.234\nE2,2,blue,2\n")
    rejects = tables.rejects["firm"]
    assert rejects.columns == ["row", "编号", "人数", "colour", "资产", "error"]
    assert rejects.select("row", "编号", "人数", "colour", "资产").rows() == [(2, "E1", "x", "red", "1.234")]
    error = rejects["error"][0]
    assert (
        "人数 x：不是数字：x / not a number: 'x'"
        "（应为 / wanted: 不小于0的整数 / a whole number not below 0）" in error
    )
    assert "资产 1.234：超过两位小数：1.234元 / more than two decimals: 1.234 yuan" in error


def test_a_mended_file_of_rejects_can_be_read_as_it_is(tmp_path: Path):
    rejects = read(tmp_path, firm="编号,人数\nE1,x\nE2,2\n").rejects["firm"]
    mended = tmp_path / "mended"
    mended.mkdir()
    rejects.with_columns(pl.lit("5").alias("人数")).write_csv(mended / "firm.csv", include_bom=True)
    tables = read_tables(mended, SUBJECTS)
    assert tables.notes == ()
    assert tables.frames["firm"].rows() == [("E1", 5)]


def test_a_row_is_counted_once_however_many_problems_it_has(tmp_path: Path):
    report = read(tmp_path, firm="id,staff,assets\nE1,x,y\nE2,1,1\n").reports["firm"]
    assert (report.read, report.rejected, report.accepted) == (2, 1, 1)


# ── Official numbers


def resident_id(region: str, born: str) -> str:
    body = f"{region}{born}000"
    return body + ric.calc_check_digit(body + "0")


def people(folder: Path, *numbers: str) -> TableSet:
    rows = "".join(f"P{i},{number}\n" for i, number in enumerate(numbers))
    write_csv(folder, "person.csv", "编号,身份证号\n" + rows)
    return read_tables(folder, {"person": Person, "enterprise": Enterprise})


@pytest.mark.parametrize("born", ["19600229", "19850716", "20051231"])
def test_a_right_resident_id_is_taken_whenever_its_county_became_a_city(tmp_path: Path, born: str):
    assert people(tmp_path, resident_id("411082", born)).problems.is_empty()


def test_a_small_x_at_the_end_of_a_resident_id_is_the_same(tmp_path: Path):
    number = resident_id("411002", "19900101")
    assert number.endswith("X")
    tables = people(tmp_path, number.lower())
    assert tables.frames["person"]["resident_id"].to_list() == [number]


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("4110021990010100", "it does not have 18 characters"),
        ("411002199001010001", "the check character does not fit: one character is wrong or two are swapped"),
        ("41100219900101O00X", "it has characters that cannot stand there"),
        (resident_id("411002", "19900231"), "the date of birth in it does not exist"),
        (resident_id("991002", "19900131"), "it has characters that cannot stand there"),
    ],
)
def test_a_wrong_resident_id_is_an_error_with_the_reason(tmp_path: Path, number: str, problem: str):
    tables = people(tmp_path, number, resident_id("411002", "19700101"))
    assert tables.problems.select("row", "column", "value").rows() == [(2, "身份证号", number)]
    assert english(tables.problems["problem"][0]) == problem


def test_a_wrong_credit_code_is_an_error_with_the_reason(tmp_path: Path):
    right = "91411000DEM000010" + uscc.calc_check_digit("91411000DEM000010")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    write_csv(tmp_path, "用人单位.csv", f"编号,统一社会信用代码\nE1,{right}\nE2,{wrong}\nE3,\n")
    tables = read_tables(tmp_path, [Enterprise])
    assert tables.problems.select("row", "value").rows() == [(3, wrong)]
    assert tables.frames["enterprise"]["id"].to_list() == ["E1", "E3"]


def test_an_official_number_stands_in_for_a_missing_id(tmp_path: Path):
    number = resident_id("411002", "19700101")
    write_csv(tmp_path, "个人.csv", f"姓名,身份证号\n甲,{number}\n")
    frame = read_tables(tmp_path, [Person]).frames["person"]
    assert frame.select("id", "resident_id", "name").rows() == [(number, number, "甲")]


def test_an_id_that_a_spreadsheet_has_shortened_is_an_error(tmp_path: Path):
    write_csv(tmp_path, "firm.csv", "id,staff\n4.11002E+17,1\n")
    assert "shortened" in read_tables(tmp_path, SUBJECTS).problems["problem"][0]


# ── Rows below a list


def test_a_row_below_a_list_is_no_row_but_is_told_and_kept(tmp_path: Path):
    tables = read(tmp_path, firm="编号,名称,人数,资产\nE1,甲,3,1\n填表人：张三,,,\n合计,, ,　\nE4,乙,,\n")
    assert tables.frames["firm"]["id"].to_list() == ["E1", "E4"]
    assert tables.problems.is_empty()
    assert tables.notes == (
        "firm.csv：第3、4行只有编号，没有任何事实，未计算 / "
        "firm.csv: only an id and no fact in row 3, 4, not computed",
    )
    rejects = tables.rejects["firm"]
    assert rejects.select("row", "编号").rows() == [(3, "填表人：张三"), (4, "合计")]
    assert rejects["error"][0].startswith("只有编号，没有任何事实，未计算 / ")
    report = tables.reports["firm"]
    assert (report.read, report.rejected, report.accepted) == (4, 2, 2)
    assert tables.lost == {}


def test_the_text_below_a_list_may_stand_in_the_first_cell(tmp_path: Path):
    tables = read(tmp_path, firm="序号,编号,人数\n1,E1,3\n备注：以上属实,,\n")
    assert tables.frames["firm"]["id"].to_list() == ["E1"]
    assert tables.problems.is_empty()
    assert tables.rejects["firm"]["row"].to_list() == [3]


def test_text_below_a_list_of_official_numbers_is_no_wrong_number(tmp_path: Path):
    right = "91411000DEM000010" + uscc.calc_check_digit("91411000DEM000010")
    write_csv(tmp_path, "enterprise.csv", f"统一社会信用代码,职工人数\n{right},3\n合计,\n")
    tables = read_tables(tmp_path, [Enterprise])
    assert tables.problems.is_empty()
    assert tables.rejects["enterprise"]["row"].to_list() == [3]


def test_a_row_that_has_anything_but_an_id_is_a_row(tmp_path: Path):
    tables = read(tmp_path, firm="id,staff,colour\nE1,3,\nE2,,red\nE3,x,\n")
    assert tables.frames["firm"]["id"].to_list() == ["E1", "E2"]
    assert told(tables, "firm") == [(4, "not a number: 'x'")]


def test_a_row_that_another_table_refers_to_is_a_row(tmp_path: Path):
    tables = read(tmp_path, firm="id,staff\nE1,\n合计,\n", job="id,firm,months\nJ1,E1,12\n")
    assert tables.frames["firm"]["id"].to_list() == ["E1"]
    assert tables.frames["job"]["id"].to_list() == ["J1"]


@pytest.mark.parametrize("text", ["id\nE1\nE2\n", "id,名称\nE1,\nE2,\n"])
def test_a_table_may_have_nothing_but_ids(tmp_path: Path, text: str):
    tables = read(tmp_path, firm=text)
    assert tables.frames["firm"]["id"].to_list() == ["E1", "E2"]
    assert (tables.notes, tables.rejects) == ((), {})


# ── Rows that others count


def test_the_owners_of_rejected_rows_are_known_where_the_reference_is(tmp_path: Path):
    tables = read(
        tmp_path,
        firm="id,staff\nE1,1\nE2,2\nE3,3\n",
        job="id,firm,months\nJ1,E1,x\nJ2,E2,1\nJ2,E2,1\nJ3,,x\nJ4,E9,1\n,E3,\n合计,,\n",
    )
    assert tables.incomplete == {"job.firm": {"E1", "E3", "E9"}}


def test_a_copy_of_a_row_that_stays_leaves_nothing_out(tmp_path: Path):
    tables = read(tmp_path, firm="id,staff\nE1,1\n", job="id,firm,months\nJ1,E1,1\nJ1,E1,1\n")
    assert tables.rejects["job"].height == 1
    assert tables.incomplete == {}
