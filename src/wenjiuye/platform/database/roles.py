"""Who may do what in the database: one role owns the tables, one works with them, one reads.

The application's role owns nothing, so it can neither switch triggers off nor drop constraints nor empty a table.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER, APPLICATION, READER = "wenjiuye_owner", "wenjiuye_app", "wenjiuye_reader"
DATABASE = "wenjiuye"


def create_roles(superuser: str) -> None:
    """Make the three roles where they are not there yet. superuser: an address."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APPLICATION, READER):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        # Tests make databases of their own.
        connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))


def create_database(superuser: str, name: str = DATABASE) -> None:
    """Make the database, owned by the owner, where it is not there yet."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )


def grant(owner: str, append_only: tuple[str, ...] = (), read_only: tuple[str, ...] = ()) -> None:
    """Give the application and the reader what they need, after every migration.

    owner: an address as the owner. append_only: tables that take new rows and nothing else. read_only: tables that
    only migrations fill.
    """
    app, reader = sql.Identifier(APPLICATION), sql.Identifier(READER)
    with psycopg.connect(owner) as connection:
        for statement in (
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {app}, {reader}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {app}, {reader}",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}",
        ):
            connection.execute(sql.SQL(statement).format(app=app, reader=reader))
        for table in (*append_only, *read_only):
            connection.execute(
                sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), app)
            )
        for table in read_only:
            connection.execute(sql.SQL("REVOKE INSERT ON {} FROM {}").format(sql.Identifier(table), app))
