"""Evidence from the page of a claim: taken in, looked at, checked."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import proof
from wenjiuye.platform.desk.case_evidence import SHOWN_IN_PAGE
from wenjiuye.platform.desk.case_posting import FieldProblem, Posted, step
from wenjiuye.platform.desk.views.claim import claim_in_sight
from wenjiuye.platform.evidence.errors import EvidenceError, RefusedFile
from wenjiuye.platform.evidence.kinds import MediaType
from wenjiuye.platform.evidence.services import open_file

_NOTHING = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "style-src 'unsafe-inline'; img-src 'self' data:"
)
SANDBOX = f"{_NOTHING}; sandbox"
"""What somebody else made runs nothing, loads nothing, and is nobody's origin."""
FOR_PDF = f"{_NOTHING}; object-src 'self'"
"""Without a sandbox, in which viewers do not open; a PDF was written anew without scripts when it came in."""


@requires(Action.SEE_EVIDENCE)
def evidence(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """A file, shown in the browser where that is safe and downloaded otherwise; the look is on record."""
    claim = claim_in_sight(request, number, Action.SEE_EVIDENCE)
    found = claim.evidence.select_related("file").filter(pk=evidence).first()
    if found is None:
        raise Http404
    stored = found.file
    try:
        data = open_file(stored, request.user, number)
    except EvidenceError as problem:
        return HttpResponse(str(problem), status=410, content_type="text/plain; charset=utf-8")
    inline = stored.media_type in SHOWN_IN_PAGE and request.GET.get("download") is None
    answer = HttpResponse(data, content_type=stored.media_type)
    answer["Content-Disposition"] = content_disposition_header(not inline, stored.name) or "inline"
    answer["Content-Security-Policy"] = FOR_PDF if stored.media_type == MediaType.PDF else SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@step(Action.ADD_EVIDENCE, "attach", anchor="#evidence")
def attach(posted: Posted) -> str:
    """Take a file in for a fact of the claim."""
    upload = posted.request.FILES.get("file")
    if upload is None:
        raise FieldProblem("file", _("请选择要上传的文件。"))
    try:
        proof.attach(
            posted.number,
            posted.by,
            upload,
            upload.name or "",
            title=posted.text("title"),
            fact=posted.fact,
            version=posted.version,
        )
    except RefusedFile as problem:
        raise FieldProblem("file", str(problem)) from None
    return _("“%(name)s”已收下。") % {"name": upload.name}


@step(Action.REVIEW_CLAIM, "check", anchor="#evidence")
def check(posted: Posted, evidence: int) -> str:
    """Say what was found in a file."""
    chosen = posted.text("good")
    if chosen not in ("yes", "no"):
        raise FieldProblem("good", _("请选择已核对或有疑问。"))
    proof.check(
        posted.number,
        posted.by,
        evidence,
        good=chosen == "yes",
        note=posted.text("note"),
        version=posted.version,
    )
    return ""
