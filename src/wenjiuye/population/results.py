"""Results as tables for people: one row per subject and measure, reasons, and sums per measure and county."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import polars as pl

from wenjiuye.rules import wording
from wenjiuye.rules.facts import One, Subject
from wenjiuye.rules.measures import ConditionNode, Measure
from wenjiuye.rules.policy import Policy

YUAN = pl.Decimal(38, 2)
VERDICTS = pl.Enum(["eligible", "ineligible", "undetermined"])


def verdict_text(verdict: pl.Expr) -> pl.Expr:
    """eligible, ineligible or undetermined."""
    return (
        pl.when(verdict.is_null())
        .then(pl.lit("undetermined"))
        .when(verdict)
        .then(pl.lit("eligible"))
        .otherwise(pl.lit("ineligible"))
        .cast(VERDICTS)
    )


def yuan(fen: pl.Expr) -> pl.Expr:
    """Fen as exact yuan with two decimals."""
    return fen.cast(YUAN) / 100


def yuan_text(fen: pl.Expr) -> pl.Expr:
    """Fen as text in yuan: 1234.50; null stays null."""
    whole = (fen.abs() // 100).cast(pl.String)
    rest = (fen.abs() % 100).cast(pl.String).str.zfill(2)
    return pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit("")) + whole + "." + rest


# ── Where a subject is


def county_path(subject: type[Subject], measures: Sequence[Measure]) -> tuple[str, ...] | None:
    """The relation path to the county that counts: the one that measures read, else the nearest."""
    read = [ref.path for m in measures for e in m.expressions() for ref in e.refs if ref.fact.id == "county"]
    if read:
        return read[0]
    if "county" in subject.facts:
        return ()
    for name, link in subject.relations.items():
        if isinstance(link, One) and "county" in link.target.facts:
            return (name,)
    return None


# ── Long form


def determinations(measure: Measure, rows: pl.DataFrame, result: pl.DataFrame) -> pl.LazyFrame:
    """One row per row of the subject.

    rows: `id`, `county`, `missing`, `unset` in the order of result. Sums are yuan; parts are JSON text. The
    amount of a ceiling is the most that an officer may grant. Only eligible rows have an amount, so that a
    column of amounts can be added up; low and high bound what a row gets if it is granted, high null: no bound.
    """
    name = measure.id
    granted = pl.col(f"{name}.verdict").fill_null(False)
    parts = [f"{name}.{part}" for part in measure.parts]
    columns = [
        f"{name}.verdict",
        *(f"{name}.{end}" for end in ("amount", "low", "high") if measure.has_amount),
        *parts,
    ]
    frame = pl.concat([rows, result.select(columns)], how="horizontal").lazy()
    none = pl.lit(None, dtype=YUAN)
    sums = {
        end: yuan(pl.col(f"{name}.{end}")) if measure.has_amount else none
        for end in ("amount", "low", "high")
    }
    sums["amount"] = pl.when(granted).then(sums["amount"]).otherwise(none)
    return frame.select(
        pl.lit(measure.subject.id).alias("subject"),
        "id",
        "county",
        pl.lit(name).alias("measure"),
        pl.lit(measure.clause).alias("clause"),
        pl.lit(measure.zh).alias("title"),
        verdict_text(pl.col(f"{name}.verdict")).alias("verdict"),
        *(expr.alias(end) for end, expr in sums.items()),
        pl.when(granted).then(_parts(measure)).alias("parts"),
        "missing",
        "unset",
    )


def _parts(measure: Measure) -> pl.Expr:
    """The parts as a JSON object of yuan texts: {"vat": "7800.00", "income_tax": null}."""
    if not measure.parts:
        return pl.lit(None, dtype=pl.String)
    pieces = []
    for part in measure.parts:
        text = yuan_text(pl.col(f"{measure.id}.{part}"))
        pieces.append(pl.format('"{}": {}', pl.lit(part), pl.format('"{}"', text).fill_null("null")))
    known = pl.any_horizontal(pl.col(f"{measure.id}.{part}").is_not_null() for part in measure.parts)
    return pl.when(known).then(
        pl.format("{}{}{}", pl.lit("{"), pl.concat_str(pieces, separator=", "), pl.lit("}"))
    )


# ── Reasons


def reasons(policy: Policy, measure: Measure, on: dt.date, result: pl.DataFrame) -> pl.LazyFrame:
    """One row per row and condition: its number, its parent's, its text and its truth (null: unknown)."""
    frame = result.select("id", pl.col(f"^{measure.id}\\.c[0-9]+$")).lazy()
    return pl.concat(
        frame.select(
            pl.lit(measure.subject.id).alias("subject"),
            "id",
            pl.lit(measure.id).alias("measure"),
            pl.lit(node.index, pl.Int32).alias("condition"),
            pl.lit(node.parent, pl.Int32).alias("part_of"),
            pl.lit(condition_text(policy, node, on)).alias("text"),
            pl.col(f"{measure.id}.c{node.index}").alias("truth"),
        )
        for node in measure.nodes
    )


def condition_text(policy: Policy, node: ConditionNode, on: dt.date) -> str:
    """A condition in Chinese."""
    if node.is_window:
        return wording.window_sentence(policy, node.written, on, "zh")
    if node.children:
        return wording.heading(node.written, "zh")
    return wording.sentence(policy, node.written, on, "zh")


# ── Sums

_BY = ("article", "clause", "measure", "title", "subject")


def summary(measure: Measure, county: pl.Series, result: pl.DataFrame) -> pl.DataFrame:
    """Counts and sums of one measure per county (null: not known).

    amount: what is known to be granted; null where nothing of it is known. open: eligible rows whose amount
    is not known. low and high bound what it comes to: low of the eligible ones, high with the undetermined
    too; high null: somebody's amount has no upper bound.
    """
    return (
        result.with_columns(county.alias("county"))
        .group_by("county")
        .agg(counts_and_sums(measure))
        .select(*labels(measure), pl.all())
        .sort("county", nulls_last=True)
    )


def labels(measure: Measure) -> list[pl.Expr]:
    """What a row of sums is about: article, clause, measure, title and subject."""
    texts = (measure.clause.split(".")[0], measure.clause, measure.id, measure.zh, measure.subject.id)
    return [pl.lit(text).alias(column) for column, text in zip(_BY, texts, strict=True)]


def counts_and_sums(measure: Measure) -> list[pl.Expr]:
    """What `summary` has of a group of rows, by name: eligible, ineligible, undetermined, open, amount, low, high."""
    verdict = pl.col(f"{measure.id}.verdict")
    return [
        verdict.fill_null(False).sum().cast(pl.Int64).alias("eligible"),
        (~verdict).fill_null(False).sum().cast(pl.Int64).alias("ineligible"),
        verdict.null_count().cast(pl.Int64).alias("undetermined"),
        *_sums(measure),
    ]


def _sums(measure: Measure) -> list[pl.Expr]:
    none = pl.lit(None, dtype=YUAN)
    if not measure.has_amount:
        return [
            pl.lit(0, dtype=pl.Int64).alias("open"),
            *(none.alias(end) for end in ("amount", "low", "high")),
        ]
    verdict = pl.col(f"{measure.id}.verdict")
    may, granted = verdict.fill_null(True), verdict.fill_null(False)
    # A city's sum can exceed 64 bits in fen.
    amount, low, high = (pl.col(f"{measure.id}.{end}").cast(pl.Int128) for end in ("amount", "low", "high"))
    nothing_known = granted.any() & amount.filter(granted).is_null().all()
    unbounded = (may & high.is_null()).any()
    return [
        (granted & amount.is_null()).sum().cast(pl.Int64).alias("open"),
        pl.when(~nothing_known).then(yuan(amount.filter(granted).sum())).otherwise(none).alias("amount"),
        yuan(low.filter(granted).sum()).alias("low"),
        pl.when(~unbounded).then(yuan(high.filter(may).sum())).otherwise(none).alias("high"),
    ]


def totals(by_county: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The same over all counties, in the order of the clauses."""
    frame = pl.concat(by_county)
    granted = pl.col("eligible") > 0
    known = pl.col("amount").is_not_null()
    unbounded = pl.col("high").is_null().any()
    nothing_known = ~known.any() | (granted.any() & ~(granted & known).any())
    return (
        frame.group_by(_BY, maintain_order=True)
        .agg(
            pl.col("eligible", "ineligible", "undetermined", "open").sum(),
            pl.when(~nothing_known).then(pl.col("amount").sum()).alias("amount"),
            pl.when(pl.col("low").count() > 0).then(pl.col("low").sum()).alias("low"),
            pl.when(~unbounded).then(pl.col("high").sum()).alias("high"),
        )
        .sort("clause", maintain_order=True)
    )
