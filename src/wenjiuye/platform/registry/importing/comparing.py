"""How many rows of a checked table are new, changed or as they are; what a whole import takes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.db import connection, transaction
from psycopg import sql

from wenjiuye.platform.registry.columns import KEY, PERSONAL, hash_column, identity, table_name
from wenjiuye.platform.registry.copy_in import copy_rows, stored_columns
from wenjiuye.policy.registry import Record

_CHECKED = "registry_checked"


@dataclass(frozen=True)
class Compared:
    """Rows of a table by what they would do. gone: live rows that a whole import takes out."""

    new: int
    changed: int
    same: int
    gone: int = 0


def compare(record: type[Record], file: Path, *, whole: bool) -> Compared:
    """Compare a file in kernel form with the live rows of its table. Nothing is changed."""
    if not pl.scan_parquet(file).select(pl.len()).collect().item():
        return Compared(0, 0, 0, _live_rows(record) if whole else 0)
    columns = stored_columns(record, [file])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        _run(
            cursor,
            "CREATE TEMP TABLE {s} ON COMMIT DROP AS SELECT {names} FROM {t} WITH NO DATA",
            record,
            columns,
        )
        copy_rows(record, [file], cursor, _CHECKED, None)
        _run(cursor, "ANALYZE {s}", record)
        _run(cursor, _COUNT, record, columns)
        new, changed, same = cursor.fetchone()
        gone = 0
        if whole:
            _run(cursor, _GONE, record, columns)
            (gone,) = cursor.fetchone()
        _run(cursor, "DROP TABLE {s}", record)
    return Compared(new, changed, same, gone)


_COUNT = """
SELECT count(*) FILTER (WHERE NOT there), count(*) FILTER (WHERE there AND NOT alike), count(*) FILTER (WHERE alike)
FROM (
    SELECT EXISTS (SELECT 1 FROM {t} t WHERE t.replaced_by_id IS NULL AND {known}) AS there,
        EXISTS (SELECT 1 FROM {t} t WHERE t.replaced_by_id IS NULL AND {known} AND {alike}) AS alike
    FROM {s} s
) rows
"""
_GONE = """
SELECT count(*) FROM {t} t WHERE t.replaced_by_id IS NULL AND NOT EXISTS (SELECT 1 FROM {s} s WHERE {known})
"""


def _run(cursor: Any, statement: str, record: type[Record], columns: Sequence[str] = ()) -> None:
    composed = sql.SQL(statement).format(
        s=sql.Identifier(_CHECKED),
        t=sql.Identifier(table_name(record.id)),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        known=_known(record, columns),
        alike=_alike(record, columns),
    )
    cursor.execute(composed.as_string(cursor.connection))


def _known(record: type[Record], columns: Sequence[str]) -> sql.Composable:
    """That two rows are of the same thing, as `loading` has it: by what is always there, then by the rest."""
    required = {KEY, *record.required}
    parts = []
    for name in identity(record):
        if name not in columns:
            parts.append(sql.SQL("t.{} IS NULL").format(sql.Identifier(name)))
        else:
            how = "t.{0} = s.{0}" if name in required else "t.{0} IS NOT DISTINCT FROM s.{0}"
            parts.append(sql.SQL(how).format(sql.Identifier(name)))
    return sql.SQL(" AND ").join(parts)


def _alike(record: type[Record], columns: Sequence[str]) -> sql.Composable:
    """That two rows say the same in every column that the file has; of what is encrypted the hash tells it."""
    sealed = PERSONAL.get(record.id, ())
    names = dict.fromkeys(hash_column(name) if name in sealed else name for name in columns)
    if not names:
        return sql.SQL("true")
    return sql.SQL(" AND ").join(
        sql.SQL("t.{0} IS NOT DISTINCT FROM s.{0}").format(sql.Identifier(name)) for name in names
    )


def _live_rows(record: type[Record]) -> int:
    with connection.cursor() as cursor:
        _run(cursor, "SELECT count(*) FROM {t} t WHERE t.replaced_by_id IS NULL", record)
        return int(cursor.fetchone()[0])
