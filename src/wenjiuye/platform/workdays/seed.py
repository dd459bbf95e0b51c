"""The special days that a maintained package knows, for the table of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib.metadata import version

from wenjiuye.platform.workdays.models import SpecialDay


def known_days() -> Iterator[SpecialDay]:
    """Holidays and worked weekend days of every year that the package knows."""
    from chinese_calendar.constants import holidays, workdays

    source = f"chinesecalendar {version('chinesecalendar')}"
    for day, name in holidays.items():
        yield SpecialDay(day=_date(day), working=False, name=name, source=source)
    for day, name in workdays.items():
        yield SpecialDay(day=_date(day), working=True, name=f"{name}（上班）", source=source)


def _date(day: dt.date) -> dt.date:
    return dt.date(day.year, day.month, day.day)


def seed() -> int:
    """Add what the table lacks; days that an office has entered itself stay. How many were added."""
    before = SpecialDay.objects.count()
    SpecialDay.objects.bulk_create(known_days(), ignore_conflicts=True)
    return SpecialDay.objects.count() - before
