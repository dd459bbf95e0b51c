"""The rest of the made-up city: sole traders, traineeships, courses, loans, venues, events, offices."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from wenjiuye.population.demo_firms import credit_code
from wenjiuye.population.dice import Dice, Row

_KEPT = frozenset({"id", "name", "credit_code", "owner", "trainee", "host", "organiser"})
_ORGANISERS = {"hr_agency": 4, "labour_broker": 3, "public_agency": 3, "college": 2, "other": 1}


def _some(people: Sequence[Row], *situations: str) -> list[Row]:
    return [person for person in people if person["#situation"] in situations]


def _blanked(dice: Dice, rows: list[Row]) -> list[Row]:
    return [dice.blank(row, 0.06, _KEPT) for row in rows]


def sole_traders(dice: Dice, people: Sequence[Row], number: int) -> list[Row]:
    """Sole traders and their owners."""
    owners = _some(people, "founder", "flexible", "unemployed", "graduate")
    rows: list[Row] = []
    for i in range(1, number + 1):
        row: Row = {
            "id": f"S{i:05d}",
            "name": f"虚构个体户{i:05d}",
            "credit_code": credit_code(50_000 + i),
            "owner": owners[dice.below(len(owners))]["id"],
            "registered_on": dice.day(dt.date(2017, 1, 1), dt.date(2020, 10, 31)),
            "months_in_year": dice.between(1, 12) if dice.chance(0.3) else None,
            "vat_due": dice.money(0, 20_000),
            "urban_construction_tax_due": dice.money(0, 1_400),
            "education_surcharge_due": dice.money(0, 600),
            "local_education_surcharge_due": dice.money(0, 400),
            "personal_income_tax_due": dice.money(0, 9_000),
        }
        rows.append(row)
    return _blanked(dice, rows)


def internships(dice: Dice, people: Sequence[Row], firms: Sequence[Row], number: int) -> list[Row]:
    """Traineeships of graduates and of the young unemployed."""
    trainees = _some(people, "graduate", "unemployed", "school_leaver")
    rows: list[Row] = []
    for i in range(1, number + 1):
        interrupted = dice.chance(0.3)
        early = dice.chance(0.2)
        row: Row = {
            "id": f"I{i:05d}",
            "trainee": trainees[dice.below(len(trainees))]["id"],
            "host": firms[dice.below(len(firms))]["id"],
            "internship_started_on": dice.day(dt.date(2019, 8, 1), dt.date(2020, 11, 1)),
            "internship_months": dice.between(3, 12),
            "retention_rate": f"{dice.between(0, 20)}/20",
            "interrupted_by_epidemic": interrupted,
            "interrupted_months": dice.between(1, 4) if interrupted else 0,
            "contract_signed_early": early,
            "remaining_months": dice.between(1, 6) if early else 0,
        }
        rows.append(row)
    return _blanked(dice, rows)


def trainings(dice: Dice, people: Sequence[Row], firms: Sequence[Row], number: int) -> list[Row]:
    """One trainee in one class each."""
    kinds = {"staff_online": 4, "staff_offline": 3, "pre_job": 2, "labour_preparation": 1, "startup": 2}
    rows: list[Row] = []
    for i in range(1, number + 1):
        kind = dice.pick(kinds)
        trainees = (
            _some(people, "school_leaver", "unemployed") if kind == "labour_preparation" else list(people)
        )
        row: Row = {
            "id": f"K{i:05d}",
            "trainee": trainees[dice.below(len(trainees))]["id"],
            "organiser": firms[dice.below(len(firms))]["id"],
            "organised_by_enterprise": kind in ("staff_online", "staff_offline", "pre_job")
            and dice.chance(0.9),
            "training_type": kind,
            "is_new_hire": dice.chance(0.3),
            "training_started_on": dice.day(dt.date(2019, 10, 1), dt.date(2020, 12, 15)),
            "approved_body": dice.chance(0.8),
            "internet_plus": dice.chance(0.4),
            "during_epidemic": dice.chance(0.5),
        }
        rows.append(row)
    return _blanked(dice, rows)


def loans(dice: Dice, number: int) -> list[Row]:
    """Start-up loans, some of partners."""
    rows: list[Row] = []
    for i in range(1, number + 1):
        partners = dice.chance(0.15)
        amount = dice.between(3, 20) * 10_000
        extension = dice.chance(0.2)
        shares = [
            {"amount": f"{dice.between(3, 22) * 10_000}.00", "subsidised": dice.chance(0.7)}
            for _ in range(dice.between(2, 4))
        ]
        row: Row = {
            "id": f"L{i:05d}",
            "borrower_eligible": dice.chance(0.85),
            "loan_amount": amount,
            "subsidised_amount": amount if dice.chance(0.8) else amount // 2,
            "partnership": partners,
            "partner_loans": json.dumps(shares if partners else []),
            "quality_project": dice.chance(0.15),
            "recommended_by_credit_village_park_or_base": dice.chance(0.2),
            "epidemic_affected_borrower": dice.chance(0.3),
            "repayment_difficulty": extension and dice.chance(0.7),
            "extension_requested": extension,
            "extension_months": dice.between(3, 18) if extension else 0,
            "exception_approved": dice.chance(0.05),
            "subsidised_loan": dice.chance(0.7),
            "loan_interest_rate": dice.one_of(["0.0485", "0.0585", "0.0635", "0.0685"]),
            "individual_loan": not partners,
            "force_majeure": dice.chance(0.01),
            "unrecovered_amount": dice.money(0, 100_000) if dice.chance(0.05) else "0",
        }
        rows.append(row)
    return _blanked(dice, rows)


def loan_funds(dice: Dice, number: int) -> list[Row]:
    """Guarantee funds, one per county and year."""
    rows: list[Row] = []
    for i in range(1, number + 1):
        due = dice.between(2_000, 90_000) * 1_000
        row: Row = {
            "id": f"F{i:03d}",
            "recovered_last_year": due * dice.between(80, 100) // 100,
            "due_last_year": due,
            "fund_deposit_balance": dice.between(500, 20_000) * 1_000,
            "outstanding_performance": dice.chance(0.4),
            "new_loans_this_year": dice.between(1_000, 90_000) * 1_000,
        }
        rows.append(row)
    return _blanked(dice, rows)


def guarantors(dice: Dice, number: int) -> list[Row]:
    """Guarantee companies."""
    return _blanked(
        dice,
        [
            {
                "id": f"G{i:03d}",
                "name": f"虚构担保公司{i:03d}",
                "expanded_small_firm_guarantees": dice.chance(0.6),
                "lowered_small_firm_fee": dice.chance(0.6),
                "guarantee_loss": dice.money(0, 5_000_000),
            }
            for i in range(1, number + 1)
        ],
    )


def rural_platforms(dice: Dice, number: int) -> list[Row]:
    """Rural e-commerce platforms, month by month."""
    return _blanked(
        dice,
        [
            {
                "id": f"W{i:04d}",
                "months_granted": dice.between(0, 36),
                "paid_this_year": dice.money(0, 10_000),
                "returnee_founder": dice.chance(0.8),
                "rural_ecommerce_platform": dice.chance(0.9),
                "venue_rent": dice.money(200, 4_000),
                "network_fee": dice.money(50, 600),
            }
            for i in range(1, number + 1)
        ],
    )


def venues(dice: Dice, number: int) -> list[Row]:
    """Incubators, platforms, parks."""
    return _blanked(
        dice,
        [
            {
                "id": f"V{i:04d}",
                "name": f"虚构创业载体{i:04d}",
                "recognised_venue_kind": dice.pick({"incubation_base": 4, "new_platform": 3, "none": 3}),
                "reaches_city_standard": dice.chance(0.5),
                "awarded_before": dice.chance(0.2),
                "carries_public_services": dice.chance(0.4),
                "venue_costs": dice.money(5_000, 400_000),
                "recognised_returnee_model_park": dice.chance(0.2),
                "selected_returnee_project": dice.chance(0.1),
                "award_decided": dice.money(50_000, 400_000, 1_000_000) if dice.chance(0.4) else None,
                "recognised_internship_base": dice.chance(0.3),
            }
            for i in range(1, number + 1)
        ],
    )


def export_batches(dice: Dice, number: int) -> list[Row]:
    """Groups of people placed elsewhere."""
    places = {"other_province": 6, "other_city_in_province": 3, "same_city": 1}
    return _blanked(
        dice,
        [
            {
                "id": f"X{i:04d}",
                "organiser_kind": dice.pick(_ORGANISERS),
                "free_of_charge": dice.chance(0.8),
                "destination": dice.pick(places),
                "people_placed": dice.skewed(1, 200),
            }
            for i in range(1, number + 1)
        ],
    )


def service_events(dice: Dice, number: int) -> list[Row]:
    """Job fairs and the like."""
    return _blanked(
        dice,
        [
            {
                "id": f"N{i:04d}",
                "organiser_kind": dice.pick(_ORGANISERS),
                "free_of_charge": dice.chance(0.9),
                "event_kind": dice.pick({"special_job_fair": 6, "startup_service": 3, "other": 2}),
                "people_served": dice.skewed(20, 3_000),
                "service_cost": dice.money(1_000, 60_000),
            }
            for i in range(1, number + 1)
        ],
    )


def communities(dice: Dice, number: int) -> list[Row]:
    """Neighbourhoods."""
    return _blanked(
        dice,
        [
            {
                "id": f"Q{i:04d}",
                "name": f"虚构社区{i:04d}",
                "awarded_before": dice.chance(0.1),
                "newly_recognised": dice.chance(0.3),
                "recognition_level": dice.pick({"city": 2, "county": 4, "none": 4}),
            }
            for i in range(1, number + 1)
        ],
    )


def layoff_plans(dice: Dice, number: int) -> list[Row]:
    """Plans to lay off, as reported."""
    rows: list[Row] = []
    for i in range(1, number + 1):
        planned = dice.day(dt.date(2020, 3, 1), dt.date(2020, 12, 31))
        row: Row = {
            "id": f"Y{i:04d}",
            "notice_given_on": planned - dt.timedelta(days=dice.between(5, 60)),
            "layoff_planned_on": planned,
            "placement_plan": dice.chance(0.8),
            "severance_paid": dice.chance(0.7),
            "wage_arrears": "0" if dice.chance(0.8) else dice.money(1_000, 200_000),
            "insurance_arrears": "0" if dice.chance(0.8) else dice.money(1_000, 90_000),
        }
        rows.append(row)
    return _blanked(dice, rows)


def office_reports(dice: Dice, number: int) -> list[Row]:
    """Reports of authorities for the quotas of the policy."""
    rows: list[Row] = []
    for i in range(1, number + 1):
        posts, veterans, counties = dice.between(0, 400), dice.between(0, 120), dice.between(1, 6)
        land = dice.between(100, 9_000)
        row: Row = {
            "id": f"O{i:04d}",
            "project_field": dice.one_of(
                ["road", "railway", "urban", "logistics", "environment", "social", "other"]
            ),
            "weak_link_project": dice.chance(0.5),
            "reasonable_return": dice.chance(0.6),
            "strong_repayment": dice.chance(0.6),
            "ratio_reduction_points": dice.one_of(["1", "2.5", "3", "5", "6"]),
            "demonstration_projects_this_year": dice.between(60, 130),
            "normal_refunds": (refunds := dice.between(0, 300)),
            "total_working_days": refunds * dice.between(5, 14),
            "construction_land_quota": land,
            "rural_industry_land_quota": land * dice.between(2, 16) // 100,
            "counties_with_many_outworkers": counties,
            "counties_with_standard_centre": dice.between(0, counties),
            "new_posts": posts,
            "new_posts_for_fresh_graduates": dice.between(0, posts),
            "veterans_due": veterans,
            "veterans_placed_in_public_bodies": dice.between(veterans // 2, veterans),
            "veteran_incubation_parks": dice.between(0, 3),
            "zero_employment_families_open": dice.skewed(0, 5),
        }
        rows.append(row)
    return _blanked(dice, rows)
