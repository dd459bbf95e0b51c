"""Schooling of a chunk: enrolments of everybody young, so many graduates of each year, and since when one can work."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import OPEN, Bools, Days, Ints, first_days, plus_months, years_of
from wenjiuye.population.synth.chance import exactly, generator, some
from wenjiuye.population.synth.kernel import place, rows
from wenjiuye.population.synth.people import People
from wenjiuye.population.synth.plan import Plan

JUNIOR, SENIOR, VOCATIONAL, COLLEGE = (
    place("enrolment", "level", level)
    for level in ("junior_secondary", "senior_secondary", "vocational", "college")
)
_YEARS_BACK = 6
_COLLEGE_AGE, _VOCATIONAL_AGE, _SENIOR_AGE, _JUNIOR_AGE = 22, 18, 18, 15
_WORKING_AGE, _COMES_OF_AGE = 16, 18
_YOUNG = 24
"""Younger people have their schooling in the tables."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Courses of study as arrays. left: the day of the certificate or OPEN."""

    person: Ints
    level: Ints
    started: Days
    expected: Days
    left: Days
    graduated: Bools
    delayed: Bools


@dataclass(frozen=True, slots=True)
class Schooling:
    """The courses of a chunk, and what follows from them for each person.

    works_from: the first day on which a person may work. college_left: the day of a college certificate, 0
    for people without one. studies: is at a college now.
    """

    courses: Courses
    works_from: Days
    college_left: Days
    studies: Bools


def schooling(city: Plan, group: People) -> Schooling:
    """Draw the courses of a chunk."""
    rng = generator(city.seed, "schooling", group.chunk.number)
    cohort = years_of(group.born)
    courses = _all_courses(rng, city, group, cohort)
    person, left = courses.person, courses.left
    works_from = plus_months(group.born, 12 * _COMES_OF_AGE)
    young = cohort >= city.year - _YOUNG
    works_from[young] = plus_months(group.born[young], 12 * _WORKING_AGE)
    np.maximum.at(works_from, person, np.where(left == OPEN, OPEN, left + 1).astype(np.int32))
    college = courses.level == COLLEGE
    college_left = np.zeros(group.number, dtype=np.int32)
    certified = college & courses.graduated
    college_left[person[certified]] = left[certified]
    studies = np.zeros(group.number, dtype=np.bool_)
    studies[person[college & (left == OPEN)]] = True
    return Schooling(courses, works_from, college_left, studies)


def _all_courses(rng: np.random.Generator, city: Plan, group: People, cohort: Ints) -> Courses:
    """So many graduates of colleges and vocational schools a year; secondary schooling of everybody young."""
    nobody = np.zeros(group.number, dtype=np.bool_)
    college, college_ends = _graduates(rng, city, group, cohort, "graduates_a_year", _COLLEGE_AGE, 4, nobody)
    vocational, vocational_ends = _graduates(
        rng, city, group, cohort, "vocational_a_year", _VOCATIONAL_AGE, 2, college
    )
    senior = (cohort >= city.year - _YOUNG) & (cohort <= city.year - _WORKING_AGE)
    senior &= college | (~vocational & some(rng, group.number, 0.6))
    junior = (cohort >= city.year - 21) & (cohort <= city.year - 13)
    parts = (
        _courses(rng, city, college, college_ends, COLLEGE, 4),
        _courses(rng, city, vocational, vocational_ends, VOCATIONAL, 3),
        _courses(rng, city, senior, cohort + _SENIOR_AGE, SENIOR, 3),
        _courses(rng, city, junior, cohort + _JUNIOR_AGE, JUNIOR, 3),
    )
    return Courses(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Courses)))


def _graduates(
    rng: np.random.Generator,
    city: Plan,
    group: People,
    cohort: Ints,
    figure: str,
    age: int,
    ahead: int,
    taken: Bools,
) -> tuple[Bools, Ints]:
    """Who gets a certificate in which year: the number of the figure in each year, past and to come."""
    chosen = np.zeros(group.number, dtype=np.bool_)
    years = np.zeros(group.number, dtype=np.int64)
    for year in range(city.year - _YEARS_BACK, city.year + ahead + 1):
        free = np.flatnonzero((cohort == year - age) & ~taken & (group.died == OPEN))
        some_of_them = exactly(rng, free, group.chunk.quotas[figure])
        chosen[some_of_them] = True
        years[some_of_them] = year
    return chosen, years


def _courses(
    rng: np.random.Generator, city: Plan, who: Bools, ends: Ints, level: int, length: int
) -> Courses:
    """The courses of one level that have begun: from September to the end of June some years later."""
    person = np.flatnonzero(who)
    higher = level in (COLLEGE, VOCATIONAL)
    shorter = some(rng, person.size, 0.4 if level == COLLEGE else 0.0)
    year = ends[person]
    started = first_days((year - length + shorter) * 12 + 8)
    expected = first_days(year * 12 + 6) - rng.integers(1, 15, person.size, dtype=np.int32)
    delayed = some(rng, person.size, 0.03 if higher else 0.0)
    left = expected + np.where(delayed, rng.integers(10, 90, person.size, dtype=np.int32), np.int32(0))
    left = np.where(left > city.until, OPEN, left)
    graduated = some(rng, person.size, 0.985) & (left != OPEN)
    begun = started <= city.until
    return Courses(
        person[begun],
        np.full(int(begun.sum()), level),
        started[begun],
        expected[begun],
        left[begun],
        graduated[begun],
        delayed[begun],
    )


def enrolment_rows(city: Plan, group: People, school: Schooling) -> pl.DataFrame:
    """The table of enrolments."""
    rng = generator(city.seed, "enrolment_rows", group.chunk.number)
    courses = school.courses
    number = courses.person.size
    higher = (courses.level == COLLEGE) | (courses.level == VOCATIONAL)
    names = pl.Series([f"虚构学校{i:02d}" for i in range(40)], dtype=pl.String)
    return rows(
        "enrolment",
        number,
        person=group.ids.gather(courses.person),
        school=names.gather(rng.integers(0, 40, number)),
        level=courses.level,
        started_on=courses.started,
        expected_on=courses.expected,
        left_on=courses.left,
        graduated=courses.graduated,
        delayed_by_school=courses.delayed,
        major_on_list=higher & some(rng, number, 0.1),
    )
