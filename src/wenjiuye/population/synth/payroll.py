"""Contributions of a chunk month by month, and what they add up to for each employer: its premiums.

A month is paid by whoever employs the person on its last day. Sums of the city are kept by employer and
month, so that the premiums of an employer count people of every chunk.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from wenjiuye.population.synth.calendar import (
    Bools,
    Ints,
    first_days,
    last_days,
    month_text_number,
    months_of,
)
from wenjiuye.population.synth.calibration import Calibration
from wenjiuye.population.synth.careers import CONTRACT, FLEXIBLE, Jobs
from wenjiuye.population.synth.chance import generator
from wenjiuye.population.synth.firms import LARGE, PUBLIC, Firms
from wenjiuye.population.synth.kernel import masked, members, place, rows
from wenjiuye.population.synth.people import People
from wenjiuye.population.synth.plan import Chunk, Plan

_PARTS = 100_000
KINDS = ("pension", "unemployment", "work_injury", "medical")
_SUMS = (
    "people",
    "covered",
    "base",
    "covered_base",
    "pension",
    "unemployment",
    "medical",
    "pension_waived",
    "unemployment_waived",
    "own_pension",
    "own_unemployment",
    "own_medical",
)


@dataclass(frozen=True, slots=True)
class Payments:
    """Rows of contributions as arrays; sums in fen.

    job: position among the jobs of the chunk. month: as a number. paid: whether the employer was not in arrears.
    """

    job: Ints
    month: Ints
    base: Ints
    pension: Ints
    unemployment: Ints
    medical: Ints
    own: Ints

    @property
    def number(self) -> int:
        """How many there are."""
        return self.job.size


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What is due from every insured employer in every month: an array per sum, by slot and month."""

    months: int
    sums: dict[str, npt.NDArray[np.int64]]

    @classmethod
    def empty(cls, slots: int, months: int) -> Ledgers:
        """Nothing due yet."""
        return cls(months, {name: np.zeros(slots * months, dtype=np.int64) for name in _SUMS})

    def add(self, places: Ints, **amounts: Ints) -> None:
        """Add amounts at places (slot times months plus month)."""
        for name, amount in amounts.items():
            np.add.at(self.sums[name], places, amount)


def waived_halves(city: Plan, firms: Firms, firm: Ints, month: Ints) -> Ints:
    """How many halves of the employer's part are waived: 2 for the small, 1 for the large, 0 otherwise."""
    spans = city.calibration.texts("waiver")
    first, small, large = (month_text_number(spans[k]) for k in ("first", "last_small", "last_large"))
    big = firms.size[firm] == LARGE
    inside = (month >= first) & (month <= np.where(big, large, small)) & (firms.form[firm] != PUBLIC)
    return np.where(inside, np.where(big, 1, 2), 0)


def contributions(city: Plan, group: People, jobs: Jobs, firms: Firms, ledgers: Ledgers) -> Payments:
    """The contributions of every insured job of a chunk, added to the ledgers of their employers."""
    rng = generator(city.seed, "payroll", group.chunk.number)
    first = np.maximum(months_of(jobs.start), city.first_month)
    # A job that goes on ends after every month; one that ended pays for the last month it filled to the end.
    last = np.where(jobs.end > city.bound, city.last_month, 0)
    over = jobs.end <= city.bound
    last[over] = months_of(jobs.end[over] + 1) - 1
    length = np.where(jobs.insured, np.maximum(0, last - first + 1), 0)
    job = np.repeat(np.arange(jobs.number), length)
    month = np.arange(job.size) - np.repeat(np.cumsum(length) - length, length) + first[job]
    wage = _wages(rng, city.calibration, jobs.number)
    base = _bases(city.calibration, wage[job], month)
    employed = jobs.form[job] == CONTRACT
    return _paid(city, jobs, firms, ledgers, job, month, base, employed)


def _paid(
    city: Plan,
    jobs: Jobs,
    firms: Firms,
    ledgers: Ledgers,
    job: Ints,
    month: Ints,
    base: Ints,
    employed: Bools,
) -> Payments:
    employer, own = city.calibration.table("employer_rates"), city.calibration.table("own_rates")
    alone = city.calibration.table("flexible_rates")
    covered = jobs.covered[job]
    firm = np.where(employed, jobs.firm[job], 0)
    due = {
        "pension": _part(base, employer["pension"]),
        "unemployment": np.where(covered, _part(base, employer["unemployment"]), 0),
        "medical": _part(base, employer["medical"]),
    }
    mine = {
        "own_pension": _part(base, own["pension"]),
        "own_unemployment": np.where(covered, _part(base, own["unemployment"]), 0),
        "own_medical": _part(base, own["medical"]),
    }
    halves = waived_halves(city, firms, firm, month)
    waived = {f"{kind}_waived": due[kind] * halves // 2 for kind in ("pension", "unemployment")}
    places = (firms.slot[firm] * city.months + month - city.first_month)[employed]
    ledgers.add(
        places,
        people=np.ones(places.size, dtype=np.int64),
        covered=covered[employed].astype(np.int64),
        base=base[employed],
        covered_base=np.where(covered, base, 0)[employed],
        **{name: part[employed] for name, part in (due | mine | waived).items()},
    )
    really = employed & (month < firms.unpaid_from[firm])
    by_themselves = _part(base, alone["pension"]) + _part(base, alone["medical"])
    return Payments(
        job,
        month,
        base,
        np.where(really, due["pension"] - waived["pension_waived"], 0),
        np.where(really, due["unemployment"] - waived["unemployment_waived"], 0),
        np.where(really, due["medical"], 0),
        np.where(employed, np.where(really, sum(mine.values()), 0), by_themselves),
    )


def _part(base: Ints, rate: float) -> Ints:
    """A rate of a base, rounded half up to the fen."""
    return (base * int(rate) + _PARTS // 2) // _PARTS


def _wages(rng: np.random.Generator, figures: Calibration, number: int) -> npt.NDArray[np.float64]:
    """Yuan a month of each job in 2019."""
    return figures.number("wage", "median") * np.exp(rng.normal(0, figures.number("wage", "spread"), number))


def _bases(figures: Calibration, wage: npt.NDArray[np.float64], month: Ints) -> Ints:
    """Bases in fen, whole yuan, between floor and ceiling of the contribution year that begins in May."""
    year = (month - 4) // 12
    floors, ceilings = figures.table("base_floor"), figures.table("base_ceiling")
    years = np.array(sorted(int(key) for key in floors))
    position = np.clip(year - years[0], 0, years.size - 1)
    low = np.array([floors[str(y)] for y in years])[position]
    high = np.array([ceilings[str(y)] for y in years])[position]
    grown = np.round(wage * 1.05 ** (year - 2019))
    return (np.clip(grown, low, high) * 100).astype(np.int64)


def contribution_rows(group: People, jobs: Jobs, payments: Payments, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of contributions."""
    firm = jobs.firm[payments.job]
    alone = jobs.form[payments.job] == FLEXIBLE
    return rows(
        "contribution",
        payments.number,
        person=group.ids.gather(jobs.person[payments.job]),
        employer=firm_ids.gather(masked(firm, ~alone)),
        month=first_days(payments.month),
        contribution_base=payments.base,
        unemployment_insured=jobs.covered[payments.job],
        employer_pension_paid=payments.pension,
        employer_unemployment_paid=payments.unemployment,
        employer_medical_paid=payments.medical,
        own_paid=payments.own,
    )


# ── Premiums


def premium_rows(
    city: Plan, chunk: Chunk, firms: Firms, ledgers: Ledgers, firm_ids: pl.Series
) -> pl.DataFrame:
    """The table of premiums of a chunk's employers, of whichever chunk their people are."""
    here = np.arange(chunk.first_firm, chunk.first_firm + chunk.firms)
    firm = here[firms.slot[here] >= 0]
    places = (firms.slot[firm][:, None] * city.months + np.arange(city.months)).ravel()
    firm, month = np.repeat(firm, city.months), np.tile(np.arange(city.months), firm.size) + city.first_month
    sums = {name: column[places] for name, column in ledgers.sums.items()}
    halves = waived_halves(city, firms, firm, month)
    injury = _injury_due(city.calibration, firms, firm, sums["base"])
    nothing = np.zeros(firm.size, dtype=np.int64)
    lots = (
        ("pension", sums["base"], sums["pension"], sums["own_pension"], sums["pension_waived"]),
        (
            "unemployment",
            sums["covered_base"],
            sums["unemployment"],
            sums["own_unemployment"],
            sums["unemployment_waived"],
        ),
        ("work_injury", sums["base"], injury, nothing, injury * halves // 2),
        ("medical", sums["base"], sums["medical"], sums["own_medical"], nothing),
    )
    parts = [
        _of_kind(
            city,
            firms,
            kind,
            firm[base > 0],
            month[base > 0],
            firm_ids,
            *(c[base > 0] for c in (base, *rest)),
        )
        for kind, base, *rest in lots
    ]
    return pl.concat(parts)


def _injury_due(figures: Calibration, firms: Firms, firm: Ints, base: Ints) -> Ints:
    rates = figures.table("injury_rates")
    by_class = np.array([rates[str(risk)] for risk in range(1, 9)])
    rate = by_class[firms.risk[firm] - 1].astype(np.int64)
    return (base * rate + _PARTS // 2) // _PARTS


def _of_kind(
    city: Plan,
    firms: Firms,
    kind: str,
    firm: Ints,
    month: Ints,
    firm_ids: pl.Series,
    base: Ints,
    due: Ints,
    own: Ints,
    waived: Ints,
) -> pl.DataFrame:
    behind = month >= firms.unpaid_from[firm]
    open_sum = due + own - waived
    daily = int(city.calibration.number("late_fee"))
    late = np.where(behind, open_sum * daily * (city.bound - last_days(month)) // _PARTS, 0)
    return rows(
        "premium",
        firm.size,
        enterprise=firm_ids.gather(firm),
        insurance_kind=np.full(firm.size, place("premium", "insurance_kind", kind)),
        month=first_days(month),
        contribution_base=base,
        injury_rate_class=firms.risk[firm],
        employer_part_due=due,
        own_part_due=own,
        waived=waived,
        paid=np.where(behind, 0, open_sum),
        late_fee_due=late,
    )


assert set(KINDS) <= set(members("premium", "insurance_kind"))
