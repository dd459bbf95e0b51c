"""Jobs whose worker has died stand as running for ever, unless somebody sweeps.

The queue's own way to try such a job again fails where a sibling waits, and blocks what comes after (procrastinate
issue 1446); so an orphan is marked as failed, and queued anew as another job only if its kind can be run again.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import KINDS, State, finish

SILENCE = 90
"""Seconds without a sign of life after which a worker counts as dead."""

_ORPHANS = """
SELECT job.id, job.args ->> 'job' FROM procrastinate_jobs job
LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
FOR UPDATE OF job SKIP LOCKED
"""


def sweep() -> int:
    """Free what dead workers have left; how many jobs that were."""
    from wenjiuye.platform.jobs.tasks import run_job

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ORPHANS, [SILENCE])
        orphans = cursor.fetchall()
        for entry, job_id in orphans:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [entry])
            job = BackgroundJob.objects.filter(pk=job_id, state=State.RUNNING).first() if job_id else None
            if job is None:
                continue
            if job.kind in KINDS and KINDS[job.kind].again:
                job.state, job.done = State.WAITING, 0
                job.save()
                run_job.defer(job=str(job.pk))
            else:
                finish(job, State.FAILED, _("办理中断，没有自动重试。请核对后重新开始。"))
    return len(orphans)
