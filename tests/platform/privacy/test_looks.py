"""A look at personal data takes a permission and a reason, and stays on record."""

from __future__ import annotations

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from officers import officer

from wenjiuye.platform.accounts.looks import log_export, unmask
from wenjiuye.platform.accounts.permissions import ALLOWED, Action, Role
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.privacy.services import PrivacyError

SUBJECT = "person:p17"


def _look(user=None) -> PersonalDataAccess:
    return unmask(user or officer(Role.REVIEWER, "jianan"), SUBJECT, "证件号", " 核对身份 ", county="jianan")


@pytest.mark.django_db
def test_a_look_is_on_record_with_who_what_and_why():
    reviewer = officer(Role.REVIEWER, "jianan")
    made = _look(reviewer)
    assert (made.user, made.kind, made.subject, made.what, made.reason) == (
        reviewer,
        "unmask",
        SUBJECT,
        "证件号",
        "核对身份",
    )


@pytest.mark.django_db
def test_an_export_is_on_record():
    assert log_export(officer(Role.SUPERVISOR), "claims:list", "120 rows", "季度督查").kind == "export"
    with pytest.raises(PermissionDenied):
        log_export(officer(Role.ADMINISTRATOR), "claims:list", "120 rows", "季度督查")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "   ", "查看", "看一下"])
def test_a_reason_that_says_nothing_is_refused(reason: str):
    with pytest.raises(PrivacyError, match="至少 4 个字"):
        unmask(officer(Role.REVIEWER), SUBJECT, "证件号", reason)
    assert not PersonalDataAccess.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(set(Role) - ALLOWED[Action.UNMASK]))
def test_other_roles_may_not_look(role: Role):
    with pytest.raises(PermissionDenied):
        unmask(officer(role), SUBJECT, "证件号", "核对身份")


@pytest.mark.django_db
def test_nor_may_another_county():
    with pytest.raises(PermissionDenied):
        unmask(officer(Role.REVIEWER, "weidu"), SUBJECT, "证件号", "核对身份", county="jianan")


_CHANGES = (
    "UPDATE privacy_personaldataaccess SET reason = 'other'",
    "DELETE FROM privacy_personaldataaccess",
    "TRUNCATE privacy_personaldataaccess",
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", _CHANGES)
def test_the_application_cannot_change_the_record(statement: str):
    _look()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", _CHANGES)
def test_nor_can_the_owner_of_the_tables_but_a_superuser_of_the_database(
    own_database, owner_url: str, statement: str
):
    _look()
    with psycopg.connect(owner_url) as owner, pytest.raises(psycopg.DatabaseError, match="only grows"):
        owner.execute(statement)
    name = connection.settings_dict["NAME"]
    with psycopg.connect(own_database.url("postgres", name)) as superuser:
        superuser.execute(statement)
    assert [one.reason for one in PersonalDataAccess.objects.all()] in ([], ["other"])
