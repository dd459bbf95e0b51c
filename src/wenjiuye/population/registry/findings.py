"""Facts that an officer found or a claimant declared: they win over what follows from other tables."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from wenjiuye.population.columns import parse_column
from wenjiuye.population.registry.asof import DAY, each_row, open_on, spread
from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import Subject


def with_findings(
    partition: Partition,
    subject: type[Subject],
    frame: pl.DataFrame,
    rows: pl.DataFrame,
    owner: str,
    facts: Collection[str] | None = None,
) -> pl.DataFrame:
    """The facts of `frame` (one row per row of `rows`, in its order) with findings in the place of some.

    rows: `day` and the column `owner` with the id that findings name. facts: which (default: all). Of
    several findings the latest that is valid on the day counts. A value that cannot be read is none.
    """
    if "finding" not in partition.tables:
        return frame
    held = partition.table("finding", ["subject", "subject_id", "fact", "value", "valid_from", "valid_to"])
    names = list(subject.facts if facts is None else facts)
    mine = held.filter((pl.col("subject") == subject.id) & pl.col("fact").is_in(names))
    if mine.is_empty():
        return frame
    keyed = rows.lazy().with_row_index("#n").select("#n", pl.col(owner).alias("subject_id"), DAY)
    valid = (
        keyed.join(mine.lazy(), on="subject_id", how="inner", maintain_order="left_right")
        .filter(open_on("valid_from", "valid_to"))
        .sort("valid_from", maintain_order=True)
        .unique(["#n", "fact"], keep="last", maintain_order=True)
        .select("#n", "fact", "value")
        .collect()
    )
    for (name,), told in valid.partition_by("fact", as_dict=True, maintain_order=True).items():
        frame = _with_fact(frame, subject, str(name), told)
    return frame


def _with_fact(frame: pl.DataFrame, subject: type[Subject], name: str, told: pl.DataFrame) -> pl.DataFrame:
    fact = subject.facts[name]
    distinct = told["value"].unique(maintain_order=True)
    parsed = parse_column(fact, distinct)
    columns = fact_columns(fact, name)
    read = pl.DataFrame(
        [distinct.alias("value"), *(c.alias(f"#{n}") for n, c in zip(columns, parsed.columns, strict=True))]
    )
    found = told.join(read, on="value", how="left", maintain_order="left").drop("value", "fact")
    joined = frame.hstack(spread(found, "#n", each_row(frame)))
    given = pl.col(f"#{next(iter(columns))}").is_not_null()
    exprs = []
    for column, dtype in columns.items():
        old = pl.col(column) if column in frame.columns else pl.lit(None, dtype=dtype)
        exprs.append(pl.when(given).then(pl.col(f"#{column}")).otherwise(old).cast(dtype).alias(column))
    return joined.with_columns(exprs).drop("#seen", *(f"#{column}" for column in columns))
