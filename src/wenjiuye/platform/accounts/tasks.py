"""What is done with accounts at night."""

from __future__ import annotations

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="29 3 * * *")
@app.task(name="accounts.sessions", queue="jobs", queueing_lock="accounts.sessions")
def forget_sessions(timestamp: int) -> None:
    """Delete sessions that are over."""
    call_command("clearsessions", verbosity=0)
