"""A million rows of text come in within seconds, in stretches, and no bad row is lost."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from intake_workshop import frames_of, write_csv

from wenjiuye.population import csv_source
from wenjiuye.population.registry.intake import take_in

ROWS, PEOPLE = 1_000_000, 50_000


def test_of_a_million_rows_every_bad_one_is_set_aside_with_its_reason(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    pl.DataFrame({"id": [f"P{i}" for i in range(PEOPLE)]}).with_columns(
        pl.lit("weidu").alias("county")
    ).write_csv(folder / "person.csv")
    number = pl.int_range(ROWS)
    kind = number % 400
    rows = pl.select(
        pl.when(kind == 100)
        .then(pl.format("Q{}", number))
        .otherwise(pl.format("P{}", number % PEOPLE))
        .alias("person"),
        pl.when(kind == 200)
        .then(pl.format("2020-13-{}", number))
        .otherwise(pl.lit("2020-05"))
        .alias("month"),
        pl.when(kind == 300)
        .then(pl.format("x{}", number))
        .otherwise(pl.format("{}.50", number))
        .alias("own_paid"),
        pl.when(kind == 0).then(pl.lit("maybe")).otherwise(pl.lit("是")).alias("unemployment_insured"),
    )
    rows.write_csv(folder / "contribution.csv")
    registry = take_in(folder, tmp_path / "out")
    report = registry.reports["contribution"]
    assert (report.read, report.set_aside, registry.problems) == (ROWS, ROWS // 100, ROWS // 100)
    aside = pl.read_csv(tmp_path / "out" / "set_aside" / "contribution.csv", infer_schema=False)
    bad = rows.with_row_index("row", 2).filter((pl.col("row") - 2) % 100 == 0)
    assert aside["行号 / row"].to_list() == bad["row"].cast(pl.String).to_list()
    assert aside.select(rows.columns).equals(bad.select(rows.columns))
    assert (
        aside["错误 / error"].str.contains("no such id|not a date|neither yes nor no|not a number|only").all()
    )
    examples = pl.read_csv(tmp_path / "out" / "problems.csv", infer_schema=False)
    assert examples.height == 80
    counts = pl.read_csv(tmp_path / "out" / "problem_counts.csv")
    assert counts["行数 / rows"].to_list() == [ROWS // 400] * 4
    good = frames_of(registry)["contribution"]
    assert (
        good["own_paid"].sum()
        == rows.with_row_index("row", 2)
        .filter((pl.col("row") - 2) % 100 != 0)
        .select((pl.col("own_paid").str.to_decimal(scale=2) * 100).cast(pl.Int64).sum())
        .item()
    )


def test_a_file_that_is_read_in_stretches_is_the_same_as_read_at_once(tmp_path: Path, monkeypatch):
    name = '"甲,""乙""\n丙"'
    lines = [
        f"P{i},{name if i % 7 == 0 else '丁'},{'weidu' if i % 5 else 'x'}{',' if i % 11 == 0 else ''}"
        for i in range(400)
    ]
    write_csv(tmp_path / "in", "person.csv", "id,姓名,county\r\n" + "\r\n".join(lines) + "\r\n", "gb18030")
    whole = take_in(tmp_path / "in", tmp_path / "whole")
    monkeypatch.setattr(csv_source, "CHUNK", 500)
    monkeypatch.setattr(csv_source.csv_chunks, "__defaults__", (500,))
    parts = take_in(tmp_path / "in", tmp_path / "parts")
    assert len(parts.tables["person"]) > 10
    assert frames_of(parts)["person"].equals(frames_of(whole)["person"])
    for file in ("set_aside/person.csv", "problems.csv", "problem_counts.csv"):
        assert (tmp_path / "parts" / file).read_bytes() == (tmp_path / "whole" / file).read_bytes()
