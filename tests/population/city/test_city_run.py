"""A run of a city: the same bytes every time, resumable at any moment, and nothing half-done."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from random_registry import random_registry, write_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city import prepare
from wenjiuye.population.city.finish import read_totals
from wenjiuye.population.city.part import Wanted
from wenjiuye.population.city.run import month_ends, run_city
from wenjiuye.population.errors import OutputError

ON = dt.date(2020, 12, 1)
SMALL = 0.001
"""So little memory that the random city comes in many parts."""

_RUN = """
import datetime as dt, sys
from pathlib import Path
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.part import Wanted
from wenjiuye.population.city.run import run_city
source, out = Path(sys.argv[1]), Path(sys.argv[2])
run_city(source, [dt.date(2020, 12, 1)], out, policy(), wanted=Wanted(reasons=True), memory_gib=0.001)
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("registry")
    write_registry(random_registry(11, scale=4), folder)
    return folder


@pytest.fixture(scope="module")
def whole(registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run that nothing disturbed."""
    out: Path = tmp_path_factory.mktemp("whole") / "run"
    report = run_city(registry, [ON], out, policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    assert report.parts > 4
    assert report.resumed == 0
    return out


def contents(out: Path) -> dict[str, bytes]:
    """Every file of a run by its name."""
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
    }


def test_the_same_input_gives_the_same_bytes(registry: Path, whole: Path, tmp_path: Path) -> None:
    run_city(registry, [ON], tmp_path / "run", policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    assert contents(tmp_path / "run") == contents(whole)


def test_a_killed_run_goes_on_and_ends_in_the_same_bytes(registry: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(registry), str(out)])
    done = out / f"on={ON}" / "done"
    until = time.monotonic() + 120
    while not (done.is_dir() and len(list(done.glob("*.json"))) >= 2):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    marks = list(done.glob("*.json"))
    kept = {mark: mark.stat().st_mtime_ns for mark in marks}
    report = run_city(registry, [ON], out, policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    assert 2 <= report.resumed < report.parts
    assert all(mark.stat().st_mtime_ns == at for mark, at in kept.items())
    whole_files = contents(whole)
    assert {name: data for name, data in contents(out).items() if ".partial" not in name} == whole_files


def test_a_part_that_was_half_written_is_done_again(registry: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run_city(registry, [ON], out, policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    mark = next((out / f"on={ON}" / "done").glob("*.json"))
    mark.unlink()
    (out / f"on={ON}" / "determinations" / "person" / f"{mark.stem}.parquet").write_bytes(b"half")
    report = run_city(registry, [ON], out, policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    assert report.resumed == report.parts - 1
    assert contents(out) == contents(whole)


def test_other_rules_or_other_tables_start_anew(registry: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = run_city(registry, [ON], out, policy(), memory_gib=SMALL)
    reform = policy().with_values({"hiring_subsidy_amount": 2000})
    second = run_city(registry, [ON], out, reform, memory_gib=SMALL)
    assert (first.resumed, second.resumed) == (0, 0)
    tables = random_registry(12, scale=4)
    write_registry(tables, tmp_path / "other")
    third = run_city(tmp_path / "other", [ON], out, reform, memory_gib=SMALL)
    assert third.resumed == 0
    assert third.tables["person"].read == tables["person"].height


def test_months_are_their_last_days_and_each_has_its_sums(registry: Path, tmp_path: Path) -> None:
    days = month_ends(dt.date(2020, 10, 1), dt.date(2020, 12, 1))
    assert days == [dt.date(2020, 10, 31), dt.date(2020, 11, 30), dt.date(2020, 12, 31)]
    report = run_city(registry, days, tmp_path / "run", policy(), wanted=Wanted(near=False, lists=False))
    totals = read_totals(tmp_path / "run")
    assert sorted(totals["on"].unique()) == days
    for day in days:
        rows = totals.filter(pl.col("on") == day)
        assert rows["eligible"].sum() == report.totals[day]["eligible"].sum() > 0
    alone = run_city(
        registry, [days[1]], tmp_path / "alone", policy(), wanted=Wanted(near=False, lists=False)
    )
    assert alone.totals[days[1]].equals(report.totals[days[1]])


def test_sums_agree_with_the_determinations(whole: Path) -> None:
    totals = read_totals(whole)
    for measure in policy().measures.values():
        files = sorted((whole / f"on={ON}" / "determinations" / measure.subject.id).glob("*.parquet"))
        verdict = pl.concat(
            [pl.read_parquet(f, columns=[f"{measure.id}.verdict"]) for f in files]
        ).to_series()
        rows = totals.filter(pl.col("measure") == measure.id)
        assert rows["eligible"].sum() == verdict.sum(), measure.id
        assert rows["undetermined"].sum() == verdict.null_count(), measure.id


def test_a_folder_with_something_else_is_refused_and_left_alone(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="something else"):
        run_city(registry, [ON], tmp_path, policy())
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_run_that_stopped_before_its_first_part_goes_on(
    registry: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(prepare, "arrange", stop)
        with pytest.raises(KeyboardInterrupt):
            run_city(registry, [ON], tmp_path / "run", policy(), memory_gib=SMALL)
    run_city(registry, [ON], tmp_path / "run", policy(), wanted=Wanted(reasons=True), memory_gib=SMALL)
    assert contents(tmp_path / "run") == contents(whole)
