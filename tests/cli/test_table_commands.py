"""`determine`, `template` and `demo`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from terminal import ON, wenjiuye

FIRMS = "id,企业规模,staff,revnue,county\nE1,微型,3,1,魏都区\nE2,huge,x,1,mars\n"
HIRES = "id,employer,hired_on,合同期限,social_insurance_paid,months_registered_unemployed\n"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "enterprise.csv").write_text(FIRMS, "utf-8")
    (folder / "hire.csv").write_text(HIRES + "H1,E1,2020-06-01,24,是,\n", "utf-8")
    return folder


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_determinations_reasons_and_summary_are_written(tables: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    answer = wenjiuye("determine", tables, *ON, "-o", out, "--format", form)
    assert answer.code == 0
    read = pl.read_parquet if form == "parquet" else pl.read_csv
    assert read(out / "determinations" / f"enterprise.{form}").height == 19
    assert (out / "reasons" / f"hire.{form}").exists()
    assert (out / f"summary.{form}").exists()


def test_reasons_can_be_left_out(tables: Path, tmp_path: Path) -> None:
    assert wenjiuye("determine", tables, *ON, "-o", tmp_path / "out", "--no-reasons").code == 0
    assert not (tmp_path / "out" / "reasons").exists()


def test_a_bad_cell_is_named_by_file_row_column_value_and_what_is_allowed(
    tables: Path, tmp_path: Path
) -> None:
    answer = wenjiuye("determine", tables, *ON, "-o", tmp_path / "out")
    assert "退回 1 行，3 处问题" in answer.out
    said = " ".join(answer.out.split())
    assert "✗ enterprise.csv 第3行「企业规模」" in said
    assert "huge" in said
    assert "微型" in said
    assert "revnue" in said
    assert "revenue" in said
    assert (tmp_path / "out" / "rejects" / "enterprise.csv").exists()


def test_a_workbook_can_be_the_result_and_its_problems_are_shown_too(tables: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    answer = wenjiuye("determine", tables, *ON, "-o", out)
    assert answer.code == 0
    assert "第3行「企业规模」" in answer.out
    assert {"summary", "problems"} <= set(CalamineWorkbook.from_path(str(out)).sheet_names)


def test_only_the_first_twenty_problems_are_on_the_screen(tables: Path, tmp_path: Path) -> None:
    rows = "".join(f"H{i},E1,2020-06-01,-{i},是,\n" for i in range(1, 31))
    (tables / "hire.csv").write_text(HIRES + rows, "utf-8")
    answer = wenjiuye("determine", tables, *ON, "-o", tmp_path / "out")
    assert answer.out.count("✗ ") == 20
    assert "… 另有 13 处，全部见" in answer.out
    assert pl.read_csv(tmp_path / "out" / "problems.csv").height == 33


def test_the_closing_table_counts_rows_and_verdicts(tables: Path, tmp_path: Path) -> None:
    out = wenjiuye("determine", tables, *ON, "-o", tmp_path / "out", "--lang", "en").out
    assert "subject   rejected  rows  eligible  undetermined  ineligible  known sum, yuan" in out
    assert "together" in out


def test_a_reform_is_determined_for_everybody(tables: Path, tmp_path: Path) -> None:
    reform = tmp_path / "reform.toml"
    reform.write_text("[values]\nhiring_contract_months = 36\n", "utf-8")
    verdicts = []
    for more in ((), ("--reform", reform)):
        wenjiuye("determine", tables, *ON, "-o", tmp_path / "out", *more)
        frame = pl.read_parquet(tmp_path / "out" / "determinations" / "hire.parquet")
        verdicts.append(str(frame.filter(pl.col("measure") == "hiring_subsidy")["verdict"][0]))
    assert verdicts == ["undetermined", "ineligible"]


def test_a_template_can_be_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "hire.xlsx"
    assert wenjiuye("template", "hire", "-o", path).code == 0
    assert "新招用人员" in CalamineWorkbook.from_path(str(path)).sheet_names


def test_the_demo_ends_by_itself_with_totals_cases_and_files(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    said = demonstrated(out)
    assert "20,000 人，1,370 家用人单位" in said
    for word in ("条", "合计", "禹州市", "report.html"):
        assert word in said
    assert (out / "run" / "report.html").exists()
    cases = said.partition("三个案例")[2]
    for sign in ("✓ 符合", "✗ 不符合", "? 待定", "最小改动", "还缺"):
        assert sign in cases
    for name in ("eligible", "refused", "undetermined"):
        assert (out / "cases" / f"{name}.json").exists()
    for measure, name in (("hiring_insurance_subsidy", "eligible"), ("hiring_subsidy", "refused")):
        explained = wenjiuye("explain", measure, out / "cases" / f"{name}.json", *ON)
        assert explained.code == 0
        assert ("✓ 符合" if name == "eligible" else "✗ 不符合") in explained.out
    office = said.partition("经办系统")[2]
    for state in (
        "草稿",
        "已受理",
        "审核中",
        "已批准",
        "公示中",
        "已支付",
        "支付失败",
        "申诉中",
        "追回中",
        "不予批准",
    ):
        assert state in office
    for role in (
        "clerk",
        "reviewer",
        "approver",
        "accountant",
        "policy",
        "supervisor",
        "auditor",
        "administrator",
    ):
        assert role in office
    assert "个页面都正常" in office


def demonstrated(out: Path) -> str:
    """What the demonstration says, run as people run it: it serves a desk, with processes of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (
        sys.executable,
        "-c",
        "from wenjiuye.cli import main; main()",
        "demo",
        "-o",
        out,
        "--port",
        port,
    )
    done = subprocess.run(
        [str(word) for word in command],
        env={**os.environ, "WENJIUYE_DEMO_ONCE": "1", "WENJIUYE_LANG": "zh", "COLUMNS": "100"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
