"""Another key takes over while people work: everything is encrypted anew, in batches, from where it was stopped."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db import DatabaseError, connection
from officers import officer

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.accounts.second_factor import secrets_encrypted_anew
from wenjiuye.platform.database import roles
from wenjiuye.platform.privacy.crypto import UnreadableData, encrypt
from wenjiuye.platform.privacy.rotation import encrypted_fields, rotate, waiting
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.models import ImportBatch, row_model


@pytest.fixture
def keys(settings: pytest.FixtureRequest):
    """Set the keys that personal data is encrypted with."""

    def use(*letters: str) -> None:
        keys = ",".join(base64.b64encode(letter.encode() * 32).decode() for letter in letters)
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"field_key": keys})

    return use


@pytest.fixture
def as_owner(owner_url: str) -> Iterator[None]:
    """The command's own connection: triggers let nobody pass but the role that owns the tables."""
    settings = connection.settings_dict
    before = settings["USER"]
    connection.close()
    settings["USER"] = roles.OWNER
    yield
    connection.close()
    settings["USER"] = before


def _field(label: str):
    return next(field for field in encrypted_fields() if str(field) == label)


def _people(number: int) -> None:
    batch = ImportBatch.objects.create(kind="whole", title="登记库", as_of="2020-11-30")
    person = row_model("person")
    person.objects.bulk_create(
        person(batch=batch.pk, key=f"p{n}", county="jianan", resident_id=f"41100219900101{n:04}", phone="")
        for n in range(number)
    )


def _stored(column: str) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM registry_person ORDER BY id")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_every_row_is_encrypted_with_the_new_key_and_reads_as_before(as_owner, keys):
    keys("a")
    _people(7)
    keys("b", "a")
    field = _field("registry.Person.resident_id")
    assert waiting(field) == 7
    assert list(rotate(field, "test", batch=3)) == [3, 3, 1]
    assert waiting(field) == 0
    keys("b")
    found = row_model("person").objects.order_by("id")
    assert [one.resident_id for one in found] == [f"41100219900101{n:04}" for n in range(7)]
    assert set(_stored("phone")) == {b""}


def test_a_run_that_was_stopped_goes_on_where_it_was(as_owner, keys):
    keys("a")
    _people(6)
    keys("b", "a")
    field = _field("registry.Person.resident_id")
    next(rotate(field, "test", batch=4))
    done = _stored("resident_id")[:4]
    assert list(rotate(field, "test", batch=4)) == [2]
    assert _stored("resident_id")[:4] == done
    assert list(rotate(field, "test")) == []


def test_without_the_old_key_nothing_is_lost(as_owner, keys):
    keys("a")
    _people(2)
    before = _stored("resident_id")
    keys("b")
    with pytest.raises(UnreadableData, match="WENJIUYE_FIELD_KEY"):
        list(rotate(_field("registry.Person.resident_id"), "test"))
    assert _stored("resident_id") == before


def test_the_application_cannot_pass_the_watch_even_by_raw_sql(own_database, keys):
    keys("a")
    _people(1)
    triggers = [one.get_pgid(row_model("person")) for one in row_model("person")._meta.triggers]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, false)", ["{" + ",".join(triggers) + "}"])
        with pytest.raises(DatabaseError):
            cursor.execute("UPDATE registry_person SET phone = 'x'")


def test_what_somebody_writes_meanwhile_is_kept(as_owner, keys, monkeypatch):
    keys("a")
    _people(1)
    keys("b", "a")
    field = _field("registry.Person.resident_id")
    meanwhile = encrypt("other", field.purpose)

    def slow(text: str, purpose: str) -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE registry_person SET resident_id = %s", [meanwhile])
        return encrypt(text, purpose)

    monkeypatch.setattr("wenjiuye.platform.privacy.rotation.encrypt", slow)
    list(rotate(field, "test"))
    assert _stored("resident_id") == [meanwhile]


def test_the_watch_over_rows_is_back_afterwards(as_owner, keys):
    keys("a")
    _people(1)
    keys("b", "a")
    list(rotate(_field("registry.Person.resident_id"), "test"))
    with pytest.raises(DatabaseError), on_record("x", "test"):
        row_model("person").objects.update(resident_id="other")


@pytest.mark.django_db
def test_secrets_of_second_factors_take_the_new_key_too(keys):
    keys("a")
    clerk, secret = officer(Role.CLERK), generate_totp_secret()
    TOTP.activate(clerk, secret)
    codes = RecoveryCodes.activate(clerk).get_unused_codes()
    keys("b", "a")
    assert secrets_encrypted_anew() == 2
    assert secrets_encrypted_anew() == 0
    keys("b")
    assert RecoveryCodes.activate(clerk).get_unused_codes() == codes


def test_the_command_does_all_of_it(as_owner, keys, capsys):
    keys("a")
    _people(2)
    keys("b", "a")
    call_command("rotate_keys")
    assert "registry.Person.resident_id: 2 / 2" in capsys.readouterr().out
    assert not any(waiting(field) for field in encrypted_fields())
