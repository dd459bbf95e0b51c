"""What an officer may do where, on which day, and for whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from officers import officer

from wenjiuye.platform.accounts.jurisdiction import acting_for, check, holders, may, posts, within
from wenjiuye.platform.accounts.models import Appointment, IncompatibleRoles, Substitution, today
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.record.context import on_record

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FINANCE = "市财政局"


def _stands_in(absent, substitute, first=0, last=0):
    return Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        starts_on=today() + first * DAY,
        ends_on=today() + last * DAY,
        reason="年休假",
    )


def test_a_post_holds_in_its_county_and_nowhere_else():
    reviewer = officer(Role.REVIEWER, "jianan")
    assert may(reviewer, Action.REVIEW_CLAIM, county="jianan")
    assert not may(reviewer, Action.REVIEW_CLAIM, county="weidu")
    assert not may(reviewer, Action.APPROVE_CLAIM, county="jianan")


def test_a_post_of_the_city_holds_in_every_county():
    assert may(officer(Role.REVIEWER), Action.REVIEW_CLAIM, county="weidu")


def test_a_post_of_a_department_holds_for_its_clauses():
    accountant = officer(Role.ACCOUNTANT, "jianan", FINANCE)
    assert may(accountant, Action.PAY_CLAIM, county="jianan", departments=[FINANCE, "市教育局"])
    assert not may(accountant, Action.PAY_CLAIM, county="jianan", departments=["市教育局"])


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [(-5, None, True), (0, 0, True), (-5, -1, False), (1, None, False), (-5, 0, True)],
)
def test_a_post_holds_from_its_first_day_to_its_last(first: int, last: int | None, holds: bool):
    user = officer()
    Appointment.objects.create(
        user=user,
        role=Role.CLERK,
        county="jianan",
        starts_on=today() + first * DAY,
        ends_on=None if last is None else today() + last * DAY,
    )
    assert may(user, Action.ENTER_CLAIM, county="jianan") is holds
    assert (user in holders(Role.CLERK, "jianan")) is holds


def test_nobody_who_is_not_signed_in_or_was_closed_has_a_post():
    closed = officer(Role.CLERK, is_active=False)
    assert posts(AnonymousUser()) == posts(closed) == ()
    assert closed not in holders(Role.CLERK, "jianan")


def test_a_superuser_has_no_post_for_being_one():
    assert not any(may(officer(is_superuser=True), action) for action in Action)


def test_check_refuses_what_one_may_not():
    clerk = officer(Role.CLERK, "jianan")
    check(clerk, Action.ENTER_CLAIM, county="jianan")
    with pytest.raises(PermissionDenied):
        check(clerk, Action.ENTER_CLAIM, county="weidu")


@pytest.mark.parametrize(
    ("first", "last", "holds"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)]
)
def test_a_substitute_has_the_posts_of_the_absent_in_the_days_named(first: int, last: int, holds: bool):
    absent, substitute = officer(Role.REVIEWER, "weidu"), officer(Role.CLERK, "jianan")
    _stands_in(absent, substitute, first, last)
    assert may(substitute, Action.REVIEW_CLAIM, county="weidu") is holds
    assert not may(substitute, Action.REVIEW_CLAIM, county="jianan")


def test_substitution_is_not_handed_on():
    first, second, third = (officer(Role.REVIEWER, county) for county in ("weidu", "jianan", "yuzhou"))
    _stands_in(first, second)
    _stands_in(second, third)
    assert may(third, Action.REVIEW_CLAIM, county="jianan")
    assert not may(third, Action.REVIEW_CLAIM, county="weidu")


def test_who_acts_by_the_post_of_another_acts_for_the_other():
    absent, substitute = officer(Role.REVIEWER, "weidu"), officer(Role.REVIEWER, "jianan")
    _stands_in(absent, substitute)
    assert acting_for(substitute, Action.REVIEW_CLAIM, county="weidu") == absent.pk
    assert acting_for(substitute, Action.REVIEW_CLAIM, county="jianan") is None
    assert acting_for(substitute, Action.PAY_CLAIM, county="jianan") is None


def test_an_auditor_changes_nothing_whatever_pairs_an_office_takes_away():
    auditor, clerk = officer(Role.AUDITOR), officer(Role.CLERK, "jianan")
    with on_record("office", "test"):
        IncompatibleRoles.objects.filter(first="auditor").delete()
    _stands_in(clerk, auditor)
    assert may(auditor, Action.SEE_CLAIMS, county="jianan")
    assert not may(auditor, Action.ENTER_CLAIM, county="jianan")
    assert within(auditor, Action.ENTER_CLAIM) == within(AnonymousUser(), Action.ENTER_CLAIM)
    assert acting_for(auditor, Action.ENTER_CLAIM, county="jianan") is None


def test_the_condition_for_rows_is_that_of_the_posts():
    user = officer(Role.REVIEWER, "jianan")
    Appointment.objects.create(user=user, role=Role.REVIEWER, county="weidu", department=FINANCE)
    condition = str(within(user, Action.REVIEW_CLAIM, department="departments"))
    assert "('county', 'jianan')" in condition
    assert "('county', 'weidu')" in condition
    assert FINANCE in condition
    assert not within(officer(Role.REVIEWER), Action.REVIEW_CLAIM)
