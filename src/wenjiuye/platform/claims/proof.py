"""Evidence of a claim: a file attached to the fact that it proves, and checked by an officer."""

from __future__ import annotations

from typing import IO, Any

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import ClaimEvidence
from wenjiuye.platform.claims.steps import put_on_record, working_on
from wenjiuye.platform.evidence.services import take_in


def attach(
    number: str,
    by: Any,
    upload: IO[bytes],
    name: str,
    *,
    title: str,
    fact: str = "",
    version: int | None = None,
) -> ClaimEvidence:
    """Take a file in and attach it to a claim. RefusedFile: why it cannot be taken."""
    with working_on(number, by, Action.ADD_EVIDENCE, version, "attach") as claim:
        stored = take_in(upload, name, county=claim.county, by=by)
        found = ClaimEvidence.objects.create(
            claim=claim, file=stored, fact=fact, title=title.strip() or name, added_by=by
        )
        put_on_record(claim, by, "attach", detail={"evidence": found.pk, "fact": fact})
        return found


def check(
    number: str, by: Any, evidence_id: int, *, good: bool, note: str = "", version: int | None = None
) -> None:
    """An officer looked at a file: it is good, or there is a doubt that is said."""
    if not good and not note.strip():
        raise ClaimError(_("请写明有什么疑问。"))
    with working_on(number, by, Action.REVIEW_CLAIM, version, "check") as claim:
        found = (
            ClaimEvidence.objects.select_for_update(of=("self",)).filter(claim=claim, pk=evidence_id).first()
        )
        if found is None:
            raise ClaimError(_("没有这份材料。"))
        found.check_state = ClaimEvidence.Check.GOOD if good else ClaimEvidence.Check.DOUBT
        found.check_note, found.checked_by = note.strip(), by
        found.save()
        put_on_record(claim, by, "check", reason=note.strip(), detail={"evidence": found.pk, "good": good})
