"""A bar chart in a terminal: bars of characters that differ without colour, names as wide as they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from wenjiuye.population.report.amounts import chart_scale, two_sided
from wenjiuye.population.report.model import BarChart, Lang
from wenjiuye.population.report.svg_bars import Bar, bars_of
from wenjiuye.population.report.tokens import texture_of

_BLOCKS = ("█", "▒", "░", "▓", "▚", "▞")
_PLAIN = ("#", "=", "-", "+", "*", ".")
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_COLOURS = ("blue", "yellow", "cyan", "red", "magenta", "green")
_TONES = {"gain": "blue", "loss": "red", "quiet": "dim"}
_SMALLEST = 8
"""Columns that the bars get at least, however long the names."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How many columns names, bars to the left of nothing, bars to the right and numbers take."""

    names: int
    left: int
    right: int
    per_column: float


@dataclass(frozen=True, slots=True)
class _Pen:
    """What the bars of one series are made of."""

    mark: str
    colour: str

    def draw(self, columns: float) -> Text:
        """A bar so many columns long, to an eighth where the terminal has such blocks."""
        whole = int(columns)
        rest = _EIGHTHS[int((columns - whole) * 8)] if self.mark == _BLOCKS[0] else ""
        if columns and not whole and not rest:
            rest = _EIGHTHS[1] if self.mark == _BLOCKS[0] else self.mark
        return Text(self.mark * whole + rest, style=self.colour)


def terminal_bars(console: Console, chart: BarChart, lang: Lang) -> None:
    """Print the chart, one line a category or, side by side, one a series; never wider than the console."""
    scale = chart_scale(chart, lang)
    bars = list(bars_of(chart, scale))
    pens = _pens(console, chart)
    _print(console, _title(chart, lang, scale.name))
    if len(chart.series) > 1:
        _print(console, _legend(chart, lang, pens))
    room = _room(console.width, chart, bars, lang)
    for place, name in enumerate(chart.categories):
        mine = [bar for bar in bars if bar.place == place]
        for lane in sorted({bar.lane for bar in mine}):
            line = Text(_fitted(getattr(name, lang) if not lane else "", room.names) + " ")
            line.append_text(_lane([bar for bar in mine if bar.lane == lane], pens, room))
            _print(console, line)


def _print(console: Console, line: Text) -> None:
    line.rstrip()
    console.print(line, no_wrap=True, overflow="crop", crop=True, highlight=False, soft_wrap=False)


def _title(chart: BarChart, lang: Lang, unit: str) -> Text:
    return Text.assemble((getattr(chart.title, lang), "bold"), "  ", (unit, "dim"))


def _legend(chart: BarChart, lang: Lang, pens: list[_Pen]) -> Text:
    line = Text()
    for series, pen in zip(chart.series, pens, strict=True):
        line.append_text(pen.draw(2)).append(f" {getattr(series.label, lang)}   ")
    return line


def _pens(console: Console, chart: BarChart) -> list[_Pen]:
    marks = _BLOCKS if _can_show(console.encoding, "".join((*_BLOCKS, *_EIGHTHS))) else _PLAIN
    return [
        _Pen(
            marks[number % len(marks) if not series.tone else texture_of(number, series.tone)],
            _TONES.get(series.tone) or _COLOURS[number % len(_COLOURS)],
        )
        for number, series in enumerate(chart.series)
    ]


def _can_show(encoding: str, marks: str) -> bool:
    try:
        marks.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _room(width: int, chart: BarChart, bars: list[Bar], lang: Lang) -> _Room:
    numbers = max(cell_len(bar.label) for bar in bars) + 1
    sides = 2 if two_sided(chart) else 1
    free = width - 1 - numbers * sides
    names = min(
        max(cell_len(getattr(name, lang)) for name in chart.categories), max(free - _SMALLEST * sides, 4)
    )
    names = min(names, max(width * 2 // 5, 4))
    columns = max(free - names, 2)
    low, high = min(0.0, *(bar.end for bar in bars)), max(0.0, *(bar.end for bar in bars))
    per_column = (high - low) / columns or 1.0
    left = int(-low / per_column) + (1 if low else 0)
    return _Room(names, left + numbers if sides == 2 else 0, columns - left, per_column)


def _lane(bars: list[Bar], pens: list[_Pen], room: _Room) -> Text:
    """The bars of one line: those to the left of nothing end at it, the others begin there."""
    left, right = Text(), Text()
    for bar in bars:
        back = bar.end < 0
        columns = _columns(bar, room.per_column, stacked=len(bars) > 1)
        drawn = pens[bar.series].draw(min(columns, room.left if back else room.right))
        if back:
            label = f"{bar.label} " if bar.label else ""
            left = Text(label).append_text(drawn).append_text(left)
        else:
            right.append_text(drawn)
            if bar.label:
                right.append(f" {bar.label}")
    space = max(room.left - cell_len(left.plain), 0)
    return Text(" " * space).append_text(left).append_text(right)


def _columns(bar: Bar, per_column: float, *, stacked: bool) -> float:
    """How long a bar is; in a stack its ends are rounded, so that the stack is as long as its sum."""
    start, end = abs(bar.start) / per_column, abs(bar.end) / per_column
    return round(end) - round(start) if stacked else end - start


def _fitted(name: str, columns: int) -> str:
    """The name in exactly so many columns, shortened with … where it is longer."""
    if cell_len(name) <= columns:
        return set_cell_size(name, columns)
    while cell_len(name) > columns - 1:
        name = name[:-1]
    return set_cell_size(f"{name}…", columns)
