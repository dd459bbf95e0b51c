"""Pages by key show every row once, in order, in both directions; days and ages are working days."""

from __future__ import annotations

import datetime as dt
import operator

import pytest
from claim_factory import make_claim
from django.db.models import Q
from django.utils import timezone
from officers import officer

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.worklist import paging
from wenjiuye.platform.desk.worklist.ageing import AGES, conditions
from wenjiuye.platform.desk.worklist.paging import ORDERS, Order, Place, read_place
from wenjiuye.platform.desk.worklist.rows import left
from wenjiuye.platform.desk.worklist.stages import STAGES
from wenjiuye.platform.workdays.calendar import Calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims() -> list[Claim]:
    """Twelve claims: equal dates and sums, and some without either."""
    clerk = officer(Role.CLERK)
    days = (3, 1, None, 2, 2, None, 1, 2, None, 4, 2, 1)
    return [
        make_claim(
            clerk,
            due_on=None if day is None else dt.date(2020, 12, day),
            fen=None if number % 4 == 0 else 100 * (number % 3),
            applied_on=dt.date(2020, 11, 1 + number % 5),
        )
        for number, day in enumerate(days)
    ]


def in_order(claims: list[Claim], order: Order) -> list[int]:
    """What the pages together have to be: by value, then by number, rows without a value last."""
    known = [claim for claim in claims if getattr(claim, order.column) is not None]
    unknown = [claim for claim in claims if getattr(claim, order.column) is None]
    known.sort(key=lambda claim: (getattr(claim, order.column), claim.pk), reverse=order.descending)
    unknown.sort(key=lambda claim: claim.pk, reverse=order.descending)
    return [claim.pk for claim in known + unknown]


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 11, 12, 13])
def test_forward_and_back_every_row_is_shown_once(
    claims: list[Claim], name: str, size: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "SIZE", size)
    order, rows = ORDERS[name], Claim.objects.all()
    wanted = in_order(claims, order)
    pages = [paging.page(rows, order)]
    while pages[-1].after:
        place = read_place(str(pages[-1].after), order)
        pages.append(paging.page(rows, order, after=place))
    assert [key for page in pages for key in page.keys] == wanted
    assert [page.first for page in pages] == list(range(1, len(wanted) + 1, size))
    assert pages[0].before is None
    for earlier, later in zip(reversed(pages[:-1]), reversed(pages), strict=False):
        assert later.before is not None
        back = paging.page(rows, order, before=read_place(str(later.before), order))
        assert (back.keys, back.first) == (earlier.keys, earlier.first)


def test_a_row_that_is_gone_leaves_the_next_page_where_it_was(
    claims: list[Claim], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "SIZE", 4)
    order = ORDERS["due"]
    first = paging.page(Claim.objects.all(), order)
    without_last = Claim.objects.exclude(pk=first.keys[-1])
    assert paging.page(without_last, order, after=first.after).keys == tuple(in_order(claims, order)[4:8])


def test_an_empty_list_has_one_empty_page():
    assert paging.page(Claim.objects.all(), ORDERS["due"]).keys == ()


@pytest.mark.parametrize("text", ["", "x", "2020-12-01~1", "2020-12-41~1~1", "~~", "2020-12-01~1~1~1"])
def test_what_names_no_place_is_no_place(text: str):
    assert read_place(text, ORDERS["due"]) is None


def test_a_place_is_read_as_it_was_written():
    for name, value in (("due", dt.date(2020, 12, 1)), ("due", None), ("amount", 0), ("-amount", 10**12)):
        place = Place(value, 7, 51)
        assert read_place(str(place), ORDERS[name]) == place


# ── Days


@pytest.fixture
def calendar() -> Calendar:
    return Calendar(2020, 2021)


@pytest.mark.parametrize(
    ("due", "days", "is_late"),
    [
        (dt.date(2020, 10, 9), 1, False),  # the first working day after the holidays
        (dt.date(2020, 10, 10), 2, False),  # a Saturday that is worked
        (dt.date(2020, 9, 30), 0, False),
        (dt.date(2020, 9, 29), -1, True),
        (dt.date(2020, 9, 26), -4, True),  # a Saturday: Sunday the 27th was worked
    ],
)
def test_the_days_that_are_left_are_working_days(calendar: Calendar, due: dt.date, days: int, is_late: bool):
    found = left(Claim(due_on=due, due_sure=True), calendar, dt.date(2020, 9, 30))
    assert found is not None
    assert (found.days, found.is_late, found.is_today) == (days, is_late, due == dt.date(2020, 9, 30))


def test_every_day_is_of_exactly_one_age(calendar: Calendar):
    today = dt.date(2020, 10, 12)
    for number in range(40):
        since = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=number), dt.time(23, 59)))
        passed = calendar.between(timezone.localdate(since), today)
        wanted = next(key for key, age in AGES.items() if age.longest is None or passed <= age.longest)
        fitting = [key for key, where in conditions(calendar, today).items() if _fits(where, since)]
        assert fitting == [wanted], (since, passed)


def _fits(where: Q, since: dt.datetime) -> bool:
    """Whether a condition on `since` holds, without the database."""
    compare = {"since__lt": operator.lt, "since__gte": operator.ge}
    return all(compare[name](since, moment) for name, moment in where.children)


def test_every_state_and_turn_is_in_exactly_one_stage():
    clerk, reviewer = officer(Role.CLERK), officer(Role.REVIEWER)
    claims = [make_claim(clerk, state) for state in State]
    claims += [make_claim(clerk, State.UNDER_REVIEW, reviewer=reviewer)]
    claims += [make_claim(clerk, State.ACCEPTED, conflicts=1, verdict="undetermined")]
    for claim in claims:
        fitting = [key for key, stage in STAGES.items() if stage.fits(claim)]
        assert len(fitting) == 1, claim.state
        found = [
            key
            for key, stage in STAGES.items()
            if Claim.objects.filter(stage.condition(), pk=claim.pk).exists()
        ]
        assert found == fitting
