"""Pages by key: the next page begins after the last row of this one, however far down the list that is.

Rows without a value come last in either direction. They are a part of their own, so that the database can walk an
index from where the page begins instead of counting what lies before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Q

SIZE = 50
"""Rows of a page."""


@dataclass(frozen=True)
class Order:
    """A column to sort by, then the row's number."""

    column: str
    descending: bool = False


ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "due": Order("due_on"),
        "-due": Order("due_on", True),
        "amount": Order("high_fen"),
        "-amount": Order("high_fen", True),
        "applied": Order("applied_on"),
        "-applied": Order("applied_on", True),
    }
)


@dataclass(frozen=True)
class Place:
    """A row that a page begins after, or ends before. number: which row of the whole list it is, from 1."""

    value: Any
    pk: int
    number: int

    def __str__(self) -> str:
        value = "" if self.value is None else self.value
        return f"{value}~{self.pk}~{self.number}"


def read_place(text: str, order: Order) -> Place | None:
    """The place that a link names; None where it names none."""
    try:
        value, pk, number = text.split("~")
        known: Any = None
        if value:
            known = int(value) if order.column.endswith("_fen") else dt.date.fromisoformat(value)
        return Place(known, int(pk), int(number))
    except ValueError:
        return None


@dataclass(frozen=True)
class Page:
    """The rows of a page by their primary keys. first: the number of the first row in the whole list."""

    keys: tuple[int, ...]
    first: int
    before: Place | None
    after: Place | None

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.keys) - 1


def page(rows: Any, order: Order, *, after: Place | None = None, before: Place | None = None) -> Page:
    """One page of a queryset. after, before: the row where it begins or ends; neither: the first page."""
    backward = before is not None
    place = before if before is not None else after
    parts = _parts(rows, order, place, backward=backward)
    columns = ("pk", order.column)
    first, *rest = [part.values_list(*columns)[: SIZE + 1] for part in parts]
    found = list(first.union(*rest, all=True) if rest else first)
    found.sort(key=lambda row: _rank(row, order), reverse=backward)
    more, found = len(found) > SIZE, found[:SIZE]
    if backward:
        found.reverse()
    if not found:
        return Page((), 1, None, None)
    number = 1
    if before is not None:
        number = max(1, before.number - len(found))
    elif after is not None:
        number = after.number + 1
    has_before, has_after = (more, True) if backward else (after is not None, more)
    return Page(
        tuple(pk for pk, _ in found),
        number,
        Place(found[0][1], found[0][0], number) if has_before else None,
        Place(found[-1][1], found[-1][0], number + len(found) - 1) if has_after else None,
    )


def _parts(rows: Any, order: Order, place: Place | None, *, backward: bool) -> list[Any]:
    """The rows with a value and those without, from the place on, each in the order of an index."""
    falling = order.descending is not backward
    sign, compare = ("-", "lt") if falling else ("", "gt")
    column = order.column
    known = rows.filter(**{f"{column}__isnull": False}).order_by(f"{sign}{column}", f"{sign}pk")
    # Sorted by the column as well, though it is empty, because the index is.
    unknown = rows.filter(**{f"{column}__isnull": True}).order_by(f"{sign}{column}", f"{sign}pk")
    if place is None:
        return [known, unknown]
    beyond = Q(**{f"pk__{compare}": place.pk})
    if place.value is None:
        return [unknown.filter(beyond), known] if backward else [unknown.filter(beyond)]
    # The first condition is what an index can begin at.
    known = known.filter(
        Q(**{f"{column}__{compare}e": place.value}),
        Q(**{f"{column}__{compare}": place.value}) | beyond,
    )
    return [known] if backward else [known, unknown]


def _rank(row: tuple[int, Any], order: Order) -> tuple[Any, ...]:
    pk, value = row
    if isinstance(value, dt.date):
        value = value.toordinal()
    sign = -1 if order.descending else 1
    return (value is None, sign * (value or 0), sign * pk)
