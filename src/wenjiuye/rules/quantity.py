"""Kinds of facts and values, exact numbers, money in fen, and rounding as a statement of the law."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from wenjiuye.rules.errors import UnreadableError

FEN = "fen"
SHARE = "share"
DAYS = "days"
INT64_MAX = 2**63 - 1

Exact = int | Fraction
"""A number without rounding: whole fen and counts are int, rates and shares are Fraction."""


class Kind(StrEnum):
    """What a fact or an expression is."""

    BOOL = "bool"
    INT = "int"
    MONEY = "money"
    SHARE = "share"
    DATE = "date"
    MONTH = "month"
    ENUM = "enum"
    LIST = "list"


NUMERIC = frozenset({Kind.INT, Kind.MONEY, Kind.SHARE})


@dataclass(frozen=True, slots=True)
class Rounding:
    """How the law rounds: direction, base in fen, and where that is written.

    Rounding happens once, at the end, unless a rule says otherwise.
    """

    direction: Literal["half_up", "up", "down"] = "half_up"
    base: int = 1
    source: str = "customary: half up to the fen, once, at the end"

    def apply(self, amount: Exact) -> int:
        """The amount in whole fen, a multiple of `base`."""
        if isinstance(amount, int) and self.base == 1:
            return amount
        scaled = Fraction(amount) / self.base
        if self.direction == "up":
            return -(-scaled.numerator // scaled.denominator) * self.base
        if self.direction == "half_up":
            scaled += Fraction(1, 2)
        return (scaled.numerator // scaled.denominator) * self.base


HALF_UP = Rounding()

_FRACTION = re.compile(r"^\s*(-?\d+)\s*/\s*(\d+)\s*$")
_PERCENT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[%％]\s*$")


def exact(raw: object) -> Fraction:
    """An exact number from an int, a Decimal, a decimal text, "2/3" or "5.5 %".

    A float is read as the shortest decimal that prints the same, which is what its writer saw.
    Raises UnreadableError, a ValueError, for anything else (bool, NaN, infinite, empty).
    """
    if isinstance(raw, bool):
        raise UnreadableError("应为数字，不是“是/否”", "a yes/no where a number is wanted")
    if isinstance(raw, int | Fraction):
        return Fraction(raw)
    if isinstance(raw, float):
        raw = repr(raw)
    if isinstance(raw, Decimal):
        raw = str(raw)
    if isinstance(raw, str):
        if match := _FRACTION.match(raw):
            if int(match[2]) == 0:
                raise UnreadableError("分数的分母为0", "a fraction with denominator 0")
            return Fraction(int(match[1]), int(match[2]))
        if match := _PERCENT.match(raw):
            return Fraction(Decimal(match[1])) / 100
        try:
            number = Decimal(raw.strip())
        except InvalidOperation:
            raise _no_number(raw) from None
        # A huge exponent would build a number of that many digits.
        if number.is_finite() and abs(number.adjusted()) <= 40:
            return Fraction(number)
    raise _no_number(raw)


def _no_number(raw: object) -> UnreadableError:
    return UnreadableError(f"不是数字：{raw}", f"not a number: {raw!r}")


def fen_of_yuan(raw: object) -> int:
    """Whole fen of a sum in yuan. Raises UnreadableError where there are more than two decimals."""
    fen = exact(raw) * 100
    if fen.denominator != 1:
        raise UnreadableError(f"超过两位小数：{raw}元", f"more than two decimals: {raw} yuan")
    return fen.numerator


def yuan_text(fen: Exact, *, grouped: bool = True) -> str:
    """Fen as yuan with two decimals: 123456 → "1,234.56"; exact for every size of integer."""
    whole = HALF_UP.apply(fen)
    sign = "-" if whole < 0 else ""
    yuan, rest = divmod(abs(whole), 100)
    return f"{sign}{yuan:,}.{rest:02d}" if grouped else f"{sign}{yuan}.{rest:02d}"


def number_text(value: Exact) -> str:
    """A number as people write it: 12, 0.055, 2/3."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{digits.normalize():f}"


def percent_text(value: Exact) -> str:
    """A share in per cent where that is a short decimal, else as a fraction: 5.5%, 2/3."""
    text = number_text(Fraction(value) * 100)
    return f"{value}" if "/" in text else f"{text}%"


def day_of(raw: object) -> dt.date:
    """A date from a date, a datetime at midnight, or ISO text (2020-12-01). Raises ValueError."""
    if isinstance(raw, dt.datetime):
        if raw.time() != dt.time():
            raise UnreadableError(
                f"应为日期，却带有时刻：{raw}", f"a time of day where a date is wanted: {raw}"
            )
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, str):
        return dt.date.fromisoformat(raw.strip())
    raise UnreadableError(f"不是日期：{raw}", f"not a date: {raw!r}")


def month_of(raw: object) -> dt.date:
    """The first day of a month from "2020-12" or any date in it. Raises ValueError."""
    if isinstance(raw, str) and re.fullmatch(r"\s*\d{4}-\d{2}\s*", raw):
        return dt.date.fromisoformat(raw.strip() + "-01")
    return day_of(raw).replace(day=1)


def plain(value: Exact) -> Exact:
    """An exact number as an int where it is whole."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
