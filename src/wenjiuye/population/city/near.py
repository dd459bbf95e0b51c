"""Near misses: who is one condition or one fact short of a benefit, and what would settle it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from wenjiuye.population.city.decide import Decided
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.measures import ConditionNode, Measure, MeasureKind
from wenjiuye.rules.policy import Policy

_SHORT_OF = pl.Enum(["condition", "fact"])
SCHEMA: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "id": pl.String(),
    "county": pl.String(),
    "measure": pl.String(),
    "condition": pl.Int32(),
    "short_of": _SHORT_OF,
    "facts": pl.String(),
    "unset": pl.String(),
}
"""One row per near miss: the condition by its number in the measure; where it is unknown, which facts are (";"),
and which local values have no figure."""


def near_misses(policy: Policy, on: dt.date, decided: Decided) -> pl.DataFrame:
    """Rows of which exactly one condition is not known to hold, for every benefit of a subject (SCHEMA)."""
    found = [pl.DataFrame(schema=SCHEMA)]
    for measure in decided.measures:
        if measure.kind is MeasureKind.BENEFIT and measure.has_amount:
            found += _of_measure(policy, on, decided, measure)
    return pl.concat(found)


def _of_measure(policy: Policy, on: dt.date, decided: Decided, measure: Measure) -> Iterator[pl.DataFrame]:
    frame = decided.frame
    leaves = [node for node in measure.nodes if not node.children and not node.is_window]
    marks = frame.select(only_lacking(measure, leaf).alias(str(leaf.index)) for leaf in leaves)
    for leaf in leaves:
        rows = marks[str(leaf.index)].arg_true()
        if rows.len() == 0:
            continue
        unknown = frame[f"{measure.id}.c{leaf.index}"].gather(rows).is_null()
        facts = _unknown_facts(policy, on, decided, measure, leaf, rows)
        yield pl.DataFrame(
            {
                "subject": pl.Series([decided.subject]).new_from_index(0, rows.len()),
                "id": frame["id"].gather(rows),
                "county": decided.county.gather(rows),
                "measure": pl.Series([measure.id]).new_from_index(0, rows.len()),
                "condition": pl.Series([leaf.index], dtype=pl.Int32).new_from_index(0, rows.len()),
                "short_of": unknown.replace_strict(
                    [True, False], ["fact", "condition"], return_dtype=_SHORT_OF
                ),
                "facts": facts.zip_with(
                    unknown, pl.Series([None], dtype=pl.String).new_from_index(0, rows.len())
                ),
                "unset": pl.Series([_unset(policy, on, leaf)], dtype=pl.String)
                .new_from_index(0, rows.len())
                .zip_with(unknown, pl.Series([None], dtype=pl.String).new_from_index(0, rows.len())),
            },
            schema=SCHEMA,
        )


def only_lacking(measure: Measure, leaf: ConditionNode) -> pl.Expr:
    """Whether the measure would be had if this condition held, and is not had now."""
    needed = [_truth(measure, leaf).not_()]
    node = leaf
    while node.parent is not None:
        parent = measure.nodes[node.parent]
        others = [_truth(measure, measure.nodes[i]) for i in parent.children if i != node.index]
        match parent.written.op:
            case "all":
                needed += others
            case "any":
                needed += [other.not_() for other in others]
            case "at_least":
                # With this one there are just enough.
                held = pl.sum_horizontal(other.cast(pl.Int32) for other in others)
                needed.append(held == parent.written.data - 1)
        node = parent
    return pl.all_horizontal(needed)


def _truth(measure: Measure, node: ConditionNode) -> pl.Expr:
    """Known to hold."""
    return pl.col(f"{measure.id}.c{node.index}").fill_null(False)


def _unknown_facts(
    policy: Policy, on: dt.date, decided: Decided, measure: Measure, leaf: ConditionNode, rows: pl.Series
) -> pl.Series:
    facts = decided.registry(policy, on, measure).facts(decided.subject, [leaf.resolved])
    facts = facts.select(pl.all().gather(rows))
    names = {
        next(iter(fact_columns(ref.fact, ref.key))): ref.key
        for ref in leaf.resolved.refs
        if ref.fact.default is None
    }
    told = [pl.when(pl.col(c).is_null()).then(pl.lit(key)) for c, key in names.items() if c in facts.columns]
    if not told:
        return pl.Series("facts", [None], dtype=pl.String).new_from_index(0, rows.len())
    text = pl.concat_str(told, separator=";", ignore_nulls=True)
    return facts.select(pl.when(text != "").then(text).alias("facts"))["facts"]


def _unset(policy: Policy, on: dt.date, leaf: ConditionNode) -> str | None:
    """The values under a condition that have no figure on the day."""
    names = (node.data.name for node in leaf.resolved.walk() if node.op in ("value", "covers"))
    return ";".join(dict.fromkeys(name for name in names if policy.values[name].on(on) is None)) or None
