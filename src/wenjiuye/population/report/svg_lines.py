"""Lines over months of the SVG writer, with their bands; what has not happened yet is dashed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wenjiuye.population.report.amounts import Scale, chart_scale, chart_values, month_text
from wenjiuye.population.report.model import Lang, Line, LineChart
from wenjiuye.population.report.svg_bars import Axis, flat_grid
from wenjiuye.population.report.svg_parts import SMALL, element, text, width_of
from wenjiuye.population.report.ticks import round_ticks
from wenjiuye.population.report.tokens import LIGHT, colour_of

_PLOT_HEIGHT = 300
_Point = tuple[float, float]


def lines(chart: LineChart, lang: Lang, width: float, top: float) -> tuple[str, float]:
    """The lines, and the y where the names of the months end."""
    scale = chart_scale(chart, lang)
    drawn_values = [value for value in map(scale.plain, chart_values(chart)) if value is not None]
    whole = chart.unit.kind == "count"
    ticks = round_ticks(min(drawn_values, default=0), max(drawn_values, default=1), whole=whole)
    left = max(width_of(words, SMALL) for words in ticks.texts()) + 10
    room = min(max(width_of(words, SMALL) for words in _end_texts(chart, scale, lang)), width / 3)
    right = width - room - 12
    axis = Axis(ticks, top + 16 + _PLOT_HEIGHT, top + 16)
    across = (right - left) / max(len(chart.months) - 1, 1)

    def spot(place: int, value: float) -> _Point:
        return left + place * across, axis.at(value)

    drawn = flat_grid(ticks, axis.first, axis.last, left, right)
    drawn += _months(chart, left, across, axis.first)
    drawn += "".join(_band(line, place, scale, spot) for place, line in enumerate(chart.lines))
    drawn += "".join(_line(chart, line, place, scale, spot) for place, line in enumerate(chart.lines))
    drawn += _end_labels(chart, scale, spot, right, _end_texts(chart, scale, lang), room)
    drawn += element("line", x1=left, x2=right, y1=axis.at(0), y2=axis.at(0), stroke=LIGHT["ctl"])
    return drawn, axis.first + 22


def _end_texts(chart: LineChart, scale: Scale, lang: Lang) -> list[str]:
    """Each line's name with its last value."""
    return [f"{getattr(line.label, lang)} {scale.short(line.values[-1])}" for line in chart.lines]


def _months(chart: LineChart, left: float, across: float, bottom: float) -> str:
    every = max(1, -(-60 // max(int(across), 1)))
    return "".join(
        text(
            left + place * across,
            bottom + 18,
            month_text(month),
            size=SMALL,
            anchor="middle",
            colour="ink-3",
        )
        for place, month in enumerate(chart.months)
        if place % every == 0
    )


def _path(points: Sequence[_Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _runs(places: Sequence[int]) -> list[list[int]]:
    """Places without a gap between them."""
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _band(line: Line, number: int, scale: Scale, spot: Callable[[int, float], _Point]) -> str:
    if line.lower is None or line.upper is None:
        return ""
    low, high = [scale.plain(value) for value in line.lower], [scale.plain(value) for value in line.upper]
    known = {
        place: (a, b)
        for place, (a, b) in enumerate(zip(low, high, strict=True))
        if a is not None and b is not None
    }
    drawn = ""
    for run in _runs(list(known)):
        there = [spot(place, known[place][1]) for place in run]
        back = [spot(place, known[place][0]) for place in reversed(run)]
        colour = LIGHT[colour_of(number, line.tone)]
        drawn += element("path", d=_path([*there, *back]) + "Z", fill=colour, fill_opacity=0.16)
    return drawn


def _line(
    chart: LineChart, line: Line, number: int, scale: Scale, spot: Callable[[int, float], _Point]
) -> str:
    values = [scale.plain(value) for value in line.values]
    turn = next(
        (p for p, month in enumerate(chart.months) if line.forecast_from and month >= line.forecast_from),
        len(values),
    )
    drawn = ""
    for first, last, dash in ((0, turn, None), (max(turn - 1, 0), len(values), "6 4")):
        known = {p: value for p in range(first, last) if (value := values[p]) is not None}
        for run in _runs(list(known)):
            points = [spot(place, known[place]) for place in run]
            drawn += _stroke(
                points, LIGHT[colour_of(number, line.tone)], dash if turn < len(values) else None
            )
        if turn == len(values):
            break
    return drawn


def _stroke(points: Sequence[_Point], colour: str, dash: str | None) -> str:
    if len(points) == 1:
        return element("circle", cx=points[0][0], cy=points[0][1], r=2.5, fill=colour)
    return element(
        "path",
        d=_path(points),
        fill="none",
        stroke=colour,
        stroke_width=2.25,
        stroke_linejoin="round",
        stroke_dasharray=dash,
    )


def _end_labels(
    chart: LineChart,
    scale: Scale,
    spot: Callable[[int, float], _Point],
    right: float,
    words: Sequence[str],
    room: float,
) -> str:
    """The name and last value of each line beside its end, pushed apart where they would touch."""
    ends = sorted(
        (spot(0, last)[1], place)
        for place, line in enumerate(chart.lines)
        if (last := scale.plain(line.values[-1])) is not None
    )
    drawn, below = "", float("-inf")
    for y, place in ends:
        below = max(y, below + 15)
        colour = LIGHT[colour_of(place, chart.lines[place].tone)]
        drawn += element("circle", cx=right, cy=y, r=3, fill=colour)
        drawn += text(right + 8, below + 4, words[place], size=SMALL, colour="ink", room=room + 4)
    return drawn
