"""CSV files: encoding and separator found out, every row accounted for."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from wenjiuye.population.errors import BrokenFileError, EmptyTableError, TextEncodingError
from wenjiuye.population.raw import ROW, Flaw, RawTable, named_rows, text_frame
from wenjiuye.rules.errors import Bilingual, both

_SEPARATORS = ",\t;"
_BLANK = " \t,;\u3000\xa0"


def read_csv(path: Path) -> RawTable:
    """Read one CSV file. Raises TextEncodingError, EmptyTableError, BrokenFileError."""
    data = as_utf8(path.read_bytes(), path.name)
    if not data.strip(b"\r\n \t,;"):
        raise EmptyTableError(
            f"{path.name}：文件是空的，第一行必须是列标题",
            f"{path.name}: the file is empty; the first row must be the header",
        )
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    first = data.split(b"\n", 1)[0].decode()
    separator = max(_SEPARATORS, key=first.count)
    fast = _fast(data, first, separator)
    return fast if fast is not None else _careful(data.decode(), separator, path.name)


def as_utf8(data: bytes, name: str) -> bytes:
    """UTF-8 (with or without BOM) or GB18030 text as UTF-8 without BOM. Raises TextEncodingError."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:4000]:
        raise TextEncodingError(
            f"{name}：文件是UTF-16（Excel的“Unicode文本”）或不是文本，请另存为“CSV UTF-8”",
            f"{name}: this is UTF-16 (Excel's “Unicode text”) or no text at all; save it as “CSV UTF-8”",
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
        return data
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
    # Chinese text in GB18030 is hardly ever valid UTF-8, so mostly valid UTF-8 is UTF-8 that got damaged.
    guess = data[:1_000_000].decode("utf-8", "replace")
    foreign = sum(1 for character in guess if character > "\x7f" and character != "\ufffd")
    if foreign <= guess.count("\ufffd"):
        try:
            return data.decode("gb18030").encode()
        except UnicodeDecodeError as problem:
            line = data.count(b"\n", 0, problem.start) + 1
    raise TextEncodingError(
        f"{name}：第{line}行既不是UTF-8也不是GB18030编码，请重新另存为“CSV UTF-8”",
        f"{name}: row {line} is neither valid UTF-8 nor GB18030; save the file again as “CSV UTF-8”",
    )


# ── The fast way: every record on one line, split by Polars


def _fast(data: bytes, first: str, separator: str) -> RawTable | None:
    """The table, or None where a record runs over several lines or Polars reads other rows than we count."""
    header = next(csv.reader([first], delimiter=separator), [])
    lines = _lines(data, separator)
    if lines is None:
        return None
    body = lines.slice(1).filter(~pl.col("blank"))
    fits = body["separators"] == lines["separators"][0]
    good, ragged = body.filter(fits), body.filter(~fits)
    # Joining the lines again is needed only where some are left out; an empty last line is none.
    whole = good.height == lines.height - 1
    text = data.partition(b"\n")[2] if whole else "\n".join(good["line"]).encode()
    frame = _split(text, separator, len(header))
    if frame is None or frame.height != good.height:
        return None
    records = [next(csv.reader([line], delimiter=separator)) for line in ragged["line"]]
    rest = _fit(header, records, ragged[ROW].to_list())
    frame = frame.insert_column(0, good[ROW])
    return (
        replace(rest, frame=pl.concat([frame, rest.frame]).sort(ROW))
        if records
        else replace(rest, frame=frame)
    )


def _lines(data: bytes, separator: str) -> pl.DataFrame | None:
    """Each line with its number, whether it is blank, and its separators outside quotation marks."""
    # No text holds the control character 1, so this reads whole lines.
    lines = _split(data, "\x01", 1, quote=None)
    if lines is None or lines.height != data.count(b"\n") + (not data.endswith(b"\n")):
        return None
    line = pl.col("line").fill_null("")
    lines = lines.rename({"0": "line"}).with_row_index(ROW, 1)
    bare = line
    if b'"' in data:
        if lines.select((line.str.count_matches('"', literal=True) % 2 == 1).any()).item():
            return None
        bare = line.str.replace_all(r'"[^"]*"', '""')
    return lines.with_columns(
        bare.str.count_matches(separator, literal=True).alias("separators"),
        (line.str.strip_chars(_BLANK) == "").alias("blank"),
    )


def _split(data: bytes, separator: str, width: int, quote: str | None = '"') -> pl.DataFrame | None:
    schema = {str(i): pl.String for i in range(width)}
    if not data:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            data,
            has_header=False,
            separator=separator,
            schema=schema,
            quote_char=quote,
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
            f"{name}：从第{len(records) + 1}行开始的记录无法读取，是否有引号没有闭合？",
            f"{name}: the record that begins in row {len(records) + 1} cannot be read ({problem}); "
            "is a quotation mark opened and not closed?",
        ) from None
    header = records[0]
    kept = [
        (number, record)
        for number, record in enumerate(itertools.islice(records, 1, None), 2)
        if any(cell.strip(_BLANK) for cell in record)
    ]
    return _fit(header, [record for _, record in kept], [number for number, _ in kept])


def _fit(header: list[str], records: Sequence[list[str]], rows: list[int]) -> RawTable:
    """Records as wide as the header.

    Cells that a record lacks at its end are empty: Excel leaves out separators where a stretch of rows ends in
    empty cells. A record with more cells than titles is a flaw, unless those cells are empty.
    """
    width = len(header)
    wanted = both(f"{width}个单元格，与标题行相同", f"{width} cells, as the header has")
    flaws = tuple(
        Flaw(
            row,
            None,
            _shown(record),
            both(f"这一行有{len(record)}个单元格", f"the row has {len(record)} cells"),
            wanted,
        )
        for row, record in zip(rows, records, strict=True)
        if any(cell.strip(_BLANK) for cell in record[width:])
    )
    short = [row for row, record in zip(rows, records, strict=True) if len(record) < width]
    columns = [[record[i] if i < len(record) else None for record in records] for i in range(width)]
    return RawTable(tuple(header), text_frame(columns, rows), flaws, _short_rows(short))


def _short_rows(rows: list[int]) -> tuple[Bilingual, ...]:
    if not rows:
        return ()
    named = named_rows(rows)
    return (
        Bilingual(
            f"{len(rows)}行比标题行短（第{named.zh}行），缺少的单元格按空白处理",
            f"{len(rows)} rows are shorter than the header ({named.en}); "
            "the cells they lack are taken as empty",
        ),
    )


def _shown(record: Iterable[str]) -> str:
    text = " | ".join(record)
    return text if len(text) <= 200 else text[:199] + "…"
