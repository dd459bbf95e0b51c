"""The way of a file, step by step: each is started once, from the state in which it makes sense, and runs as a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.jobs.running import start
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.matching import Matched, match
from wenjiuye.platform.registry.importing.sweeping import drop
from wenjiuye.platform.registry.models import FileImport

READ, CHECK, COMMIT = "import_read", "import_check", "import_commit"
State = FileImport.State
UNFINISHED = tuple(state for state in State if state not in FileImport.OVER)


def begin_reading(file: FileImport, by: Any) -> None:
    """Read an uploaded file in the background."""
    with transaction.atomic():
        held = _held(file, by, State.READING)
        _start(held, READ, by, _("读取 %(file)s"), {})
    file.refresh_from_db()


def begin_check(file: FileImport, said: Mapping[int, Matched], by: Any) -> None:
    """Take over what the columns are, and check the file in the background. ImportingError: as `match`."""
    with transaction.atomic():
        held = _held(file, by, State.MAPPING, State.CHECKING, State.CHECKED)
        match(held, said, by)
        held.state = State.CHECKING
        _start(held, CHECK, by, _("检查 %(file)s"), {})
    file.refresh_from_db()


def begin_commit(file: FileImport, by: Any, *, only_good: bool) -> None:
    """Load a checked file in the background. only_good: as `commit_file`."""
    with transaction.atomic():
        held = _held(file, by, State.CHECKED, State.LOADING)
        held.state = State.LOADING
        _start(held, COMMIT, by, _("导入 %(file)s"), {"only_good": only_good})
    file.refresh_from_db()


def begin_again(file: FileImport, by: Any) -> None:
    """Back to the matching of columns: from a check, or from a job that failed."""
    with transaction.atomic():
        held = _held(file, by, State.MAPPING, State.CHECKING, State.CHECKED, State.LOADING)
        held.state = State.MAPPING
        held.save()
    file.refresh_from_db()


def give_up(file: FileImport, by: Any) -> None:
    """Drop a file that is not loaded; what was uploaded is deleted."""
    with transaction.atomic():
        drop(_held(file, by, *UNFINISHED))
    file.refresh_from_db()


def _held(file: FileImport, by: Any, *states: str) -> FileImport:
    """The file, locked, if it is the officer's own, stands in one of the states, and no job works on it.

    A file that is being loaded while its job is over was not loaded: both are put down together.
    """
    check(by, Action.IMPORT_REGISTRY, county=file.county)
    held: FileImport = FileImport.objects.of_case().select_for_update(of=("self",)).get(pk=file.pk)
    if held.by_id != by.pk:
        raise PermissionDenied
    running = held.job is not None and not held.job.is_over
    if held.state not in states or running:
        raise ImportingError(
            _("这个文件已经在另一步了（%(state)s），请刷新页面。") % {"state": held.get_state_display()}
        )
    return held


def _start(file: FileImport, kind: str, by: Any, title: str, more: Mapping[str, Any]) -> None:
    language = translation.get_language() or "zh-hans"
    name = title % {"file": file.file_name}
    file.job = start(kind, by, name[:200], {"file": str(file.pk), "language": language, **more})
    file.save()
