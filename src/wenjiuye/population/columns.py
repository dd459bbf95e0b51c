"""A column of text to kernel columns: all common forms at once in Polars, what is left over cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from wenjiuye.population.cells import CellError, kernel_value, read_cell
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind

_TEXT = pl.col("text")


@dataclass(frozen=True, slots=True)
class Parsed:
    """Kernel columns of one fact, and the cells that cannot be read: index, value, problem, allowed."""

    columns: tuple[pl.Series, ...]
    problems: pl.DataFrame


def parse_column(fact: Fact, texts: pl.Series) -> Parsed:
    """Read a column of text. An empty cell is null: unknown, never zero and never no."""
    names = list(fact_columns(fact, fact.id))
    frame = tidy(texts).to_frame("text")
    fast = _FAST[fact.kind](fact, frame)
    left = fast.select((_TEXT.is_not_null() & pl.col(names[0]).is_null()).alias("left"))["left"]
    if not left.any():
        return Parsed(tuple(fast[name] for name in names), _problems([], [], [], fact))
    columns, problems = _careful(fact, fast, left)
    return Parsed(columns, problems)


def tidy(texts: pl.Series) -> pl.Series:
    """Without spaces (full-width ones too) around; empty becomes null."""
    stripped = pl.col("text").str.strip_chars()
    return texts.to_frame("text").select(pl.when(stripped != "").then(stripped))["text"]


def _careful(fact: Fact, fast: pl.DataFrame, left: pl.Series) -> tuple[tuple[pl.Series, ...], pl.DataFrame]:
    schema = fact_columns(fact, fact.id)
    where = left.arg_true()
    texts = fast["text"].gather(where)
    cells: dict[str, list[Any]] = {"text": [], **{name: [] for name in schema}}
    reasons: dict[str, str] = {}
    for text in texts.unique(maintain_order=True):
        try:
            values = kernel_value(fact, read_cell(fact, text))
        except CellError as problem:
            reasons[text] = str(problem)
            continue
        cells["text"].append(text)
        for name, value in zip(schema, values, strict=True):
            cells[name].append(value)
    read = pl.DataFrame(cells, schema={"text": pl.String, **schema})
    found = texts.to_frame("text").join(read, on="text", how="left", maintain_order="left")
    columns = tuple(_put(fast[name], where, found[name]) for name in schema)
    wrong = [(i, text) for i, text in zip(where.to_list(), texts.to_list(), strict=True) if text in reasons]
    return columns, _problems(
        [i for i, _ in wrong], [t for _, t in wrong], [reasons[t] for _, t in wrong], fact
    )


def _put(series: pl.Series, where: pl.Series, values: pl.Series) -> pl.Series:
    if series.dtype.is_nested() or series.dtype == pl.Enum:
        # Every cell of a list comes this way; scatter knows neither lists nor enums.
        patch = pl.DataFrame({"row": where, "patch": values})
        frame = series.to_frame("old").with_row_index("row")
        joined = frame.join(patch, on="row", how="left", maintain_order="left")
        return joined.select(pl.coalesce("old", "patch").alias(series.name))[series.name]
    return series.clone().scatter(where, values)


def _problems(index: list[int], values: list[str], reasons: list[str], fact: Fact) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "index": pl.Series(index, dtype=pl.UInt32),
            "value": pl.Series(values, dtype=pl.String),
            "problem": pl.Series(reasons, dtype=pl.String),
            "allowed": pl.Series([fact.wanted()] * len(index), dtype=pl.String),
        }
    )


# ── The common forms of each kind. Null is "not read here": a range or a form to look at with care.


_TRUE = ["true", "True", "TRUE", "1", "是", "有", "√", "yes", "Yes", "YES", "y", "Y"]
_FALSE = ["false", "False", "FALSE", "0", "否", "无", "×", "no", "No", "NO", "n", "N"]


def _fast_bool(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    answer = pl.when(_TEXT.is_in(_TRUE)).then(True).when(_TEXT.is_in(_FALSE)).then(False)
    return frame.with_columns(answer.alias(fact.id))


def _fast_int(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    digits = pl.when(_TEXT.str.contains("^[0-9]{1,15}$")).then(_TEXT)
    number = digits.str.to_integer(strict=False, dtype=pl.Int64)
    return _within(fact, frame.with_columns(number.alias(fact.id)))


def _fast_money(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    text = _TEXT
    if frame.select(_TEXT.str.contains(",", literal=True).any()).item():
        grouped = _TEXT.str.contains(r"^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?$")
        text = pl.when(grouped).then(_TEXT.str.replace_all(",", "", literal=True)).otherwise(_TEXT)
    plain = pl.when(text.str.contains(r"^[0-9]{1,15}(\.[0-9]{1,2})?$")).then(text)
    # The physical value of a decimal with two places is the sum in fen.
    fen = plain.str.to_decimal(scale=2).to_physical().cast(pl.Int64)
    return _within(fact, frame.with_columns(fen.alias(fact.id)))


def _within(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    low, high = fact.range()
    number = pl.col(fact.id)
    return frame.with_columns(pl.when(number.is_between(int(low), int(high))).then(number).alias(fact.id))


def _fast_share(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    """Decimals of at most seven places, with or without a per cent sign; reduced like a Fraction."""
    percent = "%?" if fact.unit is None else ""
    groups = _TEXT.str.extract_groups(rf"^([0-9]{{1,9}})(?:\.([0-9]{{1,7}}))?({percent})$").struct
    frame = frame.with_columns(
        groups.field("1").alias("whole"),
        groups.field("2").fill_null("").alias("places"),
        groups.field("3").alias("%"),
    )
    digits = pl.when(pl.col("whole").is_not_null()).then(pl.concat_str("whole", "places"))
    zeros = pl.col("places").str.len_chars() + pl.when(pl.col("%") == "%").then(2).otherwise(0)
    powers = {k: 10**k for k in range(10)}
    num, den = pl.col(f"{fact.id}.num"), pl.col(f"{fact.id}.den")
    frame = frame.select(
        _TEXT,
        digits.str.to_integer(strict=False, dtype=pl.Int64).alias(f"{fact.id}.num"),
        zeros.replace_strict(powers, return_dtype=pl.Int64).alias(f"{fact.id}.den"),
    )
    for factor in (2**8, 2**4, 2**2, 2, 5**8, 5**4, 5**2, 5):
        both = pl.when((num % factor == 0) & (den % factor == 0))
        frame = frame.with_columns(
            both.then(num // factor).otherwise(num), both.then(den // factor).otherwise(den)
        )
    low, high = (Fraction(end) for end in fact.range())
    fits = (num * low.denominator >= den * low.numerator) & (num * high.denominator <= den * high.numerator)
    return frame.with_columns(pl.when(fits).then(num), pl.when(fits).then(den))


def _fast_date(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    low, high = fact.range()
    even = _TEXT.str.replace_all(r"[/年月]", "-").str.strip_suffix("日")
    same = _TEXT.str.contains(r"^[0-9]{4}(-[0-9]{1,2}-|/[0-9]{1,2}/|年[0-9]{1,2}月)[0-9]{1,2}日?$")
    day = pl.when(same).then(even).str.to_date("%Y-%m-%d", strict=False)
    day = pl.when(day.is_between(low, high)).then(day)
    if fact.kind is Kind.MONTH:
        short = pl.when(_TEXT.str.contains(r"^[0-9]{4}-[0-9]{2}$")).then(_TEXT + "-01")
        month = short.str.to_date("%Y-%m-%d", strict=False)
        day = pl.coalesce(day.dt.month_start(), pl.when(month.is_between(low, high)).then(month))
    return frame.with_columns(day.alias(fact.id))


def _fast_enum(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    names = {zh: member for member, (zh, _) in fact.members.items()}
    names |= {member: member for member in fact.members}
    members = pl.Enum(list(fact.members))
    return frame.with_columns(_TEXT.replace_strict(names, default=None, return_dtype=members).alias(fact.id))


def _no_fast_way(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in fact_columns(fact, fact.id).items()
    )


_FAST: dict[Kind, Callable[[Fact, pl.DataFrame], pl.DataFrame]] = {
    Kind.BOOL: _fast_bool,
    Kind.INT: _fast_int,
    Kind.MONEY: _fast_money,
    Kind.SHARE: _fast_share,
    Kind.DATE: _fast_date,
    Kind.MONTH: _fast_date,
    Kind.ENUM: _fast_enum,
    Kind.LIST: _no_fast_way,
}
