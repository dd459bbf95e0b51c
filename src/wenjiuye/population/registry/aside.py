"""What is told of a table that came in: rows set aside with their reasons, examples and counts of problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wenjiuye.population.raw import ROW
from wenjiuye.population.registry.staged import ERROR_TITLE, FILE_TITLE, ROW_TITLE, Staged, problems_of
from wenjiuye.rules.errors import both

EXAMPLES = 20
"""Rows that are named of each kind of problem in a column."""

TABLE_TITLE, COUNT_TITLE = both("数据表", "table"), both("行数", "rows")
TITLES = {
    "column": both("列", "column"),
    "value": both("填写内容", "value"),
    "problem": both("问题", "problem"),
    "allowed": both("应为", "allowed"),
}
_SLICE = 200_000


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one table: examples and counts as they are written, and how many problems there are."""

    examples: pl.DataFrame
    counts: pl.DataFrame
    number: int


def tell(table: Staged) -> Told:
    """Examples and counts of the problems of a table."""
    problems = _with_kind(problems_of(table.problems).sort("row", maintain_order=True))
    name = pl.lit(table.record.id).alias(TABLE_TITLE)
    counts = (
        problems.group_by("column", "kind")
        .len()
        .sort(pl.col("len"), "column", "kind", descending=[True, False, False])
    )
    examples = problems.filter(pl.int_range(pl.len()).over("column", "kind") < EXAMPLES)
    if examples.height:
        places = table.as_stood(examples["row"].unique().sort(), cells=False)
        examples = examples.join(places, left_on="row", right_on=ROW, how="left", maintain_order="left")
    else:
        examples = examples.with_columns(
            pl.lit(None, pl.String).alias(FILE_TITLE), pl.lit(None, pl.UInt32).alias(ROW_TITLE)
        )
    return Told(
        examples.select(
            name, FILE_TITLE, ROW_TITLE, *(pl.col(own).alias(title) for own, title in TITLES.items())
        ),
        counts.select(
            name,
            pl.col("column").alias(TITLES["column"]),
            pl.col("kind").alias(TITLES["problem"]),
            pl.col("len").alias(COUNT_TITLE),
        ),
        problems.height,
    )


def _with_kind(problems: pl.DataFrame) -> pl.DataFrame:
    """With `kind`: the problem without the cell's own text and without row numbers."""
    pairs = problems.select("problem").unique()
    kinds = [_kind(problem) for problem in pairs["problem"].to_list()]
    known = pairs.with_columns(pl.Series("kind", kinds, dtype=pl.String))
    return problems.join(known, on="problem", how="left", maintain_order="left")


def _kind(problem: str) -> str:
    zh, _, en = problem.partition(" / ")
    en = re.sub(r"^('.*'|\S*[0-9]\S*) is ", "… is ", en.partition(" (did you mean")[0]).partition(": ")[0]
    return re.sub("[0-9]+", "…", both(zh.partition("：")[0], en))


def write_set_aside(table: Staged, path: Path) -> None:
    """Every row that is set aside as it stood, with file, row and all that is wrong with it.

    UTF-8 with a byte order mark, so that Excel reads it; a corrected file can be read again as it is.
    """
    bad = table.bad()
    said = _said(table)
    titles = table.titles()
    with path.open("wb") as file:
        for start in range(0, bad.len(), _SLICE):
            rows = table.as_stood(bad.slice(start, _SLICE))
            rows = rows.with_columns(
                pl.lit(None, pl.String).alias(t) for t in titles if t not in rows.columns
            )
            told = rows.join(said, on=ROW, how="left", maintain_order="left").sort(ROW)
            told.select(FILE_TITLE, ROW_TITLE, *titles, ERROR_TITLE).write_csv(
                file, include_bom=start == 0, include_header=start == 0, quote_style="necessary"
            )


def _said(table: Staged) -> pl.DataFrame:
    """ROW and all that is wrong with the row in one text."""
    cell = pl.col("value").fill_null("")
    text = pl.format(
        both("{}{}{}：{}（应为", "wanted: {}）"),
        pl.when(pl.col("column") == "").then(pl.lit(both("整行", "row"))).otherwise("column"),
        pl.when(cell == "").then(pl.lit("")).otherwise(pl.lit(" ")),
        cell,
        "problem",
        "allowed",
    )
    problems = problems_of(table.problems).sort("row", maintain_order=True)
    return (
        problems.select(pl.col("row").alias(ROW), text.alias("said"))
        .group_by(ROW, maintain_order=True)
        .agg(pl.col("said").str.join("；").alias(ERROR_TITLE))
    )


def incomplete(table: Staged) -> Mapping[str, pl.Series]:
    """Owners of rows that were set aside, by `table.column`, where the row tells them."""
    lost = table.bad()
    copies = pl.concat([pl.Series("row", [], dtype=pl.UInt32), *(c.cast(pl.UInt32) for c in table.copies)])
    lost = lost.filter(~lost.is_in(copies.implode()))
    owners = [*table.record.relations, *(name for name in table.record.texts if name == "subject_id")]
    names = [name for name in owners if name in table.columns]
    if not lost.len() or not names:
        return {}
    rows = table.of_rows(lost, *names)
    found = {f"{table.record.id}.{name}": rows[name].drop_nulls().unique().sort() for name in names}
    return {key: ids for key, ids in found.items() if ids.len()}


def write_told(told: Iterable[Told], folder: Path) -> None:
    """The examples and the counts of all tables in one file each."""
    told = list(told)
    for name, frames in (
        ("problems", [t.examples for t in told]),
        ("problem_counts", [t.counts for t in told]),
    ):
        pl.concat(frames).write_csv(folder / f"{name}.csv", include_bom=True)
