"""The registry: finding a person or employer, and everything that is held of one, with where it comes from."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.looks import unmask
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.registry_rows import facts_of, shown_name, shown_table
from wenjiuye.platform.desk.worklist.stages import stage_of
from wenjiuye.platform.privacy.services import SHORTEST_REASON, PrivacyError
from wenjiuye.platform.registry.batches import tables_kept
from wenjiuye.platform.registry.columns import PERSONAL
from wenjiuye.platform.registry.dossier import KINDS, held, rows_about, subject_row, versions
from wenjiuye.platform.registry.importing.matching import column_title, table_title
from wenjiuye.platform.registry.merged import current_key
from wenjiuye.platform.registry.models import DuplicatePair, ImportBatch, Merge
from wenjiuye.platform.registry.search import MOST, search
from wenjiuye.policy.registry import RECORDS

FEW = 5
"""So many rows of each table are shown at first."""
PAGE = 50
UNFIT = 422


@requires(Action.SEE_REGISTRY)
def registry(request: HttpRequest) -> HttpResponse:
    """Find a person or employer; without words, what the registry holds."""
    words = request.GET.get("q", "").strip()[:100]
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in KINDS else KINDS
    problem = _("至少输入 2 个字。") if len(words) == 1 else ""
    found = search(request.user, words, kinds) if words and not problem else []
    context = {
        "area": "registry",
        "words": words,
        "kind": kind if kind in KINDS else "",
        "problem": problem,
        "found": [
            {
                "row": one,
                "name": shown_name(one.kind, one.name, one.key),
                "title": table_title(one.kind),
                "by": _BY[one.by](),
            }
            for one in found
        ],
        "more": len(found) >= MOST,
        "most": MOST,
        "kinds": [(name, table_title(name)) for name in KINDS],
        "kept": [(table_title(name), kept) for name, kept in tables_kept().items()] if not words else [],
        "duplicates": _open_pairs(request.user),
        "may_import": may(request.user, Action.IMPORT_REGISTRY),
    }
    return render(request, "desk/registry.html", context)


_BY = {
    "key": lambda: _("编号"),
    "resident_id": lambda: _("身份证号"),
    "phone": lambda: _("电话"),
    "credit_code": lambda: _("统一社会信用代码"),
    "name": lambda: _("名称"),
}


def _open_pairs(user: Any) -> int | None:
    """How many pairs wait for the user to look at; None: they are not the user's."""
    if not may(user, Action.MERGE_DUPLICATES):
        return None
    pairs = DuplicatePair.objects.visible_to(user, Action.MERGE_DUPLICATES)
    return int(pairs.filter(state=DuplicatePair.State.OPEN).count())


@requires(Action.SEE_REGISTRY)
def registry_row(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One person or employer with all tables."""
    row = _row(request, kind, key)
    if row is None:
        return _gone(request, kind, key)
    return _page(request, kind, row)


def _row(request: HttpRequest, kind: str, key: str) -> Any:
    if kind not in KINDS:
        raise Http404
    return subject_row(request.user, kind, key)


def _gone(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """A row that was merged into another leads there."""
    kept = current_key(kind, key)
    if kept == key:
        raise Http404
    return redirect("desk:registry_row", kind=kind, key=kept)


def _page(
    request: HttpRequest, kind: str, row: Any, *, plain: Any = None, problem: str = "", reason: str = ""
) -> HttpResponse:
    tables = held(row, kind)
    wanted = request.GET.get("table", "")
    only = wanted if wanted in {one.table for one in tables} else ""
    context: dict[str, Any] = {
        "area": "registry",
        "kind": kind,
        "key": row.key,
        "row": row,
        "name": shown_name(kind, row.name or "", row.key),
        "title": table_title(kind),
        "facts": facts_of(kind, row),
        "only": only,
        "tables": _one(request, row, kind, only, tables) if only else _few(row, kind, tables),
        "may_import": may(request.user, Action.IMPORT_REGISTRY),
        "may_unmask": may(request.user, Action.UNMASK, county=row.county) and _has_personal(kind, row),
        "plain": plain,
        "problem": problem,
        "reason": reason,
        "shortest": SHORTEST_REASON,
    }
    if not only:
        context |= {
            "versions": [
                (one, [column_title(RECORDS[kind], name) for name in one.changed])
                for one in versions(row, kind)
            ],
            "claims": _claims(request, kind, row.key),
            "pairs": _pairs(request, kind, row.key),
            "merged": Merge.objects.filter(
                kind=kind, kept=row.key, batch__state=ImportBatch.State.IN_FORCE
            ).select_related("batch"),
        }
    return render(request, "desk/registry_row.html", context, status=UNFIT if problem else 200)


def _few(row: Any, kind: str, tables: Any) -> list[dict[str, Any]]:
    kept = tables_kept()
    return [
        {
            "shown": shown_table(one.table, rows_about(row, kind, one.table, 0, FEW), row.key),
            "held": one,
            "kept": kept.get(one.table),
            "more": one.live > FEW or one.replaced > 0,
        }
        for one in tables
    ]


def _one(request: HttpRequest, row: Any, kind: str, table: str, tables: Any) -> list[dict[str, Any]]:
    """One table, page by page."""
    of_all = next(one for one in tables if one.table == table)
    replaced = request.GET.get("all") == "1"
    total = of_all.live + (of_all.replaced if replaced else 0)
    wanted = request.GET.get("page", "1")
    pages = max(1, -(-total // PAGE))
    page = min(max(1, int(wanted)), pages) if wanted.isdigit() and len(wanted) < 9 else 1
    rows = rows_about(row, kind, table, (page - 1) * PAGE, PAGE, replaced=replaced)
    return [
        {
            "shown": shown_table(table, rows, row.key),
            "held": of_all,
            "kept": tables_kept().get(table),
            "replaced": replaced,
            "first": (page - 1) * PAGE + 1 if rows else 0,
            "last": (page - 1) * PAGE + len(rows),
            "total": total,
            "earlier": page - 1 if page > 1 else None,
            "later": page + 1 if page < pages else None,
        }
    ]


def _claims(request: HttpRequest, kind: str, key: str) -> list[dict[str, Any]]:
    """The newest claims by or about somebody that the user may see."""
    if not may(request.user, Action.SEE_CLAIMS):
        return []
    subjects = ("enterprise", "sole_trader") if kind == "enterprise" else (kind,)
    rows = Claim.objects.visible_to(request.user, Action.SEE_CLAIMS).filter(
        Q(claimant_kind=kind, claimant_key=key) | Q(subject_kind__in=subjects, subject_key=key)
    )
    return [
        {
            "claim": claim,
            "measure": rules_in_force.title(rules_in_force.measure(claim.measure)),
            "stage": stage_of(claim).title,
        }
        for claim in rows.order_by("-applied_on", "-pk")[:20]
    ]


def _pairs(request: HttpRequest, kind: str, key: str) -> list[DuplicatePair]:
    if not may(request.user, Action.MERGE_DUPLICATES):
        return []
    pairs = DuplicatePair.objects.visible_to(request.user, Action.MERGE_DUPLICATES)
    return list(pairs.filter(Q(first=key) | Q(second=key), kind=kind, state=DuplicatePair.State.OPEN)[:10])


def _has_personal(kind: str, row: Any) -> bool:
    return bool((kind == "person" and row.name) or any(getattr(row, name) for name in PERSONAL[kind]))


@requires(Action.UNMASK)
def registry_unmask(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Personal data in full, once, in the answer to the reason: the page that is opened again is masked again."""
    if request.method != "POST":
        return redirect("desk:registry_row", kind=kind, key=key)
    row = _row(request, kind, key)
    if row is None:
        raise Http404
    names = [
        name for name in (*(("name",) if kind == "person" else ()), *PERSONAL[kind]) if getattr(row, name)
    ]
    titles = [column_title(RECORDS[kind], name) for name in names]
    reason = request.POST.get("reason", "")
    try:
        unmask(request.user, f"{kind}:{row.key}", "、".join(titles), reason, county=row.county)
    except PrivacyError as problem:
        return _page(request, kind, row, problem=problem.message, reason=reason)
    plain = list(zip(titles, (getattr(row, name) for name in names), strict=True))
    answer = _page(request, kind, row, plain=plain)
    add_never_cache_headers(answer)
    return answer
