"""The pages of imports: each step by the button that is there, nothing for who may not, and reloads that work."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from import_workshop import checked, imported, uploaded, write_book
from officers import officer, signed_in

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.registry.models import FileImport, ImportBatch, row_model

pytestmark = pytest.mark.django_db

PEOPLE = [["编号", "姓名", "所在县（市、区）"], ["P1", "张远航", "魏都区"], ["P2", "王梅", "月球"]]


@pytest.fixture
def city() -> User:
    return officer(Role.POLICY)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE})


def run_jobs() -> None:
    """What a worker would do."""
    for job in BackgroundJob.objects.filter(state="waiting"):
        run(str(job.pk))


def sent(client: Client, path: Path, **more: Any) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(
        reverse("desk:import_new"),
        {"file": file, "as_of": "2020-12-01", "kind": "changes", "county": "", **more},
    )


def page(client: Client, file: FileImport) -> str:
    answer = client.get(reverse("desk:import", args=[file.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_file_goes_all_the_way_by_the_buttons_of_its_pages(book: Path, city: User):
    client = signed_in(city)
    assert sent(client, book).status_code == 302
    file = FileImport.objects.get()
    assert "排队中" in page(client, file)
    run_jobs()
    form = {f"column-0-{at}": name for at, name in enumerate(["id", "name", "county"])}
    assert "检查每一行" in page(client, file)
    client.post(reverse("desk:import_check", args=[file.pk]), {"table-0": "person", **form})
    run_jobs()
    text = page(client, file)
    assert "只导入正确的 1 行" in text
    assert "C3" in text
    assert "月球" in text
    client.post(reverse("desk:import_commit", args=[file.pk]), {"rows": "good"})
    assert "排队中" in page(client, file)
    BackgroundJob.objects.filter(state="waiting").update(state="running")
    assert "要么全部写入，要么一行也不写" in page(client, file)
    BackgroundJob.objects.filter(state="running").update(state="waiting")
    run_jobs()
    answer = client.get(reverse("desk:import", args=[file.pk]))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("desk:import_batch", args=[batch.pk])
    assert "补这些行" in client.get(answer.url).content.decode()
    undo = reverse("desk:import_undo", args=[batch.pk])
    assert "请选一个理由" in client.post(undo, {}).content.decode()
    assert "请写明理由" in client.post(undo, {"reason": "other", "more": "x"}).content.decode()
    client.post(undo, {"reason": "wrong_file", "more": "应为十一月的"})
    assert "正在撤销" in client.get(answer.url).content.decode()
    run_jobs()
    batch.refresh_from_db()
    assert (batch.state, batch.undone_why) == ("undone", "传错了文件：应为十一月的")
    assert not row_model("person").objects.exists()


def test_wrong_rows_do_not_come_in_by_the_button_for_all(book: Path, city: User):
    file = checked(book, city)
    client = signed_in(city)
    client.post(reverse("desk:import_commit", args=[file.pk]), {"rows": "all"})
    run_jobs()
    assert "还有 1 行有错" in page(client, file)
    assert ImportBatch.objects.count() == 0


def test_a_page_that_is_busy_asks_again_and_then_comes_anew(book: Path, city: User):
    client = signed_in(city)
    sent(client, book)
    file = FileImport.objects.get()
    address = reverse("desk:import", args=[file.pk])
    asked = client.get(address, headers={"HX-Request": "true"})
    assert "hx-get" in asked.content.decode()
    run_jobs()
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_another_table_shows_other_columns(book: Path, city: User):
    file = uploaded(book, city)
    text = (
        signed_in(city)
        .get(reverse("desk:import", args=[file.pk]), {"table-0": "enterprise"})
        .content.decode()
    )
    assert "统一社会信用代码" in text


def test_what_is_wrong_with_the_columns_stays_on_the_page_with_what_was_chosen(book: Path, city: User):
    file = uploaded(book, city)
    answer = signed_in(city).post(
        reverse("desk:import_check", args=[file.pk]),
        {"table-0": "person", "column-0-0": "id", "column-0-1": "phone", "column-0-2": ""},
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "缺少个人必须有的列" in text
    assert '<option value="phone" selected>' in text


def test_what_is_wrong_with_an_upload_is_said_at_its_field(tmp_path: Path, city: User):
    client = signed_in(city)
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(b"%PDF")
    assert "不是能导入的文件" in sent(client, pdf).content.decode()
    book = write_book(tmp_path / "a.xlsx", {"个人": PEOPLE})
    assert "这样的日期" in sent(client, book, as_of="去年").content.decode()
    assert "你负责的县区" in sent(client, book, county="atlantis").content.decode()
    assert FileImport.objects.count() == 0


def test_the_file_with_its_errors_is_given_to_who_brought_it_and_that_is_on_record(book: Path, city: User):
    file = checked(book, city)
    answer = signed_in(city).get(reverse("desk:import_errors", args=[file.pk]))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert PersonalDataAccess.objects.get().subject == f"import:{file.pk}"


def test_nobody_else_sees_what_stands_in_a_file(book: Path, city: User):
    file = checked(book, city)
    for name in ("import", "import_errors"):
        assert signed_in(officer(Role.POLICY)).get(reverse(f"desk:{name}", args=[file.pk])).status_code == 404


def test_a_county_sees_its_own_batches_only(tmp_path: Path, city: User):
    batch = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE[:2]}), city).batch
    client = signed_in(officer(Role.CLERK, "weidu"))
    assert batch.title not in client.get(reverse("desk:imports")).content.decode()
    for name in ("import_batch", "import_undo"):
        assert client.get(reverse(f"desk:{name}", args=[batch.pk])).status_code == 404


def test_a_clerk_of_a_county_brings_that_countys_rows(tmp_path: Path):
    clerk = officer(Role.CLERK, "weidu")
    client = signed_in(clerk)
    sent(client, write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE[:2]}), county="weidu")
    assert FileImport.objects.get().county == "weidu"
    assert "全量" not in client.get(reverse("desk:import_new")).content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR, Role.SUPERVISOR, Role.ACCOUNTANT])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("imports", []),
        ("import_new", []),
        ("import", [uuid.uuid4()]),
        ("import_errors", [uuid.uuid4()]),
        ("import_batch", [1]),
        ("import_undo", [1]),
    ],
)
def test_other_roles_do_not_get_in(role: Role, name: str, arguments: list[Any]):
    assert signed_in(officer(role)).get(reverse(f"desk:{name}", args=arguments)).status_code == 403


def test_why_a_batch_cannot_be_taken_back_is_told_before(tmp_path: Path, city: User):
    first = imported(write_book(tmp_path / "个人.xlsx", {"个人": PEOPLE[:2]}), city)
    jobs = [["编号", "劳动者", "就业形式", "开始日期"], ["J1", "P1", "灵活就业", "2020-03-01"]]
    imported(write_book(tmp_path / "用工登记.xlsx", {"用工登记": jobs}), city)
    text = signed_in(city).get(reverse("desk:import_undo", args=[first.batch.pk])).content.decode()
    assert "现在不能撤销" in text
    assert "用工登记引用了本批次的个人" in text


def test_a_file_is_given_up(
    book: Path, city: User, data_folder: Path, django_capture_on_commit_callbacks: Any
):
    file = uploaded(book, city)
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(city).post(reverse("desk:import_drop", args=[file.pk]))
    assert answer.url == reverse("desk:imports")
    assert not list((data_folder / "imports").iterdir())
