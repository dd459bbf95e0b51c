"""Tables about employers: reports, premiums, taxes, sales, leases, bills and listings."""

from __future__ import annotations

from wenjiuye.policy.registry.people import EnterpriseRecord
from wenjiuye.policy.registry.record import Record, choice, day, money, month, number, same
from wenjiuye.policy.vocabulary import ClaimPeriod, Enterprise, ParkTenant, TaxpayerRevenue
from wenjiuye.rules import One


class AnnualReport(
    Record,
    id="annual_report",
    zh="企业年报",
    en="annual report",
    required=("enterprise", "year"),
    means="What one employer reported for one calendar year.",
):
    """One employer's year."""

    enterprise = One(EnterpriseRecord, "用人单位", "employer")
    year = number("年度", "year", unit="year")
    size = same(Enterprise.size)
    assets = same(Enterprise.assets)
    revenue = same(Enterprise.revenue)
    taxable_income = same(Enterprise.taxable_income)
    disability_fund_payer = same(Enterprise.disability_fund_payer)
    disabled_staff_share = same(Enterprise.disabled_staff_share)
    disability_fund_due = same(Enterprise.disability_fund_due)


class Premium(
    Record,
    id="premium",
    zh="单位社保费",
    en="premium of an employer",
    required=("enterprise", "insurance_kind", "month"),
    means="One employer's declaration for one kind of insurance and one month.",
):
    """One employer's month of one insurance."""

    enterprise = One(EnterpriseRecord, "缴费单位", "paying employer")
    insurance_kind = same(ClaimPeriod.insurance_kind)
    month = month("费款所属月", "month of contribution", "The month that it is for.")
    contribution_base = same(ClaimPeriod.contribution_base)
    injury_rate_class = same(ClaimPeriod.injury_rate_class)
    employer_part_due = money("单位应缴", "employer's part due", "Before reliefs.")
    own_part_due = money("职工应缴", "staff's part due", "Before reliefs.")
    waived = money("减免", "waived", "What was not collected under a relief.")
    paid = money("已缴", "paid", "Both parts together, really paid.")
    late_fee_due = same(ClaimPeriod.late_fee_due)


class Tax(
    Record,
    id="tax",
    zh="税费申报",
    en="tax return",
    required=("enterprise", "kind", "month"),
    means="One employer's tax of one kind for one month, or for the quarter or year that ends with it.",
):
    """One tax of one employer for one period."""

    enterprise = One(EnterpriseRecord, "纳税人", "taxpayer")
    kind = choice(
        "税费种",
        "kind of tax",
        {
            "vat": ("增值税", "VAT"),
            "urban_construction_tax": ("城市维护建设税", "urban construction tax"),
            "education_surcharge": ("教育费附加", "education surcharge"),
            "local_education_surcharge": ("地方教育附加", "local education surcharge"),
            "income_tax": ("企业所得税", "corporate income tax"),
            "personal_income_tax": ("个人所得税（经营所得）", "personal income tax on business"),
        },
    )
    month = month("税款所属期", "tax period", "The last month of the period.")
    due = money("应缴", "due", "Before the deductions of this policy.")
    paid = money("已缴", "paid")


class Sales(
    Record,
    id="sales",
    zh="收入明细",
    en="revenue of one kind",
    keyed=True,
    required=("taxpayer", "tax_obligation_date"),
    means="One employer's revenue of one kind in one tax period.",
):
    """One kind of revenue in one period."""

    taxpayer = One(EnterpriseRecord, "纳税人", "taxpayer")
    revenue_kind = same(TaxpayerRevenue.revenue_kind)
    earned_during_epidemic = same(TaxpayerRevenue.earned_during_epidemic)
    vat_otherwise_due = same(TaxpayerRevenue.vat_otherwise_due)
    small_scale_taxpayer = same(TaxpayerRevenue.small_scale_taxpayer)
    levy_rate = same(TaxpayerRevenue.levy_rate)
    tax_obligation_date = same(TaxpayerRevenue.tax_obligation_date)
    sales_without_tax = same(TaxpayerRevenue.sales_without_tax)


class Lease(
    Record,
    id="lease",
    zh="经营用房租赁",
    en="lease",
    keyed=True,
    required=("tenant", "started_on"),
    means="One lease of business property from its first to its last day.",
):
    """One lease of one employer."""

    tenant = One(EnterpriseRecord, "承租单位", "tenant")
    started_on = day("开始日期", "started on")
    ended_on = day("结束日期", "ended on", "Last day. Empty: it goes on.")
    rent_per_month = money("月租金", "rent a month")
    landlord_state_owned = same(Enterprise.landlord_state_owned)
    in_cluster_standard_workshop = same(Enterprise.in_cluster_standard_workshop)
    park_kind = same(ParkTenant.park_kind)


class Bill(
    Record,
    id="bill",
    zh="场地费用账单",
    en="bill",
    required=("lease", "kind", "month", "amount"),
    means="One bill for one leased property and one month.",
):
    """One bill of one month."""

    lease = One(Lease, "租赁", "lease")
    kind = choice(
        "费用种类",
        "kind of cost",
        {
            "property_fee": ("物业费", "property fee"),
            "sanitation_fee": ("卫生费", "sanitation fee"),
            "utilities": ("水电费", "water and electricity"),
            "venue_fee": ("场地费", "venue fee"),
        },
    )
    month = month("所属月", "month")
    amount = money("金额", "amount", "Really incurred.")


FIRM_CATEGORIES = {
    "zombie": ("僵尸企业", "zombie firm"),
    "serious_dishonesty": ("严重失信", "serious dishonesty"),
    "poverty_leading_firm": ("扶贫龙头企业", "leading firm of poverty relief"),
    "poverty_workshop": ("扶贫车间", "poverty workshop"),
    "cooperative": ("合作社", "cooperative"),
    "community_factory": ("社区工厂", "community factory"),
}


class FirmListing(
    Record,
    id="firm_listing",
    zh="单位类别认定",
    en="listing of an employer",
    required=("enterprise", "category", "valid_from"),
    means="One employer in one category, from a day to a day.",
):
    """A category with its validity."""

    enterprise = One(EnterpriseRecord, "用人单位", "employer")
    category = choice("类别", "category", FIRM_CATEGORIES)
    valid_from = day("生效日期", "valid from")
    valid_to = day("失效日期", "valid to", "Last day. Empty: it goes on.")
