"""Starting a job in the transaction of the work, and running it: once, whoever asks how often.

A kind of job is a function that is registered under a name. It may be run again after its worker died only if it says
that it can (`again=True`); money never says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.record.context import on_record

State = BackgroundJob.State


class JobProblem(Exception):
    """A job cannot go on, for a reason that its owner understands."""


@dataclass(frozen=True)
class Work:
    """What a job is given."""

    job: BackgroundJob

    def tell(self, done: int, total: int) -> None:
        """Say how far it is; seen at once by whoever looks."""
        BackgroundJob.objects.filter(pk=self.job.pk).update(done=done, total=total)

    def file(self, name: str) -> Path:
        """A new file for the result, given out under this name."""
        folder = results_folder()
        folder.mkdir(parents=True, exist_ok=True)
        stored = f"{uuid.uuid4().hex}{Path(name).suffix}"
        self.job.result, self.job.result_name = stored, name
        return folder / stored


@dataclass(frozen=True)
class Kind:
    """A kind of job. run: does it and answers a sentence about what came out."""

    run: Callable[[Work], str]
    again: bool


KINDS: dict[str, Kind] = {}


def kind(name: str, *, again: bool) -> Callable[[Callable[[Work], str]], Callable[[Work], str]]:
    """Register a function as a kind of job."""

    def register(run: Callable[[Work], str]) -> Callable[[Work], str]:
        KINDS[name] = Kind(run, again)
        return run

    return register


def results_folder() -> Path:
    """Where results wait to be fetched."""
    folder: Path = settings.ENVIRONMENT.data / "results"
    return folder


def start(
    name: str, by: Any, title: str, arguments: Mapping[str, Any], *, key: uuid.UUID | None = None
) -> BackgroundJob:
    """Queue a job; if the transaction around it is rolled back, it never was.

    key: of the form that asks for it. A form that is sent twice gets the job that it started the first time, whatever
    became of it. PermissionDenied: the key is that of somebody else's job, or of one of another kind.
    """
    from wenjiuye.platform.jobs.tasks import run_job

    with transaction.atomic():
        told = {"kind": name, "title": title, "user": by, "arguments": dict(arguments)}
        job, is_new = BackgroundJob.objects.get_or_create(pk=key or uuid.uuid4(), defaults=told)
        if is_new:
            run_job.defer(job=str(job.pk))
        elif job.user_id != by.pk or job.kind != name:
            raise PermissionDenied
    return job


def run(job_id: str) -> None:
    """Run a job that waits; one that is over, or that another worker has, is left alone."""
    claimed = BackgroundJob.objects.filter(pk=job_id, state=State.WAITING).update(state=State.RUNNING)
    if not claimed:
        return
    job = BackgroundJob.objects.select_related("user").get(pk=job_id)
    try:
        with on_record(job.user, f"job {job.kind} {job.pk}"):
            message = KINDS[job.kind].run(Work(job))
    except JobProblem as problem:
        finish(job, State.FAILED, str(problem))
    except Exception:
        finish(job, State.FAILED, _("程序出错，已记入日志，请联系系统管理员。"))
        raise
    else:
        finish(job, State.DONE, message)


def finish(job: BackgroundJob, state: str, message: str) -> None:
    """Put down how a job ended."""
    seen = BackgroundJob.objects.get(pk=job.pk)
    job.done, job.total = (seen.total, seen.total) if state == State.DONE else (seen.done, seen.total)
    job.state, job.message, job.finished_at = state, message[:500], timezone.now()
    job.save()
