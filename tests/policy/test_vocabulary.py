"""The vocabulary: the facts of the contract under their names, with questions fit for a claimant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest

from wenjiuye.policy import vocabulary
from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.rules import FactError, ListFact, Many, One, Source, Subject
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind


def words(text: str) -> list[str]:
    return text.split()


CONTRACT = """
enterprise | enum | size industry absorber_kind
enterprise | int | staff insured_staff new_hires deductible_hires deductible_hire_months refund_months
    staff_trained_on_the_job deferral_months eligible_new_hires_this_year poor_staff trained_poor_staff
    training_months
enterprise | money | assets revenue taxable_income disability_fund_due income_tax_due rent_due
    unemployment_premiums_last_year social_insurance_due_per_month
enterprise | bool | small_profit_enterprise disability_fund_payer tax_deferral_granted
    worked_through_spring_festival_2020 made_epidemic_supplies delivered_epidemic_supplies
    leases_business_property landlord_state_owned temporary_difficulty recovery_promising
    epidemic_affected severe_difficulty operating_difficulty renewed_application
    meets_rollover_conditions in_cluster_standard_workshop county_has_means zombie_or_dishonest
enterprise | share | disabled_staff_share layoff_rate
enterprise | date | applied_on
enterprise person | enum | county
enterprise person | bool | unemployment_insured
enterprise sole_trader | money | vat_due urban_construction_tax_due education_surcharge_due
    local_education_surcharge_due
hire | date | hired_on
hire | int | contract_months months_since_hired
hire | money | employer_contributions_paid_per_month
hire | bool | counted_in_epidemic_hiring
hire person | bool | social_insurance_paid
hire person | int | months_paid
person | int | months_registered_unemployed graduation_year delay_days public_post_placements
    allowance_months
person | enum | certificate_note hardship_category key_group
person | bool | registered_poor college_graduate vocational_graduate employed_before employed unemployed
    returnee first_startup operating_normally granted_before flexibly_employed hardship_person
    receives_flexible_subsidy stably_employed college_student in_final_school_year seeking_work
    real_name_registered left_school_late served_below_county service_completed
    service_assessment_passed meets_province_rules enlisted fresh_graduate
    went_out_to_work_during_epidemic major_on_list migrant_worker school_leaver_not_continuing
    registered_unemployed rural hardship_family small_firm_owner benefit_exhausted qualifies_for_benefit
    receives_unemployment_benefit hard_to_employ_by_market older_hardship_person
    zero_employment_family_member post_available public_post_period_ended meets_placement_conditions
    laid_off_unemployed living_in_hardship meets_allowance_conditions venue_built_by_government
    free_place_available able_to_work wants_to_work habitual_residence_here
    pregnant_maternity_or_nursing
person | date | left_school_on birth_date business_started_on flexible_job_started_on
    flexible_subsidy_ends_on retirement_date
person | money | contributions_paid travel_cost medical_contribution_due
hire person park_tenant rural_platform | int | months_granted
sole_trader | int | months_since_registered months_in_year
sole_trader | money | personal_income_tax_due
taxpayer_revenue | enum | revenue_kind
taxpayer_revenue | bool | earned_during_epidemic small_scale_taxpayer
taxpayer_revenue | money | vat_otherwise_due sales_without_tax
taxpayer_revenue | share | levy_rate
taxpayer_revenue | date | tax_obligation_date
claim_period | enum | insurance_kind
claim_period | month | contribution_month
claim_period | money | contribution_base employer_part_due late_fee_due
claim_period | int | injury_rate_class
park_tenant | bool | returnee_enterprise
park_tenant | enum | park_kind
park_tenant | money | property_fee sanitation_fee rent utilities venue_fee
park_tenant rural_platform | money | paid_this_year
rural_platform | bool | returnee_founder rural_ecommerce_platform
rural_platform | money | venue_rent network_fee
venue | enum | recognised_venue_kind
venue | bool | reaches_city_standard carries_public_services recognised_returnee_model_park
    selected_returnee_project recognised_internship_base
venue | money | venue_costs award_decided
venue community | bool | awarded_before
community | bool | newly_recognised
community | enum | recognition_level
guarantor | bool | expanded_small_firm_guarantees lowered_small_firm_fee
guarantor | money | guarantee_loss
loan | bool | borrower_eligible partnership quality_project recommended_by_credit_village_park_or_base
    epidemic_affected_borrower repayment_difficulty extension_requested exception_approved
    subsidised_loan individual_loan force_majeure
loan | money | loan_amount subsidised_amount unrecovered_amount
loan | list | partner_loans
loan | int | extension_months
loan | share | loan_interest_rate
loan_fund | money | recovered_last_year due_last_year fund_deposit_balance new_loans_this_year
loan_fund | bool | outstanding_performance
internship | date | internship_started_on
internship | int | internship_months interrupted_months remaining_months
internship | share | retention_rate
internship | bool | interrupted_by_epidemic contract_signed_early
export_batch service_event | enum | organiser_kind
export_batch service_event | bool | free_of_charge
export_batch | enum | destination
export_batch | int | people_placed
training | bool | organised_by_enterprise is_new_hire approved_body internet_plus during_epidemic
training | enum | training_type
training | date | training_started_on
service_event | enum | event_kind
service_event | int | people_served
service_event | money | service_cost
layoff_plan | date | notice_given_on layoff_planned_on
layoff_plan | bool | placement_plan severance_paid
layoff_plan | money | wage_arrears insurance_arrears
office_report | enum | project_field
office_report | bool | weak_link_project reasonable_return strong_repayment
office_report | share | ratio_reduction_points construction_land_quota rural_industry_land_quota
office_report | int | normal_refunds total_working_days demonstration_projects_this_year
    counties_with_many_outworkers counties_with_standard_centre new_posts new_posts_for_fresh_graduates
    veterans_due veterans_placed_in_public_bodies veteran_incubation_parks zero_employment_families_open
"""
"""Owners, type and names of the facts that cases are written with. Renaming one breaks every case."""

MEMBERS = """
size: micro small medium large
industry: agriculture mining manufacturing utilities construction wholesale retail transport storage
    post accommodation catering information_transmission software real_estate property_management
    leasing_business finance education health public_administration other
county: weidu jianan changge yuzhou yanling xiangcheng demonstration_zone development_zone dongcheng
absorber_kind: poverty_leading_firm poverty_workshop cooperative community_factory other
certificate_note: hiring_tax_policy self_employment_tax_policy
    graduation_year_self_employment_tax_policy none
hardship_category: dibao_family disabled student_loan poverty_registered_family poor_disabled_family
    special_hardship none
revenue_kind: epidemic_supply_transport public_transport living_services necessities_delivery other
insurance_kind: pension unemployment work_injury medical maternity
park_kind: industrial_cluster characteristic_business_zone central_business_zone specialised_park
    incubation_base startup_park other
recognised_venue_kind: incubation_base new_platform none
recognition_level: city county none
organiser_kind: hr_agency labour_broker public_agency college other
destination: other_province other_city_in_province same_city
training_type: staff_online staff_offline pre_job labour_preparation startup
event_kind: special_job_fair startup_service other
project_field: road railway urban logistics environment social other
key_group: college_graduate unemployed veteran migrant_worker other
"""

JUDGED = words(
    """
    allowance_months award_decided borrower_eligible county_has_means epidemic_affected
    exception_approved force_majeure hard_to_employ_by_market living_in_hardship
    meets_allowance_conditions meets_placement_conditions meets_province_rules meets_rollover_conditions
    operating_difficulty operating_normally outstanding_performance quality_project
    reaches_city_standard reasonable_return recovery_promising refund_months repayment_difficulty
    severe_difficulty strong_repayment tax_deferral_granted temporary_difficulty
    """
)
"""What an officer, a bank or a county decides: no form may ask the claimant for it."""

LEDGER = words(
    """
    awarded_before counted_in_epidemic_hiring granted_before months_granted paid_this_year
    public_post_placements
    """
)
"""The history of grants."""

OPTIONAL = words(
    """
    allowance_months award_decided counted_in_epidemic_hiring deductible_hire_months months_in_year
    refund_months zombie_or_dishonest
    """
)

FOR_DERIVATIONS = {
    "insured_staff_at_year_start",
    "layoffs_last_year",
    "post_type",
    "registered_on",
    "sex",
}
"""What the contract does not name and derivations need."""

RELATIONS = {
    "enterprise.hires": "hire",
    "enterprise.claim_periods": "claim_period",
    "enterprise.internships": "internship",
    "hire.employer": "enterprise",
    "hire.person": "person",
    "sole_trader.owner": "person",
    "taxpayer_revenue.taxpayer": "enterprise",
    "claim_period.enterprise": "enterprise",
    "park_tenant.enterprise": "enterprise",
    "internship.trainee": "person",
    "internship.host": "enterprise",
    "training.trainee": "person",
    "training.organiser": "enterprise",
}

TYPICAL = {
    "staff": [0, 1, 300, 200_000],
    "revenue": ["0", "400000000.01", "300000000000"],
    "graduation_year": [1982, 2020, 2026],
    "contract_months": [0, 12, 36, 1200],
    "months_registered_unemployed": [0, 6, 240],
    "months_in_year": [0, 5, 12],
    "injury_rate_class": [1, 8],
    "employer_contributions_paid_per_month": ["0", "812.34", "30000"],
    "contributions_paid": ["9600", "250000.55"],
    "travel_cost": ["0", "553.50"],
    "layoff_rate": [0, "0.055", "1/30", 1],
    "levy_rate": ["0.03", "0.05"],
    "loan_interest_rate": ["0.0435", "0.0535"],
    "ratio_reduction_points": ["0", "2.5", "5", "20"],
    "construction_land_quota": ["0", "1234.56"],
    "loan_amount": ["200000", "3000000"],
    "fund_deposit_balance": ["250000000"],
    "new_loans_this_year": ["1000000000"],
    "birth_date": ["1949-10-01", "2004-02-29"],
    "contribution_month": ["2020-02", "2021-04"],
    "partner_loans": [[], [{"amount": "200000", "subsidised": "是"}]],
    "size": ["small", "小型"],
}

IMPOSSIBLE = {
    "staff": [-1, "2.5"],
    "graduation_year": [20, 20200],
    "months_in_year": [13],
    "injury_rate_class": [0, 9],
    "levy_rate": ["3"],
    "employer_contributions_paid_per_month": ["-1", "0.001", "100000000000000.01"],
    "contract_months": [1201],
    "size": ["tiny"],
}


def subjects() -> list[type[Subject]]:
    return [getattr(vocabulary, name) for name in vocabulary.__all__]


def owned() -> Iterator[tuple[str, Fact]]:
    return ((subject.id, fact) for subject in subjects() for fact in subject.facts.values())


def every_fact() -> list[Fact]:
    top = list({id(fact): fact for _, fact in owned()}.values())
    return top + [field for fact in top if isinstance(fact, ListFact) for field in fact.fields]


def fact(name: str) -> Fact:
    return next(fact for _, fact in owned() if fact.id == name)


def failing(holds: Callable[[Fact], bool]) -> list[str]:
    return [each.id for each in every_fact() if not holds(each)]


def contract() -> dict[str, tuple[set[str], str]]:
    rows: dict[str, tuple[set[str], str]] = {}
    for line in CONTRACT.strip().replace("\n    ", " ").splitlines():
        owners, kind, names = line.split(" | ")
        rows |= {name: (set(owners.split()), kind) for name in names.split()}
    return rows


def members() -> dict[str, list[str]]:
    lines = MEMBERS.strip().replace("\n    ", " ").splitlines()
    return {name: rest.split() for name, rest in (line.split(": ") for line in lines)}


def test_every_fact_of_the_contract_has_its_owners_and_type() -> None:
    declared: dict[str, tuple[set[str], str]] = {}
    for owner, each in owned():
        declared.setdefault(each.id, (set(), str(each.kind)))[0].add(owner)
    assert {name: row for name, row in declared.items() if name not in FOR_DERIVATIONS} == contract()


def test_the_only_other_facts_serve_derivations() -> None:
    assert {each.id for _, each in owned()} - set(contract()) == FOR_DERIVATIONS


def test_every_choice_of_the_contract_has_its_members_in_order() -> None:
    declared = {each.id: list(each.members) for _, each in owned() if each.kind is Kind.ENUM}
    assert {name: row for name, row in declared.items() if name not in FOR_DERIVATIONS} == members()


def test_no_fact_has_two_meanings() -> None:
    declarations: dict[str, set[int]] = {}
    for _, each in owned():
        declarations.setdefault(each.id, set()).add(id(each))
    assert [name for name, different in declarations.items() if len(different) > 1] == []


def test_a_fact_knows_all_its_owners() -> None:
    for name, (owners, _) in contract().items():
        assert set(fact(name).owners) == owners, name


def test_every_relation_leads_where_its_name_says() -> None:
    found = {}
    for subject in subjects():
        for name, link in subject.relations.items():
            target = link.target if isinstance(link, One) else link.target()
            found[f"{subject.id}.{name}"] = target.id
    assert found == RELATIONS


def test_a_many_relation_is_the_other_side_of_a_one_relation() -> None:
    for subject in subjects():
        for link in subject.relations.values():
            if isinstance(link, Many):
                back = link.target().relations[link.back]
                assert isinstance(back, One)
                assert back.target is subject


def test_every_subject_and_relation_is_titled_in_both_languages() -> None:
    for subject in subjects():
        for titled in (subject, *subject.relations.values()):
            assert _is_chinese(titled.zh), titled
            assert _is_english(titled.en), titled


def test_every_fact_has_titles_in_both_languages() -> None:
    assert failing(lambda each: _is_chinese(each.zh) and _is_english(each.en)) == []


def test_every_fact_asks_a_question_in_both_languages() -> None:
    assert failing(lambda each: each.ask_zh.endswith("？") and _is_chinese(each.ask_zh)) == []
    assert failing(lambda each: each.ask_en.endswith("?") and _is_english(each.ask_en)) == []


def test_no_question_is_the_bare_title() -> None:
    assert failing(lambda each: len(each.ask_zh.rstrip("？")) > len(each.zh)) == []
    assert failing(lambda each: len(each.ask_en.split()) > len(each.en.split())) == []


def test_a_question_asks_for_one_thing_briefly() -> None:
    assert failing(lambda each: len(each.ask_zh) <= 40 and len(each.ask_en.split()) <= 25) == []
    assert failing(lambda each: each.ask_zh.count("？") == each.ask_en.count("?") == 1) == []


def test_no_two_facts_ask_the_same() -> None:
    questions: dict[str, str] = {}
    for each in every_fact():
        for question in (each.ask_zh, each.ask_en):
            assert questions.setdefault(question, each.id) == each.id, (question, each.id)


def test_a_question_for_a_sum_names_the_unit() -> None:
    assert failing(lambda each: each.kind is not Kind.MONEY or "元" in each.ask_zh) == []
    assert failing(lambda each: each.kind is not Kind.MONEY or "yuan" in each.ask_en) == []


def test_evidence_is_named_in_both_languages_or_in_none() -> None:
    assert failing(lambda each: bool(each.evidence_zh) == bool(each.evidence_en)) == []
    assert failing(lambda each: not each.evidence_zh or _is_chinese(each.evidence_zh)) == []
    assert failing(lambda each: not each.evidence_en or _is_english(each.evidence_en)) == []


def test_every_member_is_named_in_both_languages_and_unlike_the_others() -> None:
    for each in every_fact():
        for zh, en in each.members.values():
            assert _is_chinese(zh), each.id
            assert _is_english(en), each.id
        for language in zip(*each.members.values(), strict=True):
            assert len(set(language)) == len(language), each.id


def test_every_fact_says_in_a_sentence_what_it_means() -> None:
    assert failing(lambda each: each.means[0] == each.means[0].upper() and each.means[-1] == ".") == []


def test_every_fact_can_be_found_out_at_a_cost_from_one_to_ten() -> None:
    assert failing(lambda each: 1 <= each.burden <= 10) == []


def test_counts_of_months_end_at_a_hundred_years() -> None:
    for each in every_fact():
        if each.unit == "months" and each.id not in ("months_in_year", "deductible_hire_months"):
            assert each.range() == (0, 1200), each.id


def test_what_an_officer_decides_is_asked_of_nobody_else() -> None:
    assert sorted(each.id for each in every_fact() if each.source is Source.JUDGEMENT) == JUDGED


def test_the_history_of_grants_comes_from_the_ledger() -> None:
    assert sorted(each.id for each in every_fact() if each.source is Source.LEDGER) == LEDGER


def test_only_facts_whose_absence_has_a_meaning_are_optional_and_they_say_it() -> None:
    optional = [each for each in every_fact() if each.optional]
    assert sorted(each.id for each in optional) == OPTIONAL
    assert all("Not given" in each.means for each in optional)


def test_a_firm_that_nobody_calls_a_zombie_is_none() -> None:
    assert fact("zombie_or_dishonest").default is False


def test_a_hire_that_the_ledger_does_not_count_is_not_counted() -> None:
    assert fact("counted_in_epidemic_hiring").default is False


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, values in TYPICAL.items() for raw in values])
def test_an_honest_value_is_never_refused(name: str, raw: object) -> None:
    assert fact(name).read(raw) is not None


@pytest.mark.parametrize(
    ("name", "raw"), [(name, raw) for name, values in IMPOSSIBLE.items() for raw in values]
)
def test_an_impossible_value_is_refused_with_the_name_of_the_fact(name: str, raw: object) -> None:
    with pytest.raises(FactError, match=name):
        fact(name).read(raw)


def test_every_sum_may_be_nothing_and_every_firm_may_be_large() -> None:
    for each in every_fact():
        if each.kind is Kind.MONEY:
            assert each.read(0) == 0
            if "enterprise" in each.owners:
                assert each.read("1000000000000") == 10**14


def test_shares_without_a_unit_lie_between_nothing_and_all() -> None:
    for each in every_fact():
        if each.kind is Kind.SHARE and each.unit is None:
            assert each.range() == (0, 1), each.id


def test_a_month_is_kept_as_its_first_day() -> None:
    assert fact("contribution_month").read("2020-02") == dt.date(2020, 2, 1)


def test_a_county_is_read_by_either_name() -> None:
    assert Enterprise.county.read("魏都区") == Enterprise.county.read("weidu") == "weidu"


def _is_chinese(text: str) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text))


def _is_english(text: str) -> bool:
    return bool(re.search("[a-z]", text)) and not re.search("[\u4e00-\u9fff]", text)
