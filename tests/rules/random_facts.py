"""Random facts with gaps, near the borders that rules test, for any subject of a policy."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import Fact, Many, One, Subject
from wenjiuye.rules.quantity import Kind

_COUNTS = (
    0,
    1,
    2,
    3,
    5,
    6,
    7,
    10,
    11,
    12,
    13,
    15,
    20,
    29,
    30,
    31,
    35,
    36,
    37,
    80,
    99,
    100,
    101,
    300,
    301,
    2019,
    2020,
    2021,
)
_SUMS = (
    0,
    1,
    50,
    33333,
    100000,
    780000,
    1_440_000,
    2_000_000,
    1_999_999,
    16_777_217,
    20_000_000,
    20_000_001,
    50_000_000,
)
_SHARES = (
    "0",
    "1",
    "1/2",
    "2/3",
    "1/3",
    "0.01",
    "0.016",
    "0.03",
    "0.05",
    "0.055",
    "0.0551",
    "0.2",
    "0.2001",
    "0.9",
    "0.0999999",
)
_DAYS = (
    *tuple(
        dt.date(2020, 12, 1) + dt.timedelta(days=n)
        for n in (
            -9500,
            -7305,
            -5844,
            -1096,
            -731,
            -730,
            -366,
            -365,
            -200,
            -30,
            -1,
            0,
            1,
            29,
            30,
            31,
            100,
            364,
            365,
            366,
        )
    ),
    dt.date(2020, 2, 29),
    dt.date(2019, 2, 28),
    dt.date(2020, 1, 31),
    dt.date(2020, 12, 31),
    dt.date(2021, 1, 1),
    dt.date(2000, 2, 29),
)


def random_value(fact: Fact, rng: random.Random, gap: float = 0.2) -> Any:
    """A value in kernel form, or None."""
    if rng.random() < gap:
        return None
    low, high = fact.range()
    match fact.kind:
        case Kind.BOOL:
            return rng.random() < 0.6
        case Kind.INT:
            return max(low, min(high, rng.choice(_COUNTS) if rng.random() < 0.9 else rng.randint(low, high)))
        case Kind.MONEY:
            return max(low, min(high, rng.choice(_SUMS) if rng.random() < 0.8 else rng.randint(low, high)))
        case Kind.SHARE:
            return max(
                Fraction(low),
                min(Fraction(high), Fraction(rng.choice(_SHARES)) * rng.choice((1, 1, 1, 5, 100))),
            )
        case Kind.DATE:
            return rng.choice(_DAYS)
        case Kind.MONTH:
            return rng.choice(_DAYS).replace(day=1)
        case Kind.ENUM:
            return rng.choice(list(fact.members))
        case Kind.LIST:
            return [{f.id: random_value(f, rng, 0) for f in fact.fields} for _ in range(rng.randint(0, 4))]
    raise AssertionError(fact.kind)


def random_record(
    subject: type[Subject], rng: random.Random, gap: float = 0.2, depth: int = 0
) -> dict[str, Any]:
    """A nested record in kernel form, keyed by path, with up to three rows for each many-relation."""
    record = {name: random_value(fact, rng, gap) for name, fact in subject.facts.items()}
    for name, link in subject.relations.items():
        if isinstance(link, One):
            if depth < 2:
                inner = random_record(link.target, rng, gap, 2)
                record |= {f"{name}.{key}": value for key, value in inner.items()}
        elif depth == 0:
            record[name] = [random_record(link.target(), rng, gap, 1) for _ in range(rng.randint(0, 3))]
    return {key: value for key, value in record.items() if value is not None}


def tables_of(subject: type[Subject], records: Sequence[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """The tables that hold the records: row i of the subject, its related rows, and the rows of its relations."""
    rows: dict[str, list[dict[str, Any]]] = {}
    kinds: dict[str, type[Subject]] = {}
    _spread(subject, records, "r", rows, kinds)
    return {name: frame(kinds[name], rows[name]) for name in rows}


def _spread(
    subject: Any, records: Iterable[dict[str, Any]], prefix: str, rows: Any, kinds: Any, extra: Any = None
) -> None:
    kinds[subject.id] = subject
    rows.setdefault(subject.id, [])
    for number, record in enumerate(records):
        row: dict[str, Any] = {"id": f"{prefix}{number}"} | (extra or {})
        row |= {name: record[name] for name in subject.facts if name in record}
        for name, link in subject.relations.items():
            if isinstance(link, One) and name not in row:
                inner = {k.split(".", 1)[1]: v for k, v in record.items() if k.startswith(name + ".")}
                row[name] = f"{row['id']}/{name}0"
                _spread(link.target, [inner], f"{row['id']}/{name}", rows, kinds)
            elif isinstance(link, Many) and name in record:
                _spread(
                    link.target(), record[name], f"{row['id']}/{name}", rows, kinds, {link.back: row["id"]}
                )
            elif isinstance(link, Many):
                kinds[link.target().id] = link.target()
                rows.setdefault(link.target().id, [])
        rows[subject.id].append(row)


def frame(subject: type[Subject], rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Rows in kernel form as a frame."""
    columns: dict[str, pl.Series] = {"id": pl.Series("id", [r["id"] for r in rows], dtype=pl.String)}
    for name, link in subject.relations.items():
        if isinstance(link, One):
            columns[name] = pl.Series(name, [r.get(name) for r in rows], dtype=pl.String)
    for name, fact in subject.facts.items():
        values = [r.get(name) for r in rows]
        if fact.kind is Kind.SHARE:
            columns[f"{name}.num"] = pl.Series(
                [None if v is None else v.numerator for v in values], dtype=pl.Int64
            )
            columns[f"{name}.den"] = pl.Series(
                [None if v is None else v.denominator for v in values], dtype=pl.Int64
            )
        else:
            columns[name] = pl.Series(values, dtype=fact_columns(fact, name)[name])
    return pl.DataFrame(columns)
