"""A template can be filled in by somebody who knows the facts and not the program, and reads back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from workshop import SUBJECTS, Job, policy

from wenjiuye.policy.xuchang_2020_31 import policy as xuchang
from wenjiuye.population import OutputError, read_tables, write_template


def test_a_template_has_a_sheet_for_the_subject_and_for_all_that_it_refers_to(tmp_path: Path):
    path = write_template(Job, tmp_path / "job.xlsx", policy())
    assert CalamineWorkbook.from_path(path).sheet_names == ["岗位", "企业", "职工"]


def test_a_template_says_what_each_column_means(tmp_path: Path):
    path = write_template("job", tmp_path / "job.xlsx", policy())
    rows = CalamineWorkbook.from_path(path).get_sheet_by_name("岗位").to_python()
    assert rows[0] == ["编号", "名称", "单位", "人员", "月数", "工资"]
    assert rows[1][2] == "“企业”表中的编号 / an id of the sheet 企业"
    assert "元，最多两位小数" in rows[1][5]


def test_a_template_has_drop_downs_checks_and_notes(tmp_path: Path):
    path = write_template("firm", tmp_path / "firm.xlsx", policy())
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        notes = archive.read("xl/comments1.xml").decode()
    assert '<formula1>"小型,大型"</formula1>' in sheet
    assert '<formula1>"是,否"</formula1>' in sheet
    assert sheet.count("<dataValidation ") == 7
    assert 'state="frozen"' in sheet
    assert "空白表示未知" in notes
    assert "an empty cell is neither no nor 0" in notes


def test_a_template_reads_back_with_its_example_row_and_without_a_problem(tmp_path: Path):
    path = write_template("job", tmp_path / "job.xlsx", policy())
    tables = read_tables(path, SUBJECTS)
    assert tables.problems.is_empty()
    assert tables.notes == ()
    assert {name: frame.height for name, frame in tables.frames.items()} == {"job": 1, "firm": 1, "worker": 1}
    assert tables.frames["job"]["firm"].to_list() == tables.frames["firm"]["id"].to_list()
    assert tables.frames["firm"].null_count().row(0) == (0,) * tables.frames["firm"].width


@pytest.mark.parametrize("subject", list(xuchang().subjects))
def test_every_template_of_the_city_reads_back(tmp_path: Path, subject: str):
    path = write_template(subject, tmp_path / "template.xlsx", xuchang())
    tables = read_tables(path, xuchang().subjects)
    assert tables.problems.is_empty()
    assert tables.frames[subject].height == 1


@pytest.mark.parametrize(("subject", "name"), [("job", "job.csv"), ("nobody", "x.xlsx")])
def test_a_template_of_nothing_or_of_another_kind_is_refused(tmp_path: Path, subject: str, name: str):
    with pytest.raises(OutputError):
        write_template(subject, tmp_path / name, policy())
