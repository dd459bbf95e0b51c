"""Counting working days. Where a year's calendar is not known yet, only weekends are taken off, and it is said."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wenjiuye.platform.workdays.models import SpecialDay


@dataclass(frozen=True)
class Deadline:
    """A last day. sure: whether the calendar of all its years is known."""

    day: dt.date
    sure: bool


class Calendar:
    """The special days of some years, read once."""

    def __init__(self, first: int, last: int) -> None:
        rows = SpecialDay.objects.filter(day__year__gte=first, day__year__lte=last).values_list(
            "day", "working"
        )
        self._special = dict(rows)
        self.known = frozenset(day.year for day in self._special)

    def works(self, day: dt.date) -> bool:
        """Whether offices work on a day."""
        return self._special.get(day, day.weekday() < 5)

    def after(self, start: dt.date, days: int) -> Deadline:
        """The last of so many working days after a day, which itself does not count. days: not below 0."""
        day, years = start, {start.year}
        while days > 0:
            day += dt.timedelta(days=1)
            years.add(day.year)
            days -= self.works(day)
        return Deadline(day, years <= self.known)

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after `start` up to `end`; negative where `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.works(day) for day in days)


def calendar_around(day: dt.date) -> Calendar:
    """The calendar of the years about a day."""
    return Calendar(day.year - 1, day.year + 1)


def unknown_years(today: dt.date) -> list[int]:
    """This year and, from October on, the next, where their calendar is not known."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 10 else [])
    known = Calendar(today.year, today.year + 1).known
    return [year for year in wanted if year not in known]
