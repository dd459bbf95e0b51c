"""Proactive lists (免申即享): who is entitled and has not been granted, with contact and pre-filled claim."""

from __future__ import annotations

import datetime as dt

import polars as pl

from wenjiuye.population.city.decide import Decided
from wenjiuye.population.records import Registry
from wenjiuye.population.registry.partition import Partition
from wenjiuye.population.results import YUAN, yuan, yuan_text
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.expression import Ref
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind

SCHEMA: dict[str, pl.DataType] = {
    "measure": pl.String(),
    "clause": pl.String(),
    "title": pl.String(),
    "subject": pl.String(),
    "id": pl.String(),
    "claimant": pl.String(),
    "name": pl.String(),
    "phone": pl.String(),
    "county": pl.String(),
    "amount": YUAN,
    "low": YUAN,
    "high": YUAN,
    "claim": pl.String(),
}
"""claim: the facts that the measure reads, as JSON by path (money in yuan, dates as ISO, shares as n/d)."""

_CLAIMANTS = {
    "hire": ("employment", "employer", "enterprise"),
    "internship": ("internship", "host", "enterprise"),
    "training": ("training", "organiser", "enterprise"),
    "park_tenant": ("lease", "tenant", "enterprise"),
    "loan": ("loan", "borrower", "person"),
}
"""Who claims for a row that is no person or firm itself: the table, its relation, whose contact."""


def proactive(policy: Policy, on: dt.date, partition: Partition, decided: Decided) -> pl.DataFrame:
    """The entitled rows of every benefit of a subject, in the order of the table (SCHEMA)."""
    found = [pl.DataFrame(schema=SCHEMA)]
    contacts = _contacts(partition, decided)
    for measure in decided.measures:
        if measure.kind is MeasureKind.BENEFIT and measure.has_amount:
            amount = pl.col(f"{measure.id}.amount")
            worth = pl.col(f"{measure.id}.entitled").fill_null(False) & (amount.is_null() | (amount > 0))
            rows = decided.frame.select(worth.alias("worth"))["worth"].arg_true()
            if rows.len():
                found.append(_listed(policy, on, decided, measure, rows, contacts))
    return pl.concat(found)


def _listed(
    policy: Policy, on: dt.date, decided: Decided, measure: Measure, rows: pl.Series, contacts: pl.DataFrame
) -> pl.DataFrame:
    sums = [yuan(pl.col(f"{measure.id}.{end}")).alias(end) for end in ("amount", "low", "high")]
    mine = decided.frame.select(pl.col("id", f"^{measure.id}\\.(amount|low|high)$").gather(rows))
    claim = claims(decided.registry(policy, on, measure), decided.subject, measure, rows)
    return pl.concat(
        [
            mine.select("id", *sums),
            contacts.drop("id").select(pl.all().gather(rows)),
            pl.DataFrame([decided.county.gather(rows).alias("county"), claim.alias("claim")]),
        ],
        how="horizontal",
    ).select(
        pl.lit(measure.id).alias("measure"),
        pl.lit(measure.clause).alias("clause"),
        pl.lit(measure.zh).alias("title"),
        pl.lit(decided.subject).alias("subject"),
        *list(SCHEMA)[4:],
    )


def _contacts(partition: Partition, decided: Decided) -> pl.DataFrame:
    """`id`, `claimant`, `name`, `phone` for each row, in order."""
    ids = decided.frame.select("id")
    if decided.subject in ("person", "enterprise", "sole_trader"):
        whose = "person" if decided.subject == "person" else "enterprise"
        named = ids.with_columns(pl.col("id").alias("claimant"))
    elif decided.subject in _CLAIMANTS:
        table, relation, whose = _CLAIMANTS[decided.subject]
        rows = (
            partition.table(table).select("id", pl.col(relation).alias("claimant")).unique("id", keep="first")
        )
        named = ids.join(rows, on="id", how="left", maintain_order="left")
    else:
        whose = "enterprise"
        named = ids.with_columns(pl.lit(None, dtype=pl.String).alias("claimant"))
    book = partition.table(whose).select(pl.col("id").alias("#id"), "name", "phone")
    return named.join(book, left_on="claimant", right_on="#id", how="left", maintain_order="left")


def claims(registry: Registry, subject_id: str, measure: Measure, rows: pl.Series) -> pl.Series:
    """The facts that a measure reads, of some rows (by position), as JSON; unknown ones are left null."""
    facts = registry.facts(subject_id, measure.expressions()).select(pl.all().gather(rows))
    refs = {ref.key: ref for e in measure.expressions() for ref in e.refs if ref.fact.kind is not Kind.LIST}
    told = [_plain(ref).alias(key) for key, ref in refs.items()]
    return facts.select(pl.struct(told).struct.json_encode().alias("claim"))["claim"]


def _plain(ref: Ref) -> pl.Expr:
    column = next(iter(fact_columns(ref.fact, ref.key)))
    match ref.fact.kind:
        case Kind.MONEY:
            return yuan_text(pl.col(column))
        case Kind.SHARE:
            return pl.format("{}/{}", f"{ref.key}.num", f"{ref.key}.den")
        case Kind.DATE | Kind.MONTH | Kind.ENUM:
            return pl.col(column).cast(pl.String)
        case _:
            return pl.col(column)
