"""The policy that claims are decided by, and what a claim needs to know of its measure."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from wenjiuye.platform.accounts.places import counties
from wenjiuye.policy.xuchang_2020_31 import document
from wenjiuye.policy.xuchang_2020_31 import policy as city_policy
from wenjiuye.rules.facts import Fact, Many, One, Subject
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.policy import Policy


def policy_in_force() -> Policy:
    """The rules in force."""
    return city_policy()


def measure(measure_id: str) -> Measure:
    """A measure by its id. KeyError: the rules in force have none of that name."""
    return policy_in_force().measures[measure_id]


def claimable() -> list[Measure]:
    """Measures that somebody claims: benefits, reliefs and rights, not what is asked of offices."""
    return [one for one in policy_in_force().measures.values() if one.kind is not MeasureKind.QUOTA]


@cache
def departments(clause_id: str) -> tuple[str, ...]:
    """The departments that a clause names."""
    return document().clause(clause_id).departments


def lang() -> str:
    """`zh` or `en`, as the page is asked for."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def title(thing: object) -> str:
    """The title of a declaration (measure, fact, subject, fund …) in the page's language."""
    return str(getattr(thing, lang()))


def fact_at(subject: type[Subject], path: str) -> Fact | Many[Subject]:
    """The fact, or the related rows, at a path such as `employer.size`. KeyError: there is none."""
    *way, last = path.split(".")
    for name in way:
        link = subject.relations[name]
        if not isinstance(link, One):
            raise KeyError(path)
        subject = link.target
    return subject.facts[last] if last in subject.facts else subject.relations[last]


def fact_title(subject: type[Subject], path: str) -> str:
    """The title of the fact at a path, in the page's language."""
    return title(fact_at(subject, path))


def county_title(county: str) -> str:
    """The name of a county in the page's language; the id where it is unknown, and the city where it is empty."""
    if not county:
        return {"zh": "市本级", "en": "whole city"}[lang()]
    zh, en = counties().get(county, (county, county))
    return en if lang() == "en" else zh
