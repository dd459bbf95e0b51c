"""Around a claim: comments, assignment and handing over, views that an officer keeps."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Comment, Handover, SavedView
from wenjiuye.platform.claims.steps import put_on_record, working_on


def comment(number: str, by: Any, text: str) -> Comment:
    """Leave a note for colleagues. It does not change the claim, so nobody's work is disturbed.

    Sent twice in a row, the same note stands once.
    """
    said = text.strip()[:2000]
    if not said:
        raise ClaimError(_("批注是空的。"))
    with working_on(number, by, Action.COMMENT, None, "comment") as claim:
        last = claim.comments.order_by("-at").first()
        if last is not None and (last.author_id, last.text) == (by.pk, said):
            return last
        return Comment.objects.create(claim=claim, author=by, text=said)


def assign(number: str, by: Any, to: User | None, *, version: int | None, reason: str = "") -> None:
    """Give a claim to an officer who may work on it, or back to all (None)."""
    with working_on(number, by, Action.ASSIGN, version, "assign") as claim:
        if to is not None and not may(to, Action.ASSIGN, county=claim.county, departments=claim.departments):
            raise ClaimError(_("%(officer)s不办理这里的申请。") % {"officer": to})
        if claim.assigned_to_id == (to.pk if to is not None else None):
            return
        Handover.objects.create(
            claim=claim, by=by, from_user=claim.assigned_to, to_user=to, reason=reason.strip()
        )
        claim.assigned_to = to
        put_on_record(claim, by, "assign", reason=reason.strip(), detail={"to": to.pk if to else None})


def keep_view(user: Any, name: str, query: str) -> SavedView:
    """Keep the filters of the work list under a name."""
    name = name.strip()
    if not name:
        raise ClaimError(_("请给视图起个名字。"))
    try:
        with transaction.atomic():
            return SavedView.objects.create(user=user, name=name[:40], query=query[:1000])
    except IntegrityError:
        raise ClaimError(_("已有同名视图。")) from None


def drop_view(user: Any, view_id: int) -> None:
    """Forget a view."""
    SavedView.objects.filter(user=user, pk=view_id).delete()
