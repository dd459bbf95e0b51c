"""Random registries in kernel form: every table and column, with gaps, and references that lead somewhere."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import Fact, One
from wenjiuye.rules.quantity import Kind

FIRST, LAST = dt.date(2018, 6, 1), dt.date(2021, 3, 31)
SIZES = {
    "person": 120,
    "household": 50,
    "enterprise": 30,
    "employment": 160,
    "contribution": 900,
    "premium": 700,
}


OFTEN_EMPTY = {
    "died_on": 0.9,
    "deregistered_on": 0.9,
    "stopped_on": 0.7,
    "ended_on": 0.4,
    "valid_to": 0.4,
    "left_on": 0.3,
}
"""Columns in which empty has a meaning, and how often they are: most people are alive."""


def random_registry(seed: int, *, gaps: float = 0.08, scale: int = 1) -> dict[str, pl.DataFrame]:
    """The tables of a made-up registry; `gaps`: the share of cells that are unknown, `scale`: how large."""
    dice = random.Random(seed)
    sizes = {name: SIZES.get(name, 60) * scale for name in RECORDS}
    return {name: _table(dice, record, sizes, gaps) for name, record in RECORDS.items()}


def write_registry(tables: Mapping[str, pl.DataFrame], folder: Path) -> dict[str, tuple[Path, ...]]:
    """Write tables as kernel-form Parquet; the files by table."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, frame in tables.items():
        path = folder / f"{name}.parquet"
        frame.write_parquet(path)
        files[name] = (path,)
    (folder / "registry.toml").write_text('version = "1"\n', "utf-8")
    return files


def _table(dice: random.Random, record: type[Record], sizes: Mapping[str, int], gaps: float) -> pl.DataFrame:
    rows = range(sizes[record.id])
    columns: dict[str, list[Any]] = {}
    schema: dict[str, Any] = {}

    def put(name: str, dtype: Any, cells: list[Any], may_lack: bool) -> None:
        lacking = may_lack and gaps > 0
        columns[name] = [None if lacking and dice.random() < gaps else cell for cell in cells]
        schema[name] = dtype

    if record.keyed:
        put("id", pl.String, [f"{record.id}-{i}" for i in rows], False)
    for name, link in record.relations.items():
        assert isinstance(link, One)
        cells = [f"{link.target.id}-{dice.randrange(sizes[link.target.id])}" for _ in rows]
        put(name, pl.String, cells, name not in record.required)
    for name in record.texts:
        put(name, pl.String, [_text(dice, name, sizes) for _ in rows], name not in record.required)
    for name, fact in record.facts.items():
        cells = [_cells(dice, fact) for _ in rows]
        empty = 0 if name in record.required else OFTEN_EMPTY.get(name, gaps)
        lacks = [dice.random() < empty for _ in rows]
        for place, (column, dtype) in enumerate(fact_columns(fact, name).items()):
            columns[column] = [None if lack else cell[place] for lack, cell in zip(lacks, cells, strict=True)]
            schema[column] = dtype
    frame = pl.DataFrame(columns, schema=schema)
    return _findings(frame, dice, sizes) if record.id == "finding" else frame


def _cells(dice: random.Random, fact: Fact) -> tuple[Any, ...]:
    match fact.kind:
        case Kind.BOOL:
            return (dice.random() < 0.5,)
        case Kind.INT:
            if fact.id == "year":
                return (dice.choice([2018, 2019, 2020, 2021]),)
            return (
                dice.choice([0, 1, 2, 3, 6, 8, 12, 24])
                if fact.id != "injury_rate_class"
                else dice.randint(1, 8),
            )
        case Kind.MONEY:
            return (dice.choice([0, 1, 99_999, 120_000, 5_000_000, 300_000_001]),)
        case Kind.SHARE:
            return dice.choice([(0, 1), (1, 2), (1, 1), (3, 100), (1, 20)])
        case Kind.DATE:
            born = fact.id == "birth_date"
            return (
                _day(dice, dt.date(1955, 1, 1), dt.date(2004, 12, 31)) if born else _day(dice, FIRST, LAST),
            )
        case Kind.MONTH:
            return (_day(dice, FIRST, LAST).replace(day=1),)
        case Kind.ENUM:
            return (dice.choice(list(fact.members)),)
    return ([],)


_DAYS = {
    "birth_date": (dt.date(1955, 1, 1), dt.date(2004, 12, 31)),
    "registered_on": (dt.date(2017, 1, 1), dt.date(2020, 12, 31)),
}


def _day(dice: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=dice.randrange((last - first).days + 1))


def _text(dice: random.Random, name: str, sizes: Mapping[str, int]) -> str:
    if name == "measure":
        return dice.choice(list(policy().measures))
    if name == "subject_id":
        table = dice.choice(["person", "enterprise", "employment", "lease", "internship", "venue"])
        return f"{table}-{dice.randrange(sizes[table])}"
    return f"{name} {dice.randrange(1000)}"


def _findings(frame: pl.DataFrame, dice: random.Random, sizes: Mapping[str, int]) -> pl.DataFrame:
    """Findings of facts that exist, with values that they may have."""
    told = []
    for _ in range(frame.height):
        subject = policy().subjects[dice.choice(["person", "enterprise", "hire", "venue"])]
        fact = subject.facts[dice.choice([n for n, f in subject.facts.items() if f.kind is not Kind.LIST])]
        table = "employment" if subject.id == "hire" else subject.id
        value = _cells(dice, fact)
        text = f"{value[0]}/{value[1]}" if fact.kind is Kind.SHARE else str(fact.plain_value(value[0]))
        told.append((subject.id, f"{table}-{dice.randrange(sizes[table])}", fact.id, text))
    columns = list(zip(*told, strict=True))
    names = ("subject", "subject_id", "fact", "value")
    return frame.with_columns(pl.Series(n, c) for n, c in zip(names, columns, strict=True))
