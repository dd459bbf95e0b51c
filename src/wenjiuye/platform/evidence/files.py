"""Files under random names in folders of two levels: written whole or not at all, read only if unchanged."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal

_NEW = ".new"
_BATCH = 1000


class FileMissing(Exception):
    """There is no file of this name."""


class FileChanged(Exception):
    """The bytes of a file are not those that were kept."""


def sha256(data: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def keep(folder: Path, data: bytes) -> str:
    """Write bytes under a new random name and return it. They are on the disk when this returns."""
    name = secrets.token_hex(16)
    path = place(folder, name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_suffix(_NEW)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    for parent in (path.parent, path.parent.parent, folder):
        _settle(parent)
    return name


def place(folder: Path, name: str) -> Path:
    """Where a file stands."""
    return folder / name[:2] / name[2:4] / name


def read(folder: Path, name: str, expected: str) -> bytes:
    """The bytes of a file with this SHA-256. FileMissing, FileChanged."""
    try:
        data = place(folder, name).read_bytes()
    except FileNotFoundError:
        raise FileMissing(name) from None
    if sha256(data) != expected:
        raise FileChanged(name)
    return data


@dataclass(frozen=True)
class Fault:
    """A kept file that is not as it was kept. id, name, county: of its row."""

    id: uuid.UUID
    name: str
    county: str
    problem: Literal["missing", "changed"]


def faults(folder: Path, rows: Iterable[Any]) -> Iterator[Fault]:
    """Read the file of every row and tell those that are missing or changed. rows: with stored_name and sha256."""
    for row in rows:
        try:
            read(folder, row.stored_name, row.sha256)
        except FileMissing:
            yield Fault(row.pk, str(row), row.county, "missing")
        except FileChanged:
            yield Fault(row.pk, str(row), row.county, "changed")


def sweep(folder: Path, known: Callable[[list[str]], Iterable[str]], older_than: timedelta) -> list[str]:
    """Remove files that no row names: left by a transaction that was rolled back, or by a write that was cut off.

    known: of some names those that rows name. older_than: younger files stay, their transaction may be under way.
    """
    swept = []
    paths = _old_files(folder, time.time() - older_than.total_seconds())
    while batch := list(islice(paths, _BATCH)):
        named = set(known([path.name for path in batch]))
        for path in batch:
            if path.name not in named:
                path.unlink(missing_ok=True)
                swept.append(path.name)
    return sorted(swept)


def _old_files(folder: Path, before: float) -> Iterator[Path]:
    for path in folder.glob("??/??/*"):
        try:
            old = path.stat().st_mtime < before
        except FileNotFoundError:
            continue
        if old:
            yield path


def _settle(folder: Path) -> None:
    """Put the entries of a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
