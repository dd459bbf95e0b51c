"""One part of a city on one day, from its tables to its files: the unit of work of every run.

A task is small and stands alone, so that it can be done here, in another process or on another machine, and
done again: its files are written under other names and renamed, the mark that it is done comes last.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.city.near import near_misses
from wenjiuye.population.city.proactive import proactive
from wenjiuye.population.city.totals import totals
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.population.whole_files import write_parquet, write_text
from wenjiuye.rules.policy import Policy


@dataclass(frozen=True)
class Wanted:
    """What a run writes besides determinations and totals."""

    reasons: bool = False
    near: bool = True
    lists: bool = True


@dataclass(frozen=True)
class PartTask:
    """What to compute, and where the files go (`<out>/<table>/…/<part>.parquet`)."""

    arrangement: Arrangement
    part: str
    on: dt.date
    out: Path
    wanted: Wanted

    @property
    def mark(self) -> Path:
        """The file that says that the task is done."""
        return self.out / "done" / f"{self.part}.json"

    def done(self) -> bool:
        """Whether a run did it already."""
        return self.mark.is_file()


def run_part(task: PartTask, policy: Policy) -> None:
    """Decide every measure for one part and write it."""
    partition = task.arrangement.load(task.part)
    facts = CityFacts(policy, partition, task.on)
    sums, lists, short, counts = [], [], [], {}
    for decided in decide(facts):
        counts[decided.subject] = decided.frame.height
        sums += totals(decided)
        _write(task, f"determinations/{decided.subject}", determinations(decided))
        if task.wanted.reasons:
            _write(task, f"reasons/{decided.subject}", decided.frame.select("id", *truths(decided)))
        if task.wanted.lists:
            lists.append(proactive(policy, task.on, partition, decided))
        if task.wanted.near:
            short.append(near_misses(policy, task.on, decided))
    for name, frames in (("totals", sums), ("proactive", lists), ("near", short)):
        if frames:
            _write(task, name, pl.concat(frames))
    write_text(json.dumps(counts, indent=1) + "\n", task.mark)


def determinations(decided: Decided) -> pl.DataFrame:
    """`id`, `county`, and per measure verdict, amount, low, high, parts, entitled and why_not; sums in fen."""
    columns = []
    for measure in decided.measures:
        columns.append(f"{measure.id}.verdict")
        if measure.has_amount:
            columns += [f"{measure.id}.{name}" for name in ("amount", "low", "high", *measure.parts)]
        columns += [f"{measure.id}.entitled", f"{measure.id}.why_not"]
    return decided.frame.select("id", decided.county.alias("county"), *columns)


def truths(decided: Decided) -> list[pl.Expr]:
    """The truth of every condition of every measure."""
    return [pl.col(f"{m.id}.c{node.index}") for m in decided.measures for node in m.nodes]


def _write(task: PartTask, table: str, frame: pl.DataFrame) -> None:
    write_parquet(frame, task.out / table / f"{task.part}.parquet")


def files(out: Path, table: str, parts: Sequence[str]) -> list[Path]:
    """The files of a table, in the order of the parts; parts without one are left out."""
    paths = (out / table / f"{part}.parquet" for part in parts)
    return [path for path in paths if path.is_file()]
