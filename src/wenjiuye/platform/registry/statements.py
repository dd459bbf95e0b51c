"""Statements composed of names and parameters, run so that who and why go along with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import sql


@dataclass(frozen=True)
class Part:
    """A piece of a statement with the parameters of its placeholders."""

    text: sql.Composable
    parameters: tuple[Any, ...] = ()


def part(text: str, *parameters: Any, **names: sql.Composable) -> Part:
    """A piece from a template: `{name}` stands for an identifier or another piece of text, `%s` for a parameter."""
    return Part(sql.SQL(text).format(**names), parameters)


def run(cursor: Any, statement: sql.Composable, parameters: Sequence[Any] = ()) -> int:
    """Run a statement; the number of rows that it changed.

    What keeps the history of changes puts parameters of its own before, and wants plain text.
    """
    cursor.execute(statement.as_string(None), list(parameters))
    changed: int = cursor.rowcount
    return changed


def listed(names: Sequence[str]) -> sql.Composable:
    """Names of columns with commas between."""
    return sql.SQL(", ").join(map(sql.Identifier, names))
