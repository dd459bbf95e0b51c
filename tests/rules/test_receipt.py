"""The receipt: complete, repeatable, valid by its schema, and honest about what is missing."""

from __future__ import annotations

import datetime as dt
import json
import random
from typing import Any

import jsonschema
import pytest
from random_facts import random_record

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.receipt import Provenance, receipt, receipt_hash
from wenjiuye.rules.receipt_schema import RECEIPT_SCHEMA
from wenjiuye.rules.record import read_flat

ON = dt.date(2020, 12, 1)
VALID = jsonschema.Draft202012Validator(RECEIPT_SCHEMA)
HIRE = {
    "size": "small",
    "hired_on": "2020-06-01",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
    "college_graduate": False,
}


def of(measure: str, facts: dict[str, Any], on: dt.date = ON, **more: Any) -> dict[str, Any]:
    built = policy()
    return receipt(built, built.measure(measure), read_flat(built.facts, facts), on, **more)


def condition(data: dict[str, Any], zh: str) -> dict[str, Any]:
    return next(c for c in data["conditions"] if c["zh"] == zh)


@pytest.mark.parametrize("subject", [s for s in policy().subjects if policy().measures_of(s)])
def test_every_receipt_of_random_cases_fits_the_published_schema(subject: str) -> None:
    built = policy()
    rng = random.Random(subject)
    for _ in range(15):
        record = random_record(built.subjects[subject], rng, rng.choice((0.0, 0.2, 0.6)))
        for measure in built.measures_of(subject):
            data = receipt(built, measure, record, rng.choice((ON, dt.date(2022, 3, 1))), nested=True)
            VALID.validate(json.loads(json.dumps(data)))


def test_the_same_decision_has_the_same_hash_and_another_one_another() -> None:
    first = of("hiring_subsidy", HIRE)
    assert receipt_hash(first) == receipt_hash(of("hiring_subsidy", dict(reversed(HIRE.items()))))
    assert receipt_hash(first) != receipt_hash(of("hiring_subsidy", {**HIRE, "contract_months": 13}))
    assert receipt_hash(first) != receipt_hash(of("hiring_subsidy", HIRE, dt.date(2020, 12, 2)))


def test_a_receipt_holds_no_clock_time() -> None:
    text = json.dumps(of("hiring_subsidy", HIRE))
    assert dt.date.today().isoformat() not in text


def test_a_refusal_names_the_failing_condition_as_decisive_and_not_the_met_ones() -> None:
    data = of("hiring_subsidy", {**HIRE, "contract_months": 11})
    assert data["verdict"] == "ineligible"
    assert condition(data, "合同期限不少于12个月")["decisive"]
    assert not condition(data, "企业规模为中型、微型或小型")["decisive"]


def test_the_smallest_change_of_a_refusal_is_the_one_condition_that_fails() -> None:
    data = of("hiring_subsidy", {**HIRE, "contract_months": 11})
    assert [c["zh"] for c in data["change"]] == ["合同期限不少于12个月"]
    assert data["change"][0]["now"] == [{"fact": "contract_months", "zh": "11个月", "en": "11 months"}]


def test_a_closed_window_is_said_to_be_impossible_to_change() -> None:
    data = of("temporary_living_allowance", {"laid_off_unemployed": True}, dt.date(2021, 1, 1))
    closed = [c for c in data["change"] if not c["possible"]]
    assert len(closed) == 1
    assert "2020-12-31" in closed[0]["zh"]


def test_an_eligible_case_needs_no_change_and_misses_nothing() -> None:
    data = of("hiring_subsidy", HIRE)
    assert (data["verdict"], data["amount"], data["change"]) == ("eligible", "1000.00", [])
    assert data["missing"]["facts"] == []


def test_an_unknown_amount_has_bounds_and_names_what_would_settle_it_with_the_question() -> None:
    facts = {
        "college_graduate": True,
        "left_school_on": "2019-07-01",
        "employed_before": False,
        "internship_started_on": "2020-09-01",
        "county": "weidu",
        "internship_months": 3,
    }
    data = of("internship_subsidy", facts)
    assert (data["amount"], data["low"], data["high"]) == (None, "3990.00", "6270.00")
    (missing,) = data["missing"]["facts"]
    assert missing["id"] == "retention_rate"
    assert missing["ask_zh"].endswith("？")


def test_a_derived_fact_is_missing_itself_and_says_from_what_it_could_follow() -> None:
    facts = {key: value for key, value in HIRE.items() if key != "size"}
    data = of("hiring_subsidy", facts)
    size = next(fact for fact in data["missing"]["facts"] if fact["id"] == "employer.size")
    assert "employer.industry" in size["derivable_from"]


def test_an_unset_local_value_is_named_as_such_and_does_not_touch_the_verdict() -> None:
    data = of("migrant_travel_subsidy", {"registered_poor": True, "went_out_to_work_during_epidemic": True})
    assert data["verdict"] == "eligible"
    assert data["amount"] is None
    assert data["missing"]["values"] == [
        {
            "name": "migrant_travel_amount",
            "zh": data["missing"]["values"][0]["zh"],
            "en": data["missing"]["values"][0]["en"],
            "local": True,
        }
    ]


def test_a_rate_over_nothing_says_that_the_denominator_is_zero() -> None:
    data = of("fund_multiplier", {"due_last_year": 0, "recovered_last_year": 0, "fund_deposit_balance": 1})
    assert data["verdict"] == "undetermined"
    assert data["missing"]["zero_denominators"] == [{"facts": ["due_last_year"]}]


def test_low_confidence_figures_are_marked_as_assumptions_where_they_are_used() -> None:
    facts = {
        "laid_off_unemployed": True,
        "living_in_hardship": True,
        "meets_allowance_conditions": True,
        "county": "yuzhou",
        "granted_before": False,
    }
    assert "minimum_living_standard" in of("temporary_living_allowance", facts)["assumptions"]


def test_the_formula_stands_with_its_numbers() -> None:
    facts = {**HIRE, "employer_contributions_paid_per_month": "620.50", "months_paid": 6, "months_granted": 0}
    numbers = of("hiring_insurance_subsidy", facts)["formula"]["zh_numbers"]
    assert "620.50元" in numbers
    assert numbers.endswith("= 3,723.00元")


def test_facts_carry_their_source_and_day_where_the_case_knows_them() -> None:
    data = of(
        "hiring_subsidy", HIRE, provenance={"contract_months": Provenance("合同备案", dt.date(2020, 6, 2))}
    )
    row = next(fact for fact in data["facts"] if fact["id"] == "contract_months")
    assert (row["source"], row["as_of"]) == ("合同备案", "2020-06-02")


def test_the_three_dates_are_kept_apart() -> None:
    data = of("hiring_subsidy", HIRE, applied=dt.date(2020, 11, 20), event=dt.date(2020, 6, 1))
    assert data["dates"] == {"decision": "2020-12-01", "application": "2020-11-20", "event": "2020-06-01"}


def test_parts_of_a_receipt_add_up_to_its_amount() -> None:
    facts = {
        "deductible_hires": 5,
        "vat_due": 20000,
        "urban_construction_tax_due": 1400,
        "education_surcharge_due": 600,
        "local_education_surcharge_due": 400,
        "income_tax_due": 30000,
    }
    data = of("hire_tax_deduction", facts)
    assert sum(float(part) for part in data["parts"].values()) == float(data["amount"]) == 39000
