"""Live rows of the registry by their keys, a stretch of keys at a time."""

from __future__ import annotations

import polars as pl
from django.db import connection
from psycopg import sql

from wenjiuye.platform.registry.columns import KEY, table_name

AT_ONCE = 20_000


def live_rows(table: str, keys: pl.Series, *columns: str) -> pl.DataFrame:
    """The live rows with these keys: `id` and some text columns."""
    statement = sql.SQL("SELECT {} FROM {} WHERE replaced_by_id IS NULL AND key = ANY(%s)").format(
        sql.SQL(", ").join(map(sql.Identifier, (KEY, *columns))), sql.Identifier(table_name(table))
    )
    asked = keys.drop_nulls().unique()
    found: list[tuple[str | None, ...]] = []
    with connection.cursor() as cursor:
        text = statement.as_string(cursor.connection)
        for start in range(0, asked.len(), AT_ONCE):
            cursor.execute(text, [asked.slice(start, AT_ONCE).to_list()])
            found += cursor.fetchall()
    return pl.DataFrame(found, schema=dict.fromkeys(("id", *columns), pl.String), orient="row")
