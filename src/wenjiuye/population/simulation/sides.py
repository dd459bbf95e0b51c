"""How a measure turned out for each row on one side of a comparison: entitled, and to how much."""

from __future__ import annotations

import polars as pl

from wenjiuye.population.simulation.redecide import Outcome
from wenjiuye.rules.measures import Measure


def costs(measure: Measure) -> bool:
    """Whether a measure costs anybody something: a loan that is granted and paid back does not."""
    return measure.has_amount and measure.fund is not None


def entitled(outcome: Outcome | None, measure_id: str) -> pl.Expr:
    """Whether each row is entitled (null: it hangs on what is not known); no where there is no such rule."""
    if outcome is None or measure_id not in outcome.measures:
        return pl.lit(False)
    return pl.col(f"{measure_id}.entitled")


def due(outcome: Outcome | None, measure_id: str) -> pl.Expr:
    """What each row gets, in fen (Int128): 0 where it is not entitled, null where that or the sum is not known."""
    nothing = pl.lit(0, dtype=pl.Int128)
    if outcome is None or measure_id not in outcome.measures or not costs(outcome.measures[measure_id]):
        return nothing
    granted = pl.col(f"{measure_id}.entitled")
    return (
        pl.when(~granted)
        .then(nothing)
        .when(granted)
        .then(pl.col(f"{measure_id}.amount").cast(pl.Int128))
        .otherwise(None)
    )


def low(outcome: Outcome | None, measure_id: str) -> pl.Expr:
    """The least that a row gets if it is granted, in fen (Int128); null where it is not."""
    return _end(outcome, measure_id, "low")


def high(outcome: Outcome | None, measure_id: str) -> pl.Expr:
    """The most that a row gets if it is granted, in fen (Int128); null where it is not, or without a bound."""
    return _end(outcome, measure_id, "high")


def _end(outcome: Outcome | None, measure_id: str, end: str) -> pl.Expr:
    if outcome is None or measure_id not in outcome.measures or not costs(outcome.measures[measure_id]):
        return pl.lit(0, dtype=pl.Int128)
    return pl.col(f"{measure_id}.{end}").cast(pl.Int128)
