"""One table of a batch: new rows take the place of those alike; nothing is changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

from wenjiuye.platform.registry.columns import PERSONAL, hash_column, identity, table_name
from wenjiuye.platform.registry.copy_in import Copied, copy_rows, stored_columns
from wenjiuye.platform.registry.models import ImportBatch, row_model
from wenjiuye.platform.registry.statements import Part, listed, run
from wenjiuye.policy.registry import Record

_LOCK = 7_301_994
"""The number of the lock that whoever changes the registry holds to the end of the transaction."""
_STAGED = "registry_staged"


def lock_registry() -> None:
    """Wait until nobody else changes the registry; a large table may take its time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def load_table(record: type[Record], files: Iterable[Path], batch: ImportBatch) -> Copied:
    """Bring the rows of some files into a table as a batch, inside a transaction."""
    files = tuple(files)
    live = row_model(record.id).objects.filter(replaced_by__isnull=True)
    if batch.kind == ImportBatch.Kind.WHOLE:
        live.update(replaced_by=batch.pk)
    with connection.cursor() as cursor:
        if not live.exists():
            return copy_rows(record, files, cursor, table_name(record.id), batch.pk)
        columns = stored_columns(record, files)
        _stage(cursor, record, columns)
        copied = copy_rows(record, files, cursor, _STAGED, None)
        if record.keyed:
            _drop_unchanged(cursor, record, columns)
        _replace(cursor, record, columns, batch)
        put_in(cursor, record, columns, batch, Part(sql.Identifier(_STAGED)))
        run(cursor, sql.SQL("DROP TABLE {}").format(sql.Identifier(_STAGED)))
        return copied


def put_in(
    cursor: Any, record: type[Record], columns: Sequence[str], batch: ImportBatch, source: Part
) -> None:
    """Insert the rows of a table or query as rows of a batch, in the order of its column `n`."""
    statement = sql.SQL(
        "INSERT INTO {table} ({names}, batch_id) SELECT {names}, %s FROM {source} s ORDER BY n"
    ).format(table=sql.Identifier(table_name(record.id)), names=listed(columns), source=source.text)
    run(cursor, statement, [batch.pk, *source.parameters])


def _stage(cursor: Any, record: type[Record], columns: Sequence[str]) -> None:
    staged = sql.Identifier(_STAGED)
    create = sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
    run(cursor, create.format(staged, listed(columns), sql.Identifier(table_name(record.id))))
    run(cursor, sql.SQL("ALTER TABLE {} ADD n bigint GENERATED ALWAYS AS IDENTITY").format(staged))


def _alike(columns: Iterable[str], how: str) -> list[sql.Composable]:
    return [sql.SQL(f"t.{{0}} {how} s.{{0}}").format(sql.Identifier(name)) for name in columns]


def _drop_unchanged(cursor: Any, record: type[Record], columns: Sequence[str]) -> None:
    """Rows that say what the live row says stay out: it holds on."""
    sealed = PERSONAL.get(record.id, ())
    compared = dict.fromkeys(hash_column(name) if name in sealed else name for name in columns)
    statement = sql.SQL(
        "DELETE FROM {} s USING {} t WHERE t.replaced_by_id IS NULL AND t.key = s.key AND {}"
    ).format(
        sql.Identifier(_STAGED),
        sql.Identifier(table_name(record.id)),
        sql.SQL(" AND ").join(_alike(compared, "IS NOT DISTINCT FROM")),
    )
    run(cursor, statement)


def _replace(cursor: Any, record: type[Record], columns: Sequence[str], batch: ImportBatch) -> None:
    """Rows of earlier batches that are alike in their identity name this batch as what replaced them."""
    given = [name for name in identity(record) if name in columns]
    sure = [name for name in given if name == "key" or name in record.required]
    alike = _alike(sure, "=") + _alike([name for name in given if name not in sure], "IS NOT DISTINCT FROM")
    absent = [name for name in identity(record) if name not in columns]
    alike += [sql.SQL("t.{} IS NULL").format(sql.Identifier(name)) for name in absent]
    statement = sql.SQL(
        "UPDATE {} t SET replaced_by_id = %s FROM (SELECT DISTINCT {} FROM {}) s WHERE t.replaced_by_id IS NULL AND {}"
    ).format(
        sql.Identifier(table_name(record.id)),
        listed(given),
        sql.Identifier(_STAGED),
        sql.SQL(" AND ").join(alike),
    )
    run(cursor, statement, [batch.pk])
