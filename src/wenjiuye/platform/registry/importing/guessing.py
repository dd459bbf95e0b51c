"""What sheets and columns of a file probably are: by id, by Chinese title, as remembered, or as the nearest title."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from wenjiuye.platform.registry.models import HeaderMapping
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.headers import OWN_COLUMNS, known_titles, plain_title
from wenjiuye.population.raw import ROW, RawTable
from wenjiuye.population.registry.form import needed
from wenjiuye.population.sources import subject_named

LOOK = 10
"""The header is looked for in so many rows: lists of offices often have a title on top."""
NEAR = 0.72
"""How alike two titles must be for one to be offered for the other."""


class How(StrEnum):
    """How a column was recognised."""

    KNOWN = "known"
    REMEMBERED = "remembered"
    NEAR = "near"
    NONE = "none"


@dataclass(frozen=True)
class Guess:
    """What a header probably is. column: name in the data model; empty: none, or left out on purpose (remembered)."""

    column: str
    how: How


def title_index(record: type[Record]) -> dict[str, str]:
    """Titles without blanks, widths and case to the one column that each means."""
    return {title: found[0][1] for title, found in known_titles(record).items() if len(found) == 1}


def guess_columns(table: str, headers: Sequence[str]) -> list[Guess]:
    """For each header what it is; each column of the table at most once, the surest first."""
    known = title_index(RECORDS[table])
    remembered = dict(HeaderMapping.objects.filter(table=table).values_list("header", "column"))
    found = [Guess("", How.NONE)] * len(headers)
    taken: set[str] = set()
    plain = [plain_title(header) for header in headers]

    def take(at: int, column: str, how: How) -> None:
        if column == "" or column not in taken:
            found[at] = Guess(column, how)
            taken.update({column} - {""})

    for at, title in enumerate(plain):
        if title in remembered:
            take(at, remembered[title], How.REMEMBERED)
    for at, title in enumerate(plain):
        if found[at].how is How.NONE and title in known:
            take(at, known[title], How.KNOWN)
    for at, title in enumerate(plain):
        if found[at].how is How.NONE and title and title not in OWN_COLUMNS:
            for near in difflib.get_close_matches(title, known, 3, NEAR):
                if known[near] not in taken:
                    take(at, known[near], How.NEAR)
                    break
    return found


def guess_table(name: str, file_title: str, headers: Sequence[str]) -> str:
    """The table that a sheet holds: as it is named, else by its headers; empty: it cannot be told."""
    named = subject_named(name, RECORDS) or subject_named(file_title, RECORDS)
    if named:
        return named
    plain = {plain_title(header) for header in headers} - {""}
    best, most = "", 0.0
    for record in RECORDS.values():
        known = title_index(record)
        columns = {known[title] for title in plain if title in known}
        lacking = set(needed(record)) - columns
        score = len(columns) - 2 * len(lacking) + 3 * (record.zh in name or record.zh in file_title)
        if len(columns) >= 2 and score > most:
            best, most = record.id, score
    return best


def guess_header(raw: RawTable) -> tuple[RawTable, int]:
    """The table below its header, and the row in which the header stands."""
    titles = {title for record in RECORDS.values() for title in known_titles(record)}
    titles |= set(HeaderMapping.objects.values_list("header", flat=True))
    width = [name for name in raw.frame.columns if name != ROW]
    best, row, at = sum(plain_title(title) in titles for title in raw.headers), 1, -1
    for place, cells in enumerate(raw.frame.head(LOOK).select(width).iter_rows()):
        fit = sum(plain_title(cell or "") in titles for cell in cells)
        if fit >= 2 and fit > best:
            best, row, at = fit, raw.frame[ROW][place], place
    if at < 0:
        return raw, 1
    headers = tuple(cell or "" for cell in raw.frame.select(width).row(at))
    below = raw.frame.slice(at + 1)
    flaws = tuple(flaw for flaw in raw.flaws if flaw.row > row)
    return replace(raw, headers=headers, frame=below, flaws=flaws), row
