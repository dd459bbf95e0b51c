"""A table on its way in: its pieces in kernel form, and the rows that are set aside so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from wenjiuye.policy.registry import Record
from wenjiuye.population.headers import UnknownColumn, plain_title
from wenjiuye.population.parquet_source import cells_as_text
from wenjiuye.population.raw import ROW
from wenjiuye.population.reading import CELL_PROBLEMS
from wenjiuye.population.registry.form import as_text, columns_of
from wenjiuye.rules.errors import Bilingual, both
from wenjiuye.rules.quantity import Kind

FILE_TITLE, ROW_TITLE, ERROR_TITLE = both("文件", "file"), both("行号", "row"), both("错误", "error")
_OWN_TITLES = {plain_title(t) for t in ("file", "row", "error", FILE_TITLE, ROW_TITLE, ERROR_TITLE)}


class Stood(Protocol):
    """Where the rows of a piece are as they stood in the source."""

    @property
    def titles(self) -> list[str]:
        """The titles of the cells."""

    def rows(self, numbers: pl.Series, *, cells: bool = True) -> pl.DataFrame:
        """Rows by their number in the piece, sorted: ROW (that number), file, row there, and the cells as text."""


@dataclass(frozen=True, slots=True)
class TextRows:
    """Rows of a file of text, kept beside."""

    path: Path
    headers: tuple[str, ...]
    place: str

    @property
    def titles(self) -> list[str]:
        return free_titles(self.headers)

    def rows(self, numbers: pl.Series, *, cells: bool = True) -> pl.DataFrame:
        titles = self.titles if cells else []
        frame = pl.scan_parquet(self.path, row_index_name="#number").filter(
            pl.col("#number").is_in(numbers.implode())
        )
        return frame.select(
            pl.col("#number").alias(ROW),
            pl.lit(self.place).alias(FILE_TITLE),
            pl.col(ROW).alias(ROW_TITLE),
            *(pl.col(str(i)).alias(title) for i, title in enumerate(titles)),
        ).collect()


@dataclass(frozen=True, slots=True)
class TypedRows:
    """Rows of a typed file, read again where it stands; `skip` rows of it are before the piece."""

    path: Path
    place: str
    record: type[Record]
    kernel: frozenset[str]
    skip: int = 0

    @property
    def titles(self) -> list[str]:
        return self._texts(pl.scan_parquet(self.path).head(0).collect()).columns

    def rows(self, numbers: pl.Series, *, cells: bool = True) -> pl.DataFrame:
        own = (
            numbers.alias(ROW)
            .to_frame()
            .with_columns(
                pl.lit(self.place).alias(FILE_TITLE),
                (pl.col(ROW) + self.skip + 2).cast(pl.UInt32).alias(ROW_TITLE),
            )
        )
        if not cells:
            return own
        scan = pl.scan_parquet(self.path, row_index_name="#number")
        wanted = scan.filter(pl.col("#number").is_in((numbers + self.skip).implode()))
        frame = wanted.collect(engine="streaming").sort("#number")
        return own.hstack(self._texts(frame.drop("#number")))

    def _texts(self, frame: pl.DataFrame) -> pl.DataFrame:
        texts: list[pl.Series] = []
        for name, title in zip(frame.columns, free_titles(frame.columns), strict=True):
            base, _, part = name.partition(".")
            fact = self.record.facts.get(base)
            if name not in self.kernel or fact is None:
                texts.append(cells_as_text(frame[name]).alias(title))
            elif part != "den":
                if fact.kind is Kind.SHARE:
                    title = base
                texts.append(as_text(fact, frame).alias(title))
        return pl.DataFrame(texts)


def free_titles(titles: Sequence[str]) -> list[str]:
    """Titles that can stand beside our own ones: none empty, none twice."""
    found: list[str] = []
    for i, title in enumerate(titles):
        free = title.strip() and title not in found and plain_title(title) not in _OWN_TITLES
        found.append(title if free else f"{title}#{i + 1}")
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive rows of one source in kernel form, in one Parquet file.

    first: number of its first row in the table, from 0. ours: the file was written on the way and may be
    moved. plain: it has known columns only.
    """

    path: Path
    rows: int
    first: int
    columns: frozenset[str]
    ours: bool
    plain: bool
    stood: Stood

    def mine(self, numbers: pl.Series) -> pl.Series:
        """Of rows of the table, those of the piece, counted from its own first row."""
        there = (numbers >= self.first) & (numbers < self.first + self.rows)
        return numbers.filter(there) - self.first


@dataclass
class Staged:
    """A table while it is checked. Rows are numbered through all pieces, from 0.

    problems: CELL_PROBLEMS with such numbers. copies: rows equal to one that stays, whose loss leaves
    nothing out.
    """

    record: type[Record]
    pieces: list[Piece] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    copies: list[pl.Series] = field(default_factory=list)
    unknown: list[UnknownColumn] = field(default_factory=list)
    notes: list[Bilingual] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows read so far."""
        return self.pieces[-1].first + self.pieces[-1].rows if self.pieces else 0

    @property
    def columns(self) -> dict[str, Any]:
        """The known columns that any piece has, with their types."""
        there = frozenset().union(*(piece.columns for piece in self.pieces))
        return {name: dtype for name, dtype in columns_of(self.record).items() if name in there}

    def bad(self) -> pl.Series:
        """The numbers of the rows that are set aside so far, sorted."""
        rows = [pl.Series("row", [], dtype=pl.UInt32), *(p["row"] for p in self.problems)]
        return pl.concat(rows).unique().sort()

    def scan(self, *names: str) -> pl.LazyFrame:
        """ROW and the named columns of all rows; a column that a piece lacks is null there."""
        return pl.concat([self._scan(piece, names) for piece in self.pieces])

    def _scan(self, piece: Piece, names: Sequence[str]) -> pl.LazyFrame:
        kinds = columns_of(self.record)
        cells = (
            pl.col(name) if name in piece.columns else pl.lit(None, dtype=kinds[name]).alias(name)
            for name in names
        )
        scan = pl.scan_parquet(piece.path, row_index_name=ROW, row_index_offset=piece.first)
        return scan.select(ROW, *cells)

    def of_rows(self, numbers: pl.Series, *names: str) -> pl.DataFrame:
        """Columns of some rows, in order. Pieces that hold none of them are not read."""
        found = [self._scan(self.pieces[0], names).head(0)]
        for piece in self.pieces:
            mine = piece.mine(numbers)
            if mine.len():
                found.append(
                    self._scan(piece, names).filter(pl.col(ROW).is_in((mine + piece.first).implode()))
                )
        return pl.concat(found).collect(engine="streaming").sort(ROW)

    def as_stood(self, numbers: pl.Series, *, cells: bool = True) -> pl.DataFrame:
        """Some rows as they stood: ROW, file, row in the file, and the cells as text."""
        found = []
        for piece in self.pieces:
            mine = piece.mine(numbers)
            if mine.len():
                rows = piece.stood.rows(mine, cells=cells)
                found.append(rows.with_columns((pl.col(ROW) + piece.first).cast(pl.UInt32)))
        return pl.concat(found, how="diagonal")

    def titles(self) -> list[str]:
        """The titles of all pieces, those of the first one first."""
        return list(dict.fromkeys(title for piece in self.pieces for title in piece.stood.titles))

    def report(self, wrong: pl.DataFrame, column: str, allowed: str) -> None:
        """Add problems: `wrong` has ROW, value and problem."""
        if wrong.height:
            self.problems.append(
                wrong.select(
                    pl.col(ROW).cast(pl.UInt32).alias("row"),
                    pl.lit(column).alias("column"),
                    "value",
                    "problem",
                    pl.lit(allowed).alias("allowed"),
                )
            )


def problems_of(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Problems together, with the right columns even where there are none."""
    return pl.concat([pl.DataFrame(schema=CELL_PROBLEMS), *frames])


Tables = Mapping[str, Staged]
