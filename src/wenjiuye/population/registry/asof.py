"""Looking rows up as on a day: what a table of events says of somebody, counted and chosen.

The rows asked for are a frame with `row` (its own id), the owner's id, and `day`. People as on the day of
decision and people as on the day when each was hired are the same question with other days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from wenjiuye.population.registry.partition import Partition, number_of
from wenjiuye.rules.batch_calendar import Parts, begun_months, full_months

ROW, DAY = "row", "day"
PLACE = "#place"
"""The place of a row of a table among those that are looked at, in their order; only within a gathering."""


Found = Mapping[str, tuple[pl.Expr, Any]]
"""For each new column the aggregate over the rows that belong together, and its value where there are none."""


def gather(
    partition: Partition,
    rows: pl.DataFrame,
    table: str,
    by: str,
    found: Found,
    *,
    owner: str | None = None,
    where: pl.Expr | None = None,
    also: Sequence[tuple[str, str]] = (),
    without: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows with more columns: aggregates over the rows of a table that belong to each of them.

    owner: the column of `rows` that holds the owner's id (default: the table's relation `by`). also: more pairs
    of columns that have to be equal. where: which rows of the table count; it may read `day` and other columns
    of `rows` that the table does not have. without: rows of the table that are equal to one of these are left
    out. Unknown where the table is not kept, or where rows of the owner were set aside.
    """
    owner = owner or by
    keys = _keys(partition, rows, table, [(owner, by), *also])
    read = columns_read(found, where)
    theirs = [name for name in read if name in partition.columns(table)]
    mine = [name for name in read if name not in theirs]
    left_out = [] if without is None else without.columns
    held = partition.table(table, [*(name for _, name in keys), *theirs, *left_out])
    if where is not None and not mine:
        held = held.filter(where)
    joined, number, numbers = _together(rows, held, keys, mine)
    if where is not None and mine:
        joined = joined.filter(where)
    if without is not None:
        joined = joined.join(without.lazy(), on=left_out, how="anti", maintain_order="left")
    counted = joined.with_row_index(PLACE).group_by(number)
    answers = counted.agg(expr.alias(name) for name, (expr, _) in found.items()).collect()
    frame = rows.hstack(spread(answers, number, numbers))
    return _as_far_as_known(partition, frame, f"{table}.{by}", owner, found)


def _as_far_as_known(
    partition: Partition, frame: pl.DataFrame, relation: str, owner: str, found: Found
) -> pl.DataFrame:
    """With the value of those who have no rows; unknown where there may be rows that are not here."""
    frame = frame.with_columns(
        pl.when("#seen").then(pl.col(name)).otherwise(pl.lit(none)).alias(name)
        for name, (_, none) in found.items()
        if none is not None
    ).drop("#seen")
    if relation.split(".")[0] not in partition.tables:
        frame = frame.with_columns(pl.when(False).then(pl.col(name)).alias(name) for name in found)
    set_aside = partition.incomplete.get(relation)
    if set_aside is not None and set_aside.len():
        known = ~pl.col(owner).is_in(set_aside.implode()).fill_null(False)
        frame = frame.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in found)
    return frame


def again(
    frame: pl.DataFrame,
    few: pl.Series,
    looked_at: Callable[[pl.DataFrame], pl.DataFrame],
    names: Sequence[str],
) -> pl.DataFrame:
    """The rows with some columns as they come out when a few of the rows are looked at more closely."""
    if not few.any():
        return frame
    seen, places = looked_at(frame.filter(few).drop(names)), few.arg_true()
    return frame.with_columns(
        frame[name].clone().scatter(places, seen[name].cast(frame[name].dtype)) for name in names
    )


def columns_read(found: Found, where: pl.Expr | None) -> list[str]:
    """The columns that a gathering reads, of the table and of the rows."""
    exprs = [*(expr for expr, _ in found.values()), *([] if where is None else [where])]
    return [n for n in dict.fromkeys(name for e in exprs for name in e.meta.root_names()) if n != PLACE]


def _keys(
    partition: Partition, rows: pl.DataFrame, table: str, pairs: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """By which columns rows belong together: by their numbers, where both have these."""
    held = partition.columns(table)
    return [
        (number_of(ours), number_of(other))
        if number_of(ours) in rows.columns and number_of(other) in held
        else (ours, other)
        for ours, other in pairs
    ]


def _together(
    rows: pl.DataFrame, held: pl.DataFrame, keys: Sequence[tuple[str, str]], mine: Sequence[str]
) -> tuple[pl.LazyFrame, str, pl.Series]:
    """The rows of a table with some columns of those that they belong to.

    Also the column by which they are to be grouped, and what stands in it for each of `rows`.
    """
    (ours, key), *others = keys
    if rows.schema[ours] != pl.UInt32:
        return _joined(rows, held, keys, mine), "#n", each_row(rows)
    same = None if others else _same_for_most(rows, ours, mine)
    if same is None:
        return _numbered(rows, held, keys, mine), "#n", each_row(rows)
    # Nearly everybody is asked about as on one day, so nobody needs to be looked for.
    return held.lazy().filter(pl.col(key).is_not_null()).with_columns(same), key, rows[ours]


def _joined(
    rows: pl.DataFrame, held: pl.DataFrame, keys: Sequence[tuple[str, str]], mine: Sequence[str]
) -> pl.LazyFrame:
    """The rows of a table beside those that they belong to (`#n`), by ids."""
    asked = rows.select(list(dict.fromkeys([*(name for name, _ in keys), *mine]))).with_row_index("#n")
    return asked.lazy().join(
        held.lazy(),
        left_on=[ours for ours, _ in keys],
        right_on=[other for _, other in keys],
        how="inner",
        suffix=".asked",
        coalesce=False,
        maintain_order="left_right",
    )


def _numbered(
    rows: pl.DataFrame, held: pl.DataFrame, keys: Sequence[tuple[str, str]], mine: Sequence[str]
) -> pl.LazyFrame:
    """The same by numbers, which are places: looked up in a list, at a third of the cost of a join."""
    (ours, key), *others = keys
    highest = max(_highest(rows[ours]), _highest(held[key]))
    asked = rows.select(pl.col(ours).alias("number"), each_row(rows).alias("#n")).drop_nulls()
    none = pl.Series("#n", [None], dtype=pl.UInt32).new_from_index(0, highest + 1)
    found: list[pl.DataFrame] = []
    while asked.height or not found:
        places = none.clone().scatter(asked["number"], asked["#n"])
        row = places.gather(held[key])
        held = held.filter(row.is_not_null())
        found.append(held.with_columns(row.drop_nulls()))
        # Who is asked about twice (two jobs) stands in one place, and is looked up once more.
        asked = asked.filter(asked["#n"] != places.gather(asked["number"]))
    joined = pl.concat(found)
    told = [*((other, one) for one, other in others), *((name, name) for name in mine)]
    beside = [rows[column].gather(joined["#n"]).alias(f"#mine {name}") for name, column in told]
    joined = joined.hstack(beside)
    equal = [pl.col(f"#mine {other}") == pl.col(other) for _, other in others]
    lazy = joined.lazy().filter(equal) if equal else joined.lazy()
    return lazy.rename({f"#mine {name}": name for name in mine})


def _same_for_most(rows: pl.DataFrame, number: str, names: Sequence[str]) -> list[pl.Expr] | None:
    """Columns that have one value in all rows, as that value; None where one has several, or rows are few."""
    if rows.height * 2 < _highest(rows[number]) or rows.is_empty():
        return None
    values = []
    for name in names:
        column = rows[name]
        if column.null_count() not in (0, column.len()) or column.min() != column.max():
            return None
        values.append(pl.lit(column.first(), dtype=column.dtype).alias(name))
    return values


def spread(answers: pl.DataFrame, number: str, numbers: pl.Series) -> pl.DataFrame:
    """Answers by `number`, one row for each of `numbers`: null where there is none, and `#seen`."""
    told = answers[number]
    highest = max(_highest(told), _highest(numbers))
    # Cheaper than a join: most people have no row in most tables.
    places = pl.Series([None], dtype=pl.UInt32).new_from_index(0, highest + 1)
    places = places.scatter(told, pl.arange(0, answers.height, dtype=pl.UInt32, eager=True)).gather(numbers)
    spread = answers.drop(number).select(pl.all().gather(places))
    return spread.with_columns(places.is_not_null().alias("#seen"))


def each_row(rows: pl.DataFrame) -> pl.Series:
    """The number of each row in its own frame."""
    return pl.arange(0, rows.height, dtype=pl.UInt32, eager=True)


def _highest(numbers: pl.Series) -> int:
    highest = numbers.max()
    return highest if isinstance(highest, int) else 0


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
        return _at_latest(expr, _in_order(order))
    last = _at_latest(expr.filter(where), _in_order(order).filter(where))
    some = where.any(ignore_nulls=False)
    return pl.when(some).then(last).when(~some).then(pl.lit(none))


def last_in_any_case(column: str | pl.Expr, order: str, where: pl.Expr, none: object) -> pl.Expr:
    """The same, known only where it does not hang on rows of which it is unknown whether they count.

    Ten times dearer: for the few groups that have such rows.
    """
    expr = pl.col(column) if isinstance(column, str) else column
    # The last row that counts, and those that may come after it.
    place = _in_order(order)
    certain = place.filter(where).max()
    last = expr.filter(where.fill_null(True) & (place >= certain).fill_null(True))
    alike = pl.when(last.n_unique() == 1).then(last.first())
    or_none = pl.when(last.eq_missing(pl.lit(none)).all()).then(pl.lit(none))
    return pl.when(certain.is_not_null()).then(alike).otherwise(or_none)


def _in_order(order: str) -> pl.Expr:
    """Dates and places of rows in one number each: of equal dates the later row has the higher one."""
    return pl.col(order).to_physical().cast(pl.Int64) * 2**32 + pl.col(PLACE).cast(pl.Int64)


def _at_latest(expr: pl.Expr, place: pl.Expr) -> pl.Expr:
    # Much cheaper than to sort each group. Turned round (`day.reverse().arg_max()`) it would be wrong for dates
    # that polars (2.1) knows to be sorted: it takes them to be sorted still.
    return expr.get(place.arg_max(), null_on_oob=True)


def first_of(text: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The place of the first of these names that stands in a group; past the end where none does."""
    ranks = {name: rank for rank, name in enumerate(names)}
    return text.replace_strict(ranks, default=len(names), return_dtype=pl.Int32).min()


def named(place: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The name in a place; null stays null."""
    text = place.replace_strict(dict(enumerate(names)), default=None, return_dtype=pl.String)
    return pl.when(place.is_not_null()).then(text)
