"""What is done with accounts and files at night is known to the worker, and done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

from wenjiuye.platform.accounts.tasks import forget_sessions


@pytest.mark.django_db
def test_sessions_that_are_over_are_deleted_and_others_stay():
    for key, days in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + dt.timedelta(days=days))
    forget_sessions(timestamp=0)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]


def test_the_worker_knows_what_to_do_at_night():
    known = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert known >= {
        "accounts.sessions",
        "evidence.sweep",
        "evidence.verify",
        "letters.sweep",
        "letters.verify",
        "imports.sweep",
        "jobs.forget",
    }
