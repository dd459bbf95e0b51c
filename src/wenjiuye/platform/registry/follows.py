"""From which tables of the registry each fact of the vocabulary follows: what is read for it, and what its source is.

The definitions themselves stand in `population.registry.definitions`. A fact that is named here nowhere is known from
findings only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wenjiuye.policy.registry import RECORDS

FINDING = "finding"
"""Where a finding tells a fact it wins over the tables."""

_SIZE = ("annual_report", "employment", "enterprise")
_SCHOOL = ("enrolment",)
_REGISTERED = ("unemployment_registration",)
_RECOGNISED = ("recognition",)
_WORK = ("employment",)
_OWNED = ("enterprise",)
_BENEFIT = ("benefit_period",)
_SERVICE = ("grassroots_service",)
_TAX = ("tax",)
_GRANTED = ("grant",)
_PAID = ("contribution", "employment", "grant")

FOLLOWS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "person": {
            **dict.fromkeys(
                ("county", "birth_date", "sex", "post_type", "habitual_residence_here"), ("person",)
            ),
            "rural": ("household", "person"),
            **dict.fromkeys(
                (
                    "registered_poor",
                    "hardship_person",
                    "older_hardship_person",
                    "zero_employment_family_member",
                    "hardship_family",
                    "enlisted",
                    "returnee",
                    "hardship_category",
                ),
                _RECOGNISED,
            ),
            **dict.fromkeys(
                (
                    "registered_unemployed",
                    "real_name_registered",
                    "months_registered_unemployed",
                    "certificate_note",
                    "seeking_work",
                    "able_to_work",
                    "wants_to_work",
                    "unemployment_insured",
                ),
                _REGISTERED,
            ),
            "laid_off_unemployed": (*_REGISTERED, *_WORK, *_OWNED),
            "employed": (*_WORK, *_OWNED),
            "unemployed": (*_WORK, *_OWNED, *_SCHOOL),
            **dict.fromkeys(
                (
                    "flexibly_employed",
                    "flexible_job_started_on",
                    "public_post_placements",
                    "public_post_period_ended",
                ),
                _WORK,
            ),
            "employed_before": (*_WORK, *_SCHOOL),
            "stably_employed": (*_BENEFIT, *_WORK),
            "migrant_worker": ("household", "person", *_WORK),
            "small_firm_owner": (*_OWNED, *_SIZE),
            **dict.fromkeys(("business_started_on", "first_startup"), _OWNED),
            **dict.fromkeys(
                (
                    "college_graduate",
                    "vocational_graduate",
                    "left_school_on",
                    "college_student",
                    "in_final_school_year",
                    "fresh_graduate",
                    "major_on_list",
                    "school_leaver_not_continuing",
                    "left_school_late",
                    "delay_days",
                ),
                _SCHOOL,
            ),
            **dict.fromkeys(
                ("served_below_county", "service_completed", "service_assessment_passed"), _SERVICE
            ),
            **dict.fromkeys(
                (
                    "receives_unemployment_benefit",
                    "qualifies_for_benefit",
                    "benefit_exhausted",
                    "medical_contribution_due",
                    "receives_flexible_subsidy",
                    "flexible_subsidy_ends_on",
                ),
                _BENEFIT,
            ),
            "social_insurance_paid": ("contribution",),
            **dict.fromkeys(("months_paid", "contributions_paid"), _PAID),
            "key_group": (*_SCHOOL, *_REGISTERED, *_RECOGNISED, *_WORK, "household", "person"),
            **dict.fromkeys(("granted_before", "months_granted"), _GRANTED),
        },
        "enterprise": {
            **dict.fromkeys(("county", "industry"), ("enterprise",)),
            **dict.fromkeys(
                (
                    "size",
                    "revenue",
                    "disabled_staff_share",
                    "assets",
                    "taxable_income",
                    "disability_fund_payer",
                    "disability_fund_due",
                ),
                ("annual_report",),
            ),
            **dict.fromkeys(("staff", "layoffs_last_year"), _WORK),
            **dict.fromkeys(("insured_staff", "insured_staff_at_year_start"), ("contribution",)),
            **dict.fromkeys(
                (
                    "unemployment_premiums_last_year",
                    "unemployment_insured",
                    "social_insurance_due_per_month",
                ),
                ("premium",),
            ),
            **dict.fromkeys(
                (
                    "vat_due",
                    "urban_construction_tax_due",
                    "education_surcharge_due",
                    "local_education_surcharge_due",
                    "income_tax_due",
                ),
                _TAX,
            ),
            **dict.fromkeys(
                ("deductible_hires", "deductible_hire_months"),
                (*_WORK, "contribution", *_REGISTERED, *_RECOGNISED),
            ),
            **dict.fromkeys(("zombie_or_dishonest", "absorber_kind"), ("firm_listing",)),
            "poor_staff": (*_WORK, *_RECOGNISED),
            **dict.fromkeys(
                (
                    "leases_business_property",
                    "landlord_state_owned",
                    "in_cluster_standard_workshop",
                    "rent_due",
                ),
                ("lease",),
            ),
            "staff_trained_on_the_job": ("training",),
            "eligible_new_hires_this_year": (
                *_WORK,
                *_SCHOOL,
                *_REGISTERED,
                *_RECOGNISED,
                "household",
                "person",
            ),
        },
        "hire": {
            **dict.fromkeys(("hired_on", "contract_months"), _WORK),
            "social_insurance_paid": ("contribution",),
            **dict.fromkeys(("months_paid", "employer_contributions_paid_per_month"), _PAID),
            **dict.fromkeys(("counted_in_epidemic_hiring", "months_granted"), _GRANTED),
        },
        "internship": {
            **dict.fromkeys(
                (
                    "internship_started_on",
                    "retention_rate",
                    "interrupted_by_epidemic",
                    "interrupted_months",
                    "contract_signed_early",
                    "remaining_months",
                ),
                ("internship",),
            ),
            "internship_months": ("internship", *_GRANTED),
        },
        "training": dict.fromkeys(
            (
                "organised_by_enterprise",
                "training_type",
                "is_new_hire",
                "training_started_on",
                "approved_body",
                "internet_plus",
                "during_epidemic",
            ),
            ("training",),
        ),
        "sole_trader": {
            "registered_on": ("enterprise",),
            **dict.fromkeys(
                (
                    "vat_due",
                    "urban_construction_tax_due",
                    "education_surcharge_due",
                    "local_education_surcharge_due",
                    "personal_income_tax_due",
                ),
                _TAX,
            ),
        },
        "claim_period": dict.fromkeys(
            (
                "insurance_kind",
                "contribution_month",
                "contribution_base",
                "injury_rate_class",
                "employer_part_due",
                "late_fee_due",
            ),
            ("premium",),
        ),
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
            ("sales",),
        ),
        "park_tenant": {
            "returnee_enterprise": ("enterprise",),
            **dict.fromkeys(("park_kind", "rent"), ("lease",)),
            **dict.fromkeys(("property_fee", "sanitation_fee", "utilities", "venue_fee"), ("bill",)),
            **dict.fromkeys(("months_granted", "paid_this_year"), _GRANTED),
        },
    }
)

LEDGER = ("months_granted", "granted_before", "awarded_before", "paid_this_year")
"""Facts of tables kept as they are that come from grants all the same."""


def follows(subject_id: str, fact_id: str) -> tuple[str, ...]:
    """The tables that a fact follows from, each once; empty: it is known from findings only."""
    if subject_id in FOLLOWS:
        return tuple(dict.fromkeys(FOLLOWS[subject_id].get(fact_id, ())))
    if fact_id in LEDGER:
        return _GRANTED
    return (subject_id,) if subject_id in RECORDS else ()


def source_titles(tables: tuple[str, ...]) -> tuple[str, str]:
    """The tables in Chinese and English, as the source of a fact."""
    zh = "、".join(RECORDS[name].zh for name in tables)
    return zh, ", ".join(RECORDS[name].en for name in tables)
