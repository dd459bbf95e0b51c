"""What is put together once all parts of a day are done: sums, ranked lists, the words of conditions."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from wenjiuye.population import results
from wenjiuye.population.city import totals
from wenjiuye.population.city.part import files
from wenjiuye.population.errors import OutputError
from wenjiuye.population.whole_files import write_csv, write_parquet
from wenjiuye.rules.errors import both
from wenjiuye.rules.policy import Policy


def finish_day(folder: Path, on: dt.date, parts: Sequence[str], policy: Policy) -> pl.DataFrame:
    """Write `totals/on=<day>/totals.parquet` (per measure and county), `summary.csv`, the ranked list and the
    conditions of a day. Answers the sums per measure.
    """
    day = folder / f"on={on}"
    by_county = totals.together(
        [pl.read_parquet(path) for path in files(day, "totals", parts)], (*totals.BY, "county")
    ).sort("clause", "measure", "county", nulls_last=True)
    write_parquet(by_county, folder / "totals" / f"on={on}" / "totals.parquet")
    summary = totals.together([by_county]).sort("clause", "measure")
    write_csv(summary, day / "summary.csv")
    if lists := files(day, "proactive", parts):
        whole = ranked(pl.concat([pl.read_parquet(path) for path in lists]))
        write_parquet(whole, day / "proactive.parquet")
        _write_lists(whole, day / "lists")
    write_parquet(conditions(policy, on), day / "conditions.parquet")
    return summary


TITLES = {
    "rank": both("序号", "rank"),
    "id": both("编号", "id"),
    "claimant": both("申请人编号", "claimant"),
    "name": both("名称", "name"),
    "phone": both("电话", "phone"),
    "county": both("县（市、区）", "county"),
    "amount": both("金额（元）", "amount, yuan"),
    "low": both("至少（元）", "at least, yuan"),
    "high": both("至多（元）", "at most, yuan"),
    "claim": both("预填事实", "pre-filled facts"),
}
"""Titles of the lists that people open in a spreadsheet."""


def _write_lists(whole: pl.DataFrame, folder: Path) -> None:
    """One CSV for each measure, for whoever calls the people on it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for (measure,), rows in whole.partition_by("measure", as_dict=True, maintain_order=True).items():
        write_csv(
            rows.select(pl.col(name).alias(title) for name, title in TITLES.items()),
            folder / f"{measure}.csv",
        )


def ranked(lists: pl.DataFrame) -> pl.DataFrame:
    """One list of all parts: by measure, the highest known amount first, with `rank` within the measure."""
    ordered = lists.sort(
        ["clause", "measure", "amount", "low", "id"],
        descending=[False, False, True, True, False],
        nulls_last=True,
        maintain_order=True,
    )
    rank = pl.int_range(1, pl.len() + 1).over("measure").cast(pl.Int64).alias("rank")
    return ordered.with_columns(rank).select(
        "measure", "clause", "title", "rank", pl.exclude("measure", "clause", "title", "rank")
    )


def conditions(policy: Policy, on: dt.date) -> pl.DataFrame:
    """The conditions of every measure by number, in words: what reasons and near misses refer to."""
    rows = [
        (m.id, node.index, node.parent, results.condition_text(policy, node, on))
        for m in policy.measures.values()
        for node in m.nodes
    ]
    schema = {"measure": pl.String, "condition": pl.Int32, "part_of": pl.Int32, "text": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def read_totals(folder: Path) -> pl.DataFrame:
    """The sums of every day of a run, with the day as `on`. Raises OutputError where there is no run."""
    paths = sorted((folder / "totals").glob("on=*/totals.parquet"))
    if not paths:
        raise OutputError(f"{folder}：不是一次完整的全市运行", f"{folder}: this is no finished run of a city")
    return pl.concat(
        pl.read_parquet(path).with_columns(pl.lit(dt.date.fromisoformat(path.parent.name[3:])).alias("on"))
        for path in paths
    )
