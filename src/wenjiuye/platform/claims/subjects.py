"""What a claim at the counter can be about, by its key or by the people and employers that it has to do with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.platform.registry.case_subject import origin
from wenjiuye.platform.registry.models import row_model
from wenjiuye.platform.registry.search import KINDS, search
from wenjiuye.policy.registry import RECORDS
from wenjiuye.rules.facts import Subject
from wenjiuye.rules.measures import Measure

MOST = 50
"""So many are shown; whoever finds more writes more of the name."""
SHORTEST = 2
"""So many characters of a name are needed."""


@dataclass(frozen=True)
class Found:
    """One subject. title: whom it is about, persons masked; day: when it began, where it has a beginning."""

    key: str
    title: str
    day: dt.date | None
    county: str


def find_subjects(measure: Measure, text: str, by: Any) -> list[Found]:
    """Subjects of a measure that have to do with people or employers of the officer's counties, one more than `MOST`.

    text: the key of the subject itself, or what `registry.search` finds them by.
    """
    text = text.strip()
    subject = measure.subject
    where = origin(subject.id)
    ends: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for one in search(by, text, limit=MOST + 1):
        ends[one.kind][one.key] = one.name or one.key
    if subject.id == "claim_period":
        return _months(ends["enterprise"])
    rows = row_model(where.table).objects.filter(replaced_by__isnull=True).of_case()
    condition = Q(key=text)
    relations = RECORDS[where.table].relations
    for column, link in relations.items():
        if ends.get(link.target.id):
            condition |= Q(**{f"{column}__in": list(ends[link.target.id])})
    if where.table in ends:
        condition |= Q(key__in=list(ends[where.table]))
    if subject.id == "sole_trader":
        condition &= Q(owner__isnull=False)
    columns = ["key", *relations, *([where.day] if where.day else [])]
    if "county" in RECORDS[where.table].facts:
        columns.append("county")
    found = list(rows.filter(condition).order_by("key").values(*columns)[: MOST + 1])
    return _told(subject, found)


def _told(subject: type[Subject], rows: list[Mapping[str, Any]]) -> list[Found]:
    where = origin(subject.id)
    relations = RECORDS[where.table].relations
    keys: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for row in rows:
        for column, link in relations.items():
            if link.target.id in keys and row[column] is not None:
                keys[link.target.id].add(row[column])
    if where.table in keys:
        keys[where.table] |= {row["key"] for row in rows}
    names = {kind: _names(kind, wanted) for kind, wanted in keys.items()}
    found = []
    for row in rows:
        told = [names[where.table].get(row["key"], "")] if where.table in names else []
        told += [
            names[link.target.id].get(row[column], "")
            for column, link in relations.items()
            if link.target.id in names and row[column] is not None and where.table not in names
        ]
        title = " · ".join(name for name in told if name)
        day = row[where.day] if where.day else None
        found.append(Found(row["key"], title or rules_in_force.title(subject), day, row.get("county") or ""))
    return found


def _names(kind: str, keys: set[str]) -> dict[str, str]:
    """Names as pages show them, by key; the key where there is no name."""
    rows = row_model(kind).objects.filter(key__in=keys, replaced_by__isnull=True).of_case()
    told = dict(rows.values_list("key", "name")) if keys else {}
    return {
        key: (masked_name(name) if kind == "person" else name) if name else key for key, name in told.items()
    }


def _months(firms: dict[str, str]) -> list[Found]:
    """Months of premiums of some firms, the newest first."""
    rows = row_model("premium").objects.filter(enterprise__in=list(firms), replaced_by__isnull=True).of_case()
    months = rows.order_by("-month", "insurance_kind").values_list("enterprise", "insurance_kind", "month")
    kinds = RECORDS["premium"].facts["insurance_kind"].members
    place = 1 if rules_in_force.lang() == "en" else 0
    return [
        Found(f"{firm}|{kind}|{month:%Y-%m}", f"{firms[firm]} · {kinds[kind][place]}", month, "")
        for firm, kind, month in months.distinct()[: MOST + 1]
    ]
