"""Uploaded files do not stay longer than they are needed: they hold personal data."""

from __future__ import annotations

import datetime as dt
import time

from django.db import transaction
from django.utils import timezone

from wenjiuye.platform.registry.importing.folders import Folder, clear, folder_of, imports_folder
from wenjiuye.platform.registry.models import FileImport

FORGOTTEN = dt.timedelta(days=14)
"""A file with which nobody went on for so long is given up."""
CORRECTED = dt.timedelta(days=30)
"""So long a loaded file with wrong rows can be fetched with its errors."""
_STRAY = dt.timedelta(days=1)


def drop(file: FileImport) -> None:
    """Give a file up; what was uploaded is deleted."""
    with transaction.atomic():
        folder = folder_of(file)
        file.state, file.folder, file.job = FileImport.State.DROPPED, "", None
        file.save()
        transaction.on_commit(lambda: clear(folder))


def sweep_imports() -> int:
    """Give up forgotten files and delete what is no longer needed; how many folders that were."""
    now, swept = timezone.now(), 0
    files = FileImport.objects.exclude(folder="").of_case()
    for file in files.exclude(state__in=FileImport.OVER).filter(changed_at__lt=now - FORGOTTEN):
        drop(file)
        swept += 1
    for file in files.filter(state=FileImport.State.LOADED, changed_at__lt=now - CORRECTED):
        clear(folder_of(file))
        FileImport.objects.filter(pk=file.pk).of_case().update(folder="")
        swept += 1
    return swept + _sweep_strays()


def _sweep_strays() -> int:
    """Folders that no import names: left by an upload that was cut off."""
    folder = imports_folder()
    if not folder.is_dir():
        return 0
    known = set(FileImport.objects.exclude(folder="").of_case().values_list("folder", flat=True))
    old = time.time() - _STRAY.total_seconds()
    strays = [path for path in folder.iterdir() if path.name not in known and path.stat().st_mtime < old]
    for path in strays:
        clear(Folder(path))
    return len(strays)
