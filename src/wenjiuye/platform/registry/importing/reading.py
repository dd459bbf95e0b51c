"""A file is read once: its sheets as text, kept in pieces, so that checks with other columns need not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import transaction

from wenjiuye.platform.registry.importing.errors import ImportingError, spoken, told
from wenjiuye.platform.registry.importing.folders import Folder, folder_of
from wenjiuye.platform.registry.importing.guessing import guess_columns, guess_header, guess_table
from wenjiuye.platform.registry.importing.uploading import EXCEL
from wenjiuye.platform.registry.models import FileImport, ImportSheet
from wenjiuye.population.csv_source import csv_chunks
from wenjiuye.population.errors import BrokenFileError, PopulationError
from wenjiuye.population.excel_source import ExcelFile
from wenjiuye.population.raw import ROW, Flaw, RawTable

PIECE = 100_000
"""Rows of one piece."""
FLAWS = {
    "row": pl.UInt32,
    "column": pl.UInt32,
    "value": pl.String,
    "problem": pl.String,
    "allowed": pl.String,
}
Progress = Callable[[int, int], None]
"""Called with rows done and all rows; 0 where that is not known."""


@dataclass
class _Sheet:
    """A sheet while it is read."""

    row: ImportSheet
    notes: list[str]


def read_file(file: FileImport, progress: Progress) -> None:
    """Read every sheet, and guess what it holds. ImportingError: the file as a whole cannot be read."""
    folder = folder_of(file)
    (folder.path / "raw").mkdir(exist_ok=True)
    try:
        sheets = list(_read(file, folder, progress))
    except PopulationError as problem:
        raise ImportingError(told(problem, folder.original.name, file.file_name)) from None
    with transaction.atomic():
        file.sheets.all().delete()
        for sheet in sheets:
            sheet.row.save()
        file.notes = [note for sheet in sheets for note in sheet.notes]
        file.state = FileImport.State.MAPPING
        file.save()


def _read(file: FileImport, folder: Folder, progress: Progress) -> Iterator[_Sheet]:
    path, done = folder.original, 0
    if path.suffix.lower() in EXCEL:
        book = ExcelFile(path)
        for number, name in enumerate(book.sheets):
            row = ImportSheet(file=file, number=number, name=name[:200])
            try:
                raw = book.read(name)
            except BrokenFileError:
                raise
            except PopulationError as problem:
                row.problem = told(problem, path.name, file.file_name)[:500]
                yield _Sheet(row, [])
                continue
            yield _keep(row, [raw], folder, file, done, progress)
            done += row.rows
    else:
        row = ImportSheet(file=file, number=0, name="")
        yield _keep(row, csv_chunks(path), folder, file, done, progress)


def _keep(
    row: ImportSheet,
    chunks: Iterable[RawTable],
    folder: Folder,
    file: FileImport,
    done: int,
    progress: Progress,
) -> _Sheet:
    notes: list[str] = []
    for at, whole in enumerate(chunks):
        raw = whole
        if at == 0:
            raw, row.header_row = guess_header(whole)
            row.headers = [title.strip() for title in raw.headers]
        notes += [spoken(note) for note in raw.notes]
        for start in range(0, max(raw.frame.height, 1), PIECE):
            _write(raw, start, folder.raw(row.number, row.pieces), folder.flaws(row.number, row.pieces))
            row.pieces += 1
        row.rows += raw.frame.height
        progress(done + row.rows, 0)
    row.table = guess_table(row.name or Path(file.file_name).stem, file.title, row.headers)
    row.columns = [guess.column for guess in guess_columns(row.table, row.headers)] if row.table else []
    return _Sheet(row, [f"{row.name}：{note}" if row.name else note for note in notes])


def _write(raw: RawTable, start: int, path: Path, flaws: Path) -> None:
    frame = raw.frame.slice(start, PIECE)
    frame.write_parquet(path, compression="lz4")
    path.chmod(0o600)
    mine = set(frame[ROW]) if raw.flaws else set()
    cells = [(f.row, f.column, f.value, f.problem, f.allowed) for f in raw.flaws if f.row in mine]
    pl.DataFrame(cells, schema=FLAWS, orient="row").write_parquet(flaws)


def piece_of(sheet: ImportSheet, piece: int) -> RawTable:
    """A piece of a sheet; its columns are named by their number, so that two of one title are not mixed up."""
    folder = folder_of(sheet.file)
    flaws = pl.read_parquet(folder.flaws(sheet.number, piece))
    return RawTable(
        tuple(map(str, range(len(sheet.headers)))),
        pl.read_parquet(folder.raw(sheet.number, piece)),
        tuple(Flaw(*cells) for cells in flaws.iter_rows()),
    )


def samples(sheet: ImportSheet, number: int = 2) -> list[list[str]]:
    """For each column the first few cells that are not empty."""
    if not sheet.pieces or not folder_of(sheet.file).raw(sheet.number, 0).is_file():
        return [[] for _title in sheet.headers]
    frame = pl.read_parquet(folder_of(sheet.file).raw(sheet.number, 0), n_rows=50)
    found = []
    for column in range(len(sheet.headers)):
        cells = (
            frame[str(column)].drop_nulls()
            if str(column) in frame.columns
            else pl.Series([], dtype=pl.String)
        )
        found.append(list(dict.fromkeys(cell[:40] for cell in cells if cell.strip()))[:number])
    return found
