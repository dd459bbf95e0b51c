"""Winners and losers: what a reform changes for each row, counted by class and by attributes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from wenjiuye.population.simulation.adding import added
from wenjiuye.population.simulation.attributes import attributes, dimensions
from wenjiuye.population.simulation.redecide import Outcome
from wenjiuye.population.simulation.sides import costs, due, entitled, high, low
from wenjiuye.rules.facts import Subject

CLASSES = ("newly", "no_longer", "more", "less", "unchanged", "open")
"""Entitled for the first time, no longer, to more, to less, as before; open: it hangs on what is not known."""

CLASS = pl.Enum(CLASSES)
WHOLE = "all"
"""The dimension that counts every row once."""

COUNTED = {"rows": pl.Int64(), "gained": pl.Int128(), "lost": pl.Int128()}
BY_ATTRIBUTE = {
    "subject": pl.String(),
    "dimension": pl.String(),
    "value": pl.String(),
    "class": CLASS,
    **COUNTED,
}
BOUNDS = {
    "low": pl.Int128(),
    "low_unbounded": pl.Int64(),
    "high": pl.Int128(),
    "high_unbounded": pl.Int64(),
}
"""What the rows get more, at least and at most (fen), and how many of them have no such bound."""

BY_MEASURE = {"measure": pl.String(), "county": pl.String(), "class": CLASS, **COUNTED, **BOUNDS}
"""Sums in fen; `value` or `county` null: not known."""


def changes(
    subject: type[Subject],
    base: Outcome | None,
    reform: Outcome | None,
    affected: Sequence[str],
    alike: Collection[str] = (),
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of one part: BY_ATTRIBUTE over all affected measures together, and BY_MEASURE for each.

    alike: measures that the same rows are entitled to on both sides, whatever is not known.
    """
    rows = _both(subject, base, reform, affected)
    named = {name: measure for side in (base, reform) if side for name, measure in side.measures.items()}
    mine = [name for name in affected if name in named]
    paid = [name for name in mine if costs(named[name])]
    alone = {name: [name] if name in paid else [] for name in mine}
    by_measure = [
        _counted(rows, ["county"], _class([name], sums), _change(sums), _bounds(sums, name in alike)).select(
            pl.lit(name).alias("measure"), "county", "class", *COUNTED, *BOUNDS
        )
        for name, sums in alone.items()
    ]
    by_attribute = [
        _counted(rows, [dimension] if dimension != WHOLE else [], _class(mine, paid), _change(paid)).select(
            pl.lit(subject.id).alias("subject"),
            pl.lit(dimension).alias("dimension"),
            (pl.col(dimension) if dimension != WHOLE else pl.lit(WHOLE)).alias("value"),
            "class",
            *COUNTED,
        )
        for dimension in (WHOLE, *dimensions(subject))
    ]
    return together(by_attribute, BY_ATTRIBUTE), together(by_measure, BY_MEASURE)


def together(frames: Iterable[pl.DataFrame], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Counts of several parts put together."""
    return added(frames, schema, [name for name in schema if name not in COUNTED and name not in BOUNDS])


def _both(
    subject: type[Subject], base: Outcome | None, reform: Outcome | None, affected: Sequence[str]
) -> pl.DataFrame:
    """The rows of both sides with attributes and `b.<m>.has`, `b.<m>.due`, `r.<m>.…`."""
    sides = [
        None
        if side is None
        else side.frame.select(
            "id",
            *(entitled(side, name).alias(f"{mark}.{name}.has") for name in affected),
            *(
                make(side, name).alias(f"{mark}.{name}.{end}")
                for name in affected
                for end, make in (("due", due), ("low", low), ("high", high))
            ),
        )
        for mark, side in (("b", base), ("r", reform))
    ]
    known = [attributes(subject, side) for side in (base, reform) if side is not None]
    people = pl.concat(known).unique("id", keep="first", maintain_order=True) if len(known) > 1 else known[0]
    before, after = sides
    if before is not None and after is not None and before["id"].equals(after["id"]):
        return pl.concat([known[0], before.drop("id"), after.drop("id")], how="horizontal")
    rows = people
    for mark, side in (("b", before), ("r", after)):
        if side is None:
            nobody = [pl.lit(False).alias(f"{mark}.{name}.has") for name in affected]
            nothing = [
                pl.lit(0, dtype=pl.Int128).alias(f"{mark}.{name}.{end}")
                for name in affected
                for end in ("due", "low", "high")
            ]
            rows = rows.with_columns(*nobody, *nothing)
        else:
            rows = _joined(rows, side)
    return rows


def _joined(rows: pl.DataFrame, side: pl.DataFrame) -> pl.DataFrame:
    """The rows with one side; a row that the side does not decide is entitled to nothing there."""
    joined = rows.join(
        side.with_columns(pl.lit(True).alias("#here")), on="id", how="left", maintain_order="left"
    )
    here = pl.col("#here").is_not_null()
    return joined.with_columns(
        pl.when(here).then(pl.col(name)).otherwise(pl.lit(False if name.endswith(".has") else 0)).alias(name)
        for name in side.columns
        if name != "id"
    ).drop("#here")


def _change(paid: Sequence[str]) -> pl.Expr:
    """What a row gets more, in fen; null where that is not known."""
    if not paid:
        return pl.lit(0, dtype=pl.Int128)
    return pl.sum_horizontal(
        (pl.col(f"r.{name}.due") - pl.col(f"b.{name}.due") for name in paid), ignore_nulls=False
    )


def _class(measures: Sequence[str], paid: Sequence[str]) -> pl.Expr:
    had, has = (
        pl.any_horizontal(pl.col(f"{mark}.{name}.has").fill_null(False) for name in measures)
        for mark in ("b", "r")
    )
    unsure = [pl.col(f"{mark}.{name}.has").is_null() for mark in ("b", "r") for name in measures]
    change = _change(paid)
    return (
        pl.when(pl.any_horizontal(*unsure, change.is_null()))
        .then(pl.lit("open"))
        .when(has & ~had)
        .then(pl.lit("newly"))
        .when(had & ~has)
        .then(pl.lit("no_longer"))
        .when(change > 0)
        .then(pl.lit("more"))
        .when(change < 0)
        .then(pl.lit("less"))
        .otherwise(pl.lit("unchanged"))
        .cast(CLASS)
    )


def _bounds(paid: Sequence[str], alike: bool) -> tuple[pl.Expr, pl.Expr] | None:
    """What each row gets more of one measure, at least and at most; null: without such a bound.

    Where the same rows are entitled on both sides, a row that is open gets the difference or nothing.
    """
    if not paid:
        return None
    (name,) = paid
    had, has = pl.col(f"b.{name}.has"), pl.col(f"r.{name}.has")
    ends = {f"{mark}.{end}": pl.col(f"{mark}.{name}.{end}") for mark in "br" for end in ("low", "high")}
    nothing = pl.lit(0, dtype=pl.Int128)
    if alike:
        least, most = ends["r.low"] - ends["b.high"], ends["r.high"] - ends["b.low"]
        # A bound that there is not stays none, also where nothing may come of it.
        less = pl.when(least > 0).then(nothing).otherwise(least)
        more = pl.when(most < 0).then(nothing).otherwise(most)
        return (
            pl.when(~had).then(nothing).when(had).then(least).otherwise(less),
            pl.when(~had).then(nothing).when(had).then(most).otherwise(more),
        )
    lows = {
        mark: pl.when(granted.fill_null(False)).then(ends[f"{mark}.low"]).otherwise(nothing)
        for mark, granted in (("b", had), ("r", has))
    }
    highs = {
        mark: pl.when(granted.fill_null(True)).then(ends[f"{mark}.high"]).otherwise(nothing)
        for mark, granted in (("b", had), ("r", has))
    }
    return lows["r"] - highs["b"], highs["r"] - lows["b"]


def _counted(
    rows: pl.DataFrame,
    by: Sequence[str],
    kind: pl.Expr,
    change: pl.Expr,
    bounds: tuple[pl.Expr, pl.Expr] | None = None,
) -> pl.DataFrame:
    told = kind != "open"
    least, most = bounds or (pl.lit(0, dtype=pl.Int128), pl.lit(0, dtype=pl.Int128))
    change = pl.when(told).then(change).otherwise(0)
    return (
        rows.lazy()
        .select(*by, kind.alias("class"), change.alias("#change"), least.alias("#low"), most.alias("#high"))
        .group_by(*by, "class")
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            pl.col("#change").filter(pl.col("#change") > 0).sum().alias("gained"),
            (0 - pl.col("#change").filter(pl.col("#change") < 0).sum()).alias("lost"),
            *(pl.col(f"#{end}").sum().alias(end) for end in ("low", "high")),
            *(
                pl.col(f"#{end}").null_count().cast(pl.Int64).alias(f"{end}_unbounded")
                for end in ("low", "high")
            ),
        )
        .collect()
    )
