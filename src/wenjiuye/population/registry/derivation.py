"""Facts declared as steps, each with the columns that it gives, so that only what is asked for is worked out.

What a step needs stands in its own expressions and is read from them: nobody has to write it down, so nobody
can forget it. A step that needed something that no earlier step gives would fail, not guess.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from wenjiuye.population.registry.asof import Found, columns_read, gather
from wenjiuye.population.registry.partition import Partition, number_of


class Step(Protocol):
    """One step: some of the columns that it gives, from the tables of a part and the columns that rows have."""

    @property
    def gives(self) -> Collection[str]:
        """The columns that it can give."""
        ...

    def needs(self, partition: Partition, wanted: Collection[str]) -> Iterable[str]:
        """The columns of the rows that it reads to give these."""
        ...

    def take(self, partition: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        """The rows with these columns."""
        ...


@dataclass(frozen=True)
class Gathering:
    """Aggregates over the rows of one table, as `gather` takes them."""

    table: str
    by: str
    owner: str
    found: Found
    where: pl.Expr | None = None
    also: tuple[tuple[str, str], ...] = ()

    @property
    def gives(self) -> Collection[str]:
        """The columns that it can give."""
        return self.found.keys()

    def needs(self, partition: Partition, wanted: Collection[str]) -> Iterable[str]:
        """The columns of the rows that it reads to give these."""
        theirs = partition.columns(self.table)
        read = columns_read(self._only(wanted), self.where)
        owners = [self.owner, *(ours for ours, _ in self.also)]
        return [*owners, *(name for name in read if name not in theirs)]

    def take(self, partition: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        """The rows with these columns."""
        return gather(
            partition,
            rows,
            self.table,
            self.by,
            self._only(wanted),
            owner=self.owner,
            where=self.where,
            also=self.also,
        )

    def _only(self, wanted: Collection[str]) -> Found:
        return {name: how for name, how in self.found.items() if name in wanted}


@dataclass(frozen=True)
class Following:
    """Columns that follow from others of the same row, none of them from one of this step."""

    exprs: Mapping[str, pl.Expr]

    @property
    def gives(self) -> Collection[str]:
        """The columns that it can give."""
        return self.exprs.keys()

    def needs(self, _: Partition, wanted: Collection[str]) -> Iterable[str]:
        """The columns of the rows that it reads to give these."""
        return [name for fact in wanted for name in self.exprs[fact].meta.root_names()]

    def take(self, _: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        """The rows with these columns."""
        return rows.with_columns(expr.alias(name) for name, expr in self.exprs.items() if name in wanted)


@dataclass(frozen=True)
class Beside:
    """Columns of the one row of a table that has the owner's id, under names of their own."""

    table: str
    owner: str
    columns: Mapping[str, str]

    @property
    def gives(self) -> Collection[str]:
        """The columns that it can give."""
        return self.columns.keys()

    def needs(self, _: Partition, __: Collection[str]) -> Iterable[str]:
        """The columns of the rows that it reads to give these."""
        return [self.owner]

    def take(self, partition: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        """The rows with these columns."""
        named = {name: column for name, column in self.columns.items() if name in wanted}
        number = number_of(self.owner)
        if number in rows.columns:
            side = partition.table(self.table, named.values())
            place = rows.select(pl.when(pl.col(number) < side.height).then(number)).to_series()
            return rows.with_columns(side[column].gather(place).alias(name) for name, column in named.items())
        side = partition.table(self.table, ["id", *named.values()])
        told = side.select(pl.col("id").alias("#id"), *(pl.col(c).alias(name) for name, c in named.items()))
        return rows.join(told, left_on=self.owner, right_on="#id", how="left", maintain_order="left")


@dataclass(frozen=True)
class Making:
    """Columns that a function makes: of the rows, with those among them that are wanted."""

    gives: Collection[str]
    reads: Mapping[str, Collection[str]]
    make: Callable[[Partition, pl.DataFrame, Collection[str]], pl.DataFrame]

    def needs(self, _: Partition, wanted: Collection[str]) -> Iterable[str]:
        """The columns of the rows that it reads to give these."""
        return [name for fact in wanted for name in self.reads[fact]]

    def take(self, partition: Partition, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        """The rows with these columns."""
        return self.make(partition, rows, wanted)


def derive(
    partition: Partition, rows: pl.DataFrame, steps: Sequence[Step], wanted: Collection[str]
) -> pl.DataFrame:
    """The rows with the wanted columns, as far as steps give them, and whatever those were made from."""
    needed = set(wanted)
    chosen: list[tuple[Step, list[str]]] = []
    for step in reversed(steps):
        mine = [name for name in step.gives if name in needed]
        if mine:
            chosen.append((step, mine))
            needed.update(step.needs(partition, mine))
    for step, mine in reversed(chosen):
        rows = step.take(partition, rows, mine)
    return rows
