"""Numbers as people read them: short at a bar, exact in a table, in the scale that fits the largest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Literal

from wenjiuye.population.report.model import BarChart, Cell, Chart, Histogram, Lang, LineChart, Unit, Value
from wenjiuye.rules.errors import Bilingual

GAP = "–"
"""Stands for a number that is not known."""

_FEN = 100
_SCALES: dict[Lang, tuple[tuple[int, int, str], ...]] = {
    "zh": ((10**9, 10**8, "亿元"), (10**4, 10**4, "万元"), (0, 1, "元")),
    "en": ((10**10, 10**9, "billion yuan"), (10**6, 10**6, "million yuan"), (0, 1, "yuan")),
}
"""From how many yuan on a scale is used, its size in yuan, its name; small shares of a large sum stay legible."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Short numbers of one chart: value ÷ divisor, rounded half up to some decimals, called `name`."""

    divisor: Decimal
    decimals: int
    name: str
    suffix: str = ""

    def plain(self, value: Value) -> float | None:
        """The number to draw."""
        return None if value is None else float(Decimal(str(value)) / self.divisor)

    def short(self, value: Value) -> str:
        """The number to write at a bar; what would round to nothing is said to be smaller than the last digit."""
        if value is None:
            return GAP
        exact = Decimal(str(value)) / self.divisor
        least = Decimal(1).scaleb(-self.decimals)
        rounded = exact.quantize(least, ROUND_HALF_UP)
        if exact and not rounded:
            return f"{'<' if exact > 0 else '>−'}{least}{self.suffix}"
        return _grouped(rounded) + self.suffix


def scale_for(unit: Unit, values: Iterable[Value], lang: Lang) -> Scale:
    """The scale that suits the largest of the values."""
    if unit.kind == "share":
        return Scale(Decimal("0.01"), 1, "%", "%")
    if unit.kind == "count":
        return Scale(Decimal(1), 0, unit_name(unit, lang))
    largest = max((abs(value) for value in values if value is not None), default=0)
    size, name = next((size, name) for start, size, name in _SCALES[lang] if largest >= start * _FEN)
    return Scale(Decimal(size * _FEN), 2, name)


def chart_scale(chart: Chart, lang: Lang) -> Scale:
    """The scale of a chart's value axis."""
    unit = chart.counted if isinstance(chart, Histogram) else chart.unit
    return scale_for(unit, chart_values(chart), lang)


def chart_values(chart: Chart) -> tuple[Value, ...]:
    """Every value that a chart's axis has to reach: bars, stacks, lines and the ends of bands."""
    if isinstance(chart, LineChart):
        ends = [end for line in chart.lines for end in (line.values, line.lower or (), line.upper or ())]
        return tuple(value for values in ends for value in values)
    values = tuple(value for series in chart.series for value in series.values)
    if isinstance(chart, BarChart) and chart.stacked:
        return tuple(end for place in range(len(chart.categories)) for end in stack_ends(chart, place))
    return values


def stack_ends(chart: BarChart, place: int) -> tuple[int | float, int | float]:
    """Where the stack of a category ends on the side of losses and on the side of gains."""
    known = [value for series in chart.series if (value := series.values[place]) is not None]
    return sum(value for value in known if value < 0), sum(value for value in known if value > 0)


def two_sided(chart: Chart) -> bool:
    """Whether some values lie below nothing."""
    return any(value is not None and value < 0 for value in chart_values(chart))


def exact(value: Value, unit: Unit) -> str:
    """The number to the fen, the piece or a tenth of a percent, with thousands by comma."""
    if value is None:
        return GAP
    if unit.kind == "money":
        return _grouped((Decimal(str(value)) / _FEN).quantize(Decimal("0.01"), ROUND_HALF_UP))
    if unit.kind == "share":
        return _grouped((Decimal(str(value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)) + "%"
    return _grouped(Decimal(str(value)))


def with_unit(value: Value, unit: Unit, lang: Lang) -> str:
    """The exact number followed by its unit: `1,200.00 元`."""
    if value is None or unit.kind == "share":
        return exact(value, unit)
    return f"{exact(value, unit)} {unit_name(unit, lang)}"


def unit_name(unit: Unit, lang: Lang) -> str:
    """The unit's noun in a language."""
    return unit.noun.zh if lang == "zh" else unit.noun.en


def cell_text(cell: Cell, unit: Unit | None, lang: Lang) -> str:
    """A table's cell as text."""
    if cell is None:
        return GAP
    if isinstance(cell, Bilingual):
        return cell.zh if lang == "zh" else cell.en
    if isinstance(cell, (int, float)):
        return exact(cell, unit) if unit else str(cell)
    return cell if isinstance(cell, str) else cell.isoformat()


def month_text(month: dt.date, style: Literal["short", "long"] = "long") -> str:
    """A month as in data, `2020-12`; short without its century, `20-12`."""
    return f"{month:%Y-%m}" if style == "long" else f"{month:%y-%m}"


def edge_texts(chart: Histogram, lang: Lang) -> tuple[tuple[str, ...], str]:
    """The edges in short and what they are counted in; an open end is an empty text."""
    scale = scale_for(chart.unit, chart.edges, lang)
    return tuple("" if edge is None else _bare(scale, edge) for edge in chart.edges), scale.name


def bin_texts(chart: Histogram, lang: Lang) -> tuple[str, ...]:
    """Each bin of a histogram in short: `1 – 2`, the open one `≥ 2`."""
    edges, _ = edge_texts(chart, lang)
    return tuple(f"{low} – {high}" if high else f"≥ {low}" for low, high in pairwise(edges))


def _bare(scale: Scale, value: int | float) -> str:
    number = (Decimal(str(value)) / scale.divisor).normalize()
    return _grouped(number) + scale.suffix


def _grouped(number: Decimal) -> str:
    return f"{number:,f}".replace("-", "−")
