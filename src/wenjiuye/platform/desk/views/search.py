"""One search over claims, people and firms, as far as the user may see them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.desk.worklist.filters import searchable, too_short
from wenjiuye.platform.desk.worklist.searching import found_claims, found_parties


@requires(Action.SEE_DESK)
def search(request: HttpRequest) -> HttpResponse:
    """What fits the words, by kind."""
    words = searchable(request.GET.get("q", ""))
    problem = too_short(words)
    context: dict[str, Any] = {
        "area": "search",
        "words": words,
        "problem": problem,
        "parties": [],
        "claims": None,
    }
    if words and not problem:
        user = request.user
        parties = found_parties(words, user) if may(user, Action.SEE_REGISTRY) else []
        context["parties"] = parties
        context["claims"] = found_claims(words, user, parties) if may(user, Action.SEE_CLAIMS) else None
    return render(request, "desk/search.html", context)
