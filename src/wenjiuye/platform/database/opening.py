"""The database of an installation, opened: started if it is ours, with roles, tables up to date and rights given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from wenjiuye.platform.config.environment import Environment
from wenjiuye.platform.database import embedded, roles
from wenjiuye.rules.errors import Bilingual

OLDEST = 160000
"""The oldest PostgreSQL that is supported, as `server_version_num`."""


class DatabaseUnfit(Exception):
    """The database cannot be used; `told` says why and what to do, in both languages."""

    def __init__(self, told: Bilingual) -> None:
        self.told = told
        super().__init__(str(told))


@dataclass(frozen=True)
class Addresses:
    """The same database as three roles; reader is empty where the office keeps its own."""

    application: str
    owner: str
    reader: str


@contextmanager
def opened(environment: Environment) -> Iterator[Addresses]:
    """The addresses of the database; the embedded server runs as long as somebody has it open.

    Sets DATABASE_URL, which Django's settings read: open the database before `django.setup()`.
    """
    if not environment.embedded:
        yield Addresses(environment.database_url, environment.owner_url, "")
        return
    environment.data.mkdir(parents=True, exist_ok=True)
    with embedded.running(environment.data) as server:
        superuser = server.url(embedded.SUPERUSER, "postgres")
        roles.create_roles(superuser)
        roles.create_database(superuser)
        found = Addresses(*(server.url(role, roles.DATABASE) for role in _ROLES))
        os.environ["DATABASE_URL"] = found.application
        yield found


_ROLES = (roles.APPLICATION, roles.OWNER, roles.READER)


def check(address: str) -> None:
    """Refuse a server that is too old, or on which search over Chinese would find nothing."""
    with psycopg.connect(address) as connection:
        version = connection.info.server_version
        if version < OLDEST:
            raise DatabaseUnfit(
                Bilingual(
                    f"PostgreSQL 版本过低（{version // 10000}），需要 16 或更高。",
                    f"PostgreSQL {version // 10000} is too old; 16 or later is needed.",
                )
            )
        if connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'").fetchone() is None:
            return  # Migrations make it.
        row = connection.execute("SELECT similarity('许昌市人力资源', '许昌市人力')").fetchone()
        if row is None or not row[0] > 0:
            raise DatabaseUnfit(
                Bilingual(
                    "数据库的字符分类（LC_CTYPE）不认识汉字，中文搜索不会有结果。"
                    "请用 C.UTF-8 或 zh_CN.UTF-8 重建数据库。",
                    "The database's LC_CTYPE does not know Chinese characters: search would find nothing. "
                    "Create the database anew with C.UTF-8 or zh_CN.UTF-8.",
                )
            )
