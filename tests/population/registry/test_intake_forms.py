"""A registry comes in alike from every form, and what is in kernel form already stays where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from intake_workshop import (
    Tables,
    example_tables,
    frames_of,
    write_csv,
    write_foreign,
    write_kernel,
    write_texts,
    write_workbook,
)
from polars.testing import assert_frame_equal

from wenjiuye.population.errors import (
    EmptyTableError,
    HeaderError,
    ManifestError,
    MissingPathError,
    NoTableError,
    OutputError,
    TwoTablesError,
)
from wenjiuye.population.registry.intake import take_in

WRITERS: dict[str, Callable[[Path, Tables], Path]] = {
    "CSV in UTF-8": lambda path, tables: write_texts(path / "in", tables),
    "CSV in UTF-8 with a mark": lambda path, tables: write_texts(path / "in", tables, "utf-8-sig"),
    "CSV in GB18030": lambda path, tables: write_texts(path / "in", tables, "gb18030"),
    "one workbook": lambda path, tables: write_workbook(path / "all.xlsx", tables),
    "Parquet from elsewhere": lambda path, tables: write_foreign(path / "in", tables),
    "kernel form": lambda path, tables: write_kernel(path / "in", tables),
}


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_rows_come_in_alike_from_every_form(tmp_path: Path, form: str):
    tables = example_tables()
    registry = take_in(WRITERS[form](tmp_path, tables), tmp_path / "out")
    assert registry.problems == 0
    assert registry.version == "1"
    came = frames_of(registry)
    assert came.keys() == tables.keys()
    for name, frame in tables.items():
        assert_frame_equal(came[name], frame)


def test_a_table_in_kernel_form_is_used_where_it_stands(tmp_path: Path):
    folder = write_kernel(tmp_path / "in", example_tables())
    registry = take_in(folder, tmp_path / "out")
    assert all(files == (folder / f"{name}.parquet",) for name, files in registry.tables.items())
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_only_the_file_that_lost_rows_is_written_again(tmp_path: Path):
    tables = example_tables()
    people = tables["person"]
    folder = write_kernel(tmp_path / "in", {"household": tables["household"]})
    (folder / "person").mkdir()
    people.head(2).write_parquet(folder / "person" / "a.parquet")
    people.tail(2).with_columns(pl.lit("household-9").alias("household")).write_parquet(
        folder / "person" / "b.parquet"
    )
    registry = take_in(folder, tmp_path / "out")
    assert registry.tables["person"] == (
        folder / "person" / "a.parquet",
        tmp_path / "out" / "tables" / "person" / "0002.parquet",
    )
    assert_frame_equal(frames_of(registry)["person"], people.head(2))
    assert registry.reports["person"].places == ("person/a.parquet", "person/b.parquet")


def test_parts_of_a_table_may_have_different_columns(tmp_path: Path):
    write_csv(tmp_path / "in", "person/1.csv", "id,county\nP1,weidu\n")
    write_csv(tmp_path / "in", "person/2.csv", "编号,姓名,county,性别\nP2,甲,jianan,女\n")
    came = frames_of(take_in(tmp_path / "in", tmp_path / "out"))["person"]
    assert came.rows() == [("P1", None, "weidu", None), ("P2", "甲", "jianan", "female")]


def test_whole_numbers_in_a_money_column_are_fen_only_where_the_folder_follows_the_data_model(tmp_path: Path):
    tables = {name: example_tables()[name] for name in ("household", "person", "enterprise", "lease")}
    folder = write_kernel(tmp_path / "in", tables)
    fen = frames_of(take_in(folder, tmp_path / "out"))["lease"]["rent_per_month"][0]
    (folder / "registry.toml").unlink()
    assert frames_of(take_in(folder, tmp_path / "out"))["lease"]["rent_per_month"][0] == 100 * fen


def test_a_money_column_of_another_whole_type_in_kernel_form_is_refused_because_it_could_be_yuan(
    tmp_path: Path,
):
    tables = {name: example_tables()[name] for name in ("household", "person", "enterprise", "lease")}
    tables["lease"] = tables["lease"].with_columns(pl.col("rent_per_month").cast(pl.Int32))
    with pytest.raises(
        HeaderError, match=r"lease\.parquet: the money column rent_per_month is of type Int32"
    ):
        take_in(write_kernel(tmp_path / "in", tables), tmp_path / "out")


def test_a_table_that_has_a_header_only_is_kept_and_empty(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["person"].height == 0
    assert registry.reports["person"].read == 0


def test_a_table_of_which_no_row_stays_is_still_kept(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\nP1,nowhere\n")
    registry = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(registry)["person"].height == 0


def test_what_an_earlier_intake_left_is_replaced(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\nP1,nowhere\n")
    take_in(tmp_path / "in", tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("stays", encoding="utf-8")
    take_in(write_kernel(tmp_path / "in2", example_tables()), tmp_path / "out")
    left = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert left == ["mine.txt", "problem_counts.csv", "problems.csv"]


def test_two_intakes_of_the_same_registry_write_the_same_bytes(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county,性别\nP1,weidu,男\nP2,x,男\nP3,y,z\nP1,weidu,女\n")
    written = []
    for name in ("a", "b"):
        take_in(tmp_path / "in", tmp_path / name)
        files = sorted((tmp_path / name).rglob("*.*"))
        written.append(
            {file.relative_to(tmp_path / name): file.read_bytes() for file in files if file.is_file()}
        )
    assert written[0] == written[1]
    assert len(written[0]) == 4


# ── What a registry cannot be


def test_a_version_that_is_not_known_says_what_to_do(tmp_path: Path):
    folder = write_kernel(tmp_path / "in", example_tables())
    (folder / "registry.toml").write_text('version = "7"\n', encoding="utf-8")
    with pytest.raises(
        ManifestError, match=r"数据模型版本为7.* / .*version 7 .*reads version 1; bring the tables to"
    ):
        take_in(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("text", "told"), [("name = 'x'\n", "has no version; add"), ("version = ", "cannot be read")]
)
def test_a_manifest_without_a_version_says_what_to_write(tmp_path: Path, text: str, told: str):
    folder = write_kernel(tmp_path / "in", example_tables())
    (folder / "registry.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError, match=told):
        take_in(folder, tmp_path / "out")


def test_a_path_or_folder_without_tables_is_an_error_that_names_what_is_there(tmp_path: Path):
    with pytest.raises(MissingPathError, match="there is no such file or folder"):
        take_in(tmp_path / "nowhere", tmp_path / "out")
    write_csv(tmp_path / "in", "persn.csv", "id,county\n")
    with pytest.raises(
        NoTableError, match=r"found: persn\.csv is named after no subject \(did you mean person\?\)"
    ):
        take_in(tmp_path / "in", tmp_path / "out")


def test_a_table_in_two_files_side_by_side_is_an_error_that_offers_a_folder(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\n")
    write_csv(tmp_path / "in", "个人.csv", "id,county\n")
    with pytest.raises(TwoTablesError, match="put the parts into a folder person/"):
        take_in(tmp_path / "in", tmp_path / "out")


def test_a_folder_of_parts_without_any_is_an_error(tmp_path: Path):
    (tmp_path / "in" / "person").mkdir(parents=True)
    with pytest.raises(EmptyTableError, match="person: the folder has no CSV, Excel or Parquet file in it"):
        take_in(tmp_path / "in", tmp_path / "out")


@pytest.mark.parametrize("inside", [".", "tables"])
def test_results_do_not_replace_the_registry_itself(tmp_path: Path, inside: str):
    (tmp_path / "out").mkdir()
    folder = write_kernel(tmp_path / "out" / inside, example_tables())
    with pytest.raises(OutputError, match="name another folder"):
        take_in(folder, tmp_path / "out")
    assert (folder / "person.parquet").is_file()


def test_files_that_are_no_table_are_told(tmp_path: Path):
    folder = write_kernel(tmp_path / "in", example_tables())
    (folder / "readme.md").write_text("x", encoding="utf-8")
    notes = take_in(folder, tmp_path / "out").notes
    assert notes == ("未读取：readme.md不以任何对象命名 / ignored: readme.md is named after no subject",)


def test_stages_are_told_while_they_go_on(tmp_path: Path):
    write_csv(tmp_path / "in", "person.csv", "id,county\nP1,weidu\n")
    seen: list[tuple[str, int, int]] = []
    take_in(tmp_path / "in", tmp_path / "out", progress=lambda *step: seen.append(step))
    assert seen == [("read person", 0, 1), ("check person", 0, 1)]
