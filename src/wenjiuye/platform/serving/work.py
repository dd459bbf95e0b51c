"""The worker: runs the jobs of the queue, and sweeps those whose worker has died."""

from __future__ import annotations

import os

CONCURRENCY = 2


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenjiuye.platform.config.settings")
    import django

    django.setup()
    from procrastinate.contrib.django import app

    from wenjiuye.platform.jobs.sweeping import sweep

    sweep()
    worker = app.with_connector(app.connector.get_worker_connector())
    worker.run_worker(
        name=f"worker-{os.getpid()}",
        concurrency=CONCURRENCY,
        wait=True,
        install_signal_handlers=True,
        shutdown_graceful_timeout=20,
    )
