"""Internships, trainings and loans of a chunk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from wenjiuye.population.synth import numbers
from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Ints, day_number, plus_months
from wenjiuye.population.synth.careers import CONTRACT, Jobs, Roles
from wenjiuye.population.synth.chance import exactly, generator, some, weighted
from wenjiuye.population.synth.firms import Vacancies
from wenjiuye.population.synth.kernel import masked, members, rows
from wenjiuye.population.synth.people import NONE, People
from wenjiuye.population.synth.plan import Plan
from wenjiuye.population.synth.schooling import Schooling

_TERMS = (3, 6, 9, 12)
_EPIDEMIC = (day_number(dt.date(2020, 1, 25)), day_number(dt.date(2020, 5, 1)))
"""From the end of January to the end of April 2020."""


@dataclass(frozen=True, slots=True)
class Internships:
    """Internships as arrays. kept: stayed with the host; known: whether that is known."""

    person: Ints
    host: Ints
    start: Days
    planned: Ints
    end: Days
    kept: Bools
    known: Bools
    signed: Days
    ids: pl.Series


def internships(
    city: Plan, group: People, school: Schooling, who: Roles, jobs: Jobs, hosts: Vacancies
) -> Internships:
    """Internships of recent graduates: of some before the job that they have now, of others who have none."""
    rng = generator(city.seed, "internships", group.chunk.number)
    wanted = group.chunk.quotas["internship"]
    first = _first_jobs(city, school, jobs)
    kept = exactly(rng, first, wanted // 2)
    recent = (school.college_left > city.until - 730) & (school.college_left < city.until - 40)
    others = exactly(rng, who.idle[recent[who.idle]], wanted - kept.size)
    person = np.concatenate([jobs.person[kept], others])
    host = np.concatenate([jobs.firm[kept], hosts.draw(rng, group.chunk.county, others.size)])
    planned = rng.choice(_TERMS, person.size)
    signed = np.concatenate([jobs.start[kept], np.full(others.size, OPEN)]).astype(np.int32)
    since = school.college_left[person]
    stayed = np.arange(person.size) < kept.size
    latest = np.where(stayed, signed - 30, city.until)
    start = np.minimum(since + 1 + rng.integers(0, 200, person.size), latest - 5)
    start = np.maximum(start, since + 1).astype(np.int32)
    full = (plus_months(start, planned) - 1).astype(np.int32)
    end = np.where(stayed, np.minimum(signed - 1, full), full)
    over = end <= city.until
    return Internships(
        person,
        host,
        start,
        planned,
        np.where(over, end, OPEN).astype(np.int32),
        stayed,
        over,
        signed,
        numbers.chunk_ids("I", group.chunk.number, person.size),
    )


def _first_jobs(city: Plan, school: Schooling, jobs: Jobs) -> Ints:
    """Contracts that graduates of the last years began as their first job, months after the certificate."""
    left = school.college_left[jobs.person]
    begins = np.append(True, jobs.person[1:] != jobs.person[:-1])[: jobs.number]
    fits = (jobs.form == CONTRACT) & (jobs.end == OPEN) & (left > city.until - 900) & (left > 0)
    return np.flatnonzero(fits & begins & (jobs.start > left + 95))


def internship_rows(city: Plan, group: People, held: Internships, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of internships."""
    rng = generator(city.seed, "internship_rows", group.chunk.number)
    number = held.person.size
    during = (held.start < _EPIDEMIC[1]) & (np.minimum(held.end, city.until) > _EPIDEMIC[0])
    stopped = during & some(rng, number, 0.4)
    return rows(
        "internship",
        number,
        id=held.ids,
        trainee=group.ids.gather(held.person),
        host=firm_ids.gather(held.host),
        started_on=held.start,
        planned_months=held.planned,
        ended_on=held.end,
        kept=masked(held.kept, held.known),
        interrupted_by_epidemic=stopped,
        interrupted_months=np.where(stopped, rng.integers(1, 4, number), 0),
        contract_signed_on=held.signed,
    )


def training_rows(city: Plan, group: People, who: Roles, jobs: Jobs, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of trainings: staff by their firm, others by no firm."""
    rng = generator(city.seed, "trainings", group.chunk.number)
    wanted = group.chunk.quotas["training"]
    at_work = np.flatnonzero((jobs.form == CONTRACT) & (jobs.end == OPEN))
    staff = exactly(rng, at_work, wanted * 7 // 10)
    others = exactly(rng, np.concatenate([who.unemployed, who.flexible]), wanted - staff.size)
    person = np.concatenate([jobs.person[staff], others])
    firm = np.concatenate([jobs.firm[staff], np.full(others.size, NONE)])
    types = members("training", "training_type")
    kind = np.concatenate(
        [
            weighted(rng, staff.size, {"staff_online": 5, "staff_offline": 4, "pre_job": 1}, types),
            weighted(rng, others.size, {"startup": 5, "labour_preparation": 3, "pre_job": 2}, types),
        ]
    )
    earliest = np.concatenate([jobs.start[staff], np.full(others.size, city.until - 700)])
    earliest = np.maximum(earliest, city.until - 700)
    start = earliest + (rng.random(person.size) * (city.until - earliest + 1)).astype(np.int64)
    return rows(
        "training",
        person.size,
        id=numbers.chunk_ids("T", group.chunk.number, person.size),
        trainee=group.ids.gather(person),
        organiser=firm_ids.gather(masked(firm, firm != NONE)),
        training_type=kind,
        is_new_hire=(start - earliest < 365) & (firm != NONE) & some(rng, person.size, 0.8),
        training_started_on=start.astype(np.int32),
        approved_body=some(rng, person.size, 0.8),
        internet_plus=some(rng, person.size, 0.4),
        during_epidemic=start >= _EPIDEMIC[0],
    )


def loan_rows(city: Plan, group: People, who: Roles) -> pl.DataFrame:
    """The table of start-up loans, some of partners."""
    rng = generator(city.seed, "loans", group.chunk.number)
    owners = np.unique(who.owner_of[who.owner_of != NONE])
    borrower = exactly(rng, owners, group.chunk.quotas["loan"])
    number = borrower.size
    partners = some(rng, number, 0.15)
    amount = rng.integers(3, 21, number) * 1_000_000
    extension = some(rng, number, 0.2)
    return rows(
        "loan",
        number,
        id=numbers.chunk_ids("N", group.chunk.number, number),
        borrower=group.ids.gather(borrower),
        county=np.full(number, members("loan", "county").index(group.chunk.county)),
        borrower_eligible=some(rng, number, 0.85),
        loan_amount=amount,
        subsidised_amount=np.where(some(rng, number, 0.8), amount, amount // 2),
        partnership=partners,
        partner_loans=_partner_loans(rng, partners),
        quality_project=some(rng, number, 0.15),
        recommended_by_credit_village_park_or_base=some(rng, number, 0.2),
        epidemic_affected_borrower=some(rng, number, 0.3),
        repayment_difficulty=extension & some(rng, number, 0.7),
        extension_requested=extension,
        extension_months=np.where(extension, rng.integers(3, 19, number), 0),
        exception_approved=some(rng, number, 0.05),
        subsidised_loan=some(rng, number, 0.7),
        **{
            "loan_interest_rate.num": rng.choice([485, 585, 635, 685], number),
            "loan_interest_rate.den": np.full(number, 10_000),
        },
        individual_loan=~partners,
        force_majeure=some(rng, number, 0.01),
        unrecovered_amount=np.where(some(rng, number, 0.05), rng.integers(1, 100, number) * 100_000, 0),
    )


def _partner_loans(rng: np.random.Generator, partners: Bools) -> pl.Series:
    """The share of each partner; an empty list for whoever borrows alone."""
    counts = np.where(partners, rng.integers(2, 5, partners.size), 0)
    amounts = (rng.integers(3, 23, int(counts.sum())) * 1_000_000).tolist()
    subsidised = some(rng, int(counts.sum()), 0.7).tolist()
    shares = [{"amount": a, "subsidised": s} for a, s in zip(amounts, subsidised, strict=True)]
    ends = np.cumsum(counts).tolist()
    lists = [shares[end - count : end] for end, count in zip(ends, counts.tolist(), strict=True)]
    return pl.Series(lists, dtype=pl.List(pl.Struct({"amount": pl.Int64, "subsidised": pl.Boolean})))
