"""Rows of a registry as records of the case compiler: `{"employer.size": "small", …}`, with related rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from wenjiuye.population.cells import engine_value
from wenjiuye.rules.batch_assembly import Incomplete, Reach, assemble, rows_key
from wenjiuye.rules.expression import Expression, Gathered
from wenjiuye.rules.facts import Many, One, Subject
from wenjiuye.rules.policy import Policy

Tables = Mapping[str, pl.DataFrame]
Record = dict[str, Any]


@dataclass(frozen=True)
class Registry:
    """The tables of a registry, read with a policy on a date of decision.

    incomplete: owners some of whose related rows were rejected; what is gathered over them is unknown.
    """

    policy: Policy
    tables: Tables
    on: dt.date
    incomplete: Incomplete = field(default_factory=dict)

    def facts(self, subject_id: str, expressions: Iterable[Expression]) -> pl.DataFrame:
        """What the expressions read, one row per row of the subject, in kernel form under path keys."""
        reach = replace(Reach.of(expressions), gathered={})
        return self._assemble(self.policy.subjects[subject_id], self.tables, reach)

    def records(self, subject_id: str, expressions: Iterable[Expression], rows: pl.Series) -> list[Record]:
        """The records of some rows (by position), with all that the expressions read. Absent is unknown."""
        subject = self.policy.subjects[subject_id]
        reach = Reach.of(expressions)
        related: dict[str, list[Gathered]] = {}
        for node in reach.gathered.values():
            if node.data.ref is None:
                related.setdefault(node.data.key, []).append(node.data)
        paths = {several[0].path for several in related.values() if several[0].path}
        taken = self.tables[subject_id].select(pl.all().gather(rows))
        tables = {**self.tables, subject_id: taken}
        base = self._assemble(subject, tables, replace(reach, gathered={}))
        for path in paths:
            base = base.with_columns(self._owner(subject, taken, path).alias(f"#{'.'.join(path)}"))
        records = _read(base, reach)
        for key, several in related.items():
            path = several[0].path
            owners = base[f"#{'.'.join(path)}"] if path else base["id"]
            link = self.owner(subject, path).relations[several[0].relation]
            assert isinstance(link, Many)
            found = self._gathered(link, several, owners)
            lacking = self.incomplete.get(rows_key(link), ())
            for record, owner in zip(records, owners, strict=True):
                if found is not None and owner is not None and owner not in lacking:
                    record[key] = found.get(owner, [])
        return records

    def follow(self, subject_id: str, path: tuple[str, ...]) -> pl.Series:
        """The ids to which a path leads from each row of a subject; null where it is broken off."""
        table = self.tables[subject_id]
        return self._owner(self.policy.subjects[subject_id], table, path) if path else table["id"]

    @staticmethod
    def owner(subject: type[Subject], path: tuple[str, ...]) -> type[Subject]:
        """The subject to which a path leads."""
        for name in path:
            link = subject.relations[name]
            assert isinstance(link, One)
            subject = link.target
        return subject

    def _assemble(self, subject: type[Subject], tables: Tables, reach: Reach) -> pl.DataFrame:
        return assemble(subject, tables, reach, self.policy, self.on)[0]

    def _owner(self, subject: type[Subject], frame: pl.DataFrame, path: tuple[str, ...]) -> pl.Series:
        """The ids to which a path leads from each row; null where it is broken off."""
        ids = pl.Series("id", [None] * frame.height, dtype=pl.String)
        for step, name in enumerate(path):
            link = subject.relations[name]
            assert isinstance(link, One)
            table = frame if step == 0 else self.tables.get(subject.id)
            if table is None or name not in table.columns:
                return pl.Series("id", [None] * frame.height, dtype=pl.String)
            if step == 0:
                ids = table[name]
            else:
                side = table.select("id", pl.col(name).alias("next"))
                ids = ids.to_frame("id").join(side, on="id", how="left", maintain_order="left")["next"]
            subject = link.target
        return ids

    def _gathered(
        self, link: Many[Any], several: Iterable[Gathered], owners: pl.Series
    ) -> dict[str, list[Record]] | None:
        """The related rows of each owner with all that is asked of them; None without the related table."""
        child = link.target()
        table = self.tables.get(child.id)
        if table is None or link.back not in table.columns:
            return None
        asked = [part for data in several for part in (data.where, data.of) if part is not None]
        mine = table[link.back].is_in(owners.drop_nulls().unique().implode()).fill_null(False)
        found: dict[str, list[Record]] = {}
        for owner, record in zip(
            table[link.back].filter(mine), self.records(child.id, asked, mine.arg_true()), strict=True
        ):
            found.setdefault(owner, []).append(record)
        return found


def _read(base: pl.DataFrame, reach: Reach) -> list[Record]:
    records: list[Record] = []
    for cells in base.iter_rows(named=True):
        values = ((key, engine_value(ref.fact, cells, key)) for key, ref in reach.refs.items())
        records.append({key: value for key, value in values if value is not None})
    return records
