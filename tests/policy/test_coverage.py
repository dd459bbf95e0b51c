"""Coverage finds every disagreement between clauses and measures, and nothing else."""

from __future__ import annotations

import json

import pytest
from orchard import orchard_clauses, orchard_document, orchard_sentences, table

from wenjiuye.policy.clauses import document_from_toml, load_document
from wenjiuye.policy.coverage import coverage, coverage_data, coverage_lines


@pytest.fixture(scope="module")
def orchard():
    return orchard_document()


# ── Clauses and measures

BUILT = {"a01.01": ["dig"], "a02.01": ["feed", "weed"]}


def test_the_report_says_per_article_what_is_implemented_and_what_is_not_yet(orchard):
    report = coverage(orchard, BUILT)
    states = {item.clause.id: item.implemented_by for part in report.articles for item in part.clauses}
    assert states == {"a00.01": (), "a01.01": ("dig",), "a02.01": ("feed", "weed"), "a03.01": ()}
    assert (report.clause_count, report.implemented_count, report.findings) == (4, 2, ())


def problems(report) -> list[tuple[str, str, str]]:
    return [(finding.kind, finding.clause, finding.measure) for finding in report.findings]


def test_a_measure_of_a_clause_that_does_not_exist_is_found(orchard):
    assert problems(coverage(orchard, {**BUILT, "a99.01": ["fly"]})) == [("unknown_clause", "a99.01", "fly")]


def test_a_measure_that_its_clause_does_not_name_is_found(orchard):
    report = coverage(orchard, {**BUILT, "a03.01": ["pick"]})
    assert problems(report) == [("unnamed_measure", "a03.01", "pick")]
    assert report.implemented_count == 2


def test_a_measure_that_is_named_and_not_built_is_found(orchard):
    report = coverage(orchard, {"a01.01": ["dig"], "a02.01": ["feed"]})
    assert problems(report) == [("missing_measure", "a02.01", "weed")]


def test_a_measure_declared_under_one_clause_may_carry_out_another_that_names_it():
    clauses = orchard_clauses().replace(
        'zh = "采摘"\nen = "Pick"', 'zh = "采摘"\nen = "Pick"\nimplemented_by = ["dig"]'
    )
    report = coverage(document_from_toml(clauses, orchard_sentences(), where="orchard"), BUILT)
    assert problems(report) == []
    assert report.implemented_count == 3


def test_a_clause_that_no_sentence_carries_is_found():
    clauses = orchard_clauses() + table(
        "clause", id="a03.02", zh="虚", en="None", kind="task", modality="shall"
    )
    report = coverage(document_from_toml(clauses, orchard_sentences(), where="orchard"), BUILT)
    assert problems(report) == [("clause_without_sentence", "a03.02", "")]


def test_xuchang_names_each_measure_under_a_clause_that_a_sentence_carries():
    document = load_document("wenjiuye.policy.xuchang_2020_31")
    named = {clause.id: clause.implemented_by for clause in document.clauses}
    assert coverage(document, named).findings == ()


# ── Showing


def test_the_coverage_report_reads_in_chinese_and_english(orchard):
    report = coverage(orchard, {**BUILT, "a99.01": ["fly"]})
    chinese, english = coverage_lines(report, "zh"), coverage_lines(report, "en")
    assert chinese[0] == "果园〔2099〕5号：共 4 条款，已实现 2，尚未实现 2"
    assert "  a03.01 采摘：尚未实现" in chinese
    assert english[0] == "果园〔2099〕5号: 4 clauses, 2 implemented, 2 not yet"
    assert "Article 2: Feeding (1/1)" in english
    assert "  a02.01 Feed: feed, weed" in english
    assert english[-1] == "  measure fly cites clause a99.01, which does not exist: correct it"
    assert len(chinese) == len(english)


def test_a_report_without_findings_says_so(orchard):
    assert coverage_lines(coverage(orchard, BUILT), "zh")[-1] == "条款与措施一致，未发现问题。"


def test_the_report_can_be_written_as_json(orchard):
    data = json.loads(json.dumps(coverage_data(coverage(orchard, BUILT))))
    assert data["articles"][1]["clauses"][0]["implemented_by"] == ["dig"]
