"""Two rows of one person or employer become one: all that refers to the dropped row refers to the kept one.

A merge is a batch: nothing is changed in place, and `undoing.undo_batch` takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.models import today
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.accounts.scope import service_scope
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.columns import (
    PERSONAL,
    hash_column,
    kernel_columns,
    refers_to,
    stored_name,
    table_name,
)
from wenjiuye.platform.registry.errors import MergeError
from wenjiuye.platform.registry.loading import lock_registry, put_in
from wenjiuye.platform.registry.models import (
    DuplicatePair,
    ImportBatch,
    ImportedTable,
    Merge,
    SetAside,
    row_model,
)
from wenjiuye.platform.registry.statements import Part, part, run
from wenjiuye.policy.registry import RECORDS
from wenjiuye.rules.policy import Policy

_SUBJECTS = {"person": ("person",), "enterprise": ("enterprise", "sole_trader")}
"""Subjects whose rows are named by the key of a person or an employer."""


@dataclass(frozen=True)
class _Reference:
    """A column that may hold the dropped key. where: which rows hold it; value: what they hold instead."""

    column: str
    where: Part
    value: Part


def merge(policy: Policy, kind: str, keep: str, drop: str, reason: str, by: Any) -> ImportBatch:
    """Make one row of two, and repoint all that refers to the dropped one. kind: `person` or `enterprise`.

    policy: says which grants are named by the key of a person or an employer. PermissionDenied: one of them is of
    another jurisdiction. MergeError: there are no such two rows, or no reason is given.
    """
    if not reason.strip():
        raise MergeError(_("请写明合并的理由。"))
    if keep == drop:
        raise MergeError(_("不能把一行与它自己合并。"))
    with transaction.atomic(), on_record(by, f"merge: {reason}"), service_scope():
        lock_registry()
        county = _county(kind, keep, by)
        _county(kind, drop, by)
        batch = ImportBatch.objects.create(
            kind=ImportBatch.Kind.MERGE,
            title=_("合并%(kind)s %(drop)s 到 %(keep)s")
            % {"kind": RECORDS[kind].zh, "drop": drop, "keep": keep},
            county=county,
            as_of=today(),
            by=by,
        )
        for name in RECORDS:
            _repoint(name, batch, list(_references(policy, name, kind, keep, drop)))
        row_model(kind).objects.filter(key=drop, replaced_by__isnull=True).update(replaced_by=batch.pk)
        ImportedTable.objects.get_or_create(batch=batch, table=kind, defaults={"rows": 0})
        _move_marks(batch, kind, keep, drop)
        batch.save()
        Merge.objects.create(batch=batch, kind=kind, kept=keep, dropped=drop, reason=reason.strip())
        first, second = sorted((keep, drop))
        DuplicatePair.objects.filter(kind=kind, first=first, second=second).update(
            state=DuplicatePair.State.MERGED,
            settled_at=timezone.now(),
            settled_by=by,
            settled_why=reason.strip(),
        )
        body = {"kind": kind, "kept": keep, "dropped": drop, "why": reason, "by": str(by)}
        chain.append("merge", f"batch {batch.pk}", body)
    return batch


def _county(kind: str, key: str, by: Any) -> str:
    """The county of a live row in which the officer may merge."""
    rows = row_model(kind).objects.filter(key=key, replaced_by__isnull=True)
    county: str | None = rows.values_list("county", flat=True).first()
    if county is None:
        raise MergeError(
            _("登记库中没有%(what)s %(key)s，可能已被合并。") % {"what": RECORDS[kind].zh, "key": key}
        )
    check(by, Action.MERGE_DUPLICATES, county=county)
    return county


def _references(policy: Policy, table: str, kind: str, keep: str, drop: str) -> Iterator[_Reference]:
    """The columns of a table that may hold the dropped key, relations and ids that are kept as text."""
    kept = part("%s", keep)
    for column, target in refers_to(RECORDS[table]).items():
        if target == kind:
            yield _Reference(column, part("{c} = %s", drop, c=sql.Identifier(column)), kept)
    if table in ("grant", "finding"):
        named = _of(policy, table, _SUBJECTS[kind], "subject_id = %s", drop)
        yield _Reference("subject_id", named, kept)
        if kind == "enterprise":
            # A month of premiums is named by the employer, the kind and the month.
            months = _of(policy, table, ("claim_period",), "starts_with(subject_id, %s)", f"{drop}|")
            yield _Reference("subject_id", months, part("%s || substr(subject_id, %s)", keep, len(drop) + 1))


def _of(policy: Policy, table: str, subjects: tuple[str, ...], where: str, key: str) -> Part:
    """Only rows that are about some subjects."""
    if table == "finding":
        return part("({where} AND subject = ANY(%s))", key, list(subjects), where=sql.SQL(where))
    measures = [name for name, measure in policy.measures.items() if measure.subject.id in subjects]
    return part("({where} AND measure = ANY(%s))", key, measures, where=sql.SQL(where))


def _repoint(table: str, batch: ImportBatch, references: list[_Reference]) -> None:
    """Rows that hold the dropped key are replaced by the same with the kept one."""
    if not references:
        return
    record, name = RECORDS[table], sql.Identifier(table_name(table))
    held = sql.SQL(" OR ").join(one.where.text for one in references)
    asked = [value for one in references for value in one.where.parameters]
    mark = sql.SQL("UPDATE {} SET replaced_by_id = %s WHERE replaced_by_id IS NULL AND ({})").format(
        name, held
    )
    with connection.cursor() as cursor:
        rows = run(cursor, mark, [batch.pk, *asked])
        if rows:
            ImportedTable.objects.create(batch=batch, table=table, rows=rows)
            batch.rows += rows
            columns = [stored_name(column) for column in kernel_columns(record)]
            columns += [hash_column(column) for column in PERSONAL.get(table, ())]
            put_in(cursor, record, columns, batch, _changed(name, columns, references, batch))


def _changed(
    table: sql.Composable, columns: list[str], references: list[_Reference], batch: ImportBatch
) -> Part:
    """The rows that the batch replaced, as a query, with the kept key in the place of the dropped one."""
    cells = {column: Part(sql.Identifier(column)) for column in columns}
    for one in references:
        before = cells[one.column]
        cells[one.column] = part(
            "CASE WHEN {where} THEN {value} ELSE {before} END",
            *one.where.parameters,
            *one.value.parameters,
            *before.parameters,
            where=one.where.text,
            value=one.value.text,
            before=before.text,
        )
    named = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(cell.text, sql.Identifier(column)) for column, cell in cells.items()
    )
    values = [value for cell in cells.values() for value in cell.parameters]
    return part(
        "(SELECT {named}, id AS n FROM {table} WHERE replaced_by_id = %s)",
        *values,
        batch.pk,
        named=named,
        table=table,
    )


def _move_marks(batch: ImportBatch, kind: str, keep: str, drop: str) -> None:
    """What was set aside of the dropped row is lacking of the kept one."""
    columns = {
        (name, c) for name in RECORDS for c, target in refers_to(RECORDS[name]).items() if target == kind
    }
    marks = [
        mark
        for mark in SetAside.objects.filter(owner=drop, replaced_by__isnull=True)
        if (mark.table, mark.column) in columns or mark.column == "subject_id"
    ]
    SetAside.objects.filter(pk__in=[mark.pk for mark in marks]).update(replaced_by=batch)
    SetAside.objects.bulk_create(
        SetAside(batch=batch, table=mark.table, column=mark.column, owner=keep) for mark in marks
    )
