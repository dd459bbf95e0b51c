"""Article 11: running costs of returnee firms and the yearly tax deduction of sole traders."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import ParkTenant, RuralPlatform, SoleTrader
from wenjiuye.policy.xuchang_2020_31.funds import COUNTY_BUDGET, TAX_FORGONE
from wenjiuye.rules import (
    Grant,
    Number,
    Values,
    all_of,
    any_of,
    benefit,
    choose,
    relief,
    smallest,
    total,
    waterfall,
)


def share_within_cap(costs: Number, share: Number, paid: Number, cap: Number) -> Number:
    """A share of the costs, as far as the year's cap is not used up.

    The branch for the used-up cap reads no costs: nothing more is paid then, whatever they are.
    """
    return choose((paid >= cap, 0), otherwise=smallest(costs * share, cap - paid))


@benefit(
    clause="a11.01",
    zh="园区返乡企业费用补贴",
    en="cost subsidy for returnee firms in parks",
    fund=COUNTY_BUDGET,
    pays_for="venue_costs",
)
def park_tenant_cost_subsidy(tenant: ParkTenant, v: Values) -> Grant:
    """Half of a month's premises costs of a returnee firm in a listed park, capped by the year, for 3 years.

    Reading: one cap over all kinds of cost together; the subsidy year is the 12 months from the first
    subsidised month. Other readings: the calendar year, or a cap for each kind; the text has one figure "a
    year" after the whole list. The years count as subsidised months. A used-up cap leaves the firm eligible
    with 0.
    """
    costs = total(tenant.property_fee, tenant.sanitation_fee, tenant.rent, tenant.utilities, tenant.venue_fee)
    in_listed_park = tenant.park_kind.is_in(
        "industrial_cluster",
        "characteristic_business_zone",
        "central_business_zone",
        "specialised_park",
        "incubation_base",
        "startup_park",
    )
    return Grant(
        when=all_of(
            tenant.returnee_enterprise, in_listed_park, tenant.months_granted < v.park_subsidy_months
        ),
        amount=share_within_cap(costs, v.park_cost_share, tenant.paid_this_year, v.park_subsidy_cap),
    )


@benefit(
    clause="a11.02",
    zh="返乡农村电商平台补贴",
    en="subsidy for rural e-commerce platforms",
    fund=COUNTY_BUDGET,
    pays_for="venue_costs",
)
def rural_platform_subsidy(platform: RuralPlatform, v: Values) -> Grant:
    """Half of rent and network fee of a rural e-commerce platform that a returnee set up, likewise capped.

    Reading: month by month and with a cap of its own, as in the sentence before; this sentence names
    neither. The word for returnees differs by one character from the rest of the article; taken as a slip.
    """
    return Grant(
        when=all_of(
            platform.returnee_founder,
            platform.rural_ecommerce_platform,
            platform.months_granted < v.rural_platform_months,
        ),
        amount=share_within_cap(
            platform.venue_rent + platform.network_fee,
            v.rural_platform_cost_share,
            platform.paid_this_year,
            v.rural_platform_cap,
        ),
    )


@relief(clause="a11.03", zh="个体经营限额扣减税费", en="tax deduction for sole traders", fund=TAX_FORGONE)
def sole_trader_tax_deduction(trader: SoleTrader, v: Values) -> Grant:
    """For 3 years registered poor people, or those whose certificate says so, deduct a limit from taxes.

    The limit is used up in the order of the text, ending with personal income tax; what is left of it
    lapses. Reading: months not in business reduce the limit (财税〔2019〕22号), and it never exceeds that
    of a whole year; the 3 years are 36 months from registration; one limit per business, also for someone
    on both lists.
    """
    entitled = any_of(
        trader.owner.registered_poor,
        trader.owner.certificate_note.is_in(
            "self_employment_tax_policy", "graduation_year_self_employment_tax_policy"
        ),
    )
    months = trader.months_in_year.or_else(12).at_most(12)
    deduction, parts = waterfall(
        v.sole_trader_deduction_limit / 12 * months,
        ("vat", trader.vat_due),
        ("urban_construction_tax", trader.urban_construction_tax_due),
        ("education_surcharge", trader.education_surcharge_due),
        ("local_education_surcharge", trader.local_education_surcharge_due),
        ("personal_income_tax", trader.personal_income_tax_due),
    )
    return Grant(
        when=all_of(entitled, trader.months_since_registered < v.sole_trader_deduction_months),
        amount=deduction,
        parts=parts,
    )
