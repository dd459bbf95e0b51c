"""Bounds of unknown amounts over columns: the same interval arithmetic as `evaluation`, row by row.

A bound is a pair of numbers in which null means open: no lower, no upper bound.
"""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from fractions import Fraction

import polars as pl

from wenjiuye.rules import batch_number as number
from wenjiuye.rules.batch_lowering import Lowering, in_force_on, key_literal
from wenjiuye.rules.batch_number import Num
from wenjiuye.rules.checks import may_be_negative
from wenjiuye.rules.expression import Expression, Gathered, ValueUse
from wenjiuye.rules.quantity import SHARE

Interval = tuple[Num, Num]

_OPEN_END = ("full_months", "days")
_FROM_ZERO = ("begun_months", "age", "year")


class Bounds:
    """Lowers numbers to their smallest and largest possible value."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._done: dict[str, Interval] = {}
        self._columns = 0

    def interval(self, node: Expression) -> Interval:
        """The bounds of a number; both are the number itself where it is known."""
        if node.key not in self._done:
            known = self._lowering.number(node)
            low, high = self._interval(node, known)
            self._done[node.key] = (
                self._column(_known_first(known, low)),
                self._column(_known_first(known, high)),
            )
        return self._done[node.key]

    def _column(self, bound: Num) -> Num:
        """A column of its own: interval arithmetic reads each bound several times, and trees would explode."""
        self._columns += 1
        held = self._lowering.materialise(f"#bound{self._columns}", bound)
        assert isinstance(held, Num)
        return held

    def _interval(self, node: Expression, known: Num) -> Interval:
        op = node.op
        if op == "fact":
            return _of_fact(node, known)
        if op == "const":
            return known, known
        if op == "value":
            return self._of_value(node, known)
        if op == "choose":
            return self._of_choose(node, known)
        if op == "or_else":
            first = node.args[0]
            optional = first.op == "fact" and first.data.fact.optional
            return self.interval(node.args[1]) if optional else _of_fact(first, known)
        if isinstance(node.data, Gathered) or op in _FROM_ZERO:
            return _constant(0, known), _open(known)
        if op in _OPEN_END:
            return _open(known), _open(known)
        inner = [self.interval(arg) for arg in node.args]
        if op == "round":
            return number.rounded(inner[0][0], node.data), number.rounded(inner[0][1], node.data)
        if op in ("min", "max"):
            return self._extreme(op, inner)
        (a, b), (c, d) = inner
        if op == "add":
            return number.add(a, c), number.add(b, d)
        if op == "sub":
            return number.add(a, d, -1), number.add(b, c, -1)
        if op == "mul":
            low, high = _product(inner[0], inner[1], any(_may_be_open_below(arg) for arg in node.args))
        else:
            low, high = _quotient(inner[0], inner[1])
        stage = max(end.stage for end in (a, b, c, d))
        return replace(low, stage=stage), replace(high, stage=stage)

    def _of_value(self, node: Expression, known: Num) -> Interval:
        """Over every figure still possible for the key and the day; from 0, open, where nothing is set."""
        use: ValueUse = node.data
        value = self._lowering.values[use.name]
        key = self._lowering._key(node.args[0]).expr if use.keyed else None
        day = self._lowering.condition(node.args[-1]).expr if use.dated else None
        now = [e for e in [value.on(self._lowering.on)] if e is not None]
        possible: list[tuple[pl.Expr, Fraction]] = []
        for entry in value.entries if use.dated else now:
            in_force = (
                pl.lit(True) if day is None else day.is_null() | in_force_on(day, entry.start, entry.end)
            )
            for name, figure in entry.figures.items():
                fits = (
                    pl.lit(True)
                    if key is None or name is None
                    else key.is_null() | (key == key_literal(node.args[0], name))
                )
                assert isinstance(figure, int | Fraction)
                possible.append((in_force.fill_null(False) & fits.fill_null(False), Fraction(figure)))
        return _range_of(possible, known)

    def _of_choose(self, node: Expression, known: Num) -> Interval:
        args = node.args
        pairs = len(args) // 2 * 2
        conditions = [self._lowering.condition(args[i]) for i in range(0, pairs, 2)]
        branches = [self.interval(branch) for branch in (*args[1:pairs:2], *args[pairs:])]
        still = pl.lit(True)
        reach: list[pl.Expr] = []
        for condition in conditions:
            reach.append(still & condition.expr.fill_null(True))
            still = still & ~condition.expr.fill_null(False)
        reach += [still] * (len(branches) - len(conditions))
        stage = max(condition.stage for condition in conditions)
        return (
            self._hull("min", [low for low, _ in branches], reach, stage, known),
            self._hull("max", [high for _, high in branches], reach, stage, known),
        )

    def _hull(self, op: str, bounds: list[Num], reach: list[pl.Expr], stage: int, known: Num) -> Num:
        """The lowest (or highest) bound of the branches in reach; open where one of them is, or none is."""
        within = list(zip(reach, bounds, strict=False))
        is_open = pl.any_horizontal([r & b.num_expr(b.wide).is_null() for r, b in within])
        best = self._skipping(op, [replace(_only(r, b), stage=max(stage, b.stage)) for r, b in within])
        return replace(_only(~is_open, best), stage=max(stage, known.stage, best.stage))

    def _skipping(self, op: str, numbers: list[Num]) -> Num:
        """The extreme of those that are not null."""

        def of_two(a: Num, b: Num) -> Num:
            a_num, b_num = a.num_expr(a.wide), b.num_expr(b.wide)
            a_wins = number.compare("le" if op == "min" else "ge", a, b)
            return self._column(
                _when(b_num.is_null() | (a_num.is_not_null() & a_wins.fill_null(False)), a, b)
            )

        return functools.reduce(of_two, numbers)

    def _extreme(self, op: str, inner: list[Interval]) -> Interval:
        lows, highs = [low for low, _ in inner], [high for _, high in inner]
        if op == "min":
            return number.extreme("min", lows), self._skipping("min", highs)
        return self._skipping("max", lows), number.extreme("max", highs)


def _known_first(known: Num, bound: Num) -> Num:
    return bound if bound is known else number.coalesce(known, bound)


def _constant(value: int, like: Num) -> Num:
    return replace(number.constant(value), stage=like.stage)


def _open(like: Num) -> Num:
    return Num(pl.lit(None, dtype=pl.Int64), 1, 0, 0, 1, False, like.stage)


def _of_fact(node: Expression, known: Num) -> Interval:
    low, high = node.data.fact.range() if node.op == "fact" else (None, None)
    top = number.constant(Fraction(high)) if high is not None and node.unit == SHARE else _open(known)
    return _open(known) if low is None else number.constant(Fraction(low)), top


def _range_of(possible: list[tuple[pl.Expr, Fraction]], known: Num) -> Interval:
    if not possible:
        return _constant(0, known), _open(known)
    den = math.lcm(*(figure.denominator for _, figure in possible))
    figures = [int(figure * den) for _, figure in possible]
    # Nulls are skipped on purpose: they are the figures that are out of reach.
    reached = [
        pl.when(fits).then(pl.lit(n, dtype=pl.Int64)) for (fits, _), n in zip(possible, figures, strict=True)
    ]
    low, high = min(0, *figures), max(figures)
    lowest = pl.coalesce(pl.min_horizontal(reached), pl.lit(0, dtype=pl.Int64))
    return (
        Num(lowest, den, low, high, den, False, known.stage),
        Num(pl.max_horizontal(reached), den, low, high, den, False, known.stage),
    )


def _may_be_open_below(node: Expression) -> bool:
    """Whether the low end of a number can be below zero or open."""
    unanswered = any(part.op == "choose" and len(part.args) % 2 == 0 for part in node.walk())
    return may_be_negative(node) or unanswered


def _product(a: Interval, b: Interval, signed: bool) -> Interval:
    """Ends multiplied; nothing times anything is nothing; with a negative end all four products count."""
    zero = _is_zero(a) | _is_zero(b)
    nothing = number.constant(0)
    low, high = number.mul(a[0], b[0]), number.mul(a[1], b[1])
    if signed:
        negative = (_sign(a[0]) | _sign(b[0])).fill_null(True)
        products = [number.mul(x, y) for x in a for y in b]
        low = _when(negative, number.extreme("min", products), low)
        high = _when(negative, number.extreme("max", products), high)
    return _when(zero, nothing, low), _when(zero, nothing, high)


def _sign(a: Num) -> pl.Expr:
    return a.num_expr(a.wide) < 0


def _is_zero(a: Interval) -> pl.Expr:
    return ((a[0].num_expr(a[0].wide) == 0) & (a[1].num_expr(a[1].wide) == 0)).fill_null(False)


def _when(condition: pl.Expr, then: Num, otherwise: Num) -> Num:
    """Both known-or-open numbers under a condition that is never null; a null result stays open."""
    x, y = then, otherwise
    if isinstance(x.den, int) and isinstance(y.den, int):
        x, y = number.aligned(x, y)
    wide = x.wide or y.wide
    den: int | pl.Expr = x.den
    if not isinstance(x.den, int) or not isinstance(y.den, int):
        den = pl.when(condition).then(x.den_expr(wide)).otherwise(y.den_expr(wide))
    num = pl.when(condition).then(x.num_expr(wide)).otherwise(y.num_expr(wide))
    den_high, stage = max(x.den_high, y.den_high), max(x.stage, y.stage)
    return Num(num, den, min(x.low, y.low), max(x.high, y.high), den_high, wide, stage)


def _quotient(a: Interval, b: Interval) -> Interval:
    safe = (a[0].num_expr(a[0].wide) >= 0) & (b[0].num_expr(b[0].wide) >= 0)
    low = number.div(a[0], _positive(b[1]))
    low = number.coalesce(low, number.constant(0))
    high = number.div(a[1], _positive(b[0]))
    safe = safe.fill_null(False)
    return _only(safe, low), _only(safe, high)


def _positive(a: Num) -> Num:
    return replace(a, low=max(a.low, 0))


def _only(condition: pl.Expr, a: Num) -> Num:
    return replace(a, num=pl.when(condition).then(a.num_expr(a.wide)), const=None)
