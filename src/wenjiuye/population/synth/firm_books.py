"""Tables of a chunk's employers: the register, reports, taxes, revenue, leases, bills and listings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from wenjiuye.population.synth import numbers
from wenjiuye.population.synth.calendar import OPEN, Days, Ints, first_days, last_days, months_of
from wenjiuye.population.synth.chance import between, generator, some, weighted
from wenjiuye.population.synth.firms import COOPERATIVE, LARGE, MICRO, PUBLIC, TRADER, Firms
from wenjiuye.population.synth.kernel import masked, members, place, rows
from wenjiuye.population.synth.law import NO_BOUND, law
from wenjiuye.population.synth.people import People
from wenjiuye.population.synth.plan import Chunk, Plan

_CODE_KINDS = {TRADER: 92, PUBLIC: 12, COOPERATIVE: 93}
_TOWN = frozenset({"changge", "yuzhou", "yanling", "xiangcheng"})
_THOUSAND_YUAN = 100_000
_BOUNDLESS = 5


def positions(chunk: Chunk) -> Ints:
    """Where the employers of a chunk stand in the city."""
    return np.arange(chunk.first_firm, chunk.first_firm + chunk.firms)


def enterprise_rows(group: People, firms: Firms, owner_of: Ints, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of employers."""
    here = positions(group.chunk)
    form = firms.form[here]
    code = np.full(here.size, 91)
    for kind, first in _CODE_KINDS.items():
        code[form == kind] = first
    return rows(
        "enterprise",
        here.size,
        id=firm_ids.gather(here),
        owner=group.ids.gather(masked(owner_of, owner_of >= 0)),
        name=numbers.names("虚构单位", here),
        credit_code=numbers.credit_codes(code, here),
        phone=numbers.phones(here),
        county=firms.county[here],
        industry=firms.industry[here],
        legal_form=form,
        registered_on=firms.registered[here],
        deregistered_on=firms.deregistered[here],
        founded_by_returnee=firms.returnee[here],
    )


# ── Reports


def annual_report_rows(city: Plan, chunk: Chunk, firms: Firms, firm_ids: pl.Series) -> pl.DataFrame:
    """Three years of reports of everybody but sole traders and public bodies."""
    rng = generator(city.seed, "annual_report", chunk.number)
    here = positions(chunk)
    here = here[(firms.form[here] != TRADER) & (firms.form[here] != PUBLIC)]
    revenue, assets = _revenue_and_assets(rng, city, firms, here)
    years = np.arange(city.year - 2, city.year + 1)
    firm, year = np.repeat(here, years.size), np.tile(years, here.size)
    growth = 1 + rng.normal(0, 0.04, firm.size)
    there = (firms.registered[firm] < first_day_of_years(year + 1)) & (
        firms.deregistered[firm] > first_day_of_years(year)
    )
    made = np.repeat(revenue, years.size) * growth
    income = np.maximum(0, made * rng.normal(0.04, 0.06, firm.size))
    disabled = rng.choice([0, 0, 0, 5, 10, 12, 16, 20], firm.size)
    staff = firms.staff[firm]
    payer = staff >= 1
    upper, lower = law(city.until_date).share("disability_required_share")
    short = np.maximum(0, staff * (upper / lower - disabled / 1000))
    frame = rows(
        "annual_report",
        firm.size,
        enterprise=firm_ids.gather(firm),
        year=year,
        size=firms.size[firm],
        assets=_rounded(np.repeat(assets, years.size) * growth),
        revenue=_rounded(made),
        taxable_income=_rounded(income),
        disability_fund_payer=payer,
        **{"disabled_staff_share.num": disabled, "disabled_staff_share.den": np.full(firm.size, 1000)},
        disability_fund_due=_rounded(short * city.calibration.number("yearly_wage") * 100),
    )
    return frame.filter(pl.Series(there))


def first_day_of_years(years: Ints) -> Days:
    """1 January of each year."""
    return first_days(years * 12)


def _revenue_and_assets(
    rng: np.random.Generator, city: Plan, firms: Firms, here: Ints
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Fen a year, so that the rule of sizes gives the size that the employer has."""
    rules = law(city.until_date)
    found = []
    for measure, per_head in (("revenue", 250_000), ("assets", 180_000)):
        bounds = rules.size_bounds(measure)[firms.industry[here]]
        size = firms.size[here]
        low = np.where(size > MICRO, _bound(bounds, np.maximum(size - 1, 0)), 0)
        high = np.where(size == LARGE, low * _BOUNDLESS, _bound(bounds, np.minimum(size, LARGE - 1)))
        usual = firms.staff[here] * per_head * 100 * np.exp(rng.normal(0, 0.6, here.size))
        # A tier without a bound in an industry is not measured by this at all.
        low, high = np.where(low == NO_BOUND, 0, low), np.where(high <= 0, 2**50, high)
        found.append(np.clip(usual, low * 1.25, np.maximum(low * 1.25, high * 0.8)))
    return found[0], found[1]


def _bound(bounds: Ints, tier: Ints) -> Ints:
    return np.take_along_axis(bounds, tier[:, None], 1)[:, 0]


def _rounded(fen: npt.NDArray[np.float64]) -> Ints:
    """Whole hundreds of yuan."""
    return (np.round(fen / 10_000) * 10_000).astype(np.int64)


# ── Revenue and taxes


@dataclass(frozen=True, slots=True)
class Quarters:
    """Quarters of an employer with revenue. month: one within the quarter; last: the quarter's last month."""

    firm: Ints
    month: Ints
    last: Ints
    sales: Ints
    vat: Ints


def quarters(city: Plan, chunk: Chunk, firms: Firms) -> Quarters:
    """The quarters of the monthly window in which employers that owe VAT were open."""
    rng = generator(city.seed, "quarters", chunk.number)
    here = positions(chunk)
    here = here[firms.pays_vat[here] & (firms.form[here] != PUBLIC)]
    ends = np.arange(city.last_month, city.first_month + 1, -1)
    ends = ends[(ends + 1) % 3 == 0]
    firm, last = np.repeat(here, ends.size), np.tile(ends, here.size)
    open_then = (firms.registered[firm] <= first_days(last - 2)) & (
        firms.deregistered[firm] > last_days(last)
    )
    firm, last = firm[open_then], last[open_then]
    level = np.maximum(firms.staff[firm], 1.0) * 60_000 * np.exp(rng.normal(0, 0.5, firm.size))
    dip = np.where((last == 2020 * 12 + 2) | (last == 2020 * 12 + 5), 0.6, 1.0)
    sales = (np.round(level * dip / 100) * 10_000).astype(np.int64)
    burden = city.calibration.table("tax_burden")
    rate = np.where(firms.small_taxpayer[firm], burden["vat_small"], burden["vat_general"]).astype(np.int64)
    return Quarters(firm, last - rng.integers(0, 3, firm.size), last, sales, sales * rate // 1000)


def sales_rows(city: Plan, chunk: Chunk, firms: Firms, made: Quarters, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of revenue: one kind in each quarter."""
    rng = generator(city.seed, "sales", chunk.number)
    number = made.firm.size
    kinds = {"other": 70, "living_services": 15, "necessities_delivery": 6, "public_transport": 5}
    kind = weighted(rng, number, {**kinds, "epidemic_supply_transport": 4}, members("sales", "revenue_kind"))
    day = first_days(made.month) + rng.integers(0, 28, number)
    small = firms.small_taxpayer[made.firm]
    five = some(rng, number, 0.1)
    return rows(
        "sales",
        number,
        id=numbers.chunk_ids("R", chunk.number, number),
        taxpayer=firm_ids.gather(made.firm),
        revenue_kind=kind,
        earned_during_epidemic=(made.month >= 2020 * 12) & (made.month < 2021 * 12 + 3),
        vat_otherwise_due=made.vat,
        small_scale_taxpayer=small,
        **{
            "levy_rate.num": masked(np.where(five, 5, 3), small),
            "levy_rate.den": masked(np.full(number, 100), small),
        },
        tax_obligation_date=day.astype(np.int32),
        sales_without_tax=made.sales,
    )


def tax_rows(city: Plan, chunk: Chunk, firms: Firms, made: Quarters, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of taxes: VAT, what is laid on it, and tax on income, by quarter."""
    rates = city.calibration.table("surcharges")
    town = "urban_construction_tax_county" if chunk.county in _TOWN else "urban_construction_tax"
    trader = firms.form[made.firm] == TRADER
    income = made.sales * int(city.calibration.number("tax_burden", "income")) // 1000
    lots = (
        ("vat", made.vat, None),
        ("urban_construction_tax", made.vat * int(rates[town]) // 100, None),
        ("education_surcharge", made.vat * int(rates["education_surcharge"]) // 100, None),
        ("local_education_surcharge", made.vat * int(rates["local_education_surcharge"]) // 100, None),
        ("income_tax", income, ~trader),
        ("personal_income_tax", income, trader),
    )
    parts = []
    for kind, due, who in lots:
        which = np.flatnonzero(who) if who is not None else np.arange(due.size)
        parts.append(
            rows(
                "tax",
                which.size,
                enterprise=firm_ids.gather(made.firm[which]),
                kind=np.full(which.size, place("tax", "kind", kind)),
                month=first_days(made.last[which]),
                due=due[which],
                paid=due[which],
            )
        )
    return pl.concat(parts)


# ── Premises


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases as arrays. park: position among the kinds of parks, -1 outside."""

    firm: Ints
    start: Days
    end: Days
    rent: Ints
    park: Ints
    ids: pl.Series


def leases(city: Plan, chunk: Chunk, firms: Firms) -> Leases:
    """Draw the leases of a chunk."""
    rng = generator(city.seed, "leases", chunk.number)
    figures, here = city.calibration, positions(chunk)
    share = np.where(
        firms.form[here] == TRADER, figures.number("leases", "trader"), figures.number("leases", "enterprise")
    )
    here = here[(rng.random(here.size) < share) & (firms.registered[here] <= city.bound)]
    start = np.maximum(firms.registered[here], city.until - rng.integers(30, 1800, here.size))
    over = some(rng, here.size, 0.2)
    end = np.where(over, start + rng.integers(180, 1080, here.size), OPEN)
    end = np.minimum(end, firms.deregistered[here]).astype(np.int32)
    kinds = members("lease", "park_kind")
    park = np.where(
        some(rng, here.size, figures.number("leases", "park")), rng.integers(0, len(kinds), here.size), -1
    )
    rent = (600 + np.maximum(firms.staff[here], 1) * 180 * np.exp(rng.normal(0, 0.4, here.size))) // 10 * 1000
    return Leases(
        here,
        start.astype(np.int32),
        end,
        rent.astype(np.int64),
        park,
        numbers.chunk_ids("L", chunk.number, here.size),
    )


def lease_rows(city: Plan, chunk: Chunk, held: Leases, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of leases."""
    rng = generator(city.seed, "lease_rows", chunk.number)
    number, figures = held.firm.size, city.calibration
    return rows(
        "lease",
        number,
        id=held.ids,
        tenant=firm_ids.gather(held.firm),
        started_on=held.start,
        ended_on=held.end,
        rent_per_month=held.rent,
        landlord_state_owned=some(rng, number, figures.number("leases", "state_owned")),
        in_cluster_standard_workshop=some(rng, number, figures.number("leases", "workshop")),
        park_kind=masked(held.park, held.park >= 0),
    )


def bill_rows(city: Plan, chunk: Chunk, held: Leases) -> pl.DataFrame:
    """The table of bills: four kinds a month for what is leased in a park."""
    rng = generator(city.seed, "bills", chunk.number)
    lease = np.flatnonzero(held.park >= 0)
    first = np.maximum(months_of(held.start[lease]), city.first_month)
    last = np.where(
        held.end[lease] > city.bound, city.last_month, months_of(np.minimum(held.end[lease], city.bound))
    )
    length = np.maximum(0, last - first + 1)
    which = np.repeat(lease, length)
    month = np.arange(which.size) - np.repeat(np.cumsum(length) - length, length) + np.repeat(first, length)
    parts = []
    for kind, share in (
        ("property_fee", 0.1),
        ("sanitation_fee", 0.03),
        ("utilities", 0.3),
        ("venue_fee", 0.15),
    ):
        amount = held.rent[which] * share * (0.7 + 0.6 * rng.random(which.size))
        parts.append(
            rows(
                "bill",
                which.size,
                lease=held.ids.gather(which),
                kind=np.full(which.size, place("bill", "kind", kind)),
                month=first_days(month),
                amount=amount.astype(np.int64),
            )
        )
    return pl.concat(parts)


def firm_listing_rows(city: Plan, chunk: Chunk, firms: Firms, firm_ids: pl.Series) -> pl.DataFrame:
    """The table of listings: bad standing for a few, and who takes in poor people."""
    rng = generator(city.seed, "listings", chunk.number)
    here = positions(chunk)
    chance = rng.random(here.size)
    category = np.full(here.size, -1)
    enterprise = (firms.form[here] != TRADER) & (firms.form[here] != PUBLIC)
    for name, low, high in (
        ("zombie", 0.0, 0.002),
        ("serious_dishonesty", 0.002, 0.008),
        ("poverty_leading_firm", 0.008, 0.01),
        ("poverty_workshop", 0.01, 0.016),
        ("community_factory", 0.016, 0.018),
    ):
        category[enterprise & (chance >= low) & (chance < high)] = place("firm_listing", "category", name)
    category[(firms.form[here] == COOPERATIVE) & (category < 0)] = place(
        "firm_listing", "category", "cooperative"
    )
    which = np.flatnonzero(category >= 0)
    start = np.maximum(firms.registered[here[which]], city.until - between(rng, 30, 1500, which.size))
    ends = np.where(some(rng, which.size, 0.15), start + between(rng, 180, 900, which.size), OPEN)
    return rows(
        "firm_listing",
        which.size,
        enterprise=firm_ids.gather(here[which]),
        category=category[which],
        valid_from=start.astype(np.int32),
        valid_to=ends.astype(np.int32),
    )
