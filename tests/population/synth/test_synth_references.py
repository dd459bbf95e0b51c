"""Everything that a row refers to is there, and what was granted is no more than a measure gives."""

from __future__ import annotations

import polars as pl
import pytest
from conftest import Tables

from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.cells import read_cell

REFERENCES = [
    (table, name, link.target.id)
    for table, record in RECORDS.items()
    for name, link in record.relations.items()
]
GRANTED_FOR = {
    "hiring_subsidy": "employment",
    "hiring_insurance_subsidy": "employment",
    "epidemic_hiring_subsidy": "employment",
    "internship_subsidy": "internship",
    "park_tenant_cost_subsidy": "lease",
    "stability_refund_sme": "enterprise",
}
MOST_MONTHS = {
    "hiring_insurance_subsidy": 12,
    "graduate_flexible_insurance_subsidy": 36,
    "park_tenant_cost_subsidy": 36,
    "internship_subsidy": 12,
    "temporary_living_allowance": 6,
    "unemployment_assistance": 6,
}


@pytest.mark.parametrize(("table", "name", "target"), REFERENCES)
def test_references_lead_somewhere(table: str, name: str, target: str, tables: Tables):
    used = tables(table)[name].drop_nulls()
    assert used.len()
    assert used.is_in(tables(target)["id"].implode()).all()


def test_grants_are_for_measures_and_subjects_that_there_are(tables: Tables):
    grants = tables("grant")
    assert set(grants["measure"]) <= set(policy().measures)
    for (measure,), group in grants.group_by("measure"):
        known = tables(GRANTED_FOR.get(str(measure), "person"))["id"]
        assert group["subject_id"].is_in(known.implode()).all(), measure


def test_findings_are_about_facts_and_subjects_that_there_are(tables: Tables):
    findings = tables("finding")
    for (subject, fact), group in findings.group_by("subject", "fact"):
        assert str(fact) in policy().subjects[str(subject)].facts
        assert group["subject_id"].is_in(tables(str(subject))["id"].implode()).all()


def test_values_of_findings_are_cells_that_their_facts_can_hold(tables: Tables):
    for subject, fact, value in tables("finding").select("subject", "fact", "value").unique().iter_rows():
        read_cell(policy().subjects[subject].facts[fact], value)


def test_nothing_was_granted_for_more_months_than_a_measure_gives(tables: Tables):
    for (measure,), group in tables("grant").group_by("measure"):
        most = MOST_MONTHS.get(str(measure))
        if most is None:
            assert group["months"].null_count() == group.height
        else:
            assert group["months"].is_between(1, most).all()
            over = group["first_month"].dt.offset_by("1mo")
            assert (over <= group["granted_on"].dt.offset_by("1mo")).all()


def test_an_insurance_subsidy_is_no_more_than_what_the_employer_paid(tables: Tables):
    grants = tables("grant").filter(pl.col("measure") == "hiring_insurance_subsidy")
    paid = pl.sum_horizontal("employer_pension_paid", "employer_unemployment_paid", "employer_medical_paid")
    sums = (
        grants.unique("subject_id")
        .join(
            tables("contribution").rename({"month": "at"}),
            left_on=["person", "enterprise"],
            right_on=["person", "employer"],
        )
        .filter(
            pl.col("at") >= pl.col("first_month"),
            pl.col("at") < pl.col("first_month").dt.offset_by(pl.concat_str("months", pl.lit("mo"))),
        )
        .group_by("subject_id")
        .agg(paid.sum().alias("paid"), pl.len().alias("paid_months"))
    )
    both = grants.join(sums, on="subject_id", how="left")
    assert both.height > 5
    assert both.filter(pl.col("amount") > pl.col("paid")).is_empty()
    assert both.filter(pl.col("months") != pl.col("paid_months")).is_empty()
    assert both["paid"].null_count() == 0


def test_a_refund_is_no_more_than_the_premiums_of_the_year_before(tables: Tables):
    paid = (
        tables("premium")
        .filter(pl.col("insurance_kind") == "unemployment", pl.col("month").dt.year() == 2019)
        .group_by("enterprise")
        .agg(pl.col("paid").sum())
    )
    refunds = tables("grant").filter(pl.col("measure") == "stability_refund_sme")
    assert refunds.height
    assert refunds.join(paid, on="enterprise").select((pl.col("amount") == pl.col("paid")).all()).item()


def test_a_year_of_park_costs_stays_below_the_cap(tables: Tables):
    grants = tables("grant").filter(pl.col("measure") == "park_tenant_cost_subsidy")
    assert (grants["amount"] <= grants["months"] * 2_000_000 // 12).all()
    rents = grants.join(tables("lease"), left_on="subject_id", right_on="id")
    assert (rents["amount"] <= rents["rent_per_month"] * rents["months"] // 2).all()


def test_reports_say_a_size_that_revenue_and_assets_allow(tables: Tables):
    values = policy().values
    reports = tables("annual_report").join(
        tables("enterprise").select("id", "industry"), left_on="enterprise", right_on="id"
    )
    day = reports["year"].min()
    assert day == 2018
    tiers = {"small": "small", "medium": "medium", "large": "large"}
    for size, industry, revenue, assets in reports.select(
        "size", "industry", "revenue", "assets"
    ).iter_rows():
        for measure, amount in (("revenue", revenue), ("assets", assets)):
            if size in tiers:
                entry = values[f"size_{measure}_{size}"].entries[0]
                assert amount >= entry.figures.get(industry, 0)
