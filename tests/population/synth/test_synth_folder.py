"""The folder is a registry in kernel form, the same for the same seed, and only ever replaces one of its kind."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from pathlib import Path

import polars as pl
import pytest
from conftest import read

from wenjiuye.policy.registry import RECORDS, VERSION
from wenjiuye.population.errors import OutputError
from wenjiuye.population.synth import CityReport, Flaws, write_city
from wenjiuye.population.synth.plan import CHUNK_PERSONS, SizeError, plan
from wenjiuye.rules.batch_lowering import fact_columns


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.*"))
        if path.is_file()
    }


@pytest.mark.parametrize("table", list(RECORDS))
def test_every_part_of_a_table_has_exactly_the_columns_of_the_kernel(table: str, report: CityReport):
    record = RECORDS[table]
    wanted = {"id": pl.String} if record.keyed else {}
    wanted |= dict.fromkeys((*record.relations, *record.texts), pl.String)
    for fact in record.facts.values():
        wanted |= fact_columns(fact, fact.id)
    parts = sorted((report.folder / table).iterdir())
    assert parts
    for part in parts:
        assert dict(pl.read_parquet_schema(part)) == wanted


@pytest.mark.parametrize("table", list(RECORDS))
def test_every_table_has_rows_and_no_row_lacks_what_is_required(table: str, report: CityReport):
    frame = read(report.folder, table)
    assert frame.height == report.rows[table] > 0
    for name in RECORDS[table].required:
        assert frame[name].null_count() == 0


def test_the_head_says_what_the_folder_is_and_from_what_it_was_made(report: CityReport):
    head = tomllib.loads((report.folder / "registry.toml").read_text("utf-8"))
    assert head["version"] == VERSION
    assert head["made_by"] == "wenjiuye synth"
    assert head["made_from"]["persons"] == 20_000


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        write_city(tmp_path / name, persons=1_000, seed=seed)
    first, again, other = (digests(tmp_path / name) for name in "abc")
    assert first == again
    assert first.keys() == other.keys()
    assert first["person/weidu-001.parquet"] != other["person/weidu-001.parquet"]


def test_flaws_change_nothing_but_the_cells_that_they_blank(tmp_path: Path):
    write_city(tmp_path / "whole", persons=1_000, flaws=Flaws(missing=0.0))
    write_city(tmp_path / "gaps", persons=1_000, flaws=Flaws(missing=0.3))
    whole, gaps = (read(tmp_path / name, "person") for name in ("whole", "gaps"))
    assert whole["id"].equals(gaps["id"])
    known = gaps["birth_date"].is_not_null()
    assert whole.filter(known)["birth_date"].equals(gaps.filter(known)["birth_date"])


@pytest.mark.parametrize("persons", [200, 20_000, 500_000, 4_400_000, 50_000_000])
def test_a_chunk_is_never_larger_than_so_many_people_however_large_the_city(persons: int):
    city = plan(persons, None, 1, dt.date(2020, 12, 31), 24)
    assert max(chunk.persons for chunk in city.chunks) <= CHUNK_PERSONS
    assert max(chunk.firms for chunk in city.chunks) <= CHUNK_PERSONS // 4


def test_a_city_of_the_least_size_has_every_table_and_three_of_everything_planted(tmp_path: Path):
    report = write_city(tmp_path / "city", persons=200)
    assert report.rows["person"] == 200
    assert all(report.rows[table] for table in ("enterprise", "employment", "contribution", "premium"))
    assert all(count >= 3 for count in report.planted.values())
    assert len(report.planted) == 4


def test_a_month_that_has_not_ended_is_not_in_the_monthly_tables(tmp_path: Path):
    report = write_city(tmp_path / "city", persons=2_000, until=dt.date(2021, 6, 15), months=13)
    months = read(report.folder, "contribution")["month"].unique().sort()
    assert (months[0], months[-1], months.len()) == (dt.date(2020, 5, 1), dt.date(2021, 5, 1), 13)


@pytest.mark.parametrize(
    ("persons", "firms", "months", "word"),
    [(199, None, 24, "200"), (1_000, 10, 24, "20"), (1_000, 2_000, 24, "more"), (1_000, None, 0, "120")],
)
def test_a_size_that_cannot_be_is_refused(
    persons: int, firms: int | None, months: int, word: str, tmp_path: Path
):
    with pytest.raises(SizeError, match=word):
        write_city(tmp_path / "city", persons=persons, firms=firms, months=months)
    assert not (tmp_path / "city").exists()


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="not overwritten"):
        write_city(tmp_path, persons=200)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_registry_that_was_not_made_here_is_left_alone(tmp_path: Path):
    (tmp_path / "registry.toml").write_text('version = "1"\n')
    with pytest.raises(OutputError, match="not overwritten"):
        write_city(tmp_path, persons=200)


def test_a_former_synthetic_city_is_replaced_as_a_whole(tmp_path: Path):
    folder = tmp_path / "city"
    write_city(folder, persons=200)
    (folder / "person" / "left-over.parquet").write_bytes(b"")
    write_city(folder, persons=300, seed=2)
    assert read(folder, "person").height == 300
    assert [path.name for path in tmp_path.iterdir()] == ["city"]


def test_a_run_that_fails_leaves_the_former_city_as_it_was(tmp_path: Path):
    folder = tmp_path / "city"
    write_city(folder, persons=200)
    before = digests(folder)

    def stop(*said: object) -> None:
        if said[0] == "premiums":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_city(folder, persons=200, seed=9, progress=stop)
    assert digests(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["city"]


def test_progress_is_told_chunk_by_chunk(tmp_path: Path):
    heard: list[tuple[str, int, int]] = []
    write_city(tmp_path / "city", persons=200, progress=lambda *said: heard.append(said))
    assert heard == [("people", i, 9) for i in range(10)] + [("premiums", i, 9) for i in range(1, 10)]
