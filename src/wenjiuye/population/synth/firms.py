"""Every employer of the city as arrays: small enough to be held at once, so that any chunk can hire from all."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Floats, Ints
from wenjiuye.population.synth.calibration import Calibration
from wenjiuye.population.synth.chance import between, exactly, generator, shared_out, weighted
from wenjiuye.population.synth.kernel import members, place
from wenjiuye.population.synth.law import NO_BOUND, law
from wenjiuye.population.synth.plan import COUNTIES, Plan

SIZES = tuple(Enterprise.size.members)
MICRO, SMALL, MEDIUM, LARGE = range(4)
INDUSTRIES = tuple(Enterprise.industry.members)
FORMS = members("enterprise", "legal_form")
COMPANY = place("enterprise", "legal_form", "company")
TRADER = place("enterprise", "legal_form", "sole_trader")
COOPERATIVE = place("enterprise", "legal_form", "cooperative")
PUBLIC = place("enterprise", "legal_form", "public_body")
_BIG_CITY_CONTRACTS = 50_000
"""With fewer contracts a large firm is one of the trades in which 300 people already make one."""
_PUBLIC_INDUSTRIES = {"education": 0.45, "health": 0.2, "public_administration": 0.3, "other": 0.05}
NEVER = np.int64(2**31)


@dataclass(frozen=True, slots=True)
class Firms:
    """One element per employer of the city, in the order of the chunks.

    county, form, size, industry: positions among the members. registered, deregistered: days. staff: the
    number of people that it is made for. slot: its place among insured employers, -1 for others.
    unpaid_from: the month from which nothing is paid. risk: class of work injury, 1 to 8.
    worked_through: worked on over the spring festival of 2020 for the supplies of the epidemic.
    """

    county: Ints
    form: Ints
    size: Ints
    industry: Ints
    registered: Days
    deregistered: Days
    staff: Floats
    slot: Ints
    unpaid_from: Ints
    risk: Ints
    small_taxpayer: Bools
    pays_vat: Bools
    shrinking: Bools
    returnee: Bools
    worked_through: Bools

    @property
    def number(self) -> int:
        """How many there are."""
        return self.county.size

    @property
    def insured(self) -> Bools:
        """Which take part in social insurance."""
        return self.slot >= 0

    @property
    def slots(self) -> int:
        """How many take part in social insurance."""
        return int(self.slot.max(initial=-1)) + 1


def all_firms(city: Plan) -> Firms:
    """Draw every employer of a city."""
    rng = generator(city.seed, "firms")
    figures, number = city.calibration, city.firms
    county = np.repeat(
        [COUNTIES.index(chunk.county) for chunk in city.chunks], [c.firms for c in city.chunks]
    )
    form = _forms(rng, figures, number)
    size = _sizes(rng, figures, form)
    contracts = sum(
        city.scaled(name) for name in ("unemployment_insured", "insured_otherwise", "contracts_uninsured")
    )
    industry = _industries(rng, figures, form, size, contracts)
    staff = _staff(rng, city, form, size, industry)
    registered, deregistered = _lives(rng, city, form, size)
    slot = _slots(rng, figures, form, size, deregistered, registered > city.bound)
    payers = np.where(
        form == TRADER, figures.number("tax_payers", "trader"), figures.number("tax_payers", "enterprise")
    )
    late = rng.random(number) < figures.number("arrears")
    return Firms(
        county=county.astype(np.int64),
        form=form,
        size=size,
        industry=industry,
        registered=registered,
        deregistered=deregistered,
        staff=staff,
        slot=slot,
        unpaid_from=np.where(
            late & (size < LARGE) & (form != PUBLIC), city.last_month - rng.integers(0, 9, number), NEVER
        ),
        risk=np.clip(1 + (rng.random(number) ** 2 * 8).astype(np.int64), 1, 8),
        small_taxpayer=(size <= MICRO) | ((size == SMALL) & (rng.random(number) < 0.3)),
        pays_vat=rng.random(number) < payers,
        shrinking=rng.random(number) < figures.number("layoffs", "firms_shrinking"),
        returnee=rng.random(number) < figures.number("leases", "returnee"),
        worked_through=(form != TRADER)
        & (form != PUBLIC)
        & (rng.random(number) < figures.number("findings", "worked_through")),
    )


def _forms(rng: np.random.Generator, figures: Calibration, number: int) -> Ints:
    """So many of each legal form as the figures say, spread by chance."""
    shares = figures.table("legal_forms")
    shares["sole_trader"] = figures.number("market_entities") - sum(shares.values())
    counts = shared_out(number, [shares[form] for form in FORMS])
    mixed: Ints = rng.permutation(np.repeat(np.arange(len(FORMS)), counts))
    return mixed


def _sizes(rng: np.random.Generator, figures: Calibration, form: Ints) -> Ints:
    """So many of each size; sole traders and public bodies count as micro and have no class of their own."""
    sized = np.flatnonzero((form != TRADER) & (form != PUBLIC))
    forms = figures.table("legal_forms")
    whole = sum(forms.values()) - forms["public_body"]
    size = np.zeros(form.size, dtype=np.int64)
    wanted = [
        round(figures.number("firm_sizes", SIZES[s]) * sized.size / whole) for s in (SMALL, MEDIUM, LARGE)
    ]
    if sized.size >= 4:
        wanted = [max(1, count) for count in wanted]
    chosen = exactly(rng, sized, sum(wanted))
    size[chosen] = np.repeat([SMALL, MEDIUM, LARGE], wanted)[: chosen.size]
    return size


def _industries(
    rng: np.random.Generator, figures: Calibration, form: Ints, size: Ints, contracts: int
) -> Ints:
    firms = figures.table("firm_industries")
    industry = weighted(rng, form.size, firms, INDUSTRIES)
    traders, public, big = form == TRADER, form == PUBLIC, size == LARGE
    industry[traders] = weighted(rng, int(traders.sum()), figures.table("trader_industries"), INDUSTRIES)
    industry[public] = weighted(rng, int(public.sum()), _PUBLIC_INDUSTRIES, INDUSTRIES)
    some = {"manufacturing": 8.0, "construction": 1.0, "retail": 1.0}
    if contracts < _BIG_CITY_CONTRACTS:
        some = {"retail": 1.0}
    industry[big] = weighted(rng, int(big.sum()), some, INDUSTRIES)
    middle = size == MEDIUM
    industry[middle] = weighted(
        rng,
        int(middle.sum()),
        {"manufacturing": 5, "wholesale": 2, "retail": 2, "construction": 1, "other": 1},
        INDUSTRIES,
    )
    return industry


_USUAL_STAFF = np.array([[1, 12], [20, 120], [120, 500], [600, 2500]])
_MOST_OF_LARGE = 3


def _staff(rng: np.random.Generator, city: Plan, form: Ints, size: Ints, industry: Ints) -> Floats:
    """People that an employer is made for, within the bounds of its size in its industry."""
    bounds = law(city.until_date).size_bounds("staff")[industry]
    low = np.where(size > MICRO, np.take_along_axis(bounds, np.maximum(size - 1, 0)[:, None], 1)[:, 0], 1)
    above = np.take_along_axis(bounds, np.minimum(size, LARGE - 1)[:, None], 1)[:, 0]
    high = np.where(size == LARGE, low * _MOST_OF_LARGE, above - 1)
    usual = (low == NO_BOUND) | (above == NO_BOUND)
    low = np.where(usual, _USUAL_STAFF[size, 0], low)
    high = np.where(usual, _USUAL_STAFF[size, 1], high)
    staff = low + (high - low) * rng.random(form.size) ** 3
    staff[form == TRADER] = np.maximum(0, rng.random(int((form == TRADER).sum())) * 4 - 2.8)
    staff[form == PUBLIC] = 5 + 95 * rng.random(int((form == PUBLIC).sum())) ** 3
    return staff.astype(np.float64)


def _lives(rng: np.random.Generator, city: Plan, form: Ints, size: Ints) -> tuple[Days, Days]:
    """Days of registration and of the end. Bigger ones are older; few with staff were closed."""
    number = form.size
    years = np.minimum(rng.exponential(5.0, number), 22)
    years = np.where(
        (size > MICRO) | (form == PUBLIC), 2 + np.minimum(rng.gamma(3.0, 3.0, number), 20), years
    )
    registered = (city.until - years * 365).astype(np.int32)
    closed = (rng.random(number) < 0.05) & (size == MICRO) & (form != PUBLIC)
    ends = city.until - between(rng, 0, city.months * 30, number)
    closed &= ends > registered + 90
    return registered, np.where(closed, ends, OPEN).astype(np.int32)


def _slots(
    rng: np.random.Generator, figures: Calibration, form: Ints, size: Ints, deregistered: Days, late: Bools
) -> Ints:
    """Numbers the employers in the social insurance: open, registered in time, at least one in a city."""
    by_size = np.array([figures.number("insured_firms", name) for name in SIZES])[size]
    by_size = np.where(form == TRADER, figures.number("insured_firms", "trader"), by_size)
    by_size = np.where(form == PUBLIC, figures.number("insured_firms", "public_body"), by_size)
    usable = (deregistered == OPEN) & ~late
    insured = (rng.random(form.size) < by_size) & usable
    if not insured.any():
        insured[np.flatnonzero(usable & (form != TRADER))[:1]] = True
    return np.where(insured, np.cumsum(insured) - 1, -1)


@dataclass(frozen=True, slots=True)
class Vacancies:
    """From which employers jobs are drawn: by staff, so many in the home county and the rest elsewhere.

    running: staff added up over the employers of the city, in the order of the counties.
    ranges: for each county the first and the last of its employers in that order, ends excluded.
    """

    running: Floats
    ranges: tuple[tuple[int, int], ...]
    elsewhere: float

    def draw(self, rng: np.random.Generator, county: str, number: int) -> Ints:
        """Positions of the employers of so many jobs of people of a county."""
        first, stop = self.ranges[COUNTIES.index(county)]
        start = self.running[first]
        here = self.running[stop] - start
        whole = self.running[-1]
        away = (rng.random(number) < self.elsewhere) | (here <= 0)
        if whole <= here:
            away[:] = False
        place = rng.random(number)
        outside = place * (whole - here)
        outside += np.where(outside >= start, here, 0)
        inside = start + place * here
        found = np.searchsorted(self.running, np.where(away, outside, inside), side="right")
        return np.asarray(found - 1, dtype=np.int64)


def vacancies(city: Plan, firms: Firms, *, insured: bool) -> Vacancies:
    """Employers that have staff, are open and were there by the last month; with insurance only or any."""
    usable = (firms.deregistered == OPEN) & (firms.registered <= city.bound) & (firms.staff >= 0.5)
    weights = np.where(usable, firms.staff, 0.0)
    if insured:
        weights = np.where(firms.insured, np.maximum(weights, 0.5), 0.0)
    edges = np.searchsorted(firms.county, np.arange(len(COUNTIES) + 1))
    return Vacancies(
        np.concatenate([[0.0], np.cumsum(weights)]),
        tuple((int(a), int(b)) for a, b in itertools.pairwise(edges)),
        city.calibration.number("cross_county"),
    )
