"""The page of a claim, what the rules said to it over time, its personal data in full, and its file."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Look
from wenjiuye.platform.claims.models import Claim, Determination
from wenjiuye.platform.claims.parties import personal_data
from wenjiuye.platform.desk.case_file import start_file
from wenjiuye.platform.desk.case_page import seen_claim
from wenjiuye.platform.desk.case_posting import UNFIT, Posted, address_of, again, case_page
from wenjiuye.platform.desk.case_rules import history, ruling
from wenjiuye.platform.privacy.services import PrivacyError


@requires(Action.SEE_CLAIMS)
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Everything of a claim on one screen."""
    return case_page(
        request,
        _seen(request, number),
        list_query=request.GET.get("list", ""),
        opened=request.GET.get("fact", ""),
    )


def _seen(request: HttpRequest, number: str) -> Look:
    found = seen_claim(number, request.user)
    if found is None:
        raise Http404
    return found


def claim_in_sight(request: HttpRequest, number: str, action: Action = Action.SEE_CLAIMS) -> Claim:
    """The claim, if the user may do this with it; else there is no such page."""
    found: Claim = get_object_or_404(Claim.objects.visible_to(request.user, action), number=number)
    return found


@requires(Action.SEE_CLAIMS)
def determinations(request: HttpRequest, number: str) -> HttpResponse:
    """What the rules said, each time with what had changed."""
    found = claim_in_sight(request, number)
    rows = list(found.determinations.select_related("made_by").order_by("pk"))
    measure = rules_in_force.measure(found.measure)
    context = {
        "area": "claims",
        "claim": found,
        "title": rules_in_force.title(measure),
        "history": history(rows),
        "back": address_of(number, request.GET.get("list", "")),
    }
    return render(request, "desk/claim_determinations.html", context)


@requires(Action.SEE_CLAIMS)
def receipt(request: HttpRequest, number: str, determination: int) -> HttpResponse:
    """The receipt of one determination: what it rests on, its hash, and all of it as JSON."""
    found = claim_in_sight(request, number)
    made: Determination = get_object_or_404(found.determinations.select_related("made_by"), pk=determination)
    text = json.dumps(made.receipt, ensure_ascii=False, indent=2, sort_keys=True)
    if request.GET.get("form") == "json":
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{number}-{made.pk}.json"'
        return answer
    clause = rules_in_force.document().clause(found.clause)
    context = {
        "area": "claims",
        "claim": found,
        "title": rules_in_force.title(rules_in_force.measure(found.measure)),
        "made": made,
        "ruling": ruling(made, found.clause),
        "clause": clause,
        "clause_title": rules_in_force.title(clause),
        "document": rules_in_force.document(),
        "text": text,
        "back": address_of(number, request.GET.get("list", "")),
    }
    return render(request, "desk/claim_receipt.html", context)


@requires(Action.UNMASK)
def unmask(request: HttpRequest, number: str) -> HttpResponse:
    """Personal data in full, once, in the answer to the reason: the page that is opened again is masked again."""
    if request.method != "POST":
        return redirect(address_of(number))
    seen = _seen(request, number)
    posted = Posted(request, number, seen.claim.version)
    try:
        shown = personal_data(seen.claim, request.user, posted.reason)
    except PrivacyError as problem:
        return again(posted, problem, UNFIT, field="reason")
    return case_page(request, seen, list_query=posted.list_query, unmasked=shown)


@requires(Action.EXPORT_FILE)
def export_file(request: HttpRequest, number: str) -> HttpResponse:
    """Start making the file of the claimant."""
    if request.method != "POST":
        return redirect(address_of(number))
    found = claim_in_sight(request, number, Action.EXPORT_FILE)
    posted = Posted(request, number, found.version)
    try:
        start_file(found, request.user, posted.reason)
    except PrivacyError as problem:
        return again(posted, problem, UNFIT, field="reason")
    messages.success(request, _("档案正在导出，做好后在这里下载。"))
    return redirect("desk:jobs")
