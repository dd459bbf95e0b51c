"""The filters of the list: read from an address, turned into a condition, shown as chips that can be taken away."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import posts_for
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.models.names import SHORTEST as SHORTEST_NAME
from wenjiuye.platform.claims.models.names import name_contains
from wenjiuye.platform.desk.worklist.ageing import AGES
from wenjiuye.platform.desk.worklist.stages import STAGES

ASSIGNED = ("me", "nobody")
SHORTEST_NUMBER = 6
"""So many characters of a claim's number must be known: they are the day of application."""
_NUMBER = re.compile(r"[\d-]+")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed down to. Empty or None: not at all. sum_from: fen; age: a key of `AGES`.

    problems: what in the address could not be used, by field, with what to write instead.
    """

    measure: str = ""
    county: str = ""
    verdict: str = ""
    stage: str = ""
    assigned: str = ""
    applied_from: dt.date | None = None
    sum_from: int | None = None
    text: str = ""
    age: str = ""
    problems: Mapping[str, str] | None = None

    @property
    def given(self) -> bool:
        """Whether the list is narrowed down at all."""
        return self != Filters(problems=self.problems)


def counties_of(user: Any) -> list[str]:
    """The counties whose claims a user may see, in the order of the vocabulary."""
    held = posts_for(user, Action.SEE_CLAIMS)
    return [
        county for county in rules_in_force.counties() if any(post.county in ("", county) for post in held)
    ]


def read(query: QueryDict, user: Any) -> Filters:
    """The filters of an address. What cannot be used is left out and told."""
    problems: dict[str, str] = {}

    def one_of(name: str, allowed: Any) -> str:
        value = query.get(name, "").strip()
        if value and value not in allowed:
            problems[name] = _("“%(value)s”不在可选范围内，已忽略。") % {"value": value}
            return ""
        return value

    measures = {measure.id for measure in rules_in_force.claimable()}
    return Filters(
        measure=one_of("measure", measures),
        county=one_of("county", counties_of(user)),
        verdict=one_of("verdict", Claim.Verdict.values),
        stage=one_of("stage", STAGES),
        assigned=one_of("assigned", ASSIGNED),
        applied_from=_date(query.get("since", ""), problems),
        sum_from=_sum(query.get("from", ""), problems),
        text=_text(query.get("q", ""), problems),
        age=one_of("age", AGES),
        problems=problems,
    )


def _date(text: str, problems: dict[str, str]) -> dt.date | None:
    if not (text := text.strip()):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problems["since"] = _("“%(value)s”不是日期。请写成 2020-12-01 这样。") % {"value": text}
        return None


def _sum(text: str, problems: dict[str, str]) -> int | None:
    if not (text := text.strip().replace(",", "")):
        return None
    try:
        fen = Decimal(text) * 100
        if not 0 <= fen < 2**60 or fen != int(fen):
            raise InvalidOperation
        return int(fen)
    except (InvalidOperation, ValueError):
        problems["from"] = _("“%(value)s”不是金额。请写成 5000 或 1234.50 这样，单位是元。") % {"value": text}
        return None


def _text(text: str, problems: dict[str, str]) -> str:
    text = searchable(text)
    if problem := too_short(text):
        problems["q"] = problem
        return ""
    return text


def searchable(text: str) -> str:
    """What was typed, without what no text in the database can have."""
    return text.replace("\0", "").strip()[:100]


def too_short(text: str) -> str:
    """Why claims cannot be found by so little; empty where they can, or nothing is asked for."""
    if _NUMBER.fullmatch(text) and len(text) < SHORTEST_NUMBER:
        return _("按申请号查找至少要输前 %(n)s 位。") % {"n": SHORTEST_NUMBER}
    if text and len(text) < SHORTEST_NAME:
        return _("按名称查找至少要 %(n)s 个字。") % {"n": SHORTEST_NAME}
    return ""


def condition(filters: Filters, user: Any, age: Q) -> Q:
    """The condition that the filters are. age: that of `filters.age`, which depends on the calendar."""
    found = age
    for column in ("measure", "county", "verdict"):
        if value := getattr(filters, column):
            found &= Q(**{column: value})
    if filters.stage:
        found &= STAGES[filters.stage].condition()
    if filters.assigned:
        found &= Q(assigned_to=user if filters.assigned == "me" else None)
    if filters.applied_from:
        found &= Q(applied_on__gte=filters.applied_from)
    if filters.sum_from is not None:
        found &= Q(high_fen__gte=filters.sum_from)
    if filters.text:
        found &= by_text(filters.text)
    return found


def by_text(text: str) -> Q:
    """Claims by the beginning of their number, or by a part of the claimant's name."""
    if _NUMBER.fullmatch(text):
        try:
            day = dt.datetime.strptime(text[:SHORTEST_NUMBER], "%y%m%d").date()
        except ValueError:
            return Q(pk__in=[])
        # The day is found by an index in the order of the list; of one day there are few.
        return Q(applied_on=day, number__startswith=text)
    return name_contains("claimant_name", text)


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the query string without it."""

    text: str
    without: str


def chips(filters: Filters, query: QueryDict) -> list[Chip]:
    """The filters that are on."""
    return [Chip(text, without(query, name)) for name, text in _texts(filters)]


def _texts(filters: Filters) -> Iterator[tuple[str, str]]:
    if filters.measure:
        yield "measure", rules_in_force.title(rules_in_force.measure(filters.measure))
    if filters.county:
        yield "county", rules_in_force.county_title(filters.county)
    if filters.verdict:
        yield "verdict", _("判定：%(what)s") % {"what": Claim.Verdict(filters.verdict).label}
    if filters.stage:
        yield "stage", _("阶段：%(what)s") % {"what": STAGES[filters.stage].title}
    if filters.assigned:
        yield "assigned", _("交给我的") if filters.assigned == "me" else _("没有交给谁的")
    if filters.applied_from:
        yield "since", _("%(day)s 以后申请") % {"day": _day(filters.applied_from)}
    if filters.sum_from is not None:
        yield "from", _("%(sum)s 元以上") % {"sum": f"{filters.sum_from / 100:,.2f}".removesuffix(".00")}
    if filters.age:
        yield "age", _("已等 %(days)s 个工作日") % {"days": AGES[filters.age].title}
    if filters.text:
        yield "q", f"“{filters.text}”"


def _day(day: dt.date) -> str:
    return f"{day:%m-%d}" if day.year == timezone.localdate().year else f"{day:%Y-%m-%d}"


PLACES = ("after", "before")
"""What an address says about the page, not about the list."""


def without(query: QueryDict, *names: str, **changed: str) -> str:
    """A query string without some names and without the page, and with others changed."""
    left = query.copy()
    for name in (*names, *PLACES, *changed):
        left.pop(name, None)
    for name in [name for name, value in left.items() if not value]:
        del left[name]
    for name, value in changed.items():
        left[name] = value
    return left.urlencode()
