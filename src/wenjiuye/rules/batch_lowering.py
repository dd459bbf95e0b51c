"""From expression trees to columns in stages: what is written twice is computed once, each stage in parallel.

A stage is one `with_columns` whose expressions read columns of earlier stages only. Shared parts and kept
conditions become columns; deriving facts in place instead, fourteen deep, was measured 800 times slower.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

from wenjiuye.rules import batch_number as number
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.expression import Expression, Gathered, Ref, ValueUse
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import NUMERIC, Exact, Kind
from wenjiuye.rules.values import DatedValue, ValueBook

MONTHS_MAX = 12 * 10_000


@dataclass(frozen=True, slots=True)
class Col:
    """A lowered condition, date or choice: the expression and the stage from which it can be computed."""

    expr: pl.Expr
    stage: int


Lowered = Num | Col

Range = tuple[int, int, int]
"""Least and largest numerator in a column and its largest denominator: what overflow has to reckon with."""


@dataclass
class Stages:
    """The columns to compute, stage by stage."""

    steps: list[list[pl.Expr]] = field(default_factory=list)

    def put(self, name: str, expr: pl.Expr, stage: int) -> None:
        """Add a column to a stage."""
        while len(self.steps) <= stage:
            self.steps.append([])
        self.steps[stage].append(expr.alias(name))

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with every column of every stage."""
        for step in self.steps:
            frame = frame.with_columns(step)
        return frame


def fact_columns(fact: Fact, key: str) -> dict[str, Any]:
    """Column names and types of a fact in kernel form."""
    match fact.kind:
        case Kind.BOOL:
            return {key: pl.Boolean}
        case Kind.INT | Kind.MONEY:
            return {key: pl.Int64}
        case Kind.SHARE:
            return {f"{key}.num": pl.Int64, f"{key}.den": pl.Int64}
        case Kind.DATE | Kind.MONTH:
            return {key: pl.Date}
        case Kind.ENUM:
            return {key: pl.Enum(list(fact.members))}
        case Kind.LIST:
            fields = {name: dtype for f in fact.fields for name, dtype in fact_columns(f, f.id).items()}
            return {key: pl.List(pl.Struct(fields))}
    raise AssertionError(fact.kind)


_READ_TWICE = frozenset({"min", "max", "choose", "div", "round", "or_else"})
"""What expands into a chain that is read several times by the next one: a column each, or trees explode."""


class Lowering:
    """Lowers the expressions of one subject's measures on one date of decision."""

    def __init__(
        self, values: ValueBook, on: dt.date, keep: Iterable[Expression], ranges: Mapping[str, Range]
    ) -> None:
        self.values, self.on, self.ranges = values, on, ranges
        self.stages = Stages()
        self._done: dict[str, Lowered] = {}
        self._uses: dict[str, int] = {}
        self._seen: set[str] = set()
        for root in keep:
            self._count(root)

    def _count(self, node: Expression) -> None:
        self._uses[node.key] = self._uses.get(node.key, 0) + 1
        if node.key not in self._seen:
            self._seen.add(node.key)
            for arg in node.args:
                self._count(arg)

    # ── Entry points

    def condition(self, node: Expression) -> Col:
        """A lowered condition, date or choice."""
        low = self.lower(node)
        assert isinstance(low, Col)
        return low

    def number(self, node: Expression) -> Num:
        """A lowered number."""
        low = self.lower(node)
        assert isinstance(low, Num)
        return low

    def lower(self, node: Expression) -> Lowered:
        """Lower a node once; a shared one becomes a column."""
        key = node.key
        if key not in self._done:
            low = self._number(node) if node.kind in NUMERIC else self._other(node)
            if (self._uses.get(key, 0) > 1 or node.op in _READ_TWICE) and node.args:
                low = self.materialise(f"#{key}", low)
            self._done[key] = low
        return self._done[key]

    def materialise(self, name: str, low: Lowered) -> Lowered:
        """Make a column of it, which later stages read."""
        if isinstance(low, Col):
            self.stages.put(name, low.expr, low.stage)
            return Col(pl.col(name), low.stage + 1)
        if low.const is not None:
            return low
        self.stages.put(name, low.num, low.stage)
        den = low.den
        if not isinstance(den, int):
            self.stages.put(f"{name}.den", den, low.stage)
            den = pl.col(f"{name}.den")
        return Num(pl.col(name), den, low.low, low.high, low.den_high, low.wide, low.stage + 1)

    # ── Conditions, dates, choices

    def _other(self, node: Expression) -> Col:
        op = node.op
        if op == "fact":
            return Col(pl.col(node.data.key), 0)
        if op == "const":
            return Col(pl.lit(node.data), 0)
        if op == "decision":
            return Col(pl.lit(self.on), 0)
        if isinstance(node.data, Gathered):
            return Col(pl.col(f"#{node.key}"), 0)
        if op == "value":
            return Col(self._day_value(node), 0)
        if op in ("lt", "le", "gt", "ge", "eq", "ne"):
            return self._compare(node)
        if op in ("in", "covers"):
            return self._in(node)
        if op in ("plus_months", "plus_days"):
            return self._plus(node)
        args = [self.condition(arg) for arg in node.args]
        return Col(_COMBINE[op](node, [a.expr for a in args]), max(a.stage for a in args))

    def _compare(self, node: Expression) -> Col:
        left, right = node.args
        if left.kind in NUMERIC:
            a, b = self.number(left), self.number(right)
            return Col(number.compare(node.op, a, b), max(a.stage, b.stage))
        x, y = self.condition(left), self.condition(right)
        return Col(_COMPARE[node.op](x.expr, y.expr), max(x.stage, y.stage))

    def _in(self, node: Expression) -> Col:
        key = self._key(node.args[0])
        if node.op == "in":
            return Col(key.expr.is_in(list(node.data)), key.stage)
        entry = self.values[node.data.name].on(self.on)
        keys = (
            []
            if entry is None
            else [k for k in _known_keys(node.args[0]) if entry.figures.get(k) is not None]
        )
        known = key.expr.is_in(keys) if keys else pl.when(key.expr.is_not_null()).then(pl.lit(False))
        return Col(known, key.stage)

    def _key(self, node: Expression) -> Col:
        if node.kind in NUMERIC:
            low = self.number(node)
            return Col(low.num.cast(pl.String), low.stage)
        return self.condition(node)

    def _plus(self, node: Expression) -> Col:
        day, count = self.condition(node.args[0]), self.number(node.args[1])
        factor: int = node.data
        stage = max(day.stage, count.stage)
        if count.const is not None:
            steps = int(count.const * factor)
            unit = "mo" if node.op == "plus_months" else "d"
            return Col(day.expr.dt.offset_by(f"{steps}{unit}"), stage)
        steps_expr = count.num * factor
        if node.op == "plus_days":
            return Col((day.expr.cast(pl.Int32) + steps_expr).cast(pl.Int32).cast(pl.Date), stage)
        return Col(_plus_months(day.expr, steps_expr), stage)

    def _day_value(self, node: Expression) -> pl.Expr:
        return pl.lit(self.values[node.data.name].figure(self.on), dtype=pl.Date)

    # ── Numbers

    def _number(self, node: Expression) -> Num:
        op = node.op
        if op == "fact":
            return self._fact(node)
        if op == "const":
            return number.constant(node.data)
        if op == "value":
            return self._value(node)
        if isinstance(node.data, Gathered):
            return self._gathered_number(node)
        if op == "choose":
            conditions = [self.condition(c) for c in node.args[0 : len(node.args) // 2 * 2 : 2]]
            branches = [self.number(b) for b in node.args[1::2]]
            if len(node.args) % 2:
                branches.append(self.number(node.args[-1]))
            return number.piecewise([(c.expr, c.stage) for c in conditions], branches)
        if op in _SPANS or op == "year":
            return self._span(node)
        args = [self.number(arg) for arg in node.args]
        match op:
            case "add" | "sub":
                return number.add(args[0], args[1], 1 if op == "add" else -1)
            case "mul":
                return number.mul(args[0], args[1])
            case "div":
                return number.div(args[0], args[1])
            case "min" | "max":
                return number.extreme(op, args)
            case "or_else":
                return number.coalesce(args[0], args[1])
            case "round":
                return number.rounded(args[0], node.data)
        raise AssertionError(op)

    def _fact(self, node: Expression) -> Num:
        ref: Ref = node.data
        low, high, den_high = self.ranges[ref.key]
        if ref.fact.kind is not Kind.SHARE:
            return number.column(pl.col(ref.key), low, high, 0)
        return Num(pl.col(f"{ref.key}.num"), pl.col(f"{ref.key}.den"), low, high, den_high, False, 0)

    def _span(self, node: Expression) -> Num:
        days = [self.condition(arg) for arg in node.args]
        stage = max(d.stage for d in days)
        if node.op == "year":
            return number.column(days[0].expr.dt.year().cast(pl.Int64), 0, 9999, stage)
        expr = _SPANS[node.op](days[0].expr, days[1].expr)
        top = MONTHS_MAX * 31
        return number.column(expr.cast(pl.Int64), 0 if node.op == "begun_months" else -top, top, stage)

    def _value(self, node: Expression) -> Num:
        use: ValueUse = node.data
        value = self.values[use.name]
        key = self._key(node.args[0]) if use.keyed else None
        if key is not None and all(entry.for_every_key for entry in value.entries):
            key = None
        if not use.dated:
            entry = value.on(self.on)
            return self._figures(value, [] if entry is None else [(None, entry.figures)], key, node)
        day = self.condition(node.args[-1])
        periods = [(in_force_on(day.expr, entry.start, entry.end), entry.figures) for entry in value.entries]
        found = self._figures(value, periods, key, node)
        return Num(
            found.num,
            found.den,
            found.low,
            found.high,
            found.den_high,
            found.wide,
            max(found.stage, day.stage),
        )

    def _figures(
        self,
        value: DatedValue,
        periods: Sequence[tuple[pl.Expr | None, Mapping[str | None, Any]]],
        key: Col | None,
        node: Expression,
    ) -> Num:
        keys: list[str | None] = (
            [None] if key is None else list(_known_keys(node.args[0]) or _table_keys(value))
        )
        rows: list[tuple[pl.Expr | None, dict[str | None, Exact]]] = [
            (when, {k: figures[k] for k in keys if figures.get(k) is not None}) for when, figures in periods
        ]
        all_figures = [Fraction(figure) for _, table in rows for figure in table.values()]
        if not all_figures:
            return Num(pl.lit(None, dtype=pl.Int64), 1, 0, 0, 1, False, 0 if key is None else key.stage)
        if key is None and len(rows) == 1 and rows[0][0] is None:
            return number.constant(all_figures[0])
        den = _common_denominator(all_figures)
        chain: Any = pl
        for when, table in rows:
            for k, figure in table.items():
                here = [c for c in (when, None if key is None else key.expr == k) if c is not None]
                chain = chain.when(*here).then(pl.lit(int(Fraction(figure) * den), dtype=pl.Int64))
        scaled = [int(f * den) for f in all_figures]
        stage = 0 if key is None else key.stage
        return Num(chain, den, min(scaled), max(scaled), den, False, stage)

    # ── Gathered rows

    def _gathered_number(self, node: Expression) -> Num:
        name = pl.col(f"#{node.key}")
        if node.op == "rows_count":
            return number.column(name, 0, 10**9, 0)
        # A sum or a largest over rows: as wide as the sum over a billion rows may be.
        return number.column(name, -(10**18), 10**18, 0)


def _common_denominator(figures: list[Fraction]) -> int:
    return math.lcm(*(figure.denominator for figure in figures))


def _known_keys(node: Expression) -> list[str]:
    members = getattr(node, "members", None)
    return list(members) if members else []


def _table_keys(value: DatedValue) -> list[str | None]:
    return list(dict.fromkeys(key for entry in value.entries for key in entry.figures))


def in_force_on(day: pl.Expr, start: dt.date | None, end: dt.date | None) -> pl.Expr:
    """Whether a day lies in a validity, both ends included."""
    ends = [*([] if start is None else [day >= start]), *([] if end is None else [day <= end])]
    return pl.all_horizontal(ends) if ends else day.is_not_null()


# ── Logic over columns (Polars' own & | ~ are Kleene)


def _all(_: Expression, args: list[pl.Expr]) -> pl.Expr:
    result = args[0]
    for arg in args[1:]:
        result = result & arg
    return result


def _any(_: Expression, args: list[pl.Expr]) -> pl.Expr:
    result = args[0]
    for arg in args[1:]:
        result = result | arg
    return result


def _at_least(node: Expression, args: list[pl.Expr]) -> pl.Expr:
    true = pl.sum_horizontal([arg.fill_null(False).cast(pl.Int16) for arg in args])
    unknown = pl.sum_horizontal([arg.is_null().cast(pl.Int16) for arg in args])
    wanted: int = node.data
    return pl.when(true >= wanted).then(True).when(true + unknown < wanted).then(False)


def _choose(node: Expression, args: list[pl.Expr]) -> pl.Expr:
    pairs = len(args) // 2 * 2
    if node.kind is not Kind.BOOL:
        results = [*args[1:pairs:2], *args[pairs:]]
        return number.first_true(args[0:pairs:2], results, pl.lit(None))
    result = args[-1] if len(args) > pairs else pl.lit(None, dtype=pl.Boolean)
    for i in range(pairs - 2, -2, -2):
        condition, then = args[i], args[i + 1]
        result = (condition & then) | (~condition & result) | (then & result)
    return result


_COMBINE: dict[str, Any] = {
    "all": _all,
    "any": _any,
    "not": lambda _, args: ~args[0],
    "at_least": _at_least,
    "or_else": lambda _, args: pl.coalesce(args),
    "choose": _choose,
}

_COMPARE: dict[str, Any] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
}


# ── Calendar over columns


def _month_index(day: pl.Expr) -> pl.Expr:
    return day.dt.year().cast(pl.Int64) * 12 + day.dt.month().cast(pl.Int64)


def _plus_months(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    index = _month_index(day) - 1 + months
    first = pl.date(index // 12, index % 12 + 1, 1)
    return pl.date(
        index // 12, index % 12 + 1, pl.min_horizontal(day.dt.day(), first.dt.month_end().dt.day())
    )


def _full_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    forward = _months_forward(start, end)
    return pl.when(start <= end).then(forward).when(start > end).then(-_months_forward(end, start))


def _months_forward(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    complete = (end.dt.day() >= start.dt.day()) | (end.dt.day() == end.dt.month_end().dt.day())
    return _month_index(end) - _month_index(start) - (~complete).cast(pl.Int64)


def _begun_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    months = _months_forward(start, end)
    rest = _plus_months(start, months) != end
    return pl.when(end <= start).then(0).when(end > start).then(months + rest.cast(pl.Int64))


_SPANS: dict[str, Any] = {
    "full_months": _full_months,
    "begun_months": _begun_months,
    "age": lambda birth, day: _full_months(birth, day) // 12,
    "days": lambda start, end: (end - start).dt.total_days(),
}
