"""What the page's script draws: each chart in both languages, its numbers scaled, its texts ready to show."""

from __future__ import annotations

from typing import Any

from wenjiuye.population.report.amounts import (
    Scale,
    bin_texts,
    chart_scale,
    edge_texts,
    month_text,
    stack_ends,
    with_unit,
)
from wenjiuye.population.report.model import (
    BarChart,
    Chart,
    Histogram,
    Lang,
    Line,
    LineChart,
    Series,
    Unit,
    Value,
)
from wenjiuye.population.report.spoken import description
from wenjiuye.population.report.tokens import colour_of, texture_of

LANGUAGES: tuple[Lang, Lang] = ("zh", "en")


def page_data(chart: Chart) -> dict[str, Any]:
    """A chart for the script, as JSON types; the series' texts are for labels, their exact texts for tooltips."""
    data: dict[str, Any] = {"id": chart.id, "kind": type(chart).__name__}
    if isinstance(chart, BarChart):
        data |= {"stacked": chart.stacked, "lying": chart.direction == "horizontal"}
    for lang in LANGUAGES:
        data[lang] = {
            "title": getattr(chart.title, lang),
            "unit": chart_scale(chart, lang).name,
            "says": getattr(description(chart), lang),
            **_content(chart, lang),
        }
    return data


def _content(chart: Chart, lang: Lang) -> dict[str, Any]:
    scale = chart_scale(chart, lang)
    if isinstance(chart, BarChart):
        return {
            "names": [getattr(name, lang) for name in chart.categories],
            "sums": _sums(chart, scale) if chart.stacked else None,
            "series": _series(chart.series, chart.unit, scale, lang),
        }
    if isinstance(chart, Histogram):
        edges, unit = edge_texts(chart, lang)
        return {
            "names": [f"{words} {unit}" for words in bin_texts(chart, lang)],
            "edges": list(edges),
            "edge_unit": unit,
            "series": _series(chart.series, chart.counted, scale, lang),
        }
    return {
        "names": [month_text(month) for month in chart.months],
        "band": getattr(chart.band, lang) if chart.band else "",
        "series": [_line(chart, line, number, scale, lang) for number, line in enumerate(chart.lines)],
    }


def _series(series: tuple[Series, ...], unit: Unit, scale: Scale, lang: Lang) -> list[dict[str, Any]]:
    return [
        _common(one, number, scale)
        | {
            "texts": [scale.short(value) for value in one.values],
            "exact": [with_unit(value, unit, lang) for value in one.values],
            "name": getattr(one.label, lang),
        }
        for number, one in enumerate(series)
    ]


def _common(one: Series | Line, number: int, scale: Scale) -> dict[str, Any]:
    return {
        "colour": colour_of(number, one.tone),
        "texture": texture_of(number, one.tone),
        "values": [scale.plain(value) for value in one.values],
    }


def _sums(chart: BarChart, scale: Scale) -> list[dict[str, str]]:
    """The sum of each side of each stack; a side with nothing on it is an empty text."""
    sums = (stack_ends(chart, place) for place in range(len(chart.categories)))
    return [
        {"low": scale.short(low) if low else "", "high": scale.short(high) if high or not low else ""}
        for low, high in sums
    ]


def _line(chart: LineChart, line: Line, number: int, scale: Scale, lang: Lang) -> dict[str, Any]:
    forecast = [bool(line.forecast_from and month >= line.forecast_from) for month in chart.months]
    return _common(line, number, scale) | {
        "name": getattr(line.label, lang),
        "end": f"{getattr(line.label, lang)} {scale.short(line.values[-1])}",
        "lower": _ends(line.lower, scale),
        "upper": _ends(line.upper, scale),
        "exact": [
            _with_band(value, low, high, chart.unit, lang)
            for value, low, high in zip(
                line.values, line.lower or line.values, line.upper or line.values, strict=True
            )
        ],
        "turn": forecast.index(True) if any(forecast) else None,
    }


def _ends(values: tuple[Value, ...] | None, scale: Scale) -> list[float | None] | None:
    return None if values is None else [scale.plain(value) for value in values]


def _with_band(value: Value, low: Value, high: Value, unit: Unit, lang: Lang) -> str:
    words = with_unit(value, unit, lang)
    if low == high:
        return words
    return f"{words} ({with_unit(low, unit, lang)} – {with_unit(high, unit, lang)})"
