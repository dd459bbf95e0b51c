"""The made-up city is the same for the same seed, belongs to nobody, and every measure of the policy meets it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from stdnum.cn import uscc

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population import RunReport, demo_city, determine_tables, read_tables, write_demo_city
from wenjiuye.population.identifiers import check_resident_id


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_demo_city(folder, persons=1500, firms=200)
    return folder


@pytest.fixture(scope="module")
def report(small: Path, tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    return determine_tables(small, dt.date(2020, 12, 15), tmp_path_factory.mktemp("out"), policy())


def test_the_same_seed_gives_the_same_files(small: Path, tmp_path: Path):
    write_demo_city(tmp_path, persons=1500, firms=200)
    for path in small.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_another_seed_gives_another_city():
    assert demo_city(seed=1, persons=200, firms=20) != demo_city(seed=2, persons=200, firms=20)


def test_every_subject_with_a_measure_has_a_table(small: Path):
    wanted = {measure.subject.id for measure in policy().measures.values()}
    assert wanted <= {path.stem for path in small.iterdir()}


def test_the_tables_come_in_without_a_problem(small: Path):
    tables = read_tables(small, policy().subjects)
    assert tables.problems.is_empty()
    assert tables.notes == ()


def test_some_facts_are_missing_and_most_are_not(small: Path):
    frame = read_tables(small, policy().subjects).frames["person"]
    unknown = frame["employed"].null_count() / frame.height
    assert 0.04 < unknown < 0.1


def test_ids_have_right_check_digits_and_can_belong_to_nobody():
    city = demo_city(persons=300, firms=30)
    numbers = [str(row["resident_id"]) for row in city["person"]]
    for number in numbers:
        check_resident_id(number)
    assert {number[14:17] for number in numbers} == {"000"}
    assert len(set(numbers)) == 300
    codes = [str(row["credit_code"]) for row in city["enterprise"]]
    assert all(uscc.is_valid(code) and code[8:11] == "DEM" for code in codes)


def test_a_hamlet_is_no_city():
    with pytest.raises(ValueError, match="at least 200 persons and 20 firms"):
        demo_city(persons=10, firms=5)


def test_the_whole_city_is_decided_and_the_sample_confirmed(report: RunReport):
    assert {subject.subject for subject in report.subjects} == {
        m.subject.id for m in policy().measures.values()
    }
    assert all(subject.checked > 0 for subject in report.subjects)
    assert report.summary.height == len(policy().measures)
    assert report.notes == ()


def test_all_three_verdicts_come_up(report: RunReport):
    sums = report.summary.select("eligible", "ineligible", "undetermined").sum().row(0)
    assert all(count > 100 for count in sums)
    assert report.summary.filter(pl.col("eligible") > 0).height > 70
