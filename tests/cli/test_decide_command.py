"""`decide`: every measure for one case."""

from __future__ import annotations

from pathlib import Path

from jsonschema import Draft202012Validator
from terminal import HIRE, ON, facts_file, wenjiuye

from wenjiuye.rules.receipt import receipt_hash
from wenjiuye.rules.receipt_schema import RECEIPT_SCHEMA


def test_each_measure_of_the_subject_has_verdict_sum_and_reason(tmp_path: Path) -> None:
    answer = wenjiuye("decide", facts_file(tmp_path, HIRE), *ON)
    assert answer.code == 0
    assert "符合 2 项、待定 1 项、不符合 0 项" in answer.out
    assert "✓ 符合    a01.06  中小微企业一次性吸纳就业补贴" in answer.out
    assert "1,000.00元" in answer.out
    assert "620.50元 × 较小者（6个月，12个月 − 0个月） = 3,723.00元" in answer.out


def test_the_verdict_is_told_by_mark_and_word_in_three_ways(tmp_path: Path) -> None:
    refused = wenjiuye("decide", facts_file(tmp_path, {**HIRE, "contract_months": 9}), *ON)
    assert "✗ 不符合  a01.06" in refused.out
    assert "不符合条件：合同期限不少于12个月（现为9个月）" in refused.out
    unknown = wenjiuye("decide", facts_file(tmp_path, {"size": "small"}), *ON, "--lang", "en")
    assert "? undetermined  a01.06" in unknown.out
    assert "missing: hired on, length of contract, social insurance paid and" in unknown.out


def test_the_best_combination_says_why_the_other_lost(tmp_path: Path) -> None:
    firm = {
        "size": "small",
        "unemployment_insured": True,
        "layoff_rate": "0.02",
        "insured_staff": 25,
        "temporary_difficulty": True,
        "recovery_promising": True,
        "unemployment_premiums_last_year": "34567.89",
    }
    answer = wenjiuye("decide", facts_file(tmp_path, firm, "enterprise"), *ON)
    best = answer.out.partition("可同时享受的最优组合")[2]
    assert "✓ 中小微企业提高稳岗返还标准" in best
    assert "✗ 失业保险稳岗返还：稳岗返还每户每年只按一个标准" in best


def test_json_holds_valid_receipts_with_their_hashes_in_clause_order(tmp_path: Path) -> None:
    answer = wenjiuye("decide", facts_file(tmp_path, HIRE), *ON, "--json").json
    assert [row["receipt"]["measure"]["clause"] for row in answer["receipts"]] == [
        "a01.06",
        "a01.07",
        "a01.10",
    ]
    for row in answer["receipts"]:
        Draft202012Validator(RECEIPT_SCHEMA).validate(row["receipt"])
        assert row["hash"] == receipt_hash(row["receipt"])
    assert answer["combination"]["known"] == "4723.00"
    assert answer["combination"]["chosen"][0]["measure"] == "hiring_subsidy"


def test_json_is_the_same_each_time_and_in_each_language(tmp_path: Path) -> None:
    path = facts_file(tmp_path, HIRE)
    once, again = (wenjiuye("decide", path, *ON, "--json", "--lang", lang).out for lang in ("zh", "en"))
    assert once == again


def test_facts_nested_along_relations_keep_owners_apart(tmp_path: Path) -> None:
    person = {"months_registered_unemployed": 8, "college_graduate": False}
    own = {key: value for key, value in HIRE.items() if key not in (*person, "size")}
    nested = {**own, "employer": {"size": "small"}, "person": person}
    answer = wenjiuye("decide", facts_file(tmp_path, nested), *ON)
    assert "符合 2 项" in answer.out


def test_facts_may_be_yaml_with_exact_numbers(tmp_path: Path) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(
        "subject: 新招用人员\nfacts: {employer_contributions_paid_per_month: 620.5, size: 小型}\n", "utf-8"
    )
    assert wenjiuye("decide", path, *ON).code == 0


def test_a_fact_that_no_measure_of_the_subject_reads_is_named(tmp_path: Path) -> None:
    answer = wenjiuye("decide", facts_file(tmp_path, {**HIRE, "retention_rate": "0.5"}), *ON)
    assert answer.code == 0
    assert "retention_rate" in answer.err


def test_a_date_before_every_figure_is_said_to_be_so(tmp_path: Path) -> None:
    answer = wenjiuye("decide", facts_file(tmp_path, HIRE), "--on", "1950-01-01")
    assert answer.code == 0
    assert "不在有效期内" in answer.err


def test_a_date_may_be_written_the_chinese_way(tmp_path: Path) -> None:
    path = facts_file(tmp_path, HIRE)
    said = [wenjiuye("decide", path, "--on", day).out for day in ("2020-12-01", "2020年12月1日", "2020/12/1")]
    assert said[0] == said[1] == said[2]


def test_a_reform_changes_the_sum_and_the_version(tmp_path: Path) -> None:
    path, reform = facts_file(tmp_path, HIRE), tmp_path / "reform.toml"
    reform.write_text("[values]\nhiring_subsidy_amount = 2000\n", "utf-8")
    before = wenjiuye("decide", path, *ON, "--json").json
    after = wenjiuye("decide", path, *ON, "--json", "--reform", reform).json
    assert [row["receipt"]["amount"] for row in (before["receipts"][0], after["receipts"][0])] == [
        "1000.00",
        "2000.00",
    ]
    assert before["policy"]["version"] != after["policy"]["version"]
