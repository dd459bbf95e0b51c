"""`coverage`, `check` and `graph`."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from terminal import ON, wenjiuye

GOLDEN = Path(__file__).parent.parent / "golden"
CASE = """
- id: one
  measure: hiring_subsidy
  "on": 2020-12-01
  facts: {size: small, contract_months: 9}
  expect: {verdict: eligible}
- id: two
  measure: hiring_subsidy
  "on": 2020-12-01
  facts: {size: small, contract_months: 9}
  expect: {verdict: ineligible}
"""


def test_every_rule_has_its_clause_and_the_other_way_round() -> None:
    answer = wenjiuye("coverage")
    assert answer.code == 0
    assert answer.out.endswith("条款与措施一致，未发现问题。\n")


def test_coverage_as_json_counts_the_clauses() -> None:
    report = wenjiuye("coverage", "--json").json["coverage"]
    assert report["clauses"] == 246
    assert report["findings"] == []


def test_a_text_that_is_another_one_ends_with_1(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("这是另一份文件。它与本文件无关。", "utf-8")
    assert wenjiuye("coverage", "--text", text).code == 1
    assert wenjiuye("coverage", "--text", text, "--json").json["text"]["findings"]


@pytest.mark.parametrize("paths", [[GOLDEN], [GOLDEN / "a01.yaml", GOLDEN / "a09.yaml"]])
def test_the_golden_cases_pass_and_the_last_line_counts_them(paths: list[Path]) -> None:
    answer = wenjiuye("check", *paths)
    passed = answer.out.splitlines()[-1].split()[0]
    assert answer.code == 0
    assert answer.out == f"{passed} passed, 0 failed\n"


def test_a_failing_case_is_a_line_that_says_why(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(CASE, "utf-8")
    answer = wenjiuye("check", path)
    assert answer.code == 1
    line, last = answer.out.splitlines()
    assert line.startswith("cases.yaml: one: expected eligible, the engine says ineligible: ")
    assert "合同期限不少于12个月" in line
    assert last == "1 passed, 1 failed"


def test_a_mistake_in_a_case_is_a_failure_and_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(CASE.replace("hiring_subsidy", "hirring_subsidy", 1), "utf-8")
    answer = wenjiuye("check", path)
    assert answer.code == 1
    assert "did you mean" in answer.out
    assert answer.out.endswith("1 passed, 1 failed\n")


def test_the_graph_of_a_measure_reads_from_the_measure_down() -> None:
    out = wenjiuye("graph", "stability_refund", *ON).out
    assert out.startswith("失业保险稳岗返还\n")
    assert "· 裁员率" in out


def test_the_picture_of_a_measure_is_an_svg_that_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "graph.svg"
    assert wenjiuye("graph", "stability_refund", "-o", path, *ON).code == 0
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
