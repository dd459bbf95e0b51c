"""Accounts, appointments and substitutes: what is refused, in which words, by the services and by the database."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from officers import PASSWORD, officer

from wenjiuye.platform.accounts import services
from wenjiuye.platform.accounts.errors import AccountError, IncompatibleAppointment
from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import Appointment, IncompatibleRoles, Substitution, User, today
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.record.context import on_record

DAY = dt.timedelta(days=1)


@pytest.fixture
def administrator(db) -> User:
    return officer(Role.ADMINISTRATOR)


# ── Users


def test_an_administrator_makes_an_account(administrator: User):
    made = services.create_user("wangmin", " 王敏 ", by=administrator, password=PASSWORD)
    assert (made.name, made.is_superuser, made.check_password(PASSWORD)) == ("王敏", False, True)
    assert made.events.get().pgh_context.metadata["why"] == "create user"


def test_without_a_password_only_single_sign_on_opens_the_account(administrator: User):
    assert not services.create_user("wangmin", "王敏", by=administrator).has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "name", "password", "word"),
    [
        ("taken", "王敏", PASSWORD, "taken"),
        ("wang min", "王敏", PASSWORD, ""),
        ("wangmin", "  ", PASSWORD, ""),
        ("wangmin", "王敏", "short", "12"),
        ("wangmin", "王敏", "123456789012", ""),
    ],
)
def test_what_will_not_do_for_an_account_is_told(username: str, name: str, password: str, word: str):
    officer(username="taken")
    with pytest.raises(AccountError) as refused:
        services.create_user(username, name, by="operator", password=password)
    assert word in refused.value.message
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_whoever_does_not_manage_accounts_makes_none():
    with pytest.raises(PermissionDenied):
        services.create_user("wangmin", "王敏", by=officer(Role.APPROVER))
    with pytest.raises(PermissionDenied):
        services.create_user("wangmin", "王敏", by=officer(Role.ADMINISTRATOR), superuser=True)
    assert services.create_user("wangmin", "王敏", by=officer(is_superuser=True), superuser=True).is_staff


def test_a_closed_account_has_no_posts(administrator: User):
    clerk = officer(Role.CLERK)
    services.close_account(clerk, by=administrator)
    assert not may(User.objects.get(pk=clerk.pk), Action.SEE_DESK)


# ── Appointments


def test_an_appointment_is_on_record_and_holds_at_once(administrator: User):
    user = officer()
    assert not may(user, Action.REVIEW_CLAIM)
    made = services.appoint(user, Role.REVIEWER, "jianan", "市财政局", by=administrator)
    assert may(user, Action.REVIEW_CLAIM, county="jianan", departments=["市财政局"])
    context = made.events.get().pgh_context.metadata
    assert (context["user"], context["why"]) == (administrator.pk, "appoint")


@pytest.mark.parametrize(
    ("place", "word"), [({"county": "建安区"}, "jianan"), ({"department": "财政局"}, "市财政局")]
)
def test_an_unknown_place_is_refused_with_those_that_are_known(administrator: User, place: dict, word: str):
    with pytest.raises(AccountError, match=word):
        services.appoint(officer(), Role.REVIEWER, **place, by=administrator)


def test_days_the_wrong_way_round_and_the_same_again_are_refused(administrator: User):
    user = officer()
    with pytest.raises(AccountError, match="早于"):
        services.appoint(user, Role.CLERK, by=administrator, starts_on=today(), ends_on=today() - DAY)
    services.appoint(user, Role.CLERK, by=administrator)
    with pytest.raises(AccountError, match="已经有"):
        services.appoint(user, Role.CLERK, by=administrator)


def test_nobody_appoints_themselves(administrator: User):
    with pytest.raises(PermissionDenied):
        services.appoint(administrator, Role.CLERK, by=administrator)


def test_two_roles_that_exclude_each_other_are_refused_by_name(administrator: User):
    user = officer(Role.REVIEWER, "jianan")
    with pytest.raises(IncompatibleAppointment) as refused:
        services.appoint(user, Role.ACCOUNTANT, "weidu", by=administrator)
    assert "审核员" in refused.value.message
    assert "资金会计" in refused.value.message
    assert Appointment.objects.filter(user=user).count() == 1


def test_one_role_after_the_other_is_allowed(administrator: User):
    user = officer(Role.REVIEWER)
    services.end_appointment(user.appointments.get(), by=administrator)
    services.appoint(user, Role.ACCOUNTANT, by=administrator, starts_on=today() + DAY)
    assert user.appointments.count() == 2


def test_an_appointment_ends_with_its_last_day(administrator: User):
    user = officer(Role.REVIEWER)
    held = user.appointments.get()
    with pytest.raises(AccountError, match="开始"):
        services.end_appointment(held, by=administrator, on=today() - DAY)
    services.end_appointment(held, by=administrator)
    assert held.ends_on == today()
    with pytest.raises(AccountError, match="结束"):
        services.end_appointment(held, by=administrator, on=today() + DAY)
    with pytest.raises(PermissionDenied):
        services.end_appointment(held, by=user)


# ── Substitutes


@pytest.mark.django_db
def test_an_officer_names_a_substitute_and_takes_it_back():
    absent, colleague = officer(Role.REVIEWER, "jianan"), officer(Role.REVIEWER, "weidu")
    made = services.substitute(absent, colleague, today(), today() + 5 * DAY, "年休假", by=absent)
    assert may(colleague, Action.REVIEW_CLAIM, county="jianan")
    services.end_substitution(made, by=absent)
    assert not may(colleague, Action.REVIEW_CLAIM, county="jianan")
    labels = connection.cursor()
    labels.execute("SELECT pgh_label FROM accounts_substitutionevent ORDER BY pgh_id")
    assert [row[0] for row in labels.fetchall()] == ["insert", "delete"]


@pytest.mark.django_db
def test_a_substitution_that_ran_ends_with_the_day_before():
    absent, colleague = officer(Role.REVIEWER, "jianan"), officer(Role.REVIEWER, "weidu")
    made = Substitution.objects.create(
        absent=absent, substitute=colleague, starts_on=today() - 2 * DAY, ends_on=today() + DAY, reason="出差"
    )
    services.end_substitution(made, by=absent)
    assert Substitution.objects.get().ends_on == today() - DAY
    with pytest.raises(AccountError):
        services.end_substitution(made, by=absent)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "reason", "word"),
    [(-1, 2, "年休假", "过去"), (2, 1, "年休假", "早于"), (0, 1, "  ", "原因")],
)
def test_days_and_reason_of_a_substitution_are_checked(first: int, last: int, reason: str, word: str):
    absent, colleague = officer(Role.REVIEWER), officer(Role.REVIEWER)
    with pytest.raises(AccountError, match=word):
        services.substitute(absent, colleague, today() + first * DAY, today() + last * DAY, reason, by=absent)


@pytest.mark.django_db
def test_only_a_colleague_in_office_can_stand_in_and_only_once():
    absent, colleague = officer(Role.REVIEWER), officer(Role.REVIEWER)
    for nobody in (absent, officer(), officer(Role.REVIEWER, is_active=False)):
        with pytest.raises(AccountError):
            services.substitute(absent, nobody, today(), today(), "年休假", by=absent)
    services.substitute(absent, colleague, today(), today(), "年休假", by=absent)
    with pytest.raises(AccountError, match="已经代办"):
        services.substitute(absent, colleague, today(), today() + DAY, "年休假", by=absent)


@pytest.mark.django_db
def test_a_substitute_does_not_get_a_role_that_excludes_their_own():
    absent, accountant = officer(Role.REVIEWER, "jianan"), officer(Role.ACCOUNTANT, "jianan")
    with pytest.raises(IncompatibleAppointment) as refused:
        services.substitute(absent, accountant, today(), today(), "年休假", by=absent)
    assert "审核员" in refused.value.message
    assert "资金会计" in refused.value.message


@pytest.mark.django_db
def test_others_name_no_substitutes_and_nobody_hands_on_what_they_stand_in_for():
    absent, colleague, third = officer(Role.REVIEWER), officer(Role.REVIEWER), officer(Role.CLERK)
    with pytest.raises(PermissionDenied):
        services.substitute(absent, colleague, today(), today(), "年休假", by=third)
    policy = officer(Role.POLICY)
    services.substitute(absent, policy, today(), today(), "年休假", by=absent)
    with pytest.raises(PermissionDenied):
        services.substitute(policy, third, today(), today(), "年休假", by=policy)


# ── The database, whoever writes

_APPOINT = "INSERT INTO accounts_appointment (user_id, role, county, department, starts_on) VALUES (%s, %s, '', '', %s)"
_STAND_IN = (
    "INSERT INTO accounts_substitution (absent_id, substitute_id, starts_on, ends_on, reason) "
    "VALUES (%s, %s, %s, %s, 'x')"
)


def _refused(statement: str, *values: object) -> str | None:
    with pytest.raises(DatabaseError) as problem, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return getattr(problem.value.__cause__, "sqlstate", None)


@pytest.mark.django_db
def test_raw_sql_cannot_bring_two_roles_together():
    reviewer, accountant = officer(Role.REVIEWER), officer(Role.ACCOUNTANT)
    assert _refused(_APPOINT, reviewer.pk, "accountant", today()) == "WJ003"
    assert _refused(_STAND_IN, reviewer.pk, accountant.pk, today(), today()) == "WJ003"


@pytest.mark.django_db
def test_nor_by_standing_in_for_two_nor_by_an_appointment_of_the_absent():
    reviewer, accountant, clerk = officer(Role.REVIEWER), officer(Role.ACCOUNTANT), officer(Role.CLERK)
    substitution = {"substitute": clerk, "starts_on": today(), "ends_on": today(), "reason": "年休假"}
    Substitution.objects.create(absent=reviewer, **substitution)
    assert _refused(_STAND_IN, accountant.pk, clerk.pk, today(), today()) == "WJ003"
    other = officer(Role.CLERK)
    Substitution.objects.create(absent=other, **substitution)
    assert _refused(_APPOINT, other.pk, "accountant", today()) == "WJ003"


@pytest.mark.django_db
def test_nor_by_moving_days_into_each_other():
    user = officer()
    Appointment.objects.create(user=user, role=Role.REVIEWER, ends_on=today())
    later = Appointment.objects.create(user=user, role=Role.ACCOUNTANT, starts_on=today() + DAY)
    with on_record("sql", "test"):
        later.starts_on = today()
        with pytest.raises(DatabaseError, match="exclude"), transaction.atomic():
            later.save()


def test_two_connections_at_once_cannot_either(own_database):
    user = officer()
    address = own_database.url("wenjiuye_app", connection.settings_dict["NAME"])
    with psycopg.connect(address) as first, psycopg.connect(address) as second:
        first.execute(_APPOINT, (user.pk, "reviewer", today()))
        second.execute("SET lock_timeout = '300ms'")
        # It waits for the first; were it to go on, it could not see the other's row.
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(_APPOINT, (user.pk, "accountant", today()))
        second.rollback()
        first.commit()
        with pytest.raises(psycopg.DatabaseError, match="exclude"):
            second.execute(_APPOINT, (user.pk, "accountant", today()))


@pytest.mark.django_db
@pytest.mark.parametrize("pair", [("approver", "accountant"), ("accountant", "approver"), ("clerk", "clerk")])
def test_a_pair_stands_once_whichever_comes_first_and_never_with_itself(pair: tuple[str, str]):
    with pytest.raises(DatabaseError), transaction.atomic():
        IncompatibleRoles.objects.create(first=pair[0], second=pair[1], reason="x")


@pytest.mark.django_db
def test_changes_without_who_and_why_are_refused():
    held = officer(Role.CLERK).appointments.get()
    held.county = "weidu"
    with pytest.raises(DatabaseError, match="who and why"), transaction.atomic():
        held.save()
    with pytest.raises(DatabaseError, match="who and why"), transaction.atomic():
        IncompatibleRoles.objects.all().delete()


@pytest.mark.django_db
def test_who_holds_both_roles_is_found():
    reviewer, clerk = officer(Role.REVIEWER), officer(Role.CLERK)
    assert services.who_holds_both("reviewer", "clerk") == []
    services.substitute(reviewer, clerk, today(), today(), "年休假", by=reviewer)
    assert services.who_holds_both("reviewer", "clerk") == [clerk]
