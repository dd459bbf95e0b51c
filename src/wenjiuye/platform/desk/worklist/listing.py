"""One page of the work list with everything around it, for an address and a user."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.http import QueryDict
from django.utils import timezone

from wenjiuye.platform.accounts.models import Substitution
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.models import Claim, SavedView
from wenjiuye.platform.desk.worklist import ageing, filters, paging
from wenjiuye.platform.desk.worklist.ageing import AGES
from wenjiuye.platform.desk.worklist.counting import MOST, counts, told
from wenjiuye.platform.desk.worklist.filters import Filters
from wenjiuye.platform.desk.worklist.officer import Officer, officer
from wenjiuye.platform.desk.worklist.rows import Row, rows_of
from wenjiuye.platform.desk.worklist.side_views import ALL, VIEWS
from wenjiuye.platform.workdays.calendar import Calendar, calendar_around


@dataclass(frozen=True)
class Desk:
    """An officer on a day: what all lists that are made for one page share."""

    who: Officer
    today: dt.date
    calendar: Calendar

    @cached_property
    def ages(self) -> dict[str, Q]:
        """The condition of each age."""
        return ageing.conditions(self.calendar, self.today)


def desk_of(user: Any) -> Desk:
    """The desk of a user today."""
    today = timezone.localdate()
    return Desk(officer(user), today, calendar_around(today))


@dataclass(frozen=True)
class Choice:
    """Which claims an address asks for. view: a key of `VIEWS`, or `all`. order: a key of `ORDERS`."""

    view: str
    filters: Filters
    order: str


def choice(desk: Desk, query: QueryDict, view: str = "") -> Choice:
    """What an address asks for. view: that of the page, before that of the address."""
    wanted = view or query.get("view", "")
    if wanted != ALL and wanted not in VIEWS:
        wanted = "mine"
    usual = "-applied" if wanted == ALL else "due"
    order = query.get("sort", "")
    return Choice(wanted, filters.read(query, desk.who.user), order if order in paging.ORDERS else usual)


def claims_of(desk: Desk, chosen: Choice, action: Action = Action.SEE_CLAIMS) -> Any:
    """The claims that were asked for, as far as the officer may see them (or do something else with them)."""
    user = desk.who.user
    rows = Claim.objects.visible_to(user, action)
    if chosen.view != ALL:
        rows = rows.filter(VIEWS[chosen.view].condition(desk.who, desk.today))
    age = desk.ages[chosen.filters.age] if chosen.filters.age else Q()
    return rows.filter(filters.condition(chosen.filters, user, age))


# ── The views at the side


@dataclass(frozen=True)
class SideLink:
    """A view with its count. query: its query string. saved: the number of a view that the officer has kept."""

    key: str
    title: Any
    query: str
    count: str
    is_late: bool = False
    is_current: bool = False
    saved: int | None = None
    everywhere: bool = False


@dataclass(frozen=True)
class Side:
    """The views at the side: mine, others', those that were kept."""

    mine: tuple[SideLink, ...]
    waiting: tuple[SideLink, ...]
    kept: tuple[SideLink, ...]
    substituting: tuple[Substitution, ...]


def side(desk: Desk, chosen: Choice, query: QueryDict) -> Side:
    """The views at the side with their counts, in one query for all of them."""
    shown = {key: view for key, view in VIEWS.items() if view.suits(desk.who)}
    kept = list(SavedView.objects.filter(user=desk.who.user))
    lists = {key: claims_of(desk, Choice(key, Filters(), "due")) for key in shown}
    lists |= {f"kept {view.pk}": claims_of(desk, choice(desk, QueryDict(view.query))) for view in kept}
    number = counts(lists)
    here = filters.without(query)
    current = next((view.pk for view in kept if _same(view.query, here, chosen)), None)

    def link(key: str) -> SideLink:
        is_current = current is None and key == chosen.view
        late = key == "overdue" and number[key] > 0
        return SideLink(key, shown[key].title, f"view={key}", told(number[key]), late, is_current)

    return Side(
        tuple(link(key) for key, view in shown.items() if view.is_mine),
        tuple(link(key) for key, view in shown.items() if not view.is_mine),
        tuple(
            SideLink(
                f"kept-{view.pk}",
                view.name,
                view.query,
                told(number[f"kept {view.pk}"]),
                is_current=view.pk == current,
                saved=view.pk,
                everywhere=QueryDict(view.query).get("view") == ALL,
            )
            for view in kept
        ),
        tuple(
            Substitution.objects.filter(
                substitute=desk.who.user, starts_on__lte=desk.today, ends_on__gte=desk.today
            ).select_related("absent")
        ),
    )


def _same(kept: str, here: str, chosen: Choice) -> bool:
    """Whether a kept view is the list that is shown."""
    wanted, shown = QueryDict(kept).dict(), QueryDict(here).dict()
    for query in (wanted, shown):
        query.setdefault("view", "mine")
    if chosen.view == ALL:
        shown["view"] = ALL
    return wanted == shown


# ── The list itself


@dataclass(frozen=True)
class Bucket:
    """Claims of one age."""

    key: str
    title: str
    number: int


@dataclass(frozen=True)
class Summary:
    """What the list comes to. number: at most one more than is counted; the rest is of those that were counted."""

    number: int
    sum_fen: int | None
    longest: int | None
    ages: tuple[Bucket, ...]

    @property
    def told(self) -> str:
        """The number, as it is shown."""
        return told(self.number)

    @property
    def is_whole(self) -> bool:
        """Whether all claims of the list were counted."""
        return self.number <= MOST


def summary(desk: Desk, rows: Any) -> Summary:
    """Count, sum, longest wait and ages of a list; of a longer one, of ten thousand of its claims."""
    counted = rows[: MOST + 1].aggregate(
        number=Count("pk"),
        sum_fen=Sum("high_fen"),
        oldest=Min("since"),
        **{f"age_{key}": Count("pk", filter=where) for key, where in desk.ages.items()},
    )
    oldest = counted["oldest"]
    return Summary(
        counted["number"],
        counted["sum_fen"],
        desk.calendar.between(timezone.localdate(oldest), desk.today) if oldest else None,
        tuple(Bucket(key, age.title, counted[f"age_{key}"]) for key, age in AGES.items()),
    )


@dataclass(frozen=True)
class Listing:
    """A page of the list. previous, following: query strings of the pages before and after; empty: there is none."""

    chosen: Choice
    summary: Summary
    rows: tuple[Row, ...]
    first: int
    last: int
    previous: str
    following: str


def listing(desk: Desk, chosen: Choice, query: QueryDict) -> Listing:
    """The page that an address asks for."""
    order = paging.ORDERS[chosen.order]
    rows = claims_of(desk, chosen)
    found = paging.page(
        rows,
        order,
        after=paging.read_place(query.get("after", ""), order),
        before=paging.read_place(query.get("before", ""), order),
    )
    return Listing(
        chosen,
        # What is due first is what counts; of all claims, any will do, so that nothing has to be sorted.
        summary(desk, rows.order_by() if chosen.view == ALL else rows.order_by("due_on", "pk")),
        tuple(rows_of(found.keys, desk.calendar, desk.today)),
        found.first,
        found.last,
        filters.without(query, before=str(found.before)) if found.before else "",
        filters.without(query, after=str(found.after)) if found.after else "",
    )
