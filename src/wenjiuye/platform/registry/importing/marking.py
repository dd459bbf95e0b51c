"""The file comes back as it was, with what is wrong behind each row: it can be corrected there and uploaded again."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from wenjiuye.platform.registry.importing.errors import in_language
from wenjiuye.platform.registry.importing.folders import Folder, folder_of
from wenjiuye.platform.registry.importing.uploading import EXCEL
from wenjiuye.platform.registry.models import FileImport, ImportSheet
from wenjiuye.population.registry.staged import ERROR_TITLE

_MOST_TEXT = 32_767
"""Characters of a cell of Excel."""
_MARK = {"bg_color": "#FBE8E5", "font_color": "#AD231B"}
_DAY, _MOMENT, _TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"

Wrong = Mapping[int, Mapping[int, str]]
"""By row and column what is wrong there; column -1: with the row as a whole."""


def mark_file(file: FileImport) -> Path:
    """Write the original with a column of errors; cells that are wrong are marked. Answers where it stands."""
    folder = folder_of(file)
    sheets = list(file.sheets.all())
    wrong = _wrong(folder, sheets)
    if folder.original.suffix.lower() in EXCEL:
        path = folder.path / "marked.xlsx"
        _mark_workbook(folder.original, path, sheets, wrong)
    else:
        path = folder.path / f"marked{folder.original.suffix.lower()}"
        _mark_text(folder.original, path, sheets[0], wrong.get(0, {}))
    return path


def _wrong(folder: Folder, sheets: list[ImportSheet]) -> dict[int, Wrong]:
    headers = {sheet.number: sheet.headers for sheet in sheets}
    found: dict[int, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for sheet, row, column, value, problem, allowed in pl.read_parquet(folder.problems).iter_rows():
        cells = found[sheet][row]
        said = f"{in_language(problem)} → {in_language(allowed)}"
        where = f"{headers[sheet][column]}" if column >= 0 else ""
        text = "：".join(part for part in (" ".join(part for part in (where, value) if part), said) if part)
        cells[column] = f"{cells[column]}；{text}" if column in cells else text
    return {number: dict(rows) for number, rows in found.items()}


def _told(cells: Mapping[int, str]) -> str:
    return "；".join(cells[column] for column in sorted(cells))


# ── Excel


def _mark_workbook(original: Path, path: Path, sheets: list[ImportSheet], wrong: Mapping[int, Wrong]) -> None:
    book = CalamineWorkbook.from_path(original)
    new = path.with_suffix(".new")
    out = xlsxwriter.Workbook(
        str(new), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    pen = _Pen(out)
    try:
        for number, name in enumerate(book.sheet_names):
            page = book.get_sheet_by_name(name)
            sheet = next((one for one in sheets if one.number == number and one.table), None)
            rows = page.to_python(skip_empty_area=False)
            pen.sheet(out.add_worksheet(name), rows, sheet, wrong.get(number, {}))
    finally:
        out.close()
    new.replace(path)


class _Pen:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any) -> None:
        self._formats = {
            (shown, marked): book.add_format(
                {**({"num_format": shown} if shown else {}), **(_MARK if marked else {})}
            )
            for shown in ("", _DAY, _MOMENT, _TIME)
            for marked in (False, True)
        }
        self._head = book.add_format({"bold": True, **_MARK})

    def sheet(self, page: Any, rows: list[list[Any]], sheet: ImportSheet | None, wrong: Wrong) -> None:
        last = max([len(row) for row in rows], default=0) if sheet is None else len(sheet.headers)
        for at, row in enumerate(rows):
            cells = wrong.get(at + 1, {})
            for column, cell in enumerate(row):
                if sheet is not None and column == last:
                    break
                self._cell(page, at, column, cell, column in cells)
            if sheet is not None and at + 1 == sheet.header_row:
                page.write_string(at, last, ERROR_TITLE, self._head)
            elif cells:
                page.write_string(at, last, _told(cells)[:_MOST_TEXT], self._formats["", True])
        if sheet is not None:
            page.freeze_panes(sheet.header_row, 0)
            page.set_column(last, last, 60)

    def _cell(self, page: Any, row: int, column: int, cell: Any, marked: bool) -> None:
        if cell == "" and not marked:
            return
        plain = self._formats["", marked] if marked else None
        if isinstance(cell, bool):
            page.write_boolean(row, column, cell, plain)
        elif isinstance(cell, int | float):
            page.write_number(row, column, cell, plain)
        elif isinstance(cell, dt.datetime):
            shown = _DAY if cell.time() == dt.time() else _MOMENT
            page.write_datetime(row, column, cell, self._formats[shown, marked])
        elif isinstance(cell, dt.date):
            page.write_datetime(row, column, cell, self._formats[_DAY, marked])
        elif isinstance(cell, dt.time | dt.timedelta):
            page.write_datetime(row, column, cell, self._formats[_TIME, marked])
        elif cell == "":
            page.write_blank(row, column, None, plain)
        else:
            # Always as text: what begins with "=" must not become a formula.
            page.write_string(row, column, str(cell)[:_MOST_TEXT], plain)


# ── Text


def _mark_text(original: Path, path: Path, sheet: ImportSheet, wrong: Wrong) -> None:
    encoding = _encoding(original)
    new = path.with_suffix(".new")
    with (
        original.open(encoding=encoding, newline="") as source,
        new.open("w", encoding=encoding, newline="") as target,
    ):
        first = source.readline()
        source.seek(0)
        separator = max(",\t;", key=first.count)
        ending = "\r\n" if first.endswith("\r\n") else "\n"
        writer = csv.writer(target, delimiter=separator, lineterminator=ending)
        for number, record in enumerate(_records(source, separator), start=1):
            if number == sheet.header_row:
                writer.writerow([*record, ERROR_TITLE])
            elif number in wrong:
                cells = record + [""] * (len(sheet.headers) - len(record))
                writer.writerow([*cells, _told(wrong[number])])
            else:
                writer.writerow(record)
    new.replace(path)


def _records(source: Any, separator: str) -> Iterator[list[str]]:
    return csv.reader(source, delimiter=separator)


def _encoding(path: Path) -> str:
    """That in which the file was read: UTF-8 with or without mark, else GB18030."""
    with path.open("rb") as file:
        if file.read(3) == b"\xef\xbb\xbf":
            return "utf-8-sig"
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(1_000_000):
                continue
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
