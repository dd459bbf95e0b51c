"""Rows that may be one: looked at side by side, made one or kept apart; a merge can be taken back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.desk.import_jobs import FIND
from wenjiuye.platform.desk.import_pages import table_rows
from wenjiuye.platform.desk.registry_rows import cell, columns_shown, shown_name
from wenjiuye.platform.desk.views import imports
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import start
from wenjiuye.platform.registry.dossier import names_of, references, subject_row
from wenjiuye.platform.registry.duplicates import keep_apart
from wenjiuye.platform.registry.errors import RegistryError
from wenjiuye.platform.registry.importing.matching import column_title, table_title
from wenjiuye.platform.registry.merge import merge
from wenjiuye.platform.registry.models import DuplicatePair, Merge
from wenjiuye.policy.registry import RECORDS

State = DuplicatePair.State
SHOWN = 50
UNFIT = 422


@requires(Action.MERGE_DUPLICATES)
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one, the most alike first."""
    state = request.GET.get("state", State.OPEN)
    state = state if state in State.values else State.OPEN
    pairs = DuplicatePair.objects.visible_to(request.user, Action.MERGE_DUPLICATES)
    found = list(pairs.filter(state=state)[: SHOWN + 1])
    searching = _searching()
    if request.htmx:
        return HttpResponse() if searching else HttpResponseClientRefresh()
    names = {kind: _names(kind, found) for kind in {pair.kind for pair in found}}
    last = BackgroundJob.objects.filter(kind=FIND, state=BackgroundJob.State.DONE).first()
    context = {
        "area": "registry",
        "state": state,
        "states": [(one.value, one.label, pairs.filter(state=one).count()) for one in State],
        "pairs": [
            {
                "pair": pair,
                "title": table_title(pair.kind),
                "first": shown_name(pair.kind, names[pair.kind].get(pair.first, ""), pair.first),
                "second": shown_name(pair.kind, names[pair.kind].get(pair.second, ""), pair.second),
                "reasons": [DuplicatePair.Reason(reason).label for reason in pair.reasons],
            }
            for pair in found[:SHOWN]
        ],
        "more": len(found) > SHOWN,
        "shown": SHOWN,
        "searching": searching,
        "last": last,
    }
    return render(request, "desk/duplicates.html", context)


def _names(kind: str, pairs: list[DuplicatePair]) -> dict[str, str]:
    return names_of(kind, {key for pair in pairs if pair.kind == kind for key in (pair.first, pair.second)})


def _searching() -> bool:
    waits = (BackgroundJob.State.WAITING, BackgroundJob.State.RUNNING)
    return bool(BackgroundJob.objects.filter(kind=FIND, state__in=waits).exists())


@requires(Action.MERGE_DUPLICATES)
@require_POST
def duplicates_find(request: HttpRequest) -> HttpResponse:
    """Look through the whole registry again, in the background."""
    if not _searching():
        language = translation.get_language() or "zh-hans"
        start(FIND, request.user, _("查找重复"), {"language": language})
    return redirect("desk:duplicates")


def _pair(request: HttpRequest, pk: int) -> DuplicatePair:
    pairs = DuplicatePair.objects.visible_to(request.user, Action.MERGE_DUPLICATES)
    found: DuplicatePair = get_object_or_404(pairs.select_related("settled_by"), pk=pk)
    return found


@requires(Action.MERGE_DUPLICATES)
def duplicate(request: HttpRequest, pair: int) -> HttpResponse:
    """Two rows side by side."""
    return _page(request, _pair(request, pair))


def _page(request: HttpRequest, pair: DuplicatePair, problem: str = "") -> HttpResponse:
    sides = [_side(request, pair.kind, key) for key in (pair.first, pair.second)]
    rows = [side["row"] for side in sides]
    for side, other in zip(sides, reversed(sides), strict=True):
        side["repointed"] = sum(other["references"].values())
    chosen = request.POST.get("keep") or _fuller(sides)
    merged = Merge.objects.filter(kind=pair.kind, kept__in=[pair.first, pair.second])
    merged = merged.filter(dropped__in=[pair.first, pair.second]).select_related("batch").first()
    context = {
        "area": "registry",
        "pair": pair,
        "title": table_title(pair.kind),
        "reasons": [DuplicatePair.Reason(reason).label for reason in pair.reasons],
        "sides": sides,
        "facts": _compared(pair.kind, rows) if all(rows) else [],
        "references": _references(sides),
        "chosen": chosen,
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "is_open": pair.state == State.OPEN and all(rows),
        "merged": merged,
        "elsewhere": pair.state == State.OPEN and not all(rows),
    }
    return render(request, "desk/duplicate.html", context, status=UNFIT if problem else 200)


def _side(request: HttpRequest, kind: str, key: str) -> dict[str, Any]:
    """One of the two; row is None where the user may not see it, or it is gone."""
    row = subject_row(request.user, kind, key)
    return {
        "key": key,
        "row": row,
        "name": shown_name(kind, row.name or "", key) if row is not None else key,
        "references": references(kind, key) if row is not None else {},
    }


def _fuller(sides: list[dict[str, Any]]) -> str:
    """The one to which more rows lead is offered to be kept."""
    return str(max(sides, key=lambda side: sum(side["references"].values()))["key"])


def _compared(kind: str, rows: list[Any]) -> list[dict[str, Any]]:
    """The columns in which one of two rows says something."""
    record = RECORDS[kind]
    found = []
    for name in columns_shown(record):
        cells = [cell(record, row, name) for row in rows]
        if any(one.text != "–" for one in cells):
            told = [getattr(row, f"{name}_hash", getattr(row, name, None)) for row in rows]
            found.append({"title": column_title(record, name), "cells": cells, "same": told[0] == told[1]})
    return found


def _references(sides: list[dict[str, Any]]) -> list[tuple[str, list[int]]]:
    """By table, how many rows lead to each of the two."""
    tables = [name for name in RECORDS if any(name in side["references"] for side in sides)]
    return [(table_title(name), [side["references"].get(name, 0) for side in sides]) for name in tables]


@requires(Action.MERGE_DUPLICATES)
@require_POST
def duplicate_merge(request: HttpRequest, pair: int) -> HttpResponse:
    """Make one of the two, or keep them apart, as the button says."""
    found = _pair(request, pair)
    reason, keep = request.POST.get("reason", ""), request.POST.get("keep", "")
    try:
        if request.POST.get("step") == "apart":
            keep_apart(found, reason, request.user)
            messages.success(request, _("已记下：不是同一个，以后不再列出。"))
            return redirect("desk:duplicates")
        if keep not in (found.first, found.second):
            return _page(request, found, _("请先选保留哪一个。"))
        drop = found.second if keep == found.first else found.first
        batch = merge(rules_in_force.policy_in_force(), found.kind, keep, drop, reason, request.user)
    except RegistryError as problem:
        return _page(request, found, str(problem))
    messages.success(request, _("已合并，原来指向另一个的行都改为指向保留的这一个。"))
    return redirect("desk:merge", batch=batch.pk)


# ── A merge


@requires(Action.MERGE_DUPLICATES)
def merge_page(request: HttpRequest, batch: int) -> HttpResponse:
    """What a merge did, and whether it still holds."""
    found = imports.batch_of(request, batch, Action.MERGE_DUPLICATES, merged=True)
    merged = Merge.objects.filter(batch=found).first()
    if merged is None:
        raise Http404
    undoing = imports.is_undoing(found)
    if request.htmx:
        return HttpResponse() if undoing else HttpResponseClientRefresh()
    names = names_of(merged.kind, [merged.kept, merged.dropped])
    context = {
        "area": "registry",
        "batch": found,
        "merge": merged,
        "title": table_title(merged.kind),
        "kept": shown_name(merged.kind, names.get(merged.kept, ""), merged.kept),
        "dropped": shown_name(merged.kind, names.get(merged.dropped, ""), merged.dropped),
        "tables": [row for row in table_rows(found, None) if row.rows],
        "undoing": undoing,
        "failure": imports.failed_undoing(found),
        "may_undo": found.state == "in_force"
        and may(request.user, Action.MERGE_DUPLICATES, county=found.county),
        "undo": reverse("desk:merge_undo", kwargs={"batch": found.pk}),
    }
    return render(request, "desk/duplicate_merged.html", context)


@requires(Action.MERGE_DUPLICATES)
def merge_undo(request: HttpRequest, batch: int) -> HttpResponse:
    """Make two of one again."""
    found = imports.batch_of(request, batch, Action.MERGE_DUPLICATES, merged=True)
    return imports.undo_page(request, found, "desk:merge", "registry")
