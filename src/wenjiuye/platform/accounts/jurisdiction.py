"""What an officer may do where: appointments in force, one's own and those of whom one stands in for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from wenjiuye.platform.accounts.models import Appointment, Substitution, User, in_force, today
from wenjiuye.platform.accounts.permissions import ALLOWED, READING, Action, Role


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a jurisdiction. Empty county: the whole city; empty department: all. holder: whose it is."""

    role: Role
    county: str
    department: str
    holder: int

    def covers(self, county: str | None, departments: Collection[str] | None) -> bool:
        """Whether a place lies within it; None: anywhere, anything."""
        return (county is None or self.county in ("", county)) and (
            departments is None or not self.department or self.department in departments
        )


def posts(user: Any, on: dt.date | None = None) -> tuple[Post, ...]:
    """The posts that a user holds on a day (today), with those of absent colleagues. Read once per user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    day = on or today()
    kept: dict[dt.date, tuple[Post, ...]] = user.__dict__.setdefault("_posts", {})
    if day not in kept:
        absent = Substitution.objects.filter(substitute=user, starts_on__lte=day, ends_on__gte=day)
        rows = Appointment.objects.filter(
            in_force(day), Q(user=user) | Q(user__in=absent.values("absent"))
        ).values_list("role", "county", "department", "user")
        kept[day] = tuple(sorted({Post(Role(r), *rest) for r, *rest in rows}, key=str))
    return kept[day]


def posts_for(user: Any, action: Action) -> tuple[Post, ...]:
    """The posts in which a user may do something. An auditor changes nothing, not even for an absent colleague."""
    allowed, held = ALLOWED[action], posts(user)
    if action not in READING and any(post.role is Role.AUDITOR for post in held):
        return ()
    return tuple(post for post in held if post.role in allowed)


def may(
    user: Any, action: Action, *, county: str | None = None, departments: Collection[str] | None = None
) -> bool:
    """Whether a user may do something; where a county or departments are given: there."""
    return any(post.covers(county, departments) for post in posts_for(user, action))


def check(
    user: Any, action: Action, *, county: str | None = None, departments: Collection[str] | None = None
) -> None:
    """Raise PermissionDenied unless `may`."""
    if not may(user, action, county=county, departments=departments):
        raise PermissionDenied


def acting_for(user: Any, action: Action, *, county: str | None = None) -> int | None:
    """The absent colleague by whose post alone the user may do something; None: by one's own."""
    found = [post.holder for post in posts_for(user, action) if post.covers(county, None)]
    return None if not found or user.pk in found else found[0]


def within(user: Any, action: Action, *, county: str = "county", department: str | None = None) -> Q:
    """A condition for a query: rows of the jurisdictions in which the user may do something."""
    condition = Q(pk__in=[])
    for post in posts_for(user, action):
        here = Q()
        if post.county:
            here &= Q(**{county: post.county})
        if post.department and department is not None:
            here &= Q(**{f"{department}__contains": [post.department]})
        if not here:
            return Q()
        condition |= here
    return condition


def holders(role: Role, county: str) -> list[User]:
    """Who holds a role in a county today."""
    return list(
        User.objects.filter(
            in_force(today(), "appointments__"),
            is_active=True,
            appointments__role=role,
            appointments__county__in=["", county],
        ).distinct()
    )
