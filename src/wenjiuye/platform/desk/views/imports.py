"""Files into the registry: upload, columns, check, load; batches and taking them back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from wenjiuye.platform.accounts.jurisdiction import may, within
from wenjiuye.platform.accounts.models import today
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.desk.import_jobs import UNDO
from wenjiuye.platform.desk.import_pages import (
    REASONS,
    check_page,
    match_page,
    reason_of,
    said,
    steps_of,
    table_rows,
)
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import start
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.privacy.services import log_look
from wenjiuye.platform.registry.importing import stages
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.folders import folder_of
from wenjiuye.platform.registry.importing.progress import rows_in_table
from wenjiuye.platform.registry.importing.uploading import ENDINGS, LARGEST, Upload, places_of, receive
from wenjiuye.platform.registry.models import FileImport, ImportBatch
from wenjiuye.platform.registry.undoing import why_not_undo

State = FileImport.State
SHOWN = 30
UNFIT = 422
"""What is answered to a form that cannot be used as it is."""


# ── All of them


@requires(Action.IMPORT_REGISTRY)
def imports(request: HttpRequest) -> HttpResponse:
    """Files on their way, and the batches that came in."""
    batches = ImportBatch.objects.exclude(kind=ImportBatch.Kind.MERGE).filter(
        within(request.user, Action.IMPORT_REGISTRY)
    )
    page = _page_of(request)
    shown = list(
        batches.select_related("by", "undone_by")
        .annotate(left_out=Sum("tables__set_aside"))
        .order_by("-pk")[(page - 1) * SHOWN : page * SHOWN + 1]
    )
    open_files = FileImport.objects.visible_to(request.user, Action.IMPORT_REGISTRY).exclude(
        state__in=FileImport.OVER
    )
    context = {
        "area": "imports",
        "files": list(open_files.select_related("by", "job")[:SHOWN]),
        "batches": shown[:SHOWN],
        "page": page,
        "earlier": page + 1 if len(shown) > SHOWN else None,
        "later": page - 1 if page > 1 else None,
    }
    return render(request, "desk/imports.html", context)


def _page_of(request: HttpRequest) -> int:
    wanted = request.GET.get("page", "1")
    return max(1, int(wanted)) if wanted.isdigit() and len(wanted) < 7 else 1


# ── One file


@requires(Action.IMPORT_REGISTRY)
def import_new(request: HttpRequest) -> HttpResponse:
    """Upload a file and say what it is."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        upload, problems = _upload(request)
        if upload is not None:
            try:
                file = receive(upload, request.FILES["file"].chunks(), request.user)
                stages.begin_reading(file, request.user)
                return redirect("desk:import", file=file.pk)
            except ImportingError as problem:
                problems["file"] = str(problem)
    places = places_of(request.user)
    corrects = request.POST.get("corrects") or request.GET.get("corrects", "")
    context = {
        "area": "imports",
        "places": places,
        "county": request.POST.get("county", places[0] if places else ""),
        "as_of": request.POST.get("as_of") or today().isoformat(),
        "today": today().isoformat(),
        "kind": request.POST.get("kind", ImportBatch.Kind.CHANGES),
        "may_replace": "" in places,
        "title": request.POST.get("title", ""),
        "corrects": corrects,
        "correctable": _correctable(request),
        "most": LARGEST // 1024**2,
        "endings": ",".join(ENDINGS),
        "problems": problems,
    }
    return render(request, "desk/import_new.html", context, status=UNFIT if problems else 200)


def _correctable(request: HttpRequest) -> list[ImportBatch]:
    """Batches of which some rows were left out."""
    rows = ImportBatch.objects.filter(
        within(request.user, Action.IMPORT_REGISTRY),
        state=ImportBatch.State.IN_FORCE,
        tables__set_aside__gt=0,
    )
    return list(rows.annotate(left_out=Sum("tables__set_aside")).order_by("-pk")[:SHOWN])


def _upload(request: HttpRequest) -> tuple[Upload | None, dict[str, str]]:
    """What was said of the file, or what is wrong with it by field."""
    problems = {}
    if "file" not in request.FILES:
        problems["file"] = _("还没有选文件。")
    try:
        as_of = dt.date.fromisoformat(request.POST.get("as_of", ""))
    except ValueError:
        as_of = today()
        problems["as_of"] = _("请写成 2020-12-01 这样的日期。")
    county = request.POST.get("county", "")
    if county not in places_of(request.user):
        problems["county"] = _("请选择你负责的县区。")
    wanted = request.POST.get("corrects", "")
    corrects = next((batch for batch in _correctable(request) if str(batch.pk) == wanted), None)
    if problems:
        return None, problems
    return (
        Upload(
            file_name=request.FILES["file"].name,
            as_of=as_of,
            kind=request.POST.get("kind", ImportBatch.Kind.CHANGES),
            county=county,
            title=request.POST.get("title", ""),
            corrects=corrects,
        ),
        {},
    )


def _file(request: HttpRequest, pk: uuid.UUID) -> FileImport:
    """A file of the user's own: others see its batch, but not what stands in it."""
    files = FileImport.objects.visible_to(request.user, Action.IMPORT_REGISTRY)
    found: FileImport = get_object_or_404(files.select_related("by", "job", "batch", "corrects"), pk=pk)
    if found.by_id != request.user.pk:
        raise Http404
    return found


@requires(Action.IMPORT_REGISTRY)
def import_page(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """Where a file stands, and what comes next."""
    found = _file(request, file)
    busy = found.is_busy and found.job is not None and not found.job.is_over
    if request.htmx and "sheet" not in request.GET:
        if not busy:
            return HttpResponseClientRefresh()
        return render(request, "desk/import_progress.html", _progress(found))
    if found.state == State.LOADED:
        return redirect("desk:import_batch", batch=found.batch_id)
    return _shown(request, found)


def _progress(file: FileImport) -> dict[str, Any]:
    job = file.job
    done, total = (job.done, job.total) if job else (0, 0)
    if file.state == State.LOADING:
        good = file.tables.aggregate(read=Sum("read"), bad=Sum("bad"))
        done, total = rows_in_table() or 0, (good["read"] or 0) - (good["bad"] or 0)
    return {"file": file, "job": job, "done": min(done, total) if total else done, "total": total}


def _shown(
    request: HttpRequest, file: FileImport, problem: str = "", posted: Mapping[str, str] | None = None
) -> HttpResponse:
    failed = file.job is not None and file.job.state == BackgroundJob.State.FAILED
    busy = file.is_busy and not failed
    context: dict[str, Any] = {
        "area": "imports",
        "file": file,
        "steps": steps_of(file),
        "busy": busy,
        "problem": problem,
        "failure": file.job.message if failed and file.job else "",
    }
    if busy:
        context |= _progress(file)
    elif file.state == State.MAPPING:
        tables = {name: value for name, value in request.GET.items() if name.startswith("table-")}
        context["sheets"] = match_page(file, posted or tables)
    elif file.state in (State.CHECKED, State.LOADING):
        context |= check_page(file)
    return render(request, "desk/import.html", context, status=UNFIT if problem else 200)


def _step(request: HttpRequest, file: uuid.UUID, step: Any) -> HttpResponse:
    """Take a step with a file; what stops it is said on its page."""
    found = _file(request, file)
    try:
        step(found)
    except ImportingError as problem:
        found.refresh_from_db()
        return _shown(request, found, str(problem), request.POST)
    return redirect("desk:import", file=found.pk)


@requires(Action.IMPORT_REGISTRY)
@require_POST
def import_check(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """Take over what the columns are, and check."""
    return _step(
        request, file, lambda found: stages.begin_check(found, said(found, request.POST), request.user)
    )


@requires(Action.IMPORT_REGISTRY)
@require_POST
def import_commit(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """Load what was checked; without the wrong rows only if that was the button."""
    only_good = request.POST.get("rows") == "good"
    return _step(request, file, lambda found: stages.begin_commit(found, request.user, only_good=only_good))


@requires(Action.IMPORT_REGISTRY)
@require_POST
def import_again(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """Back to the columns."""
    return _step(request, file, lambda found: stages.begin_again(found, request.user))


@requires(Action.IMPORT_REGISTRY)
@require_POST
def import_drop(request: HttpRequest, file: uuid.UUID) -> HttpResponse:
    """Give a file up."""
    found = _file(request, file)
    try:
        stages.give_up(found, request.user)
    except ImportingError as problem:
        messages.error(request, str(problem))
        return redirect("desk:import", file=found.pk)
    messages.success(
        request, _("已放弃“%(title)s”，上传的文件已删除，登记库没有变化。") % {"title": found.title}
    )
    return redirect("desk:imports")


@requires(Action.IMPORT_REGISTRY)
def import_errors(request: HttpRequest, file: uuid.UUID) -> HttpResponseBase:
    """The file as it was, with a column of errors; that it was taken out is put on record."""
    found = _file(request, file)
    path = folder_of(found).marked if found.folder else None
    if path is None:
        raise Http404
    log_look(
        request.user,
        PersonalDataAccess.Kind.EXPORT,
        f"import:{found.pk}",
        found.file_name,
        _("下载自己上传的文件，更正错误"),
    )
    name = f"{found.file_name.rpartition('.')[0]}_{_('错误')}{path.suffix}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


# ── One batch


def batch_of(request: HttpRequest, pk: int, action: Action, *, merged: bool = False) -> ImportBatch:
    kind = Q(kind=ImportBatch.Kind.MERGE)
    batches = ImportBatch.objects.filter(kind if merged else ~kind, within(request.user, action))
    found: ImportBatch = get_object_or_404(batches.select_related("by", "undone_by", "corrects"), pk=pk)
    return found


@requires(Action.IMPORT_REGISTRY)
def import_batch(request: HttpRequest, batch: int) -> HttpResponse:
    """What came in with a batch, and whether it still counts."""
    found = batch_of(request, batch, Action.IMPORT_REGISTRY)
    file = FileImport.objects.visible_to(request.user, Action.IMPORT_REGISTRY).filter(batch=found).first()
    undoing = is_undoing(found)
    if request.htmx:
        return HttpResponse() if undoing else HttpResponseClientRefresh()
    own = file is not None and file.by_id == request.user.pk
    context = {
        "area": "imports",
        "batch": found,
        "tables": table_rows(found, file),
        "is_whole": found.kind == ImportBatch.Kind.WHOLE and file is not None,
        "left_out": found.tables.aggregate(rows=Sum("set_aside"))["rows"] or 0,
        "errors": reverse("desk:import_errors", args=[file.pk])
        if own and file is not None and file.folder and folder_of(file).marked
        else "",
        "undoing": undoing,
        "failure": failed_undoing(found),
        "corrections": list(ImportBatch.objects.filter(corrects=found).order_by("pk")),
        "may_undo": found.state == ImportBatch.State.IN_FORCE
        and may(request.user, Action.UNDO_IMPORT, county=found.county),
    }
    return render(request, "desk/import_batch.html", context)


def _jobs_of(batch: ImportBatch) -> Any:
    return BackgroundJob.objects.filter(kind=UNDO, arguments__batch=batch.pk)


def is_undoing(batch: ImportBatch) -> bool:
    """Whether the batch is being taken back just now."""
    waits = (BackgroundJob.State.WAITING, BackgroundJob.State.RUNNING)
    return bool(_jobs_of(batch).filter(state__in=waits).exists())


def failed_undoing(batch: ImportBatch) -> str:
    last = _jobs_of(batch).order_by("-created_at").first()
    failed = last is not None and last.state == BackgroundJob.State.FAILED
    return last.message if failed and batch.state == ImportBatch.State.IN_FORCE else ""


@requires(Action.UNDO_IMPORT)
def import_undo(request: HttpRequest, batch: int) -> HttpResponse:
    """Say why a batch is taken back; what objects to it is told before."""
    return undo_page(request, batch_of(request, batch, Action.UNDO_IMPORT), "desk:import_batch", "imports")


def undo_page(request: HttpRequest, batch: ImportBatch, back: str, area: str) -> HttpResponse:
    """The page on which a batch, imported or merged, is taken back. back: name of the page of one batch."""
    objections = why_not_undo(batch)
    reason, problem = reason_of(request.POST) if request.method == "POST" else ("", "")
    if request.method == "POST" and not objections and not problem:
        if not is_undoing(batch):
            language = translation.get_language() or "zh-hans"
            title = (_("撤销 %(title)s") % {"title": batch.title})[:200]
            start(UNDO, request.user, title, {"batch": batch.pk, "why": reason, "language": language})
        return redirect(back, batch=batch.pk)
    context = {
        "area": area,
        "batch": batch,
        "back": reverse(back, kwargs={"batch": batch.pk}),
        "objections": objections,
        "reasons": REASONS[batch.kind],
        "chosen": request.POST.get("reason", ""),
        "more": request.POST.get("more", ""),
        "problem": problem,
    }
    unfit = problem or (request.method == "POST" and objections)
    return render(request, "desk/import_undo.html", context, status=UNFIT if unfit else 200)
