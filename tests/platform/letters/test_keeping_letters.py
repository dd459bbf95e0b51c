"""Letters are kept as they went out: unchangeable, readable in their county, made again to the same bytes."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta

import letter_samples
import pdf_text
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from letter_samples import MATTER, accepted, correction, granted, refused

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.accounts.scope import UnscopedQuery, request_scope
from wenjiuye.platform.evidence import files
from wenjiuye.platform.letters import tasks
from wenjiuye.platform.letters.errors import IncompleteLetter, LostLetter
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.services import data_of, issue, read, set_again, sweep, verify_all

NOW = timedelta(0)


def officer(name: str, role: Role, county: str) -> User:
    user = User.objects.create_user(username=name, name=name)
    Appointment.objects.create(user=user, role=role, county=county)
    return user


@pytest.fixture
def approver(db: None) -> User:
    return officer("approver", Role.APPROVER, "jianan")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", [granted, refused, correction, accepted])
def test_a_letter_made_again_from_what_is_stored_has_the_stored_hash(approver, make, lang):
    made = issue(make(), lang, county="jianan", by=approver)
    letter = Letter.objects.of_case().get(pk=made.pk)
    assert data_of(letter) == make()
    assert files.sha256(set_again(letter)) == letter.sha256
    assert read(letter, approver) == set_again(letter)
    assert (letter.kind, letter.lang, letter.county) == (make.__name__, lang, "jianan")
    assert (letter.claim, letter.number, letter.made_by) == (MATTER.claim, MATTER.number, approver)
    assert "typst 0" in letter.made_with


@pytest.mark.django_db
def test_names_stand_encrypted_in_the_database(approver):
    issue(granted(matter=replace(MATTER, applicant="欧阳测试")), "zh", county="jianan", by=approver)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data, letters_letter::text FROM letters_letter")
        data, row = cursor.fetchone()
    assert "欧阳测试".encode() not in bytes(data)
    assert "欧阳" not in row


def test_a_letter_is_read_in_its_county_and_nowhere_else(approver):
    letter = issue(granted(), "zh", county="jianan", by=approver)
    with pytest.raises(PermissionDenied):
        read(letter, officer("elsewhere", Role.CLERK, "yuzhou"))
    with pytest.raises(PermissionDenied):
        read(letter, officer("administrator", Role.ADMINISTRATOR, ""))
    assert "人民币" in pdf_text.whole(read(letter, officer("auditor", Role.AUDITOR, "")))


def test_in_a_request_letters_are_read_by_jurisdiction(approver):
    issue(granted(), "zh", county="jianan", by=approver)
    elsewhere = officer("elsewhere", Role.CLERK, "yuzhou")
    with request_scope():
        with pytest.raises(UnscopedQuery):
            list(Letter.objects.all())
        assert Letter.objects.visible_to(approver, Action.SEE_LETTERS).count() == 1
        assert Letter.objects.visible_to(elsewhere, Action.SEE_LETTERS).count() == 0


@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"claim": "x"}, {"county": "yuzhou"}, {"lang": "en"}]
)
def test_a_letter_cannot_be_changed(approver, change):
    issue(granted(), "zh", county="jianan", by=approver)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Letter.objects.of_case().update(**change)


def test_a_letter_cannot_be_deleted(approver):
    letter = issue(granted(), "zh", county="jianan", by=approver)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        letter.delete()


def test_changed_and_missing_letters_are_named_and_not_given_out(approver, data_folder, caplog):
    whole, changed, missing = (
        issue(granted(matter=replace(MATTER, number=f"{n}号")), "zh", county="jianan", by=approver)
        for n in "123"
    )
    path = files.place(data_folder / "letters", changed.stored_name)
    path.write_bytes(path.read_bytes() + b" ")
    files.place(data_folder / "letters", missing.stored_name).unlink()
    with pytest.raises(LostLetter, match=r"“准予决定书 2号”.*不一致"):
        read(changed, approver)
    with pytest.raises(LostLetter, match="找不到文书“准予决定书 3号”"):
        read(missing, approver)
    assert read(whole, approver)
    assert {(fault.id, fault.problem) for fault in verify_all()} == {
        (changed.pk, "changed"),
        (missing.pk, "missing"),
    }
    tasks.verify(timestamp=0)
    assert {str(pk) in caplog.text for pk in (changed.pk, missing.pk)} == {True}
    assert str(whole.pk) not in caplog.text


def test_a_letter_that_is_not_whole_leaves_neither_row_nor_file(approver, data_folder):
    with pytest.raises(IncompleteLetter):
        issue(granted(matter=replace(MATTER, number="")), "zh", county="jianan", by=approver)
    assert Letter.objects.of_case().count() == 0
    assert not (data_folder / "letters").exists()


def test_a_letter_whose_decision_was_rolled_back_is_swept(own_database, data_folder):
    approver = officer("approver", Role.APPROVER, "jianan")
    kept = issue(granted(), "zh", county="jianan", by=approver)
    with transaction.atomic():
        lost = issue(refused(), "zh", county="jianan", by=approver)
        transaction.set_rollback(True)
    assert sweep() == []
    old = files.place(data_folder / "letters", files.keep(data_folder / "letters", b"old"))
    yesterday = time.time() - 86400
    os.utime(old, (yesterday, yesterday))
    tasks.sweep(timestamp=0)
    assert not old.exists()
    assert sweep(NOW) == [lost.stored_name]
    assert [row.pk for row in Letter.objects.all()] == [kept.pk]
    assert read(kept, approver)


def test_the_samples_are_of_the_policy_itself() -> None:
    assert letter_samples.decided("hiring_subsidy", letter_samples.HIRE)["verdict"] == "eligible"
