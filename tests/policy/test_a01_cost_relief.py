"""Article 1, at its boundaries, with what is unknown, to the fen. All sums are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from decided_measures import decided

from wenjiuye.policy.xuchang_2020_31 import policy

# ── a01.02


@pytest.mark.parametrize(
    ("on", "income", "relief"),
    [
        ("2020-12-01", "0", "0.00"),
        ("2020-12-01", "1000000", "200000.00"),
        ("2020-12-01", "333333.33", "66666.67"),
        # 200,000 and 15 % of one fen
        ("2020-12-01", "1000000.01", "200000.00"),
        # 200,000 and 15 % of four fen, which is over half a fen
        ("2020-12-01", "1000000.04", "200000.01"),
        ("2020-12-01", "3000000", "500000.00"),
        ("2020-12-01", "3000000.01", "0.00"),
        # 2021: 2.5 % and 10 %
        ("2021-01-01", "1000000", "225000.00"),
        ("2021-12-31", "3000000", "525000.00"),
        # 2022: 2.5 % and 5 %
        ("2022-06-01", "3000000", "625000.00"),
        # 2023: 5 % on all of it
        ("2023-06-01", "3000000", "600000.00"),
    ],
)
def test_income_tax_relief_is_the_ordinary_tax_less_the_tax_by_brackets(
    on: str, income: str, relief: str
) -> None:
    got = decided("inclusive_tax_relief", on, small_profit_enterprise=True, taxable_income=income)
    assert (got.verdict, got.amount) == ("eligible", relief)


def test_before_the_brackets_came_in_the_relief_is_unknown_and_names_the_figures() -> None:
    got = decided("inclusive_tax_relief", "2018-12-31", small_profit_enterprise=True, taxable_income=800000)
    assert (got.verdict, got.amount) == ("eligible", None)
    assert (
        "small_profit_first_bracket" in got.missing_values or "small_profit_income_most" in got.missing_values
    )


def test_a_firm_at_all_three_limits_is_a_small_profit_enterprise_where_that_is_not_given() -> None:
    at_the_limits: dict[str, Any] = {"staff": 300, "assets": "50000000", "taxable_income": "3000000"}
    assert decided("inclusive_tax_relief", **at_the_limits).amount == "500000.00"
    for fact, over in (("staff", 301), ("assets", "50000000.01"), ("taxable_income", "3000000.01")):
        assert decided("inclusive_tax_relief", **{**at_the_limits, fact: over}).verdict == "ineligible"


def test_one_limit_passed_settles_it_though_the_others_are_unknown() -> None:
    assert decided("inclusive_tax_relief", staff=301).verdict == "ineligible"


# ── a01.03


@pytest.mark.parametrize(
    ("staff", "share", "due", "relief"),
    [
        (30, "0", "9000", "9000.00"),
        (30, None, "9000", "9000.00"),
        (31, "0", "9000", "900.00"),
        (31, "0.009999999", "9000", "900.00"),
        (31, "0.01", "9000", "4500.00"),
        (31, "0.015999999", "0.01", "0.01"),
        (31, "0.016", "9000", "0.00"),
        (31, "0.2", "9000", "0.00"),
        # a tenth of five fen is half a fen
        (31, "0", "0.05", "0.01"),
        (31, "0", "0.04", "0.00"),
    ],
)
def test_disability_fund_relief_by_staff_and_share(
    staff: int, share: str | None, due: str, relief: str
) -> None:
    facts = {"staff": staff, "disability_fund_due": due, "disabled_staff_share": share}
    got = decided("disability_fund_relief", disability_fund_payer=True, **facts)
    assert (got.verdict, got.amount) == ("eligible", relief)


def test_disability_fund_relief_names_the_staff_or_the_share_that_it_lacks() -> None:
    got = decided("disability_fund_relief", disability_fund_payer=True, disability_fund_due=9000)
    assert (got.verdict, got.amount) == ("eligible", None)
    assert "staff" in got.missing
    got = decided("disability_fund_relief", disability_fund_payer=True, disability_fund_due=9000, staff=31)
    assert (got.amount, got.missing) == (None, ("disabled_staff_share",))
    assert got.between == ("0.00", "4500.00")


@pytest.mark.parametrize(
    ("on", "relief"),
    [("2019-12-31", None), ("2020-01-01", "4500.00"), ("2022-12-31", "4500.00"), ("2023-01-01", None)],
)
def test_the_reduced_rates_hold_from_2020_to_2022(on: str, relief: str | None) -> None:
    facts = {"staff": 31, "disability_fund_due": 9000, "disabled_staff_share": "0.012"}
    got = decided("disability_fund_relief", on, disability_fund_payer=True, **facts)
    assert (got.verdict, got.amount) == ("eligible", relief)
    assert got.missing_values == (() if relief else ("disability_fund_relief_above",))


# ── a01.05


def test_making_or_delivering_is_enough_and_both_count_once() -> None:
    worked = {"worked_through_spring_festival_2020": True, "new_hires": 3}
    both = decided(
        "epidemic_hiring_subsidy", made_epidemic_supplies=True, delivered_epidemic_supplies=True, **worked
    )
    assert both.amount == "3000.00"
    open_ = decided("epidemic_hiring_subsidy", made_epidemic_supplies=False, **worked)
    assert (open_.verdict, open_.missing) == ("undetermined", ("delivered_epidemic_supplies",))


def test_a_firm_that_stood_still_over_the_festival_gets_nothing_whatever_else_is_unknown() -> None:
    got = decided("epidemic_hiring_subsidy", worked_through_spring_festival_2020=False)
    assert (got.verdict, got.amount) == ("ineligible", None)


def test_a_large_number_of_hires_is_paid_to_the_fen() -> None:
    got = decided(
        "epidemic_hiring_subsidy",
        worked_through_spring_festival_2020=True,
        made_epidemic_supplies=True,
        new_hires=999_999_999,
    )
    assert got.amount == "999999999000.00"


# ── a01.06

UNEMPLOYED: dict[str, Any] = {
    "size": "small",
    "hired_on": "2020-06-01",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_registered_unemployed": 6,
    "college_graduate": False,
}
GRADUATE: dict[str, Any] = {
    **UNEMPLOYED,
    "months_registered_unemployed": 0,
    "college_graduate": True,
    "employed_before": False,
}


@pytest.mark.parametrize(
    ("fact", "value", "verdict"),
    [
        ("months_registered_unemployed", 6, "eligible"),
        ("months_registered_unemployed", 5, "ineligible"),
        ("contract_months", 1200, "eligible"),
        ("contract_months", 11, "ineligible"),
        ("size", "micro", "eligible"),
        ("size", "medium", "eligible"),
        ("size", "large", "ineligible"),
        ("hired_on", "2020-01-01", "eligible"),
        ("hired_on", "2020-12-31", "eligible"),
        ("hired_on", "2019-12-31", "ineligible"),
        ("hired_on", "2021-01-01", "ineligible"),
        ("counted_in_epidemic_hiring", False, "eligible"),
        ("counted_in_epidemic_hiring", True, "ineligible"),
        ("size", None, "undetermined"),
        ("contract_months", None, "undetermined"),
        ("hired_on", None, "undetermined"),
    ],
)
def test_each_condition_of_the_hiring_subsidy_decides_by_itself(
    fact: str, value: object, verdict: str
) -> None:
    got = decided("hiring_subsidy", **{**UNEMPLOYED, fact: value})
    assert got.verdict == verdict
    assert got.amount == (None if verdict == "ineligible" else "1000.00")
    # behind the size stand the facts that it could be derived from
    assert got.missing[:1] == ((fact,) if value is None else ())


@pytest.mark.parametrize(
    ("hired_on", "left_school_on", "verdict"),
    [
        ("2020-06-30", "2019-06-30", "eligible"),
        ("2020-07-01", "2019-06-30", "ineligible"),
        # 29 February and a year is 28 February
        ("2021-02-28", "2020-02-29", "eligible"),
        ("2021-03-01", "2020-02-29", "ineligible"),
        # the calendar year of the certificate counts, also before it is handed out
        ("2020-05-01", "2020-07-01", "eligible"),
        ("2020-12-20", "2021-01-15", "ineligible"),
    ],
)
def test_a_graduate_counts_in_the_year_of_graduation_and_up_to_a_year_after_leaving(
    hired_on: str, left_school_on: str, verdict: str
) -> None:
    on = f"{hired_on[:4]}-12-31"
    got = decided(
        "hiring_subsidy", on, **{**GRADUATE, "hired_on": hired_on, "left_school_on": left_school_on}
    )
    assert got.verdict == verdict


def test_a_year_of_graduation_that_is_given_wins_over_the_day_of_leaving() -> None:
    facts = {**GRADUATE, "hired_on": "2020-12-20", "left_school_on": "2021-01-15", "graduation_year": 2020}
    assert decided("hiring_subsidy", **facts).verdict == "eligible"


def test_a_graduate_who_worked_counts_only_as_long_unemployed() -> None:
    worked = {**GRADUATE, "graduation_year": 2020, "employed_before": True}
    assert decided("hiring_subsidy", **worked).verdict == "ineligible"
    both = {**worked, "months_registered_unemployed": 6}
    assert decided("hiring_subsidy", **both).amount == "1000.00"


def test_whether_a_graduate_worked_before_must_be_known() -> None:
    facts = {**GRADUATE, "graduation_year": 2020, "employed_before": None}
    got = decided("hiring_subsidy", **facts)
    assert (got.verdict, got.missing) == ("undetermined", ("employed_before",))


# ── a01.07

PAID: dict[str, Any] = {
    **UNEMPLOYED,
    "employer_contributions_paid_per_month": "333.33",
    "months_paid": 4,
    "months_granted": 0,
}


@pytest.mark.parametrize(
    ("paid", "granted", "amount"),
    [(4, 0, "1333.32"), (12, 0, "3999.96"), (14, 0, "3999.96"), (4, 9, "999.99"), (0, 5, "0.00")],
)
def test_the_insurance_subsidy_never_covers_more_than_twelve_months_in_all(
    paid: int, granted: int, amount: str
) -> None:
    got = decided("hiring_insurance_subsidy", **{**PAID, "months_paid": paid, "months_granted": granted})
    assert (got.verdict, got.amount) == ("eligible", amount)


def test_after_twelve_months_nothing_more_is_granted() -> None:
    assert decided("hiring_insurance_subsidy", **{**PAID, "months_granted": 12}).verdict == "ineligible"


def test_the_year_of_hiring_binds_the_first_claim_only() -> None:
    later = {**PAID, "months_granted": 1}
    assert decided("hiring_insurance_subsidy", "2021-05-01", **PAID).verdict == "ineligible"
    assert decided("hiring_insurance_subsidy", "2021-05-01", **later).amount == "1333.32"


def test_a_hire_paid_for_in_the_epidemic_scheme_still_gets_the_insurance_subsidy() -> None:
    got = decided("hiring_insurance_subsidy", **PAID, counted_in_epidemic_hiring=True)
    assert got.amount == "1333.32"


def test_months_granted_before_must_be_known_and_months_paid_bound_the_sum() -> None:
    got = decided("hiring_insurance_subsidy", **{**PAID, "months_granted": None})
    assert (got.verdict, got.missing) == ("undetermined", ("months_granted",))
    got = decided("hiring_insurance_subsidy", **{**PAID, "months_paid": None, "months_granted": 9})
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("months_paid",))
    assert got.between == ("0.00", "999.99")


# ── a01.08 and a01.09

KINDS = ("epidemic_supply_transport", "public_transport", "living_services", "necessities_delivery")


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_four_kinds_is_free_of_vat_in_the_epidemic_only(kind: str) -> None:
    facts = {"revenue_kind": kind, "vat_otherwise_due": "0.01"}
    assert decided("epidemic_vat_exemption", earned_during_epidemic=True, **facts).amount == "0.01"
    assert decided("epidemic_vat_exemption", earned_during_epidemic=False, **facts).verdict == "ineligible"


def test_an_exemption_without_the_tax_is_eligible_and_the_sum_unknown() -> None:
    got = decided("epidemic_vat_exemption", revenue_kind="public_transport", earned_during_epidemic=True)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("vat_otherwise_due",))


SMALL: dict[str, Any] = {
    "small_scale_taxpayer": True,
    "levy_rate": "0.03",
    "tax_obligation_date": "2020-11-30",
    "sales_without_tax": "200000",
    "revenue_kind": "other",
    "earned_during_epidemic": False,
}


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2020-02-29", "ineligible"),
        ("2020-03-01", "eligible"),
        ("2020-12-31", "eligible"),
        ("2021-01-01", "ineligible"),
    ],
)
def test_the_lower_levy_rate_hangs_on_the_day_of_the_tax_not_of_the_decision(day: str, verdict: str) -> None:
    got = decided("small_taxpayer_vat_cut", "2021-01-20", **{**SMALL, "tax_obligation_date": day})
    assert (got.verdict, got.amount) == (verdict, "4000.00" if verdict == "eligible" else None)


@pytest.mark.parametrize(("sales", "saved"), [("0.24", "0.00"), ("0.25", "0.01"), ("12345.67", "246.91")])
def test_two_points_of_the_sales_are_saved_half_up(sales: str, saved: str) -> None:
    assert decided("small_taxpayer_vat_cut", **{**SMALL, "sales_without_tax": sales}).amount == saved


def test_another_levy_rate_is_not_cut() -> None:
    assert decided("small_taxpayer_vat_cut", **{**SMALL, "levy_rate": "0.05"}).verdict == "ineligible"


def test_exempt_revenue_has_nothing_left_to_cut() -> None:
    for kind in KINDS:
        exempt = {**SMALL, "revenue_kind": kind, "earned_during_epidemic": True}
        assert decided("small_taxpayer_vat_cut", **exempt).verdict == "ineligible"


def test_one_failing_part_of_the_exemption_is_enough_to_know_that_there_is_none() -> None:
    assert decided("small_taxpayer_vat_cut", **{**SMALL, "revenue_kind": None}).verdict == "eligible"
    assert (
        decided("small_taxpayer_vat_cut", **{**SMALL, "earned_during_epidemic": None}).verdict == "eligible"
    )
    neither = {**SMALL, "revenue_kind": None, "earned_during_epidemic": None}
    got = decided("small_taxpayer_vat_cut", **neither)
    assert (got.verdict, set(got.missing)) == ("undetermined", {"revenue_kind", "earned_during_epidemic"})


def test_a_reform_that_moves_the_last_day_finds_the_rate_of_2021() -> None:
    longer = {"small_taxpayer_vat_cut_end": "2021-06-30"}
    got = decided("small_taxpayer_vat_cut", values=longer, **{**SMALL, "tax_obligation_date": "2021-06-30"})
    assert got.amount == "4000.00"


# ── a01.10

TAXES: dict[str, Any] = {
    "deductible_hires": 1,
    "vat_due": "5000",
    "urban_construction_tax_due": "350",
    "education_surcharge_due": "150",
    "local_education_surcharge_due": "100",
    "income_tax_due": "900",
}


def test_taxes_below_the_limit_are_deducted_wholly_and_the_rest_is_lost() -> None:
    got = decided("hire_tax_deduction", **TAXES)
    assert got.amount == "6500.00"
    assert list(got.parts.values()) == ["5000.00", "350.00", "150.00", "100.00", "900.00"]


def test_a_limit_used_up_by_the_first_tax_leaves_unknown_later_taxes_at_zero() -> None:
    got = decided("hire_tax_deduction", deductible_hires=1, vat_due="7800")
    assert (got.verdict, got.amount) == ("eligible", "7800.00")
    assert list(got.parts.values()) == ["7800.00", "0.00", "0.00", "0.00", "0.00"]


def test_an_earlier_tax_that_is_unknown_leaves_the_sum_unknown_between_bounds() -> None:
    got = decided("hire_tax_deduction", **{**TAXES, "vat_due": None, "income_tax_due": "9000"})
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("vat_due",))
    assert got.between == ("7800.00", "7800.00")


def test_a_later_tax_that_is_unknown_matters_while_the_limit_lasts() -> None:
    got = decided("hire_tax_deduction", **{**TAXES, "income_tax_due": None})
    assert (got.amount, got.missing) == (None, ("income_tax_due",))
    assert got.parts["vat"] == "5000.00"
    assert got.parts["income_tax"] is None
    assert got.between == ("5600.00", "7800.00")


@pytest.mark.parametrize(("months", "amount"), [(0, "0.00"), (1, "650.00"), (7, "4550.00"), (12, "6500.00")])
def test_months_worked_in_the_year_make_the_limit(months: int, amount: str) -> None:
    assert decided("hire_tax_deduction", **TAXES, deductible_hire_months=months).amount == amount


def test_a_limit_with_a_part_of_a_fen_is_rounded_once_and_its_parts_add_up() -> None:
    # 5000 / 12 × 7 = 2916.666…
    got = decided(
        "hire_tax_deduction",
        values={"hire_tax_deduction_amount": 5000},
        **{**TAXES, "vat_due": "2916.66"},
        deductible_hire_months=7,
    )
    assert got.amount == "2916.67"
    assert list(got.parts.values()) == ["2916.66", "0.01", "0.00", "0.00", "0.00"]


def test_without_a_qualifying_hire_there_is_no_deduction_whatever_the_months() -> None:
    facts = {**TAXES, "deductible_hires": 0}
    assert decided("hire_tax_deduction", **facts, deductible_hire_months=12).verdict == "ineligible"


PERSON: dict[str, Any] = {
    "registered_poor": False,
    "months_registered_unemployed": 6,
    "certificate_note": "hiring_tax_policy",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_since_hired": 0,
}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "eligible"),
        ({"months_registered_unemployed": 5}, "ineligible"),
        ({"certificate_note": "graduation_year_self_employment_tax_policy"}, "ineligible"),
        ({"certificate_note": "none"}, "ineligible"),
        ({"contract_months": 11}, "ineligible"),
        ({"social_insurance_paid": False}, "ineligible"),
        ({"months_since_hired": 35}, "eligible"),
        ({"months_since_hired": 36}, "ineligible"),
        ({"registered_poor": True, "certificate_note": "none"}, "eligible"),
        ({"registered_poor": None}, "eligible"),
        ({"registered_poor": None, "certificate_note": "none"}, "undetermined"),
    ],
)
def test_who_counts_for_the_tax_deduction(change: dict[str, Any], verdict: str) -> None:
    got = decided("hire_tax_deduction_person", **{**PERSON, **change})
    assert (got.verdict, got.amount) == (verdict, None)


# ── a01.11


def test_the_rent_relief_is_unknown_until_the_city_sets_its_share() -> None:
    tenant = {"leases_business_property": True, "landlord_state_owned": True, "rent_due": "0.01"}
    got = decided("state_property_rent_relief", **tenant)
    assert (got.verdict, got.amount, got.missing_values) == ("eligible", None, ("rent_relief_share",))
    half = decided("state_property_rent_relief", values={"rent_relief_share": "0.5"}, **tenant)
    assert half.amount == "0.01"


def test_a_private_landlord_settles_it_though_the_lease_is_unknown() -> None:
    assert decided("state_property_rent_relief", landlord_state_owned=False).verdict == "ineligible"


# ── What goes together


def test_what_a_hire_gets_once_is_declared() -> None:
    measures = policy().measures
    assert measures["hiring_subsidy"].once_per == ("person", "employer")
    assert measures["epidemic_hiring_subsidy"].once_per == ("enterprise", "hire")
    assert measures["hiring_insurance_subsidy"].groups == ("insurance_month",)
