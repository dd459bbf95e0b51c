"""How people of a chunk stand: registrations as unemployed, benefits, recognitions, grassroots service."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Ints, plus_months
from wenjiuye.population.synth.careers import FLEXIBLE, Jobs, Registrations, Roles
from wenjiuye.population.synth.chance import exactly, generator, some, weighted
from wenjiuye.population.synth.kernel import masked, members, place, rows
from wenjiuye.population.synth.people import NONE, People
from wenjiuye.population.synth.plan import Plan
from wenjiuye.population.synth.schooling import Schooling

_LEAST_INSURED = 365


def registration_rows(city: Plan, group: People, lost: Registrations) -> pl.DataFrame:
    """The table of registrations as unemployed."""
    rng = generator(city.seed, "registrations", group.chunk.number)
    notes = {"none": 45, "hiring_tax_policy": 45, "self_employment_tax_policy": 10}
    names = members("unemployment_registration", "certificate_note")
    return rows(
        "unemployment_registration",
        lost.number,
        person=group.ids.gather(lost.person),
        registered_on=lost.start,
        ended_on=lost.end,
        laid_off=lost.laid_off,
        insured_before=lost.covered,
        certificate_note=weighted(rng, lost.number, notes, names),
        seeking_work=some(rng, lost.number, 0.85),
        able_to_work=some(rng, lost.number, 0.97),
        wants_to_work=some(rng, lost.number, 0.9),
    )


@dataclass(frozen=True, slots=True)
class Benefits:
    """Terms of benefit. unemployment: of that kind, the others are the flexible subsidy."""

    person: Ints
    unemployment: Bools
    start: Days
    ends: Days
    stopped: Days


def benefits(city: Plan, group: People, lost: Registrations, jobs: Jobs, hardship: Ints) -> Benefits:
    """Terms of unemployment benefit within registrations, and of the subsidy for hard-to-employ flexible workers."""
    rng = generator(city.seed, "benefits", group.chunk.number)
    share = city.calibration.number("gaps", "benefit")
    start = (lost.start + rng.integers(3, 30, lost.number)).astype(np.int32)
    draws = lost.covered & (lost.days_covered >= _LEAST_INSURED) & some(rng, lost.number, share)
    draws &= (start <= np.minimum(lost.end, city.until)) & (start < group.retires[lost.person])
    which = np.flatnonzero(draws)
    years = lost.days_covered[which] // 365
    terms = sorted((int(least), months) for least, months in city.calibration.table("benefit_terms").items())
    steps = np.searchsorted([least for least, _ in terms], years, side="right") - 1
    term = np.array([int(months) for _, months in terms])[steps]
    ends = plus_months(start[which], term) - 1
    stopped = np.where(lost.end[which] < ends, lost.end[which], OPEN)
    flexible = np.flatnonzero((jobs.form == FLEXIBLE) & jobs.insured & np.isin(jobs.person, hardship))
    flexible = flexible[some(rng, flexible.size, 0.6)]
    begun = jobs.start[flexible]
    # A second term never follows: who has drawn benefit is left out.
    later = ~np.isin(jobs.person[flexible], lost.person[which])
    flexible, begun = flexible[later], begun[later]
    return Benefits(
        np.concatenate([lost.person[which], jobs.person[flexible]]),
        np.repeat([True, False], [which.size, flexible.size]),
        np.concatenate([start[which], begun]),
        np.concatenate([ends, plus_months(begun, 36) - 1]).astype(np.int32),
        np.concatenate([stopped, np.full(flexible.size, OPEN)]).astype(np.int32),
    )


def benefit_rows(city: Plan, group: People, drawn: Benefits) -> pl.DataFrame:
    """The table of terms of benefits."""
    rng = generator(city.seed, "benefit_rows", group.chunk.number)
    number = drawn.person.size
    kinds = [place("benefit_period", "kind", kind) for kind in ("unemployment_benefit", "flexible_subsidy")]
    return rows(
        "benefit_period",
        number,
        person=group.ids.gather(drawn.person),
        kind=np.where(drawn.unemployment, *kinds),
        started_on=drawn.start,
        ends_on=drawn.ends,
        stopped_on=drawn.stopped,
        medical_contribution_per_month=masked(rng.integers(200, 420, number) * 100, drawn.unemployment),
    )


# ── Recognitions


@dataclass(frozen=True, slots=True)
class Recognitions:
    """Who is recognised as what since when."""

    person: Ints
    category: Ints
    start: Days
    end: Days

    def of(self, category: str) -> Ints:
        """The people of one category."""
        which = np.flatnonzero(self.category == place("recognition", "category", category))
        return self.person[which]


def recognitions(city: Plan, group: People, school: Schooling, who: Roles) -> Recognitions:
    """Draw the recognitions of a chunk: whole rural households on the poverty register, the rest one by one."""
    rng = generator(city.seed, "recognitions", group.chunk.number)
    share = city.calibration.table("categories")
    age = (city.until - group.born) / 365.25
    everybody = np.arange(group.number)
    grown = everybody[age >= 18]
    looking = np.concatenate([who.unemployed, who.flexible, who.public_post])
    older = looking[np.where(group.male[looking], age[looking] >= 50, age[looking] >= 40)]
    students = np.flatnonzero(school.studies)
    men = everybody[group.male & (age >= 24) & (age < 60)]
    young = everybody[(age >= 18) & (age < 25)]
    owners = np.unique(who.owner_of[who.owner_of != NONE])
    poor = _poor(rng, group)
    lots: list[tuple[str, Ints, float]] = [
        ("poverty_registered", poor, 1.0),
        ("dibao_family", everybody[group.rural], share["dibao_family"]),
        ("disabled", everybody, share["disabled"]),
        ("student_loan", students, share["student_loan"]),
        ("poor_disabled_family", poor, share["poor_disabled_family"]),
        ("special_hardship", everybody, share["special_hardship"]),
        ("hardship_person", looking, share["hardship_person"]),
        ("older_hardship_person", older, share["older_hardship_person"]),
        ("zero_employment_family", who.unemployed, share["zero_employment_family"]),
        ("hardship_family", grown, share["hardship_family"]),
        ("veteran", men, share["veteran"]),
        ("returnee", owners, share["returnee"]),
        ("enlisted", young, share["enlisted"]),
    ]
    people, categories = [], []
    for name, group_of, part in lots:
        chosen = group_of[some(rng, group_of.size, part)]
        people.append(chosen)
        categories.append(np.full(chosen.size, place("recognition", "category", name)))
    person, category = np.concatenate(people), np.concatenate(categories)
    start = np.maximum(city.until - rng.integers(20, 1500, person.size), group.born[person] + 1)
    over = some(rng, person.size, 0.1)
    end = np.where(over, start + rng.integers(180, 1100, person.size), OPEN)
    return Recognitions(person, category, start.astype(np.int32), end.astype(np.int32))


def _poor(rng: np.random.Generator, group: People) -> Ints:
    """Rural households in chance order, until so many people are on the register."""
    count = group.household_rural.size
    order = rng.permutation(np.flatnonzero(group.household_rural))
    housed = group.household != NONE
    sizes = np.bincount(group.household[housed], minlength=count)
    poor = np.zeros(count + 1, dtype=np.bool_)
    poor[order[np.cumsum(sizes[order]) <= group.chunk.quotas["poverty_registered"]]] = True
    return np.flatnonzero(poor[group.household])


def recognition_rows(group: People, known: Recognitions) -> pl.DataFrame:
    """The table of recognitions."""
    return rows(
        "recognition",
        known.person.size,
        person=group.ids.gather(known.person),
        category=known.category,
        valid_from=known.start,
        valid_to=known.end,
    )


def sent_below(city: Plan, group: People, school: Schooling) -> Ints:
    """The graduates who went into grassroots service."""
    rng = generator(city.seed, "grassroots", group.chunk.number)
    free = np.flatnonzero((school.college_left > 0) & (school.college_left < city.until - 60))
    return exactly(rng, free, group.chunk.quotas["grassroots"])


def grassroots_rows(city: Plan, group: People, school: Schooling) -> pl.DataFrame:
    """The table of grassroots service: two years after the certificate."""
    rng = generator(city.seed, "grassroots_rows", group.chunk.number)
    person = sent_below(city, group, school)
    start = school.college_left[person] + rng.integers(20, 60, person.size)
    end = plus_months(start.astype(np.int32), 24) - 1
    over = end <= city.until
    return rows(
        "grassroots_service",
        person.size,
        person=group.ids.gather(person),
        started_on=start.astype(np.int32),
        ended_on=np.where(over, end, OPEN).astype(np.int32),
        completed=masked(some(rng, person.size, 0.9), over),
        assessment_passed=masked(some(rng, person.size, 0.95), over),
    )
