"""The officer's own background jobs: how far they are, and what came out."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.desk.case_file import EXPORT_FILE
from wenjiuye.platform.desk.exports import EXPORT_CLAIMS
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import results_folder
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.privacy.services import log_look

SHOWN = 50
_RIGHTS = {EXPORT_CLAIMS: Action.EXPORT, EXPORT_FILE: Action.EXPORT_FILE}
"""What one must still be allowed to do to take out what a job of a kind made."""


@requires(Action.SEE_DESK)
def jobs(request: HttpRequest) -> HttpResponse:
    """The newest jobs; a page that is open asks again while something runs."""
    found = list(BackgroundJob.objects.filter(user=request.user)[:SHOWN])
    context: dict[str, Any] = {
        "area": "jobs",
        "jobs": found,
        "is_busy": any(not job.is_over for job in found),
    }
    answer = render(request, "desk/jobs_list.html" if request.htmx else "desk/jobs.html", context)
    # The same address answers with a part or with the whole: neither may be kept for the other.
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@requires(Action.SEE_DESK)
def result(request: HttpRequest, job: uuid.UUID) -> HttpResponseBase:
    """The file that a job made, to its owner alone; that it was taken out is put on record."""
    found = get_object_or_404(BackgroundJob, pk=job, user=request.user)
    path = results_folder() / found.result
    if not found.result or not path.is_file():
        raise Http404
    # Whoever has lost the right since the job was started does not get its result either.
    if found.kind in _RIGHTS and not may(request.user, _RIGHTS[found.kind]):
        raise PermissionDenied
    reason = found.arguments.get("reason") or found.title
    log_look(request.user, PersonalDataAccess.Kind.EXPORT, str(found.pk), found.title, reason)
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.result_name)
