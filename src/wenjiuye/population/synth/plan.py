"""How a city is cut into chunks, and how much of everything falls to each: sums hold for the whole city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population.errors import PopulationError
from wenjiuye.population.synth.calendar import day_number, last_days, settled_month
from wenjiuye.population.synth.calibration import Calibration, calibration
from wenjiuye.population.synth.chance import shared_out
from wenjiuye.population.synth.numbers import CHUNKS_MOST

CHUNK_PERSONS = 100_000
"""Most people of a chunk, whatever the size of the city: what bounds the memory."""
LEAST_PERSONS, LEAST_FIRMS, MONTHS_MOST = 200, 20, 120
COUNTIES = tuple(Enterprise.county.members)

_SCALED = (
    "unemployment_insured",
    "insured_otherwise",
    "contracts_uninsured",
    "flexible_workers",
    "public_posts",
    "registered_unemployed",
    "graduates_a_year",
    "vocational_a_year",
    "deaths",
    "poverty_registered",
)
PLANTED_LEAST = 3


class SizeError(PopulationError):
    """A city of so many people, employers or months cannot be made."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of a county with the employers that belong to it.

    number: from 1. part: from 1 within the county. first_firm: position of its first employer in the city.
    quotas: how many people of the chunk are what, and how many rows of the smaller tables.
    """

    number: int
    county: str
    part: int
    persons: int
    first_firm: int
    firms: int
    quotas: Mapping[str, int] = field(repr=False)

    @property
    def name(self) -> str:
        """The name of its part files."""
        return f"{self.county}-{self.part:03d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A city before anything is drawn: sizes, dates and chunks.

    until: the last day, as a number. bound: the last day of the last month that has ended by then.
    first_month, last_month: of the monthly tables.
    """

    calibration: Calibration
    seed: int
    persons: int
    firms: int
    until_date: dt.date
    months: int
    chunks: tuple[Chunk, ...]

    @property
    def until(self) -> int:
        """The last day as a number."""
        return day_number(self.until_date)

    @property
    def last_month(self) -> int:
        """The last month of the monthly tables."""
        return settled_month(self.until_date)

    @property
    def first_month(self) -> int:
        """The first month of the monthly tables."""
        return self.last_month - self.months + 1

    @property
    def bound(self) -> int:
        """The last day of the last month: whoever works on it is in the monthly tables."""
        return int(last_days(np.array([self.last_month]))[0])

    @property
    def year(self) -> int:
        """The calendar year of the last day."""
        return self.until_date.year

    def scaled(self, name: str, key: str = "") -> int:
        """A number of the whole city, for this one's share of people."""
        return self.calibration.scaled(name, self.persons, key)


def plan(persons: int, firms: int | None, seed: int, until: dt.date, months: int) -> Plan:
    """The plan of a city. Raises SizeError."""
    figures = calibration()
    if firms is None:
        firms = max(LEAST_FIRMS, figures.scaled("market_entities", persons))
    _check(persons, firms, months, seed)
    bare = _chunks(figures, persons, firms)
    quotas = _quotas(figures, persons, bare)
    chunks = tuple(
        Chunk(c.number, c.county, c.part, c.persons, c.first_firm, c.firms, q)
        for c, q in zip(bare, quotas, strict=True)
    )
    return Plan(figures, seed, persons, firms, until, months, chunks)


def _check(persons: int, firms: int, months: int, seed: int) -> None:
    if persons < LEAST_PERSONS or firms < LEAST_FIRMS:
        raise SizeError(
            f"虚构城市至少要有{LEAST_PERSONS}人和{LEAST_FIRMS}家用人单位，不能是{persons}人和{firms}家",
            f"a city needs at least {LEAST_PERSONS} persons and {LEAST_FIRMS} employers, "
            f"not {persons} and {firms}",
        )
    if persons > CHUNK_PERSONS * (CHUNKS_MOST - len(COUNTIES)):
        raise SizeError(f"人数太多：{persons}", f"too many persons: {persons}")
    if firms > persons:
        raise SizeError(
            f"用人单位（{firms}）不能多于人（{persons}）",
            f"there cannot be more employers ({firms}) than persons ({persons})",
        )
    if not 1 <= months <= MONTHS_MOST:
        raise SizeError(
            f"月数应在1至{MONTHS_MOST}之间，不能是{months}",
            f"months go from 1 to {MONTHS_MOST}, not {months}",
        )
    if seed < 0:
        raise SizeError(f"种子不能是负数：{seed}", f"a seed is not negative: {seed}")


def _chunks(figures: Calibration, persons: int, firms: int) -> list[Chunk]:
    residents = figures.table("residents")
    people = shared_out(persons, [residents[county] for county in COUNTIES])
    employers = shared_out(firms, [figures.number("output_weight", county) for county in COUNTIES])
    chunks: list[Chunk] = []
    first = 0
    for county, number, owned in zip(COUNTIES, people, employers, strict=True):
        parts = -(-number // CHUNK_PERSONS)
        sizes = shared_out(number, [1.0] * parts)
        for part, (size, firms_here) in enumerate(
            zip(sizes, shared_out(owned, [float(size) for size in sizes]), strict=True), 1
        ):
            chunks.append(Chunk(len(chunks) + 1, county, part, size, first, firms_here, {}))
            first += firms_here
    return chunks


def _quotas(figures: Calibration, persons: int, chunks: list[Chunk]) -> list[dict[str, int]]:
    """How much of every scaled figure each chunk has, by its people."""
    sizes = [float(chunk.persons) for chunk in chunks]
    quotas: list[dict[str, int]] = [{} for _ in chunks]

    def share(name: str, total: int) -> None:
        for quota, number in zip(quotas, shared_out(total, sizes), strict=True):
            quota[name] = number

    for name in _SCALED:
        share(name, figures.scaled(name, persons))
    share("planted", max(PLANTED_LEAST, figures.scaled("planted", persons)))
    for name in figures.table("programmes"):
        share(name, max(len(COUNTIES), figures.scaled("programmes", persons, name)))
    return quotas
