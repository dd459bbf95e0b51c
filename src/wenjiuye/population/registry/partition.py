"""One part of an arranged registry: all rows that its own subjects need, and nothing else.

A part stands alone: it can be computed on any machine, in any order. Rows of people who live elsewhere but
work here are guests: they are looked up, not decided.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import RECORDS
from wenjiuye.rules.batch_lowering import fact_columns

OWNERSHIP: Mapping[str, pl.DataType] = {
    "person": pl.String(),
    "enterprise": pl.String(),
    **fact_columns(RECORDS["enterprise"].facts["legal_form"], "legal_form"),
    "registered_on": pl.Date(),
    "deregistered_on": pl.Date(),
    "small": pl.Boolean(),
}
"""Columns of the table that parts have on top: who owns which firm from when to when. Whether it is micro or small
is told on a day, so it is in no file."""

HOME = "#home"
"""Column of tables whose rows are decided: whether this part decides the row, or only looks it up."""


def number_of(relation: str) -> str:
    """The column with the number of the person or firm that a relation names (UInt32, null: not in this part).

    A number is the place of the row in the part's own table of people or firms; people of whom there are only
    rows in other tables come after those. A join on numbers takes a quarter of the time of one on ids.
    """
    return f"{relation}#"


def declared(table: str) -> dict[str, pl.DataType]:
    """The columns of a table in kernel form, all of them."""
    if table == "ownership":
        return dict(OWNERSHIP)
    record = RECORDS[table]
    columns: dict[str, pl.DataType] = {"id": pl.String()} if record.keyed else {}
    columns |= {name: pl.String() for name in (*record.relations, *record.texts)}
    for fact in record.facts.values():
        columns |= fact_columns(fact, fact.id)
    return columns


class Table:
    """A table of a part, in its files or in memory. A column is read when it is first asked for, and kept."""

    def __init__(self, name: str, files: tuple[Path, ...] = (), held: pl.DataFrame | None = None) -> None:
        self._declared = declared(name)
        self._files = files
        self._held = pl.DataFrame() if held is None else held
        self._in_memory = () if held is None else tuple(held.columns)

    @cached_property
    def _stored(self) -> tuple[str, ...]:
        return tuple(pl.read_parquet_schema(self._files[0])) if self._files else self._in_memory

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns; those that are declared and not stored are unknown in every row."""
        return (*self._stored, *(name for name in self._declared if name not in self._stored))

    def take(self, wanted: Iterable[str]) -> pl.DataFrame:
        """Some columns of all rows."""
        names = list(dict.fromkeys(wanted))
        self._read([name for name in names if name in self._stored])
        lacking = [name for name in names if name not in self._held.columns]
        if lacking:
            if not self._held.width:
                self._read(list(self._stored[:1]))
            self._held = self._held.hstack([self._unknown(name) for name in lacking])
        return self._held.select(names)

    def _unknown(self, name: str) -> pl.Series:
        return pl.Series(name, [None], dtype=self._declared[name]).new_from_index(0, self._held.height)

    def _read(self, names: list[str]) -> None:
        new = [name for name in names if name not in self._held.columns]
        if new:
            frames = [pl.read_parquet(file, columns=new, hive_partitioning=False) for file in self._files]
            read = pl.concat(frames)
            self._held = self._held.hstack(read) if self._held.width else read


class PartTables(Mapping[str, pl.DataFrame]):
    """The tables of a part by name."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = dict(tables)

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> PartTables:
        """PartTables in memory."""
        return cls({name: Table(name, held=frame) for name, frame in frames.items()})

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.take(name, self.columns(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def columns(self, name: str) -> Collection[str]:
        """All columns of a table."""
        return self._tables[name].columns

    def take(self, name: str, columns: Iterable[str]) -> pl.DataFrame:
        """Some columns of a table; the others are not read."""
        return self._tables[name].take(columns)

    def with_table(self, name: str, frame: pl.DataFrame) -> PartTables:
        """The same with another table in the place of one."""
        return PartTables({**self._tables, name: Table(name, held=frame)})


@dataclass(frozen=True)
class Partition:
    """The tables of one part in kernel form.

    incomplete: owners some of whose rows were set aside (`employment.person` → ids). firsts: the first month
    of each monthly table over the whole registry; nothing is known of earlier ones. A table that is not
    here is not kept by the city.
    """

    name: str
    tables: PartTables
    incomplete: Mapping[str, pl.Series]
    firsts: Mapping[str, dt.date]

    def table(self, name: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """A table, or some of its columns; empty where it is not kept."""
        wanted = self.columns(name) if columns is None else columns
        if name in self.tables:
            return self.tables.take(name, wanted)
        return pl.DataFrame(schema=declared(name)).select(list(dict.fromkeys(wanted)))

    def columns(self, name: str) -> Collection[str]:
        """The columns of a table, or those that it would have."""
        return self.tables.columns(name) if name in self.tables else declared(name)

    def with_table(self, table: str, frame: pl.DataFrame) -> Partition:
        """The same part with another table in the place of one."""
        return replace(self, tables=self.tables.with_table(table, frame))


@dataclass(frozen=True)
class Arrangement:
    """An arranged registry: where its parts are. Small enough to be sent to another machine."""

    folder: Path
    parts: tuple[str, ...]
    tables: tuple[str, ...]
    firsts: Mapping[str, dt.date]
    digest: str

    def load(self, part: str) -> Partition:
        """One part. Its tables are read column by column as they are asked for."""
        files: dict[str, list[Path]] = {table: [] for table in self.tables}
        for file in sorted((self.folder / part).iterdir()):
            files[file.name.split(".")[0]].append(file)
        tables = {
            table: Table(table, tuple(found) or (self.folder / "empty" / f"{table}.parquet",))
            for table, found in files.items()
        }
        incomplete = {
            file.stem: pl.read_parquet(file)["owner"]
            for file in sorted((self.folder / "incomplete").glob("*.parquet"))
        }
        if "enterprise.owner" in incomplete:
            incomplete["ownership.person"] = incomplete["enterprise.owner"]
        return Partition(part, PartTables(tables), incomplete, self.firsts)

    def largest_first(self) -> tuple[str, ...]:
        """The parts in an order in which no large one is left over when the small ones are done."""
        sizes = {
            part: sum(file.stat().st_size for file in (self.folder / part).iterdir()) for part in self.parts
        }
        return tuple(sorted(self.parts, key=lambda part: -sizes[part]))

    def write(self) -> None:
        """Note that the arrangement is complete."""
        content = {
            "parts": self.parts,
            "tables": self.tables,
            "firsts": {table: month.isoformat() for table, month in self.firsts.items()},
            "digest": self.digest,
        }
        new = self.folder / ".arranged.json"
        new.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
        new.replace(self.folder / "arranged.json")

    @classmethod
    def find(cls, folder: Path, digest: str) -> Arrangement | None:
        """The complete arrangement in a folder, if it is of this input."""
        path = folder / "arranged.json"
        if not path.is_file():
            return None
        content = json.loads(path.read_text("utf-8"))
        if content["digest"] != digest:
            return None
        firsts = {table: dt.date.fromisoformat(month) for table, month in content["firsts"].items()}
        return cls(folder, tuple(content["parts"]), tuple(content["tables"]), firsts, digest)
