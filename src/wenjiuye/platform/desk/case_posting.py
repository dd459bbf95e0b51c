"""A step posted from a case page: taken whole or not at all, and whatever was typed comes back where it was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims.blockers import Look
from wenjiuye.platform.claims.errors import Blocked, ChangedMeanwhile, ClaimError
from wenjiuye.platform.claims.models import Claim, Step
from wenjiuye.platform.desk.case_forms import FACT, FORM, REASON, Problem
from wenjiuye.platform.desk.case_page import case_context, seen_claim
from wenjiuye.platform.evidence.errors import EvidenceError
from wenjiuye.platform.letters.errors import LetterError
from wenjiuye.platform.privacy.services import PrivacyError

CONFLICT, UNFIT = 409, 422
_NOT_KEPT = frozenset({"csrfmiddlewaretoken", "version", "list"})


class FieldProblem(ClaimError):
    """One control of the form is at fault."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Posted:
    """What came with a step. version: of the claim when the page was made; 0 where it was not said."""

    request: HttpRequest
    number: str
    version: int

    @property
    def by(self) -> Any:
        """Who sent it."""
        return self.request.user

    @property
    def reason(self) -> str:
        """The reason that was given."""
        return self.text(REASON)

    @property
    def fact(self) -> str:
        """The path of the fact that it is about."""
        return self.text(FACT)

    def text(self, name: str) -> str:
        """What was written into a control, without blanks around it."""
        return self.request.POST.get(name, "").strip()

    @property
    def list_query(self) -> str:
        """The query string of the list that the officer came from."""
        return self.request.POST.get("list", "")


Work = Callable[..., str]
Page = Callable[..., HttpResponse]


def step(action: Action, *names: str, anchor: str = "") -> Callable[[Work], Page]:
    """Make a view of a function that takes a step and says what was done.

    names: of the steps that the function puts on record, by which it is known that it was done before. anchor: where
    on the page to go on.
    """

    def mark(work: Work) -> Page:
        @requires(action)
        @wraps(work)
        def view(request: HttpRequest, number: str, **more: Any) -> HttpResponse:
            if not Claim.objects.visible_to(request.user, Action.SEE_CLAIMS).filter(number=number).exists():
                raise Http404
            if request.method != "POST":
                return redirect(address_of(number, request.GET.get("list", "")))
            version = request.POST.get("version", "")
            posted = Posted(request, number, int(version) if version.isdigit() else 0)
            try:
                with transaction.atomic():
                    told = work(posted, **more)
            except ChangedMeanwhile as problem:
                return _changed(posted, problem, names, anchor)
            except Blocked as problem:
                return again(posted, problem, CONFLICT, blockers=problem.blockers)
            except (ClaimError, EvidenceError, LetterError, PrivacyError) as problem:
                return again(posted, problem, UNFIT, field=getattr(problem, "field", ""))
            if told:
                messages.success(request, told)
            return redirect(address_of(number, posted.list_query) + anchor)

        return view

    return mark


def address_of(number: str, list_query: str = "") -> str:
    """The address of a claim's page, with the list to go back to."""
    address = reverse("desk:claim", args=[number])
    return f"{address}?{urlencode({'list': list_query})}" if list_query else address


def _changed(posted: Posted, problem: ChangedMeanwhile, names: tuple[str, ...], anchor: str) -> HttpResponse:
    """Somebody was faster: the officer, who pressed twice or went back, or somebody else."""
    since = tuple(
        Step.objects.filter(claim__number=posted.number, version__gt=posted.version)
        .select_related("actor")
        .order_by("version")
    )
    if posted.version and all(one.actor_id == posted.by.pk for one in since) and _was_done(since, names):
        messages.info(posted.request, _("这一步已经办好了，没有办第二次。"))
        return redirect(address_of(posted.number, posted.list_query) + anchor)
    return again(posted, problem, CONFLICT, since=since, changed=True)


def _was_done(since: tuple[Step, ...], names: tuple[str, ...]) -> bool:
    return any(one.name in names for one in since)


def again(posted: Posted, problem: Exception, status: int, **more: Any) -> HttpResponse:
    """The page as it stands now, with what was typed and why it was not done."""
    typed = {name: text for name, text in posted.request.POST.dict().items() if name not in _NOT_KEPT}
    told = Problem(form=posted.text(FORM), message=str(problem), typed=typed, **more)
    seen = seen_claim(posted.number, posted.by)
    if seen is None:
        raise Http404
    return case_page(posted.request, seen, status=status, list_query=posted.list_query, problem=told)


def case_page(request: HttpRequest, seen: Look, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a claim. What it shows is not for caches."""
    answer = render(request, "desk/claim.html", case_context(seen, request.user, **more), status=status)
    answer["Cache-Control"] = "no-store"
    return answer
