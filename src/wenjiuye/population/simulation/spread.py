"""How amounts are spread: exact counts of equal amounts, from which classes and quantiles follow.

Counts of parts are added up. What is kept is as large as the number of different amounts, not of people.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import polars as pl

from wenjiuye.population.results import yuan
from wenjiuye.population.simulation.adding import added
from wenjiuye.population.simulation.redecide import Outcome, Outcomes
from wenjiuye.population.simulation.sides import costs, due, entitled

SPREAD = {"scope": pl.String(), "id": pl.String(), "amount": pl.Int64(), "rows": pl.Int64()}
"""scope `measure` or `subject` (all measures of a row together); amount in fen, null: not known."""

EDGES = (
    0, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
)  # fmt: skip
"""Where the classes of a histogram begin, in yuan; the last one has no end."""

QUANTILES = (10, 20, 30, 40, 50, 60, 70, 80, 90)


def spread(base: Outcomes, reform: Outcomes | None = None, affected: Collection[str] = ()) -> pl.DataFrame:
    """Of one part, how many rows get which amount, by measure and by subject.

    With a reform: its side counts for the affected measures, the baseline for the others.
    """
    found = []
    for subject in dict.fromkeys([*base, *(reform or ())]):
        sides = []
        if subject in base:
            sides.append((base[subject], _paid(base[subject], lambda name: name not in affected)))
        if reform is not None and subject in reform:
            sides.append((reform[subject], _paid(reform[subject], lambda name: name in affected)))
        sides = [(outcome, names) for outcome, names in sides if names]
        found += _of_measures(sides) + _of_rows(subject, sides)
    return together(pl.collect_all(found))


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Counts of several parts put together."""
    return added(frames, SPREAD, ("scope", "id", "amount"))


def _paid(outcome: Outcome, wanted: Callable[[str], bool]) -> list[str]:
    return [name for name, measure in outcome.measures.items() if costs(measure) and wanted(name)]


def _of_measures(sides: list[tuple[Outcome, list[str]]]) -> list[pl.LazyFrame]:
    return [
        outcome.frame.lazy()
        .filter(pl.col(f"{name}.entitled"))
        .group_by(pl.col(f"{name}.amount").alias("amount"))
        .agg(pl.len().alias("rows"))
        .select(pl.lit("measure").alias("scope"), pl.lit(name).alias("id"), "amount", "rows")
        for outcome, names in sides
        for name in names
    ]


def _of_rows(subject: str, sides: list[tuple[Outcome, list[str]]]) -> list[pl.LazyFrame]:
    pieces = [
        outcome.frame.select(
            "id",
            pl.any_horizontal(entitled(outcome, name).fill_null(False) for name in names).alias("has"),
            pl.sum_horizontal((due(outcome, name) for name in names), ignore_nulls=False).alias("due"),
        )
        for outcome, names in sides
    ]
    if not pieces:
        return []
    whole = pieces[0]
    for piece in pieces[1:]:
        # Both sides stand on the same rows, unless the registry is read otherwise: then there is one side.
        whole = whole.select("id", pl.col("has") | piece["has"], (pl.col("due") + piece["due"]).alias("due"))
    return [
        whole.lazy()
        .filter("has")
        .group_by(pl.col("due").cast(pl.Int64).alias("amount"))
        .agg(pl.len().alias("rows"))
        .select(pl.lit("subject").alias("scope"), pl.lit(subject).alias("id"), "amount", "rows")
    ]


# ── Tables for people


def classes(counts: pl.DataFrame) -> pl.DataFrame:
    """`scope`, `id`, `from`, `to` in yuan (null: no end; both null: not known), `rows`; no empty classes."""
    edges = [edge * 100 for edge in EDGES]
    begins: pl.Expr = pl.lit(None, dtype=pl.Int64)
    ends: pl.Expr = pl.lit(None, dtype=pl.Int64)
    for first, last in zip(edges, [*edges[1:], None], strict=True):
        inside = pl.col("amount") >= first
        begins = pl.when(inside).then(pl.lit(first, dtype=pl.Int64)).otherwise(begins)
        ends = pl.when(inside).then(pl.lit(last, dtype=pl.Int64)).otherwise(ends)
    return (
        counts.with_columns(begins.alias("from"), ends.alias("to"))
        .group_by("scope", "id", "from", "to")
        .agg(pl.col("rows").sum())
        .sort("scope", "id", "from", nulls_last=True)
        .with_columns(yuan(pl.col("from")), yuan(pl.col("to")))
    )


def quantiles(counts: pl.DataFrame) -> pl.DataFrame:
    """`scope`, `id`, `rows`, `unknown`, `total` and `p10` … `p90` in yuan: the least amount that so many per cent
    of the known ones do not exceed.
    """
    known = counts.filter(pl.col("amount").is_not_null()).sort("scope", "id", "amount")
    keys = ["scope", "id"]
    reached = known.with_columns(
        pl.col("rows").cum_sum().over(keys).alias("#so_far"), pl.col("rows").sum().over(keys).alias("#all")
    )
    points = [
        yuan(pl.col("amount").filter(pl.col("#so_far") * 100 >= pl.col("#all") * p).first()).alias(f"p{p}")
        for p in QUANTILES
    ]
    total = yuan((pl.col("amount").cast(pl.Int128) * pl.col("rows")).sum()).alias("total")
    found = reached.group_by(keys, maintain_order=True).agg(pl.col("rows").sum(), total, *points)
    unknown = counts.filter(pl.col("amount").is_null()).select(*keys, pl.col("rows").alias("unknown"))
    joined = found.join(unknown, on=keys, how="full", coalesce=True)
    return (
        joined.with_columns(pl.col("rows", "unknown").fill_null(0))
        .select(*keys, "rows", "unknown", "total", *(f"p{p}" for p in QUANTILES))
        .sort(keys)
    )
