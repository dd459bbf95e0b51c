"""The counties and departments that an appointment can be for: those that the policy knows."""

from __future__ import annotations

from functools import cache

from wenjiuye.policy.vocabulary import Person
from wenjiuye.policy.xuchang_2020_31 import document


def counties() -> dict[str, tuple[str, str]]:
    """The counties of the city: id to Chinese and English name."""
    return dict(Person.county.members)


@cache
def departments() -> frozenset[str]:
    """The short names of departments that the policy's clauses use."""
    return frozenset(name for clause in document().clauses for name in clause.departments)
