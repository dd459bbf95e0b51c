"""The difference between two runs: who newly qualifies, who falls out, and which conditions turned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from wenjiuye.population.city.finish import conditions
from wenjiuye.population.errors import OutputError
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

CHANGES = pl.Enum(["newly", "no_longer", "opened", "closed", "amount"])
SCHEMA: dict[str, pl.DataType] = {
    "subject": pl.String(),
    "id": pl.String(),
    "measure": pl.String(),
    "change": CHANGES,
    "before": pl.Int64(),
    "after": pl.Int64(),
    "conditions": pl.List(pl.Int32()),
}
"""One row per row and measure that came out otherwise; sums in fen (null: not eligible, or not known).

A row that only one run has counts as ineligible in the other. conditions: numbers of the innermost
conditions whose truth is another one now; null where one of the runs kept no reasons.
"""


def changes(before: Path, after: Path, policy: Policy, on: dt.date | None = None) -> pl.DataFrame:
    """Every change between two runs, by measure and id (SCHEMA).

    on: the day of both runs; by default the last day of each. Raises OutputError where a folder is no run.
    """
    days = [_day(folder, on) for folder in (before, after)]
    found = [pl.DataFrame(schema=SCHEMA)]
    for subject in policy.subjects:
        tables = [_read(day, "determinations", subject) for day in days]
        if tables[0] is None and tables[1] is None:
            continue
        truths = [_read(day, "reasons", subject) for day in days]
        for measure in policy.measures_of(subject):
            found.append(_of(measure, tables, truths))
    return pl.concat(found)


def summary(found: pl.DataFrame, policy: Policy, on: dt.date) -> pl.DataFrame:
    """How many rows changed by measure and kind of change, with the condition that turned most often (`why`)."""
    words = conditions(policy, on).select("measure", "condition", "text")
    counted = found.group_by("measure", "change", maintain_order=True).agg(pl.len().alias("rows"))
    turned = (
        found.explode("conditions")
        .drop_nulls("conditions")
        .group_by("measure", "change", pl.col("conditions").alias("condition"))
        .len()
        .sort(["len", "condition"], descending=[True, False])
        .unique(["measure", "change"], keep="first", maintain_order=True)
        .join(words, on=["measure", "condition"], how="left")
    )
    return counted.join(
        turned.select("measure", "change", pl.col("text").alias("why")),
        on=["measure", "change"],
        how="left",
        maintain_order="left",
    )


def last_day(folder: Path, on: dt.date | None) -> dt.date:
    """The day of a run, by default its last. Raises OutputError where there is none."""
    return dt.date.fromisoformat(_day(folder, on).name[3:])


def _day(folder: Path, on: dt.date | None) -> Path:
    days = sorted(folder.glob("on=*")) if on is None else [folder / f"on={on}"]
    if not days or not days[-1].is_dir():
        raise OutputError(
            f"{folder}：没有{on or ''}的运行结果",
            f"{folder}: there is no run{f' of {on}' if on else ''} in it",
        )
    return days[-1]


def _read(day: Path, table: str, subject: str) -> pl.DataFrame | None:
    paths = sorted((day / table / subject).glob("*.parquet"))
    return pl.concat([pl.read_parquet(path) for path in paths]) if paths else None


def _of(
    measure: Measure, tables: list[pl.DataFrame | None], truths: list[pl.DataFrame | None]
) -> pl.DataFrame:
    name = measure.id
    sides = [_side(measure, table, end) for table, end in zip(tables, ("before", "after"), strict=True)]
    joined = sides[0].join(sides[1], on="id", how="full", coalesce=True)
    old, new = (
        pl.when(pl.col(f"has_{end}").fill_null(False)).then(pl.col(f"verdict_{end}")).otherwise(False)
        for end in ("before", "after")
    )
    change = (
        pl.when(new.fill_null(False) & ~old.fill_null(False))
        .then(pl.lit("newly"))
        .when(old.fill_null(False) & new.eq_missing(False))
        .then(pl.lit("no_longer"))
        .when(new.is_null() & old.is_not_null())
        .then(pl.lit("opened"))
        .when(old.is_null() & new.eq_missing(False))
        .then(pl.lit("closed"))
        .when(old.fill_null(False) & new.fill_null(False) & pl.col("before").ne_missing(pl.col("after")))
        .then(pl.lit("amount"))
    )
    found = joined.with_columns(change.cast(CHANGES).alias("change")).drop_nulls("change").sort("id")
    turned = _turned(measure, found.select("id"), truths)
    return found.join(turned, on="id", how="left", maintain_order="left").select(
        pl.lit(measure.subject.id).alias("subject"),
        "id",
        pl.lit(name).alias("measure"),
        "change",
        "before",
        "after",
        "conditions",
    )


def _side(measure: Measure, table: pl.DataFrame | None, end: str) -> pl.DataFrame:
    name = measure.id
    if table is None or f"{name}.verdict" not in table.columns:
        return pl.DataFrame(
            schema={"id": pl.String, f"has_{end}": pl.Boolean, f"verdict_{end}": pl.Boolean, end: pl.Int64}
        )
    amount = pl.col(f"{name}.amount") if measure.has_amount else pl.lit(None, dtype=pl.Int64)
    eligible = pl.col(f"{name}.verdict").fill_null(False)
    return table.select(
        "id",
        pl.lit(True).alias(f"has_{end}"),
        pl.col(f"{name}.verdict").alias(f"verdict_{end}"),
        pl.when(eligible).then(amount).alias(end),
    )


def _turned(measure: Measure, ids: pl.DataFrame, truths: list[pl.DataFrame | None]) -> pl.DataFrame:
    """The innermost conditions whose truth is another one now, by id."""
    leaves = [node for node in measure.nodes if not node.children]
    names = [f"{measure.id}.c{node.index}" for node in leaves]
    old, new = truths
    if old is None or new is None or not set(names) <= {*old.columns} & {*new.columns}:
        return ids.with_columns(pl.lit(None, dtype=pl.List(pl.Int32)).alias("conditions"))
    return (
        ids.join(old.select("id", *names), on="id")
        .join(new.select("id", *names), on="id", suffix=".after")
        .select(
            "id",
            pl.concat_list(
                pl.when(pl.col(name).ne_missing(pl.col(f"{name}.after"))).then(
                    pl.lit(node.index, dtype=pl.Int32)
                )
                for node, name in zip(leaves, names, strict=True)
            )
            .list.drop_nulls()
            .alias("conditions"),
        )
    )
