"""How long claims have stood in their stage, in working days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Q
from django.utils import timezone

from wenjiuye.platform.workdays.calendar import Calendar


@dataclass(frozen=True)
class Age:
    """So many working days, both ends counted. longest: None without an end."""

    title: str
    shortest: int
    longest: int | None


AGES: Mapping[str, Age] = MappingProxyType(
    {
        "0-2": Age("0–2", 0, 2),
        "3-5": Age("3–5", 3, 5),
        "6-10": Age("6–10", 6, 10),
        "11": Age("> 10", 11, None),
    }
)


def conditions(calendar: Calendar, today: dt.date) -> dict[str, Q]:
    """For each age the claims that are of it today."""
    found = {}
    for key, age in AGES.items():
        # The first day of a stage that is at most so many working days ago, and the first that is fewer ago.
        where = Q(since__lt=_midnight(_earliest(calendar, today, age.shortest - 1))) if age.shortest else Q()
        if age.longest is not None:
            where &= Q(since__gte=_midnight(_earliest(calendar, today, age.longest)))
        found[key] = where
    return found


def _earliest(calendar: Calendar, today: dt.date, days: int) -> dt.date:
    """The earliest day from which on no more than so many working days have passed."""
    day, passed = today, 0
    while passed + calendar.works(day) <= days:
        passed += calendar.works(day)
        day -= dt.timedelta(days=1)
    return day


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
