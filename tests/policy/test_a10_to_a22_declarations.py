"""What the measures of articles 10 to 22 are, who pays for them, and how often they may be had."""

from __future__ import annotations

import datetime as dt

import pytest

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.evaluation import Evaluation

# measure: kind, clause, subject, fund, ceiling
DECLARED = {
    "rural_industry_land": ("quota", "a10.01", "office_report", None, False),
    "returnee_startup_subsidy": ("benefit", "a10.08", "person", "employment_subsidy", False),
    "returnee_park_award": ("benefit", "a10.12", "venue", "employment_subsidy", False),
    "returnee_project_award": ("benefit", "a10.14", "venue", "employment_subsidy", True),
    "returnee_centre_coverage": ("quota", "a10.16", "office_report", None, False),
    "park_tenant_cost_subsidy": ("benefit", "a11.01", "park_tenant", "county_budget", False),
    "rural_platform_subsidy": ("benefit", "a11.02", "rural_platform", "county_budget", False),
    "sole_trader_tax_deduction": ("relief", "a11.03", "sole_trader", "tax_forgone", False),
    "graduate_flexible_insurance_subsidy": ("benefit", "a12.02", "person", "employment_subsidy", False),
    "hardship_flexible_extension": ("right", "a12.03", "person", None, False),
    "hardship_graduate_subsidy": ("benefit", "a13.05", "person", "employment_subsidy", False),
    "registered_graduate_subsidy": ("benefit", "a13.07", "person", "employment_subsidy", False),
    "late_leaver_deadlines": ("right", "a13.08", "person", None, False),
    "file_retention": ("right", "a13.09", "person", None, False),
    "fresh_graduate_status": ("right", "a13.10", "person", None, False),
    "soe_graduate_share": ("quota", "a14.02", "office_report", None, False),
    "grassroots_direct_hire": ("right", "a14.06", "person", None, False),
    "enlistment_allowance": ("benefit", "a14.09", "person", "city_budget", False),
    "internship_subsidy": ("benefit", "a15.03", "internship", "employment_subsidy", False),
    "internship_extension": ("benefit", "a15.05", "internship", "employment_subsidy", False),
    "internship_remaining_term": ("benefit", "a15.06", "internship", "employment_subsidy", False),
    "internship_base_award": ("benefit", "a15.08", "venue", "city_budget", False),
    "labour_export_subsidy": ("benefit", "a16.01", "export_batch", "employment_subsidy", False),
    "migrant_travel_subsidy": ("benefit", "a16.07", "person", "poverty_fund", False),
    "poor_labour_absorption_award": ("benefit", "a16.08", "enterprise", "employment_subsidy", False),
    "work_for_training_subsidy": ("benefit", "a16.08", "enterprise", "training_account", False),
    "county_absorption_reward": ("benefit", "a16.09", "enterprise", "poverty_fund", False),
    "veteran_placement_share": ("quota", "a17.01", "office_report", None, False),
    "veteran_park": ("quota", "a17.03", "office_report", None, False),
    "exam_free_certificate": ("right", "a18.12", "person", None, False),
    "enterprise_training_subsidy": ("benefit", "a18.18", "training", "training_account", False),
    "labour_preparation_subsidy": ("benefit", "a18.19", "training", "training_account", False),
    "labour_preparation_living_allowance": ("benefit", "a18.20", "training", "employment_subsidy", False),
    "startup_training_subsidy": ("benefit", "a18.22", "training", "training_account", False),
    "unemployment_registration": ("right", "a19.03", "person", None, False),
    "public_service_subsidy": ("benefit", "a19.06", "service_event", "employment_subsidy", True),
    "full_employment_community_subsidy": ("benefit", "a19.07", "community", "employment_subsidy", False),
    "dismissal_protection": ("right", "a20.02", "person", None, False),
    "layoff_notice": ("quota", "a20.03", "layoff_plan", None, False),
    "layoff_duties": ("quota", "a20.04", "layoff_plan", None, False),
    "benefit_until_retirement": ("benefit", "a21.01", "person", "unemployment_insurance", False),
    "unemployment_assistance": ("benefit", "a21.02", "person", "unemployment_insurance", True),
    "medical_insurance_by_fund": ("relief", "a21.03", "person", "unemployment_insurance", False),
    "zero_employment_families": ("quota", "a22.02", "office_report", None, False),
    "public_post_placement": ("right", "a22.03", "person", None, False),
    "public_post_second_placement": ("right", "a22.04", "person", None, False),
    "temporary_living_allowance": ("benefit", "a22.06", "person", "restructuring_award", True),
}
ONCE_PER_PERSON = {
    "returnee_startup_subsidy",
    "hardship_graduate_subsidy",
    "registered_graduate_subsidy",
    "enlistment_allowance",
    "temporary_living_allowance",
}
SAME_COST = {
    "park_tenant_cost_subsidy": "venue_costs",
    "rural_platform_subsidy": "venue_costs",
    "graduate_flexible_insurance_subsidy": "insurance_month",
    "benefit_until_retirement": "unemployed_month",
    "unemployment_assistance": "unemployed_month",
}


@pytest.mark.parametrize("measure_id", DECLARED)
def test_kind_clause_subject_and_payer_are_those_of_the_clause(measure_id: str):
    measure = policy().measure(measure_id)
    fund = measure.fund.id if measure.fund else None
    found = (str(measure.kind), measure.clause, measure.subject.id, fund, measure.ceiling)
    assert found == DECLARED[measure_id]


@pytest.mark.parametrize("measure_id", DECLARED)
def test_only_what_the_clause_calls_one_off_is_had_once(measure_id: str):
    expected: tuple[str, ...] = ("person",) if measure_id in ONCE_PER_PERSON else ()
    if measure_id == "county_absorption_reward":
        expected = ("enterprise",)
    assert policy().measure(measure_id).once_per == expected


@pytest.mark.parametrize("measure_id", DECLARED)
def test_measures_for_the_same_cost_name_it(measure_id: str):
    assert policy().measure(measure_id).pays_for == SAME_COST.get(measure_id)


def test_months_and_days_that_no_condition_reads_are_told():
    look = Evaluation(policy(), {"delay_days": 61, "people_served": 600}, dt.date(2020, 12, 1))
    told = {
        measure_id: [look.value(shown) for shown in policy().measure(measure_id).shows]
        for measure_id in ("hardship_flexible_extension", "late_leaver_deadlines", "public_service_subsidy")
    }
    assert told == {
        "hardship_flexible_extension": [12],
        "late_leaver_deadlines": [61],
        "public_service_subsidy": [600],
    }
