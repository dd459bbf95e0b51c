"""Results out: a folder of Parquet or CSV files, or one Excel workbook.

A folder is filled beside its place and swapped in at the end, so that results of two runs never stand
together and a run that fails leaves none.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import polars as pl
import xlsxwriter

from wenjiuye.population.errors import OutputError

SHEET_ROWS = 1_048_575
"""Rows of an Excel sheet below the header."""


class Format(StrEnum):
    """How results are written."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


def chosen_format(out: Path, asked: str | None) -> Format:
    """The format by name of the output or as asked for. Raises OutputError where the two do not fit."""
    try:
        wanted = Format(asked) if asked is not None else None
    except ValueError:
        raise OutputError(
            f"没有名为{asked}的格式，可用：{'、'.join(Format)}",
            f"no format is named {asked!r}; there are {', '.join(Format)}",
        ) from None
    is_file = out.suffix.lower() == ".xlsx"
    if is_file and wanted not in (None, Format.XLSX):
        raise OutputError(
            f"{out.name}是Excel文件，而指定的格式是{wanted}，请改为文件夹",
            f"{out.name} is an Excel file, but the format asked for is {wanted}; name a folder",
        )
    if wanted is Format.XLSX and not is_file:
        raise OutputError(
            f"{out}：以Excel输出时，文件名须以.xlsx结尾",
            f"{out}: results in Excel need a file name that ends in .xlsx",
        )
    if out.suffix.lower() in (".csv", ".parquet", ".xls", ".json"):
        raise OutputError(
            f"{out}：应为文件夹，或以.xlsx结尾的文件", f"{out}: wanted a folder, or a file that ends in .xlsx"
        )
    if (out.is_file() and not is_file) or (out.is_dir() and is_file):
        raise OutputError(
            f"{out}已经存在，是一个{'文件' if out.is_file() else '文件夹'}",
            f"{out} is already there and is a {'file' if out.is_file() else 'folder'}",
        )
    return Format.XLSX if is_file else wanted or Format.PARQUET


class Output(Protocol):
    """Where results go.

    Up to `long_reasons` rows a subject's reasons are one row per condition; above, with `wide_reasons`, one
    column of yes/no/unknown per condition, and without it they are left out.
    """

    long_reasons: int
    wide_reasons: bool

    def add(self, table: str, part: str | None, frames: Sequence[pl.LazyFrame]) -> None:
        """Add a table, or the part of it that belongs to a subject."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def files(self) -> list[Path]:
        """What was written."""


def open_output(out: Path, form: Format) -> Output:
    """The writer of a format."""
    return Workbook(out) if form is Format.XLSX else Folder(out, form)


_IN_PARTS = ("determinations", "reasons", "rejects")
_WHOLE = ("summary", "summary_by_county", "problems", "notes")
_FOR_PEOPLE = ("rejects", "problems", "notes")


class Folder:
    """`<table>.<format>`, or `<table>/<subject>.<format>` for tables that come in parts."""

    long_reasons, wide_reasons = 5_000_000, True

    def __init__(self, out: Path, form: Format) -> None:
        self._out, self._form = out, form
        self._new = out / ".partial"
        self._names: dict[str, None] = {}

    def __enter__(self) -> Self:
        shutil.rmtree(self._new, ignore_errors=True)
        self._new.mkdir(parents=True)
        return self

    def add(self, table: str, part: str | None, frames: Sequence[pl.LazyFrame]) -> None:
        """Write a file. Rejects and problems are for people, so they are always CSV that Excel opens."""
        form = Format.CSV if table in _FOR_PEOPLE else self._form
        name = f"{table}.{form}" if part is None else f"{table}/{part}.{form}"
        path = self._new / name
        path.parent.mkdir(exist_ok=True)
        whole = pl.concat(frames)
        if form is Format.PARQUET:
            whole.sink_parquet(path)
        else:
            whole.sink_csv(path, include_bom=True)
        self._names[name] = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for old in _IN_PARTS:
                shutil.rmtree(self._out / old, ignore_errors=True)
            for table in _WHOLE:
                for form in Format:
                    (self._out / f"{table}.{form}").unlink(missing_ok=True)
            for path in self._new.iterdir():
                path.replace(self._out / path.name)
        shutil.rmtree(self._new, ignore_errors=True)

    @property
    def files(self) -> list[Path]:
        """What was written."""
        return [self._out / name for name in self._names]


class Workbook:
    """One .xlsx with a sheet per table, or per table and subject. Raises OutputError: a sheet is full."""

    long_reasons, wide_reasons = 100_000, False

    def __init__(self, out: Path) -> None:
        self._out = out
        self._new = out.with_name(f".{out.name}.partial")

    def __enter__(self) -> Self:
        self._out.parent.mkdir(parents=True, exist_ok=True)
        self._book = xlsxwriter.Workbook(
            str(self._new), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self._bold = self._book.add_format({"bold": True})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        return self

    def add(self, table: str, part: str | None, frames: Sequence[pl.LazyFrame]) -> None:
        """Write a sheet."""
        frame = pl.concat(frames).collect()
        name = table if part is None else f"{table} {part}"
        if frame.height > SHEET_ROWS:
            raise OutputError(
                f"{name}有{frame.height:,}行，Excel工作表最多{SHEET_ROWS:,}行，请改为输出到文件夹",
                f"{name} has {frame.height:,} rows, a sheet of Excel holds {SHEET_ROWS:,}; "
                "name a folder as output instead",
            )
        sheet = self._book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        if table == "summary":
            sheet.activate()
        for i, column in enumerate(frame.columns):
            sheet.set_column(i, i, 16, self._money if frame.schema[column] == pl.Decimal else None)
        sheet.write_row(0, 0, frame.columns, self._bold)
        for number, row in enumerate(frame.iter_rows(), 1):
            for i, cell in enumerate(row):
                if cell is not None:
                    self._write(sheet, number, i, cell)

    def _write(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        if isinstance(cell, bool):
            sheet.write_boolean(row, column, cell)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:32_767])
        elif abs(cell) < 10**13:
            sheet.write_number(row, column, cell)
        else:
            # A number cell keeps 15 digits; a longer sum stays exact as text.
            sheet.write_string(row, column, str(cell))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._book.close()
            self._new.replace(self._out)
        else:
            # Closing is the only way to free the workbook's temporary files.
            self._book.close()
            self._new.unlink(missing_ok=True)

    @property
    def files(self) -> list[Path]:
        """What was written."""
        return [self._out]
