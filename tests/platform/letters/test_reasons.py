"""What a letter takes from a receipt: conditions with what the facts say, the smallest change, the formula in terms."""

from __future__ import annotations

from typing import Any

import pytest
from letter_samples import DAY, HIRE, decided, reasons

from wenjiuye.platform.letters.data import Term
from wenjiuye.platform.letters.reasons import from_receipt
from wenjiuye.platform.letters.working import formula_of, terms
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.receipt import receipt_hash


def test_conditions_stand_with_their_truth_and_what_the_facts_say_in_both_languages() -> None:
    found = {row.text.zh: row for row in reasons("hiring_subsidy", {**HIRE, "contract_months": 6}).conditions}
    term = found["合同期限不少于12个月"]
    assert (term.text.en, term.truth, term.decisive, term.depth) == (
        "length of contract is at least 12 months",
        False,
        True,
        0,
    )
    assert term.values == (Bilingual("6个月", "6 months"),)
    assert found["企业规模为中型、微型或小型"].values == (Bilingual("小型", "small"),)
    assert found["按规定缴纳社会保险费：是"].values == (Bilingual("是", "yes"),)
    both = found["离校日期不晚于招用日期"]
    assert both.values == (
        Bilingual("离校日期：无记录", "left school on: no record"),
        Bilingual("招用日期：2020-06-01", "hired on: 2020-06-01"),
    )
    assert (both.truth, both.decisive, both.depth) == (None, False, 4)


def test_a_heading_has_no_facts_and_the_outermost_all_is_left_out() -> None:
    rows = reasons("hiring_subsidy", HIRE).conditions
    assert {row.values for row in rows if row.heading} == {()}
    assert [row.heading for row in rows if row.depth == 0].count(True) == 1
    assert min(row.depth for row in rows) == 0


def test_the_smallest_change_is_told_with_how_it_is_now() -> None:
    (change,) = reasons("hiring_subsidy", {**HIRE, "contract_months": 6}).changes
    assert (change.text.zh, change.now.zh, change.now.en) == ("合同期限不少于12个月", "6个月", "6 months")
    assert reasons("hiring_subsidy", HIRE).changes == ()


def test_a_change_that_nobody_can_bring_about_is_not_told() -> None:
    late = {
        "tax_obligation_date": "2021-01-01",
        "small_scale_taxpayer": True,
        "levy_rate": "0.03",
        "revenue_kind": "other",
        "earned_during_epidemic": False,
        "sales_without_tax": "200000.00",
    }
    found = decided("small_taxpayer_vat_cut", late, DAY.replace(year=2021))
    assert [row["possible"] for row in found["change"]] == [False]
    assert from_receipt(found, policy()).changes == ()


def test_receipt_and_rules_are_named() -> None:
    found = decided("hiring_subsidy", HIRE)
    told = from_receipt(found, policy())
    assert told.receipt == receipt_hash(found)
    assert told.rules == f"xuchang_2020_31 {found['policy']['version']}"


def test_a_fact_that_the_rules_no_longer_know_is_shown_as_the_receipt_keeps_it() -> None:
    found = decided("hiring_subsidy", HIRE)
    for row in found["facts"]:
        row["id"] = f"old.{row['id']}"
    for row in found["conditions"]:
        row["facts"] = [f"old.{key}" for key in row["facts"]]
    told = {row.text.zh: row.values for row in from_receipt(found, policy()).conditions}
    assert told["企业规模为中型、微型或小型"] == (Bilingual("small", "small"),)
    assert told["按规定缴纳社会保险费：是"] == (Bilingual("是", "yes"),)


# ── The formula


def shown(measure: str, facts: dict[str, Any]) -> Any:
    found = formula_of(decided(measure, facts))
    assert found is not None
    return found


def test_every_number_of_a_formula_has_below_it_what_it_is() -> None:
    facts = {**HIRE, "employer_contributions_paid_per_month": "620.50", "months_paid": 6, "months_granted": 0}
    found = shown("hiring_insurance_subsidy", facts)
    assert found.zh == (
        Term("", "620.50元", "单位月实缴社保费"),
        Term("×", "较小者（6个月，12个月 − 0个月）", "较小者（缴费月数，12个月 − 已享受月数）"),
    )
    assert found.en[0] == Term("", "620.50 yuan", "employer's contributions paid a month")
    assert (found.result_fen, found.ceiling) == (372_300, False)


def test_a_number_that_is_the_rule_s_own_needs_no_label() -> None:
    found = shown("hiring_subsidy", HIRE)
    assert found.zh == (Term("", "1,000.00元", ""),)


def test_where_the_rule_chooses_between_ways_its_numbers_have_no_labels() -> None:
    facts = {
        "college_graduate": True,
        "employed_before": False,
        "flexibly_employed": True,
        "social_insurance_paid": True,
        "left_school_on": "2019-07-01",
        "flexible_job_started_on": "2020-05-01",
        "months_granted": 0,
        "months_paid": 9,
        "contributions_paid": "9000.00",
    }
    found = shown("graduate_flexible_insurance_subsidy", facts)
    assert found.zh == (Term("", "9,000.00元", ""), Term("×", "2/3", ""))
    assert found.words.zh.startswith("【")


def test_a_refusal_has_no_formula() -> None:
    assert formula_of(decided("hiring_subsidy", {**HIRE, "contract_months": 6})) is None


@pytest.mark.parametrize(
    ("text", "taken_apart"),
    [
        ("甲 × 乙", [("", "甲"), ("×", "乙")]),
        ("（甲 + 乙） ÷ 丙 − 丁", [("", "（甲 + 乙）"), ("÷", "丙"), ("−", "丁")]),
        ("较小者（甲 × 2，【乙的，丙 + 1；其余，0】）", [("", "较小者（甲 × 2，【乙的，丙 + 1；其余，0】）")]),
        ("the smaller of (a × b, c) × [2% if d; else e − 1]", [
            ("", "the smaller of (a × b, c)"), ("×", "[2% if d; else e − 1]"),
        ]),
        ("2020-12-01至2021-08-01的月数", [("", "2020-12-01至2021-08-01的月数")]),
    ],
)  # fmt: skip
def test_what_stands_in_brackets_is_not_taken_apart(text: str, taken_apart: list[tuple[str, str]]) -> None:
    assert terms(text) == taken_apart
