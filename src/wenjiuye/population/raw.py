"""A table as it stands in its file: text cells, rows counted as the user counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wenjiuye.rules.errors import Bilingual

ROW = "#row"
"""Column with the row's number in the sheet, the header being row 1."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell, or with `column` None a whole row, that is wrong before its meaning is looked at."""

    row: int
    column: int | None
    value: str
    problem: str
    allowed: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """Titles, and a frame of String columns named "0", "1" … beside ROW. Empty cells are null or "".

    notes say what was done to the table as a whole; short: rows with fewer cells than titles.
    """

    headers: tuple[str, ...]
    frame: pl.DataFrame
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[Bilingual, ...] = ()
    short: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table was found: a file, and the sheet where the file has several."""

    path: Path
    sheet: str | None = None

    def __str__(self) -> str:
        return self.path.name if self.sheet is None else f"{self.path.name} [{self.sheet}]"


def named_rows(rows: Sequence[int]) -> Bilingual:
    """The numbers of the first few rows."""
    first = [str(row) for row in rows[:5]]
    more = len(rows) > 5
    return Bilingual("、".join(first) + ("……" if more else ""), ", ".join(first) + (" …" if more else ""))


def text_frame(columns: list[list[str | None]], rows: list[int]) -> pl.DataFrame:
    """The frame of a RawTable from columns of text."""
    numbers = pl.Series(ROW, rows, dtype=pl.UInt32)
    return pl.DataFrame([numbers, *(pl.Series(str(i), c, dtype=pl.String) for i, c in enumerate(columns))])
