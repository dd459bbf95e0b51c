"""Another key for personal data, while people work: what older keys have encrypted is encrypted with the first one.

First put the new key in front of the old one in WENJIUYE_FIELD_KEY and start the system again; then rotate; then take
the old key away. A run that was stopped goes on where it was, since what is done is known by its first bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from wenjiuye.platform.privacy.crypto import PREFIX, current_prefix, decrypt, encrypt
from wenjiuye.platform.privacy.fields import EncryptedText
from wenjiuye.platform.record.context import on_record

BATCH = 1000
"""So many rows are changed in one transaction."""


def encrypted_fields() -> list[EncryptedText]:
    """Every encrypted column of the database, those of histories as well."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, EncryptedText)
    ]


def waiting(field: EncryptedText) -> int:
    """How many rows of a column are still encrypted with an older key."""
    with connection.cursor() as cursor:
        cursor.execute(_statement("SELECT count(*) FROM {table} WHERE {outdated}", field), [current_prefix()])
        return int(cursor.fetchone()[0])


def rotate(field: EncryptedText, by: Any, batch: int = BATCH) -> Iterator[int]:
    """Encrypt a column anew, batch by batch; yields how many rows each took. As the owner of the tables.

    Triggers that watch over the content stay out of it, for the owner alone: the content does not change.
    UnreadableData: an older key is missing; what was done until then stays done.
    """
    triggers = [f"{field.model._meta.label}:{one.name}" for one in getattr(field.model._meta, "triggers", ())]
    last = None
    while True:
        with on_record(by, "rotate keys"), _without(triggers), transaction.atomic():
            rows = _outdated(field, last, batch)
            if rows:
                _write(
                    field,
                    [(pk, old, encrypt(decrypt(old, field.purpose), field.purpose)) for pk, old in rows],
                )
        if not rows:
            return
        last = rows[-1][0]
        yield len(rows)


def _without(triggers: list[str]) -> Any:
    return pgtrigger.ignore(*triggers) if triggers else nullcontext()


def _statement(text: str, field: EncryptedText) -> str:
    meta = field.model._meta
    column = sql.Identifier(field.column)
    outdated = sql.SQL("length({column}) > 0 AND substring({column} from 1 for {prefix}) <> %s")
    composed = sql.SQL(text).format(
        table=sql.Identifier(meta.db_table),
        key=sql.Identifier(meta.pk.column),
        key_type=sql.SQL(meta.pk.rel_db_type(connection)),
        column=column,
        outdated=outdated.format(column=column, prefix=sql.Literal(PREFIX)),
    )
    return composed.as_string()


def _outdated(field: EncryptedText, last: Any, batch: int) -> list[tuple[Any, bytes]]:
    further, values = ("", []) if last is None else ("AND {key} > %s ", [last])
    query = "SELECT {key}, {column} FROM {table} WHERE {outdated} " + further + "ORDER BY {key} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(_statement(query, field), [current_prefix(), *values, batch])
        return [(pk, bytes(old)) for pk, old in cursor.fetchall()]


def _write(field: EncryptedText, rows: list[tuple[Any, bytes, bytes]]) -> None:
    """Only where the bytes are still those that were read: somebody may have written meanwhile."""
    query = (
        "UPDATE {table} SET {column} = new.sealed FROM unnest(%s::{key_type}[], %s::bytea[], %s::bytea[]) "
        "AS new (key, old, sealed) WHERE {table}.{key} = new.key AND {table}.{column} = new.old"
    )
    with connection.cursor() as cursor:
        cursor.execute(_statement(query, field), [list(column) for column in zip(*rows, strict=True)])
