"""What the measures of articles 1 to 9 are, who pays for them, and that no figure stands in their code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from wenjiuye.policy import xuchang_2020_31
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.expression import Expression, Gathered

# measure: kind, clause, subject, fund, ceiling
DECLARED = {
    "inclusive_tax_relief": ("relief", "a01.02", "enterprise", "tax_forgone", False),
    "disability_fund_relief": ("relief", "a01.03", "enterprise", "fee_forgone", False),
    "deferred_tax_filing": ("right", "a01.04", "enterprise", None, False),
    "epidemic_hiring_subsidy": ("benefit", "a01.05", "enterprise", "employment_subsidy", False),
    "hiring_subsidy": ("benefit", "a01.06", "hire", "employment_subsidy", False),
    "hiring_insurance_subsidy": ("benefit", "a01.07", "hire", "employment_subsidy", False),
    "epidemic_vat_exemption": ("relief", "a01.08", "taxpayer_revenue", "tax_forgone", False),
    "small_taxpayer_vat_cut": ("relief", "a01.09", "taxpayer_revenue", "tax_forgone", False),
    "hire_tax_deduction": ("relief", "a01.10", "enterprise", "tax_forgone", False),
    "hire_tax_deduction_person": ("right", "a01.10", "hire", None, False),
    "state_property_rent_relief": ("relief", "a01.11", "enterprise", "fee_forgone", False),
    "stability_refund": ("benefit", "a02.01", "enterprise", "unemployment_insurance", False),
    "hardship_training_subsidy": ("benefit", "a02.02", "enterprise", "training_account", False),
    "stability_refund_sme": ("benefit", "a02.03", "enterprise", "unemployment_insurance", True),
    "stability_refund_epidemic_benefit": ("benefit", "a02.04", "enterprise", "unemployment_insurance", True),
    "stability_refund_epidemic_contributions": (
        "benefit",
        "a02.05",
        "enterprise",
        "unemployment_insurance",
        True,
    ),
    "unemployment_rate_cut": ("relief", "a02.06", "claim_period", "premium_forgone", False),
    "injury_rate_cut": ("relief", "a02.07", "claim_period", "premium_forgone", False),
    "three_insurances_exemption": ("relief", "a02.08", "claim_period", "premium_forgone", False),
    "three_insurances_deferral": ("right", "a02.09", "claim_period", None, False),
    "late_fee_waiver": ("relief", "a02.10", "claim_period", "premium_forgone", False),
    "housing_fund_ratio_cut": ("right", "a02.11", "enterprise", None, False),
    "housing_fund_deferral": ("right", "a02.12", "enterprise", None, False),
    "manufacturing_loan_rollover": ("right", "a03.06", "enterprise", None, False),
    "guarantee_fee_award": ("benefit", "a03.09", "guarantor", "guarantee_fee_award", False),
    "guarantee_risk_compensation": ("benefit", "a03.10", "guarantor", "guarantee_fee_award", False),
    "capital_ratio_reduction": ("right", "a04.04", "office_report", None, False),
    "standard_workshop_rent_preference": ("relief", "a04.05", "enterprise", "fee_forgone", False),
    "tax_refund_days": ("quota", "a06.03", "office_report", None, False),
    "renovation_projects": ("quota", "a07.08", "office_report", None, False),
    "incubator_award": ("benefit", "a08.05", "venue", "employment_subsidy", False),
    "venue_cost_subsidy": ("benefit", "a08.07", "venue", "county_budget", False),
    "free_venue_place": ("right", "a08.08", "person", None, False),
    "counter_guarantee_waiver": ("right", "a09.04", "loan", None, False),
    "small_firm_loan_access": ("right", "a09.05", "enterprise", None, False),
    "personal_startup_loan": ("right", "a09.06", "loan", None, True),
    "partnership_startup_loan": ("right", "a09.07", "loan", None, False),
    "loan_extension": ("right", "a09.08", "loan", None, False),
    "extension_interest_subsidy": ("benefit", "a09.09", "loan", "loan_interest", False),
    "fund_multiplier": ("right", "a09.10", "loan_fund", None, True),
    "force_majeure_loss_share": ("benefit", "a09.11", "loan", "guarantee_fund", False),
    "loan_performance_award": ("benefit", "a09.12", "loan_fund", "loan_award", False),
}
LOCAL = {
    "state_property_rent_relief": "rent_relief_share",
    "hardship_training_subsidy": "hardship_training_per_person",
    "guarantee_fee_award": "guarantee_fee_award_amount",
    "guarantee_risk_compensation": "risk_compensation_share",
    "standard_workshop_rent_preference": "workshop_rent_share",
    "venue_cost_subsidy": "venue_cost_share",
    "extension_interest_subsidy": "interest_subsidy_share",
}
SAME_COST = {
    "hiring_insurance_subsidy": "insurance_month",
    "stability_refund": "unemployment_premiums_refund",
    "stability_refund_sme": "unemployment_premiums_refund",
    "stability_refund_epidemic_benefit": "unemployment_premiums_refund",
    "stability_refund_epidemic_contributions": "unemployment_premiums_refund",
    "housing_fund_ratio_cut": "housing_fund_period",
    "housing_fund_deferral": "housing_fund_period",
    "venue_cost_subsidy": "venue_costs",
}


@pytest.mark.parametrize("measure_id", DECLARED)
def test_kind_clause_subject_and_payer_are_those_of_the_clause(measure_id: str) -> None:
    measure = policy().measure(measure_id)
    fund = measure.fund.id if measure.fund else None
    found = (str(measure.kind), measure.clause, measure.subject.id, fund, measure.ceiling)
    assert found == DECLARED[measure_id]


def test_the_articles_declare_these_measures_and_no_others_in_the_order_of_the_clauses() -> None:
    assert [m.id for m in policy().measures.values() if m.clause < "a10"] == list(DECLARED)


@pytest.mark.parametrize("measure_id", DECLARED)
def test_measures_for_the_same_cost_name_it(measure_id: str) -> None:
    assert policy().measure(measure_id).pays_for == SAME_COST.get(measure_id)


@pytest.mark.parametrize(("measure_id", "value"), LOCAL.items())
def test_what_the_text_leaves_to_the_city_has_no_figure(measure_id: str, value: str) -> None:
    assert policy().values[value].local
    assert policy().values[value].entries == ()
    assert value in values_read(measure_id)


def values_read(measure_id: str) -> set[str]:
    """The names of the values that a measure reads, in conditions on rows and in what it tells too."""
    found: set[str] = set()

    def visit(expression: Expression) -> None:
        for node in expression.walk():
            if node.op in ("value", "covers"):
                found.add(node.data.name)
            if isinstance(node.data, Gathered):
                for part in (node.data.where, node.data.of):
                    if part is not None:
                        visit(part)

    measure = policy().measure(measure_id)
    for expression in (*measure.expressions(), *measure.shows):
        visit(expression)
    return found


def test_every_figure_of_the_policy_is_read_by_a_rule() -> None:
    read = {name for measure_id in policy().measures for name in values_read(measure_id)}
    book = policy().values.values.values()
    own = {v.name for v in book if any("许政〔2020〕31号" in entry.source for entry in v.entries)}
    assert own <= read


def numbers_in(path: Path) -> Iterator[object]:
    """The numbers that a module's code holds."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield node.value


def test_no_figure_of_the_law_stands_in_code() -> None:
    folder = Path(xuchang_2020_31.__file__).parent
    for path in sorted(folder.glob("a0[1-9]_*.py")):
        assert set(numbers_in(path)) <= {0, 1, 12}, path.name
