"""People of a chunk: ages and sexes as in the census, households of couples, their children and the old."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from wenjiuye.population.synth import numbers
from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Ints, plus_months
from wenjiuye.population.synth.chance import exactly, generator, shared_out, some
from wenjiuye.population.synth.kernel import masked, place, rows
from wenjiuye.population.synth.law import law, retirement_days
from wenjiuye.population.synth.plan import Chunk, Plan

OLDEST = 96
ADULT, OLD = 22, 60
_GENERATION = 16 * 365
_ROOM = 5
_KIDS_MOST = 3
_SINGLE = 0.1
NONE = -1


@dataclass(frozen=True, slots=True)
class People:
    """One element per person of a chunk, members of a household side by side.

    household: position among the households, -1 for none. retires: the day of the retirement age.
    died: a day or OPEN.
    """

    chunk: Chunk
    born: Days
    male: Bools
    cadre: Bools
    rural: Bools
    household: Ints
    household_rural: Bools
    retires: Days
    died: Days
    ids: pl.Series
    household_ids: pl.Series

    @property
    def number(self) -> int:
        """How many there are."""
        return self.born.size


def people(city: Plan, chunk: Chunk) -> People:
    """Draw the people of a chunk."""
    rng = generator(city.seed, "people", chunk.number)
    born, male = _ages(rng, city, chunk.persons)
    household = _households(rng, city, born, male)
    household = _shuffled(rng, household)
    order = np.argsort(np.where(household == NONE, np.iinfo(np.int64).max, household), kind="stable")
    born, male, household = born[order], male[order], household[order]
    share = city.calibration.number("urban_share", chunk.county)
    rural, household_rural = _rural(rng, household, share)
    cadre = some(rng, chunk.persons, 0.15)
    return People(
        chunk,
        born,
        male,
        cadre,
        rural,
        household,
        household_rural,
        retirement_days(law(city.until_date), born, male, cadre),
        _deaths(rng, city, chunk, born),
        numbers.chunk_ids("P", chunk.number, chunk.persons),
        numbers.chunk_ids("H", chunk.number, household_rural.size),
    )


def _ages(rng: np.random.Generator, city: Plan, number: int) -> tuple[Days, Bools]:
    """So many of each band of ages and of each sex within it as the census says."""
    bands = {int(age): share for age, share in city.calibration.table("age_bands").items()}
    firsts = sorted(bands)
    counts = shared_out(number, [bands[age] for age in firsts])
    men = city.calibration.number("male_share")
    today = np.array([city.until], dtype=np.int32)
    births: list[npt.NDArray[np.int32]] = []
    sexes: list[Bools] = []
    for first, stop, count in zip(firsts, [*firsts[1:], OLDEST], counts, strict=True):
        newest = int(plus_months(today, -12 * first)[0])
        oldest = int(plus_months(today, -12 * stop)[0]) + 1
        births.append(rng.integers(oldest, newest + 1, count).astype(np.int32))
        sexes.append(np.arange(count) < round(count * men))
    return np.concatenate(births), np.concatenate(sexes)


def _households(rng: np.random.Generator, city: Plan, born: Days, male: Bools) -> Ints:
    """The household of each person: couples first, then children by their mother's age, then the rest.

    Children are matched to mothers in the order of age, so that the distance is that of a generation.
    """
    household = np.full(born.size, NONE, dtype=np.int64)
    age = (city.until - born) / 365.25
    adults, old = (age >= ADULT) & (age < OLD), age >= OLD
    single = _single(rng, age, adults, male)
    wives, husbands = _couples(rng, born, male, np.flatnonzero(adults & ~single))
    old_wives, old_husbands = _couples(rng, born, male, np.flatnonzero(old))
    number = wives.size
    household[wives] = household[husbands] = np.arange(number)
    household[old_wives] = household[old_husbands] = number + np.arange(old_wives.size)
    mothers = np.flatnonzero(age[wives] < 52)
    _join(household, born, _children_slots(rng, mothers), np.flatnonzero(age < ADULT), wives)
    lone = np.flatnonzero(adults & (household == NONE))
    hosts = np.sort(exactly(rng, np.arange(old_wives.size), lone.size))
    _join(household, born, hosts, lone, old_wives, number)
    widowed = np.flatnonzero(old & (household == NONE))
    _join_parents(rng, household, born, widowed, wives)
    return household


def _single(rng: np.random.Generator, age: npt.NDArray[np.float64], adults: Bools, male: Bools) -> Bools:
    """Adults without a partner: so many that the sexes pair up, the young first."""
    single = np.zeros(age.size, dtype=np.bool_)
    men, women = np.flatnonzero(adults & male), np.flatnonzero(adults & ~male)
    pairs = round(min(men.size, women.size) * (1 - _SINGLE))
    for group in (men, women):
        eagerness = age[group] + rng.normal(0, 12, group.size)
        single[group[np.argsort(eagerness, kind="stable")][: group.size - pairs]] = True
    return single


def _couples(rng: np.random.Generator, born: Days, male: Bools, group: Ints) -> tuple[Ints, Ints]:
    """Wives and husbands of nearly the same age; who is left over is in neither."""
    women, men = group[~male[group]], group[male[group]]
    pairs = min(women.size, men.size)
    women, men = exactly(rng, women, pairs), exactly(rng, men, pairs)

    def by_age(side: Ints) -> Ints:
        return side[np.argsort(born[side] + rng.normal(0, 500, side.size), kind="stable")]

    return by_age(women), by_age(men)


def _children_slots(rng: np.random.Generator, mothers: Ints) -> Ints:
    """Up to three places for children with each couple, the likeliest ones first."""
    couple = np.tile(mothers, _KIDS_MOST)
    turn = np.repeat(np.arange(_KIDS_MOST), mothers.size)
    return couple[np.argsort(rng.random(couple.size) + 0.35 * turn, kind="stable")]


def _join(household: Ints, born: Days, hosts: Ints, joining: Ints, elders: Ints, first: int = 0) -> None:
    """Put younger people into households in the order of age, where a generation lies between."""
    count = min(hosts.size, joining.size)
    hosts, joining = hosts[:count], joining if count == joining.size else joining[:count]
    hosts = hosts[np.argsort(born[elders[hosts]], kind="stable")]
    joining = joining[np.argsort(born[joining], kind="stable")]
    fits = born[joining] - born[elders[hosts]] >= _GENERATION
    household[joining[fits]] = first + hosts[fits]


def _join_parents(rng: np.random.Generator, household: Ints, born: Days, widowed: Ints, wives: Ints) -> None:
    """Put old people who are alone with couples that have room."""
    filled = np.bincount(household[household != NONE], minlength=wives.size)[: wives.size]
    hosts = exactly(rng, np.flatnonzero(filled < _ROOM), widowed.size)
    guests = widowed[: hosts.size]
    hosts = hosts[np.argsort(born[wives[hosts]], kind="stable")]
    guests = guests[np.argsort(born[guests], kind="stable")]
    fits = born[wives[hosts]] - born[guests] >= _GENERATION
    household[guests[fits]] = hosts[fits]


def _shuffled(rng: np.random.Generator, household: Ints) -> Ints:
    """The same households in chance order."""
    count = int(household.max(initial=NONE)) + 1
    return np.where(household == NONE, NONE, np.append(rng.permutation(count), NONE)[household])


def _rural(rng: np.random.Generator, household: Ints, urban_share: float) -> tuple[Bools, Bools]:
    """Rural people and households: the urban ones hold as near to their share of people as whole ones can."""
    housed = household != NONE
    count = int(household.max(initial=NONE)) + 1
    sizes = np.bincount(household[housed], minlength=count)
    order = rng.permutation(count)
    wanted = round(household.size * urban_share)
    urban = order[np.cumsum(sizes[order]) <= wanted]
    household_rural = np.ones(count, dtype=np.bool_)
    household_rural[urban] = False
    rural = np.ones(household.size, dtype=np.bool_)
    rural[housed] = household_rural[household[housed]]
    left = exactly(rng, np.flatnonzero(~housed), wanted - int(sizes[urban].sum()))
    rural[left] = False
    return rural, household_rural


def _deaths(rng: np.random.Generator, city: Plan, chunk: Chunk, born: Days) -> Days:
    """Who died since the census: mostly the old. As many as planted payments need at least."""
    died = np.full(born.size, OPEN, dtype=np.int32)
    wanted = max(chunk.quotas["deaths"], chunk.quotas["planted"])
    grown = np.flatnonzero(born <= city.until - 30 * 365)
    eagerness = rng.random(grown.size) * np.where(born[grown] <= city.until - OLD * 365, 1, 12)
    dead = grown[np.argsort(eagerness, kind="stable")][:wanted]
    died[dead] = city.until - rng.integers(60, max(90, city.months * 30), dead.size)
    return died


# ── Tables


def household_rows(group: People) -> pl.DataFrame:
    """The table of households."""
    county = place("household", "county", group.chunk.county)
    number = group.household_rural.size
    return rows(
        "household",
        number,
        id=group.household_ids,
        county=np.full(number, county),
        rural=group.household_rural,
    )


def person_rows(city: Plan, group: People) -> pl.DataFrame:
    """The table of people. Rural stands with those who have no household."""
    rng = generator(city.seed, "person_rows", group.chunk.number)
    number, chunk = group.number, group.chunk
    housed = group.household != NONE
    serial = np.arange(number, dtype=np.int64) + chunk.number * numbers.CHUNK_ROWS
    return rows(
        "person",
        number,
        id=group.ids,
        household=group.household_ids.gather(masked(group.household, housed)),
        name=numbers.names("虚构居民", serial),
        resident_id=numbers.resident_ids(chunk.number, group.born, group.male),
        phone=numbers.phones(serial),
        county=np.full(number, place("person", "county", chunk.county)),
        birth_date=group.born,
        sex=np.where(group.male, place("person", "sex", "male"), place("person", "sex", "female")),
        post_type=np.where(
            group.cadre, place("person", "post_type", "cadre"), place("person", "post_type", "worker")
        ),
        rural=masked(group.rural, ~housed),
        habitual_residence_here=some(rng, number, 0.97),
        died_on=group.died,
    )
