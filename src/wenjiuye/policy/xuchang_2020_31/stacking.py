"""Measures that may not be had together, and which one goes first. Sources: the clauses named."""

from __future__ import annotations

from wenjiuye.rules import Group

GROUPS = (
    Group(
        "stability_refund",
        "best",
        (
            "stability_refund",
            "stability_refund_sme",
            "stability_refund_epidemic_benefit",
            "stability_refund_epidemic_contributions",
        ),
        zh="稳岗返还每户每年只按一个标准，取对企业最有利的",
        en="one standard of the refund per firm and year, the best for the firm",
        source="a02.01, a02.03, a02.04, a02.05; 人社部发〔2019〕23号",
        span="year",
    ),
    Group(
        "housing_fund",
        "order",
        ("housing_fund_deferral", "housing_fund_ratio_cut"),
        zh="同一期间住房公积金缓缴与降低缴存比例只能选一项",
        en="for one period either the housing fund is deferred or its ratio is cut",
        source="a02.11, a02.12",
        span="period",
    ),
    Group(
        "insurance_month",
        "order",
        ("hiring_insurance_subsidy", "graduate_flexible_insurance_subsidy"),
        zh="同一人同一月的社会保险费只补贴一次",
        en="the insurance of one person in one month is subsidised once",
        source="a01.07, a12.02",
        span="month",
    ),
    Group(
        "venue_costs",
        "order",
        ("park_tenant_cost_subsidy", "rural_platform_subsidy", "venue_cost_subsidy"),
        zh="同一笔场地、网络费用只补贴一次",
        en="one cost of a venue or network is subsidised once",
        source="a08.07, a11.01, a11.02",
        span="period",
    ),
    Group(
        "unemployed_month",
        "order",
        ("benefit_until_retirement", "unemployment_assistance"),
        zh="同一月不能既领失业保险金又领失业补助金，失业保险金优先",
        en="unemployment benefit and assistance never for one month; the benefit goes first",
        source="a21.01, a21.02",
        span="month",
    ),
)
