"""Where the files of an import stand: a folder of a random name that only the server's user can open.

original.<ending> as it was uploaded, raw/ its sheets as text, good/ the rows that can come in, what the check found.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from wenjiuye.platform.registry.models import FileImport


@dataclass(frozen=True)
class Folder:
    """The folder of one import."""

    path: Path

    @property
    def original(self) -> Path:
        """The file as it was uploaded."""
        return next(self.path.glob("original.*"))

    def raw(self, sheet: int, piece: int) -> Path:
        """Rows of a sheet as text: the row's number and the cells by the number of their column."""
        return self.path / "raw" / f"{sheet}-{piece:05d}.parquet"

    def flaws(self, sheet: int, piece: int) -> Path:
        """Cells of the same rows that are wrong before their meaning is looked at."""
        return self.path / "raw" / f"{sheet}-{piece:05d}.flaws.parquet"

    @property
    def work(self) -> Path:
        """For what only lives while a check runs."""
        return self.path / "work"

    @property
    def good(self) -> Path:
        """`<table>.parquet` in kernel form: the rows that can come in."""
        return self.path / "good"

    @property
    def problems(self) -> Path:
        """Every cell and row that is wrong."""
        return self.path / "problems.parquet"

    @property
    def kinds(self) -> Path:
        """How often each column is wrong in each way."""
        return self.path / "kinds.parquet"

    @property
    def incomplete(self) -> Path:
        """Whose rows are left out, by table and column."""
        return self.path / "incomplete.parquet"

    @property
    def marked(self) -> Path | None:
        """The original with a column of errors; None: there is none."""
        return next(self.path.glob("marked.*"), None)


def imports_folder() -> Path:
    """Where the folders of all imports are."""
    folder: Path = settings.ENVIRONMENT.data / "imports"
    return folder


def new_folder() -> Folder:
    """A new folder, empty."""
    path = imports_folder() / secrets.token_hex(16)
    imports_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path.mkdir(mode=0o700)
    return Folder(path)


def folder_of(file: FileImport) -> Folder:
    """The folder of an import; it may have been swept."""
    return Folder(imports_folder() / file.folder)


def clear(folder: Folder) -> None:
    """Remove a folder with all that is in it."""
    if folder.path.parent == imports_folder() and folder.path != imports_folder():
        shutil.rmtree(folder.path, ignore_errors=True)
