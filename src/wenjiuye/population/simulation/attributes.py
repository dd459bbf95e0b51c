"""By what winners and losers are told apart: county, and the attributes of the person and the firm of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from wenjiuye.population.simulation.redecide import Outcome
from wenjiuye.rules.facts import One, Subject

AGE_BANDS = ((0, "under_16"), (16, "16_24"), (25, "25_34"), (35, "35_44"), (45, "45_54"), (55, "55_up"))
"""First age in full years of each band, and its name: those of the census tables on work."""

OF_PERSON = ("age", "sex", "hukou")
OF_FIRM = ("size", "industry")


def dimensions(subject: type[Subject]) -> list[str]:
    """The columns by which the rows of a subject are told apart."""
    person, firm = _related(subject, "person"), _related(subject, "enterprise")
    found = ["county"]
    if person is not None:
        found += [*OF_PERSON, *(["person_county"] if person else [])]
    if firm is not None:
        found += [*OF_FIRM, *(["firm_county"] if firm else [])]
    return found


def attributes(subject: type[Subject], outcome: Outcome) -> pl.DataFrame:
    """`id` and a column of texts per dimension, row by row; null is not known."""
    own = outcome.tables[subject.id]
    frame = own.select("id").with_columns(outcome.county.alias("county"))
    person, firm = _related(subject, "person"), _related(subject, "enterprise")
    if person is not None:
        side = _side(subject, outcome, "person", person)
        on = outcome.facts.on
        columns = {"age": _age_band(on), "sex": _text("sex"), "hukou": _hukou()}
        frame = frame.hstack(
            _picked(side, {**columns, **({"person_county": _text("county")} if person else {})})
        )
    if firm is not None:
        side = _side(subject, outcome, "enterprise", firm)
        sizes = outcome.facts.sizes.select(
            pl.col("enterprise").alias("id"), pl.col("size").cast(pl.String).alias("#size")
        )
        side = side.join(sizes, on="id", how="left", maintain_order="left")
        columns = {"size": pl.col("#size"), "industry": _text("industry")}
        frame = frame.hstack(_picked(side, {**columns, **({"firm_county": _text("county")} if firm else {})}))
    return frame


def _related(subject: type[Subject], target: str) -> str | None:
    """By which relation the person or firm of a row is found: "" for the row itself, None where there is none."""
    if subject.id == target:
        return ""
    for name, link in subject.relations.items():
        if isinstance(link, One) and link.target.id == target:
            return name
    return None


def _side(subject: type[Subject], outcome: Outcome, target: str, relation: str) -> pl.DataFrame:
    """The table of persons or firms, one row for each row of the subject, with `id`."""
    own = outcome.tables[subject.id]
    table = outcome.tables.get(target)
    if not relation:
        return own
    if table is None or relation not in own.columns:
        return own.select(pl.lit(None, dtype=pl.String).alias("id"))
    asked = own.select(pl.col(relation).alias("id"))
    return asked.join(table, on="id", how="left", maintain_order="left")


def _picked(side: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    return (
        side.select(
            (expr if set(expr.meta.root_names()) <= set(side.columns) else pl.lit(None, dtype=pl.String))
            .cast(pl.String)
            .alias(name)
            for name, expr in columns.items()
        )
        if side.width
        else side
    )


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String)


def _hukou() -> pl.Expr:
    rural = pl.col("rural")
    return pl.when(rural).then(pl.lit("rural")).when(~rural).then(pl.lit("urban"))


def _age_band(on: dt.date) -> pl.Expr:
    """The band of the age in full years on the day of decision."""
    born = pl.col("birth_date")
    before_birthday = (born.dt.month() * 100 + born.dt.day()) > on.month * 100 + on.day
    age = pl.lit(on.year) - born.dt.year() - before_birthday.cast(pl.Int32)
    band: pl.Expr = pl.lit(None, dtype=pl.String)
    for first, name in AGE_BANDS:
        band = pl.when(age >= first).then(pl.lit(name)).otherwise(band)
    return band
