"""Ids and references: each id once, each reference to a row that is there and stays."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.raw import ROW
from wenjiuye.population.registry.form import title_zh
from wenjiuye.population.registry.staged import FILE_TITLE, ROW_TITLE, Staged, Tables
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import One

_OWN_NUMBER = both("每行一个不重复的编号", "a number of its own for each row")
TARGETS = frozenset(
    link.target.id
    for record in RECORDS.values()
    for link in record.relations.values()
    if isinstance(link, One)
)


def check_ids(table: Staged) -> None:
    """Set aside rows that share an id: of equal rows the first stays, of different ones none."""
    if not table.record.keyed:
        return
    ids = table.scan("id")
    counts = ids.select(pl.col("id").n_unique().alias("distinct"), pl.len().alias("all"))
    distinct, rows = counts.collect(engine="streaming").row(0)
    if distinct == rows:
        return
    repeated = ids.collect(engine="streaming").filter(
        pl.col("id").is_not_null() & pl.col("id").is_duplicated()
    )
    content = table.of_rows(repeated[ROW], *table.columns)
    bad = pl.col(ROW).is_in(table.bad().implode())
    groups = (
        content.select(ROW, "id", pl.struct(pl.exclude(ROW)).alias("content"), bad.alias("bad"))
        .group_by("id", maintain_order=True)
        .agg(ROW, ((pl.col("content").n_unique() == 1) & ~pl.col("bad").any()).alias("equal"))
    )
    equal = groups.filter("equal")
    copies = equal.select(pl.col(ROW).list.slice(1), "id", pl.col(ROW).list.first().alias("first"))
    _report_repeated(
        table,
        copies.explode(ROW),
        both("与保留的一行相同：{}第{}行", "the same as a row that stays: row {} of {}"),
    )
    table.copies.append(copies.explode(ROW)[ROW])
    clashes = groups.filter(~pl.col("equal")).select(ROW, "id", pl.col(ROW).alias("others")).explode(ROW)
    other = pl.col("others").list.get(0)
    second = pl.col("others").list.get(1)
    clashes = clashes.select(
        ROW, "id", pl.when(other == pl.col(ROW)).then(second).otherwise(other).alias("first")
    )
    _report_repeated(
        table,
        clashes,
        both("与另一行编号相同而内容不同：{}第{}行", "another row has the same id and differs: row {} of {}"),
    )


def _report_repeated(table: Staged, rows: pl.DataFrame, text: str) -> None:
    """rows: ROW, id, and the number of the other row as `first`. text: file, row, row, file go into it."""
    if rows.is_empty():
        return
    others = table.as_stood(rows["first"].unique().sort(), cells=False).rename({ROW: "first"})
    told = rows.with_columns(pl.col("first").cast(pl.UInt32)).join(
        others, on="first", how="left", maintain_order="left"
    )
    problem = pl.format(text, FILE_TITLE, ROW_TITLE, ROW_TITLE, FILE_TITLE)
    table.report(told.select(ROW, pl.col("id").alias("value"), problem.alias("problem")), "id", _OWN_NUMBER)


def good_ids(table: Staged) -> pl.DataFrame:
    """The ids of the rows that go on so far: one column `id`."""
    ids = table.scan("id")
    bad = table.bad()
    if bad.len():
        ids = ids.filter(~pl.col(ROW).is_in(bad.implode()))
    return ids.select("id").collect(engine="streaming")


def check_references(table: Staged, tables: Tables, ids: Mapping[str, pl.DataFrame]) -> None:
    """Set aside rows that refer to a row that is not there or was set aside. An empty reference is allowed.

    ids: those that go on, by table; a table that is not kept cannot be asked.
    """
    for name, link in table.record.relations.items():
        if isinstance(link, One) and name in table.columns and link.target.id in ids:
            lost = _lost(table, name, ids[link.target.id])
            if lost.height:
                _report_lost(table, name, link.target, tables[link.target.id], lost)


def _lost(table: Staged, name: str, ids: pl.DataFrame) -> pl.DataFrame:
    """ROW and value of the references that lead nowhere."""
    cell = pl.col(name)
    values = table.scan(name)
    # Rows about one owner mostly stand together, so one of them is asked for all.
    first = values.filter(cell.is_not_null() & (cell != cell.shift(1)).fill_null(True))
    lost = first.select(name).join(ids.lazy(), left_on=name, right_on="id", how="anti").unique()
    nowhere = lost.collect(engine="streaming")
    if nowhere.is_empty():
        return nowhere
    rows = values.join(nowhere.lazy(), on=name, how="semi").collect(engine="streaming")
    return rows.sort(ROW).select(pl.col(ROW).cast(pl.UInt32), cell.alias("value"))


def _report_lost(table: Staged, name: str, record: type[Record], target: Staged, lost: pl.DataFrame) -> None:
    bad = target.bad()
    there = target.of_rows(bad, "id").drop_nulls("id").unique("id", keep="first", maintain_order=True)
    there = there.filter(pl.col("id").is_in(lost["value"].unique().implode()))
    places = (
        there.with_columns(pl.col(ROW).cast(pl.UInt32)).join(target.as_stood(there[ROW], cells=False), on=ROW)
        if there.height
        else pl.DataFrame(schema={"id": pl.String, FILE_TITLE: pl.String, ROW_TITLE: pl.UInt32})
    )
    found = lost.join(
        places.select("id", FILE_TITLE, ROW_TITLE),
        left_on="value",
        right_on="id",
        how="left",
        maintain_order="left",
    )
    aside = both("引用了被搁置的行：{}第{}行", "refers to a row that was set aside: row {} of {}")
    nowhere = both(f"{record.zh}（{record.id}）中没有这个编号", f"there is no such id in {record.id}")
    problem = (
        pl.when(pl.col(ROW_TITLE).is_null())
        .then(pl.lit(nowhere))
        .otherwise(pl.format(aside, FILE_TITLE, ROW_TITLE, ROW_TITLE, FILE_TITLE))
    )
    empty = name not in table.record.required
    table.report(
        found.select(ROW, "value", problem.alias("problem")),
        name,
        both(
            f"{title_zh(table.record, name)}：{record.zh}（{record.id}）中的编号"
            + ("，或留空" if empty else ""),
            f"an id of {record.id}" + (", or empty" if empty else ""),
        ),
    )
