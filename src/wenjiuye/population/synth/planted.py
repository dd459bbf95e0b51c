"""What is wrong in the city on purpose: known payments and hires that a search must find, and no others are.

Four kinds: two measures that exclude each other for one person and month, one measure paid twice for the
same months, a second contract beside the first, a payment after death.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import OPEN, Ints, first_days, last_days, months_of
from wenjiuye.population.synth.careers import CONTRACT, NOBODY, Jobs, Roles, job_ids, joined
from wenjiuye.population.synth.chance import exactly, generator
from wenjiuye.population.synth.firms import Firms, Vacancies
from wenjiuye.population.synth.kernel import rows
from wenjiuye.population.synth.law import law
from wenjiuye.population.synth.payroll import Payments
from wenjiuye.population.synth.people import People
from wenjiuye.population.synth.plan import COUNTIES, Plan

EXCLUSIVE, TWICE, GHOST, AFTER_DEATH = (
    "exclusive_grants",
    "granted_twice",
    "overlapping_contracts",
    "granted_after_death",
)
_MONTHS = 3
_DAYS_BESIDE = 100
TRUTH: dict[str, Any] = {
    "kind": pl.String,
    "person": pl.String,
    "subjects": pl.List(pl.String),
    "first_day": pl.Date,
    "last_day": pl.Date,
}


@dataclass(frozen=True, slots=True)
class Culprits:
    """Positions of people: for paying twice in either way, and of those with a second contract."""

    exclusive: Ints
    twice: Ints
    ghosts: Ints


def culprits(city: Plan, group: People, who: Roles, jobs: Jobs) -> Culprits:
    """Choose who gets what; nobody is chosen for two of them. Those long in their job go first."""
    rng = generator(city.seed, "culprits", group.chunk.number)
    wanted = group.chunk.quotas["planted"]
    open_contract = (jobs.form == CONTRACT) & (jobs.end == OPEN)
    start = np.full(group.number, OPEN, dtype=np.int32)
    start[jobs.person[open_contract]] = jobs.start[open_contract]

    def by_length(people: Ints) -> Ints:
        mixed = rng.permutation(people)
        return mixed[np.argsort(start[mixed] > city.bound - _MONTHS * 31, kind="stable")]

    insured = by_length(who.insured)
    exclusive, twice = insured[:wanted], insured[wanted : 2 * wanted]
    left = np.concatenate([by_length(who.uninsured), insured[2 * wanted :]])
    return Culprits(exclusive, twice, left[:wanted])


def with_ghosts(
    city: Plan, group: People, jobs: Jobs, chosen: Culprits, firms: Firms, hiring: Vacancies
) -> Jobs:
    """The jobs with a second contract for each of the chosen, at another employer, without insurance."""
    rng = generator(city.seed, "ghosts", group.chunk.number)
    person = np.sort(chosen.ghosts)
    open_contract = np.flatnonzero((jobs.form == CONTRACT) & (jobs.end == OPEN))
    real = open_contract[np.isin(jobs.person[open_contract], person)]
    firm = hiring.draw(rng, group.chunk.county, person.size)
    other = hiring.draw(rng, COUNTIES[(COUNTIES.index(group.chunk.county) + 1) % len(COUNTIES)], person.size)
    firm = np.where(firm == jobs.firm[real], other, firm)
    differs = firm != jobs.firm[real]
    start = np.maximum(jobs.start[real] + 1, firms.registered[firm])
    start = np.maximum(start, city.bound - _DAYS_BESIDE)
    number = person.size
    beside = Jobs(
        person,
        firm,
        np.full(number, CONTRACT),
        np.minimum(start, city.until).astype(np.int32),
        np.full(number, OPEN),
        np.full(number, NOBODY),
        np.full(number, 12),
        np.zeros(number, dtype=np.bool_),
        np.zeros(number, dtype=np.bool_),
    ).where(differs)
    together = joined([jobs, beside])
    return together.where(np.lexsort((together.start, together.person)))


def planted_grants(
    city: Plan, group: People, jobs: Jobs, paid: Payments, chosen: Culprits, firm_ids: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of the table of grants that are wrong, and the truth about all that is planted in the chunk."""
    rng = generator(city.seed, "planted", group.chunk.number)
    ids = job_ids(group.chunk.number, jobs.number)
    made = _Planted(rng, city, group, jobs, ids, firm_ids)
    for person in chosen.exclusive:
        made.exclusive(int(person), paid)
    for person in chosen.twice:
        made.twice(int(person), paid)
    for person in exactly(rng, np.flatnonzero(group.died != OPEN), group.chunk.quotas["planted"]):
        made.after_death(int(person))
    for person in np.unique(chosen.ghosts):
        made.ghost(int(person))
    grants = pl.concat(made.grants) if made.grants else rows("grant", 0)
    return grants, pl.DataFrame(made.truth, schema=TRUTH, orient="row")


class _Planted:
    """Collects the wrong rows and tells the truth about each."""

    def __init__(
        self,
        rng: np.random.Generator,
        city: Plan,
        group: People,
        jobs: Jobs,
        ids: pl.Series,
        firm_ids: pl.Series,
    ) -> None:
        self.rng, self.city, self.group, self.jobs = rng, city, group, jobs
        self.ids, self.firm_ids = ids, firm_ids
        self.grants: list[pl.DataFrame] = []
        self.truth: list[tuple[object, ...]] = []

    def exclusive(self, person: int, paid: Payments) -> None:
        job, first, months, mine, own = self._months(person, paid)
        self._grant("hiring_insurance_subsidy", person, job, first, months, mine)
        self._grant("graduate_flexible_insurance_subsidy", person, None, first, months, own * 2 // 3)
        self._tell(EXCLUSIVE, person, [self.ids[job], self.group.ids[person]], first, months)

    def twice(self, person: int, paid: Payments) -> None:
        job, first, months, mine, _ = self._months(person, paid)
        for _again in range(2):
            self._grant("hiring_insurance_subsidy", person, job, first, months, mine)
        self._tell(TWICE, person, [self.ids[job]], first, months)

    def after_death(self, person: int) -> None:
        died = int(self.group.died[person])
        day = died + int(self.rng.integers(5, 50))
        month = int(months_of(np.array([day], dtype=np.int32))[0])
        amount = law(self.city.until_date).certain("minimum_living_standard", self.group.chunk.county)
        self._grant("temporary_living_allowance", person, None, month, 1, amount, day)
        self.truth.append(
            (AFTER_DEATH, self.group.ids[person], [self.group.ids[person]], _date(day), _date(day))
        )

    def ghost(self, person: int) -> None:
        mine = np.flatnonzero(
            (self.jobs.person == person) & (self.jobs.end == OPEN) & (self.jobs.form == CONTRACT)
        )
        if mine.size < 2:
            return
        since = int(self.jobs.start[mine].max())
        self.truth.append(
            (
                GHOST,
                self.group.ids[person],
                [self.ids[int(job)] for job in mine],
                _date(since),
                _date(self.city.until),
            )
        )

    def _months(self, person: int, paid: Payments) -> tuple[int, int, int, int, int]:
        """The job, first month, number of months, and what employer and person paid, of the first months."""
        job = int(
            np.flatnonzero((self.jobs.person == person) & (self.jobs.end == OPEN) & self.jobs.insured)[0]
        )
        which = np.flatnonzero(paid.job == job)[:_MONTHS]
        employer = paid.pension[which] + paid.unemployment[which] + paid.medical[which]
        return job, int(paid.month[which[0]]), which.size, int(employer.sum()), int(paid.own[which].sum())

    def _grant(
        self,
        measure: str,
        person: int,
        job: int | None,
        first: int,
        months: int,
        amount: int,
        day: int | None = None,
    ) -> None:
        ended = int(last_days(np.array([first + months - 1]))[0])
        if day is None:
            day = int(self.rng.integers(ended, self.city.until + 1))
        self.grants.append(
            rows(
                "grant",
                1,
                person=self.group.ids[person],
                enterprise=None if job is None else self.firm_ids[int(self.jobs.firm[job])],
                measure=measure,
                subject_id=self.group.ids[person] if job is None else self.ids[job],
                first_month=first_days(np.array([first])),
                months=months,
                amount=amount,
                granted_on=np.array([day]),
            )
        )

    def _tell(self, kind: str, person: int, subjects: list[str], first: int, months: int) -> None:
        start, end = int(first_days(np.array([first]))[0]), int(last_days(np.array([first + months - 1]))[0])
        self.truth.append((kind, self.group.ids[person], subjects, _date(start), _date(end)))


def _date(day: int) -> object:
    return np.datetime64(day, "D").item()
