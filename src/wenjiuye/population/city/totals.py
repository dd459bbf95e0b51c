"""Sums of a city run per measure and county: what is due by the rules, and what is still to be granted."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from wenjiuye.population import results
from wenjiuye.population.city.decide import Decided
from wenjiuye.population.results import YUAN, yuan
from wenjiuye.rules.measures import Measure

BY = ("article", "clause", "measure", "title", "subject", "kind", "fund")
COUNTS = (
    "eligible",
    "ineligible",
    "undetermined",
    "open",
    "entitled",
    "granted",
    "displaced",
    "entitled_open",
)
SUMS = ("amount", "low", "high", "due", "due_low", "due_high")
"""Columns of the sums, in yuan. Null: nothing of it is known, or (high, due_high) there is no bound.

entitled: eligible, not granted before and not displaced by another measure; due: what is known of their
amounts. entitled_open: it hangs on what is not known. due_low and due_high bound what is due.
"""


def totals(decided: Decided) -> list[pl.DataFrame]:
    """One frame per measure: a row per county with BY, `county`, COUNTS and SUMS."""
    # Grouping is the dear part, so it is done once for all measures.
    wide = (
        decided.frame.with_columns(decided.county.alias("county"))
        .group_by("county")
        .agg(
            expr.name.prefix(f"{measure.id}#")
            for measure in decided.measures
            for expr in (*results.counts_and_sums(measure), *_counts(measure), *_sums(measure))
        )
        .sort("county", nulls_last=True)
    )
    return [_of(measure, wide) for measure in decided.measures]


def _of(measure: Measure, wide: pl.DataFrame) -> pl.DataFrame:
    return wide.select(
        *results.labels(measure),
        pl.lit(measure.kind.value).alias("kind"),
        pl.lit(measure.fund.id if measure.fund else None, dtype=pl.String).alias("fund"),
        "county",
        *(pl.col(f"{measure.id}#{name}").alias(name) for name in (*COUNTS, *SUMS)),
    )


def _counts(measure: Measure) -> list[pl.Expr]:
    entitled, why = pl.col(f"{measure.id}.entitled"), pl.col(f"{measure.id}.why_not")
    return [
        entitled.fill_null(False).sum().cast(pl.Int64).alias("entitled"),
        (why == "granted").fill_null(False).sum().cast(pl.Int64).alias("granted"),
        (why == "displaced").fill_null(False).sum().cast(pl.Int64).alias("displaced"),
        entitled.null_count().cast(pl.Int64).alias("entitled_open"),
    ]


def _sums(measure: Measure) -> list[pl.Expr]:
    if not measure.has_amount:
        return [pl.lit(None, dtype=YUAN).alias(name) for name in ("due", "due_low", "due_high")]
    entitled = pl.col(f"{measure.id}.entitled")
    sure, may = entitled.fill_null(False), entitled.fill_null(True)
    amount, low, high = (pl.col(f"{measure.id}.{end}").cast(pl.Int128) for end in ("amount", "low", "high"))
    nothing_known = sure.any() & amount.filter(sure).is_null().all()
    return [
        pl.when(~nothing_known)
        .then(yuan(amount.filter(sure).sum()))
        .otherwise(pl.lit(None, dtype=YUAN))
        .alias("due"),
        yuan(low.filter(sure).sum()).alias("due_low"),
        pl.when(~(may & high.is_null()).any())
        .then(yuan(high.filter(may).sum()))
        .otherwise(pl.lit(None, dtype=YUAN))
        .alias("due_high"),
    ]


def together(frames: Iterable[pl.DataFrame], by: tuple[str, ...] = BY) -> pl.DataFrame:
    """Sums of sums: over parts (`by` with the county), over counties, over measures of one fund …"""
    frame = pl.concat(frames)
    counted = [pl.col(name).sum() for name in COUNTS]
    return (
        frame.group_by(by, maintain_order=True)
        .agg(
            *counted,
            *(_known(name, "entitled" if name == "due" else "eligible") for name in ("amount", "due")),
            *(
                pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)
                for name in ("low", "due_low")
            ),
            *(
                pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
                for name in ("high", "due_high")
            ),
        )
        .select(*by, *COUNTS, *SUMS)
    )


def _known(name: str, count: str) -> pl.Expr:
    """The sum of what is known; null where there is something and nothing of it is known."""
    known, some = pl.col(name).is_not_null(), pl.col(count) > 0
    nothing = ~known.any() | (some.any() & ~(some & known).any())
    return pl.when(~nothing).then(pl.col(name).sum()).alias(name)
