"""Exact numbers over columns: a whole numerator over a constant or a column, with the range it can take.

Polars wraps silently when an int64 overflows, so every step knows the largest number that can come out of it
and goes over to 128 bits before it could. `x // 0` is null in Polars and would read as unknown, so a division
asks first; `min_horizontal` skips nulls, so it is not used where a null means unknown.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from wenjiuye.rules.errors import DeclarationError
from wenjiuye.rules.quantity import INT64_MAX, Exact, Rounding

INT128_MAX = 2**127 - 1


@dataclass(frozen=True, slots=True)
class Num:
    """`num / den` row by row. `low`, `high` bound num, `den_high` bounds den, `stage` is when it can be computed."""

    num: pl.Expr
    den: int | pl.Expr
    low: int
    high: int
    den_high: int
    wide: bool
    stage: int
    const: Fraction | None = None

    @property
    def whole(self) -> bool:
        """Whether the denominator is 1."""
        return isinstance(self.den, int) and self.den == 1

    def den_expr(self, wide: bool) -> pl.Expr:
        """The denominator as an expression."""
        dtype = pl.Int128 if wide else pl.Int64
        return pl.lit(self.den, dtype=dtype) if isinstance(self.den, int) else self.den.cast(dtype)

    def num_expr(self, wide: bool) -> pl.Expr:
        """The numerator in 64 or 128 bits."""
        if self.const is not None:
            return pl.lit(self.const.numerator, dtype=pl.Int128 if wide else pl.Int64)
        return self.num.cast(pl.Int128) if wide and not self.wide else self.num


def is_wide(*extremes: int) -> bool:
    """Whether numbers this large need 128 bits. Raises DeclarationError where even those do not suffice."""
    largest = max(abs(x) for x in extremes)
    if largest > INT128_MAX:
        raise DeclarationError(
            "a formula can exceed 128 bits; give its facts a smaller allowed range (maximum=)"
        )
    return largest > INT64_MAX


def constant(value: Exact) -> Num:
    """A plain number."""
    exact = Fraction(value)
    n, d = exact.numerator, exact.denominator
    wide = is_wide(n, d)
    return Num(pl.lit(n, dtype=pl.Int128 if wide else pl.Int64), d, n, n, d, wide, 0, exact)


def column(num: pl.Expr, low: int, high: int, stage: int) -> Num:
    """A column of whole numbers of a known range."""
    return Num(num, 1, low, high, 1, is_wide(low, high), stage)


def scaled(a: Num, den: int) -> Num:
    """The same numbers over another constant denominator, a multiple of the present one."""
    assert isinstance(a.den, int)
    factor = den // a.den
    if factor == 1:
        return a
    low, high = a.low * factor, a.high * factor
    wide = a.wide or is_wide(low, high)
    if a.const is not None:
        n = a.const.numerator * factor
        return Num(pl.lit(n, dtype=pl.Int128 if wide else pl.Int64), den, n, n, den, wide, a.stage)
    return Num(a.num_expr(wide) * factor, den, low, high, den, wide, a.stage)


def _times(a: pl.Expr, factor: int | pl.Expr) -> pl.Expr:
    return a if isinstance(factor, int) and factor == 1 else a * factor


def aligned(*numbers: Num) -> list[Num]:
    """The same numbers over one common denominator, constant where all are."""
    if all(isinstance(n.den, int) for n in numbers):
        common = math.lcm(*(n.den for n in numbers if isinstance(n.den, int)))
        return [scaled(n, common) for n in numbers]
    return [_cross(n, [m for j, m in enumerate(numbers) if j != i]) for i, n in enumerate(numbers)]


def _cross(a: Num, others: Sequence[Num]) -> Num:
    """`a` over the product of all denominators."""
    factor = math.prod(o.den_high for o in others)
    low, high, den_high = min(a.low, a.low * factor), max(a.high, a.high * factor), a.den_high * factor
    wide = is_wide(low, high, den_high)
    num, den = a.num_expr(wide), a.den_expr(wide)
    for other in others:
        num, den = num * other.den_expr(wide), den * other.den_expr(wide)
    stage = max(a.stage, *(o.stage for o in others))
    return Num(num, den, low, high, den_high, wide, stage)


def _same_width(*numbers: Num) -> tuple[bool, list[pl.Expr]]:
    wide = any(n.wide for n in numbers)
    return wide, [n.num_expr(wide) for n in numbers]


def add(a: Num, b: Num, sign: int = 1) -> Num:
    """a + b, or a − b for sign −1."""
    if a.const is not None and b.const is not None:
        return constant(a.const + sign * b.const)
    a, b = aligned(a, b)
    ends = (b.low, b.high) if sign == 1 else (-b.high, -b.low)
    low, high = a.low + ends[0], a.high + ends[1]
    wide = a.wide or b.wide or is_wide(low, high)
    left, right = a.num_expr(wide), b.num_expr(wide)
    num = left + right if sign == 1 else left - right
    return Num(num, a.den, low, high, a.den_high, wide, max(a.stage, b.stage))


def mul(a: Num, b: Num) -> Num:
    """a × b."""
    if a.const is not None and b.const is not None:
        return constant(a.const * b.const)
    products = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    den_high = a.den_high * b.den_high
    wide = a.wide or b.wide or is_wide(*products, den_high)
    both = isinstance(a.den, int) and isinstance(b.den, int)
    den: int | pl.Expr = a.den * b.den if both else a.den_expr(wide) * b.den_expr(wide)
    num = a.num_expr(wide) * b.num_expr(wide)
    return _reduced(Num(num, den, min(products), max(products), den_high, wide, max(a.stage, b.stage)), a, b)


def _reduced(product: Num, a: Num, b: Num) -> Num:
    """A product with a constant in lowest terms: 1000 × 1/2 over 1, not over 2."""
    for number, other in ((a, b), (b, a)):
        if number.const is not None and isinstance(other.den, int) and isinstance(product.den, int):
            common = math.gcd(number.const.numerator, other.den)
            if common > 1:
                slim = Fraction(number.const.numerator // common, number.const.denominator)
                return mul(
                    replace(constant(slim), const=slim),
                    replace(other, den=other.den // common, den_high=other.den // common),
                )
    return product


def div(a: Num, b: Num) -> Num:
    """a ÷ b; null where b is 0. The divisor must not be negative."""
    if b.const is not None:
        if b.const == 0:
            return replace(mul(a, constant(0)), num=pl.lit(None, dtype=pl.Int64), const=None)
        return mul(a, constant(1 / b.const))
    if b.low < 0:
        raise DeclarationError(
            "a division by something that can be negative; use .not_below(0) or a positive fact"
        )
    low, high = sorted((a.low * b.den_high, a.high * b.den_high))
    low, den_high = min(low, a.low), a.den_high * b.high
    wide = a.wide or b.wide or is_wide(low, high, den_high)
    num = _times(a.num_expr(wide), b.den if isinstance(b.den, int) else b.den_expr(wide))
    den = _times(b.num_expr(wide), a.den if isinstance(a.den, int) else a.den_expr(wide))
    some = b.num != 0
    return Num(
        pl.when(some).then(num),
        pl.when(some).then(den),
        low,
        max(high, a.high),
        den_high,
        wide,
        max(a.stage, b.stage),
    )


def compare(op: str, a: Num, b: Num) -> pl.Expr:
    """The comparison, exactly: both sides multiplied out, no division."""
    a, b = aligned(a, b)
    _, (left, right) = _same_width(a, b)
    match op:
        case "lt":
            return left < right
        case "le":
            return left <= right
        case "gt":
            return left > right
        case "ge":
            return left >= right
        case "eq":
            return left == right
        case _:
            return left != right


def extreme(op: str, numbers: Sequence[Num]) -> Num:
    """The smallest ("min") or largest ("max"); null where one is null."""

    def of_two(a: Num, b: Num) -> Num:
        a, b = aligned(a, b)
        wide, (x, y) = _same_width(a, b)
        first = x <= y if op == "min" else x >= y
        pick = min if op == "min" else max
        num = pl.when(first).then(x).when(~first).then(y)
        return Num(
            num, a.den, pick(a.low, b.low), pick(a.high, b.high), a.den_high, wide, max(a.stage, b.stage)
        )

    return functools.reduce(of_two, numbers)


def piecewise(conditions: Sequence[tuple[pl.Expr, int]], branches: Sequence[Num]) -> Num:
    """The branch of the first true condition; null where the deciding condition is, or no branch is left."""
    constant_dens = all(isinstance(n.den, int) for n in branches)
    if constant_dens:
        branches = aligned(*branches)
    wide = any(n.wide for n in branches)
    nothing = pl.lit(None, dtype=pl.Int128 if wide else pl.Int64)
    tests = [c for c, _ in conditions]
    # Denominators are picked like numerators: crossing them would let an unknown branch spoil the others.
    return Num(
        first_true(tests, [n.num_expr(wide) for n in branches], nothing),
        branches[0].den
        if constant_dens
        else first_true(tests, [n.den_expr(wide) for n in branches], nothing),
        min(n.low for n in branches),
        max(n.high for n in branches),
        max(n.den_high for n in branches),
        wide,
        max(*(s for _, s in conditions), *(n.stage for n in branches)),
    )


def first_true(conditions: Sequence[pl.Expr], results: Sequence[pl.Expr], nothing: pl.Expr) -> pl.Expr:
    """A chain in which a null condition stops with null instead of falling into the next branch."""
    chain = pl.when(conditions[0]).then(results[0]).when(conditions[0].is_null()).then(nothing)
    for condition, result in zip(conditions[1:], results[1:], strict=False):
        chain = chain.when(condition).then(result).when(condition.is_null()).then(nothing)
    return chain.otherwise(results[-1] if len(results) > len(conditions) else nothing)


def coalesce(a: Num, b: Num) -> Num:
    """a where it is known, else b."""
    if isinstance(a.den, int) and isinstance(b.den, int):
        a, b = aligned(a, b)
    wide, (x, y) = _same_width(a, b)
    den: int | pl.Expr = a.den
    if not isinstance(a.den, int) or not isinstance(b.den, int):
        den = pl.when(x.is_not_null()).then(a.den_expr(wide)).otherwise(b.den_expr(wide))
    low, high = min(a.low, b.low), max(a.high, b.high)
    return Num(pl.coalesce(x, y), den, low, high, max(a.den_high, b.den_high), wide, max(a.stage, b.stage))


def rounded(a: Num, how: Rounding) -> Num:
    """Rounded to a multiple of the base, as the law says."""
    if a.const is not None:
        return constant(how.apply(a.const))
    base = how.base
    if a.whole and base == 1:
        return a
    double = 2 if how.direction == "half_up" else 1
    low, high = a.low * double, a.high * double + a.den_high * base
    wide = a.wide or is_wide(low, high, 2 * a.den_high * base)
    num, den = a.num_expr(wide), a.den_expr(wide) * base
    if how.direction == "half_up":
        whole = (num * 2 + den) // (den * 2)
    elif how.direction == "down":
        whole = num // den
    else:
        # Polars has no unary minus for 128 bits.
        whole = 0 - (0 - num) // den
    # |num / den| is largest over the smallest denominator, 1 for a column and den itself for a constant.
    small_den = a.den if isinstance(a.den, int) else 1
    low, high = (a.low // small_den - base, -(-a.high // small_den) + base)
    fits = not is_wide(low, high)
    return Num(
        (whole * base).cast(pl.Int64) if wide and fits else whole * base,
        1,
        low,
        high,
        1,
        wide and not fits,
        a.stage,
    )
