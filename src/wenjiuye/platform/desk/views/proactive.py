"""Proactive lists: put down, tried, confirmed or dropped."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wenjiuye.platform.accounts.jurisdiction import posts_for
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import proactive as services
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import ProactiveRun
from wenjiuye.platform.jobs.models import BackgroundJob

SHOWN, ROWS = 50, 200


def _mine(request: HttpRequest) -> Any:
    """The lists of the counties that are the user's to work on."""
    counties = {post.county for post in posts_for(request.user, Action.CLAIM_PROACTIVELY)}
    found = ProactiveRun.objects.select_related("made_by")
    return found if "" in counties else found.filter(county__in=counties)


def _counties(request: HttpRequest) -> list[tuple[str, str]]:
    """Counties that a list may be limited to; first the widest."""
    held = {post.county for post in posts_for(request.user, Action.CLAIM_PROACTIVELY)}
    known = [name for name in rules_in_force.counties() if "" in held or name in held]
    return [(name, rules_in_force.county_title(name)) for name in ([""] if "" in held else []) + known]


@requires(Action.CLAIM_PROACTIVELY)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The newest lists."""
    rows = [(run, _measure_title(run), run.preview.get("counts", {})) for run in _mine(request)[:SHOWN]]
    return render(request, "desk/proactive.html", {"area": "proactive", "rows": rows})


def _measure_title(run: ProactiveRun) -> str:
    try:
        return rules_in_force.title(rules_in_force.measure(run.measure))
    except KeyError:
        return str(run.measure)


@requires(Action.CLAIM_PROACTIVELY)
def new(request: HttpRequest) -> HttpResponse:
    """Put a list down and try it in the background."""
    said = request.POST if request.method == "POST" else {}
    problem = ""
    if request.method == "POST":
        try:
            return redirect("desk:proactive_list", run=_put_down(request).pk)
        except ClaimError as error:
            problem = str(error)
    measures = [
        (one.id, one.clause, rules_in_force.title(one))
        for one in rules_in_force.claimable()
        if one.has_amount
    ]
    context = {
        "area": "proactive",
        "measures": measures,
        "counties": _counties(request),
        "said": said,
        "chosen_measure": said.get("measure", ""),
        "chosen_county": said.get("county", ""),
        "on": said.get("on") or timezone.localdate().isoformat(),
        "problem": problem,
    }
    return render(request, "desk/proactive_new.html", context, status=422 if problem else 200)


def _put_down(request: HttpRequest) -> ProactiveRun:
    on, upload = parse_date(request.POST.get("on", "")), request.FILES.get("list")
    county = request.POST.get("county", "")
    if on is None:
        raise ClaimError(_("请写决定日，例如 2020-12-01。"))
    if upload is None:
        raise ClaimError(_("请选择名单文件：运行结果 lists 文件夹里的 .csv。"))
    if county not in {name for name, _title in _counties(request)}:
        raise PermissionDenied
    with tempfile.NamedTemporaryFile(suffix=".csv") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        keys = services.listed(Path(kept.name))
    if not keys:
        raise ClaimError(_("名单是空的。"))
    run = services.plan(
        request.POST.get("measure", ""), keys, on, request.user, source=str(upload.name)[:200], county=county
    )
    services.start_try(run, request.user)
    return run


def _found(request: HttpRequest, run: int) -> ProactiveRun:
    found = _mine(request).filter(pk=run).first()
    if found is None:
        raise Http404
    return found


@requires(Action.CLAIM_PROACTIVELY)
@require_GET
def one(request: HttpRequest, run: int) -> HttpResponse:
    """One list: what the dry run found, and what would be opened."""
    found = _found(request, run)
    job = BackgroundJob.objects.filter(
        kind__in=["proactive_try", "proactive_confirm"], arguments__run=found.pk
    ).first()
    words = {
        services.READY: _("可以开立"),
        services.CLAIMED: _("已有申请"),
        services.NOT_ELIGIBLE: _("现在不符合"),
        services.OPEN: _("缺事实，待定"),
        services.GONE: _("登记库里没有"),
        services.ELSEWHERE: _("不在范围内"),
    }
    counts = found.preview.get("counts", {})
    context = {
        "area": "proactive",
        "run": found,
        "title": _measure_title(found),
        "job": job,
        "is_busy": job is not None and not job.is_over,
        "counts": [(words[name], counts.get(name, 0)) for name in words if counts.get(name)],
        "ready": counts.get(services.READY, 0),
        "rows": [(row, words[row["outcome"]]) for row in found.rows[:ROWS] if "outcome" in row],
        "more": max(0, len(found.rows) - ROWS),
    }
    return render(
        request, "desk/proactive_list_body.html" if request.htmx else "desk/proactive_list.html", context
    )


@requires(Action.CLAIM_PROACTIVELY)
@require_POST
def confirm(request: HttpRequest, run: int) -> HttpResponse:
    """Open the claims in the background."""
    found = _found(request, run)
    if found.status == ProactiveRun.Status.PREVIEW and found.preview:
        services.start_confirm(found, request.user)
        messages.success(request, _("正在开立申请，可以离开这一页。"))
    else:
        messages.warning(request, _("这份名单还没有试运行，或者已经办过。"))
    return redirect("desk:proactive_list", run=run)


@requires(Action.CLAIM_PROACTIVELY)
@require_POST
def drop(request: HttpRequest, run: int) -> HttpResponse:
    """Open nothing for this list."""
    services.drop(_found(request, run), request.user)
    messages.success(request, _("已放弃这份名单，没有开立申请。"))
    return redirect("desk:proactive")
