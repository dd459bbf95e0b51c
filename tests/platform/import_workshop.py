"""Files of offices for the tests of importing, and the way of a file in one call each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.desk.import_jobs import UNDO
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import run, start
from wenjiuye.platform.registry.importing.matching import Matched
from wenjiuye.platform.registry.importing.stages import begin_check, begin_commit, begin_reading
from wenjiuye.platform.registry.importing.uploading import Upload, receive
from wenjiuye.platform.registry.models import FileImport, ImportBatch

AS_OF = dt.date(2020, 12, 1)
Rows = Sequence[Sequence[Any]]


def write_book(
    path: Path, sheets: Mapping[str, Rows], merged: Mapping[str, Sequence[str]] | None = None
) -> Path:
    """A workbook. Dates are date cells, texts that begin with `=` formulas; merged: ranges with what stands in them."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    page.write(at, column, cell)
        for area in (merged or {}).get(name, ()):
            cells, _colon, value = area.partition("=")
            page.merge_range(cells, value)
    book.close()
    return path


def write_text(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    """A CSV file."""
    path.write_text("".join(",".join(map(str, row)) + "\r\n" for row in rows), encoding=encoding, newline="")
    return path


def uploaded(path: Path, by: User, **more: Any) -> FileImport:
    """A file that was taken over and read."""
    upload = Upload(**{"file_name": path.name, "as_of": AS_OF, **more})
    file = receive(upload, [path.read_bytes()], by)
    begin_reading(file, by)
    return worked(file)


def checked(path: Path, by: User, said: Mapping[int, Matched] | None = None, **more: Any) -> FileImport:
    """A file that was checked, its columns as they were guessed unless something is said."""
    file = uploaded(path, by, **more)
    begin_check(file, said or as_guessed(file), by)
    return worked(file)


def imported(path: Path, by: User, *, only_good: bool = False, **more: Any) -> FileImport:
    """A file all the way."""
    file = checked(path, by, **more)
    begin_commit(file, by, only_good=only_good)
    return worked(file)


def as_guessed(file: FileImport) -> dict[int, Matched]:
    """The sheets of a file as they were guessed."""
    return {sheet.number: Matched(sheet.table, tuple(sheet.columns)) for sheet in file.sheets.all()}


def worked(file: FileImport) -> FileImport:
    """The file after its job has run."""
    assert file.job is not None
    run(str(file.job.pk))
    file.refresh_from_db()
    return file


def failure(file: FileImport) -> str:
    """What the last job of a file could not do."""
    job = BackgroundJob.objects.get(pk=file.job_id)
    assert job.state == BackgroundJob.State.FAILED, job.message
    return job.message


def undone(batch: ImportBatch, by: User, why: str = "传错了文件") -> BackgroundJob:
    """The job that took a batch back, or could not."""
    job = start(UNDO, by, "撤销", {"batch": batch.pk, "why": why, "language": "zh-hans"})
    run(str(job.pk))
    job.refresh_from_db()
    batch.refresh_from_db()
    return job
