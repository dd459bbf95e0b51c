"""Finding a name by any part of it, also by two characters, as most Chinese names and brands are.

An index of trigrams finds nothing by two characters. With every character written twice, two of them are four, and
the trigrams of those stand for the pair.
"""

from __future__ import annotations

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Contains

SHORTEST = 2
"""So many characters can be searched for."""


def in_pairs(column: str) -> Func:
    """A column in capitals with every character twice, as an expression for an index and for queries."""
    return Func(
        Upper(column),
        Value("(.)"),
        Value(r"\1\1"),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )


def name_contains(column: str, part: str) -> Q:
    """Rows whose name has the part somewhere, whatever its case."""
    return Q(Contains(in_pairs(column), "".join(2 * one for one in part.upper())))
