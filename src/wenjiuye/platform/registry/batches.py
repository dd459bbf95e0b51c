"""Batches come in: all of a batch or nothing. What the registry holds now, as of when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.accounts.scope import service_scope
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.admission import refuse_lost_references, refuse_other_counties
from wenjiuye.platform.registry.errors import LoadError
from wenjiuye.platform.registry.loading import load_table, lock_registry
from wenjiuye.platform.registry.models import ImportBatch, ImportedTable, SetAside
from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.registry.intake import CleanRegistry

Kind, State = ImportBatch.Kind, ImportBatch.State


@dataclass(frozen=True)
class NewBatch:
    """What is known of rows that come in.

    as_of: the day as of which they are. kind: CHANGES (rows come on top and take the place of those alike) or WHOLE
    (each table that comes takes the place of all that it held). county: to whose rows the batch is limited; empty:
    the whole city. corrects: the batch whose rows that were set aside this one brings.
    """

    title: str
    as_of: dt.date
    source: str = ""
    kind: str = Kind.CHANGES
    county: str = ""
    corrects: ImportBatch | None = None


def load_batch(registry: CleanRegistry, new: NewBatch, by: Any = None) -> ImportBatch:
    """Take a checked registry in as one batch. by: the officer, None: the system itself (set-up, a made-up city).

    PermissionDenied; LoadError: rows of another county, or references to rows that are not there (nothing is kept).
    """
    if by is not None:
        check(by, Action.IMPORT_REGISTRY, county=new.county)
    if new.kind == Kind.WHOLE and new.county:
        raise LoadError(_("全量导入须由市级进行；县区请选择增量导入。"))
    with transaction.atomic(), on_record(by or "system", "import"), service_scope():
        lock_registry()
        batch = ImportBatch.objects.create(
            kind=new.kind,
            title=new.title,
            source=new.source,
            county=new.county,
            as_of=new.as_of,
            by=by,
            corrects=new.corrects,
        )
        for name, files in registry.tables.items():
            copied = load_table(RECORDS[name], files, batch)
            ImportedTable.objects.create(
                batch=batch,
                table=name,
                rows=copied.rows,
                first_month=copied.first_month,
                set_aside=registry.reports[name].set_aside if name in registry.reports else 0,
            )
            batch.rows += copied.rows
        _put_set_aside(registry, batch)
        refuse_other_counties(batch)
        refuse_lost_references(registry, batch, set(tables_kept()))
        batch.save()
        chain.append(
            "import",
            f"batch {batch.pk}",
            {"title": batch.title, "as_of": batch.as_of, "rows": batch.rows, "by": str(by or "system")},
        )
    return batch


def _put_set_aside(registry: CleanRegistry, batch: ImportBatch) -> None:
    """Mark whose rows were set aside; what this batch brings after all is no longer marked."""
    marks = SetAside.objects.filter(replaced_by__isnull=True, table__in=list(registry.tables))
    if batch.kind == Kind.WHOLE:
        marks.update(replaced_by=batch)
    elif batch.corrects is not None:
        marks.filter(batch=batch.corrects).update(replaced_by=batch)
    SetAside.objects.bulk_create(
        (
            SetAside(batch=batch, table=key.partition(".")[0], column=key.partition(".")[2], owner=owner)
            for key, owners in registry.incomplete.items()
            for owner in owners
        ),
        batch_size=5_000,
    )


# ── What holds now


def newest_batch_time() -> dt.datetime | None:
    """When the registry last changed: a batch came in or was taken back. None: it is empty."""
    told = ImportBatch.objects.aggregate(loaded=Max("loaded_at"), undone=Max("undone_at"))
    return max((moment for moment in told.values() if moment is not None), default=None)


@dataclass(frozen=True)
class Kept:
    """A table that the city keeps. as_of: of its newest batch. first_month: of monthly tables."""

    as_of: dt.date
    first_month: dt.date | None


def tables_kept() -> dict[str, Kept]:
    """The tables that the city keeps, as of when and since when."""
    found: dict[str, Kept] = {}
    rows = (
        ImportedTable.objects.filter(batch__state=State.IN_FORCE)
        .exclude(batch__kind=Kind.MERGE)
        .order_by("batch_id")
        .values_list("table", "first_month", "batch__as_of", "batch__kind")
    )
    for name, first_month, as_of, kind in rows:
        before = None if kind == Kind.WHOLE else found.get(name)
        months = [month for month in (first_month, before and before.first_month) if month is not None]
        found[name] = Kept(max(as_of, before.as_of) if before else as_of, min(months, default=None))
    return found
