"""Excel files: cells as text, as exact as Excel itself keeps and shows them.

Excel keeps 15 significant digits. A number is taken as the shortest decimal of at most 15 digits, so
0.1 + 0.2 is 0.3. A number cell that needs more (a resident id, a sum of more than 10 trillion yuan with fen)
has already lost digits and is an error: it must be text.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from wenjiuye.population.errors import BrokenFileError, EmptyTableError
from wenjiuye.population.raw import Flaw, RawTable, named_rows, text_frame
from wenjiuye.rules.errors import Bilingual, both

SURE = 1e13
"""Below this, 15 significant digits reach to the fen."""
_FORMULA_FAILED = both("公式的结果是错误值", "the formula's result is an error")

_NOT_CALCULATED = both(
    "公式没有保存计算结果，请用Excel打开文件并保存",
    "the file does not keep the formula's result; open it in Excel and save it",
)


class ExcelFile:
    """An open workbook. Raises BrokenFileError where it is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._book = CalamineWorkbook.from_path(path)
        except PasswordError:
            raise BrokenFileError(
                f"{path.name}：文件有密码保护，请取消密码后保存",
                f"{path.name}: the file is locked by a password; save it without",
            ) from None
        except (CalamineError, OSError) as problem:
            raise BrokenFileError(
                f"{path.name}：无法作为Excel文件读取，请用Excel打开并重新保存",
                f"{path.name}: not readable as an Excel file ({problem}); open it in Excel and save it again",
            ) from None

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets, in order."""
        return self._book.sheet_names

    def read(self, sheet: str) -> RawTable:
        """One sheet as a table. Raises EmptyTableError, BrokenFileError."""
        try:
            page = self._book.get_sheet_by_name(sheet)
            rows: list[list[Any]] = page.to_python(skip_empty_area=False)
        except CalamineError as problem:
            raise _unreadable(self.path, sheet, problem) from None
        if not rows or all(cell == "" for cell in rows[0]):
            raise EmptyTableError(
                f"{self.path.name} [{sheet}]：第1行是空的，必须是列标题",
                f"{self.path.name} [{sheet}]: row 1 is empty; it must be the header",
            )
        width = max(i for i, cell in enumerate(rows[0], 1) if cell != "")
        headers = [_plain_text(cell) or "" for cell in rows[0]]
        width = max([width, *(_filled(row) for row in rows[1:])])
        notes = _fill_merged(rows, page.merged_cell_ranges or [])
        flaws = _flawed_cells(self.path, sheet)
        return replace(_table(headers[:width], rows, width, flaws), notes=notes)


def _unreadable(path: Path, sheet: str, problem: Exception) -> BrokenFileError:
    where = f"{path.name} [{sheet}]"
    return BrokenFileError(f"{where}：无法读取", f"{where}: cannot be read ({problem})")


def _fill_merged(
    rows: list[list[Any]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]
) -> tuple[Bilingual, ...]:
    """Give every row of a cell that is merged downwards the value that stands beside it."""
    filled: list[int] = []
    for (top, left), (bottom, right) in ranges:
        if top == 0 or left != right or bottom >= len(rows) or rows[top][left] == "":
            continue
        for row in range(top + 1, bottom + 1):
            rows[row][left] = rows[top][left]
            filled.append(row + 1)
    if not filled:
        return ()
    named = named_rows(sorted(set(filled)))
    return (
        Bilingual(
            f"合并的单元格的值适用于其中每一行（第{named.zh}行）",
            f"the value of a merged cell counts for each of its rows ({named.en})",
        ),
    )


def _filled(row: list[Any]) -> int:
    for i in range(len(row), 0, -1):
        if row[i - 1] != "":
            return i
    return 0


def _table(
    headers: list[str], rows: list[list[Any]], width: int, wrong: Mapping[tuple[int, int], tuple[str, str]]
) -> RawTable:
    flaws: list[Flaw] = []
    numbers = [
        number
        for number, row in enumerate(rows[1:], 2)
        if any(cell != "" for cell in row) or any((number, i) in wrong for i in range(width))
    ]
    columns: list[list[str | None]] = []
    for i in range(width):
        column: list[str | None] = []
        for number in numbers:
            cell = rows[number - 1][i]
            shown, problem = wrong.get((number, i), (None, "")) if cell == "" else (_plain_text(cell), "")
            if shown is not None and isinstance(cell, float) and digits_lost(cell):
                flaws.append(digits_lost_flaw(number, i, cell))
            elif cell == "" and shown is not None:
                flaws.append(Flaw(number, i, shown, problem, both("一个值", "a value")))
            column.append(shown)
        columns.append(column)
    return RawTable(tuple(headers), text_frame(columns, numbers), tuple(flaws))


def _plain_text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def number_text(number: float) -> str:
    """A float as the decimal of at most 15 significant digits that Excel shows, without exponent."""
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{Decimal(f'{number:.15g}'):f}"


def digits_lost(number: float) -> bool:
    """Whether a number cell cannot have kept what was typed: 16 digits and more, or fen above 10 trillion."""
    return abs(number) >= 1e15 or (abs(number) >= SURE and not number.is_integer())


def digits_lost_flaw(row: int, column: int, number: float) -> Flaw:
    """What to say about such a cell."""
    return Flaw(
        row,
        column,
        number_text(number),
        both(
            "数字超过数字单元格能保存的15位，部分数位已丢失",
            "the number has more digits than a number cell keeps (15), so some are lost",
        ),
        both(
            "文本形式的数字：把单元格设为文本格式后重新填写",
            "the number as text: format the cell as text and type it again",
        ),
    )


# ── Formulas without a value (#N/A, #DIV/0!, never calculated), which the reader hands over as empty cells

_ERROR_CELL = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>(?:(?!</c>).)*?<v>([^<]*)</v>', re.DOTALL)
_BARE_FORMULA = re.compile(rb"<c ([^>]*)>\s*<f\b[^>]*>([^<]*)</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_CELL_NAME = re.compile(rb'\br="([A-Z]+)(\d+)"')


def _flawed_cells(path: Path, sheet: str) -> dict[tuple[int, int], tuple[str, str]]:
    """Cells of an .xlsx sheet whose formula has no value: (row from 1, column from 0) → what to show, problem."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            data = archive.read(_sheet_file(archive, sheet))
    except (zipfile.BadZipFile, KeyError, StopIteration, ElementTree.ParseError) as problem:
        raise _unreadable(path, sheet, problem) from None
    cells: dict[tuple[int, int], tuple[str, str]] = {}
    if b't="e"' in data:
        for attributes, value in _ERROR_CELL.findall(data):
            if name := _CELL_NAME.search(attributes):
                cells[int(name[2]), _column_number(name[1].decode())] = value.decode(), _FORMULA_FAILED
    if b"<f" in data:
        for attributes, formula in _BARE_FORMULA.findall(data):
            # An empty text is a result too.
            if b't="str"' not in attributes and (name := _CELL_NAME.search(attributes)):
                shown = f"={formula.decode(errors='replace')}"
                cells[int(name[2]), _column_number(name[1].decode())] = shown, _NOT_CALCULATED
    return cells


def _sheet_file(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds a sheet. Namespaces differ between writers, so tags are compared without them."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    entry = next(e for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == sheet)
    key = next(value for name, value in entry.items() if name.endswith("}id"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(link.get("Target", "") for link in links if link.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
