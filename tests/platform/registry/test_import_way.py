"""A file comes in as one batch: by choice without its wrong rows, all or nothing, and back out as a whole."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from import_workshop import (
    as_guessed,
    checked,
    failure,
    imported,
    undone,
    uploaded,
    worked,
    write_book,
    write_text,
)
from officers import officer
from python_calamine import CalamineWorkbook

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.jobs.sweeping import sweep
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.importing import committing
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.folders import folder_of
from wenjiuye.platform.registry.importing.stages import begin_again, begin_check, begin_commit, give_up
from wenjiuye.platform.registry.importing.sweeping import sweep_imports
from wenjiuye.platform.registry.models import FileImport, ImportBatch, SetAside, row_model
from wenjiuye.platform.registry.undoing import refuse_undo

pytestmark = pytest.mark.django_db

PEOPLE = [["编号", "姓名", "所在县（市、区）"], ["P1", "张远航", "魏都区"], ["P2", "王梅", "建安区"]]
JOBS = [
    ["编号", "劳动者", "就业形式", "开始日期"],
    ["J1", "P1", "灵活就业", "2020-03-01"],
    ["J2", "P2", "灵活就业", "2020-13-01"],
]


@pytest.fixture
def city() -> User:
    return officer(Role.POLICY)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Persons, and jobs of which one is wrong."""
    return write_book(
        tmp_path / "花名册.xlsx", {"个人": PEOPLE, "说明": [["填表人", "李四"]], "空": [], "用工登记": JOBS}
    )


def live(table: str) -> list[str]:
    return list(
        row_model(table)
        .objects.filter(replaced_by__isnull=True)
        .order_by("key")
        .values_list("key", flat=True)
    )


# ── By choice


def test_wrong_rows_stay_out_only_if_that_was_chosen(book: Path, city: User):
    file = imported(book, city)
    assert (file.state, live("person")) == ("checked", [])
    assert "还有 1 行有错" in failure(file)
    begin_commit(file, city, only_good=True)
    file = worked(file)
    assert (file.state, live("person"), live("employment")) == ("loaded", ["P1", "P2"], ["J1"])
    assert list(SetAside.objects.values_list("table", "column", "owner")) == [("employment", "person", "P2")]
    assert file.batch.tables.get(table="employment").set_aside == 1


def test_a_corrected_file_takes_the_marks_of_the_first_one_away(tmp_path: Path, book: Path, city: User):
    first = imported(book, city, only_good=True)
    right = write_book(
        tmp_path / "更正.xlsx", {"用工登记": [JOBS[0], ["J2", "P2", "灵活就业", "2020-12-01"]]}
    )
    imported(right, city, corrects=first.batch)
    assert live("employment") == ["J1", "J2"]
    assert not SetAside.objects.filter(replaced_by__isnull=True).exists()


def test_nothing_to_bring_in_is_said(tmp_path: Path, city: User):
    path = write_book(tmp_path / "个人.xlsx", {"个人": [PEOPLE[0], ["P1", "甲", "月球"]]})
    assert "没有可以导入的行" in failure(imported(path, city, only_good=True))


# ── The original with its errors


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def test_the_workbook_comes_back_with_a_column_of_errors_and_all_else_as_it_was(book: Path, city: User):
    file = checked(book, city)
    marked = folder_of(file).marked
    assert marked is not None
    assert rows_of(marked, "说明") == rows_of(book, "说明")
    before, after = rows_of(book, "用工登记"), rows_of(marked, "用工登记")
    assert [row[:4] for row in after] == before
    assert after[0][4] == "错误 / error"
    assert after[1][4] == ""
    assert after[2][4].startswith("开始日期 2020-13-01：")
    assert " / " not in after[2][4]


def test_a_corrected_workbook_is_read_as_it_is(tmp_path: Path, book: Path, city: User):
    marked = folder_of(checked(book, city)).marked
    assert marked is not None
    rows = rows_of(marked, "用工登记")
    rows[2][3] = "2020-12-01"
    again = write_book(tmp_path / "again.xlsx", {"个人": PEOPLE, "用工登记": rows})
    assert imported(again, city).state == "loaded"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_file_comes_back_in_its_own_encoding(tmp_path: Path, city: User, encoding: str):
    rows = [
        PEOPLE[0],
        ["P1", '"张，远航"', "魏都区"],
        ["P2", "王梅", "月球"],
        ["", "", ""],
        ["P3", "李四", "月球"],
    ]
    path = write_text(tmp_path / "个人.csv", rows, encoding)
    marked = folder_of(checked(path, city)).marked
    assert marked is not None
    with marked.open(encoding=encoding, newline="") as text:
        came = list(csv.reader(text))
    assert came[0] == [*PEOPLE[0], "错误 / error"]
    assert came[1] == ["P1", "张，远航", "魏都区"]
    assert [len(row) for row in came] == [4, 3, 4, 3, 4]
    assert came[4][3].startswith("所在县（市、区） 月球：")
    assert marked.read_bytes().startswith(b"\xef\xbb\xbf") is (encoding == "utf-8-sig")


# ── All or nothing


def test_a_load_that_breaks_off_leaves_nothing_and_can_be_done_again(
    book: Path, city: User, monkeypatch: pytest.MonkeyPatch
):
    file = checked(book, city)
    begin_commit(file, city, only_good=True)
    load = committing.load_batch

    def killed(*arguments: Any) -> ImportBatch:
        load(*arguments)
        raise MemoryError

    monkeypatch.setattr(committing, "load_batch", killed)
    with pytest.raises(MemoryError):
        run(str(file.job.pk))
    assert (ImportBatch.objects.count(), live("person")) == (0, [])
    monkeypatch.setattr(committing, "load_batch", load)
    file.refresh_from_db()
    begin_commit(file, city, only_good=True)
    assert worked(file).state == "loaded"


def test_a_job_whose_worker_died_is_run_again_and_loads_once(book: Path, city: User):
    file = checked(book, city)
    begin_commit(file, city, only_good=True)
    BackgroundJob.objects.filter(pk=file.job.pk).update(state="running")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE args ->> 'job' = %s",
            [str(file.job.pk)],
        )
    assert sweep() == 1
    for _time in range(2):
        file = worked(file)
    assert (file.state, ImportBatch.objects.count()) == ("loaded", 1)


def test_a_check_that_broke_off_can_be_done_again(book: Path, city: User, monkeypatch: pytest.MonkeyPatch):
    file = uploaded(book, city)
    begin_check(file, as_guessed(file), city)
    with monkeypatch.context() as patch:
        patch.setattr("wenjiuye.platform.registry.importing.checking.compare", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(str(file.job.pk))
    file.refresh_from_db()
    begin_check(file, as_guessed(file), city)
    assert worked(file).state == "checked"


def test_a_registry_that_changed_since_the_check_is_checked_against_again(tmp_path: Path, city: User):
    first = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
    jobs = [JOBS[0], JOBS[1], ["J3", "P2", "灵活就业", "2020-05-01"]]
    second = checked(write_book(tmp_path / "用工登记.xlsx", {"用工登记": jobs}), city)
    assert undone(first.batch, city).state == "done"
    imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE[:2]}), city)
    begin_commit(second, city, only_good=False)
    second = worked(second)
    assert second.state == "checked"
    assert "重新检查后有 1 行不能导入" in failure(second)
    assert live("employment") == []


# ── Taken back


def test_a_batch_is_taken_back_as_a_whole(tmp_path: Path, city: User):
    imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
    later = imported(
        write_book(
            tmp_path / "个人.xlsx", {"个人": [PEOPLE[0], ["P2", "王小梅", "建安区"], ["P3", "李", "魏都区"]]}
        ),
        city,
    )
    persons = row_model("person").objects.filter(replaced_by__isnull=True)
    assert persons.get(key="P2").name == "王小梅"
    assert undone(later.batch, city).state == "done"
    assert (live("person"), persons.get(key="P2").name) == (["P1", "P2"], "王梅")
    assert later.batch.undone_why == "传错了文件"


def test_what_objects_to_taking_back_is_told(tmp_path: Path, city: User):
    first = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
    imported(write_book(tmp_path / "用工登记.xlsx", {"用工登记": JOBS[:2]}), city)
    job = undone(first.batch, city)
    assert job.state == "failed"
    assert "用工登记引用了本批次的个人" in job.message
    assert live("person") == ["P1", "P2"]


def test_other_parts_of_the_system_may_object(tmp_path: Path, city: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("wenjiuye.platform.registry.undoing._refusals", [])
    refuse_undo(lambda _batch: "有 2 件申请用到了这些行。")
    file = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
    assert "有 2 件申请用到了这些行。" in undone(file.batch, city).message


# ── Who may


def test_only_who_brought_a_file_goes_on_with_it(book: Path, city: User):
    file = uploaded(book, city)
    with pytest.raises(PermissionDenied):
        begin_check(file, as_guessed(file), officer(Role.POLICY))


def test_who_may_no_longer_import_loads_nothing(book: Path, city: User):
    file = checked(book, city)
    begin_commit(file, city, only_good=True)
    with on_record("test", "test"):
        Appointment.objects.filter(user=city).delete()
    file = worked(file)
    assert "没有在这个县区导入" in failure(file)
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    "role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.SUPERVISOR, Role.ADMINISTRATOR]
)
def test_other_roles_do_not_import(book: Path, role: Role):
    with pytest.raises(PermissionDenied):
        uploaded(book, officer(role))


def test_a_clerk_does_not_import_elsewhere(book: Path):
    with pytest.raises(PermissionDenied):
        uploaded(book, officer(Role.CLERK, "weidu"), county="jianan")
    with pytest.raises(PermissionDenied):
        uploaded(book, officer(Role.CLERK, "weidu"))


# ── Steps in their order, and nothing is left lying about


def test_steps_are_taken_in_their_order(book: Path, city: User):
    file = uploaded(book, city)
    with pytest.raises(ImportingError, match="待核对列"):
        begin_commit(file, city, only_good=True)
    begin_check(file, as_guessed(file), city)
    with pytest.raises(ImportingError, match="检查中"):
        begin_check(file, as_guessed(file), city)
    worked(file)
    begin_again(file, city)
    assert file.state == "mapping"


def test_files_are_deleted_when_they_are_no_longer_needed(
    tmp_path: Path, book: Path, city: User, data_folder: Path, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        whole = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE}), city)
        left = uploaded(book, city)
        give_up(left, city)
    assert (whole.state, left.state, list((data_folder / "imports").iterdir())) == ("loaded", "dropped", [])
    forgotten = uploaded(book, city)
    FileImport.objects.filter(pk=forgotten.pk).update(changed_at="2020-01-01T00:00Z")
    stray = data_folder / "imports" / ("0" * 32)
    stray.mkdir()
    os.utime(stray, (time.time() - 200_000,) * 2)
    with django_capture_on_commit_callbacks(execute=True), on_record("system", "sweep"):
        assert sweep_imports() == 2
    forgotten.refresh_from_db()
    assert (forgotten.state, list((data_folder / "imports").iterdir())) == ("dropped", [])


def test_uploaded_files_can_only_be_read_by_the_server(book: Path, city: User):
    path = folder_of(uploaded(book, city)).original
    assert [oct(one.stat().st_mode & 0o777) for one in (path, path.parent)] == ["0o600", "0o700"]


# ── Many rows


def test_a_hundred_thousand_rows_in_reasonable_time(tmp_path: Path, city: User):
    count = 100_000
    frame = pl.DataFrame({"n": range(count)}).select(
        pl.format("P{}", "n").alias("编号"),
        pl.format("张{}", "n").alias("姓名"),
        pl.when(pl.col("n") % 1000 == 7)
        .then(pl.lit("月球"))
        .otherwise(pl.lit("魏都区"))
        .alias("所在县（市、区）"),
        pl.lit("1990-01-02").alias("出生日期"),
    )
    path = tmp_path / "个人.csv"
    frame.write_csv(path)
    began = time.perf_counter()
    file = imported(path, city, only_good=True)
    took = time.perf_counter() - began
    assert (file.state, file.tables.get().bad) == ("loaded", 100)
    assert row_model("person").objects.count() == count - 100
    assert took < 60
