"""A whole made-up city as the tables of a registry: chunk after chunk, in memory that its size does not change.

First every employer is drawn, which is little. Then each chunk draws its people and their lives from its own
seed and writes its part of every table; what employers owe is added up over all chunks and written last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.synth import (
    careers,
    firm_books,
    ledger,
    offices,
    payroll,
    people,
    planted,
    programmes,
    schooling,
    standing,
)
from wenjiuye.population.synth.findings import finding_rows
from wenjiuye.population.synth.firms import Firms, Vacancies, all_firms, vacancies
from wenjiuye.population.synth.flaws import ORDINARY, Flaws
from wenjiuye.population.synth.numbers import ids
from wenjiuye.population.synth.plan import Chunk, Plan, plan
from wenjiuye.population.synth.writing import Parts, put_in_place

SEED = 31
UNTIL = dt.date(2020, 12, 31)
MONTHS = 24
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CityReport:
    """Where the city is, the rows of each table in the order of the data model, and what was planted and broken."""

    folder: Path
    rows: Mapping[str, int]
    planted: Mapping[str, int]
    broken: int


@dataclass(frozen=True, slots=True)
class _City:
    plan: Plan
    firms: Firms
    firm_ids: pl.Series
    insured: Vacancies
    any: Vacancies
    ledgers: payroll.Ledgers


def write_city(
    folder: Path | str,
    *,
    persons: int = 20_000,
    firms: int | None = None,
    seed: int = SEED,
    until: dt.date = UNTIL,
    months: int = MONTHS,
    flaws: Flaws = ORDINARY,
    progress: Tell | None = None,
) -> CityReport:
    """Write a made-up city into a folder: registry.toml, every table in kernel form, and the truth about it.

    Events go until the day `until`; the monthly tables cover so many months up to the last one that has
    ended by then. The same arguments give the same bytes. `progress(stage, done, total)` is called after
    each chunk. Raises SizeError, FlawsError, OutputError.
    """
    scheme = plan(persons, firms, seed, until, months)
    tell = progress or (lambda _stage, _done, _total: None)
    target = Path(folder)
    with put_in_place(target) as aside:
        parts = Parts(aside, seed, flaws)
        truth = _write_tables(scheme, parts, tell)
        parts.write_truth(truth)
        parts.write_head(scheme)
    kinds = dict(truth.group_by("kind").len().sort("kind").iter_rows())
    broken = sum(frame.height for frame in parts.broken)
    return CityReport(target, {table: parts.rows[table] for table in RECORDS}, kinds, broken)


def _write_tables(scheme: Plan, parts: Parts, tell: Tell) -> pl.DataFrame:
    """Write every chunk, then what employers owe. Answers what was planted."""
    chunks = scheme.chunks
    tell("people", 0, len(chunks))
    firms = all_firms(scheme)
    city = _City(
        scheme,
        firms,
        ids("E", pl.arange(0, firms.number, eager=True).to_numpy()),
        vacancies(scheme, firms, insured=True),
        vacancies(scheme, firms, insured=False),
        payroll.Ledgers.empty(firms.slots, scheme.months),
    )
    truth = []
    for chunk in chunks:
        truth.append(_write_chunk(city, chunk, parts))
        tell("people", chunk.number, len(chunks))
    for chunk in chunks:
        _write_dues(city, chunk, parts)
        tell("premiums", chunk.number, len(chunks))
    return pl.concat(truth)


def _write_chunk(city: _City, chunk: Chunk, parts: Parts) -> pl.DataFrame:
    scheme, firms, firm_ids = city.plan, city.firms, city.firm_ids

    def put(table: str, frame: pl.DataFrame) -> None:
        parts.write(table, chunk.name, chunk.number, frame)

    group = people.people(scheme, chunk)
    school = schooling.schooling(scheme, group)
    who = careers.roles(scheme, group, school, firms)
    jobs, lost = careers.working_lives(scheme, group, school, firms, who, (city.insured, city.any))
    chosen = planted.culprits(scheme, group, who, jobs)
    jobs = planted.with_ghosts(scheme, group, jobs, chosen, firms, city.any)
    put("household", people.household_rows(group))
    put("person", people.person_rows(scheme, group))
    put("enterprise", firm_books.enterprise_rows(group, firms, who.owner_of, firm_ids))
    put("employment", careers.employment_rows(group, jobs, firm_ids))
    put("enrolment", schooling.enrolment_rows(scheme, group, school))
    paid = payroll.contributions(scheme, group, jobs, firms, city.ledgers)
    put("contribution", payroll.contribution_rows(group, jobs, paid, firm_ids))
    known = standing.recognitions(scheme, group, school, who)
    put("unemployment_registration", standing.registration_rows(scheme, group, lost))
    drawn = standing.benefits(scheme, group, lost, jobs, known.of("hardship_person"))
    put("benefit_period", standing.benefit_rows(scheme, group, drawn))
    put("recognition", standing.recognition_rows(group, known))
    put("grassroots_service", standing.grassroots_rows(scheme, group, school))
    put("finding", finding_rows(scheme, group, school, who, firms, firm_ids))
    put("training", programmes.training_rows(scheme, group, who, jobs, firm_ids))
    put("loan", programmes.loan_rows(scheme, group, who))
    interns = programmes.internships(scheme, group, school, who, jobs, city.insured)
    put("internship", programmes.internship_rows(scheme, group, interns, firm_ids))
    held = _write_books(city, chunk, parts)
    past = ledger.History(group, school, who, jobs, lost, known, paid, held, interns, chosen)
    wrong, truth = planted.planted_grants(scheme, group, jobs, paid, chosen, firm_ids)
    put("grant", pl.concat([ledger.grant_rows(scheme, firms, past, firm_ids), wrong]))
    return truth


def _write_books(city: _City, chunk: Chunk, parts: Parts) -> firm_books.Leases:
    """The tables of a chunk's employers and offices; answers the leases, from which grants follow."""
    scheme, firms, firm_ids = city.plan, city.firms, city.firm_ids
    made = firm_books.quarters(scheme, chunk, firms)
    held = firm_books.leases(scheme, chunk, firms)
    tables = {
        "annual_report": firm_books.annual_report_rows(scheme, chunk, firms, firm_ids),
        "tax": firm_books.tax_rows(scheme, chunk, firms, made, firm_ids),
        "sales": firm_books.sales_rows(scheme, chunk, firms, made, firm_ids),
        "lease": firm_books.lease_rows(scheme, chunk, held, firm_ids),
        "bill": firm_books.bill_rows(scheme, chunk, held),
        "firm_listing": firm_books.firm_listing_rows(scheme, chunk, firms, firm_ids),
        **offices.office_tables(scheme, chunk),
    }
    for table, frame in tables.items():
        parts.write(table, chunk.name, chunk.number, frame)
    return held


def _write_dues(city: _City, chunk: Chunk, parts: Parts) -> None:
    """Premiums of a chunk's employers, and the refunds that follow from them."""
    scheme, firms = city.plan, city.firms
    premiums = payroll.premium_rows(scheme, chunk, firms, city.ledgers, city.firm_ids)
    parts.write("premium", chunk.name, chunk.number, premiums)
    refunds = ledger.refund_rows(scheme, chunk, firms, city.ledgers, city.firm_ids)
    parts.write("grant", f"{chunk.name}-refunds", chunk.number, refunds)
