"""Days and months as whole numbers in arrays: days since 1970-01-01, months since year 0."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Days: TypeAlias = npt.NDArray[np.int32]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

OPEN = np.int32(2**30)
"""Stands for an end that has not come; later than every day."""
_FIRST = dt.date(1970, 1, 1)


def day_number(day: dt.date) -> int:
    """A day as a number."""
    return (day - _FIRST).days


def month_number(day: dt.date) -> int:
    """The month of a day as a number."""
    return day.year * 12 + day.month - 1


def month_text_number(text: str) -> int:
    """A month written as 2020-02."""
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def first_days(months: Ints) -> Days:
    """The first day of each month."""
    return (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)


def last_days(months: Ints) -> Days:
    """The last day of each month."""
    return (first_days(months + 1) - 1).astype(np.int32)


def months_of(days: Days) -> Ints:
    """The month of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def years_of(days: Days) -> Ints:
    """The calendar year of each day."""
    return months_of(days) // 12


def plus_months(days: Days, months: Ints | int) -> Days:
    """The same day so many months later, or the last day of that month."""
    month = months_of(days)
    there = month + months
    kept = days - first_days(month)
    return np.minimum(first_days(there) + kept, last_days(there)).astype(np.int32)


def settled_month(until: dt.date) -> int:
    """The last month that ended on or before a day."""
    return month_number(until + dt.timedelta(days=1)) - 1
