"""Article 11: running costs of returnee firms, and the sole trader's deduction."""

from __future__ import annotations

from decimal import Decimal

import pytest
from deciding import answer, each_condition_counts, verdict, without, yuan

TENANT = {
    "returnee_enterprise": True,
    "park_kind": "startup_park",
    "property_fee": 120.10,
    "sanitation_fee": 30,
    "rent": 1500,
    "utilities": 260.45,
    "venue_fee": 0,
    "months_granted": 0,
    "paid_this_year": 0,
}
PLATFORM = {
    "returnee_founder": True,
    "rural_ecommerce_platform": True,
    "venue_rent": 1000.01,
    "network_fee": 200,
    "months_granted": 35,
    "paid_this_year": 0,
}
TRADER = {
    "registered_poor": True,
    "certificate_note": "none",
    "months_since_registered": 35,
    "vat_due": 4000,
    "urban_construction_tax_due": 280,
    "education_surcharge_due": 120,
    "local_education_surcharge_due": 80,
    "personal_income_tax_due": 20000,
}
KINDS_OF_COST = ("property_fee", "sanitation_fee", "rent", "utilities", "venue_fee")


def test_half_of_the_costs_is_rounded_half_up_to_the_fen():
    # 120.10 + 30 + 1500 + 260.45 = 1910.55; half of it is 955.275.
    assert yuan("park_tenant_cost_subsidy", TENANT) == "955.28"
    # 1200.01 / 2 = 600.005
    assert yuan("rural_platform_subsidy", PLATFORM) == "600.01"


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ("19044.72", "955.28"),
        ("19044.73", "955.27"),
        ("19999.99", "0.01"),
        ("20000", "0.00"),
        ("20000.01", "0.00"),
        ("1000000", "0.00"),
    ],
)
def test_the_cap_leaves_what_is_left_of_it_and_never_less_than_nothing(paid: str, expected: str):
    assert yuan("park_tenant_cost_subsidy", {**TENANT, "paid_this_year": paid}) == expected


def test_costs_of_a_large_firm_are_cut_at_the_whole_cap():
    assert yuan("park_tenant_cost_subsidy", {**TENANT, "rent": "999999.99"}) == "20000.00"
    assert yuan("rural_platform_subsidy", {**PLATFORM, "venue_rent": 500000}) == "20000.00"
    assert yuan("rural_platform_subsidy", {**PLATFORM, "venue_rent": 39800}) == "20000.00"
    assert yuan("rural_platform_subsidy", {**PLATFORM, "venue_rent": 39799.99}) == "20000.00"
    assert yuan("rural_platform_subsidy", {**PLATFORM, "venue_rent": 39799.98}) == "19999.99"


def test_a_used_up_cap_gives_nothing_even_where_costs_are_unknown():
    tenant = {**without(TENANT, *KINDS_OF_COST), "paid_this_year": 20000}
    platform = {**without(PLATFORM, "venue_rent", "network_fee"), "paid_this_year": 25000}
    for measure, facts in (("park_tenant_cost_subsidy", tenant), ("rural_platform_subsidy", platform)):
        found = answer(measure, facts)
        assert (found.verdict, found.yuan, found.missing) == ("eligible", "0.00", [])


@pytest.mark.parametrize("unknown", KINDS_OF_COST)
def test_each_unknown_cost_leaves_the_sum_unknown_between_its_bounds(unknown: str):
    found = answer("park_tenant_cost_subsidy", {**without(TENANT, unknown), "paid_this_year": 19500})
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", [unknown])
    assert found.high == "500.00"


def test_an_unknown_rest_of_the_cap_leaves_the_sum_unknown_between_nothing_and_half():
    found = answer("park_tenant_cost_subsidy", without(TENANT, "paid_this_year"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["paid_this_year"])
    assert (found.low, found.high) == ("0.00", "955.28")


def test_every_condition_of_the_cost_subsidies_counts():
    each_condition_counts(
        "park_tenant_cost_subsidy",
        TENANT,
        {"returnee_enterprise": False, "park_kind": "other", "months_granted": 36},
    )
    each_condition_counts(
        "rural_platform_subsidy",
        PLATFORM,
        {"returnee_founder": False, "rural_ecommerce_platform": False, "months_granted": 36},
    )


@pytest.mark.parametrize(
    "kind",
    [
        "industrial_cluster",
        "characteristic_business_zone",
        "central_business_zone",
        "specialised_park",
        "incubation_base",
        "startup_park",
    ],
)
def test_every_listed_kind_of_park_counts(kind: str):
    assert verdict("park_tenant_cost_subsidy", {**TENANT, "park_kind": kind}) == "eligible"


def test_the_thirty_sixth_month_is_the_last():
    assert verdict("park_tenant_cost_subsidy", {**TENANT, "months_granted": 35}) == "eligible"
    assert verdict("rural_platform_subsidy", {**PLATFORM, "months_granted": 36}) == "ineligible"


def test_the_deduction_is_used_up_in_the_order_of_the_text():
    found = answer("sole_trader_tax_deduction", TRADER)
    assert found.yuan == "14400.00"
    assert found.parts == {
        "vat": "4000.00",
        "urban_construction_tax": "280.00",
        "education_surcharge": "120.00",
        "local_education_surcharge": "80.00",
        "personal_income_tax": "9920.00",
    }


@pytest.mark.parametrize(
    ("months", "expected"),
    [(0, "0.00"), (1, "1200.00"), (7, "8400.00"), (12, "14400.00"), (None, "14400.00")],
)
def test_the_limit_follows_the_months_in_business(months: int | None, expected: str):
    facts = TRADER if months is None else {**TRADER, "months_in_year": months}
    found = answer("sole_trader_tax_deduction", facts)
    assert found.yuan == expected
    assert sum(Decimal(part) for part in found.parts.values()) == Decimal(expected)


def test_the_limit_can_run_out_in_any_tax():
    # One month: 1200. VAT takes 1050, the urban construction tax 150 of its 180, and nothing is left.
    facts = {**TRADER, "months_in_year": 1, "vat_due": 1050, "urban_construction_tax_due": 180}
    assert answer("sole_trader_tax_deduction", facts).parts == {
        "vat": "1050.00",
        "urban_construction_tax": "150.00",
        "education_surcharge": "0.00",
        "local_education_surcharge": "0.00",
        "personal_income_tax": "0.00",
    }


def test_no_tax_due_means_no_deduction():
    facts = {name: 0 if name.endswith("_due") else value for name, value in TRADER.items()}
    found = answer("sole_trader_tax_deduction", facts)
    assert (found.verdict, found.yuan) == ("eligible", "0.00")
    assert set(found.parts.values()) == {"0.00"}


def test_a_later_unknown_tax_does_no_harm_once_the_limit_is_used_up():
    facts = {**TRADER, "vat_due": 14000, "urban_construction_tax_due": 400}
    unknown = ("education_surcharge_due", "local_education_surcharge_due", "personal_income_tax_due")
    found = answer("sole_trader_tax_deduction", without(facts, *unknown))
    assert (found.yuan, found.missing) == ("14400.00", [])
    assert found.parts["urban_construction_tax"] == "400.00"
    assert {found.parts[part] for part in list(found.parts)[2:]} == {"0.00"}


def test_an_earlier_unknown_tax_leaves_the_sum_unknown_though_its_bounds_meet():
    found = answer("sole_trader_tax_deduction", without(TRADER, "vat_due"))
    assert (found.verdict, found.yuan, found.missing) == ("eligible", "?", ["vat_due"])
    assert (found.low, found.high) == ("14400.00", "14400.00")


def test_a_last_unknown_tax_leaves_the_earlier_parts_known():
    found = answer("sole_trader_tax_deduction", without(TRADER, "personal_income_tax_due"))
    assert (found.yuan, found.low, found.high) == ("?", "4480.00", "14400.00")
    assert found.parts["vat"] == "4000.00"
    assert found.parts["personal_income_tax"] == "?"


@pytest.mark.parametrize(
    ("poor", "note", "expected"),
    [
        (True, "none", "eligible"),
        (False, "self_employment_tax_policy", "eligible"),
        (False, "graduation_year_self_employment_tax_policy", "eligible"),
        (False, "hiring_tax_policy", "ineligible"),
        (False, "none", "ineligible"),
        (True, None, "eligible"),
        (None, "self_employment_tax_policy", "eligible"),
        (None, "hiring_tax_policy", "undetermined"),
        (False, None, "undetermined"),
    ],
)
def test_poverty_or_one_of_two_notes_opens_the_deduction(poor: bool | None, note: str | None, expected: str):
    facts = {**TRADER, "registered_poor": poor, "certificate_note": note}
    assert verdict("sole_trader_tax_deduction", facts) == expected


def test_the_deduction_ends_with_the_thirty_sixth_month():
    assert verdict("sole_trader_tax_deduction", {**TRADER, "months_since_registered": 35}) == "eligible"
    assert verdict("sole_trader_tax_deduction", {**TRADER, "months_since_registered": 36}) == "ineligible"
