"""A PostgreSQL server for the tests of the platform: embedded, thrown away, used by the application's own role."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from wenjiuye.platform.database import embedded, roles

_names = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[embedded.Server]:
    """A server of its own for this run.

    Not below pytest's folder: that lets nobody else in, and as root the server runs as another user.
    """
    folder = Path(tempfile.mkdtemp(prefix="wenjiuye-"))
    folder.chmod(0o755)
    try:
        with embedded.running(folder, fast=True) as found:
            roles.create_roles(found.url(embedded.SUPERUSER, "postgres"))
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(server: embedded.Server) -> None:
    """The address of the database that the tests work in."""
    connections["default"].settings_dict.update(
        NAME=roles.DATABASE, USER=roles.APPLICATION, HOST=str(server.folder), CONN_MAX_AGE=0
    )


@pytest.fixture(scope="session")
def django_db_setup(
    server: embedded.Server, django_db_modify_db_settings: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    """The tables, made once, by the role that owns them."""
    from wenjiuye.platform.database.migrating import migrate

    roles.create_database(server.url(embedded.SUPERUSER, "postgres"))
    with django_db_blocker.unblock():
        migrate(server.url(roles.OWNER, roles.DATABASE))
        connections["default"].close()


@pytest.fixture
def own_database(
    server: embedded.Server, django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[embedded.Server]:
    """A database for one test alone, in which work is really committed: for threads, browsers and raw SQL."""
    name = f"own_{os.getpid()}_{next(_names)}"
    superuser = server.url(embedded.SUPERUSER, "postgres")
    settings = connections["default"].settings_dict
    connections["default"].close()
    _leave(superuser, roles.DATABASE)
    _run(superuser, "CREATE DATABASE {} TEMPLATE {} OWNER {}", name, roles.DATABASE, roles.OWNER)
    settings["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield server
            connections.close_all()
    finally:
        settings["NAME"] = roles.DATABASE
        _run(superuser, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def owner_url(own_database: embedded.Server) -> str:
    """The database of one test as the role that owns the tables."""
    return own_database.url(roles.OWNER, connections["default"].settings_dict["NAME"])


def _leave(superuser: str, database: str) -> None:
    """Wait until nobody is in a database any more: a session that was closed takes a moment to be gone."""
    ask = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(superuser, autocommit=True) as connection:
        for _ in range(100):
            row = connection.execute(ask, [database]).fetchone()
            if row is None or row[0] == 0:
                return
            time.sleep(0.05)


def _run(address: str, statement: str, *names: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """Files go into the test's own folder."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"data": tmp_path / "data"})
    return tmp_path / "data"
