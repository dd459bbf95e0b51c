"""A claim taken at the counter: for what, for whom, what only the claimant can tell, into which account."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.platform.claims.subjects import MOST, SHORTEST, find_subjects
from wenjiuye.platform.desk.case_entry import by_the_month, entry, known_facts, pays, preview
from wenjiuye.platform.desk.case_posting import UNFIT
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.platform.registry.case_facts import CaseFacts, NoSuchSubject, case_facts
from wenjiuye.rules.measures import Measure


@requires(Action.ENTER_CLAIM)
def choose_measure(request: HttpRequest) -> HttpResponse:
    """For what: the measures that can be claimed, by article, narrowed down by a word."""
    word = request.GET.get("q", "").strip()
    document = rules_in_force.document()
    fitting = [one for one in rules_in_force.claimable() if _fits(one, word)]
    groups = [
        (article, list(rows))
        for article, rows in groupby(fitting, key=lambda one: document.clause(one.clause).article)
    ]
    context = {
        "area": "claims",
        "groups": [
            (
                article,
                [(one.id, rules_in_force.title(one), rules_in_force.title(one.subject)) for one in rows],
            )
            for article, rows in groups
        ],
        "word": word,
        "number": len(fitting),
    }
    return render(request, "desk/claim_new.html", context)


def _fits(measure: Measure, word: str) -> bool:
    return word.lower() in f"{measure.zh} {measure.en} {measure.clause} {measure.subject.zh}".lower()


def _measure(measure_id: str) -> Measure:
    try:
        found = rules_in_force.measure(measure_id)
    except KeyError:
        raise Http404 from None
    if found not in rules_in_force.claimable():
        raise Http404
    return found


def _day(text: str) -> tuple[dt.date, str]:
    """The day of the claim, and what is wrong with what was written."""
    today = timezone.localdate()
    if not text:
        return today, ""
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        return today, _("“%(value)s”不是日期。请写成 2020-12-01 这样。") % {"value": text}
    if day > today:
        return today, _("申请日期 %(day)s 还没有到。请填今天或更早的日期。") % {"day": day}
    return day, ""


@requires(Action.ENTER_CLAIM)
def choose_subject(request: HttpRequest, measure: str) -> HttpResponse:
    """For whom: by name, number or key."""
    chosen = _measure(measure)
    text = request.GET.get("q", "").strip()
    day, problem = _day(request.GET.get("on", ""))
    found = find_subjects(chosen, text, request.user) if text else []
    context = {
        "area": "claims",
        "measure": chosen.id,
        "title": rules_in_force.title(chosen),
        "kind": rules_in_force.title(chosen.subject),
        "text": text,
        "on": day,
        "on_typed": request.GET.get("on", "") if problem else f"{day:%Y-%m-%d}",
        "problem": problem,
        "found": found[:MOST],
        "more": len(found) > MOST,
        "most": MOST,
        "shortest": SHORTEST,
    }
    return render(request, "desk/claim_new_subject.html", context, status=UNFIT if problem else 200)


@requires(Action.ENTER_CLAIM)
def enter(request: HttpRequest, measure: str) -> HttpResponse:
    """What is still asked, and whereto the money goes; then the claim is opened."""
    chosen = _measure(measure)
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("subject", "")
    day, problem = _day(sent.get("on", ""))
    back = f"{reverse('desk:claim_new_subject', args=[measure])}?{urlencode({'q': key, 'on': f'{day:%Y-%m-%d}'})}"
    if problem:
        messages.error(request, problem)
        return redirect(back)
    try:
        found = case_facts(rules_in_force.policy_in_force(), chosen, key, day)
    except NoSuchSubject as missing:
        messages.error(request, str(missing))
        return redirect(back)
    if not may(
        request.user,
        Action.ENTER_CLAIM,
        county=found.county,
        departments=rules_in_force.departments(chosen.clause),
    ):
        raise PermissionDenied
    typed = {name: str(value) for name, value in request.POST.items()}
    written = entry(chosen, found, day, typed)
    told = ""
    if request.method == "POST" and not written.errors:
        new = NewClaim(
            chosen.id,
            key,
            day,
            period=written.period,
            declared=written.answers,
            payee=written.payee,
        )
        try:
            return _open(request, new)
        except ClaimError as refused:
            told = str(refused)
    return _form(request, chosen, found, day, typed, written, told, back)


def _open(request: HttpRequest, new: NewClaim) -> HttpResponse:
    """Open the claim; with the other button it is submitted at once."""
    at_once = request.POST.get("then") == "submit"
    with transaction.atomic():
        claim = open_claim(new, request.user)
        if at_once:
            take_step(claim.number, "submit", request.user, version=None)
    told = _("%(number)s 已提交。") if at_once else _("%(number)s 已存为草稿。")
    messages.success(request, told % {"number": claim.number})
    return redirect("desk:claim", number=claim.number)


def _form(
    request: HttpRequest,
    measure: Measure,
    found: CaseFacts,
    day: dt.date,
    typed: dict[str, str],
    written: Any,
    told: str,
    back: str,
) -> HttpResponse:
    person = found.claimant_kind == Claim.ClaimantKind.PERSON
    failed = bool(written.errors or told) and request.method == "POST"
    context = {
        "area": "claims",
        "measure": measure.id,
        "title": rules_in_force.title(measure),
        "claimant": masked_name(found.title) if person else found.title,
        "county": found.county,
        "subject": found.key,
        "on": day,
        "known": known_facts(measure, found),
        "preview": preview(measure, found, day),
        "entry": written,
        "errors": written.errors if failed else {},
        "typed": typed,
        "payee_name": typed.get("payee_name", "" if person else found.title),
        "pays": pays(measure),
        "months": by_the_month(measure),
        "told": told,
        "back": back,
    }
    return render(request, "desk/claim_new_facts.html", context, status=UNFIT if failed else 200)
