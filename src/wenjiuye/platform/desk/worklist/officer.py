"""Whose work a claim is: by its turn, the officer's posts, and to whom it was handed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wenjiuye.platform.accounts.jurisdiction import Post, posts
from wenjiuye.platform.accounts.models import Appointment, Substitution, in_force, today
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.states import Turn

TURNS = frozenset(set(Role.values) & set(Turn.values))
"""Roles for which a claim can wait."""


@dataclass(frozen=True)
class Officer:
    """An officer at work. posts: those for which claims wait. ids: one's own, and of those whom one stands in for.

    others: for each role of the posts, everybody else who has it: a claim handed to one of them is theirs.
    """

    user: Any
    posts: tuple[Post, ...]
    ids: frozenset[int]
    others: Mapping[Role, frozenset[int]]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles in which claims wait for this officer."""
        return frozenset(post.role for post in self.posts)


def officer(user: Any) -> Officer:
    """The officer that a user is today."""
    held = tuple(post for post in posts(user) if post.role in TURNS)
    ids = frozenset({user.pk} | {post.holder for post in held})
    return Officer(user, held, ids, _others({post.role for post in held}, ids))


def _others(roles: Collection[Role], ids: frozenset[int]) -> dict[Role, frozenset[int]]:
    if not roles:
        return {}
    day = today()
    held = Appointment.objects.filter(in_force(day), role__in=roles).values_list("role", "user")
    standing_in = Substitution.objects.filter(starts_on__lte=day, ends_on__gte=day)
    by_absent: dict[int, set[int]] = {}
    for absent, substitute in standing_in.values_list("absent", "substitute"):
        by_absent.setdefault(absent, set()).add(substitute)
    found: dict[Role, set[int]] = {role: set() for role in roles}
    for role, user in held:
        found[Role(role)] |= {user} | by_absent.get(user, set())
    return {role: frozenset(users - ids) for role, users in found.items()}


def mine(who: Officer) -> Q:
    """Claims whose turn is this officer's: not handed to anybody else who has the same role.

    A claim stays handed to whoever had it when its turn goes on to another role; there it is everybody's again.
    """
    condition = Q(pk__in=[])
    for role in sorted(who.roles):
        condition |= Q(turn=role.value) & _places(who, role) & ~Q(assigned_to__in=sorted(who.others[role]))
    return condition


def _places(who: Officer, role: Role) -> Q:
    """Where the officer has a role."""
    held = [post for post in who.posts if post.role is role]
    if any(not post.county and not post.department for post in held):
        return Q()
    whole = sorted({post.county for post in held if not post.department})
    condition = Q(county__in=whole) if len(whole) != 1 else Q(county=whole[0])
    for post in held:
        if post.department:
            here = Q(departments__contains=[post.department])
            condition |= here & Q(county=post.county) if post.county else here
    return condition
