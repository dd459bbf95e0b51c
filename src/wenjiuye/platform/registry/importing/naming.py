"""Keys of persons whom a file names by their resident id: the number itself never becomes a key.

A person whom the file or the registry knows has the key that is there; another gets one that follows from the number by
a keyed hash, so that the same person has the same key in every file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from wenjiuye.platform.privacy.crypto import keyed_hash
from wenjiuye.platform.registry.columns import hash_column, purpose, refers_to
from wenjiuye.platform.registry.importing.live import AT_ONCE
from wenjiuye.platform.registry.models import row_model
from wenjiuye.population.identifiers import RESIDENT_ID
from wenjiuye.population.registry.staged import Staged

_NUMBER = r"^[0-9]{17}[0-9Xx]$"
_DIGITS = 20
PERSON = "person"


def named_key(number: str) -> str:
    """The key of a person of whom nothing but the resident id is known."""
    return "R" + keyed_hash(number, purpose(PERSON, RESIDENT_ID)).hex()[:_DIGITS].upper()


def name_persons(table: Staged, tables: Mapping[str, Staged]) -> None:
    """Write the keys of persons into a table where resident ids stand for them. tables: of the same file."""
    columns = [name for name, target in refers_to(table.record).items() if target == PERSON]
    columns += ["id"] if table.record.id == PERSON else []
    for piece in table.pieces:
        frame = pl.read_parquet(piece.path)
        there = [name for name in columns if name in frame.columns]
        numbers = _numbers(frame, there)
        if numbers.len():
            keys = {
                **_live_keys(numbers),
                **({} if table.record.id == PERSON else _own_keys(numbers, tables)),
            }
            frame.with_columns(pl.col(name).replace(keys) for name in there).write_parquet(piece.path)


def _numbers(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    cells = [pl.Series("number", [], dtype=pl.String), *(frame[name].alias("number") for name in columns)]
    found = pl.concat(cells).drop_nulls().unique()
    return found.filter(found.str.contains(_NUMBER))


def _own_keys(numbers: pl.Series, tables: Mapping[str, Staged]) -> dict[str, str]:
    """Those of persons who stand in the same file with an id of their own."""
    persons = tables.get(PERSON)
    if persons is None or RESIDENT_ID not in persons.columns:
        return {}
    known = persons.scan(RESIDENT_ID, "id").filter(pl.col(RESIDENT_ID).is_in(numbers.implode()))
    rows = known.select(RESIDENT_ID, "id").drop_nulls().collect(engine="streaming")
    return dict(rows.iter_rows())


def _live_keys(numbers: pl.Series) -> dict[str, str]:
    """Those of persons in the registry; of others the key that follows from the number."""
    hashed = {keyed_hash(number, purpose(PERSON, RESIDENT_ID)): number for number in numbers}
    found = {number: named_key(number) for number in numbers}
    marks, column = list(hashed), hash_column(RESIDENT_ID)
    persons = row_model(PERSON).objects.filter(replaced_by__isnull=True).of_case()
    for start in range(0, len(marks), AT_ONCE):
        rows = persons.filter(**{f"{column}__in": marks[start : start + AT_ONCE]}).order_by("-id")
        for key, mark in rows.values_list("key", column):
            found[hashed[bytes(mark)]] = key
    return found
