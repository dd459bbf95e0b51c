"""What a policy costs, per measure and county: sums of parts that add up exactly to those of the city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from wenjiuye.population.results import yuan
from wenjiuye.population.simulation.adding import added
from wenjiuye.population.simulation.assumptions import Assumptions, portion
from wenjiuye.population.simulation.redecide import Outcomes
from wenjiuye.population.simulation.sides import costs
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

COUNTS = ("entitled", "open", "unknown", "unbounded")
SUMS = ("due", "low", "high")
CELL = {
    "measure": pl.String(),
    "county": pl.String(),
    **{name: pl.Int64() for name in COUNTS},
    **{name: pl.Int128() for name in SUMS},
}
"""Sums in fen. entitled: rows; open: it is not known whether they are; unknown: entitled to an unknown sum;
unbounded: entitled or open, without an upper bound. due: the known sums of those entitled; low, high: bounds."""

LABELS = ("article", "clause", "measure", "title", "subject", "kind", "fund")
_SIDES = ("baseline", "reform")
_BOUNDS = ("difference_low", "difference_high")
_BOUND_SUMS = tuple(f"{name}{end}" for name in _BOUNDS for end in ("", "_unbounded"))
_ADDED = (
    *(f"{side}_{name}" for side in _SIDES for name in (*COUNTS, *SUMS, *(f"expected_{s}" for s in SUMS))),
    *_BOUND_SUMS,
)


# ── Part by part


def cells(outcomes: Outcomes, measures: Iterable[str] | None = None) -> pl.DataFrame:
    """One row per measure (some, or all) and county with CELL's columns."""
    wanted = None if measures is None else set(measures)
    found = [
        outcome.frame.lazy()
        .with_columns(outcome.county.alias("county"))
        .group_by("county")
        .agg(*_cell(measure))
        .select(pl.lit(name).alias("measure"), pl.exclude("measure"))
        for outcome in outcomes.values()
        for name, measure in outcome.measures.items()
        if wanted is None or name in wanted
    ]
    return together(pl.collect_all(found))


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The cells of several parts put together."""
    return added(frames, CELL, ("measure", "county"))


def _cell(measure: Measure) -> list[pl.Expr]:
    granted = pl.col(f"{measure.id}.entitled")
    sure, may = granted.fill_null(False), granted.fill_null(True)
    counts = [
        sure.sum().cast(pl.Int64).alias("entitled"),
        granted.null_count().cast(pl.Int64).alias("open"),
    ]
    if not costs(measure):
        nothing = [pl.lit(0, dtype=CELL[name]).alias(name) for name in ("unknown", "unbounded", *SUMS)]
        return [*counts, *nothing]
    amount, low, high = (pl.col(f"{measure.id}.{end}").cast(pl.Int128) for end in ("amount", "low", "high"))
    return [
        *counts,
        (sure & amount.is_null()).sum().cast(pl.Int64).alias("unknown"),
        (may & high.is_null()).sum().cast(pl.Int64).alias("unbounded"),
        amount.filter(sure).sum().alias("due"),
        low.filter(sure).sum().alias("low"),
        high.filter(may).sum().alias("high"),
    ]


# ── Both sides


def compared(
    base: pl.DataFrame,
    reform: pl.DataFrame,
    changed: pl.DataFrame,
    affected: Sequence[str],
    policies: tuple[Policy, Policy],
    assumptions: Assumptions,
    name: str,
    on: dt.date,
) -> pl.DataFrame:
    """Baseline and reform side by side: one row per measure and county, every column a sum that can be added up.

    reform: cells of the affected measures; the others are as in the baseline. changed: `changes.BY_MEASURE`
    of the affected measures, from which the bounds of the difference come. Expected sums are the share
    that takes the measure up, rounded half up to the fen once for each row here.
    """
    taken = [_with_expected(frame, assumptions) for frame in (base, reform)]
    unaffected = taken[0].filter(~pl.col("measure").is_in(list(affected)))
    after = pl.concat([unaffected, taken[1]])
    keys = ["measure", "county"]
    left, right = (
        frame.rename({c: f"{side}_{c}" for c in frame.columns if c not in keys})
        for side, frame in zip(_SIDES, (taken[0], after), strict=True)
    )
    joined = left.join(right, on=keys, how="full", coalesce=True, nulls_equal=True)
    joined = joined.with_columns(pl.exclude(keys).fill_null(0)).with_columns(
        pl.col("measure").is_in(list(affected)).alias("differs")
    )
    labels = _labels(policies)
    return (
        joined.join(_bounds(changed), on=keys, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.col(_BOUND_SUMS).fill_null(0))
        .join(labels, on="measure", how="left", maintain_order="left")
        .select(
            pl.lit(name).alias("reform"),
            pl.lit(on).alias("on"),
            *LABELS,
            "costs",
            "county",
            "differs",
            *_ADDED,
        )
        .sort("clause", "measure", "county", nulls_last=True)
    )


def _with_expected(frame: pl.DataFrame, assumptions: Assumptions) -> pl.DataFrame:
    shares = [assumptions.take_up.of(name) for name in frame["measure"]]
    return frame.with_columns(
        pl.Series(
            f"expected_{name}",
            [portion(fen, share) for fen, share in zip(frame[name], shares, strict=True)],
            dtype=pl.Int128,
        )
        for name in SUMS
    )


def _bounds(changed: pl.DataFrame) -> pl.DataFrame:
    """What the reform costs more, at least and at most, per measure and county."""
    ends = ("low", "low_unbounded", "high", "high_unbounded")
    sums = changed.group_by("measure", "county").agg(pl.col(ends).sum())
    return sums.rename({end: f"difference_{end}" for end in ends})


def _labels(policies: tuple[Policy, Policy]) -> pl.DataFrame:
    measures: Mapping[str, Measure] = {**policies[1].measures, **policies[0].measures}
    rows = [
        (
            m.clause.split(".")[0],
            m.clause,
            m.id,
            m.zh,
            m.subject.id,
            m.kind.value,
            m.fund.id if m.fund else None,
            costs(m),
        )
        for m in measures.values()
    ]
    schema = {**dict.fromkeys(LABELS, pl.String), "costs": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


# ── Tables for people


def table(compared_rows: pl.DataFrame, by: Sequence[str], *, only_costs: bool = True) -> pl.DataFrame:
    """Sums over some columns (`by`, after `reform` and `on`), in yuan, with the difference.

    A sum is null where there is something and nothing of it is known; an upper bound is null where somebody's
    has none; `…_unknown` counts the sums that are missing in it.
    """
    rows = compared_rows.filter("costs") if only_costs else compared_rows
    keys = ["reform", "on", *by]
    grouped = rows.group_by(keys, maintain_order=True).agg(
        pl.col(_ADDED).sum(), pl.col("differs").any(), pl.col("costs").any()
    )
    columns: list[pl.Expr] = []
    for side in _SIDES:
        columns += [pl.col(f"{side}_{name}") for name in ("entitled", "open", "unknown", "unbounded")]
        columns += [_sum(side, name).alias(f"{side}_{name}") for name in (*SUMS, "expected_due")]
    changed = [
        (pl.col("reform_entitled") - pl.col("baseline_entitled")).alias("difference_entitled"),
        *(_difference(name).alias(f"difference_{name}") for name in ("due", "expected_due")),
        *(
            pl.when(pl.col("costs") & (pl.col(f"{name}_unbounded") == 0)).then(yuan(pl.col(name))).alias(name)
            for name in _BOUNDS
        ),
    ]
    return grouped.select(*keys, *columns, *changed, "differs")


def _difference(name: str) -> pl.Expr:
    """Where the rule is the same the difference is nothing, even if nothing is known of the sums."""
    change = _sum("reform", name) - _sum("baseline", name)
    return pl.when(pl.col("costs") & ~pl.col("differs")).then(yuan(pl.lit(0))).otherwise(change)


def _sum(side: str, name: str) -> pl.Expr:
    value = yuan(pl.col(f"{side}_{name}"))
    if name == "high":
        known = pl.col(f"{side}_unbounded") == 0
    elif name == "low":
        known = pl.lit(True)
    else:
        entitled = pl.col(f"{side}_entitled")
        known = (entitled == 0) | (pl.col(f"{side}_unknown") < entitled)
    return pl.when(pl.col("costs") & known).then(value)
