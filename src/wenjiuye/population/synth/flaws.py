"""What may be missing or broken in the tables, on demand, with a list of everything that was broken."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.errors import PopulationError
from wenjiuye.population.synth.chance import generator
from wenjiuye.population.synth.kernel import schema
from wenjiuye.rules.quantity import Kind

NOBODY = "X0000000000"
"""An id that no table has."""
FAR_MONTH = dt.date(9999, 1, 1)
BROKEN = {
    "table": pl.String,
    "part": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "problem": pl.String,
}
BOOKED = frozenset({"contribution", "premium", "tax", "bill"})
"""Tables that a cashier's program writes: one gap there makes a sum unknown, and there hardly are any."""
BOOKED_PART = 50
_MEANS_SOMETHING = frozenset({("benefit_period", "stopped_on"), ("enrolment", "left_on")})


class FlawsError(PopulationError):
    """A share of flaws is not from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Flaws:
    """missing: share of cells that are unknown where they may be, in booked tables a fiftieth of it.

    dirty: share of rows that are broken.
    """

    missing: float = 0.02
    dirty: float = 0.0

    def __post_init__(self) -> None:
        for name, share in (("missing", self.missing), ("dirty", self.dirty)):
            if not 0 <= share <= 1:
                raise FlawsError(f"{name}={share}：应在0至1之间", f"{name}={share}: a share goes from 0 to 1")


ORDINARY = Flaws()
"""As in a real registry: a cell in fifty is unknown, nothing is broken."""


def flawed(
    frame: pl.DataFrame, table: str, part: str, chunk: int, seed: int, flaws: Flaws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A table with its flaws, and what was broken in it. Drawn apart, so that flaws change nothing else."""
    if flaws.missing and frame.height:
        share = flaws.missing / BOOKED_PART if table in BOOKED else flaws.missing
        frame = _with_gaps(frame, table, generator(seed, f"missing {part} {table}", chunk), share)
    if flaws.dirty and frame.height:
        return _broken(frame, table, part, generator(seed, f"dirty {part} {table}", chunk), flaws.dirty)
    return frame, pl.DataFrame(schema=BROKEN)


def may_be_missing(table: str) -> list[tuple[str, ...]]:
    """Columns that may be unknown, those of one share together: no ids, no relations, no required ones,
    and none whose emptiness has a meaning of its own."""
    record = RECORDS[table]
    free: list[tuple[str, ...]] = [(t,) for t in record.texts if t not in record.required]
    for name, fact in record.facts.items():
        if name in record.required or "Empty" in fact.means or (table, name) in _MEANS_SOMETHING:
            continue
        free.append((f"{name}.num", f"{name}.den") if fact.kind is Kind.SHARE else (name,))
    return free


def _with_gaps(frame: pl.DataFrame, table: str, rng: np.random.Generator, share: float) -> pl.DataFrame:
    kinds = schema(table)
    blanked: list[pl.Expr] = []
    gaps: list[pl.Series] = []
    for columns in may_be_missing(table):
        gap = f"gap {columns[0]}"
        gaps.append(pl.Series(gap, rng.random(frame.height, dtype=np.float32) < share))
        blanked += [
            pl.when(~pl.col(gap)).then(pl.col(column)).cast(kinds[column]).alias(column) for column in columns
        ]
    return frame.with_columns(gaps).with_columns(blanked).select(list(kinds))


def _breakable(table: str) -> list[tuple[str, str, Any]]:
    """What can be broken: column, problem, what is written there instead."""
    record = RECORDS[table]
    ways: list[tuple[str, str, Any]] = [(name, "reference to nobody", NOBODY) for name in record.relations]
    ways += [
        (name, "month out of range", FAR_MONTH)
        for name, fact in record.facts.items()
        if fact.kind is Kind.MONTH
    ]
    ways += [(name, "required cell empty", None) for name in record.required]
    return ways


def _broken(
    frame: pl.DataFrame, table: str, part: str, rng: np.random.Generator, share: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ways = _breakable(table)
    if not ways:
        return frame, pl.DataFrame(schema=BROKEN)
    which = np.flatnonzero(rng.random(frame.height) < share)
    way = rng.integers(0, len(ways), which.size)
    told = []
    for number, (column, problem, value) in enumerate(ways):
        hit = which[way == number]
        at = np.zeros(frame.height, dtype=np.bool_)
        at[hit] = True
        wrong = pl.lit(value, dtype=frame.schema[column])
        frame = frame.with_columns(pl.when(pl.Series(at)).then(wrong).otherwise(pl.col(column)).alias(column))
        told.append(
            pl.DataFrame(
                {"table": table, "part": part, "row": pl.Series(hit), "column": column, "problem": problem},
                schema=BROKEN,
            )
        )
    return frame, pl.concat(told)
