"""Calendar over columns in whole numbers, and conditions on moved dates turned round into a fixed day.

Polars' own calendar functions take 20 to 90 ns for each row and call; looking a month up takes 10. Where only
one date of a comparison varies there is nothing to compute for a row at all: `birth + 60 years <= decision`
is a comparison of `birth` with one fixed day, which bisection over the same functions as for one case finds.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from wenjiuye.rules import calendar

ERA_DAYS, ERA_MONTHS = 146_097, 4_800
"""Days and months of 400 years, after which the calendar repeats."""
ORIGIN = dt.date(1970, 1, 1).toordinal() - 1 + ERA_DAYS
"""Days and months count from 400 years before year 1, so that no date moved by up to 400 years is below 0."""
_ERAS = 27
"""The years 1 to 9999, and 400 years on both sides of them."""
_FIRST, _LAST = (day.toordinal() - 1 + ERA_DAYS - ORIGIN for day in (dt.date.min, dt.date.max))
SAFE_MOVE = ERA_MONTHS
"""So many months take no date of the law out of Python's calendar."""


# ── Months and days as numbers


@cache
def _month_of_era_day() -> pl.Series:
    firsts = _firsts_of_era()
    length = (firsts.shift(-1, fill_value=ERA_DAYS) - firsts).cast(pl.UInt32)
    return pl.int_range(ERA_MONTHS, dtype=pl.Int16, eager=True).repeat_by(length).explode()


@cache
def _firsts_of_era() -> pl.Series:
    days = [dt.date(1 + n // 12, n % 12 + 1, 1).toordinal() - 1 for n in range(ERA_MONTHS)]
    return pl.Series(days, dtype=pl.Int32)


@cache
def _firsts() -> pl.Series:
    eras = [_firsts_of_era() + era * ERA_DAYS - ORIGIN for era in range(_ERAS)]
    return pl.concat(eras).cast(pl.Int32)


def day_number(day: pl.Expr) -> pl.Expr:
    """The date as Polars counts it: days since 1970."""
    return day.cast(pl.Int32)


def month_number(day: pl.Expr) -> pl.Expr:
    """Months since the origin (Int32)."""
    days = day_number(day) + ORIGIN
    return days // ERA_DAYS * ERA_MONTHS + pl.lit(_month_of_era_day()).gather(days % ERA_DAYS)


def first_day(month: pl.Expr) -> pl.Expr:
    """The number of a month's first day (Int32)."""
    return pl.lit(_firsts()).gather(month)


@dataclass(frozen=True, slots=True)
class Parts:
    """A date taken apart: its number, its month's number, its day of the month from 0, whether that is the last."""

    day: pl.Expr
    month: pl.Expr
    day_of_month: pl.Expr
    ends_month: pl.Expr

    @classmethod
    def of(cls, day: pl.Expr) -> Parts:
        """Of a column of dates."""
        month = month_number(day)
        return cls.of_columns(day, month, day_number(day) - first_day(month))

    @classmethod
    def of_columns(cls, day: pl.Expr, month: pl.Expr, day_of_month: pl.Expr) -> Parts:
        """Of a date whose parts are columns already."""
        number = day_number(day)
        return cls(number, month, day_of_month, number + 1 == first_day(month + 1))

    @classmethod
    def of_fixed(cls, day: dt.date | None) -> Parts:
        """Of one date for every row; None is unknown."""
        if day is None:
            nothing = pl.lit(None, dtype=pl.Int32)
            return cls(nothing, nothing, nothing, pl.lit(None, dtype=pl.Boolean))
        last = monthrange(day.year, day.month)[1]
        return cls(
            pl.lit(day.toordinal() - 1 + ERA_DAYS - ORIGIN, dtype=pl.Int32),
            pl.lit((day.year - 1) * 12 + day.month - 1 + ERA_MONTHS, dtype=pl.Int32),
            pl.lit(day.day - 1, dtype=pl.Int32),
            pl.lit(day.day == last),
        )


def moved_month(month: pl.Expr, steps: pl.Expr, most: int) -> pl.Expr:
    """A month so many months on or back; steps that can be many end within 400 years of the calendar's ends."""
    if most <= SAFE_MOVE:
        return month + steps.cast(pl.Int32)
    moved = month.cast(pl.Int64) + steps
    return moved.clip(0, _ERAS * ERA_MONTHS - 2).cast(pl.Int32)


def moved_ends(target: pl.Expr, day_of_month: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The same day of another month, and that month's last day: the earlier of the two is the date moved."""
    return first_day(target) + day_of_month, first_day(target + 1) - 1


def earlier(a: pl.Expr, b: pl.Expr, most: int) -> pl.Expr:
    """The earlier of two days as a date, within the calendar."""
    day = pl.when(a <= b).then(a).otherwise(b)
    return within_calendar(day) if most > SAFE_MOVE else day.cast(pl.Date)


def within_calendar(day: pl.Expr) -> pl.Expr:
    """A day's number as a date; beyond either end of the calendar it stays there."""
    return day.clip(_FIRST, _LAST).cast(pl.Int32).cast(pl.Date)


def plus_months(day: Parts, months: pl.Expr) -> pl.Expr:
    """Later by months; a day that the month lacks is its last day."""
    most = SAFE_MOVE + 1
    return earlier(*moved_ends(moved_month(day.month, months, most), day.day_of_month), most)


def year(day: Parts) -> pl.Expr:
    """The calendar year."""
    return (day.month // 12 - (ERA_MONTHS // 12 - 1)).cast(pl.Int64)


def full_months(start: Parts, end: Parts) -> pl.Expr:
    """Completed months, negative where the end comes first."""
    apart = end.month - start.month
    short = ((start.day_of_month > end.day_of_month) & ~end.ends_month).cast(pl.Int32)
    short_back = ((end.day_of_month > start.day_of_month) & ~start.ends_month).cast(pl.Int32)
    forward = start.day <= end.day
    return pl.when(forward).then(apart - short).when(~forward).then(apart + short_back)


def begun_months(start: Parts, end: Parts) -> pl.Expr:
    """Months begun, none where the end does not come later."""
    later = (start.day_of_month < end.day_of_month).cast(pl.Int32)
    forward = start.day < end.day
    return pl.when(forward).then(end.month - start.month + later).when(~forward).then(0)


SPANS: dict[str, Callable[[Parts, Parts], pl.Expr]] = {
    "full_months": full_months,
    "begun_months": begun_months,
    "age": lambda birth, day: full_months(birth, day) // 12,
    "days": lambda start, end: end.day - start.day,
}


# ── A condition on one varying date is a fixed day


def threshold(holds: Callable[[dt.date], bool]) -> int:
    """The ordinal of the first day on which a condition that only ever turns true holds; one past the last
    day where it never does."""
    return (
        bisect_left(range(1, dt.date.max.toordinal() + 1), True, key=lambda n: holds(dt.date.fromordinal(n)))
        + 1
    )


def from_day(day: pl.Expr, ordinal: int) -> pl.Expr:
    """Whether a date is that day or later."""
    if ordinal > dt.date.max.toordinal():
        return day > dt.date.max
    return day >= dt.date.fromordinal(ordinal)


def turned_round(op: str, moved: Callable[[dt.date], Any], rising: bool, fixed: Any, day: pl.Expr) -> pl.Expr:
    """`moved(day) op fixed` as a comparison of `day` itself; `moved` never falls, or never rises."""

    def at_least(strictly: bool) -> pl.Expr:
        def holds(d: dt.date) -> bool:
            return bool(moved(d) > fixed if strictly else moved(d) >= fixed)

        if rising:
            return from_day(day, threshold(holds))
        return ~from_day(day, threshold(lambda d: not holds(d)))

    match op:
        case "ge":
            return at_least(False)
        case "gt":
            return at_least(True)
        case "lt":
            return ~at_least(False)
        case "le":
            return ~at_least(True)
        case "eq":
            return at_least(False) & ~at_least(True)
        case _:
            return ~at_least(False) | at_least(True)


def plus_days(day: dt.date, number: int) -> dt.date:
    """Later by days, within Python's years."""
    return dt.date.fromordinal(max(1, min(dt.date.max.toordinal(), day.toordinal() + number)))


SPANS_OF_DATES: dict[str, Callable[[dt.date, dt.date], int]] = {
    "full_months": calendar.full_months,
    "begun_months": calendar.begun_months,
    "age": calendar.age_on,
    "days": lambda start, end: (end - start).days,
}
