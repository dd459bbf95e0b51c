"""All that the registry holds of one person or employer: the rows of every table, the batch of each, what they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.registry.columns import (
    KEY,
    PERSONAL,
    hash_column,
    kernel_columns,
    refers_to,
    stored_name,
)
from wenjiuye.platform.registry.models import ImportBatch, row_model
from wenjiuye.policy.registry import RECORDS

KINDS = ("person", "enterprise")
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "person": ("person",),
    "enterprise": ("enterprise", "sole_trader"),
}
_DATED = ("month", "year", "granted_on", "valid_from", "started_on", "registered_on", "tax_obligation_date")
"""By which column the rows of a table are sorted, the newest first: the first that it has."""


@dataclass(frozen=True)
class Held:
    """The rows of one table about somebody. live: that count now; replaced: that counted before."""

    table: str
    live: int
    replaced: int


@dataclass(frozen=True)
class Version:
    """One version of the row of a person or employer. changed: columns in which it differs from the one before."""

    row: Any
    batch: ImportBatch
    changed: tuple[str, ...]


def subject_row(user: Any, kind: str, key: str) -> Any:
    """The live row of a person or employer in the user's jurisdiction; None: there is none that the user may see."""
    rows = row_model(kind).objects.visible_to(user, Action.SEE_REGISTRY)
    return rows.filter(key=key, replaced_by__isnull=True).first()


def held(row: Any, kind: str) -> list[Held]:
    """The tables that hold something about somebody, in the order of the data model."""
    found = []
    for table in RECORDS:
        condition = _about(row, kind, table)
        if condition is None or table == kind:
            continue
        rows = row_model(table).objects.of_case().filter(condition)
        live = rows.filter(replaced_by__isnull=True).count()
        replaced = rows.filter(replaced_by__isnull=False).count()
        if live or replaced:
            found.append(Held(table, live, replaced))
    return found


def rows_about(
    row: Any, kind: str, table: str, start: int, number: int, *, replaced: bool = False
) -> list[Any]:
    """Some rows of a table about somebody, the newest first. replaced: also those that counted before."""
    condition = _about(row, kind, table)
    if condition is None:
        return []
    rows = row_model(table).objects.of_case().filter(condition)
    if not replaced:
        rows = rows.filter(replaced_by__isnull=True)
    dated = next((name for name in _DATED if name in RECORDS[table].facts), None)
    order = (f"-{dated}", "-id") if dated else ("-id",)
    return list(rows.order_by(*order)[start : start + number])


def _about(row: Any, kind: str, table: str) -> Q | None:
    """Which rows of a table are about a row; None: none can be."""
    if table == kind:
        return Q(key=row.key)
    columns = [name for name, target in refers_to(RECORDS[table]).items() if target == kind]
    condition = Q()
    for name in columns:
        condition |= Q(**{name: row.key})
    if table == "household" and kind == "person" and row.household:
        return Q(key=row.household)
    if table == "bill" and kind == "enterprise":
        leases = row_model("lease").objects.of_case().filter(tenant=row.key, replaced_by__isnull=True)
        return Q(lease__in=list(leases.values_list(KEY, flat=True)))
    if table == "finding":
        return Q(subject__in=_SUBJECTS[kind], subject_id=row.key)
    return condition or None


def batches_of(rows: Iterable[Any]) -> dict[int, ImportBatch]:
    """The batches that some rows name, as theirs or as what replaced them."""
    keys = {pk for row in rows for pk in (row.batch, row.replaced_by) if pk is not None}
    return ImportBatch.objects.in_bulk(keys)


def versions(row: Any, kind: str) -> list[Version]:
    """What stood in the registry of somebody over time, the newest first."""
    rows = list(row_model(kind).objects.of_case().filter(key=row.key).order_by("id"))
    batches = batches_of(rows)
    found, before = [], None
    for one in rows:
        found.append(Version(one, batches[one.batch], _changed(kind, before, one) if before else ()))
        before = one
    return found[::-1]


def _changed(kind: str, before: Any, after: Any) -> tuple[str, ...]:
    sealed = PERSONAL.get(kind, ())
    return tuple(
        name
        for name in map(stored_name, kernel_columns(RECORDS[kind]))
        if name != KEY and _told(before, name, name in sealed) != _told(after, name, name in sealed)
    )


def _told(row: Any, name: str, sealed: bool) -> Any:
    """What stands in a column; of what is encrypted its hash."""
    mark = getattr(row, hash_column(name)) if sealed else getattr(row, name)
    return bytes(mark) if sealed and mark is not None else mark


def names_of(kind: str, keys: Collection[str]) -> dict[str, str]:
    """The names of some people or employers."""
    rows = row_model(kind).objects.of_case().filter(key__in=list(keys), replaced_by__isnull=True)
    return {key: name for key, name in rows.values_list(KEY, "name") if name}


def references(kind: str, key: str) -> dict[str, int]:
    """How many live rows of each table name somebody: what a merge would repoint."""
    found = {}
    for table in RECORDS:
        condition = Q()
        for name, target in refers_to(RECORDS[table]).items():
            if target == kind:
                condition |= Q(**{name: key})
        if table == "finding":
            condition |= Q(subject__in=_SUBJECTS[kind], subject_id=key)
        if not condition:
            continue
        number = row_model(table).objects.of_case().filter(condition, replaced_by__isnull=True).count()
        if number:
            found[table] = number
    return found
