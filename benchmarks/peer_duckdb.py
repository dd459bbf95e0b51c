"""The subset in SQL: one query of a few steps over an in-memory table, the result fetched through Arrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from benchmarks.subset import HARDSHIP, Figures, years_before


class _Stream:
    """A frame as nothing but an Arrow stream: DuckDB reads that without pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
        return self._frame.__arrow_c_stream__(requested_schema)


def load(people: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A connection with the people in a table of its own, choices as ENUM: DuckDB reads that fastest."""
    connection = duckdb.connect()
    connection.register("people_arrow", _Stream(people))
    columns = []
    for name, dtype in people.schema.items():
        if isinstance(dtype, pl.Enum):
            members = ", ".join(f"'{member}'" for member in dtype.categories)
            connection.execute(f"CREATE TYPE {name}_members AS ENUM ({members})")
            columns.append(f"{name}::{name}_members AS {name}")
        else:
            columns.append(name)
    connection.execute(f"CREATE TABLE people AS SELECT {', '.join(columns)} FROM people_arrow")
    connection.unregister("people_arrow")
    return connection


def decide(connection: duckdb.DuckDBPyConnection, v: Figures, *, reasons: bool) -> pl.DataFrame:
    """Verdicts and amounts of all measures; with reasons also the truth of every condition."""
    return pl.DataFrame(connection.sql(_query(v, reasons)))


def _query(v: Figures, reasons: bool) -> str:
    return f"""
WITH ages AS (
    SELECT *,
        {_ages(v)} AS retirement_age,
        {_by_post(v["retirement_step_women_workers"], v["retirement_step"])} AS step,
        {_by_post(v["retirement_postponed_most_women_workers"], v["retirement_postponed_most"])} AS most
    FROM people
), unpostponed AS (
    SELECT *, (birth_date + to_months((12 * retirement_age)::INTEGER))::DATE AS unpostponed FROM ages
), retirement AS (
    SELECT *, coalesce(retirement_date, CASE
        WHEN unpostponed < {_day(v.days["retirement_postponed_from"])} THEN unpostponed
        WHEN unpostponed IS NOT NULL THEN
            (birth_date + to_months((12 * retirement_age + {_postponed(v)})::INTEGER))::DATE
    END) AS retires_on
    FROM unpostponed
), conditions AS (
    SELECT *,
        {_select(_conditions(v))}
    FROM retirement
), verdicts AS (
    SELECT *,
        {_select({f'"{measure}.verdict"': condition for measure, condition in _verdicts().items()})}
    FROM conditions
)
SELECT id, {", ".join([*_results(v), *(_reasons() if reasons else [])])} FROM verdicts
"""


def _select(named: Mapping[str, str]) -> str:
    return ",\n        ".join(f"{text} AS {name}" for name, text in named.items())


def _day(day: dt.date) -> str:
    return f"DATE '{day.isoformat()}'"


# ── Legal retirement


def _ages(v: Figures) -> str:
    return f"""CASE WHEN sex = 'male' THEN {v["retirement_age_men"]} WHEN sex IS NULL THEN NULL
            WHEN post_type = 'cadre' THEN {v["retirement_age_women_cadres"]} WHEN post_type IS NULL THEN NULL
            ELSE {v["retirement_age_women_workers"]} END"""


def _by_post(women_workers: int, others: int) -> str:
    condition = "(sex = 'female' AND post_type = 'worker')"
    return f"CASE WHEN {condition} THEN {women_workers} WHEN NOT {condition} THEN {others} END"


def _postponed(v: Figures) -> str:
    start = _day(v.days["retirement_postponed_from"])
    steps = f"(date_diff('month', {start}, unpostponed) // step + 1)"
    months = f"{steps} * {v['retirement_months_per_step']}"
    return f"CASE WHEN {months} <= most THEN {months} ELSE most END"


# ── Conditions


def _conditions(v: Figures) -> dict[str, str]:
    near = v.on.replace(year=v.on.year + v["near_retirement_years"])
    groups = ", ".join(f"'{member}'" for member in HARDSHIP)
    year = "coalesce(graduation_year, year(left_school_on))"
    flexible_end = f"left_school_on + INTERVAL {12 * v['graduate_flexible_years']} MONTH"
    return {
        "not_granted": "NOT granted_before",
        "not_employed": "NOT employed",
        "never_employed": "NOT employed_before",
        "not_qualified": "NOT qualifies_for_benefit",
        "open_long_enough": "business_started_on <= " + _day(years_before(v.on, v["returnee_startup_years"])),
        "flexible_after": "left_school_on <= flexible_job_started_on",
        "flexible_before": f"flexible_job_started_on <= {flexible_end}",
        "flexible_in_time": "flexible_after AND flexible_before",
        "flexible_months_left": f"months_granted < {v['graduate_flexible_months']}",
        "assistance_left": f"months_granted < {v['assistance_months']}",
        "hardship_group": f"hardship_category IN ({groups})",
        "year_of_late_leavers": f"{year} = {v['late_leaver_graduation_year']}",
        "left_already": f"left_school_on <= {_day(v.on)}",
        "left_lately": f"left_school_on >= {_day(years_before(v.on, v['file_retention_years']))}",
        "left_in_time": "left_already AND left_lately",
        "student_or_fresh": "college_student OR fresh_graduate",
        "old_enough": f"birth_date <= {_day(years_before(v.on, v['working_age_from']))}",
        "not_retired": f"retires_on > {_day(v.on)}",
        "retires_soon": f"retires_on < {_day(near)}",
        "insured_in_vain": "unemployment_insured AND not_qualified",
        "without_benefit": "benefit_exhausted OR insured_in_vain",
        "never_placed": "public_post_placements = 0",
        "older_or_zero_family": "older_hardship_person OR zero_employment_family_member",
        "allowance_open": str(v.living_allowance_open).upper(),
    }


def _verdicts() -> dict[str, str]:
    return {
        "returnee_startup_subsidy": "returnee AND first_startup AND open_long_enough AND operating_normally "
        "AND not_granted",
        "graduate_flexible_insurance_subsidy": "college_graduate AND never_employed AND flexibly_employed "
        "AND social_insurance_paid AND flexible_in_time AND flexible_months_left",
        "hardship_graduate_subsidy": "college_student AND in_final_school_year AND hardship_group "
        "AND not_granted",
        "registered_graduate_subsidy": "college_graduate AND not_employed AND seeking_work "
        "AND real_name_registered AND not_granted",
        "late_leaver_deadlines": "year_of_late_leavers AND left_school_late",
        "file_retention": "college_graduate AND not_employed AND left_in_time",
        "enlistment_allowance": "enlisted AND student_or_fresh AND not_granted",
        "unemployment_registration": "old_enough AND not_retired AND able_to_work AND wants_to_work "
        "AND not_employed AND habitual_residence_here",
        "benefit_until_retirement": "benefit_exhausted AND not_employed AND not_retired AND retires_soon",
        "unemployment_assistance": "not_employed AND without_benefit AND assistance_left",
        "public_post_placement": "hard_to_employ_by_market AND older_or_zero_family AND post_available "
        "AND never_placed",
        "temporary_living_allowance": "allowance_open AND laid_off_unemployed AND living_in_hardship "
        "AND meets_allowance_conditions AND not_granted",
    }


_PARTS = {
    "flexible_in_time": ("flexible_after", "flexible_before"),
    "left_in_time": ("left_already", "left_lately"),
    "student_or_fresh": ("college_student", "fresh_graduate"),
    "without_benefit": ("benefit_exhausted", "insured_in_vain", "unemployment_insured", "not_qualified"),
    "older_or_zero_family": ("older_hardship_person", "zero_employment_family_member"),
}


def _reasons() -> list[str]:
    columns = []
    for measure, text in _verdicts().items():
        shown = [f'"{measure}.verdict"']
        for name in text.split(" AND "):
            shown += [name, *_PARTS.get(name, ())]
        columns += [f'{name} AS "{measure}.c{number}"' for number, name in enumerate(shown)]
    return columns


# ── Amounts


def _results(v: Figures) -> list[str]:
    amounts = _amounts(v)
    columns = []
    for measure in _verdicts():
        verdict = f'"{measure}.verdict"'
        columns.append(verdict)
        if measure in amounts:
            # Not eligible: no amount; open: the amount that it would be.
            amount = f"CASE WHEN coalesce({verdict}, TRUE) THEN ({amounts[measure]})::BIGINT END"
            columns.append(f'{amount} AS "{measure}.amount"')
    return columns


def _amounts(v: Figures) -> dict[str, str]:
    num, den = v.flexible_share
    left = f"({v['graduate_flexible_months']} - months_granted)"
    anum, aden = v.assistance_share
    assistance = (
        f"({v['assistance_months']} - months_granted) * {_of_county(v.unemployment_benefit)} * {anum}"
    )
    most = v["living_allowance_months"]
    months = f"coalesce(allowance_months, {most})"
    begun = f"(date_diff('month', {_day(v.on)}, retires_on) + (day(retires_on) > {v.on.day})::INTEGER)"
    return {
        "returnee_startup_subsidy": str(v["returnee_startup_amount"]),
        "graduate_flexible_insurance_subsidy": f"""CASE
            WHEN months_paid <= {left} THEN (contributions_paid * {2 * num} + {den}) // {2 * den}
            WHEN months_paid > {left} THEN
                (contributions_paid * {2 * num} * {left} + months_paid * {den}) // (months_paid * {2 * den})
            END""",
        "hardship_graduate_subsidy": str(v["hardship_graduate_amount"]),
        "registered_graduate_subsidy": str(v["registered_graduate_amount"]),
        "enlistment_allowance": str(v["enlistment_amount"]),
        "benefit_until_retirement": f"{begun} * {_of_county(v.unemployment_benefit)}",
        "unemployment_assistance": f"({assistance} * 2 + {aden}) // {2 * aden}",
        "temporary_living_allowance": f"CASE WHEN {months} <= {most} THEN {months} ELSE {most} END"
        f" * {_of_county(v.minimum_living_standard)}",
    }


def _of_county(table: Mapping[str, int]) -> str:
    cases = " ".join(f"WHEN '{county}' THEN {fen}" for county, fen in table.items())
    return f"CASE county {cases} END" if table else "NULL::BIGINT"
