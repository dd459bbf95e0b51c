"""Files are read, checked and loaded in the background, batches taken back, and what stands twice is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wenjiuye.platform.jobs.running import JobProblem, Work, kind
from wenjiuye.platform.registry.duplicates import find_duplicates
from wenjiuye.platform.registry.errors import RegistryError
from wenjiuye.platform.registry.importing.checking import check_file
from wenjiuye.platform.registry.importing.committing import commit_file
from wenjiuye.platform.registry.importing.marking import mark_file
from wenjiuye.platform.registry.importing.reading import read_file
from wenjiuye.platform.registry.importing.stages import CHECK, COMMIT, READ
from wenjiuye.platform.registry.importing.sweeping import sweep_imports
from wenjiuye.platform.registry.models import FileImport, ImportBatch
from wenjiuye.platform.registry.undoing import undo_batch

UNDO, FIND = "import_undo", "find_duplicates"
State = FileImport.State


@contextmanager
def _told(work: Work) -> Iterator[None]:
    """What the officer can understand is told to the officer, in the language in which the job was started."""
    with translation.override(work.job.arguments["language"]):
        try:
            yield
        except RegistryError as problem:
            raise JobProblem(str(problem)) from None
        except PermissionDenied:
            raise JobProblem(_("你现在没有在这个县区导入或撤销的权限，没有办理。")) from None


def _file(work: Work) -> FileImport:
    file: FileImport | None = (
        FileImport.objects.of_case().select_related("by").filter(pk=work.job.arguments["file"]).first()
    )
    if file is None or file.state == State.DROPPED:
        raise JobProblem(_("这个文件已经放弃，没有再办。"))
    return file


@kind(READ, again=True)
def read_import(work: Work) -> str:
    """Read the sheets of an uploaded file."""
    with _told(work):
        file = _file(work)
        if file.state != State.READING:
            return _("文件已经读过。")
        read_file(file, work.tell)
        return _("读了 %(rows)s 行。") % {"rows": f"{sum(sheet.rows for sheet in file.sheets.all()):,}"}


@kind(CHECK, again=True)
def check_import(work: Work) -> str:
    """Check a file cell by cell; where something is wrong the file is written with its errors as well."""
    with _told(work):
        file = _file(work)
        if file.state != State.CHECKING:
            return _("文件已经查过。")
        check_file(file, work.tell)
        return _checked(file)


def _checked(file: FileImport) -> str:
    bad = sum(file.tables.values_list("bad", flat=True))
    if bad:
        mark_file(file)
    file.state = State.CHECKED
    file.save()
    rows = sum(file.tables.values_list("read", flat=True))
    return _("查了 %(rows)s 行，%(bad)s 行有错。") % {"rows": f"{rows:,}", "bad": f"{bad:,}"}


@kind(COMMIT, again=True)
def commit_import(work: Work) -> str:
    """Load a checked file as one batch. A batch and the file's state are put down together, so it can be run again."""
    with _told(work):
        file = _file(work)
        if file.state == State.LOADED:
            return _("文件已经导入。")
        if file.state != State.LOADING:
            raise JobProblem(
                _("这个文件已经在另一步了（%(state)s），请刷新页面。") % {"state": file.get_state_display()}
            )
        try:
            batch = commit_file(file, work.job.user, work.tell, only_good=work.job.arguments["only_good"])
        except RegistryError:
            _checked(_file(work))
            raise
        return _("导入了 %(rows)s 行。") % {"rows": f"{batch.rows:,}"}


@kind(UNDO, again=True)
def undo_import(work: Work) -> str:
    """Take a batch back."""
    with _told(work):
        batch = ImportBatch.objects.get(pk=work.job.arguments["batch"])
        if batch.state == ImportBatch.State.UNDONE:
            return _("批次已经撤销。")
        undo_batch(batch, work.job.arguments["why"], work.job.user)
        return _("撤销了 %(rows)s 行。") % {"rows": f"{batch.rows:,}"}


@kind(FIND, again=True)
def find_all_duplicates(work: Work) -> str:
    """Look for people and employers that stand twice in the registry."""
    with _told(work):
        return _("有 %(n)s 对待核对。") % {"n": f"{find_duplicates():,}"}


@app.periodic(cron="41 3 * * *")
@app.task(name="imports.sweep", queue="jobs", queueing_lock="imports.sweep")
def sweep(timestamp: int) -> None:
    """Delete uploads that nobody needs any more."""
    sweep_imports()


@app.periodic(cron="11 2 * * *")
@app.task(name="registry.find_duplicates", queue="jobs", queueing_lock="registry.find_duplicates")
def find_nightly(timestamp: int) -> None:
    """Look for what stands twice while nobody works."""
    find_duplicates()
