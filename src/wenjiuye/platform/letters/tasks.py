"""What is done with letters at night."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from wenjiuye.platform.letters import services

LOG = logging.getLogger(__name__)


@app.periodic(cron="13 3 * * *")
@app.task(name="letters.sweep", queue="jobs", queueing_lock="letters.sweep")
def sweep(timestamp: int) -> None:
    """Remove files whose row was rolled back."""
    services.sweep()


@app.periodic(cron="53 3 * * *")
@app.task(name="letters.verify", queue="jobs", queueing_lock="letters.verify")
def verify(timestamp: int) -> None:
    """Read all of them and log each that is missing or changed as an error, for whoever keeps the backups."""
    for fault in services.verify_all():
        LOG.error("letter %s is %s; bring it back from a backup", fault.id, fault.problem)
