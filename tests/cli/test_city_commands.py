"""`synth`, `run` and `difference`: from nothing to the sums of a city, and what changed between two runs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from random_registry import random_registry, write_registry
from terminal import ON, wenjiuye


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("city") / "registry"
    answer = wenjiuye("synth", "--persons", "2000", "--seed", "7", "-o", folder)
    assert answer.code == 0
    assert "个人 person" in answer.out
    return folder


@pytest.fixture(scope="module")
def first(city: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with reasons."""
    out: Path = tmp_path_factory.mktemp("first") / "run"
    assert wenjiuye("run", city, *ON, "-o", out, "--reasons").code == 0
    return out


def test_a_run_shows_sums_by_article_and_county_and_writes_a_report(city: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    answer = wenjiuye("run", city, *ON, "-o", out, COLUMNS="80")
    assert answer.code == 0
    for said in ("条", "合计", "禹州市", "补贴（元）", "report.html"):
        assert said in answer.out
    day = out / "on=2020-12-01"
    for name in ("proactive.parquet", "conditions.parquet", "summary.csv", "near", "determinations/person"):
        assert (day / name).exists(), name
    assert not (day / "reasons").exists()
    assert "应享未享" in answer.out
    listed = pl.read_parquet(day / "proactive.parquet")
    assert {path.stem for path in (day / "lists").glob("*.csv")} == set(listed["measure"])
    first = (day / "lists" / f"{listed['measure'][0]}.csv").read_text("utf-8-sig").splitlines()
    assert first[0].startswith("序号 / rank,编号 / id")
    assert len(first) == listed.filter(pl.col("measure") == listed["measure"][0]).height + 1
    html = (out / "report.html").read_text("utf-8")
    assert "按县" in html or "各县" in html
    # The whole page can be read by somebody who has no network.
    assert 'src="http' not in html


def test_a_run_that_was_done_is_not_done_again(city: Path, first: Path) -> None:
    answer = wenjiuye("run", city, *ON, "-o", first, "--reasons", "--lang", "en")
    assert answer.code == 0
    assert "done before" in answer.out


def test_a_month_range_is_decided_month_by_month(tmp_path: Path) -> None:
    write_registry(random_registry(3), tmp_path / "registry")
    out = tmp_path / "run"
    answer = wenjiuye(
        "run", tmp_path / "registry", "--from", "2020-11", "--to", "2020-12", "-o", out, "--no-lists"
    )
    assert answer.code == 0
    assert {path.name for path in out.glob("on=*")} == {"on=2020-11-30", "on=2020-12-31"}
    assert not list(out.glob("on=*/near"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--on"),
        (("--from", "2020-02"), "--to"),
        (("--from", "2020-12", "--to", "2020-02"), "颠倒"),
        (("--on", "2020-12-01", "--from", "2020-01", "--to", "2020-02"), "--on"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    city: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    answer = wenjiuye("run", city, *words, "-o", tmp_path / "run")
    assert answer.code == 2
    assert said in answer.err
    assert not (tmp_path / "run").exists()


def test_rows_that_were_set_aside_are_told(tmp_path: Path) -> None:
    dirty = tmp_path / "dirty"
    assert wenjiuye("synth", "--persons", "2000", "--dirty", "0.01", "-o", dirty).code == 0
    answer = wenjiuye("run", dirty, *ON, "-o", tmp_path / "run")
    assert answer.code == 0
    assert "搁置" in answer.out
    broken = pl.read_parquet(dirty / "truth" / "broken.parquet")
    for table in broken["table"].unique():
        assert (tmp_path / "run" / "intake" / "set_aside" / f"{table}.csv").exists(), table


def test_the_difference_between_a_run_and_itself_is_nothing(first: Path) -> None:
    answer = wenjiuye("difference", first, first)
    assert answer.code == 0
    assert "完全相同" in answer.out


def test_the_difference_names_who_changed_and_the_condition_that_turned(
    city: Path, first: Path, tmp_path: Path
) -> None:
    reform = tmp_path / "reform.toml"
    reform.write_text("[values]\nlong_unemployment_months = 3\n", "utf-8")
    second = tmp_path / "second"
    assert wenjiuye("run", city, *ON, "-o", second, "--reasons", "--reform", reform).code == 0
    answer = wenjiuye("difference", first, second, "-o", tmp_path / "changes.parquet")
    assert answer.code == 0
    assert "新符合" in answer.out
    changes = pl.read_parquet(tmp_path / "changes.parquet")
    hires = changes.filter(pl.col("measure") == "hiring_subsidy")
    assert hires.height > 0
    assert set(hires["change"]) == {"newly"}
    assert hires["conditions"].list.len().min() > 0
    assert hires["before"].null_count() == hires.height
    assert set(hires["after"]) == {100_000}


def test_something_that_is_no_run_is_refused(tmp_path: Path) -> None:
    answer = wenjiuye("difference", tmp_path, tmp_path)
    assert answer.code == 2
    assert "没有" in answer.err


def test_a_registry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    answer = wenjiuye("run", tmp_path / "nothing", *ON, "-o", tmp_path / "run")
    assert answer.code == 2
    assert "nothing" in answer.err
