"""An id belongs to one row, a reference leads to a row that stays, and who lost rows is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from intake_workshop import example_tables, frames_of, reasons, write_csv, write_kernel, write_texts

from wenjiuye.population.registry.intake import CleanRegistry, take_in


def registry(folder: Path, **texts: str) -> CleanRegistry:
    for name, text in texts.items():
        write_csv(folder / "in", f"{name}.csv", text)
    return take_in(folder / "in", folder / "out")


def owners(clean: CleanRegistry) -> dict[str, list[str]]:
    return {key: ids.to_list() for key, ids in clean.incomplete.items()}


def test_rows_that_share_an_id_and_differ_are_all_set_aside(tmp_path: Path):
    clean = registry(tmp_path, person="id,county\nP1,weidu\nP2,weidu\nP1,jianan\n")
    assert frames_of(clean)["person"]["id"].to_list() == ["P2"]
    told = reasons(tmp_path / "out", "person")
    assert "another row has the same id and differs: row 4 of person.csv" in told[2]
    assert "another row has the same id and differs: row 2 of person.csv" in told[4]


def test_of_equal_rows_the_first_stays_and_nothing_is_incomplete(tmp_path: Path):
    job = "id,person,form,started_on\nJ1,P1,flexible,2020-01-01\nJ1,P1,flexible,2020-01-01\n"
    clean = registry(tmp_path, person="id,county\nP1,weidu\n", employment=job)
    assert frames_of(clean)["employment"].height == 1
    assert (
        "the same as a row that stays: row 2 of employment.csv" in reasons(tmp_path / "out", "employment")[3]
    )
    assert clean.incomplete == {}


def test_an_id_must_be_unique_through_all_parts(tmp_path: Path):
    write_csv(tmp_path / "in", "person/1.csv", "id,county\nP1,weidu\n")
    write_csv(tmp_path / "in", "person/2.csv", "id,county\nP2,weidu\nP1,jianan\n")
    clean = take_in(tmp_path / "in", tmp_path / "out")
    assert frames_of(clean)["person"]["id"].to_list() == ["P2"]
    assert "row 3 of person/2.csv" in reasons(tmp_path / "out", "person")[2]


def test_an_equal_row_with_a_bad_cell_is_no_copy(tmp_path: Path):
    clean = registry(tmp_path, person="id,county,性别\nP1,weidu,\nP1,weidu,x\n")
    assert frames_of(clean)["person"].height == 0


@pytest.mark.parametrize("write", [write_texts, write_kernel])
def test_a_lost_row_takes_along_every_row_that_leads_to_it(tmp_path: Path, write):
    tables = example_tables()
    homes = pl.Series("household", ["household-9", *tables["person"]["household"][1:]])
    tables["person"] = tables["person"].with_columns(homes)
    clean = take_in(write(tmp_path / "in", tables), tmp_path / "out")
    suffix = next((tmp_path / "in").glob("person.*")).suffix
    assert "there is no such id in household" in reasons(tmp_path / "out", "person")[2]
    gone = f"refers to a row that was set aside: row 2 of person{suffix}"
    assert gone in reasons(tmp_path / "out", "enterprise")[2]
    assert gone in reasons(tmp_path / "out", "employment")[2]
    assert f"was set aside: row 2 of enterprise{suffix}" in reasons(tmp_path / "out", "lease")[2]
    assert f"was set aside: row 2 of lease{suffix}" in reasons(tmp_path / "out", "bill")[2]
    counts = pl.read_csv(tmp_path / "out" / "problem_counts.csv")
    assert counts.filter(pl.col("数据表 / table") == "bill").rows() == [
        ("bill", "lease", "引用了被搁置的行 / refers to a row that was set aside", 1)
    ]
    assert owners(clean)["person.household"] == ["household-9"]
    assert owners(clean)["employment.person"] == ["person-0"]
    assert owners(clean)["employment.employer"] == ["enterprise-0"]
    assert owners(clean)["bill.lease"] == ["lease-0"]
    assert owners(clean)["grant.subject_id"] == ["subject_id，甲“0”"]
    assert frames_of(clean)["employment"].height == tables["employment"].height - 1


def test_an_empty_reference_is_allowed_where_it_is_not_required(tmp_path: Path):
    people = "id,county\nP1,weidu\n"
    jobs = "id,person,employer,form,started_on\nJ1,P1,,flexible,2020-01-01\nJ2,,E1,flexible,2020-01-01\n"
    clean = registry(tmp_path, person=people, enterprise="id,county\nE1,weidu\n", employment=jobs)
    assert frames_of(clean)["employment"]["id"].to_list() == ["J1"]
    assert "a required cell is empty" in reasons(tmp_path / "out", "employment")[3]
    assert owners(clean) == {"employment.employer": ["E1"]}


def test_a_table_that_the_city_does_not_keep_cannot_be_asked(tmp_path: Path):
    clean = registry(tmp_path, enterprise="id,county,owner\nE1,weidu,P1\n")
    assert frames_of(clean)["enterprise"]["owner"].to_list() == ["P1"]


def test_owners_are_told_once_and_sorted(tmp_path: Path):
    months = "".join(f"{person},2020-13\n" for person in ("P2", "P1", "P2", "P1"))
    clean = registry(
        tmp_path, person="id,county\nP1,weidu\nP2,weidu\n", contribution="person,month\n" + months
    )
    assert owners(clean) == {"contribution.person": ["P1", "P2"]}


def test_a_dangling_reference_is_found_wherever_its_row_stands(tmp_path: Path):
    people = "".join(f"P{i},weidu\n" for i in range(50))
    months = "".join(f"P{i % 53},2020-01\n" for i in range(530))
    clean = registry(tmp_path, person="id,county\n" + people, contribution="person,month\n" + months)
    assert owners(clean) == {"contribution.person": ["P50", "P51", "P52"]}
    assert clean.reports["contribution"].set_aside == 30
    assert frames_of(clean)["contribution"].height == 500
