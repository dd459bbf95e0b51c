"""A report as plain data: key figures, sections, charts and tables, every text in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from wenjiuye.population.report.errors import ReportError
from wenjiuye.rules.errors import Bilingual

Lang = Literal["zh", "en"]
Value = int | float | None
"""Money in whole fen, counts as they are, shares from 0 to 1; None is unknown and drawn as a gap."""

Cell = Bilingual | str | dt.date | int | float | None
Tone = Literal["", "gain", "loss", "quiet"]
"""What a series means where its colour should say so: better off, worse off, of no weight."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts: fen of money, things with a noun, or a share of a whole."""

    kind: Literal["money", "count", "share"]
    noun: Bilingual


MONEY = Unit("money", Bilingual("元", "yuan"))
SHARE = Unit("share", Bilingual("占比", "share"))


def counted(zh: str, en: str) -> Unit:
    """The unit of a count, by its noun: `counted("人", "persons")`."""
    return Unit("count", Bilingual(zh, en))


# ── Charts


@dataclass(frozen=True, slots=True)
class Series:
    """One value for each category of a chart."""

    label: Bilingual
    values: tuple[Value, ...]
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars over categories, side by side or stacked; `axis` says what the categories are."""

    id: str
    title: Bilingual
    unit: Unit
    axis: Bilingual
    categories: tuple[Bilingual, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    direction: Literal["horizontal", "vertical"] = "horizontal"
    note: Bilingual | None = None

    def __post_init__(self) -> None:
        _check_id(self.id)
        _check_series(self.id, self.series, len(self.categories))


@dataclass(frozen=True, slots=True)
class Line:
    """One value for each month, with the lower and upper end of its band where there is one.

    forecast_from: the first month that has not happened yet; from there the line is dashed.
    """

    label: Bilingual
    values: tuple[Value, ...]
    lower: tuple[Value, ...] | None = None
    upper: tuple[Value, ...] | None = None
    forecast_from: dt.date | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over months (each the first day of its month, ascending); `band` names what the bands are."""

    id: str
    title: Bilingual
    unit: Unit
    months: tuple[dt.date, ...]
    lines: tuple[Line, ...]
    band: Bilingual | None = None
    note: Bilingual | None = None

    def __post_init__(self) -> None:
        _check_id(self.id)
        if any(first >= second for first, second in pairwise(self.months)):
            raise ReportError(
                f"图 {self.id}：月份必须递增", f"chart {self.id}: give the months in ascending order"
            )
        _check_series(self.id, self.lines, len(self.months))
        for line in self.lines:
            for band in (line.lower, line.upper):
                if band is not None:
                    _check_length(self.id, line.label, len(band), len(self.months))
            if (line.lower is None) != (line.upper is None):
                raise ReportError(
                    f"图 {self.id}：{line.label.zh} 的区间要同时给出下限和上限",
                    f"chart {self.id}: give both ends of the band of {line.label.en}, or none",
                )


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many have an amount between two edges; from each edge up to, not including, the next.

    unit: of the edges. counted: of the series' values, one fewer than the edges. A last edge of None means
    without upper limit. Columns are equally wide whatever their edges.
    """

    id: str
    title: Bilingual
    unit: Unit
    edges: tuple[Value, ...]
    counted: Unit
    series: tuple[Series, ...]
    note: Bilingual | None = None

    def __post_init__(self) -> None:
        _check_id(self.id)
        ends = self.edges[:-1] if self.edges and self.edges[-1] is None else self.edges
        known = [edge for edge in ends if edge is not None]
        if len(known) < len(ends) or any(low >= high for low, high in pairwise(known)):
            raise ReportError(
                f"图 {self.id}：分组界限必须递增，只有最后一个可以为空",
                f"chart {self.id}: give the edges in ascending order; only the last may be None",
            )
        _check_series(self.id, self.series, len(self.edges) - 1)


Chart = BarChart | LineChart | Histogram


def _check_id(chart_id: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", chart_id):
        raise ReportError(
            f"图的标识 {chart_id!r} 要用小写字母、数字、- 或 _，以字母开头",
            f"chart id {chart_id!r}: use lower-case letters, digits, - or _, a letter first",
        )


def _check_series(chart_id: str, series: Iterable[Series | Line], length: int) -> None:
    if length < 1 or not tuple(series):
        raise ReportError(f"图 {chart_id} 没有数据", f"chart {chart_id} has no data; leave it out")
    for one in series:
        _check_length(chart_id, one.label, len(one.values), length)


def _check_length(chart_id: str, label: Bilingual, found: int, wanted: int) -> None:
    if found != wanted:
        raise ReportError(
            f"图 {chart_id}：{label.zh} 有 {found} 个值，应有 {wanted} 个",
            f"chart {chart_id}: {label.en} has {found} values, not {wanted}",
        )


# ── Tables


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; with a unit its cells are numbers, without one they are texts or dates."""

    label: Bilingual
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table with exact figures; `total` is its last row."""

    title: Bilingual
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: Bilingual | None = None

    def __post_init__(self) -> None:
        for number, row in enumerate((*self.rows, *((self.total,) if self.total else ())), 1):
            if len(row) != len(self.columns):
                raise ReportError(
                    f"表“{self.title.zh}”第 {number} 行有 {len(row)} 格，应有 {len(self.columns)} 格",
                    f"table “{self.title.en}”, row {number}: {len(row)} cells, not {len(self.columns)}",
                )


# ── The whole


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure. sign: an operator before it where the figures form a sum: +, −, ×, ÷ or =."""

    label: Bilingual
    value: Value
    unit: Unit
    sign: Literal["", "+", "−", "×", "÷", "="] = ""
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; each line of its text is a paragraph."""

    title: Bilingual
    text: Bilingual | None = None
    charts: tuple[Chart, ...] = ()
    tables: tuple[TablePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report; `facts` are its key figures, in the order in which they are read."""

    title: Bilingual
    subtitle: Bilingual
    facts: tuple[Figure, ...]
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for chart in self.charts():
            if chart.id in seen:
                raise ReportError(f"图的标识 {chart.id} 用了两次", f"chart id {chart.id} is used twice")
            seen.add(chart.id)

    def charts(self) -> Iterator[Chart]:
        """Every chart, in the order of the sections."""
        for section in self.sections:
            yield from section.charts
