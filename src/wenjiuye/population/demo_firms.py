"""Firms of the made-up city, and what belongs to a firm: hires, months of contributions, revenue, parks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from stdnum.cn import uscc

from wenjiuye.population.demo_people import COUNTIES
from wenjiuye.population.dice import Dice, Row

_STAFF = {"micro": (1, 19), "small": (20, 299), "medium": (300, 999), "large": (1000, 6000)}
_SIZES = {"micro": 70, "small": 22, "medium": 6, "large": 2}
_INDUSTRIES: Mapping[str, float] = {
    "manufacturing": 28,
    "retail": 16,
    "wholesale": 12,
    "catering": 9,
    "construction": 8,
    "agriculture": 6,
    "leasing_business": 5,
    "transport": 4,
    "software": 3,
    "property_management": 2,
    "accommodation": 2,
    "education": 2,
    "health": 1,
    "other": 2,
}
_KEPT = frozenset({"id", "name", "credit_code", "county", "employer", "person", "enterprise", "taxpayer"})


def firms(dice: Dice, number: int) -> list[Row]:
    """Rows of the table of employers."""
    return [_firm(dice, i) for i in range(1, number + 1)]


def credit_code(number: int) -> str:
    """A code with a right check character that no firm has: no real middle part begins with DEM."""
    body = f"91411000DEM{number:05d}0"
    return body + str(uscc.calc_check_digit(body))


def _firm(dice: Dice, number: int) -> Row:
    size = dice.pick(_SIZES)
    staff = dice.skewed(*_STAFF[size])
    insured = max(1, staff - dice.skewed(0, staff))
    insured_before = max(1, insured + dice.between(-2, 3))
    poor = dice.chance(0.06)
    row: Row = {
        "id": f"E{number:05d}",
        "name": f"虚构企业{number:05d}",
        "credit_code": credit_code(number),
        "size": size,
        "industry": dice.pick(_INDUSTRIES),
        "staff": staff,
        "insured_staff": insured,
        "assets": dice.money(20_000 * staff, 400_000 * staff, 100_000),
        "revenue": dice.money(50_000 * staff, 900_000 * staff, 100_000),
        "county": dice.pick(COUNTIES),
        "zombie_or_dishonest": dice.chance(0.01),
        "taxable_income": dice.money(0, 40_000 * staff),
        "disability_fund_payer": dice.chance(0.8),
        "disabled_staff_share": dice.one_of(["0", "0", "0.005", "0.01", "0.012", "0.016", "0.02"]),
        "disability_fund_due": dice.money(0, 500 * staff),
        "tax_deferral_granted": dice.chance(0.05),
        "unemployment_insured": dice.chance(0.75),
        "layoffs_last_year": dice.skewed(0, max(1, insured // 6)),
        "insured_staff_at_year_start": insured_before,
        "unemployment_premiums_last_year": dice.money(200 * insured, 900 * insured),
        "social_insurance_due_per_month": dice.money(700 * insured, 1400 * insured),
        "absorber_kind": dice.pick(
            {"poverty_leading_firm": 1, "poverty_workshop": 4, "cooperative": 3, "other": 2}
        )
        if poor
        else "other",
        "poor_staff": dice.skewed(1, staff) if poor else 0,
        "trained_poor_staff": dice.skewed(0, staff) if poor else 0,
        "training_months": dice.between(1, 6) if poor else 0,
        "county_has_means": dice.chance(0.5),
        **_taxes(dice, staff),
        **_spring_2020(dice, staff),
        **_difficulty(dice),
        **_premises(dice),
    }
    return dice.blank(row, 0.07, _KEPT)


def _taxes(dice: Dice, staff: int) -> Row:
    hires = dice.skewed(0, 3) if dice.chance(0.25) else 0
    return {
        "deductible_hires": hires,
        "deductible_hire_months": hires * dice.between(3, 12) if hires else None,
        "vat_due": dice.money(0, 12_000 * staff),
        "urban_construction_tax_due": dice.money(0, 800 * staff),
        "education_surcharge_due": dice.money(0, 350 * staff),
        "local_education_surcharge_due": dice.money(0, 230 * staff),
        "income_tax_due": dice.money(0, 5_000 * staff),
    }


def _spring_2020(dice: Dice, staff: int) -> Row:
    worked = dice.chance(0.05)
    return {
        "worked_through_spring_festival_2020": worked,
        "made_epidemic_supplies": worked and dice.chance(0.3),
        "delivered_epidemic_supplies": worked and dice.chance(0.3),
        "new_hires": dice.skewed(0, max(1, staff // 4)),
    }


def _difficulty(dice: Dice) -> Row:
    hit = dice.chance(0.35)
    deferral = hit and dice.chance(0.3)
    return {
        "temporary_difficulty": hit and dice.chance(0.6),
        "recovery_promising": dice.chance(0.8),
        "epidemic_affected": hit,
        "severe_difficulty": hit and dice.chance(0.3),
        "operating_difficulty": hit and dice.chance(0.6),
        "refund_months": dice.between(1, 6) if hit and dice.chance(0.5) else None,
        "staff_trained_on_the_job": dice.skewed(0, 40),
        "applied_on": dice.day(dt.date(2020, 2, 1), dt.date(2020, 12, 31)) if deferral else None,
        "deferral_months": dice.between(1, 12) if deferral else None,
        "renewed_application": dice.chance(0.2) if deferral else False,
        "meets_rollover_conditions": dice.chance(0.4),
        "eligible_new_hires_this_year": dice.skewed(0, 30),
    }


def _premises(dice: Dice) -> Row:
    leases = dice.chance(0.55)
    return {
        "leases_business_property": leases,
        "landlord_state_owned": leases and dice.chance(0.25),
        "rent_due": dice.money(3_000, 600_000, 10_000) if leases else "0",
        "in_cluster_standard_workshop": leases and dice.chance(0.15),
    }


# ── What belongs to a firm


def hires(dice: Dice, firm_rows: Sequence[Row], people: Sequence[Row], number: int) -> list[Row]:
    """Contracts of people who were looking for work."""
    lookers = [
        p for p in people if p["#situation"] in ("unemployed", "graduate", "migrant", "hardship", "employed")
    ]
    rows = []
    for i in range(1, number + 1):
        started = dice.day(dt.date(2019, 1, 1), dt.date(2020, 12, 31))
        months = max(0, (2020 - started.year) * 12 + 12 - started.month)
        row: Row = {
            "id": f"H{i:06d}",
            "employer": firm_rows[dice.below(len(firm_rows))]["id"],
            "person": lookers[dice.below(len(lookers))]["id"],
            "hired_on": started,
            "contract_months": dice.pick({"12": 4, "24": 3, "36": 3, "6": 1, "1200": 1}),
            "social_insurance_paid": dice.chance(0.85),
            "employer_contributions_paid_per_month": dice.money(400, 1200),
            "months_paid": min(months, 12),
            "counted_in_epidemic_hiring": dice.chance(0.05),
            "months_granted": dice.skewed(0, 12),
        }
        rows.append(dice.blank(row, 0.06, _KEPT))
    return rows


def claim_periods(dice: Dice, firm_rows: Sequence[Row], number: int) -> list[Row]:
    """Months of contributions, one kind of insurance each."""
    rows = []
    for i in range(1, number + 1):
        base = dice.money(3_000, 900_000, 10_000)
        month = dt.date(2020 + dice.below(2), dice.between(1, 12), 1)
        row: Row = {
            "id": f"C{i:06d}",
            "enterprise": firm_rows[dice.below(len(firm_rows))]["id"],
            "insurance_kind": dice.pick(
                {"pension": 3, "unemployment": 3, "work_injury": 3, "medical": 1, "maternity": 1}
            ),
            "contribution_month": f"{month:%Y-%m}",
            "contribution_base": base,
            "injury_rate_class": dice.between(1, 8),
            "employer_part_due": dice.money(100, 150_000),
            "late_fee_due": dice.money(0, 900) if dice.chance(0.2) else "0",
        }
        rows.append(dice.blank(row, 0.06, _KEPT))
    return rows


def revenues(dice: Dice, firm_rows: Sequence[Row], number: int) -> list[Row]:
    """Taxed revenue of one kind in one period."""
    kinds = {
        "living_services": 4,
        "public_transport": 1,
        "necessities_delivery": 1,
        "epidemic_supply_transport": 1,
        "other": 5,
    }
    rows = []
    for i in range(1, number + 1):
        row: Row = {
            "id": f"R{i:06d}",
            "taxpayer": firm_rows[dice.below(len(firm_rows))]["id"],
            "revenue_kind": dice.pick(kinds),
            "earned_during_epidemic": dice.chance(0.6),
            "vat_otherwise_due": dice.money(100, 80_000),
            "small_scale_taxpayer": dice.chance(0.7),
            "levy_rate": dice.pick({"0.03": 8, "0.05": 2}),
            "tax_obligation_date": dice.day(dt.date(2020, 1, 1), dt.date(2021, 1, 31)),
            "sales_without_tax": dice.money(3_000, 2_000_000),
        }
        rows.append(dice.blank(row, 0.06, _KEPT))
    return rows


def park_tenants(dice: Dice, firm_rows: Sequence[Row], number: int) -> list[Row]:
    """Firms of returnees in parks, month by month."""
    kinds = [
        "industrial_cluster",
        "central_business_zone",
        "incubation_base",
        "startup_park",
        "specialised_park",
        "other",
    ]
    rows = []
    for i in range(1, number + 1):
        row: Row = {
            "id": f"T{i:05d}",
            "enterprise": firm_rows[dice.below(len(firm_rows))]["id"],
            "months_granted": dice.between(0, 36),
            "returnee_enterprise": dice.chance(0.85),
            "park_kind": dice.one_of(kinds),
            "property_fee": dice.money(50, 900),
            "sanitation_fee": dice.money(10, 200),
            "rent": dice.money(500, 9_000),
            "utilities": dice.money(100, 4_000),
            "venue_fee": dice.money(0, 2_000),
            "paid_this_year": dice.money(0, 10_000),
        }
        rows.append(dice.blank(row, 0.06, _KEPT))
    return rows
