"""CSV files: encoding and separator found out, every row accounted for."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from wenjiuye.population.errors import BrokenFileError, EmptyTableError, TextEncodingError
from wenjiuye.population.raw import ROW, Flaw, RawTable, named_rows, text_frame
from wenjiuye.rules.errors import Bilingual, both

CHUNK = 32_000_000
"""Bytes of a file that are read at a time: some hundred thousand rows."""

_SEPARATORS = ",\t;"
_BLANK = " \t,;\u3000\xa0"


def read_csv(path: Path) -> RawTable:
    """Read one CSV file. Raises TextEncodingError, EmptyTableError, BrokenFileError."""
    return next(csv_chunks(path, size=0))


def csv_chunks(path: Path, size: int = CHUNK) -> Iterator[RawTable]:
    """A CSV file as tables of consecutive rows, about `size` bytes each (0: all in one).

    Row numbers are those of the file. Raises TextEncodingError, EmptyTableError, BrokenFileError.
    """
    encoding = _encoding(path)
    before = 0
    header, separator = b"", ","
    for data in _pieces(path, size):
        text = data.decode(encoding).encode() if encoding != "utf-8" else data
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if header:
            text = header + text
        else:
            text = text.removeprefix(b"\xef\xbb\xbf")
            _refuse_empty(text, path.name)
            first = text.split(b"\n", 1)[0].decode()
            separator = max(_SEPARATORS, key=first.count)
            header = _first_record(text)
        table, records = _table(text, separator, path.name, before)
        yield table
        before += records


def _table(text: bytes, separator: str, name: str, before: int) -> tuple[RawTable, int]:
    """The table of a text with header, its rows numbered behind the `before` rows, and how many they are."""
    fast = _fast(text, text.split(b"\n", 1)[0].decode(), separator)
    table, records = fast if fast is not None else _careful(text.decode(), separator, name, before)
    if not before:
        return table, records
    flaws = tuple(replace(flaw, row=flaw.row + before) for flaw in table.flaws)
    notes = _short_rows([row + before for row in table.short])
    return replace(
        table, frame=table.frame.with_columns(pl.col(ROW) + before), flaws=flaws, notes=notes
    ), records


def _refuse_empty(text: bytes, name: str) -> None:
    if not text.strip(b"\r\n \t,;"):
        raise EmptyTableError(
            f"{name}：文件是空的，第一行必须是列标题",
            f"{name}: the file is empty; the first row must be the header",
        )


def _first_record(text: bytes) -> bytes:
    end = 0
    while end < len(text):
        end = text.find(b"\n", end) + 1 or len(text)
        if text.count(b'"', 0, end) % 2 == 0:
            break
    return text[:end] if text[:end].endswith(b"\n") else text[:end] + b"\n"


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The bytes of a file, cut where a record ends. There is always a first piece."""
    with path.open("rb") as file:
        if size == 0:
            yield file.read()
            return
        rest = file.read(size)
        while more := file.read(size):
            end = _last_end(rest)
            if end:
                yield rest[:end]
            rest = rest[end:] + more
        yield rest


def _last_end(data: bytes) -> int:
    """Behind the last line break that is not between quotation marks; 0 where there is none."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        previous = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', previous, end)
        end = previous
    return end


def _encoding(path: Path) -> str:
    """UTF-8 (with or without BOM) or GB18030. Raises TextEncodingError."""
    name = path.name
    with path.open("rb") as file:
        start = file.read(1_000_000)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start[:4000]:
        raise TextEncodingError(
            f"{name}：文件是UTF-16（Excel的“Unicode文本”）或不是文本，请另存为“CSV UTF-8”",
            f"{name}: this is UTF-16 (Excel's “Unicode text”) or no text at all; save it as “CSV UTF-8”",
        )
    line = _undecodable_line(path, "utf-8")
    if line is None:
        return "utf-8"
    # Chinese text in GB18030 is hardly ever valid UTF-8, so mostly valid UTF-8 is UTF-8 that got damaged.
    guess = start.decode("utf-8", "replace")
    foreign = sum(1 for character in guess if character > "\x7f" and character != "\ufffd")
    if foreign <= guess.count("\ufffd"):
        line = _undecodable_line(path, "gb18030")
        if line is None:
            return "gb18030"
    raise TextEncodingError(
        f"{name}：第{line}行既不是UTF-8也不是GB18030编码，请重新另存为“CSV UTF-8”",
        f"{name}: row {line} is neither valid UTF-8 nor GB18030; save the file again as “CSV UTF-8”",
    )


def _undecodable_line(path: Path, encoding: str) -> int | None:
    """The line that is not in this encoding; None where all are. Never holds more than a piece."""
    lines = 0
    for piece in _lines_together(path):
        try:
            piece.decode(encoding)
        except UnicodeDecodeError as problem:
            return lines + piece.count(b"\n", 0, problem.start) + 1
        lines += piece.count(b"\n")
    return None


def _lines_together(path: Path) -> Iterator[bytes]:
    """The bytes of a file in pieces that end with a line: no character is cut."""
    with path.open("rb") as file:
        rest = b""
        while more := file.read(CHUNK // 2):
            end = more.rfind(b"\n") + 1
            if end:
                yield rest + more[:end]
                rest = more[end:]
            else:
                rest += more
        yield rest


# ── The fast way: every record on one line, split by Polars


def _fast(data: bytes, first: str, separator: str) -> tuple[RawTable, int] | None:
    """The table and how many records it had.

    None where a record runs over several lines or Polars reads other rows than we count.
    """
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
    if records:
        frame = pl.concat([frame, rest.frame]).sort(ROW)
    return replace(rest, frame=frame), lines.height - 1


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


def _careful(text: str, separator: str, name: str, before: int) -> tuple[RawTable, int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as problem:
        row = before + len(records) + 1
        raise BrokenFileError(
            f"{name}：从第{row}行开始的记录无法读取，是否有引号没有闭合？",
            f"{name}: the record that begins in row {row} cannot be read ({problem}); "
            "is a quotation mark opened and not closed?",
        ) from None
    header = records[0]
    kept = [
        (number, record)
        for number, record in enumerate(itertools.islice(records, 1, None), 2)
        if any(cell.strip(_BLANK) for cell in record)
    ]
    table = _fit(header, [record for _, record in kept], [number for number, _ in kept])
    return table, len(records) - 1


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
    return RawTable(tuple(header), text_frame(columns, rows), flaws, _short_rows(short), tuple(short))


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
