"""Dates and periods as the Civil Code counts them: calendar months, month ends, 29 February.

A period of months ends on the day of the month that bears the number of its first day; where the last
month has no such day, on its last day (Civil Code, articles 200 to 204).
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day `months` later (or earlier); a day that the month lacks is its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return dt.date.max if months > 0 else dt.date.min
    if day.day <= 28:
        return dt.date(year, month + 1, day.day)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plus_days(day: dt.date, days: int) -> dt.date:
    """So many days later (or earlier), not beyond the ends of the calendar."""
    ordinal = min(max(day.toordinal() + days, dt.date.min.toordinal()), dt.date.max.toordinal())
    return dt.date.fromordinal(ordinal)


def full_months(start: dt.date, end: dt.date) -> int:
    """Completed calendar months from start to end; negative where end comes first.

    A month is complete on the anniversary, or on the month's last day where it has no such day.
    """
    if end < start:
        return -full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if plus_months(start, months) <= end else months - 1


def begun_months(start: dt.date, end: dt.date) -> int:
    """Calendar months begun from start to end: each completed one, and one more for a rest of days."""
    if end <= start:
        return 0
    months = full_months(start, end)
    return months if plus_months(start, months) == end else months + 1


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years, reached on the birthday (born on 29 February: on 28 February in a common year)."""
    return full_months(birth, day) // 12
