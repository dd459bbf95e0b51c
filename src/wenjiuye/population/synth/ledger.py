"""What was paid before: grants that the measures could give, never more than they give."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import (
    OPEN,
    Bools,
    Ints,
    day_number,
    first_days,
    last_days,
    months_of,
)
from wenjiuye.population.synth.careers import CONTRACT, FLEXIBLE, Jobs, Registrations, Roles, job_ids
from wenjiuye.population.synth.chance import generator, some
from wenjiuye.population.synth.firm_books import Leases
from wenjiuye.population.synth.firms import LARGE, PUBLIC, Firms
from wenjiuye.population.synth.kernel import masked, rows
from wenjiuye.population.synth.law import Law, law
from wenjiuye.population.synth.payroll import Ledgers, Payments
from wenjiuye.population.synth.people import NONE, People
from wenjiuye.population.synth.plan import Chunk, Plan
from wenjiuye.population.synth.planted import Culprits
from wenjiuye.population.synth.programmes import Internships
from wenjiuye.population.synth.schooling import Schooling
from wenjiuye.population.synth.standing import Recognitions

_SPRING_2020 = (day_number(dt.date(2020, 1, 20)), day_number(dt.date(2020, 4, 30)))
"""Hires from 20 January to the end of April 2020 count as taken on for the epidemic."""


@dataclass(frozen=True, slots=True)
class History:
    """All that payments of a chunk follow from."""

    group: People
    school: Schooling
    who: Roles
    jobs: Jobs
    lost: Registrations
    known: Recognitions
    paid: Payments
    held: Leases
    interns: Internships
    chosen: Culprits


def grant_rows(city: Plan, firms: Firms, past: History, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of grants of a chunk without what is planted and without the refunds of firms."""
    rng = generator(city.seed, "grants", past.group.chunk.number)
    make = _Grants(rng, city, firms, past, firm_ids, law(city.until_date), city.calibration.table("grants"))
    return pl.concat(
        [*make.for_hires(), *make.for_flexible_work(), *make.once(), make.for_interns(), make.for_parks()]
    )


@dataclass(frozen=True, slots=True)
class _Grants:
    rng: np.random.Generator
    city: Plan
    firms: Firms
    past: History
    firm_ids: pl.Series
    rules: Law
    share: dict[str, float]

    def for_hires(self) -> list[pl.DataFrame]:
        """Hiring, insurance and epidemic subsidies for hires from the groups that they are meant for."""
        jobs, group, firms = self.past.jobs, self.past.group, self.firms
        ids = job_ids(group.chunk.number, jobs.number)
        fits = self._meant(jobs) & (firms.size[jobs.firm] < LARGE) & (firms.form[jobs.firm] != PUBLIC)
        recent = (jobs.start >= self.city.until - 700) & (jobs.start <= self.city.until - 120)
        fits &= (jobs.form == CONTRACT) & recent & jobs.insured & jobs.covered & (jobs.term >= 12)
        chosen = self.past.chosen
        fits &= ~np.isin(jobs.person, np.concatenate([chosen.exclusive, chosen.twice, chosen.ghosts]))
        spring = (jobs.form == CONTRACT) & firms.worked_through[jobs.firm]
        spring &= (jobs.start >= _SPRING_2020[0]) & (jobs.start <= _SPRING_2020[1])
        hired = np.flatnonzero(fits & ~spring & some(self.rng, jobs.number, self.share["hiring_subsidy"]))
        urgent = np.flatnonzero(spring)
        return [
            self._for_jobs("hiring_subsidy", "hiring_subsidy_amount", hired, ids),
            self._for_jobs("epidemic_hiring_subsidy", "epidemic_hiring_subsidy_amount", urgent, ids),
            self._insurance(
                "hiring_insurance_subsidy",
                np.flatnonzero(fits & some(self.rng, jobs.number, self.share["hiring_insurance_subsidy"])),
                self.rules.certain("hiring_insurance_months"),
                self.past.paid.pension + self.past.paid.unemployment + self.past.paid.medical,
                (1, 1),
                ids,
            ),
        ]

    def _meant(self, jobs: Jobs) -> Bools:
        """Hires who had been registered for half a year, or left college within a year and had no job."""
        registered = self.past.lost
        long = registered.end - registered.start >= 183
        ended = np.full(self.past.group.number, -1, dtype=np.int64)
        ended[registered.person[long]] = registered.end[long]
        left = self.past.school.college_left[jobs.person]
        first = np.append(True, jobs.person[1:] != jobs.person[:-1])[: jobs.number]
        graduate = (left > 0) & (jobs.start > left) & (jobs.start <= left + 365) & first
        graduate |= ended[jobs.person] == jobs.start - 1
        return np.asarray(graduate, dtype=np.bool_)

    def _for_jobs(self, measure: str, value: str, which: Ints, ids: pl.Series) -> pl.DataFrame:
        jobs = self.past.jobs
        latest = np.minimum(jobs.end[which], self.city.until)
        day = np.minimum(jobs.start[which] + self.rng.integers(20, 90, which.size), latest)
        return rows(
            "grant",
            which.size,
            person=self.past.group.ids.gather(jobs.person[which]),
            enterprise=self.firm_ids.gather(jobs.firm[which]),
            measure=measure,
            subject_id=ids.gather(which),
            amount=self.rules.certain(value),
            granted_on=day,
        )

    def _insurance(
        self, measure: str, which: Ints, most: int, paid: Ints, share: tuple[int, int], ids: pl.Series
    ) -> pl.DataFrame:
        """A share of what was paid in the first months of some jobs, at most so many, for months that are over.

        No more than months times their mean, rounded down.
        """
        jobs, payments = self.past.jobs, self.past.paid
        rank = np.arange(payments.number) - np.searchsorted(payments.job, payments.job)
        count = np.bincount(payments.job, minlength=jobs.number)[which]
        which, count = which[count > 0], count[count > 0]
        granted = 1 + (self.rng.random(which.size) * np.minimum(count, most)).astype(np.int64)
        limit = np.zeros(jobs.number, dtype=np.int64)
        limit[which] = granted
        within = rank < limit[payments.job]
        total = np.bincount(payments.job[within], weights=paid[within], minlength=jobs.number)
        amount = total[which].astype(np.int64) // granted * granted * share[0] // share[1]
        first = payments.month[np.searchsorted(payments.job, which)]
        over = last_days(first + granted - 1)
        day = np.minimum(over + self.rng.integers(1, 60, which.size), self.city.until)
        alone = jobs.firm[which] == NONE
        frame = rows(
            "grant",
            which.size,
            person=self.past.group.ids.gather(jobs.person[which]),
            enterprise=self.firm_ids.gather(masked(jobs.firm[which], ~alone)),
            measure=measure,
            subject_id=ids.gather(which),
            first_month=first_days(first),
            months=granted,
            amount=amount,
            granted_on=day,
        )
        return frame.filter(pl.Series(amount > 0))

    def for_flexible_work(self) -> list[pl.DataFrame]:
        """The subsidy for graduates in flexible work, by person."""
        jobs, group = self.past.jobs, self.past.group
        left = self.past.school.college_left[jobs.person]
        first = np.append(True, jobs.person[1:] != jobs.person[:-1])[: jobs.number]
        fits = (jobs.form == FLEXIBLE) & jobs.insured & (left > 0) & first
        fits &= (jobs.start > left) & (jobs.start <= left + 730)
        fits &= some(self.rng, jobs.number, self.share["graduate_flexible"])
        return [
            self._insurance(
                "graduate_flexible_insurance_subsidy",
                np.flatnonzero(fits),
                self.rules.certain("graduate_flexible_months"),
                self.past.paid.own,
                self.rules.share("graduate_flexible_share"),
                group.ids.gather(jobs.person),
            )
        ]

    def once(self) -> list[pl.DataFrame]:
        """Single payments to people."""
        past, known, until = self.past, self.past.known, self.city.until
        left = past.school.college_left
        unemployed_graduates = past.who.unemployed[left[past.who.unemployed] > until - 730]
        owned = np.flatnonzero(past.who.owner_of != NONE)
        opened = np.zeros(past.group.number, dtype=np.int32)
        np.maximum.at(
            opened, past.who.owner_of[owned], self.firms.registered[past.group.chunk.first_firm + owned]
        )
        returnees = known.of("returnee")
        returnees = returnees[opened[returnees] <= until - 400]
        courses = past.school.courses
        final = courses.person[(courses.left == OPEN) & (courses.expected <= until + 365)]
        borrowers = np.intersect1d(known.of("student_loan"), final)
        hard = np.intersect1d(known.of("hardship_person"), past.who.unemployed)
        county = past.group.chunk.county
        assisted = past.lost.person[
            past.lost.covered & (past.lost.end == OPEN) & (past.lost.start < until - 750)
        ]
        return [
            self._single(
                "returnee_startup_subsidy", returnees, self.rules.certain("returnee_startup_amount")
            ),
            self._single(
                "hardship_graduate_subsidy", borrowers, self.rules.certain("hardship_graduate_amount")
            ),
            self._single(
                "registered_graduate_subsidy",
                unemployed_graduates,
                self.rules.certain("registered_graduate_amount"),
            ),
            self._single(
                "enlistment_allowance", known.of("enlisted"), self.rules.certain("enlistment_amount")
            ),
            self._single(
                "temporary_living_allowance",
                hard,
                self.rules.certain("minimum_living_standard", county),
                most=self.rules.certain("living_allowance_months"),
            ),
            self._single(
                "unemployment_assistance",
                assisted,
                self._of("assistance_share", self.rules.certain("unemployment_benefit", county)),
                most=self.rules.certain("assistance_months"),
            ),
        ]

    def _of(self, share: str, amount: int) -> int:
        upper, lower = self.rules.share(share)
        return amount * upper // lower

    def _single(self, measure: str, people: Ints, amount: int, most: int = 0) -> pl.DataFrame:
        """One payment to some of these people, in the last three months; with months where there is a most."""
        people = np.unique(people)
        people = people[
            (self.past.group.died[people] == OPEN) & some(self.rng, people.size, self.share["one_off"])
        ]
        months = self.rng.integers(1, most + 1, people.size) if most else np.ones(people.size, dtype=np.int64)
        day = self.city.until - self.rng.integers(0, 90, people.size)
        first = months_of(day.astype(np.int32)) - months
        ids = self.past.group.ids.gather(people)
        return rows(
            "grant",
            people.size,
            person=ids,
            measure=measure,
            subject_id=ids,
            first_month=first_days(first) if most else None,
            months=months if most else None,
            amount=amount * months,
            granted_on=day,
        )

    def for_interns(self) -> pl.DataFrame:
        """The subsidy for internships that ran for all the months planned, at the ordinary rate."""
        held, group = self.past.interns, self.past.group
        complete = (held.end != OPEN) & ~(held.kept & (held.signed <= held.end + 1))
        which = np.flatnonzero(complete & some(self.rng, held.person.size, self.share["internship"]))
        wage = self.rules.by_county("minimum_wage")[self.firms.county[held.host[which]]]
        upper, lower = self.rules.share("internship_ordinary_rate")
        months = held.planned[which]
        day = np.minimum(held.end[which] + self.rng.integers(1, 60, which.size), self.city.until)
        return rows(
            "grant",
            which.size,
            person=group.ids.gather(held.person[which]),
            enterprise=self.firm_ids.gather(held.host[which]),
            measure="internship_subsidy",
            subject_id=held.ids.gather(which),
            first_month=first_days(months_of(held.start[which])),
            months=months,
            amount=wage * upper // lower * months,
            granted_on=day,
        )

    def for_parks(self) -> pl.DataFrame:
        """Half the rent of returnees' firms in parks, below a twelfth of the yearly cap a month."""
        held = self.past.held
        start = np.maximum(months_of(held.start), self.city.first_month)
        length = self.city.last_month - start
        fits = (held.park >= 0) & self.firms.returnee[held.firm] & (held.end == OPEN) & (length >= 2)
        which = np.flatnonzero(fits & some(self.rng, held.firm.size, self.share["park"]))
        most = self.rules.certain("park_subsidy_months")
        months = 1 + (self.rng.random(which.size) * np.minimum(length[which], most)).astype(np.int64)
        upper, lower = self.rules.share("park_cost_share")
        monthly = np.minimum(held.rent[which] * upper // lower, self.rules.certain("park_subsidy_cap") // 12)
        day = last_days(start[which] + months - 1) + self.rng.integers(1, 30, which.size)
        return rows(
            "grant",
            which.size,
            enterprise=self.firm_ids.gather(held.firm[which]),
            measure="park_tenant_cost_subsidy",
            subject_id=held.ids.gather(which),
            first_month=first_days(start[which]),
            months=months,
            amount=monthly * months,
            granted_on=np.minimum(day, self.city.until),
        )


def refund_rows(
    city: Plan, chunk: Chunk, firms: Firms, ledgers: Ledgers, firm_ids: pl.Series
) -> pl.DataFrame:
    """The refund of last year's unemployment premiums to employers that neither shrink nor owe anything."""
    rng = generator(city.seed, "refunds", chunk.number)
    here = np.arange(chunk.first_firm, chunk.first_firm + chunk.firms)
    fits = (firms.slot[here] >= 0) & (firms.size[here] < LARGE) & (firms.form[here] != PUBLIC)
    fits &= ~firms.shrinking[here] & (firms.unpaid_from[here] > city.last_month)
    firm = here[fits & some(rng, here.size, city.calibration.number("grants", "stability_refund"))]
    start = (city.year - 1) * 12 - city.first_month
    months = np.arange(max(0, start), max(0, min(start + 12, city.months)))
    places = firms.slot[firm][:, None] * city.months + months
    sums = ledgers.sums
    paid = (sums["unemployment"] + sums["own_unemployment"] - sums["unemployment_waived"])[places].sum(axis=1)
    upper, lower = law(city.until_date).share("refund_share_sme")
    year_start = int(first_days(np.array([city.year * 12]))[0])
    day = rng.integers(min(year_start + 60, city.until), city.until + 1, firm.size)
    frame = rows(
        "grant",
        firm.size,
        enterprise=firm_ids.gather(firm),
        measure="stability_refund_sme",
        subject_id=firm_ids.gather(firm),
        amount=paid * upper // lower,
        granted_on=day,
    )
    return frame.filter(pl.Series(paid > 0))
