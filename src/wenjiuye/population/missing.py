"""Which facts would settle an open result, for a whole column of results.

What is missing follows from few things: which conditions are open, and which facts under them are unknown.
So one row of each pattern is looked at node by node, the others share its answer. Only where an open
condition branches on a value (a derived size, a rate by county) does the value itself belong to the pattern.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from wenjiuye.population.records import Registry
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.evaluation import Evaluation, Missing
from wenjiuye.rules.expression import Expression, Gathered
from wenjiuye.rules.measures import Measure

_BRANCHING = {"choose", "all", "any", "at_least", "div"}


def missing_facts(registry: Registry, measure: Measure, result: pl.DataFrame) -> pl.DataFrame:
    """For each row of a batch result (with reasons), in its order: `missing` and `unset`, null where settled.

    missing: ids of facts, joined by ";". unset: local values without a figure, and rates of which the number
    below the line is 0 (`normal_refunds=0`). An undetermined row names what would settle the verdict; an
    eligible one whose amount is unknown what would settle the amount.
    """
    verdict = result[f"{measure.id}.verdict"]
    opened = verdict.is_null()
    if measure.amount is not None:
        opened |= verdict & result[f"{measure.id}.amount"].is_null()
    rows = opened.fill_null(True).arg_true()
    texts = pl.DataFrame(schema={"row": pl.UInt32, "missing": pl.String, "unset": pl.String})
    if rows.len():
        texts = _texts(registry, measure, result, rows)
    every = pl.DataFrame({"row": pl.arange(0, result.height, dtype=pl.UInt32, eager=True)})
    return every.join(texts, on="row", how="left", maintain_order="left").drop("row")


def _texts(registry: Registry, measure: Measure, result: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    subject_id = measure.subject.id
    facts = registry.facts(subject_id, measure.expressions()).select(pl.all().gather(rows))
    truths = [f"{measure.id}.c{node.index}" for node in measure.nodes]
    frame = pl.concat([facts, result.select(pl.col(truths).gather(rows))], how="horizontal")
    pattern = [pl.col(name) for name in truths]
    for node in measure.nodes:
        if not node.children:
            unknown = pl.col(f"{measure.id}.c{node.index}").is_null()
            pattern += [pl.when(unknown).then(key) for key in _pattern(node.resolved)]
    if measure.amount is not None:
        granted = pl.col(f"{measure.id}.c0")
        pattern += [pl.when(granted).then(key) for key in _pattern(measure.amount)]
    keys = frame.select(expr.alias(f"k{i}") for i, expr in enumerate(pattern))
    groups = (
        keys.with_columns(rows.alias("row"))
        .group_by(keys.columns, maintain_order=True)
        .agg("row")
        .select("row")
    )
    first = groups["row"].list.first()
    records = registry.records(subject_id, measure.expressions(), first)
    said: list[tuple[str, str | None]] = []
    for record, truth in zip(records, result[truths[0]].gather(first), strict=True):
        look = Evaluation(registry.policy, record, registry.on, nested=True)
        open_part = measure.amount if truth and measure.amount is not None else measure.condition
        said.append(_said(look.missing(open_part)))
    texts = pl.DataFrame(said, schema={"missing": pl.String, "unset": pl.String}, orient="row")
    return pl.concat([groups, texts], how="horizontal").explode("row").cast({"row": pl.UInt32})


def _said(missing: Missing) -> tuple[str, str | None]:
    zeros = [f"{ref.fact.id}=0" for node in missing.zero_denominators for ref in node.args[1].refs]
    unset = ";".join(dict.fromkeys([*(use.name for use in missing.values), *zeros]))
    return ";".join(missing.fact_ids()), unset or None


def _pattern(node: Expression) -> Iterator[pl.Expr]:
    """What decides which facts are missing under an unknown node: nulls, or values where it branches."""
    branching = any(_branches(part) for part in node.walk())
    if any(isinstance(part.data, Gathered) for part in node.walk()):
        yield pl.col("id")
    keys = {ref.key for part in node.walk() if part.op in ("value", "covers") for ref in part.refs}
    for ref in node.refs:
        for name in fact_columns(ref.fact, ref.key):
            if branching or ref.key in keys:
                yield pl.col(name)
            else:
                yield pl.col(name).is_null()


def _branches(node: Expression) -> bool:
    if node.op == "or_else":
        return bool(node.args[1].refs)
    return node.op in _BRANCHING
