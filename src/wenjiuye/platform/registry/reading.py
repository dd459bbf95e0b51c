"""Some rows of a table of the database in kernel form, in the order in which they came."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import polars as pl
from django.db import connection
from psycopg import sql

from wenjiuye.platform.privacy.crypto import decrypt
from wenjiuye.platform.registry.columns import PERSONAL, kernel_columns, purpose, stored_name, table_name
from wenjiuye.platform.registry.statements import listed, run
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.cells import kernel_value, read_cell
from wenjiuye.population.registry.form import columns_of
from wenjiuye.rules.quantity import Kind


def read_rows(table: str, owners: Mapping[str, Collection[str]], *, personal: bool = False) -> pl.DataFrame:
    """The live rows that belong to some owners, in kernel form.

    owners: by column of the database, the keys that it may hold; a row counts if one of its columns does. personal:
    whether encrypted columns are read, too; else they are left out as unknown.
    """
    record = RECORDS[table]
    kinds = columns_of(record)
    names = [n for n in kernel_columns(record) if personal or n not in PERSONAL.get(table, ())]
    asked = {column: sorted(keys) for column, keys in owners.items() if keys}
    rows = _fetch(table, names, asked) if asked else []
    lists = [n for n, name in enumerate(names) if _is_list(record, name)]
    sealed = [(n, purpose(table, name)) for n, name in enumerate(names) if name in PERSONAL.get(table, ())]
    if lists or sealed:
        rows = [_opened(record, names, row, lists, sealed) for row in rows]
    frame = pl.DataFrame(rows, schema={name: kinds[name] for name in names}, orient="row")
    return frame.with_columns(pl.lit(None, dtype=kinds[n]).alias(n) for n in kinds if n not in names)


def _fetch(table: str, names: list[str], owners: Mapping[str, list[str]]) -> list[tuple[Any, ...]]:
    statement = sql.SQL("SELECT {} FROM {} WHERE replaced_by_id IS NULL AND ({}) ORDER BY id").format(
        listed([stored_name(name) for name in names]),
        sql.Identifier(table_name(table)),
        sql.SQL(" OR ").join(sql.SQL("{} = ANY(%s)").format(sql.Identifier(column)) for column in owners),
    )
    with connection.cursor() as cursor:
        run(cursor, statement, list(owners.values()))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _is_list(record: type[Record], name: str) -> bool:
    return name in record.facts and record.facts[name].kind is Kind.LIST


def _opened(
    record: type[Record],
    names: list[str],
    row: tuple[Any, ...],
    lists: list[int],
    sealed: list[tuple[int, str]],
) -> tuple[Any, ...]:
    cells = list(row)
    for n in lists:
        if cells[n] is not None:
            fact = record.facts[names[n]]
            cells[n] = kernel_value(fact, read_cell(fact, cells[n]))[0]
    for n, what_for in sealed:
        if cells[n] is not None:
            cells[n] = decrypt(cells[n], what_for)
    return tuple(cells)
