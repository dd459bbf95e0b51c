"""What an officer may do where: appointments in force, one's own and those of whom one stands in for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wenjiuye.platform.accounts.models import Appointment, Substitution, User, today
from wenjiuye.platform.accounts.permissions import ALLOWED, READING, Action, Role


@dataclass(frozen=True, slots=True)
class Post:
    """A role in a jurisdiction. Empty county: the whole city; empty department: all."""

    role: Role
    county: str
    department: str


def posts(user: Any, on: dt.date | None = None) -> tuple[Post, ...]:
    """The posts that a user holds on a day (today), with those of absent colleagues. Read once per user object."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return ()
    day = on or today()
    kept: dict[dt.date, tuple[Post, ...]] = user.__dict__.setdefault("_posts", {})
    if day not in kept:
        absent = Substitution.objects.filter(substitute=user, starts_on__lte=day, ends_on__gte=day)
        in_force = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        rows = Appointment.objects.filter(
            in_force, Q(user=user) | Q(user__in=absent.values("absent"))
        ).values_list("role", "county", "department")
        kept[day] = tuple(sorted({Post(Role(r), c, d) for r, c, d in rows}, key=lambda post: str(post)))
    return kept[day]


def posts_for(user: Any, action: Action) -> tuple[Post, ...]:
    """The posts in which a user may do something."""
    allowed = ALLOWED[action]
    return tuple(post for post in posts(user) if post.role in allowed)


def may(user: Any, action: Action, *, county: str | None = None, department: str | None = None) -> bool:
    """Whether a user may do something; where a county or department is given: there."""
    held = posts(user)
    if action not in READING and any(post.role is Role.AUDITOR for post in held):
        return False
    return any(
        (county is None or post.county in ("", county))
        and (department is None or post.department in ("", department))
        for post in posts_for(user, action)
    )


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
    day = today()
    return list(
        User.objects.filter(
            Q(appointments__ends_on__isnull=True) | Q(appointments__ends_on__gte=day),
            is_active=True,
            appointments__role=role,
            appointments__county__in=["", county],
            appointments__starts_on__lte=day,
        ).distinct()
    )
