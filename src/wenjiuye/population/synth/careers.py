"""Working lives of a chunk: who has which part now, and the jobs and registrations that led there.

Written backwards in time: what somebody does now has a first day, the job before ended before it, and so
on. That no two contracts of a person overlap follows from that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from wenjiuye.population.synth import numbers
from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Ints
from wenjiuye.population.synth.chance import exactly, generator, some
from wenjiuye.population.synth.firms import COMPANY, PUBLIC, TRADER, Firms, Vacancies
from wenjiuye.population.synth.kernel import masked, place, rows
from wenjiuye.population.synth.people import People
from wenjiuye.population.synth.plan import Plan
from wenjiuye.population.synth.schooling import Schooling

CONTRACT, FLEXIBLE, PUBLIC_POST = (
    place("employment", "form", form) for form in ("labour_contract", "flexible", "public_post")
)
LAYOFF, RAN_OUT, RESIGNED, RETIRED, DIED, TRANSFERRED, OTHER = range(7)
NOBODY = -1
_BACK = 9 * 365
_SHORTEST = 30
_POST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class Roles:
    """Who of a chunk does what on the last day, as positions of people; nobody is in two of them."""

    insured: Ints
    insured_otherwise: Ints
    uninsured: Ints
    flexible: Ints
    public_post: Ints
    unemployed: Ints
    idle: Ints
    owner_of: Ints
    """For each employer of the chunk its owner, -1 for none."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs as arrays. firm: position in the city, -1 without. reason: -1 while the job goes on.

    insured: contributions are paid for it; covered: against unemployment too.
    """

    person: Ints
    firm: Ints
    form: Ints
    start: Days
    end: Days
    reason: Ints
    term: Ints
    insured: Bools
    covered: Bools

    @property
    def number(self) -> int:
        """How many there are."""
        return self.person.size

    def where(self, mask: Bools | Ints) -> Jobs:
        """Some of them."""
        return Jobs(*(getattr(self, f.name)[mask] for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Registrations:
    """Registrations as unemployed. months_insured: length of the job lost, 0 where it was not covered."""

    person: Ints
    start: Days
    end: Days
    laid_off: Bools
    covered: Bools
    days_covered: Ints

    @property
    def number(self) -> int:
        """How many there are."""
        return self.person.size


def joined(parts: list[Jobs]) -> Jobs:
    """Several lots of jobs as one."""
    return Jobs(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Jobs)))


# ── Who does what


def roles(city: Plan, group: People, school: Schooling, firms: Firms) -> Roles:
    """Give every part to so many people of working age."""
    rng = generator(city.seed, "roles", group.chunk.number)
    ready = np.minimum(city.bound, city.until - 60)
    fit = (group.died == OPEN) & (school.works_from <= ready) & ~school.studies
    fit &= group.retires > city.until + 31
    owner_of, taken = _owners(rng, city, group, firms, fit)
    free = rng.permutation(np.flatnonzero(fit & ~taken))
    quotas = group.chunk.quotas
    parts: list[Ints] = []
    for name in (
        "unemployment_insured",
        "insured_otherwise",
        "registered_unemployed",
        "public_posts",
        "contracts_uninsured",
        "flexible_workers",
    ):
        parts.append(free[: quotas[name]])
        free = free[quotas[name] :]
    return Roles(parts[0], parts[1], parts[4], parts[5], parts[3], parts[2], free, owner_of)


def _owners(
    rng: np.random.Generator, city: Plan, group: People, firms: Firms, fit: Bools
) -> tuple[Ints, Bools]:
    """An owner for every sole trader and most small companies, grown up when it was registered.

    A few own two. Where a chunk has too few people some own more.
    """
    chunk = group.chunk
    here = slice(chunk.first_firm, chunk.first_firm + chunk.firms)
    form, registered = firms.form[here], firms.registered[here]
    wants = (form == TRADER) | ((form == COMPANY) & (firms.size[here] <= 1) & some(rng, chunk.firms, 0.7))
    second = wants & some(rng, chunk.firms, 0.03)
    owner_of = np.full(chunk.firms, NOBODY, dtype=np.int64)
    taken = np.zeros(group.number, dtype=np.bool_)
    grown = fit & (group.born <= city.until - 22 * 365)
    older = rng.permutation(np.flatnonzero(grown & (group.born <= city.until - 42 * 365)))
    if not older.size:
        return owner_of, taken
    old_firms = np.flatnonzero(wants & ~second & (registered < city.until - 4 * 365))
    new_firms = np.flatnonzero(wants & ~second & (registered >= city.until - 4 * 365))
    owner_of[old_firms] = np.resize(older, old_firms.size)
    taken[owner_of[old_firms]] = True
    others = exactly(rng, np.flatnonzero(grown & ~taken), new_firms.size)
    owner_of[new_firms] = np.resize(others if others.size else older, new_firms.size)
    taken[owner_of[new_firms]] = True
    owning = np.flatnonzero(taken & (group.born <= city.until - 42 * 365))
    if owning.size:
        owner_of[second] = rng.choice(owning, int(second.sum()))
    return owner_of, taken


# ── Jobs


def working_lives(
    city: Plan,
    group: People,
    school: Schooling,
    firms: Firms,
    who: Roles,
    hiring: tuple[Vacancies, Vacancies],
) -> tuple[Jobs, Registrations]:
    """The jobs of a chunk in the order of people, and the registrations between them.

    hiring: employers with insurance, and any.
    """
    rng = generator(city.seed, "careers", group.chunk.number)
    life = _Life(city, group, school, firms, rng, *hiring)
    now = [
        life.contracts_now(who.insured, insured=True, covered=True),
        life.contracts_now(who.insured_otherwise, insured=True, covered=False),
        life.contracts_now(who.uninsured, insured=False, covered=False),
        life.flexible_now(who.flexible),
        life.public_posts_now(who.public_post),
    ]
    begins = np.full(group.number, OPEN, dtype=np.int32)
    for lot in now:
        begins[lot.person] = lot.start
    owned = np.flatnonzero(who.owner_of != NOBODY)
    np.minimum.at(begins, who.owner_of[owned], firms.registered[group.chunk.first_firm + owned])
    enrolled = life.unemployed_now(who.unemployed)
    begins[enrolled.person] = enrolled.start
    working = np.flatnonzero((begins != OPEN) & some(rng, group.number, 0.75))
    working = np.union1d(working, enrolled.person[some(rng, enrolled.number, 0.8)])
    first, between_first = life.before(working, begins[working], registers=~np.isin(working, who.unemployed))
    earlier = first.person[some(rng, first.number, 0.5)]
    begins[first.person] = first.start
    second, between_second = life.before(
        earlier, begins[earlier], registers=np.ones(earlier.size, dtype=np.bool_)
    )
    without = np.setdiff1d(who.unemployed, first.person)
    posted = life.posts_before(without[some(rng, without.size, 0.3)], begins)
    last = life.ended_lives()
    enrolled = _with_last_job(enrolled, first)
    jobs = joined([*now, first, second, posted, last])
    order = np.lexsort((jobs.start, jobs.person))
    return jobs.where(order), _joined_registrations([enrolled, between_first, between_second])


@dataclass(frozen=True, slots=True)
class _Life:
    city: Plan
    group: People
    school: Schooling
    firms: Firms
    rng: np.random.Generator
    insured: Vacancies
    any: Vacancies

    def contracts_now(self, person: Ints, *, insured: bool, covered: bool) -> Jobs:
        """Contracts that go on, with the last month ended as the latest start."""
        draw = self.insured if insured else self.any
        firm = draw.draw(self.rng, self.group.chunk.county, person.size)
        earliest = np.maximum(self.school.works_from[person], self.firms.registered[firm])
        start = np.maximum(self.city.bound - self._length(person.size), earliest)
        return Jobs(
            person,
            firm,
            np.full(person.size, CONTRACT),
            np.minimum(start, self.city.bound).astype(np.int32),
            np.full(person.size, OPEN),
            np.full(person.size, NOBODY),
            self._terms(person.size),
            np.full(person.size, insured),
            np.full(person.size, covered),
        )

    def flexible_now(self, person: Ints) -> Jobs:
        """Flexible work that goes on. insured: the person pays contributions."""
        start = self.city.bound - np.minimum(self.rng.exponential(900, person.size), 5000)
        start = np.maximum(start, self.school.works_from[person]).astype(np.int32)
        pays = some(self.rng, person.size, self.city.calibration.number("flexible_insured_share"))
        return self._other(person, np.full(person.size, NOBODY), FLEXIBLE, start, pays)

    def public_posts_now(self, person: Ints) -> Jobs:
        """Public posts that go on, up to three years long."""
        since = self.city.bound - self.rng.integers(20, 1000, person.size, dtype=np.int32)
        return self._posts(person, since, np.full(person.size, OPEN))

    def posts_before(self, person: Ints, begins: Days) -> Jobs:
        """Public posts that ran out shortly before something else began."""
        end = begins[person] - 1 - self.rng.integers(0, 30, person.size, dtype=np.int32)
        return self._posts(person, end - self.rng.integers(200, 1090, person.size, dtype=np.int32), end)

    def _posts(self, person: Ints, since: Days, end: Days) -> Jobs:
        """Public posts with public bodies of any county; none where the city has no such body."""
        bodies = np.flatnonzero(self.firms.form == PUBLIC)
        at = self.rng.integers(0, max(1, bodies.size), person.size)
        firm = np.append(bodies, 0)[at]
        earliest = np.maximum(self.school.works_from[person], self.firms.registered[firm])
        start = np.maximum(since, earliest).astype(np.int32)
        lot = self._other(person, firm, PUBLIC_POST, start, np.zeros(person.size, dtype=np.bool_))
        over = end != OPEN
        lot = replace(
            lot,
            end=end,
            reason=np.where(over, RAN_OUT, NOBODY),
            term=np.full(person.size, _POST_MONTHS),
        )
        return lot.where((end - start >= _SHORTEST) & (bodies.size > 0))

    def _other(self, person: Ints, firm: Ints, form: int, start: Days, pays: Bools) -> Jobs:
        number = person.size
        nothing = np.zeros(number, dtype=np.bool_)
        return Jobs(
            person,
            firm,
            np.full(number, form),
            start,
            np.full(number, OPEN),
            np.full(number, NOBODY),
            np.full(number, NOBODY),
            pays,
            nothing,
        )

    def unemployed_now(self, person: Ints) -> Registrations:
        """Registrations that are open."""
        start = self.city.until - np.minimum(self.rng.exponential(240, person.size), 1100)
        start = np.maximum(start, self.school.works_from[person]).astype(np.int32)
        nothing = np.zeros(person.size, dtype=np.bool_)
        return Registrations(
            person, start, np.full(person.size, OPEN), nothing, nothing, np.zeros(person.size, dtype=np.int64)
        )

    def before(self, person: Ints, begins: Days, *, registers: Bools) -> tuple[Jobs, Registrations]:
        """The contract before something that begins on a day, and registrations in the time between.

        Where something else is registered from that day (`registers` false) the gap stays short.
        """
        figures, number = self.city.calibration, person.size
        long = some(self.rng, number, figures.number("gaps", "between_jobs")) & registers
        gap = np.where(long, self.rng.integers(60, 500, number), self.rng.integers(0, 25, number))
        end = (np.minimum(begins, self.city.until) - 1 - gap).astype(np.int32)
        insured = some(self.rng, number, figures.number("past_insured"))
        firm = np.where(
            insured,
            self.insured.draw(self.rng, self.group.chunk.county, number),
            self.any.draw(self.rng, self.group.chunk.county, number),
        )
        start = end - np.minimum(self._length(number), 3000)
        start = np.maximum(start, np.maximum(self.school.works_from[person], self.firms.registered[firm]))
        kept = (end - start >= _SHORTEST) & (end >= self.city.until - _BACK)
        lot = Jobs(
            person,
            firm,
            np.full(number, CONTRACT),
            start.astype(np.int32),
            end,
            self._reasons(firm),
            self._terms(number),
            insured,
            insured & some(self.rng, number, 0.94),
        )
        registered = kept & long & some(self.rng, number, figures.number("gaps", "registered"))
        after = (end + self.rng.integers(3, 31, number)).astype(np.int32)
        spells = Registrations(
            person[registered],
            after[registered],
            (begins - 1)[registered].astype(np.int32),
            (lot.reason == LAYOFF)[registered],
            lot.covered[registered],
            np.where(lot.covered, end - lot.start, 0)[registered].astype(np.int64),
        )
        return lot.where(kept), spells

    def ended_lives(self) -> Jobs:
        """The last contracts of some who retired or died in the last years."""
        group, city = self.group, self.city
        died = np.flatnonzero((group.died != OPEN) & (group.retires > group.died))
        retired = np.flatnonzero(
            (group.retires <= city.until) & (group.retires > city.until - 5 * 365) & (group.died == OPEN)
        )
        retired = retired[some(self.rng, retired.size, 0.25)]
        person = np.concatenate([died, retired])
        end = np.concatenate([group.died[died], group.retires[retired]]).astype(np.int32)
        reason = np.concatenate([np.full(died.size, DIED), np.full(retired.size, RETIRED)])
        firm = self.insured.draw(self.rng, group.chunk.county, person.size)
        start = end - np.minimum(self._length(person.size) + 300, 6000)
        start = np.maximum(start, np.maximum(self.school.works_from[person], self.firms.registered[firm]))
        lot = Jobs(
            person,
            firm,
            np.full(person.size, CONTRACT),
            start.astype(np.int32),
            end,
            reason,
            self._terms(person.size),
            np.ones(person.size, dtype=np.bool_),
            np.ones(person.size, dtype=np.bool_),
        )
        return lot.where(end - start >= _SHORTEST)

    def _length(self, number: int) -> Ints:
        """Days that contracts last."""
        years = self.rng.exponential(1 / self.city.calibration.number("turnover"), number)
        return (np.minimum(years, 25) * 365).astype(np.int64)

    def _terms(self, number: int) -> Ints:
        """Lengths of contracts in months; 1200 is open-ended."""
        return self.rng.choice([6, 12, 24, 36, 60, 1200], number, p=[0.06, 0.34, 0.18, 0.3, 0.05, 0.07])

    def _reasons(self, firm: Ints) -> Ints:
        figures = self.city.calibration
        reason = self.rng.choice(
            [RAN_OUT, RESIGNED, TRANSFERRED, OTHER], firm.size, p=[0.32, 0.5, 0.06, 0.12]
        )
        share = np.where(
            self.firms.shrinking[firm],
            figures.number("layoffs", "shrinking"),
            figures.number("layoffs", "ordinary"),
        )
        reason[self.rng.random(firm.size) < share] = LAYOFF
        return reason


def _with_last_job(enrolled: Registrations, jobs: Jobs) -> Registrations:
    """Open registrations with what is known of the job lost before."""
    at = np.full(int(max(enrolled.person.max(initial=0), jobs.person.max(initial=0))) + 1, NOBODY)
    at[jobs.person] = np.arange(jobs.number)
    last = at[enrolled.person]
    had = last != NOBODY
    covered, reason = np.append(jobs.covered, False)[last], np.append(jobs.reason, NOBODY)[last]
    days = np.append(jobs.end - jobs.start, 0)[last]
    return Registrations(
        enrolled.person,
        enrolled.start,
        enrolled.end,
        had & (reason == LAYOFF),
        had & covered,
        np.where(had & covered, days, 0).astype(np.int64),
    )


def _joined_registrations(parts: list[Registrations]) -> Registrations:
    columns = [np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Registrations)]
    return Registrations(*columns)


# ── Table


def job_ids(chunk: int, number: int) -> pl.Series:
    """The ids of the jobs of a chunk, in their order."""
    return numbers.chunk_ids("J", chunk, number)


def employment_rows(group: People, jobs: Jobs, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of employments."""
    return rows(
        "employment",
        jobs.number,
        id=job_ids(group.chunk.number, jobs.number),
        person=group.ids.gather(jobs.person),
        employer=firm_ids.gather(masked(jobs.firm, jobs.firm != NOBODY)),
        form=jobs.form,
        started_on=jobs.start,
        ended_on=jobs.end,
        contract_months=masked(jobs.term, jobs.term != NOBODY),
        end_reason=masked(jobs.reason, jobs.reason != NOBODY),
    )
