"""The rows that can come in do come in: one batch, all of it or nothing, as the officer has seen it in the check."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.registry.batches import NewBatch, load_batch, newest_batch_time
from wenjiuye.platform.registry.importing.checking import check_file
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.folders import Folder, clear, folder_of
from wenjiuye.platform.registry.importing.reading import Progress
from wenjiuye.platform.registry.loading import lock_registry
from wenjiuye.platform.registry.models import FileImport, ImportBatch
from wenjiuye.policy.registry import VERSION
from wenjiuye.population.registry.intake import CleanRegistry, IntakeReport

State = FileImport.State


def commit_file(file: FileImport, by: Any, progress: Progress, *, only_good: bool) -> ImportBatch:
    """Load a file that was checked. only_good: whether the officer chose to leave the wrong rows out.

    PermissionDenied. ImportingError: some rows are wrong and were not left out, none is right, or the registry has
    changed since so that more rows are wrong; then nothing came in. LoadError: as `load_batch`.
    """
    seen = _bad(file)
    _refuse(file, seen, only_good)
    if _has_changed(file):
        check_file(file, progress)
        if _bad(file) > seen:
            raise ImportingError(
                _("检查之后登记库有变化：重新检查后有 %(bad)s 行不能导入（原来 %(seen)s 行）。请看过再决定。")
                % {"bad": _bad(file), "seen": seen}
            )
    with transaction.atomic():
        lock_registry()
        if _has_changed(file):
            raise ImportingError(_("登记库正在被别人更改，没有导入。请再点一次。"))
        folder = folder_of(file)
        new = NewBatch(
            title=file.title,
            as_of=file.as_of,
            source=file.file_name,
            kind=file.kind,
            county=file.county,
            corrects=file.corrects,
        )
        batch = load_batch(_registry(file, folder), new, by)
        file.state, file.batch = State.LOADED, batch
        file.save()
        if not seen:
            transaction.on_commit(lambda: clear(folder))
    return batch


def _bad(file: FileImport) -> int:
    return sum(file.tables.values_list("bad", flat=True))


def _refuse(file: FileImport, bad: int, only_good: bool) -> None:
    if bad and not only_good:
        raise ImportingError(_("还有 %(bad)s 行有错。请改好文件再传，或选择只导入正确的行。") % {"bad": bad})
    if file.kind != ImportBatch.Kind.WHOLE and not sum(table.read - table.bad for table in file.tables.all()):
        raise ImportingError(_("没有可以导入的行。"))


def _has_changed(file: FileImport) -> bool:
    """Whether a batch came in or was taken back since the check."""
    newest = newest_batch_time()
    return newest is not None and (file.checked_at is None or newest >= file.checked_at)


def _registry(file: FileImport, folder: Folder) -> CleanRegistry:
    checked = list(file.tables.all())
    lost = pl.read_parquet(folder.incomplete).partition_by("name", as_dict=True)
    return CleanRegistry(
        tables=MappingProxyType({one.table: (folder.good / f"{one.table}.parquet",) for one in checked}),
        incomplete=MappingProxyType({str(name): rows["owner"] for (name,), rows in lost.items()}),
        reports=MappingProxyType(
            {
                one.table: IntakeReport(one.table, (file.file_name,), one.read, one.bad, (), ())
                for one in checked
            }
        ),
        problems=sum(one.bad for one in checked),
        version=VERSION,
    )
