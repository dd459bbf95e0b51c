"""`explain`: one measure of one case in full."""

from __future__ import annotations

from pathlib import Path

from jsonschema import Draft202012Validator
from terminal import HIRE, INTERN, ON, facts_file, wenjiuye

from wenjiuye.rules.receipt import receipt_hash
from wenjiuye.rules.receipt_schema import RECEIPT_SCHEMA


def test_the_tree_shows_what_holds_with_the_facts_beside(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "hiring_subsidy", facts_file(tmp_path, {**HIRE, "contract_months": 9}), *ON)
    assert answer.code == 0
    assert "✗ 合同期限不少于12个月 · 9个月 ◀" in answer.out
    assert "✓ 企业规模为中型、微型或小型 · 小型\n" in answer.out
    assert "许政〔2020〕31号 a01.06" in answer.out


def test_the_smallest_change_is_told_with_how_things_stand(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "hiring_subsidy", facts_file(tmp_path, {**HIRE, "contract_months": 9}), *ON)
    assert "· 合同期限不少于12个月  现为：9个月" in answer.out.partition("最小改动")[2]


def test_the_formula_has_its_numbers_and_an_open_sum_its_bounds(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "internship_subsidy", facts_file(tmp_path, INTERN, None), *ON)
    assert "= 较小者（3个月，12个月） × 1,900.00元" in answer.out
    assert "金额：3,990.00 – 6,270.00元" in answer.out


def test_what_is_missing_comes_with_its_question_and_proof(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "internship_subsidy", facts_file(tmp_path, INTERN, None), *ON)
    missing = answer.out.partition("还缺什么")[2]
    assert "? 留用率  retention_rate" in missing
    assert "问  该批期满见习人员中留用的占多少？" in missing
    assert "凭  留用人员劳动合同" in missing


def test_a_figure_of_low_confidence_is_marked_as_an_assumption(tmp_path: Path) -> None:
    month = {"insurance_kind": "unemployment", "contribution_month": "2020-10", "contribution_base": 10000}
    answer = wenjiuye("explain", "unemployment_rate_cut", facts_file(tmp_path, month, None), *ON)
    assert answer.code == 0
    assert "人社部发〔2015〕24号  [假定]" in answer.out


def test_english_is_complete(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "hiring_subsidy", facts_file(tmp_path, HIRE), *ON, "--lang", "en")
    for heading in ("Verdict", "Clause", "Conditions", "Formula", "Figures used"):
        assert heading in answer.out
    assert "length of contract is at least 12 months · 24 months" in answer.out


def test_json_is_a_valid_receipt_with_its_hash(tmp_path: Path) -> None:
    answer = wenjiuye("explain", "internship_subsidy", facts_file(tmp_path, INTERN, None), *ON, "--json").json
    Draft202012Validator(RECEIPT_SCHEMA).validate(answer["receipt"])
    assert answer["hash"] == receipt_hash(answer["receipt"])


def test_the_screen_ends_with_the_hash_of_the_json(tmp_path: Path) -> None:
    path = facts_file(tmp_path, HIRE)
    digest = wenjiuye("explain", "hiring_subsidy", path, *ON, "--json").json["hash"]
    assert wenjiuye("explain", "hiring_subsidy", path, *ON).out.endswith(f"SHA-256 {digest}\n")


def test_a_rule_of_a_reform_can_be_explained(tmp_path: Path) -> None:
    reform = tmp_path / "reform.py"
    reform.write_text(
        "from wenjiuye.policy.vocabulary import Hire\n"
        "from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY\n"
        "from wenjiuye.rules import Grant, Values, benefit\n\n\n"
        '@benefit(clause="a01.06", zh="吸纳补贴改", en="hiring subsidy, reformed", fund=EMPLOYMENT_SUBSIDY)\n'
        "def hiring_subsidy(hire: Hire, v: Values) -> Grant:\n"
        '    """For every hire with social insurance."""\n'
        "    return Grant(when=hire.social_insurance_paid, amount=v.hiring_subsidy_amount)\n",
        "utf-8",
    )
    facts = facts_file(tmp_path, {"social_insurance_paid": True})
    answer = wenjiuye("explain", "hiring_subsidy", facts, *ON, "--reform", reform)
    assert answer.code == 0
    assert "吸纳补贴改" in answer.out
    assert "✓ 按规定缴纳社会保险费：是 ◀" in answer.out
