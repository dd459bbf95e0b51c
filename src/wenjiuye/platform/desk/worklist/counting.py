"""Counts that never cost more than they are worth: beyond ten thousand nobody needs to know it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

MOST = 10_000
"""Counting stops here."""


def told(number: int) -> str:
    """A count as it is shown: 1,204, or 10,000+."""
    return f"{MOST:,}+" if number > MOST else f"{number:,}"


def counts(named: Mapping[str, Any]) -> dict[str, int]:
    """How many rows each queryset has, at most one more than `MOST`; all in one query."""
    found = dict.fromkeys(named, 0)
    parts, parameters = {}, []
    for name, rows in named.items():
        try:
            text, given = rows.order_by().values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts[name] = f"(SELECT count(*) FROM ({text}) rows)"
        parameters += given
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts.values()), parameters)
            found |= dict(zip(parts, cursor.fetchone(), strict=True))
    return found
