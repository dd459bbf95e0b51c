"""What is done with files of evidence at night."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from wenjiuye.platform.evidence import services

LOG = logging.getLogger(__name__)


@app.periodic(cron="7 3 * * *")
@app.task(name="evidence.sweep", queue="jobs", queueing_lock="evidence.sweep")
def sweep(timestamp: int) -> None:
    """Remove files whose row was rolled back."""
    services.sweep()


@app.periodic(cron="23 3 * * *")
@app.task(name="evidence.verify", queue="jobs", queueing_lock="evidence.verify")
def verify(timestamp: int) -> None:
    """Read all of them and log each that is missing or changed as an error, for whoever keeps the backups."""
    for fault in services.verify_all():
        LOG.error("file %s is %s; bring it back from a backup", fault.id, fault.problem)
