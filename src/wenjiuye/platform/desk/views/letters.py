"""Letters of claims, to be read and printed."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.desk.views.claim import claim_in_sight
from wenjiuye.platform.desk.views.claim_evidence import FOR_PDF
from wenjiuye.platform.letters.errors import LostLetter
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.services import read


@requires(Action.SEE_LETTERS)
def letter(request: HttpRequest, number: str, letter: uuid.UUID) -> HttpResponse:
    """A letter as PDF, under its name and the number of the claim."""
    claim = claim_in_sight(request, number, Action.SEE_LETTERS)
    found = Letter.objects.of_case().filter(pk=letter, claim=claim.number).first()
    if found is None:
        raise Http404
    try:
        data = read(found, request.user)
    except LostLetter as problem:
        return HttpResponse(str(problem), status=410, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(data, content_type="application/pdf")
    name = f"{claim.number} {found.get_kind_display()}.pdf"
    download = request.GET.get("download") is not None
    answer["Content-Disposition"] = content_disposition_header(download, name) or "inline"
    answer["Content-Security-Policy"] = FOR_PDF
    answer["Cache-Control"] = "private, no-store"
    return answer
