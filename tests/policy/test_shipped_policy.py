"""The shipped policy as a whole: its measures, their clauses, its figures and what they are worth."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from wenjiuye.policy import xuchang_2020_31
from wenjiuye.policy.clauses import load_document
from wenjiuye.policy.coverage import coverage
from wenjiuye.policy.registry import VALUES
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.expression import Expression, Gathered, ValueUse
from wenjiuye.rules.values import Dated, DatedValue

DOCUMENT = load_document(xuchang_2020_31.__name__)

# clause, kind, subject, measure
MEASURES = """
a01.02 relief enterprise inclusive_tax_relief
a01.03 relief enterprise disability_fund_relief
a01.04 right enterprise deferred_tax_filing
a01.05 benefit enterprise epidemic_hiring_subsidy
a01.06 benefit hire hiring_subsidy
a01.07 benefit hire hiring_insurance_subsidy
a01.08 relief taxpayer_revenue epidemic_vat_exemption
a01.09 relief taxpayer_revenue small_taxpayer_vat_cut
a01.10 relief enterprise hire_tax_deduction
a01.10 right hire hire_tax_deduction_person
a01.11 relief enterprise state_property_rent_relief
a02.01 benefit enterprise stability_refund
a02.02 benefit enterprise hardship_training_subsidy
a02.03 benefit enterprise stability_refund_sme
a02.04 benefit enterprise stability_refund_epidemic_benefit
a02.05 benefit enterprise stability_refund_epidemic_contributions
a02.06 relief claim_period unemployment_rate_cut
a02.07 relief claim_period injury_rate_cut
a02.08 relief claim_period three_insurances_exemption
a02.09 right claim_period three_insurances_deferral
a02.10 relief claim_period late_fee_waiver
a02.11 right enterprise housing_fund_ratio_cut
a02.12 right enterprise housing_fund_deferral
a03.06 right enterprise manufacturing_loan_rollover
a03.09 benefit guarantor guarantee_fee_award
a03.10 benefit guarantor guarantee_risk_compensation
a04.04 right office_report capital_ratio_reduction
a04.05 relief enterprise standard_workshop_rent_preference
a06.03 quota office_report tax_refund_days
a07.08 quota office_report renovation_projects
a08.05 benefit venue incubator_award
a08.07 benefit venue venue_cost_subsidy
a08.08 right person free_venue_place
a09.04 right loan counter_guarantee_waiver
a09.05 right enterprise small_firm_loan_access
a09.06 right loan personal_startup_loan
a09.07 right loan partnership_startup_loan
a09.08 right loan loan_extension
a09.09 benefit loan extension_interest_subsidy
a09.10 right loan_fund fund_multiplier
a09.11 benefit loan force_majeure_loss_share
a09.12 benefit loan_fund loan_performance_award
a10.01 quota office_report rural_industry_land
a10.08 benefit person returnee_startup_subsidy
a10.12 benefit venue returnee_park_award
a10.14 benefit venue returnee_project_award
a10.16 quota office_report returnee_centre_coverage
a11.01 benefit park_tenant park_tenant_cost_subsidy
a11.02 benefit rural_platform rural_platform_subsidy
a11.03 relief sole_trader sole_trader_tax_deduction
a12.02 benefit person graduate_flexible_insurance_subsidy
a12.03 right person hardship_flexible_extension
a13.05 benefit person hardship_graduate_subsidy
a13.07 benefit person registered_graduate_subsidy
a13.08 right person late_leaver_deadlines
a13.09 right person file_retention
a13.10 right person fresh_graduate_status
a14.02 quota office_report soe_graduate_share
a14.06 right person grassroots_direct_hire
a14.09 benefit person enlistment_allowance
a15.03 benefit internship internship_subsidy
a15.05 benefit internship internship_extension
a15.06 benefit internship internship_remaining_term
a15.08 benefit venue internship_base_award
a16.01 benefit export_batch labour_export_subsidy
a16.07 benefit person migrant_travel_subsidy
a16.08 benefit enterprise poor_labour_absorption_award
a16.08 benefit enterprise work_for_training_subsidy
a16.09 benefit enterprise county_absorption_reward
a17.01 quota office_report veteran_placement_share
a17.03 quota office_report veteran_park
a18.12 right person exam_free_certificate
a18.18 benefit training enterprise_training_subsidy
a18.19 benefit training labour_preparation_subsidy
a18.20 benefit training labour_preparation_living_allowance
a18.22 benefit training startup_training_subsidy
a19.03 right person unemployment_registration
a19.06 benefit service_event public_service_subsidy
a19.07 benefit community full_employment_community_subsidy
a20.02 right person dismissal_protection
a20.03 quota layoff_plan layoff_notice
a20.04 quota layoff_plan layoff_duties
a21.01 benefit person benefit_until_retirement
a21.02 benefit person unemployment_assistance
a21.03 relief person medical_insurance_by_fund
a22.02 quota office_report zero_employment_families
a22.03 right person public_post_placement
a22.04 right person public_post_second_placement
a22.06 benefit person temporary_living_allowance
"""
ROWS = [tuple(line.split()) for line in MEASURES.split("\n") if line]


def test_the_policy_has_the_89_measures_of_the_contract() -> None:
    found = {m.id: (m.clause, str(m.kind), m.subject.id) for m in policy().measures.values()}
    assert found == {measure: tuple(rest) for *rest, measure in ROWS}
    assert len(found) == len(ROWS) == 89


def test_measures_stand_in_the_order_of_the_clauses() -> None:
    clauses = [measure.clause for measure in policy().measures.values()]
    assert clauses == sorted(clauses)


def test_building_the_policy_again_gives_the_same_version_also_in_another_process() -> None:
    versions = {policy().version, policy.__wrapped__().version}
    program = f"from {xuchang_2020_31.__name__} import policy; print(policy().version)"
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        versions.add(ran.stdout.strip())
    assert len(versions) == 1


# ── Clauses


def test_clauses_and_measures_agree_in_both_directions() -> None:
    implemented: dict[str, list[str]] = {}
    for measure in policy().measures.values():
        implemented.setdefault(measure.clause, []).append(measure.id)
    report = coverage(DOCUMENT, implemented)
    assert report.findings == ()
    named = {name for clause in DOCUMENT.clauses for name in clause.implemented_by}
    assert named == set(policy().measures)


def test_the_only_benefit_without_a_measure_is_praise() -> None:
    left = [
        clause.zh for clause in DOCUMENT.clauses if clause.kind == "benefit" and not clause.implemented_by
    ]
    assert left == ["褒扬激励"]


@pytest.mark.parametrize("measure_id", policy().measures)
def test_each_measure_has_a_title_in_two_languages_and_tells_the_clause_in_our_words(measure_id: str) -> None:
    measure = policy().measure(measure_id)
    assert measure.zh
    assert measure.en
    assert len(measure.doc.split()) >= 10


# ── Groups


def test_measures_that_may_not_be_had_together_stand_in_five_groups() -> None:
    assert {group.id: (group.rule, group.span, group.members) for group in policy().groups} == {
        "stability_refund": (
            "best",
            "year",
            (
                "stability_refund",
                "stability_refund_sme",
                "stability_refund_epidemic_benefit",
                "stability_refund_epidemic_contributions",
            ),
        ),
        "housing_fund": ("order", "period", ("housing_fund_deferral", "housing_fund_ratio_cut")),
        "insurance_month": (
            "order",
            "month",
            ("hiring_insurance_subsidy", "graduate_flexible_insurance_subsidy"),
        ),
        "venue_costs": (
            "order",
            "period",
            ("park_tenant_cost_subsidy", "rural_platform_subsidy", "venue_cost_subsidy"),
        ),
        "unemployed_month": ("order", "month", ("benefit_until_retirement", "unemployment_assistance")),
    }


def test_measures_that_make_good_one_cost_are_exactly_the_members_of_one_group() -> None:
    paying: dict[str, set[str]] = {}
    for measure in policy().measures.values():
        if measure.pays_for is not None:
            paying.setdefault(measure.pays_for, set()).add(measure.id)
    groups = [set(group.members) for group in policy().groups]
    assert all(members in groups for members in paying.values())
    assert len(paying) == len(groups)


# ── Figures


def read_by(expression: Expression) -> Iterator[str]:
    """The values that an expression reads, those of its gathered rows too."""
    for node in expression.walk():
        if isinstance(node.data, ValueUse):
            yield node.data.name
        if isinstance(node.data, Gathered):
            for inner in (node.data.where, node.data.of):
                if inner is not None:
                    yield from read_by(inner)


def test_every_value_is_read_by_a_rule_a_derivation_or_the_registry() -> None:
    read = {
        name
        for measure in policy().measures.values()
        for expression in (*measure.expressions(), *measure.shows)
        for name in read_by(expression)
    }
    assert sorted(set(policy().values.values) - read - set(VALUES)) == []


FIGURES = [
    pytest.param(value, entry, id=f"{value.name} {entry.start or 'always'}")
    for value in policy().values.values.values()
    for entry in value.entries
]


@pytest.mark.parametrize(("value", "entry"), FIGURES)
def test_every_figure_says_where_it_comes_from_and_how_sure_it_is(value: DatedValue, entry: Dated) -> None:
    assert entry.source.strip()
    assert entry.confidence in ("high", "medium", "low")
    assert entry.figures
    assert value.zh
    assert value.en


def test_the_figures_that_are_a_guess_are_these() -> None:
    low = {
        (value.name, str(entry.start))
        for value in policy().values.values.values()
        for entry in value.entries
        if entry.confidence == "low"
    }
    assert low == {
        ("minimum_living_standard", "2020-01-01"),
        ("injury_rate_reduction", "2018-05-01"),
        ("unemployment_rate_ordinary", "2015-03-01"),
        ("unemployment_benefit", "2022-01-01"),
        ("unemployment_benefit", "2024-01-01"),
    }


UNSET = """
rent_relief_share hardship_training_per_person
guarantee_fee_award_amount risk_compensation_share
workshop_rent_share
venue_cost_share
interest_subsidy_share
labour_export_per_person migrant_travel_amount absorption_threshold absorption_award_per_person
work_training_per_person_month work_training_months county_reward
training_per_person labour_preparation_amount labour_preparation_living startup_training_amount
"""


def test_on_the_first_of_december_2020_only_the_18_local_values_are_unset() -> None:
    unset = policy().values.unset(dt.date(2020, 12, 1))
    assert [value.name for value in unset] == UNSET.split()
    assert len(unset) == 18
    assert {value.name for value in policy().values.values.values() if value.local} == set(UNSET.split())


def test_a_figure_keyed_by_county_covers_every_county() -> None:
    counties = set(policy().facts["county"].members)
    for value in policy().values.values.values():
        if value.keyed_by == "county":
            assert [set(entry.figures) for entry in value.entries] == [counties] * len(value.entries)
