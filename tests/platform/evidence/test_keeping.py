"""Kept files: given out only with permission and on record, unchangeable, swept when orphaned, told when lost."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from evidence_samples import ofd_entries, officer, pdf_bytes, zip_bytes

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.accounts.scope import UnscopedQuery, request_scope
from wenjiuye.platform.evidence import files, tasks
from wenjiuye.platform.evidence.errors import LostFile, NoReason
from wenjiuye.platform.evidence.models import StoredFile
from wenjiuye.platform.evidence.services import open_file, same_content, sweep, take_in, verify_all
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record.context import on_record

NOW = timedelta(0)


@pytest.mark.django_db
def test_a_look_gives_the_bytes_and_is_on_record_with_its_reason(take, clerk):
    stored = take(zip_bytes(ofd_entries()), "发票.ofd")
    assert files.sha256(open_file(stored, clerk, " 核对金额 ")) == stored.sha256
    (look,) = PersonalDataAccess.objects.all()
    assert (look.user, look.kind, look.reason) == (clerk, "evidence", "核对金额")
    assert (look.subject, look.what) == (f"evidence:{stored.pk}", "发票.ofd")


@pytest.mark.django_db
def test_nobody_without_permission_in_the_county_gets_a_byte(take, elsewhere):
    stored = take(pdf_bytes(), "合同.pdf")
    accountant = officer("accountant", Role.ACCOUNTANT, "jianan")
    for user in (elsewhere, accountant):
        with pytest.raises(PermissionDenied):
            open_file(stored, user, "核对")
    auditor = officer("auditor", Role.AUDITOR, "")
    assert open_file(stored, auditor, "抽查")
    assert [look.user for look in PersonalDataAccess.objects.all()] == [auditor]


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_look_without_a_reason_is_refused(take, clerk, reason):
    stored = take(pdf_bytes(), "合同.pdf")
    with pytest.raises(NoReason, match=r"“合同\.pdf”"):
        open_file(stored, clerk, reason)


@pytest.mark.django_db
def test_a_changed_or_missing_file_is_named_and_not_given_out(take, clerk, data_folder, caplog):
    whole, changed, missing = (take(pdf_bytes(n), f"{n}.pdf") for n in (1, 2, 3))
    path = files.place(data_folder / "evidence", changed.stored_name)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    files.place(data_folder / "evidence", missing.stored_name).unlink()
    with pytest.raises(LostFile, match=r"“2\.pdf”.*不一致"):
        open_file(changed, clerk, "核对")
    with pytest.raises(LostFile, match=r"找不到材料“3\.pdf”"):
        open_file(missing, clerk, "核对")
    assert open_file(whole, clerk, "核对")
    faults = {(fault.id, fault.name, fault.problem) for fault in verify_all()}
    assert faults == {(changed.pk, "2.pdf", "changed"), (missing.pk, "3.pdf", "missing")}
    tasks.verify(timestamp=0)
    assert {(str(pk) in caplog.text) for pk in (changed.pk, missing.pk)} == {True}
    assert str(whole.pk) not in caplog.text
    assert PersonalDataAccess.objects.count() == 1


# ── Rows


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "x"),
        ("sha256", "0" * 64),
        ("county", "yuzhou"),
        ("stored_name", "x"),
        ("bytes", 1),
        ("pages", 9),
    ],
)
def test_what_a_row_says_of_the_content_cannot_be_changed(take, clerk, column, value):
    stored = take(pdf_bytes(), "合同.pdf")
    with (
        pytest.raises(DatabaseError, match="neither changed nor deleted"),
        transaction.atomic(),
        on_record(clerk, "x"),
    ):
        StoredFile.objects.of_case().filter(pk=stored.pk).update(**{column: value})


@pytest.mark.django_db
def test_a_row_cannot_be_deleted_and_its_scan_state_only_with_who_and_why(take, clerk):
    stored = take(pdf_bytes(), "合同.pdf")
    with (
        pytest.raises(DatabaseError, match="neither changed nor deleted"),
        transaction.atomic(),
        on_record(clerk, "x"),
    ):
        stored.delete()
    with pytest.raises(DatabaseError, match="who and why"), transaction.atomic():
        StoredFile.objects.of_case().update(scan="clean")
    with pytest.raises(IntegrityError), transaction.atomic(), on_record(clerk, "x"):
        StoredFile.objects.of_case().update(scan="probably")


@pytest.mark.django_db
def test_in_a_request_files_are_read_by_jurisdiction(take, elsewhere, clerk):
    take(pdf_bytes(), "合同.pdf")
    with request_scope():
        with pytest.raises(UnscopedQuery):
            list(StoredFile.objects.all())
        assert StoredFile.objects.visible_to(clerk, Action.SEE_EVIDENCE).count() == 1
        assert StoredFile.objects.visible_to(elsewhere, Action.SEE_EVIDENCE).count() == 0


@pytest.mark.django_db
def test_the_same_paper_handed_in_elsewhere_is_found_even_in_a_request(take, elsewhere):
    paper = pdf_bytes(2)
    first = take(paper, "合同.pdf")
    take(pdf_bytes(3), "另一份.pdf")
    again = take_in(BytesIO(paper), "改了名.pdf", county="yuzhou", by=elsewhere)
    with request_scope():
        assert [file.pk for file in same_content(first)] == [again.pk]
        assert [file.pk for file in same_content(again)] == [first.pk]


# ── Orphans


def test_a_file_whose_transaction_was_rolled_back_is_swept_and_others_stay(own_database, data_folder):
    clerk = User.objects.create_user(username="clerk", name="王宁")
    Appointment.objects.create(user=clerk, role=Role.CLERK, county="jianan")
    kept = take_in(BytesIO(pdf_bytes()), "留.pdf", county="jianan", by=clerk)
    with transaction.atomic():
        lost = take_in(BytesIO(pdf_bytes()), "退.pdf", county="jianan", by=clerk)
        transaction.set_rollback(True)
    folder = data_folder / "evidence"
    assert [row.pk for row in StoredFile.objects.all()] == [kept.pk]
    assert files.place(folder, lost.stored_name).exists()
    assert sweep() == []
    cut_off = files.place(folder, kept.stored_name).with_name("half.new")
    cut_off.write_bytes(b"half")
    assert sweep(NOW) == sorted(["half.new", lost.stored_name])
    assert files.place(folder, kept.stored_name).exists()


@pytest.mark.django_db
def test_a_young_file_is_left_because_its_transaction_may_be_under_way(data_folder):
    folder = data_folder / "evidence"
    young, old = files.keep(folder, b"young"), files.keep(folder, b"old")
    yesterday = time.time() - 86400
    os.utime(files.place(folder, old), (yesterday, yesterday))
    tasks.sweep(timestamp=0)
    assert not files.place(folder, old).exists()
    assert files.place(folder, young).exists()


@pytest.mark.django_db
def test_a_disk_that_is_full_leaves_no_row_and_no_file(take, monkeypatch, data_folder):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        take(pdf_bytes(), "合同.pdf")
    assert StoredFile.objects.of_case().count() == 0
    assert [path.suffix for path in (data_folder / "evidence").glob("??/??/*")] == [".new"]
