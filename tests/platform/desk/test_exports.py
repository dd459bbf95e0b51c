"""Exports: in the background, in scope, masked, on record; results go to their owner alone."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from claim_factory import make_claim
from officers import officer, signed_in
from python_calamine import CalamineWorkbook

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk import exports
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record.context import on_record

pytestmark = pytest.mark.django_db

REASON = "月度对账"
ACCOUNT = "6222021234567890123"


@pytest.fixture
def clerk() -> User:
    return officer(Role.CLERK, "weidu", name="刘芳")


def export(user: User, query: str = "view=all", **more: Any) -> BackgroundJob:
    """Ask for an export on its page, and let the worker do it."""
    answer = signed_in(user).post("/export/", {"query": query, "reason": REASON, **more})
    assert answer.headers["Location"] == "/jobs/"
    job = BackgroundJob.objects.latest("created_at")
    run(str(job.pk))
    job.refresh_from_db()
    return job


def fetch(user: User, job: BackgroundJob) -> Any:
    return signed_in(user).get(f"/jobs/{job.pk}/result/")


def sheet(user: User, job: BackgroundJob, name: str = "申请") -> list[list[Any]]:
    answer = fetch(user, job)
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def column(rows: list[list[Any]], title: str) -> list[Any]:
    return [row[rows[0].index(title)] for row in rows[1:]]


def test_what_is_listed_is_what_comes_out(clerk: User):
    wanted = make_claim(clerk, fen=900_050, due_on=dt.date(2020, 12, 4))
    make_claim(clerk)
    make_claim(clerk, county="jianan", fen=900_000)
    job = export(clerk, "view=all&from=5000")
    assert (job.state, job.message, job.result_name.endswith(".xlsx")) == ("done", "1 件。", True)
    rows = sheet(clerk, job)
    assert column(rows, "申请号") == [wanted.number]
    assert column(rows, "金额（元）") == [9000.5]
    assert column(rows, "应办结日期") == [dt.date(2020, 12, 4)]
    assert column(rows, "事项") == ["中小微企业一次性吸纳就业补贴"]
    notes = dict(sheet(clerk, job, "说明"))
    assert (notes["导出人"], notes["理由"], notes["个人信息"]) == ("刘芳", REASON, "已脱敏")


def test_names_and_accounts_are_masked_unless_asked_for_with_the_right_to_it(clerk: User):
    person = {
        "claimant_kind": "person",
        "claimant_name": "周伟宁",
        "payee_name": "周伟宁",
        "payee_account": ACCOUNT,
    }
    make_claim(clerk, **person)
    masked = sheet(clerk, export(clerk))
    assert column(masked, "申请人") == column(masked, "收款人") == ["周*宁"]
    assert column(masked, "收款账号") == ["*" * 15 + ACCOUNT[-4:]]
    plain = sheet(clerk, export(clerk, plain="1"))
    assert column(plain, "申请人") == ["周伟宁"]
    assert column(plain, "收款账号") == [ACCOUNT]


def test_unmasked_data_needs_the_right_to_it(clerk: User):
    make_claim(clerk)
    supervisor = officer(Role.SUPERVISOR)
    answer = signed_in(supervisor).post("/export/", {"query": "view=all", "reason": REASON, "plain": "1"})
    assert answer.status_code == 422
    assert "不能导出明文" in answer.content.decode()
    assert BackgroundJob.objects.count() == 0
    assert "含明文" not in signed_in(supervisor).get("/export/?query=view%3Dall").content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "对账"])
def test_a_reason_has_to_be_given(clerk: User, reason: str):
    make_claim(clerk)
    answer = signed_in(clerk).post("/export/", {"query": "view=all", "reason": reason})
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()
    assert BackgroundJob.objects.count() == 0


@pytest.mark.parametrize(
    "name", ["=1+2", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://example.com/"]
)
def test_a_name_never_becomes_a_formula_or_a_link(clerk: User, name: str):
    make_claim(clerk, claimant_name=name)
    job = export(clerk)
    assert column(sheet(clerk, job), "申请人") == [name]
    import zipfile

    from wenjiuye.platform.jobs.running import results_folder

    with zipfile.ZipFile(results_folder() / job.result) as book:
        texts = "".join(book.read(part).decode() for part in book.namelist() if "worksheets" in part)
    assert "<f>" not in texts
    assert "<hyperlink" not in texts


def test_the_scope_is_that_of_the_moment_when_the_job_runs(clerk: User):
    make_claim(clerk)
    job = exports.start_export(exports.Export("view=all", REASON, False), clerk)
    with on_record("test", "moved"):
        clerk.appointments.update(county="jianan")
    run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "没有符合这些条件的申请，没有可导出的。")


def test_whoever_has_lost_the_right_gets_nothing_and_no_earlier_result(clerk: User):
    make_claim(clerk)
    done = export(clerk)
    waiting = exports.start_export(exports.Export("view=all", REASON, False), clerk)
    with on_record("test", "left"):
        clerk.appointments.update(role=Role.ADMINISTRATOR)
    run(str(waiting.pk))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.message) == ("failed", "你现在没有导出的权限，没有导出。")
    assert fetch(User.objects.get(pk=clerk.pk), done).status_code == 403


def test_more_rows_than_a_workbook_takes_are_told(clerk: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    claims = [make_claim(clerk, applied_on=dt.date(2020, 12, day)) for day in (1, 2, 3)]
    job = export(clerk)
    assert job.message == "共 3 件，只导出了前 2 件。请缩小范围，分几次导出。"
    assert column(sheet(clerk, job), "申请号") == [claims[2].number, claims[1].number]


def test_the_workbook_is_in_the_language_of_whoever_asked(clerk: User):
    make_claim(clerk)
    client = signed_in(clerk)
    client.cookies["lang"] = "en"
    client.post("/export/", {"query": "view=all", "reason": REASON})
    job = BackgroundJob.objects.get()
    assert job.arguments["language"] == "en"
    run(str(job.pk))
    job.refresh_from_db()
    answer = fetch(clerk, job)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    assert "hiring subsidy" in book.get_sheet_by_index(0).to_python()[1]


def test_a_result_goes_to_its_owner_alone_and_every_download_is_on_record(clerk: User):
    make_claim(clerk)
    job = export(clerk)
    assert fetch(officer(Role.CLERK, "weidu"), job).status_code == 404
    assert PersonalDataAccess.objects.count() == 0
    sheet(clerk, job)
    look = PersonalDataAccess.objects.get()
    assert (look.user, look.kind, look.subject, look.reason) == (clerk, "export", str(job.pk), REASON)


def test_a_job_without_a_file_has_no_result(clerk: User):
    job = BackgroundJob.objects.create(
        kind="x", title="导入", user=clerk, state="failed", message="第 3 行少一列"
    )
    assert fetch(clerk, job).status_code == 404
    gone = BackgroundJob.objects.create(kind="x", title="导出", user=clerk, state="done", result="none.xlsx")
    assert fetch(clerk, gone).status_code == 404


def test_the_list_of_jobs_asks_again_only_while_something_runs(clerk: User):
    client = signed_in(clerk)
    assert "还没有后台任务" in client.get("/jobs/").content.decode()
    BackgroundJob.objects.create(kind="x", title="别人的任务", user=officer(Role.CLERK), state="running")
    BackgroundJob.objects.create(
        kind="x", title="导入名单", user=clerk, state="failed", message="第 3 行少一列"
    )
    text = client.get("/jobs/").content.decode()
    assert "第 3 行少一列" in text
    assert "别人的任务" not in text
    assert "every 2s" not in text
    BackgroundJob.objects.create(kind="x", title="导出", user=clerk, state="running", done=460, total=1200)
    assert 'hx-trigger="every 2s"' in client.get("/jobs/").content.decode()
    part = client.get("/jobs/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'value="460"' in part.content.decode()
    assert "HX-Request" in part.headers["Vary"]


def test_an_export_of_nothing_is_said_before_it_starts(clerk: User):
    assert "没有可导出的" in signed_in(clerk).get("/export/?query=view%3Dall").content.decode()


def test_progress_is_told_while_rows_are_written(clerk: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(exports.Work, "tell", lambda _work, done, total: told.append((done, total)))
    for _number in range(5):
        make_claim(clerk, State.DRAFT)
    export(clerk)
    assert told == [(0, 5), (2, 5), (4, 5)]
