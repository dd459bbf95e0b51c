"""How far a load is: it runs in one transaction, so that only the database itself can tell."""

from __future__ import annotations

from django.db import connection

_COPIED = """
SELECT max(p.tuples_processed) FROM pg_stat_progress_copy p JOIN pg_class c ON c.oid = p.relid
WHERE c.relname LIKE 'registry%%' AND c.relname <> 'registry_checked'
"""


def rows_in_table() -> int | None:
    """Rows of the table that is being loaded which are in already; None: none is being copied now."""
    with connection.cursor() as cursor:
        cursor.execute(_COPIED, [])
        found: int | None = cursor.fetchone()[0]
    return found
