"""Officers for tests: a user with an appointment, signed in where that is wanted."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role

PASSWORD = "shuiping-zhun-42"
_numbers = itertools.count(1)


class QuickHasher(PBKDF2PasswordHasher):
    """The same in a thousandth of the time, for tests that sign in again and again."""

    iterations = 1000


@cache
def _hashed() -> str:
    """Hashing takes as long as it should; once is enough."""
    return make_password(PASSWORD)


def officer(role: Role | None = None, county: str = "", department: str = "", **more: Any) -> User:
    """Somebody who signs in, appointed if a role is given."""
    number = next(_numbers)
    more = {"username": f"officer{number}", "name": f"经办{number}", "password": _hashed(), **more}
    user = User.objects.create(**more)
    if role is not None:
        Appointment.objects.create(user=user, role=role, county=county, department=department)
    return user


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client
