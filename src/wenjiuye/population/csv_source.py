"""CSV files: encoding and separator found out, every row accounted for."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from wenjiuye.population.errors import BrokenFileError, EmptyTableError, TextEncodingError
from wenjiuye.population.raw import ROW, Flaw, RawTable, text_frame

_SEPARATORS = ",\t;"
_BLANK = " \t,;\u3000\xa0"


def read_csv(path: Path) -> RawTable:
    """Read one CSV file. Raises TextEncodingError, EmptyTableError, BrokenFileError."""
    text = decode(path.read_bytes(), path.name)
    if not text.strip(_BLANK + "\r\n"):
        raise EmptyTableError(f"{path.name}: the file is empty; the first row must be the header")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text[: text.index("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=first.count)
    fast = _fast(text, separator)
    return fast if fast is not None else _careful(text, separator, path.name)


def decode(data: bytes, name: str) -> str:
    """Text of UTF-8 (with or without BOM) or GB18030 bytes. Raises TextEncodingError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4000]:
        raise TextEncodingError(
            f"{name}: this is UTF-16 (Excel's “Unicode text”) or no text at all; save it as “CSV UTF-8”"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
    # Chinese text in GB18030 is hardly ever valid UTF-8, so mostly valid UTF-8 is UTF-8 that got damaged.
    guess = data.decode("utf-8", "replace")
    damaged = guess.count("\ufffd")
    foreign = sum(1 for character in guess[:200_000] if character > "\x7f" and character != "\ufffd")
    if foreign <= damaged:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as problem:
            line = data.count(b"\n", 0, problem.start) + 1
    raise TextEncodingError(
        f"{name}: row {line} is neither valid UTF-8 nor GB18030; save the file again as “CSV UTF-8”"
    )


# ── The fast way: every record on one line, split by Polars


def _fast(text: str, separator: str) -> RawTable | None:
    """The table, or None where a record runs over several lines or Polars reads other rows than we count."""
    lines = pl.DataFrame({"line": text.split("\n")}).with_row_index(ROW, 1)
    bare = pl.col("line")
    if '"' in text:
        if lines.select((pl.col("line").str.count_matches('"', literal=True) % 2 == 1).any()).item():
            return None
        bare = bare.str.replace_all(r'"[^"]*"', '""')
    lines = lines.with_columns(
        bare.str.count_matches(separator, literal=True).alias("separators"),
        (pl.col("line").str.strip_chars(_BLANK) == "").alias("blank"),
    )
    header = next(csv.reader([lines["line"][0]], delimiter=separator), [])
    wanted = lines["separators"][0]
    filled = lines.slice(1).filter(~pl.col("blank"))
    good = filled.filter(pl.col("separators") == wanted)
    ragged = filled.filter(pl.col("separators") != wanted)
    frame = _split("\n".join(good["line"]), separator, len(header))
    if frame is None or frame.height != good.height:
        return None
    frame = frame.insert_column(0, good[ROW])
    records = [next(csv.reader([line], delimiter=separator)) for line in ragged["line"]]
    extra, flaws = _fit(records, ragged[ROW].to_list(), len(header))
    if flaws:
        frame = pl.concat([frame, extra]).sort(ROW)
    return RawTable(tuple(header), frame, flaws)


def _split(text: str, separator: str, width: int) -> pl.DataFrame | None:
    schema = {str(i): pl.String for i in range(width)}
    if not text:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            text.encode(),
            has_header=False,
            separator=separator,
            schema=schema,
            quote_char='"',
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None


# ── The careful way: cells with line breaks and unusual quotes, by Python's csv


def _careful(text: str, separator: str, name: str) -> RawTable:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as problem:
        raise BrokenFileError(
            f"{name}: the record that begins in row {len(records) + 1} cannot be read ({problem}); "
            "is a quotation mark opened and not closed?"
        ) from None
    header = records[0]
    kept = [
        (number, record)
        for number, record in enumerate(itertools.islice(records, 1, None), 2)
        if any(cell.strip(_BLANK) for cell in record)
    ]
    frame, flaws = _fit([record for _, record in kept], [number for number, _ in kept], len(header))
    return RawTable(tuple(header), frame, flaws)


def _fit(records: Sequence[list[str]], rows: list[int], width: int) -> tuple[pl.DataFrame, tuple[Flaw, ...]]:
    """Records cut or filled to the header's width; each one that does not fit is a flaw of its row."""
    flaws = tuple(
        Flaw(
            row, None, _shown(record), f"the row has {len(record)} cells", f"{width} cells, as the header has"
        )
        for row, record in zip(rows, records, strict=True)
        if len(record) != width
    )
    columns = [[record[i] if i < len(record) else None for record in records] for i in range(width)]
    return text_frame(columns, rows), flaws


def _shown(record: Iterable[str]) -> str:
    text = " | ".join(record)
    return text if len(text) <= 200 else text[:199] + "…"
