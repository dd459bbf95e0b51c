"""One part of an arranged registry: all rows that its own subjects need, and nothing else.

A part stands alone: it can be computed on any machine, in any order. Rows of people who live elsewhere but
work here are guests: they are looked up, not decided.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
}
"""Columns of the table that parts have on top: who owns which firm from when to when."""

HOME = "#home"
"""Column of tables whose rows are decided: whether this part decides the row, or only looks it up."""


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


@dataclass(frozen=True)
class Partition:
    """The tables of one part in kernel form.

    incomplete: owners some of whose rows were set aside (`employment.person` → ids). firsts: the first month
    of each monthly table over the whole registry; nothing is known of earlier ones. A table that is not
    here is not kept by the city.
    """

    name: str
    tables: Mapping[str, pl.DataFrame]
    incomplete: Mapping[str, pl.Series]
    firsts: Mapping[str, dt.date]

    def table(self, name: str) -> pl.DataFrame:
        """A table with all its columns; empty where it is not kept."""
        return self.tables[name] if name in self.tables else pl.DataFrame(schema=declared(name))

    def with_table(self, table: str, frame: pl.DataFrame) -> Partition:
        """The same part with another table in the place of one."""
        return replace(self, tables={**self.tables, table: frame})


@dataclass(frozen=True)
class Arrangement:
    """An arranged registry: where its parts are. Small enough to be sent to another machine."""

    folder: Path
    parts: tuple[str, ...]
    tables: tuple[str, ...]
    firsts: Mapping[str, dt.date]
    digest: str

    def load(self, part: str) -> Partition:
        """Read one part."""
        tables = {}
        for table in self.tables:
            files = sorted((self.folder / part).glob(f"{table}.*.parquet"))
            if files:
                frame = pl.concat([pl.read_parquet(file) for file in files])
            else:
                frame = pl.read_parquet(self.folder / "empty" / f"{table}.parquet")
            tables[table] = frame.with_columns(
                pl.lit(None, dtype=dtype).alias(column)
                for column, dtype in declared(table).items()
                if column not in frame.columns
            )
        incomplete = {
            file.stem: pl.read_parquet(file)["owner"]
            for file in sorted((self.folder / "incomplete").glob("*.parquet"))
        }
        if "enterprise.owner" in incomplete:
            incomplete["ownership.person"] = incomplete["enterprise.owner"]
        return Partition(part, tables, incomplete, self.firsts)

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
