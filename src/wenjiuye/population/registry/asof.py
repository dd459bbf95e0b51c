"""Looking rows up as on a day: what a table of events says of somebody, counted and chosen.

The rows asked for are a frame with `row` (its own id), the owner's id, and `day`. People as on the day of
decision and people as on the day when each was hired are the same question with other days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.batch_calendar import Parts, begun_months, full_months

ROW, DAY = "row", "day"


def gather(
    partition: Partition,
    rows: pl.DataFrame,
    table: str,
    by: str,
    found: Mapping[str, tuple[pl.Expr, Any]],
    *,
    owner: str | None = None,
    where: pl.Expr | None = None,
    also: Sequence[tuple[str, str]] = (),
) -> pl.DataFrame:
    """The rows with more columns: aggregates over the rows of a table that belong to each of them.

    found: for each new column the aggregate and its value where there are no rows. owner: the column of
    `rows` that holds the owner's id (default: the table's relation `by`). also: more pairs of columns that
    have to be equal. where: which rows of the table count; it may read `day` and other columns of `rows`.
    Unknown where the table is not kept, or where rows of the owner were set aside.
    """
    owner = owner or by
    held = partition.table(table)
    keys = [(owner, by), *also]
    joined = (
        rows.lazy()
        .with_row_index("#n")
        .join(
            held.lazy(),
            left_on=[mine for mine, _ in keys],
            right_on=[theirs for _, theirs in keys],
            how="inner",
            suffix=".found",
            maintain_order="left_right",
        )
    )
    if where is not None:
        joined = joined.filter(where)
    answers = joined.group_by("#n").agg(expr.alias(name) for name, (expr, _) in found.items()).collect()
    frame = rows.hstack(_spread(answers, rows.height))
    frame = frame.with_columns(
        pl.when("#seen").then(pl.col(name)).otherwise(pl.lit(none)).alias(name)
        for name, (_, none) in found.items()
        if none is not None
    ).drop("#seen")
    if table not in partition.tables:
        frame = frame.with_columns(pl.when(False).then(pl.col(name)).alias(name) for name in found)
    set_aside = partition.incomplete.get(f"{table}.{by}")
    if set_aside is not None and set_aside.len():
        known = ~pl.col(owner).is_in(set_aside.implode()).fill_null(False)
        frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in found)
    return frame


def _spread(answers: pl.DataFrame, height: int) -> pl.DataFrame:
    """Answers by row number (`#n`) as one row for each number, null where there is none, and `#seen`."""
    numbers = answers["#n"]
    # Cheaper than a join: most people have no row in most tables.
    places = pl.Series([None], dtype=pl.UInt32).new_from_index(0, height)
    places = places.scatter(numbers, pl.arange(0, answers.height, dtype=pl.UInt32, eager=True))
    spread = answers.drop("#n").select(pl.all().gather(places))
    return spread.with_columns(places.is_not_null().alias("#seen"))


def open_on(start: str, end: str, day: pl.Expr | None = None) -> pl.Expr:
    """Begun by the day and not over before it."""
    day = pl.col(DAY) if day is None else day
    return (pl.col(start) <= day) & (pl.col(end).is_null() | (pl.col(end) >= day))


def months_completed(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Completed calendar months between two dates (Int64)."""
    return full_months(Parts.of(start), Parts.of(end)).cast(pl.Int64)


def months_begun(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Calendar months begun between two dates (Int64)."""
    return begun_months(Parts.of(start), Parts.of(end)).cast(pl.Int64)


def settled_month(on: dt.date) -> dt.date:
    """The last month that ended on or before a day, as its first day."""
    after = on + dt.timedelta(days=1)
    year, month = divmod(after.year * 12 + after.month - 2, 12)
    return dt.date(year, month + 1, 1)


def month_end(month: dt.date) -> dt.date:
    """The last day of a month."""
    year, index = divmod(month.year * 12 + month.month, 12)
    return dt.date(year, index + 1, 1) - dt.timedelta(days=1)


def known_sum(column: str) -> pl.Expr:
    """The sum of a column over the rows of a group; unknown where one of them is."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum())


def last_by(column: str | pl.Expr, order: str, where: pl.Expr | None = None, none: object = None) -> pl.Expr:
    """The value of the row that comes last in an order of dates, of equal dates the last row.

    where: of the rows that fulfil it (`none` where no row does); unknown where it is unknown of some row.
    """
    expr = pl.col(column) if isinstance(column, str) else column
    if where is None:
        return expr.sort_by(order, maintain_order=True).last()
    last = expr.filter(where).sort_by(pl.col(order).filter(where), maintain_order=True).last()
    some = where.any(ignore_nulls=False)
    return pl.when(some).then(last).when(~some).then(pl.lit(none))


def first_of(text: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The place of the first of these names that stands in a group; past the end where none does."""
    ranks = {name: rank for rank, name in enumerate(names)}
    return text.replace_strict(ranks, default=len(names), return_dtype=pl.Int32).min()


def named(place: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The name in a place; null stays null."""
    text = place.replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
    return pl.when(place.is_not_null()).then(text)
