"""Accounts made, appointments given and ended, substitutes named. Everything is on record with who and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts import places
from wenjiuye.platform.accounts.errors import AccountError, IncompatibleAppointment
from wenjiuye.platform.accounts.exclusion import ERROR as EXCLUDED
from wenjiuye.platform.accounts.jurisdiction import may, posts
from wenjiuye.platform.accounts.models import (
    Appointment,
    IncompatibleRoles,
    Substitution,
    User,
    in_force,
    today,
)
from wenjiuye.platform.accounts.permissions import ALLOWED, Action, Role
from wenjiuye.platform.record.chain import append
from wenjiuye.platform.record.context import on_record

Actor = User | str
"""Who does it: a user, or the name of whoever sits at the command line."""


# ── Users


def create_user(
    username: str,
    name: str,
    *,
    by: Actor,
    password: str | None = None,
    email: str = "",
    work_phone: str = "",
    superuser: bool = False,
) -> User:
    """Make an account. Without a password it can only be used by single sign-on.

    AccountError: the username is taken or has signs that it cannot have, the name is empty, the password is weak.
    PermissionDenied: `by` does not manage accounts; only a superuser makes another one.
    """
    _check_manages_accounts(by)
    if superuser and isinstance(by, User) and not by.is_superuser:
        raise PermissionDenied
    user = User(
        username=username.strip(),
        name=name.strip(),
        email=email,
        work_phone=work_phone,
        is_superuser=superuser,
        is_staff=superuser,
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    if User.objects.filter(username=user.username).exists():
        raise AccountError(_("用户名“%(username)s”已经有人用了，请换一个。") % {"username": user.username})
    try:
        if password is not None:
            validate_password(password, user)
        user.full_clean()
    except ValidationError as problem:
        raise AccountError(_told(problem)) from None
    with on_record(by, "create user"):
        user.save()
    return user


def close_account(user: User, *, by: Actor) -> None:
    """Nobody signs in with it any more, and whoever is signed in is out at the next page. Its work stays on record."""
    _check_manages_accounts(by)
    with on_record(by, "close account"):
        user.is_active = False
        user.save(update_fields=["is_active"])


def reset_password(user: User, password: str, *, by: Actor) -> None:
    """Give a user another password; whoever is signed in with the old one is out. AccountError: it is weak."""
    _check_manages_accounts(by)
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise AccountError(_told(problem)) from None
    user.set_password(password)
    with transaction.atomic(), on_record(by, "reset password"):
        user.save(update_fields=["password"])
        append("password reset", f"user:{user.pk}", {"by": str(by)})
    axes_reset(username=user.username)


def reset_second_factor(user: User, *, by: Actor) -> None:
    """Forget the second factor of somebody who has lost it; at the next sign-in another one is set up."""
    _check_manages_accounts(by)
    if by == user:
        raise PermissionDenied
    with transaction.atomic(), on_record(by, "reset second factor"):
        Authenticator.objects.filter(user=user).delete()
        append("second factor reset", f"user:{user.pk}", {"by": str(by)})


# ── Appointments


def appoint(
    user: User,
    role: Role,
    county: str = "",
    department: str = "",
    *,
    by: Actor,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Appointment:
    """Appoint a user: from a day (today) on, to a day or until it is ended.

    county: an id of the vocabulary, empty for the whole city; department: as the policy calls it, empty for all.
    IncompatibleAppointment: with another role that the user holds or stands in for. AccountError: no such place, days
    the wrong way round, the same appointment again. PermissionDenied: `by` does not manage accounts, or is the user.
    """
    _check_manages_accounts(by)
    if by == user:
        raise PermissionDenied
    _check_place(county, department)
    begins = starts_on or today()
    if ends_on is not None and ends_on < begins:
        raise AccountError(
            _("结束日期 %(end)s 早于开始日期 %(start)s，请改正。") % {"end": ends_on, "start": begins}
        )
    same = Appointment.objects.filter(
        _overlapping(begins, ends_on), user=user, role=role, county=county, department=department
    )
    if same.exists():
        raise AccountError(_("%(name)s 已经有这项任职。") % {"name": user})
    with _roles_told(), transaction.atomic(), on_record(by, "appoint"):
        made = Appointment.objects.create(
            user=user, role=role, county=county, department=department, starts_on=begins, ends_on=ends_on
        )
    forget_posts(user)
    return made


def end_appointment(appointment: Appointment, *, by: Actor, on: dt.date | None = None) -> None:
    """End an appointment with a day (today), which is its last. AccountError: it ended before, or begins later."""
    _check_manages_accounts(by)
    last = on or today()
    with transaction.atomic(), on_record(by, "end appointment"):
        held = Appointment.objects.select_for_update().get(pk=appointment.pk)
        if held.ends_on is not None and held.ends_on < last:
            raise AccountError(_("这项任职已于 %(day)s 结束。") % {"day": held.ends_on})
        if last < held.starts_on:
            raise AccountError(
                _("这项任职从 %(start)s 开始，结束日期不能是 %(end)s。")
                % {"start": held.starts_on, "end": last}
            )
        held.ends_on = last
        held.save()
    appointment.refresh_from_db()
    forget_posts(appointment.user)


# ── Substitution


def colleagues(user: User) -> QuerySet[User]:
    """Who can stand in for a user: active officers with a post of their own today."""
    return (
        User.objects.filter(in_force(today(), "appointments__"), is_active=True)
        .exclude(pk=user.pk)
        .distinct()
        .order_by("name", "username")
    )


def substitute(
    absent: User, by_whom: User, starts_on: dt.date, ends_on: dt.date, reason: str, *, by: Actor
) -> Substitution:
    """Let somebody do another's work from a day to a day, in the other's jurisdiction.

    IncompatibleAppointment: with a role of the substitute's. AccountError: the person, the days or the reason will not
    do. PermissionDenied: `by` is neither the absent officer nor manages accounts.
    """
    _check_may_substitute(absent, by)
    if not colleagues(absent).filter(pk=by_whom.pk).exists():
        raise AccountError(_("%(name)s 不能代办：要选另一位在任的同事。") % {"name": by_whom})
    if ends_on < starts_on:
        raise AccountError(
            _("结束日期 %(end)s 早于开始日期 %(start)s，请改正。") % {"end": ends_on, "start": starts_on}
        )
    if starts_on < today():
        raise AccountError(_("开始日期 %(start)s 已经过去，请从今天起。") % {"start": starts_on})
    if not reason.strip():
        raise AccountError(_("请写明代办的原因，例如“年休假”。"))
    if Substitution.objects.filter(
        _overlapping(starts_on, ends_on), absent=absent, substitute=by_whom
    ).exists():
        raise AccountError(_("%(name)s 在这些天里已经代办。") % {"name": by_whom})
    with _roles_told(), transaction.atomic(), on_record(by, "substitute"):
        made = Substitution.objects.create(
            absent=absent,
            substitute=by_whom,
            starts_on=starts_on,
            ends_on=ends_on,
            reason=reason.strip()[:200],
        )
    forget_posts(by_whom)
    return made


def end_substitution(substitution: Substitution, *, by: Actor) -> None:
    """End a substitution at once; one that has not had a whole day yet is taken back. What was done stays on record."""
    _check_may_substitute(substitution.absent, by)
    yesterday = today() - dt.timedelta(days=1)
    with transaction.atomic(), on_record(by, "end substitution"):
        held = Substitution.objects.select_for_update().filter(pk=substitution.pk).first()
        if held is None or held.ends_on < today():
            raise AccountError(_("这项代办已经结束。"))
        if held.starts_on > yesterday:
            held.delete()
        else:
            held.ends_on = yesterday
            held.save()
    forget_posts(substitution.substitute)


def who_holds_both(first: str, second: str) -> list[User]:
    """Users who can do the work of both roles on some day from today on, be it as somebody's substitute."""
    statement = """
        WITH post AS (
            SELECT user_id AS doer, role, daterange(starts_on, ends_on, '[]') AS during FROM accounts_appointment
            UNION ALL
            SELECT s.substitute_id, a.role,
                   daterange(a.starts_on, a.ends_on, '[]') * daterange(s.starts_on, s.ends_on, '[]')
              FROM accounts_substitution s JOIN accounts_appointment a ON a.user_id = s.absent_id
        )
        SELECT DISTINCT one.doer FROM post one JOIN post other USING (doer)
         WHERE (one.role, other.role) = (%s, %s) AND one.during * other.during && daterange(%s, NULL)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [first, second, today()])
        found = [row[0] for row in cursor.fetchall()]
    return list(User.objects.filter(pk__in=found).order_by("name"))


def forget_posts(user: User) -> None:
    """Posts are read once per user object; after a change they are read again."""
    user.__dict__.pop("_posts", None)


# ── What is checked


def _check_manages_accounts(by: Actor) -> None:
    if isinstance(by, User) and not (by.is_active and (by.is_superuser or may(by, Action.MANAGE_ACCOUNTS))):
        raise PermissionDenied


def _check_may_substitute(absent: User, by: Actor) -> None:
    if by != absent:
        _check_manages_accounts(by)
    elif not any(p.holder == absent.pk and p.role in ALLOWED[Action.SUBSTITUTE] for p in posts(absent)):
        # Nobody hands on what they only stand in for.
        raise PermissionDenied


def _check_place(county: str, department: str) -> None:
    known = places.counties()
    if county and county not in known:
        listed = "、".join(f"{zh}（{name}）" for name, (zh, _en) in known.items())
        raise AccountError(
            _("没有“%(county)s”这个县区。可以填：%(listed)s；全市留空。")
            % {"county": county, "listed": listed}
        )
    if department and department not in places.departments():
        raise AccountError(
            _("政策里没有“%(department)s”这个部门。请用政策里的名称，例如“市财政局”；所有部门留空。")
            % {"department": department}
        )


def _overlapping(starts_on: dt.date, ends_on: dt.date | None) -> Q:
    until = Q() if ends_on is None else Q(starts_on__lte=ends_on)
    return until & (Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))


# ── Errors in sentences


@contextmanager
def _roles_told() -> Iterator[None]:
    """Turn the database's refusal of two roles into a sentence that names both."""
    try:
        yield
    except DatabaseError as problem:
        told = incompatibility(problem)
        if told is None:
            raise
        raise IncompatibleAppointment(told) from None


def incompatibility(problem: BaseException) -> str | None:
    """The sentence for a refusal of two roles by the database; None where it was something else."""
    cause: Any = problem.__cause__
    if getattr(cause, "sqlstate", None) != EXCLUDED:
        return None
    first, second, *holders = cause.diag.message_detail.split(",")
    pair = IncompatibleRoles.objects.filter(
        Q(first=first, second=second) | Q(first=second, second=first)
    ).first()
    reason = pair.reason if pair else ""
    roles = {"first": Role(first).label, "second": Role(second).label, "reason": reason}
    if holders[0] == holders[1]:
        return _("同一人不能既是%(first)s又是%(second)s：%(reason)s。请先结束其中一项。") % roles
    return _("代办后会既有%(first)s又有%(second)s的权限，不能这样：%(reason)s。请另选一位同事。") % roles


def _told(problem: ValidationError) -> str:
    return "".join(str(message) for message in problem.messages)
