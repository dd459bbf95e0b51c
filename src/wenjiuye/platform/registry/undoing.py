"""Batches are taken back as a whole, and never what later work rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.accounts.scope import service_scope
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.columns import refers_to
from wenjiuye.platform.registry.errors import UndoError
from wenjiuye.platform.registry.loading import lock_registry
from wenjiuye.platform.registry.models import DuplicatePair, ImportBatch, Merge, SetAside, row_model
from wenjiuye.policy.registry import RECORDS

RefuseUndo = Callable[[ImportBatch], str | None]
_refusals: list[RefuseUndo] = []


def refuse_undo(hook: RefuseUndo) -> RefuseUndo:
    """Register what may object to a batch being taken back: it answers a sentence, or None. Usable as decorator.

    `vanishing(batch, table)` has the keys that would be gone.
    """
    if hook not in _refusals:
        _refusals.append(hook)
    return hook


def vanishing(batch: ImportBatch, table: str) -> QuerySet[Any]:
    """The keys of a table that would no longer be there without the batch, as a query to be used inside another."""
    objects = row_model(table).objects
    revived = objects.filter(replaced_by=batch.pk).of_case().values("key")
    rows = objects.filter(batch=batch.pk, replaced_by__isnull=True).of_case()
    return rows.exclude(key__in=revived).values("key")


def why_not_undo(batch: ImportBatch) -> list[str]:
    """Why a batch cannot be taken back, in sentences; empty: it can."""
    if batch.state == ImportBatch.State.UNDONE:
        return [_("该批次已经撤销。")]
    with service_scope():
        found = [*_built_on(batch), *_referred_to(batch)]
    return found + [told for hook in _refusals if (told := hook(batch)) is not None]


def _built_on(batch: ImportBatch) -> Iterable[str]:
    for name in batch.tables.values_list("table", flat=True):
        replaced = row_model(name).objects.filter(batch=batch.pk, replaced_by__isnull=False)
        later = replaced.values_list("replaced_by", flat=True).first()
        if later is not None:
            newer = ImportBatch.objects.get(pk=later)
            yield _(
                "之后的批次“%(title)s”（%(as_of)s）更新了本批次的%(count)s行%(table)s；请先撤销之后的批次。"
            ) % {
                "title": newer.title,
                "as_of": newer.as_of,
                "count": replaced.count(),
                "table": RECORDS[name].zh,
            }


def _referred_to(batch: ImportBatch) -> Iterable[str]:
    """Live rows of other batches that refer to what would be gone."""
    own = set(batch.tables.values_list("table", flat=True))
    for name in RECORDS:
        for column, target in refers_to(RECORDS[name]).items():
            if target not in own:
                continue
            rows = row_model(name).objects.filter(
                ~Q(batch=batch.pk),
                replaced_by__isnull=True,
                **{f"{column}__in": vanishing(batch, target)},
            )
            other = rows.values_list("batch", flat=True).first()
            if other is not None:
                built = ImportBatch.objects.get(pk=other)
                yield _(
                    "批次“%(title)s”（%(as_of)s）的%(count)s行%(table)s引用了本批次的%(target)s；请先撤销那个批次。"
                ) % {
                    "title": built.title,
                    "as_of": built.as_of,
                    "count": rows.count(),
                    "table": RECORDS[name].zh,
                    "target": RECORDS[target].zh,
                }


def undo_batch(batch: ImportBatch, why: str, by: Any = None) -> None:
    """Take a batch back: its rows go, those that it replaced hold again. by: the officer, None: the system itself.

    PermissionDenied; UndoError: with every sentence of `why_not_undo`, or because no reason is given.
    """
    if by is not None:
        merged = batch.kind == ImportBatch.Kind.MERGE
        check(by, Action.MERGE_DUPLICATES if merged else Action.UNDO_IMPORT, county=batch.county)
    if not why.strip():
        raise UndoError(_("请写明撤销的理由。"))
    with transaction.atomic(), on_record(by or "system", f"undo: {why}"), service_scope():
        lock_registry()
        held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        objections = why_not_undo(held)
        if objections:
            raise UndoError("\n".join(objections))
        for name in held.tables.values_list("table", flat=True):
            objects = row_model(name).objects
            objects.filter(batch=held.pk).delete()
            objects.filter(replaced_by=held.pk).update(replaced_by=None)
        SetAside.objects.filter(batch=held).delete()
        SetAside.objects.filter(replaced_by=held).update(replaced_by=None)
        held.state, held.undone_at, held.undone_by = ImportBatch.State.UNDONE, timezone.now(), by
        held.undone_why = why.strip()
        held.save()
        _reopen_pair(held)
        chain.append(
            "undo import",
            f"batch {held.pk}",
            {"title": held.title, "why": held.undone_why, "by": str(by or "system")},
        )
    batch.refresh_from_db()


def _reopen_pair(batch: ImportBatch) -> None:
    """Two rows that are two again may be one still."""
    for merge in Merge.objects.filter(batch=batch):
        first, second = sorted((merge.kept, merge.dropped))
        DuplicatePair.objects.filter(kind=merge.kind, first=first, second=second).update(
            state=DuplicatePair.State.OPEN, settled_at=None, settled_by=None, settled_why=""
        )
