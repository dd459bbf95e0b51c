"""Finding people and employers: exactly by key, number or phone, and by names that are only known about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.privacy.crypto import keyed_hash, normalised
from wenjiuye.platform.registry.columns import PERSONAL, hash_column, purpose
from wenjiuye.platform.registry.merged import current_key
from wenjiuye.platform.registry.models import row_model

KINDS = ("person", "enterprise")
MOST = 50
_TRIGRAM = 3
"""Shorter texts cannot be looked for inside of names by the index."""


@dataclass(frozen=True)
class Found:
    """One person or employer. by: what fitted (`key`, `resident_id`, `phone`, `credit_code`, `name`).

    likeness: 1 is exact. known_on: a person's birth date, an employer's registration. code: an employer's credit code.
    """

    kind: str
    key: str
    name: str
    county: str
    known_on: dt.date | None
    code: str
    by: str
    likeness: float


def search(user: Any, text: str, kinds: Sequence[str] = KINDS, *, limit: int = MOST) -> list[Found]:
    """People and employers in the user's jurisdiction that fit a text, those that fit best first.

    A key, resident id, phone or credit code has to be whole; where one fits, names are not looked at.
    """
    text = text.strip()
    if not text:
        return []
    exact = [one for kind in kinds for one in _exact(user, kind, text)]
    if exact:
        return exact[:limit]
    named = [one for kind in kinds for one in _named(user, kind, text, limit)]
    return sorted(named, key=lambda one: (-one.likeness, one.kind, one.key))[:limit]


def _live(user: Any, kind: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = row_model(kind).objects.visible_to(user, Action.SEE_REGISTRY)
    return rows.filter(replaced_by__isnull=True)


def _exact(user: Any, kind: str, text: str) -> list[Found]:
    tries = {"key": Q(key=current_key(kind, text))}
    tries |= {
        name: Q(**{hash_column(name): keyed_hash(text, purpose(kind, name))}) for name in PERSONAL[kind]
    }
    if kind == "enterprise":
        tries["credit_code"] = Q(credit_code__in=[text, normalised(text)])
    found: dict[str, Found] = {}
    for by, condition in tries.items():
        for row in _rows(_live(user, kind).filter(condition).annotate(likeness=Value(1.0))[:MOST], kind, by):
            found.setdefault(row.key, row)
    return list(found.values())


def _named(user: Any, kind: str, text: str, limit: int) -> list[Found]:
    fits = Q(name__startswith=text) | Q(name__trigram_similar=text)
    if kind == "enterprise" or len(text) >= _TRIGRAM:
        fits |= Q(name__contains=text)
    likeness = Case(
        When(name=text, then=Value(1.0)),
        When(name__startswith=text, then=Value(0.9)),
        When(name__contains=text, then=Value(0.8)),
        default=TrigramSimilarity("name", text) * Value(0.8),
        output_field=FloatField(),
    )
    rows = _live(user, kind).filter(fits).annotate(likeness=likeness).order_by("-likeness", "key")
    return _rows(rows[:limit], kind, "name")


def _rows(rows: QuerySet[Any], kind: str, by: str) -> list[Found]:
    known, code = ("birth_date", Value("")) if kind == "person" else ("registered_on", F("credit_code"))
    told = rows.annotate(known_on=F(known), code=code).values_list(
        "key", "name", "county", "known_on", "code", "likeness"
    )
    return [
        Found(kind, key, name or "", county, day, number or "", by, likeness)
        for key, name, county, day, number, likeness in told
    ]
