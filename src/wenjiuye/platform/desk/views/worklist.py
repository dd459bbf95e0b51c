"""The work list, and all claims that one may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.worklist import filters
from wenjiuye.platform.desk.worklist.listing import choice, desk_of, listing, side
from wenjiuye.platform.desk.worklist.side_views import ALL, VIEWS
from wenjiuye.platform.desk.worklist.stages import STAGES


@requires(Action.SEE_DESK)
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits for the officer, overdue first."""
    return _page(request, "")


@requires(Action.SEE_CLAIMS)
def claims(request: HttpRequest) -> HttpResponse:
    """All claims that the officer may see, whatever their turn."""
    return _page(request, ALL)


def _page(request: HttpRequest, view: str) -> HttpResponse:
    desk = desk_of(request.user)
    chosen = choice(desk, request.GET, view)
    views = side(desk, chosen, request.GET)
    sum_from = chosen.filters.sum_from
    context: dict[str, Any] = {
        "area": "claims" if view == ALL else "worklist",
        "is_all": chosen.view == ALL,
        "title": VIEWS[chosen.view].title if chosen.view in VIEWS else "",
        "list": listing(desk, chosen, request.GET),
        "side": views,
        "kept": next((link for link in views.kept if link.is_current), None),
        "has_turns": bool(desk.who.roles),
        "filters": chosen.filters,
        "sum_from": "" if sum_from is None else f"{sum_from / 100:.2f}".removesuffix(".00"),
        "chips": filters.chips(chosen.filters, request.GET),
        "cleared": filters.without(request.GET, *FIELDS),
        "options": options(request.user),
        "sorts": sorts(request, chosen.order),
        "query": filters.without(request.GET, **({"view": ALL} if view == ALL else {})),
        "may_export": may(request.user, Action.EXPORT),
        "may_see_claims": may(request.user, Action.SEE_CLAIMS),
        "new_claim": reverse("desk:claim_new") if may(request.user, Action.ENTER_CLAIM) else "",
        "steps": [step for step, action in STEPS.items() if may(request.user, action)],
    }
    return render(request, "desk/worklist.html", context)


FIELDS = ("measure", "county", "verdict", "stage", "assigned", "since", "from", "q", "age")
"""The names of the filters in an address."""
STEPS = {"assign": Action.ASSIGN, "review": Action.BULK_REVIEW, "approve": Action.APPROVE_CLAIM}
"""What can be done with many claims at once, and who may."""


def options(user: Any) -> dict[str, list[tuple[str, Any]]]:
    """What can be chosen in each filter."""
    return {
        "measures": [(one.id, rules_in_force.title(one)) for one in rules_in_force.claimable()],
        "counties": [(county, rules_in_force.county_title(county)) for county in filters.counties_of(user)],
        "verdicts": list(Claim.Verdict.choices),
        "stages": [(key, stage.title) for key, stage in STAGES.items()],
    }


def sorts(request: HttpRequest, order: str) -> dict[str, dict[str, str]]:
    """For each column that one can sort by, where its head leads and how it is sorted now."""
    found = {}
    for column, first in (("due", "due"), ("amount", "-amount"), ("applied", "-applied")):
        falling = f"-{column}"
        other = {column: falling, falling: column}.get(order, first)
        found[column] = {
            "query": filters.without(request.GET, sort=other),
            "now": {column: "ascending", falling: "descending"}.get(order, ""),
        }
    return found
