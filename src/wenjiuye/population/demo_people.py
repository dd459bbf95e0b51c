"""People of the made-up city: the facts of each follow from a situation in life, without contradiction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from stdnum.cn import ric

from wenjiuye.population.dice import Dice, Row

COUNTIES: Mapping[str, float] = {
    "weidu": 52,
    "jianan": 73,
    "changge": 70,
    "yuzhou": 113,
    "yanling": 55,
    "xiangcheng": 68,
    "demonstration_zone": 9,
    "development_zone": 8,
    "dongcheng": 6,
}
"""Counties by people, in ten thousands."""

_REGIONS = {
    "jianan": "411003",
    "changge": "411082",
    "yuzhou": "411081",
    "yanling": "411024",
    "xiangcheng": "411025",
}

SITUATIONS: Mapping[str, float] = {
    "employed": 46,
    "flexible": 10,
    "migrant": 12,
    "unemployed": 7,
    "on_benefit": 3,
    "graduate": 7,
    "student": 5,
    "hardship": 4,
    "founder": 3,
    "grassroots": 1,
    "recruit": 1,
    "school_leaver": 1,
}

_NO = (
    "registered_poor",
    "rural",
    "migrant_worker",
    "pregnant_maternity_or_nursing",
    "college_graduate",
    "vocational_graduate",
    "college_student",
    "in_final_school_year",
    "left_school_late",
    "fresh_graduate",
    "major_on_list",
    "school_leaver_not_continuing",
    "served_below_county",
    "service_completed",
    "service_assessment_passed",
    "meets_province_rules",
    "enlisted",
    "employed",
    "stably_employed",
    "flexibly_employed",
    "went_out_to_work_during_epidemic",
    "returnee",
    "small_firm_owner",
    "registered_unemployed",
    "unemployed",
    "seeking_work",
    "real_name_registered",
    "laid_off_unemployed",
    "benefit_exhausted",
    "qualifies_for_benefit",
    "receives_unemployment_benefit",
    "social_insurance_paid",
    "receives_flexible_subsidy",
    "hardship_person",
    "older_hardship_person",
    "zero_employment_family_member",
    "hardship_family",
    "hard_to_employ_by_market",
    "living_in_hardship",
    "meets_allowance_conditions",
    "post_available",
    "public_post_period_ended",
    "meets_placement_conditions",
    "granted_before",
    "first_startup",
    "operating_normally",
    "venue_built_by_government",
    "free_place_available",
    "unemployment_insured",
)

_BIRTHS = {
    "graduate": (1996, 1999),
    "student": (1997, 2000),
    "recruit": (1997, 2001),
    "school_leaver": (2002, 2004),
    "hardship": (1961, 1980),
    "grassroots": (1990, 1996),
}
_KEPT = frozenset({"id", "name", "resident_id", "county"})


def people(dice: Dice, number: int) -> list[Row]:
    """Rows of the table of persons, with a `#situation` for the other tables that the file does not have."""
    used: set[str] = set()
    return [_person(dice, i, used) for i in range(1, number + 1)]


def _person(dice: Dice, number: int, used: set[str]) -> Row:
    situation = dice.pick(SITUATIONS)
    county = dice.pick(COUNTIES)
    first, last = _BIRTHS.get(situation, (1962, 2000))
    born = dice.day(dt.date(first, 1, 1), dt.date(last, 12, 31))
    resident_id, born = _resident_id(_REGIONS.get(county, "411002"), born, used)
    row: Row = {
        "id": f"P{number:06d}",
        "name": f"虚构居民{number:06d}",
        "resident_id": resident_id,
        "county": county,
        "birth_date": born,
        "sex": dice.pick({"male": 1, "female": 1}),
        "post_type": dice.pick({"worker": 8, "cadre": 2}),
        "habitual_residence_here": situation != "migrant" or dice.chance(0.3),
        "able_to_work": dice.chance(0.97),
        "wants_to_work": dice.chance(0.9),
        "employed_before": True,
        "hardship_category": "none",
        "certificate_note": "none",
        "key_group": "other",
        "months_registered_unemployed": 0,
        "months_granted": 0,
        "months_paid": dice.between(0, 200),
        "public_post_placements": 0,
        **dict.fromkeys(_NO, False),
    }
    row["registered_poor"] = dice.chance(0.05)
    row["rural"] = dice.chance(0.5)
    _SITUATION[situation](dice, row)
    if row["sex"] == "female" and born.year > 1980 and row["employed"]:
        row["pregnant_maternity_or_nursing"] = dice.chance(0.05)
    row = dice.blank(row, 0.06, _KEPT)
    return {**row, "#situation": situation}


def _resident_id(region: str, born: dt.date, used: set[str]) -> tuple[str, dt.date]:
    """A number with a right check digit that nobody has: real ones never have the sequence 000.

    The birth date moves by days until the number is free.
    """
    while True:
        body = f"{region}{born:%Y%m%d}000"
        number = body + ric.calc_check_digit(body + "0")
        if number not in used:
            used.add(number)
            return number, born
        born += dt.timedelta(days=1)


# ── Situations


def _employed(dice: Dice, row: Row) -> None:
    row.update(
        employed=True,
        stably_employed=dice.chance(0.9),
        unemployment_insured=dice.chance(0.8),
        social_insurance_paid=dice.chance(0.85),
        contributions_paid=dice.money(3000, 30000),
    )


def _flexible(dice: Dice, row: Row) -> None:
    subsidised = dice.chance(0.2)
    graduate = dice.chance(0.15)
    row.update(
        employed=True,
        flexibly_employed=True,
        flexible_job_started_on=dice.day(dt.date(2019, 6, 1), dt.date(2020, 10, 31)),
        social_insurance_paid=dice.chance(0.7),
        contributions_paid=dice.money(2000, 15000),
        months_paid=dice.between(1, 30),
        hardship_person=subsidised,
        receives_flexible_subsidy=subsidised,
        college_graduate=graduate,
    )
    if subsidised:
        row["flexible_subsidy_ends_on"] = dice.day(dt.date(2020, 1, 1), dt.date(2021, 12, 31))
        row["months_granted"] = dice.between(0, 36)
    if graduate:
        row["left_school_on"] = dice.day(dt.date(2018, 6, 15), dt.date(2020, 7, 10))
        row["employed_before"] = dice.chance(0.4)


def _migrant(dice: Dice, row: Row) -> None:
    row.update(
        employed=dice.chance(0.85),
        migrant_worker=True,
        rural=True,
        key_group="migrant_worker",
        registered_poor=dice.chance(0.15),
        went_out_to_work_during_epidemic=dice.chance(0.6),
        travel_cost=dice.money(50, 900, 100),
    )


def _unemployed(dice: Dice, row: Row) -> None:
    months = dice.skewed(1, 36)
    row.update(
        unemployed=True,
        registered_unemployed=True,
        seeking_work=dice.chance(0.8),
        months_registered_unemployed=months,
        certificate_note=dice.pick({"hiring_tax_policy": 5, "none": 4, "self_employment_tax_policy": 1}),
        key_group="unemployed",
        unemployment_insured=dice.chance(0.5),
        qualifies_for_benefit=dice.chance(0.3),
        laid_off_unemployed=dice.chance(0.3),
        living_in_hardship=dice.chance(0.3),
        meets_allowance_conditions=dice.chance(0.5),
        real_name_registered=True,
    )


def _on_benefit(dice: Dice, row: Row) -> None:
    _unemployed(dice, row)
    exhausted = dice.chance(0.4)
    row.update(
        unemployment_insured=True,
        qualifies_for_benefit=not exhausted,
        receives_unemployment_benefit=not exhausted,
        benefit_exhausted=exhausted,
        medical_contribution_due=dice.money(150, 420),
        months_granted=dice.between(0, 6),
    )


def _graduate(dice: Dice, row: Row) -> None:
    year = 2020 if dice.chance(0.6) else 2019
    vocational = dice.chance(0.2)
    row.update(
        college_graduate=not vocational,
        vocational_graduate=vocational,
        fresh_graduate=year == 2020 and not vocational,
        graduation_year=year,
        left_school_on=dice.day(dt.date(year, 6, 10), dt.date(year, 7, 15)),
        employed=dice.chance(0.4),
        employed_before=dice.chance(0.3),
        seeking_work=dice.chance(0.7),
        real_name_registered=dice.chance(0.7),
        key_group="college_graduate",
        major_on_list=dice.chance(0.1),
        left_school_late=year == 2020 and dice.chance(0.1),
    )
    if row["left_school_late"]:
        row["delay_days"] = dice.between(10, 90)
    row["unemployed"] = not row["employed"]


def _student(dice: Dice, row: Row) -> None:
    row.update(
        college_student=True,
        in_final_school_year=dice.chance(0.4),
        employed_before=False,
        hardship_category=dice.pick(
            {
                "none": 70,
                "student_loan": 15,
                "dibao_family": 6,
                "poverty_registered_family": 5,
                "disabled": 2,
                "special_hardship": 1,
                "poor_disabled_family": 1,
            }
        ),
    )


def _hardship(dice: Dice, row: Row) -> None:
    _unemployed(dice, row)
    row.update(
        hardship_person=True,
        older_hardship_person=dice.chance(0.6),
        zero_employment_family_member=dice.chance(0.2),
        hard_to_employ_by_market=dice.chance(0.7),
        post_available=dice.chance(0.6),
        public_post_placements=dice.pick({"0": 7, "1": 2, "2": 1}),
        public_post_period_ended=dice.chance(0.2),
        meets_placement_conditions=dice.chance(0.6),
    )


def _founder(dice: Dice, row: Row) -> None:
    row.update(
        employed=True,
        small_firm_owner=True,
        returnee=dice.chance(0.6),
        first_startup=dice.chance(0.8),
        business_started_on=dice.day(dt.date(2015, 1, 1), dt.date(2020, 9, 30)),
        operating_normally=dice.chance(0.85),
        venue_built_by_government=dice.chance(0.4),
        free_place_available=dice.chance(0.5),
        key_group=dice.pick({"college_graduate": 2, "migrant_worker": 4, "veteran": 1, "other": 3}),
    )


def _grassroots(dice: Dice, row: Row) -> None:
    row.update(
        employed=True,
        college_graduate=True,
        served_below_county=True,
        service_completed=dice.chance(0.7),
        service_assessment_passed=dice.chance(0.9),
        meets_province_rules=dice.chance(0.8),
        left_school_on=dice.day(dt.date(2014, 6, 15), dt.date(2018, 7, 10)),
    )


def _recruit(dice: Dice, row: Row) -> None:
    student = dice.chance(0.4)
    row.update(
        enlisted=True, college_student=student, fresh_graduate=not student, college_graduate=not student
    )
    row["employed_before"] = False


def _school_leaver(dice: Dice, row: Row) -> None:
    row.update(
        school_leaver_not_continuing=True,
        employed_before=False,
        unemployed=True,
        registered_unemployed=dice.chance(0.5),
        hardship_family=dice.chance(0.2),
    )


_SITUATION: Mapping[str, Callable[[Dice, Row], None]] = {
    "employed": _employed,
    "flexible": _flexible,
    "migrant": _migrant,
    "unemployed": _unemployed,
    "on_benefit": _on_benefit,
    "graduate": _graduate,
    "student": _student,
    "hardship": _hardship,
    "founder": _founder,
    "grassroots": _grassroots,
    "recruit": _recruit,
    "school_leaver": _school_leaver,
}
