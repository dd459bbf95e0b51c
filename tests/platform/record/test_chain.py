"""The chain of decisions only grows, and every break in it is found."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from wenjiuye.platform.record import chain
from wenjiuye.platform.record.models import Link


@pytest.mark.django_db
def test_links_hold_and_the_database_makes_the_hash_that_python_checks():
    for number in range(3):
        chain.append("decision", f"claim-{number}", {"amount": number, "why": "禾木家居"})
    assert chain.verify() == (3, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE record_link SET body = ''", "DELETE FROM record_link", "TRUNCATE record_link"],
)
def test_the_application_cannot_rewrite_the_chain(statement: str):
    chain.append("decision", "claim", {})
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "seq", "words"),
    [
        ("UPDATE record_link SET body = replace(body, '1', '9') WHERE seq = 2", 2, "hash"),
        ("DELETE FROM record_link WHERE seq = 2", 2, "missing"),
        ("DELETE FROM record_link WHERE seq = 3", 3, "at the end"),
    ],
)
def test_what_somebody_with_all_rights_changes_is_found(own_database, statement: str, seq: int, words: str):
    for number in (1, 1, 1):
        chain.append("decision", "claim", {"amount": number})
    name = connection.settings_dict["NAME"]
    with psycopg.connect(own_database.url("postgres", name), autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(statement)
    _, broken = chain.verify()
    assert broken is not None
    assert (broken.seq, words in broken.en) == (seq, True)


@pytest.mark.django_db
def test_a_decision_whose_work_is_rolled_back_leaves_no_link():
    with transaction.atomic():
        chain.append("decision", "claim", {})
        transaction.set_rollback(True)
    assert Link.objects.count() == 0
    assert chain.verify() == (0, None)
