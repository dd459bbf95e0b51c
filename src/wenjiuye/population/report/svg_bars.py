"""Bars of the SVG writer: lying or standing, side by side or stacked, to both sides of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wenjiuye.population.report.amounts import Scale, chart_scale, chart_values, stack_ends, two_sided
from wenjiuye.population.report.model import BarChart, Lang
from wenjiuye.population.report.svg_parts import (
    NORMAL,
    SMALL,
    element,
    lines_of_text,
    text,
    texture,
    width_of,
    wrapped,
)
from wenjiuye.population.report.ticks import Ticks, round_ticks
from wenjiuye.population.report.tokens import LIGHT, colour_of, texture_of

_THICK, _GAP, _GROUP_GAP = 17, 3, 12
_PLOT_HEIGHT = 280
_LINE_HEIGHT = SMALL * 1.35


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar from `start` to `end` along the value axis, in a lane of its category."""

    place: int
    lane: int
    series: int
    start: float
    end: float
    fill: str
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a value lies between two ends of the picture."""

    ticks: Ticks
    first: float
    last: float

    def at(self, value: float) -> float:
        share = (value - self.ticks.low) / (self.ticks.high - self.ticks.low)
        return self.first + share * (self.last - self.first)


def bars_of(chart: BarChart, scale: Scale) -> Iterator[Bar]:
    """The bars of a chart; in a stack only the outermost bar of each side is labelled, with the side's sum."""
    for place in range(len(chart.categories)):
        ends = {"low": 0.0, "high": 0.0}
        sums = dict(zip(("low", "high"), stack_ends(chart, place), strict=True))
        last = {
            "high" if value >= 0 else "low": number
            for number, series in enumerate(chart.series)
            if (value := series.values[place])
        }
        for number, series in enumerate(chart.series):
            value = series.values[place]
            fill, _ = texture(colour_of(number, series.tone), texture_of(number, series.tone))
            if value is None:
                if not chart.stacked:
                    yield Bar(place, number, number, 0.0, 0.0, fill, scale.short(None))
                continue
            size = scale.plain(value) or 0.0
            if not chart.stacked:
                yield Bar(place, number, number, 0.0, size, fill, scale.short(value))
                continue
            side = "high" if value >= 0 else "low"
            start, ends[side] = ends[side], ends[side] + size
            label = scale.short(sums[side]) if last.get(side) == number else ""
            yield Bar(place, 0, number, start, ends[side], fill, label)
        if chart.stacked and not last:
            yield Bar(place, 0, 0, 0.0, 0.0, "none", scale.short(0))


def _ticks(chart: BarChart, scale: Scale, wanted: int) -> Ticks:
    drawn = [value for value in map(scale.plain, chart_values(chart)) if value is not None]
    return (
        round_ticks(min(drawn), max(drawn), wanted=wanted, whole=chart.unit.kind == "count")
        if drawn
        else (round_ticks(0, 1))
    )


def _ends(bars: list[Bar]) -> tuple[float, float]:
    return min(0.0, *(bar.end for bar in bars)), max(0.0, *(bar.end for bar in bars))


def horizontal_bars(chart: BarChart, lang: Lang, width: float, top: float) -> tuple[str, float]:
    """Lying bars, one row a category, and the y where they end."""
    scale, lanes = chart_scale(chart, lang), 1 if chart.stacked else len(chart.series)
    bars = list(bars_of(chart, scale))
    names = [getattr(name, lang) for name in chart.categories]
    left = min(max(width_of(name, NORMAL) for name in names), width * 0.4)
    margin = max(width_of(bar.label, SMALL) for bar in bars) + 10
    start = left + 12 + (margin if two_sided(chart) else 0)
    axis = Axis(_ticks(chart, scale, 6).snug(*_ends(bars)), start, max(width - margin, start + 60))
    pitch = lanes * _THICK + (lanes - 1) * _GAP + _GROUP_GAP
    bottom = top + 16 + pitch * len(names)
    drawn = _upright_grid(axis, top + 10, bottom)
    for place, name in enumerate(names):
        middle = top + 16 + place * pitch + (pitch - _GROUP_GAP) / 2
        drawn += text(left, middle + 4.5, name, anchor="end", colour="ink", room=left + 2)
    for bar in bars:
        y = top + 16 + bar.place * pitch + bar.lane * (_THICK + _GAP)
        low, high = sorted((axis.at(bar.start), axis.at(bar.end)))
        drawn += element("rect", x=low, y=y, width=high - low, height=_THICK, fill=bar.fill)
        if bar.label:
            back = bar.end < 0
            drawn += text(
                low - 5 if back else high + 5,
                y + _THICK / 2 + 4.3,
                bar.label,
                size=SMALL,
                anchor="end" if back else "start",
                halo=True,
            )
    zero = axis.at(0)
    drawn += element("line", x1=zero, x2=zero, y1=top + 10, y2=bottom, stroke=LIGHT["ctl"])
    return drawn, bottom + 18


def _upright_grid(axis: Axis, top: float, bottom: float) -> str:
    drawn = ""
    for at, words in zip(axis.ticks.at, axis.ticks.texts(), strict=True):
        x = axis.at(float(at))
        drawn += element("line", x1=x, x2=x, y1=top, y2=bottom, stroke=LIGHT["line"])
        drawn += text(x, bottom + 16, words, size=SMALL, anchor="middle", colour="ink-3")
    return drawn


def vertical_bars(chart: BarChart, lang: Lang, width: float, top: float) -> tuple[str, float]:
    """Standing bars, one group a category, and the y where their names end."""
    scale, lanes = chart_scale(chart, lang), 1 if chart.stacked else len(chart.series)
    bars = list(bars_of(chart, scale))
    ticks = _ticks(chart, scale, 5)
    left = max(width_of(words, SMALL) for words in ticks.texts()) + 10
    below = SMALL * 1.4 if two_sided(chart) else 0
    axis = Axis(ticks, top + 26 + _PLOT_HEIGHT, top + 26)
    step = (width - left) / len(chart.categories)
    thick = min((step * 0.76 - _GAP * (lanes - 1)) / lanes, 46.0)
    drawn = flat_grid(ticks, axis.first, axis.last, left, width)
    labelled = all(width_of(bar.label, SMALL) <= thick * (lanes if chart.stacked else 1) + 14 for bar in bars)
    for bar in bars:
        group = lanes * thick + (lanes - 1) * _GAP
        x = left + bar.place * step + (step - group) / 2 + bar.lane * (thick + _GAP)
        high, low = sorted((axis.at(bar.start), axis.at(bar.end)))
        drawn += element("rect", x=x, y=high, width=thick, height=low - high, fill=bar.fill)
        if bar.label and (labelled or lanes == 1):
            y = low + 14 if bar.end < 0 else high - 5
            drawn += text(x + thick / 2, y, bar.label, size=SMALL, anchor="middle", halo=True)
    drawn += element("line", x1=left, x2=width, y1=axis.at(0), y2=axis.at(0), stroke=LIGHT["ctl"])
    base = axis.first + below
    tall = 0
    for place, name in enumerate(chart.categories):
        words = wrapped(getattr(name, lang), step - 6, SMALL, 3)
        tall = max(tall, len(words))
        x = left + (place + 0.5) * step
        drawn += lines_of_text(x, base + 18, words, size=SMALL, anchor="middle", colour="ink")
    return drawn, base + 18 + (tall - 1) * _LINE_HEIGHT + 4


def flat_grid(ticks: Ticks, bottom: float, top: float, left: float, right: float) -> str:
    """Level lines with their numbers at the left."""
    axis = Axis(ticks, bottom, top)
    drawn = ""
    for at, words in zip(ticks.at, ticks.texts(), strict=True):
        y = axis.at(float(at))
        drawn += element("line", x1=left, x2=right, y1=y, y2=y, stroke=LIGHT["line"])
        drawn += text(left - 8, y + 4, words, size=SMALL, anchor="end", colour="ink-3")
    return drawn
