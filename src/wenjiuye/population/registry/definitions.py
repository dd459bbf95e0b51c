"""How each fact follows from the registry, in words: the page of the data model is made from this.

D is the date of decision. The settled month is the last month that ended on or before D. What happened after D
is not known on it. Facts of the vocabulary that stand nowhere here are known from findings only.
"""

from __future__ import annotations

from collections.abc import Mapping

_RECOGNISED = "A recognition of that category is valid on the day."
_TAX = "What is due of this tax in the months of D's year up to the settled month, added up."
_REGISTRATION = "As told at the registration that is open on the day; unknown without one."
_GRANTS = "From grants under this same measure, by subject_id, known on D: "
_GRANTED_MONTHS = _GRANTS + "their months, added up; one without a number of months counts as one."
_LEFT = (
    "without those that another measure of a group that clashes by the month was granted for (grants that name "
    "the person), and of the rest without the first ones, as many as were granted"
)

DEFINITIONS: Mapping[str, Mapping[str, str]] = {
    "enterprise": {
        "county": "As registered.",
        "industry": "As registered.",
        "size": "The annual report of last year where it gives one; else the rule of the size standard decides. Of "
        "several reports for one year the last row counts.",
        "staff": "Employments with this employer that are open on D.",
        "insured_staff": "People with a contribution of this employer in the settled month who are in the "
        "unemployment insurance.",
        "insured_staff_at_year_start": "The same for January of last year; unknown where the table of "
        "contributions begins later.",
        "layoffs_last_year": "Employments that ended last year by layoff.",
        "unemployment_premiums_last_year": "What was paid of unemployment premiums for the months of last year; "
        "unknown where the table of premiums begins after its January.",
        "unemployment_insured": "At least the number of months of the value refund_insured_months with a premium of "
        "unemployment insurance up to the settled month, none of them with anything owing: both parts due, less "
        "what was waived, less what was paid. Where all was paid it does not matter what was waived. "
        "The outside rule counts to the end of last year; counting on is kinder.",
        "social_insurance_due_per_month": "Both parts due of all kinds in the settled month, before reliefs.",
        "revenue": "The annual report of last year.",
        "disabled_staff_share": "The annual report of last year.",
        "assets": "The annual report of D's year.",
        "taxable_income": "The annual report of D's year.",
        "disability_fund_payer": "The annual report of D's year.",
        "disability_fund_due": "The annual report of D's year.",
        "vat_due": _TAX,
        "urban_construction_tax_due": _TAX,
        "education_surcharge_due": _TAX,
        "local_education_surcharge_due": _TAX,
        "income_tax_due": _TAX,
        "deductible_hires": "Hires for which the measure hire_tax_deduction_person comes out eligible on D; unknown "
        "as soon as one is undetermined.",
        "deductible_hire_months": "For those hires the months of D's year in which the job was open on some day up to "
        "D, added up.",
        "zombie_or_dishonest": "A listing as zombie firm or for serious dishonesty is valid on D.",
        "absorber_kind": "The first valid listing in the order of the vocabulary; else other.",
        "poor_staff": "Open employments whose person is on the poverty register on D.",
        "leases_business_property": "A lease is open on D.",
        "landlord_state_owned": "One of the open leases is of the state.",
        "in_cluster_standard_workshop": "One of the open leases is of a standard workshop.",
        "rent_due": "The month's rent of the open leases that the measure is about: of the state, or of workshops.",
        "staff_trained_on_the_job": "Different trainees of its trainings of staff begun in D's year.",
        "eligible_new_hires_this_year": "Labour contracts begun in D's year and open on D with people whose key_group "
        "on the day of hiring is not other.",
    },
    "person": {
        "county": "As registered.",
        "birth_date": "As registered.",
        "sex": "As registered.",
        "post_type": "As registered.",
        "habitual_residence_here": "As registered.",
        "rural": "That of the household; where it tells none, that of the person.",
        "registered_poor": _RECOGNISED,
        "hardship_person": _RECOGNISED,
        "older_hardship_person": _RECOGNISED,
        "zero_employment_family_member": _RECOGNISED,
        "hardship_family": _RECOGNISED,
        "enlisted": _RECOGNISED,
        "returnee": _RECOGNISED,
        "hardship_category": "The first that is valid on the day, in the order of the vocabulary; else none.",
        "registered_unemployed": "A registration as unemployed is open on the day (of somebody hired: the day before). "
        "Of several that are open the latest counts.",
        "real_name_registered": "The same.",
        "months_registered_unemployed": "Completed months of the registration that is open (of somebody hired: on the "
        "day before), up to the day; 0 without one.",
        "certificate_note": "Of that registration; none without one.",
        "seeking_work": _REGISTRATION,
        "able_to_work": _REGISTRATION,
        "wants_to_work": _REGISTRATION,
        "unemployment_insured": "Insured when the job before the open registration ended; no without one.",
        "laid_off_unemployed": "The open registration says laid off, and there is no job.",
        "employed": "A job of any form is open on the day, or a firm of one's own is registered.",
        "unemployed": "Neither employed nor a college student.",
        "flexibly_employed": "Flexible work is open on the day.",
        "flexible_job_started_on": "The first day of that work, of several the latest.",
        "employed_before": "A job began before the one in question (of everybody else: before the flexible work, or by "
        "D), and did not end before school was left.",
        "stably_employed": "A labour contract is open on the day the flexible work subsidy ends; unknown without one.",
        "migrant_worker": "Rural, with a labour contract or flexible work open on the day.",
        "small_firm_owner": "Owns a firm registered on the day that is micro or small on D; a sole trader is micro. "
        "The size of a firm that is gone by D is not known.",
        "business_started_on": "The earliest registration of a firm in the person's name.",
        "first_startup": "Exactly one firm was ever registered in the person's name.",
        "college_graduate": "Graduated from college by the day.",
        "vocational_graduate": "Graduated from a secondary vocational school by the day.",
        "left_school_on": "The latest certificate by the day.",
        "college_student": "A college enrolment has not ended on the day.",
        "in_final_school_year": "It is expected to end in the school year (July to June) in which the day lies.",
        "fresh_graduate": "A college enrolment ended by the day, or should end, in the year of the day.",
        "major_on_list": "Of the latest college certificate; no without one.",
        "school_leaver_not_continuing": "The latest enrolment was at a junior or senior secondary school, is over, and "
        "none is open.",
        "left_school_late": "The latest certificate was delayed by the school; no without one.",
        "delay_days": "Days from the expected to the real date of the latest certificate, not below 0; 0 without one.",
        "served_below_county": "A term of grassroots service has begun.",
        "service_completed": "The latest term is over and was completed.",
        "service_assessment_passed": "Of the latest term.",
        "receives_unemployment_benefit": "A term of unemployment benefit runs on the day.",
        "qualifies_for_benefit": "The same.",
        "benefit_exhausted": "The latest term is over and was not stopped before.",
        "medical_contribution_due": "The month's contribution of the running term.",
        "receives_flexible_subsidy": "A term of the ordinary subsidy has begun and was not stopped before the day and "
        "its end.",
        "flexible_subsidy_ends_on": "The last day of that term, of several the latest.",
        "social_insurance_paid": "A contribution without an employer in the settled month.",
        "months_paid": "Months with such a contribution since the flexible work began, up to the settled month, "
        + _LEFT
        + "; 0 without flexible work.",
        "contributions_paid": "What was paid in those months.",
        "public_post_placements": "Jobs in public posts begun by the day.",
        "public_post_period_ended": "The latest of them is over.",
        "key_group": "The first that fits: graduate, registered unemployed, veteran, migrant worker; else other.",
        "granted_before": _GRANTS + "there is one.",
        "months_granted": _GRANTED_MONTHS,
    },
    "hire": {
        "hired_on": "The first day of the labour contract. Hires are contracts with an employer begun within the "
        "months of the value hire_tax_deduction_months before D. The person's facts are those on that day.",
        "contract_months": "As registered.",
        "social_insurance_paid": "A contribution of this employer for this person in the settled month; unknown where "
        "the job began after it.",
        "months_paid": "Months with such a contribution since the month of hiring, up to the settled month, "
        + _LEFT
        + ".",
        "employer_contributions_paid_per_month": "The mean of what the employer really paid in those months (pension, "
        "unemployment, medical), half up to the fen; 0 where there are none.",
        "counted_in_epidemic_hiring": "A grant of epidemic_hiring_subsidy names the job.",
        "months_granted": _GRANTED_MONTHS,
    },
    "internship": {
        "internship_started_on": "As registered. The trainee's facts are those on that day.",
        "internship_months": "Months begun up to the end, the planned end or D, at most as planned, without those "
        "granted.",
        "retention_rate": "Of internships of one host begun in one month and over by D: kept ÷ all; unknown where one "
        "is not known, or none is over.",
        "interrupted_by_epidemic": "As registered.",
        "interrupted_months": "As registered.",
        "contract_signed_early": "A labour contract was signed by D and before the planned end.",
        "remaining_months": "Completed months from that day to the end of the last planned day; unknown without one.",
    },
    "training": {
        "organised_by_enterprise": "A firm is named as organiser. The trainee's facts are those on the first day.",
        "training_type": "As registered.",
        "is_new_hire": "As registered.",
        "training_started_on": "As registered.",
        "approved_body": "As registered.",
        "internet_plus": "As registered.",
        "during_epidemic": "As registered.",
    },
    "sole_trader": {
        "registered_on": "As registered. Sole traders are employers of that legal form.",
        "vat_due": _TAX,
        "urban_construction_tax_due": _TAX,
        "education_surcharge_due": _TAX,
        "local_education_surcharge_due": _TAX,
        "personal_income_tax_due": _TAX,
    },
    "claim_period": {
        "insurance_kind": "Premiums of the settled month, one row for each kind: of several the last.",
        "contribution_month": "The settled month.",
        "contribution_base": "As declared.",
        "injury_rate_class": "As declared.",
        "employer_part_due": "As declared, before reliefs.",
        "late_fee_due": "As declared.",
    },
    "taxpayer_revenue": dict.fromkeys(
        (
            "revenue_kind",
            "earned_during_epidemic",
            "vat_otherwise_due",
            "small_scale_taxpayer",
            "levy_rate",
            "tax_obligation_date",
            "sales_without_tax",
        ),
        "As declared; sales whose tax arose in the settled month.",
    ),
    "park_tenant": {
        "returnee_enterprise": "The tenant was founded by a returnee. Rows are leases in parks open at the end of the "
        "settled month.",
        "park_kind": "Of the lease.",
        "rent": "Of the lease, for one month.",
        **dict.fromkeys(
            ("property_fee", "sanitation_fee", "utilities", "venue_fee"),
            "Bills of the settled month, added up.",
        ),
        "months_granted": _GRANTED_MONTHS,
        "paid_this_year": _GRANTS
        + "the sums of those that begin in the twelve months in which the settled month lies, counted from the "
        "first subsidised month; one without a first month is for the month in which it was granted.",
    },
}
"""Facts by subject. Tables that are kept as they are (loans, venues …) have no entry."""


def told() -> list[tuple[str, str, str, str]]:
    """Subject, fact, Chinese title and definition, for the page."""
    from wenjiuye.policy.xuchang_2020_31 import policy

    subjects = policy().subjects
    return [
        (subject, fact, subjects[subject].facts[fact].zh, how)
        for subject, facts in DEFINITIONS.items()
        for fact, how in facts.items()
    ]
