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
    frame = rows.hstack(spread(answers, rows.height))
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


def spread(answers: pl.DataFrame, height: int) -> pl.DataFrame:
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


def known_sum(column: str | pl.Expr) -> pl.Expr:
    """The sum of a column over the rows of a group; unknown where one of them is."""
    expr = pl.col(column) if isinstance(column, str) else column
    return pl.when(expr.null_count() == 0).then(expr.sum())


def last_by(column: str | pl.Expr, order: str, where: pl.Expr | None = None, none: object = None) -> pl.Expr:
    """The value of the row that comes last in an order of dates, of equal dates the last row.

    where: of the rows that fulfil it (`none` where no row does). Rows of which that is unknown are left out;
    `last_in_any_case` looks at them too.
    """
    expr = pl.col(column) if isinstance(column, str) else column
    if where is None:
        return _at_latest(expr, pl.col(order))
    last = _at_latest(expr.filter(where), pl.col(order).filter(where))
    some = where.any(ignore_nulls=False)
    return pl.when(some).then(last).when(~some).then(pl.lit(none))


def last_in_any_case(column: str | pl.Expr, order: str, where: pl.Expr, none: object) -> pl.Expr:
    """The same, known only where it does not hang on rows of which it is unknown whether they count.

    Ten times dearer: for the few groups that have such rows.
    """
    expr = pl.col(column) if isinstance(column, str) else column
    # Dates and row numbers in one number each: the last row that counts, and those that may come after.
    place = pl.col(order).to_physical().cast(pl.Int64) * 2**32 + pl.int_range(pl.len())
    certain = place.filter(where).max()
    last = expr.filter(where.fill_null(True) & (place >= certain).fill_null(True))
    alike = pl.when(last.n_unique() == 1).then(last.first())
    or_none = pl.when(last.eq_missing(pl.lit(none)).all()).then(pl.lit(none))
    return pl.when(certain.is_not_null()).then(alike).otherwise(or_none)


def _at_latest(expr: pl.Expr, day: pl.Expr) -> pl.Expr:
    # Much cheaper than to sort each group; the order is turned round because the first of equal days is found.
    return expr.reverse().get(day.reverse().arg_max(), null_on_oob=True)


def first_of(text: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The place of the first of these names that stands in a group; past the end where none does."""
    ranks = {name: rank for rank, name in enumerate(names)}
    return text.replace_strict(ranks, default=len(names), return_dtype=pl.Int32).min()


def named(place: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The name in a place; null stays null."""
    text = place.replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
    return pl.when(place.is_not_null()).then(text)
