"""Random facts in kernel form, the same for the same seed on every machine and every version of Polars."""

from __future__ import annotations

import datetime as dt
import zlib
from typing import Any

import polars as pl

from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import Fact, Many, One, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind

DECISION = dt.date(2020, 12, 1)
GAP = 0.08
"""Share of facts that are not known."""

_RELATED = 4
"""A table that the subject's rows point to has one row for so many of them."""
_COUNT_MOST = 40
_SUM_MOST = 5_000_000
_SHARE_DENOMINATOR = 1000
_BIRTHS = (dt.date(1955, 1, 1), dt.date(2006, 12, 31))
_DAYS = (dt.date(2017, 1, 1), dt.date(2021, 12, 31))
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def tables_for(policy: Policy, subject_id: str, rows: int, *, gap: float = GAP) -> dict[str, pl.DataFrame]:
    """The table of a subject with `rows` rows, and every table that its relations lead to."""
    subject = policy.subjects[subject_id]
    sizes = {subject_id: rows}
    _add_related(subject, rows, sizes)
    return {name: _table(policy.subjects[name], sizes, gap) for name in sizes}


def _add_related(subject: type[Subject], rows: int, sizes: dict[str, int], depth: int = 0) -> None:
    for link in subject.relations.values():
        target = link.target if isinstance(link, One) else link.target()
        if target.id not in sizes and (depth == 0 or isinstance(link, One)):
            sizes[target.id] = rows // _RELATED + 1 if isinstance(link, One) else rows
            _add_related(target, rows, sizes, depth + 1)


def _table(subject: type[Subject], sizes: dict[str, int], gap: float) -> pl.DataFrame:
    rows = sizes[subject.id]
    columns = [_ids(subject.id, pl.int_range(rows, eager=True)).alias("id")]
    for name, link in subject.relations.items():
        if isinstance(link, One) and link.target.id in sizes:
            owners = _random(f"{subject.id}.{name}", rows) % sizes[link.target.id]
            columns.append(_ids(link.target.id, owners).alias(name))
        elif isinstance(link, Many):
            continue
    for fact in subject.facts.values():
        columns += _fact_columns(subject.id, fact, rows, gap)
    return pl.DataFrame(columns)


def _ids(subject_id: str, numbers: pl.Series) -> pl.Series:
    return (subject_id[0].upper() + numbers.cast(pl.String).str.zfill(17)).rename("id")


def _fact_columns(subject_id: str, fact: Fact, rows: int, gap: float) -> list[pl.Series]:
    name = f"{subject_id}.{fact.id}"
    known = _random(f"{name}?", rows) % 1000 >= round(gap * 1000)
    columns = _values(fact, _random(name, rows))
    return [
        pl.select(pl.when(known).then(column)).to_series().alias(title) for title, column in columns.items()
    ]


def _values(fact: Fact, dice: pl.Series) -> dict[str, pl.Series]:
    low, high = fact.range()
    match fact.kind:
        case Kind.BOOL:
            return {fact.id: dice % 10 < 6}
        case Kind.INT:
            return {fact.id: _between(dice, low, min(high, low + _COUNT_MOST))}
        case Kind.MONEY:
            return {fact.id: _between(dice, low, min(high, _SUM_MOST))}
        case Kind.SHARE:
            den = pl.select(pl.repeat(_SHARE_DENOMINATOR, dice.len(), dtype=pl.Int64)).to_series()
            num = _between(dice, int(low * _SHARE_DENOMINATOR), int(min(high, 1) * _SHARE_DENOMINATOR))
            return {f"{fact.id}.num": num, f"{fact.id}.den": den}
        case Kind.DATE | Kind.MONTH:
            days = _days(dice, *(_BIRTHS if "birth" in fact.id else _DAYS))
            return {fact.id: days.dt.month_start() if fact.kind is Kind.MONTH else days}
        case Kind.ENUM:
            members = pl.Series(list(fact.members), dtype=fact_columns(fact, fact.id)[fact.id])
            return {fact.id: members.gather((dice % len(members)).cast(pl.UInt32))}
        case Kind.LIST:
            return {fact.id: _lists(fact, dice)}
    raise AssertionError(fact.kind)


def _lists(fact: Fact, dice: pl.Series) -> pl.Series:
    """One record in a list: what a gathered list costs is the exploding, not its length."""
    fields = [
        column.rename(title)
        for field in fact.fields
        for title, column in _values(field, _mixed(dice ^ zlib.crc32(field.id.encode()))).items()
    ]
    return pl.DataFrame(fields).to_struct(fact.id).reshape((-1, 1)).arr.to_list()


def _between(dice: pl.Series, low: int, high: int) -> pl.Series:
    return (dice % (high - low + 1)).cast(pl.Int64) + low


def _days(dice: pl.Series, first: dt.date, last: dt.date) -> pl.Series:
    epoch = dt.date(1970, 1, 1)
    return _between(dice, (first - epoch).days, (last - epoch).days).cast(pl.Int32).cast(pl.Date)


# ── Dice: splitmix64 over the row number, seeded by the column's name


def _random(name: str, rows: int) -> pl.Series:
    seed = zlib.crc32(name.encode()) * _MIX[0] % 2**64
    numbers: Any = pl.int_range(rows, eager=True, dtype=pl.Int64).cast(pl.UInt64)
    return _mixed(numbers * _unsigned(_MIX[0]) + _unsigned(seed))


def _mixed(z: pl.Series) -> pl.Series:
    z = (z ^ (z // 2**30)) * _unsigned(_MIX[1])
    z = (z ^ (z // 2**27)) * _unsigned(_MIX[2])
    # Without the top bit, so that no later step depends on the sign.
    return (z ^ (z // 2**31)) // 2


def _unsigned(number: int) -> pl.Series:
    return pl.Series([number], dtype=pl.UInt64)
