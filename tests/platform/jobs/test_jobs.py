"""A job runs once; one whose worker died is freed, and run again only if it can be."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.jobs import running
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return User.objects.create(username="clerk", name="刘芳")


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three kinds of jobs, and the log of what they did."""
    log: list[str] = []

    def count(work: running.Work) -> str:
        log.append(str(work.job.pk))
        work.tell(2, 3)
        return "三行"

    def refuse(work: running.Work) -> str:
        raise running.JobProblem("文件是空的")

    def crash(work: running.Work) -> str:
        raise ZeroDivisionError

    for name, run, again in (
        ("count", count, True),
        ("pay", count, False),
        ("refuse", refuse, True),
        ("crash", crash, True),
    ):
        monkeypatch.setitem(running.KINDS, name, running.Kind(run, again))
    return log


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return int(cursor.fetchone()[0])


def orphan(job: BackgroundJob) -> None:
    """As it stands when the worker was killed in the middle."""
    BackgroundJob.objects.filter(pk=job.pk).update(state="running", done=1, total=3)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE args ->> 'job' = %s",
            [str(job.pk)],
        )


def test_a_job_runs_once_however_often_it_is_asked_for(clerk: User, kinds: list[str]):
    job = running.start("count", clerk, "导出", {})
    running.run(str(job.pk))
    running.run(str(job.pk))
    job.refresh_from_db()
    assert (kinds, job.state, job.message, job.done, job.total) == ([str(job.pk)], "done", "三行", 3, 3)


def test_a_job_of_work_that_was_rolled_back_never_was(clerk: User, kinds: list[str]):
    with transaction.atomic():
        running.start("count", clerk, "导出", {})
        transaction.set_rollback(True)
    assert (BackgroundJob.objects.count(), queued()) == (0, 0)


def test_a_reason_that_the_owner_understands_is_told_and_an_error_of_ours_is_not_hidden(
    clerk: User, kinds: list[str]
):
    refused, crashed = (running.start(name, clerk, "导入", {}) for name in ("refuse", "crash"))
    running.run(str(refused.pk))
    with pytest.raises(ZeroDivisionError):
        running.run(str(crashed.pk))
    refused.refresh_from_db()
    crashed.refresh_from_db()
    assert (refused.state, refused.message) == ("failed", "文件是空的")
    assert (crashed.state, "日志" in crashed.message) == ("failed", True)


def test_an_orphan_that_can_be_run_again_is_and_one_that_moves_money_is_not(clerk: User, kinds: list[str]):
    again, money = running.start("count", clerk, "导出", {}), running.start("pay", clerk, "付款", {})
    orphan(again)
    orphan(money)
    assert (queued(), sweep()) == (0, 2)
    again.refresh_from_db()
    money.refresh_from_db()
    assert (again.state, money.state, queued()) == ("waiting", "failed", 1)
    running.run(str(again.pk))
    assert kinds == [str(again.pk)]
    assert sweep() == 0


def test_a_job_that_nobody_knows_is_left_alone():
    running.run(str(uuid.uuid4()))
    assert BackgroundJob.objects.count() == 0
