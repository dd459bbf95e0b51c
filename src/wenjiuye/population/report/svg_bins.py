"""Columns of a histogram of the SVG writer, with the edges written between them."""

from __future__ import annotations

from wenjiuye.population.report.amounts import chart_scale, chart_values, edge_texts
from wenjiuye.population.report.model import Histogram, Lang
from wenjiuye.population.report.svg_bars import Axis, flat_grid
from wenjiuye.population.report.svg_parts import SMALL, element, text, texture, width_of
from wenjiuye.population.report.ticks import round_ticks
from wenjiuye.population.report.tokens import LIGHT, colour_of, texture_of

_PLOT_HEIGHT = 260


def bins(chart: Histogram, lang: Lang, width: float, top: float) -> tuple[str, float]:
    """The columns, and the y where the name of the edges' axis ends."""
    scale = chart_scale(chart, lang)
    values = [value for value in map(scale.plain, chart_values(chart)) if value is not None]
    ticks = round_ticks(0, max(values, default=1), whole=chart.counted.kind == "count")
    left = max(width_of(words, SMALL) for words in ticks.texts()) + 10
    axis = Axis(ticks, top + 26 + _PLOT_HEIGHT, top + 26)
    step = (width - left - 24) / (len(chart.edges) - 1)
    thick = (step - 2) / len(chart.series)
    texts = [scale.short(value) for series in chart.series for value in series.values]
    fits = max(width_of(words, SMALL) for words in texts) <= thick + 2
    drawn = flat_grid(ticks, axis.first, axis.last, left, width - 24)
    for number, series in enumerate(chart.series):
        fill, _ = texture(colour_of(number, series.tone), texture_of(number, series.tone))
        for place, value in enumerate(series.values):
            size = scale.plain(value)
            x = left + place * step + 1 + number * thick
            y = axis.at(size or 0)
            drawn += element("rect", x=x, y=y, width=thick, height=axis.first - y, fill=fill)
            if fits:
                drawn += text(
                    x + thick / 2, y - 5, scale.short(value), size=SMALL, anchor="middle", halo=True
                )
    drawn += element("line", x1=left, x2=width - 24, y1=axis.first, y2=axis.first, stroke=LIGHT["ctl"])
    return drawn + _edges(chart, lang, left, step, axis.first), axis.first + 40


def _edges(chart: Histogram, lang: Lang, left: float, step: float, bottom: float) -> str:
    edges, unit = edge_texts(chart, lang)
    widest = max(width_of(words, SMALL) for words in edges) + 8
    every = max(1, -(-int(widest) // max(int(step), 1)))
    drawn = ""
    for place, words in enumerate(edges):
        x = left + place * step
        drawn += element("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, stroke=LIGHT["ctl"])
        if words and place % every == 0:
            drawn += text(x, bottom + 18, words, size=SMALL, anchor="middle", colour="ink-3")
    right = left + step * (len(edges) - 1)
    return drawn + text(right, bottom + 36, unit, size=SMALL, anchor="end", colour="ink-3")
