"""Article 4: investment that creates jobs."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Enterprise, OfficeReport
from wenjiuye.policy.xuchang_2020_31.funds import FEE_FORGONE
from wenjiuye.rules import Grant, Values, all_of, relief, right


@right(
    clause="a04.04", zh="基础设施项目资本金比例下浮", en="lower capital ratio of an infrastructure project"
)
def capital_ratio_reduction(report: OfficeReport, v: Values) -> Grant:
    """A project that closes a gap in the infrastructure may do with a somewhat lower share of own
    capital.

    Reading: percentage points, not per cent of the ratio; all three tests bind. The list of fields is
    open in the text: a city that lets another in adds it to the members, and whatever is "other" is
    out.
    """
    return Grant(
        when=all_of(
            report.project_field.is_in("road", "railway", "urban", "logistics", "environment", "social"),
            report.weak_link_project,
            report.reasonable_return,
            report.strong_repayment,
            report.ratio_reduction_points <= v.capital_ratio_points_most,
        )
    )


@relief(
    clause="a04.05",
    zh="集聚区标准化厂房租金优惠",
    en="rent preference in a standard workshop",
    fund=FEE_FORGONE,
)
def standard_workshop_rent_preference(firm: Enterprise, v: Values) -> Grant:
    """Tenants of standard workshops in industrial clusters pay less rent.

    Reading: the preference is the tenant's. Other reading: support for whoever builds such workshops;
    the rent is named, and rent is what a tenant pays. The share is local.
    """
    return Grant(when=firm.in_cluster_standard_workshop, amount=firm.rent_due * v.workshop_rent_share)
