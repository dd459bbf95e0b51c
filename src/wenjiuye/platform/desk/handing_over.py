"""Handing many claims over to an officer, or back to all: who can take them, what would happen, then each alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import posts
from wenjiuye.platform.accounts.models import User, in_force, today
from wenjiuye.platform.accounts.permissions import ALLOWED, Action, Role
from wenjiuye.platform.claims.bulk import MOST, Done, Line, Preview, Tell, each
from wenjiuye.platform.claims.casework import assign
from wenjiuye.platform.claims.models import Claim


def candidates(claims: Iterable[Claim]) -> list[User]:
    """The officers whose turn some of the claims could be, by name."""
    rows = [claim for claim in claims if claim.turn in ALLOWED[Action.ASSIGN]]
    found = User.objects.filter(
        in_force(today(), "appointments__"),
        is_active=True,
        appointments__role__in={claim.turn for claim in rows},
        appointments__county__in={"", *(claim.county for claim in rows)},
    )
    return list(found.distinct().order_by("name", "username"))


def preview(numbers: Iterable[str], to: User | None, by: Any) -> Preview:
    """What would happen if these claims went to an officer, or back to all (None). Others' claims are left out."""
    rows = (
        Claim.objects.visible_to(by, Action.ASSIGN)
        .filter(number__in=list(numbers)[:MOST])
        .select_related("assigned_to")
        .order_by("due_on", "pk")
    )
    return Preview(tuple(Line(claim, _why_not(claim, to)) for claim in rows))


def _why_not(claim: Claim, to: User | None) -> tuple[str, ...]:
    if claim.turn not in ALLOWED[Action.ASSIGN]:
        return (_("现在轮到%(who)s，不用移交。") % {"who": claim.get_turn_display()},)
    if to is None:
        return () if claim.assigned_to_id is not None else (_("本来就没有交给谁。"),)
    if claim.assigned_to_id == to.pk:
        return (_("已经在%(officer)s手上。") % {"officer": to},)
    if not any(
        post.role == claim.turn and post.covers(claim.county, claim.departments) for post in posts(to)
    ):
        return (_("%(officer)s不是这里的%(role)s。") % {"officer": to, "role": Role(claim.turn).label},)
    return ()


def receiver(pk: int) -> User | None:
    """The officer to whom claims are handed over; None where that one has been blocked."""
    return User.objects.filter(pk=pk, is_active=True).first()


def run(versions: Mapping[str, int], to: User | None, by: Any, reason: str, *, tell: Tell) -> Done:
    """Hand over each claim as it was previewed (number → version)."""

    def work(number: str, version: int) -> None:
        assign(number, by, to, version=version, reason=reason)

    return each(versions, "assign", by, work, tell=tell)
