"""A chart as an SVG file that needs no browser, no script and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from wenjiuye.population.report.amounts import chart_scale
from wenjiuye.population.report.model import BarChart, Chart, Lang, LineChart
from wenjiuye.population.report.spoken import description
from wenjiuye.population.report.svg_bars import horizontal_bars, vertical_bars
from wenjiuye.population.report.svg_bins import bins
from wenjiuye.population.report.svg_lines import lines
from wenjiuye.population.report.svg_parts import (
    FONT,
    NORMAL,
    SMALL,
    TITLE,
    element,
    lines_of_text,
    text,
    texture,
    width_of,
    wrapped,
)
from wenjiuye.population.report.tokens import LIGHT, colour_of, texture_of

WIDTH = 960
"""Width of a picture in px unless another is asked for; the height follows from what is in it."""

_PAD = 20
_Entry = tuple[str, str, float | None]


def write_svg(chart: Chart, path: Path | str, lang: Lang, *, width: int = WIDTH) -> None:
    """Write the chart; the same chart gives the same bytes."""
    Path(path).write_text(svg_text(chart, lang, width=width), "utf-8", newline="\n")


def svg_text(chart: Chart, lang: Lang, *, width: int = WIDTH, font: str = FONT) -> str:
    """The chart as SVG in the light colours, on a white ground, with its title, legend and note."""
    inner = width - 2 * _PAD
    head, top = _head(chart, lang, inner)
    legend, definitions, top = _legend(chart, lang, inner, top)
    picture, bottom = _picture(chart, lang, inner, top)
    foot, bottom = _foot(chart, lang, inner, bottom)
    height = bottom + 2 * _PAD
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + element(
            "svg",
            element("title", escape(_say(chart.title, lang))),
            element("desc", escape(_say(description(chart), lang))),
            element("defs", definitions) if definitions else "",
            element("rect", width=width, height=height, fill=LIGHT["surface"]),
            element("g", head, legend, picture, foot, transform=f"translate({_PAD} {_PAD})"),
            xmlns="http://www.w3.org/2000/svg",
            width=width,
            height=round(height),
            viewBox=f"0 0 {width} {round(height)}",
            role="img",
            lang="zh-CN" if lang == "zh" else "en",
            font_family=font,
        )
        + "\n"
    )


def _say(words: object, lang: Lang) -> str:
    return str(getattr(words, lang))


def _head(chart: Chart, lang: Lang, width: float) -> tuple[str, float]:
    unit = chart_scale(chart, lang).name
    title = wrapped(_say(chart.title, lang), width - width_of(unit, NORMAL) - 16, TITLE, 2)
    last = TITLE * (1 + (len(title) - 1) * 1.35)
    drawn = lines_of_text(0, TITLE, title[:-1], size=TITLE, colour="ink")
    beside = element("tspan", escape(unit), dx=10, font_size=NORMAL, fill=LIGHT["ink-3"])
    drawn += element("text", escape(title[-1]), beside, x=0, y=last, font_size=TITLE, fill=LIGHT["ink"])
    return drawn, last + 14


def _legend(chart: Chart, lang: Lang, width: float, top: float) -> tuple[str, str, float]:
    """The legend, the textures that it and the picture use, and where the picture begins.

    Lines carry their names at their ends; only their bands need a legend.
    """
    if isinstance(chart, LineChart):
        bands: list[_Entry] = [(_say(chart.band, lang), LIGHT["c1"], 0.16)] if chart.band else []
        drawn, below = _entries(bands, width, top)
        return drawn, "", below
    fills = [
        texture(colour_of(place, one.tone), texture_of(place, one.tone))
        for place, one in enumerate(chart.series)
    ]
    definitions = "".join(dict.fromkeys(definition for _, definition in fills if definition))
    entries: list[_Entry] = [
        (_say(one.label, lang), fill, None) for one, (fill, _) in zip(chart.series, fills, strict=True)
    ]
    drawn, below = _entries(entries if len(entries) > 1 else [], width, top)
    return drawn, definitions, below


def _entries(entries: list[_Entry], width: float, top: float) -> tuple[str, float]:
    """Swatches with their names (name, fill, opacity), and where they end."""
    drawn, x, y = "", 0.0, top + 14
    for label, fill, opacity in entries:
        wide = 28 + width_of(label, NORMAL) + 20
        if x and x + wide > width:
            x, y = 0.0, y + 22
        drawn += element("rect", x=x, y=y - 10, width=18, height=11, rx=2, fill=fill, fill_opacity=opacity)
        drawn += text(x + 26, y, label, colour="ink", room=width - 26)
        x += wide
    return (drawn, y + 10) if entries else ("", top)


def _picture(chart: Chart, lang: Lang, width: float, top: float) -> tuple[str, float]:
    if isinstance(chart, BarChart):
        draw = horizontal_bars if chart.direction == "horizontal" else vertical_bars
        return draw(chart, lang, width, top)
    return lines(chart, lang, width, top) if isinstance(chart, LineChart) else bins(chart, lang, width, top)


def _foot(chart: Chart, lang: Lang, width: float, bottom: float) -> tuple[str, float]:
    if chart.note is None:
        return "", bottom
    words = wrapped(_say(chart.note, lang), width, SMALL, 3)
    return (
        lines_of_text(0, bottom + 22, words, size=SMALL, colour="ink-3"),
        bottom + 22 + (len(words) - 1) * SMALL * 1.35,
    )
