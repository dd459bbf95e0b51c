"""The record: the chain of decisions and every look at personal data, for auditors and supervisors."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.models import Link

SHOWN = 50
_OFFICERS = ("officer", "last", "answered_by", "proposed_by")


@requires(Action.SEE_RECORD)
@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """The newest links; with `subject` those of one claim. The chain is walked when it is asked for."""
    subject = request.GET.get("subject", "").strip()
    links = Link.objects.order_by("-seq")
    page = Paginator(links.filter(subject=subject) if subject else links, SHOWN).get_page(
        request.GET.get("page")
    )
    bodies = [(link, json.loads(link.body)) for link in page]
    names = _names(bodies)
    rows = [(link, _told(body, names)) for link, body in bodies]
    held, broken = chain.verify() if "verify" in request.GET else (None, None)
    context = {
        "area": "record",
        "rows": rows,
        "page": page,
        "subject": subject,
        "held": held,
        "broken": broken,
    }
    return render(request, "desk/record.html", context)


def _names(bodies: list[tuple[Link, dict[str, Any]]]) -> dict[int, str]:
    ids = {body[key] for _, body in bodies for key in _OFFICERS if isinstance(body.get(key), int)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}


def _told(body: dict[str, Any], names: dict[int, str]) -> list[tuple[str, Any]]:
    """What a link says, without what its own columns say; officers by name."""
    return [
        (key, names.get(value, value) if key in _OFFICERS else value)
        for key, value in body.items()
        if key not in ("kind", "subject") and value not in (None, "", [])
    ]


@requires(Action.SEE_RECORD)
@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who saw or took out personal data, what for."""
    found = PersonalDataAccess.objects.select_related("user").order_by("-at", "-pk")
    page = Paginator(found, SHOWN).get_page(request.GET.get("page"))
    return render(request, "desk/record_looks.html", {"area": "record", "page": page})
