"""The tasks of the queue."""

from __future__ import annotations

from procrastinate.contrib.django import app

from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.jobs.sweeping import sweep

KEEP_HOURS = 24 * 30


@app.task(name="jobs.run", queue="jobs")
def run_job(job: str) -> None:
    """Run one job."""
    run(job)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.sweep", queue="jobs", queueing_lock="jobs.sweep")
def sweep_jobs(timestamp: int) -> None:
    """Free jobs whose worker has died."""
    sweep()


@app.periodic(cron="17 3 * * *")
@app.task(name="jobs.forget", queue="jobs", queueing_lock="jobs.forget", pass_context=True)
async def forget_old_jobs(context: object, timestamp: int) -> None:
    """Delete entries of the queue that are long over."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_failed=True)
