"""Whom and what a case is about: the row that is decided, the people and firms that it leads to, who claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.registry.columns import PERSONAL, kernel_columns, refers_to, stored_name
from wenjiuye.platform.registry.errors import NoSuchSubject
from wenjiuye.platform.registry.merged import current_key
from wenjiuye.platform.registry.models import row_model
from wenjiuye.policy.registry import RECORDS
from wenjiuye.rules.facts import Subject


@dataclass(frozen=True)
class Origin:
    """The table that a subject's rows come from, and where its relations lead from there.

    relations: by the subject's relation, the column of the table (`key`: the row itself). day: the column with the day
    on which the facts of its people hold; empty: the day of decision. claimant: the columns of who claims, the first
    that is given; none: the row itself.
    """

    table: str
    relations: Mapping[str, str] = field(default_factory=dict)
    day: str = ""
    claimant: tuple[str, ...] = ()


ORIGINS: Mapping[str, Origin] = {
    "hire": Origin("employment", {"person": "person", "employer": "employer"}, "started_on", ("employer",)),
    "internship": Origin("internship", {"trainee": "trainee", "host": "host"}, "started_on", ("host",)),
    "training": Origin(
        "training",
        {"trainee": "trainee", "organiser": "organiser"},
        "training_started_on",
        ("organiser", "trainee"),
    ),
    "sole_trader": Origin("enterprise", {"owner": "owner"}),
    "claim_period": Origin("premium", {"enterprise": "enterprise"}, claimant=("enterprise",)),
    "taxpayer_revenue": Origin("sales", {"taxpayer": "taxpayer"}, claimant=("taxpayer",)),
    "park_tenant": Origin("lease", {"enterprise": "tenant"}, claimant=("tenant",)),
    "loan": Origin("loan", {}, claimant=("borrower",)),
}
"""Subjects whose rows are not those of the table of their own name, or lead to others."""


def origin(subject_id: str) -> Origin:
    """Where the rows of a subject come from."""
    return ORIGINS.get(subject_id, Origin(subject_id))


@dataclass(frozen=True)
class CaseSubject:
    """The row that a case is about. ends: by relation, the key to which it leads and the kind of row that is there."""

    subject: str
    key: str
    row: Mapping[str, Any]
    ends: Mapping[str, tuple[str, str]]
    claimant: tuple[str, str]

    def key_at(self, path: tuple[str, ...]) -> str | None:
        """The key of the row whose facts stand at a path."""
        return self.key if not path else self.ends.get(path[0], ("", None))[1]

    def day_at(self, path: tuple[str, ...], on: dt.date) -> dt.date:
        """The day on which the facts at a path hold: of people who were hired, the day of hiring."""
        column = origin(self.subject).day
        person = path and self.ends.get(path[0], ("", ""))[0] == "person"
        day = self.row.get(column) if person and column else None
        return day or on

    def keys(self, table: str) -> set[str]:
        """The people or firms that the case leads to."""
        own = {self.key} if origin(self.subject).table == table and self.subject != "claim_period" else set()
        return own | {key for kind, key in self.ends.values() if kind == table}


def find_subject(subject: type[Subject], key: str) -> CaseSubject:
    """The row of a subject by its key; where rows were merged, the one that was kept. Raises NoSuchSubject."""
    where = origin(subject.id)
    row = _premium(key) if subject.id == "claim_period" else _row(where.table, key)
    if row is None:
        raise NoSuchSubject(
            _("登记库中没有%(what)s %(key)s。请核对编号，或先导入数据。") % {"what": subject.zh, "key": key}
        )
    found = row.get("key", key)
    targets = refers_to(RECORDS[where.table])
    ends = {
        relation: (targets[column], row[column])
        for relation, column in where.relations.items()
        if row[column] is not None
    }
    named = next((column for column in where.claimant if row[column] is not None), None)
    claimant = (where.table, found) if named is None else (targets[named], row[named])
    return CaseSubject(subject.id, found, row, ends, claimant)


def _row(table: str, key: str) -> Mapping[str, Any] | None:
    columns = _columns(table)
    rows = row_model(table).objects.filter(replaced_by__isnull=True).of_case()
    found: Mapping[str, Any] | None = rows.filter(key=key).values(*columns).first()
    if found is None and (kept := current_key(table, key)) != key:
        found = rows.filter(key=kept).values(*columns).first()
    return found


def _columns(table: str) -> list[str]:
    """All that is not encrypted."""
    return [stored_name(n) for n in kernel_columns(RECORDS[table]) if n not in PERSONAL.get(table, ())]


def _premium(key: str) -> Mapping[str, Any] | None:
    """Premiums of a month are named by the employer, the kind and the month: of several the last counts."""
    parts = key.rsplit("|", 2)
    try:
        firm, kind, month = parts
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    rows = row_model("premium").objects.filter(replaced_by__isnull=True).of_case()
    found: Mapping[str, Any] | None = (
        rows.filter(enterprise=firm, insurance_kind=kind, month=first)
        .order_by("-id")
        .values(*_columns("premium"))
        .first()
    )
    return found
