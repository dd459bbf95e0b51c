"""The terminal: width, marks that its encoding has, lines that break where Chinese may, and JSON."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.text import Text

PIPE_WIDTH = 100
"""Columns of a text that goes into a file or another program."""


def screen(*, error: bool = False) -> Console:
    """The console to write to; plain and of a fixed width where nobody is looking."""
    stream = sys.stderr if error else sys.stdout
    _never_fail_to_encode(stream)
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not console.is_terminal and "COLUMNS" not in console._environ:
        console.width = PIPE_WIDTH
    return console


def _never_fail_to_encode(stream: Any) -> None:
    """A character that the terminal lacks is written as its plain cousin instead of raising an error."""
    if hasattr(stream, "reconfigure") and not str(stream.encoding).lower().startswith("utf"):
        stream.reconfigure(errors=_PLAIN)


_PLAIN = "wenjiuye-plain"
_COUSINS = {
    "×": "x",
    "÷": "/",
    "−": "-",
    "–": "-",
    "—": "-",
    "…": "...",
    "·": "-",
    "’": "'",
    "〔": "[",
    "〕": "]",
}


def _plain(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    lost = problem.object[problem.start : problem.end]
    return "".join(_COUSINS.get(char, "?") for char in lost), problem.end


codecs.register_error(_PLAIN, _plain)


def write_json(data: object) -> None:
    """Write JSON for other programs: two blanks deep, Chinese as it is where the encoding has it."""
    ascii_only = not str(sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(data, ensure_ascii=ascii_only, indent=2) + "\n")


# ── Marks

_MARKS: tuple[Mapping[str, str], ...] = (
    {"yes": "✓", "no": "✗", "open": "?", "here": "◀", "dot": "·", "rule": "─"},
    # What Chinese Windows (GBK) can show.
    {"yes": "√", "no": "×", "open": "?", "here": "←", "dot": "·", "rule": "─"},
    {"yes": "[+]", "no": "[x]", "open": "[?]", "here": "<", "dot": "-", "rule": "-"},
)


def mark(console: Console, name: str) -> str:
    """A mark in the best form that the console's encoding has."""
    return _marks(console.encoding)[name]


@cache
def _marks(encoding: str) -> Mapping[str, str]:
    for marks in _MARKS:
        try:
            "".join(marks.values()).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            continue
        return marks
    return _MARKS[-1]


# ── Lines

_NOT_FIRST = frozenset("，。、；：？！）》」』】〕”’…·％%,.;:?!)]}→")
_NOT_LAST = frozenset("（《「『【〔“‘([{")


class Flow:
    """A text that is broken between Chinese characters and between words, never before a comma.

    hang: how far the lines after the first are indented.
    """

    def __init__(self, text: Text | str, *, hang: int = 0, style: str = "") -> None:
        self.text = Text(text, style=style) if isinstance(text, str) else text
        self.hang = hang

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        longest = max((cell_len(line) for line in self.text.plain.splitlines()), default=0)
        return Measurement(min(longest, 12), longest)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for number, line in enumerate(self._lines(options.max_width)):
            if number:
                yield Segment(" " * self.hang)
            yield from line.render(console)
            yield Segment.line()

    def _lines(self, width: int) -> Iterator[Text]:
        room = width
        for paragraph in self.text.split("\n", allow_blank=True):
            for line in paragraph.divide(list(_breaks(paragraph.plain, room, width - self.hang))):
                line.rstrip()
                yield line
            room = width - self.hang


def _breaks(plain: str, room: int, rest: int) -> Iterator[int]:
    """Where the lines of a text end; the first has room, the others have rest."""
    line_start = last_chance = used = 0
    for place, char in enumerate(plain):
        size = cell_len(char)
        if place > line_start and _may_break(plain, place):
            last_chance = place
        if used + size > room and not char.isspace():
            line_start = last_chance if last_chance > line_start else place
            yield line_start
            room = max(rest, 8)
            used = cell_len(plain[line_start:place])
        used += size


def _may_break(plain: str, place: int) -> bool:
    before, after = plain[place - 1], plain[place]
    if before.isspace():
        return not after.isspace()
    if after.isspace() or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F")
