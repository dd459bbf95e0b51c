"""Many claims at once: what would happen is shown first, then it is done with each claim as it was shown."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import bulk, rules_in_force
from wenjiuye.platform.claims.bulk import MOST, Preview
from wenjiuye.platform.desk import handing_over
from wenjiuye.platform.desk.bulk_jobs import BULK_STEP, Wanted, start_bulk
from wenjiuye.platform.desk.views.saved import address_of
from wenjiuye.platform.desk.views.worklist import STEPS
from wenjiuye.platform.desk.worklist.listing import choice, claims_of, desk_of
from wenjiuye.platform.desk.worklist.rows import claimant
from wenjiuye.platform.desk.worklist.stages import stage_of
from wenjiuye.platform.jobs.models import BackgroundJob


@requires(Action.SEE_CLAIMS)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Which claims would go on, which would not and why, and what they come to."""
    step = _step(request)
    query = request.POST.get("query", "")
    numbers = _selected(request, query)
    if not numbers:
        messages.warning(request, _("还没有选中申请。在表格左边勾选，再点“预览”。"))
        return redirect(address_of(query))
    if len(numbers) > MOST:
        messages.warning(
            request,
            _("一次最多办 %(most)s 件，选中的超过了。请先筛选，或分几次选。") % {"most": MOST},
        )
        return redirect(address_of(query))
    if step == "assign":
        return _preview_of_handing_over(request, numbers, query)
    found = bulk.preview(numbers, step, request.user)
    return _show(request, step, query, numbers, found, {})


def _preview_of_handing_over(request: HttpRequest, numbers: list[str], query: str) -> HttpResponse:
    to, is_chosen = _receiver(request)
    found = handing_over.preview(numbers, to, request.user)
    told = {
        "candidates": handing_over.candidates(line.claim for line in found.lines),
        "to": to,
        "is_chosen": is_chosen,
        "reason": request.POST.get("reason", ""),
    }
    return _show(request, "assign", query, numbers, found, told)


@dataclass(frozen=True)
class ShownLine:
    """One claim of a preview, as it is shown."""

    claim: Any
    measure: str
    claimant: str
    stage: Any
    why_not: tuple[str, ...]


def _show(
    request: HttpRequest, step: str, query: str, numbers: list[str], found: Preview, told: dict[str, Any]
) -> HttpResponse:
    shown = [
        ShownLine(
            line.claim,
            rules_in_force.title(rules_in_force.measure(line.claim.measure)),
            claimant(line.claim),
            stage_of(line.claim).title,
            line.why_not,
        )
        for line in found.lines
    ]
    context = {
        "area": "worklist",
        "step": step,
        "query": query,
        "numbers": numbers,
        "back": address_of(query),
        "ready": [line for line in shown if not line.why_not],
        "blocked": [line for line in shown if line.why_not],
        "sum_fen": found.sum_fen,
        "unseen": len(numbers) - len(found.lines),
        "is_chosen": True,
        "key": uuid.uuid4(),
        **told,
    }
    return render(request, "desk/bulk_preview.html", context)


@requires(Action.SEE_CLAIMS)
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Start taking the step with the claims that were previewed, each in the version that was shown."""
    step, query = _step(request), request.POST.get("query", "")
    versions = _versions(request)
    if not versions:
        messages.warning(request, _("还没有选中申请。在表格左边勾选，再点“预览”。"))
        return redirect(address_of(query))
    wanted = Wanted(step, versions, query)
    if step == "assign":
        to, is_chosen = _receiver(request)
        if not is_chosen:
            messages.warning(request, _("接手的人已经停用，没有移交。请另选一人。"))
            return redirect(address_of(query))
        wanted = replace(wanted, to=to.pk if to else None, reason=request.POST.get("reason", ""))
    started = start_bulk(wanted, request.user, _key(request))
    return redirect("desk:bulk_job", job=started.pk)


@requires(Action.SEE_CLAIMS)
def job(request: HttpRequest, job: uuid.UUID) -> HttpResponse:
    """How far a bulk step is, then what it did; those that failed are named, with the reason. Its officer's alone."""
    found = get_object_or_404(BackgroundJob, pk=job, user=request.user, kind=BULK_STEP)
    arguments = found.arguments
    context = {
        "area": "worklist",
        "job": found,
        "step": arguments["step"],
        "back": address_of(arguments["query"]),
        **arguments.get("outcome", {"done": [], "already": [], "failed": []}),
    }
    answer = render(request, "desk/bulk_job_part.html" if request.htmx else "desk/bulk_job.html", context)
    # The same address answers with a part or with the whole: neither may be kept for the other.
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _key(request: HttpRequest) -> uuid.UUID | None:
    """The key that the preview sent along: a form that is sent twice starts one job."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return None


def _step(request: HttpRequest) -> str:
    """The step that is asked for. PermissionDenied: there is none of that name, or it is not the user's to take."""
    step = request.POST.get("step", "")
    if step not in STEPS or not may(request.user, STEPS[step]):
        raise PermissionDenied
    return step


def _selected(request: HttpRequest, query: str) -> list[str]:
    """The numbers that are ticked, or all of the list; one more than can be worked on tells that there are too many."""
    if request.POST.get("everything"):
        desk = desk_of(request.user)
        rows = claims_of(desk, choice(desk, QueryDict(query)))
        return list(rows.order_by("due_on", "pk").values_list("number", flat=True)[: MOST + 1])
    return list(dict.fromkeys(number.replace("\0", "") for number in request.POST.getlist("number")))


def _versions(request: HttpRequest) -> dict[str, int]:
    """Number and version of each claim, as the preview sent them along."""
    found = {}
    for text in request.POST.getlist("version"):
        number, _colon, version = text.replace("\0", "").rpartition(":")
        if number and version.isdigit():
            found[number] = int(version)
    return found


def _receiver(request: HttpRequest) -> tuple[User | None, bool]:
    """To whom claims are handed over (None: back to all), and whether that was said."""
    wanted = request.POST.get("to", "")
    if wanted.isdigit():
        to = handing_over.receiver(int(wanted))
        return to, to is not None
    return None, wanted == "all"
