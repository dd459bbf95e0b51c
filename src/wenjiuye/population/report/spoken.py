"""What a chart shows, in a sentence: for those who hear it instead of seeing it."""

from __future__ import annotations

from wenjiuye.population.report.amounts import bin_texts, edge_texts, month_text, with_unit
from wenjiuye.population.report.model import BarChart, Chart, Histogram, LineChart, Series
from wenjiuye.rules.errors import Bilingual


def description(chart: Chart) -> Bilingual:
    """Kind, size and the most striking value of a chart."""
    if isinstance(chart, BarChart):
        kind, what, found = Bilingual("条形图", "Bar chart"), len(chart.categories), _largest_bar(chart)
        size = Bilingual(f"{what} 个{chart.axis.zh}", f"{chart.axis.en}: {what}")
    elif isinstance(chart, LineChart):
        kind, found = Bilingual("折线图", "Line chart"), _last_month(chart)
        first, last = month_text(chart.months[0]), month_text(chart.months[-1])
        size = Bilingual(f"{first} 至 {last}", f"{first} to {last}")
    else:
        kind, found = Bilingual("直方图", "Histogram"), _fullest_bin(chart)
        size = Bilingual(f"{len(chart.edges) - 1} 组", f"{len(chart.edges) - 1} bins")
    return Bilingual(
        f"{kind.zh}，{size.zh}。{found.zh}数据见表。",
        f"{kind.en}, {size.en}. {found.en}The table has the data.",
    )


def _largest(series: tuple[Series, ...]) -> tuple[int, Series] | None:
    known = [
        (abs(value), -number, -place)
        for number, one in enumerate(series)
        for place, value in enumerate(one.values)
        if value is not None
    ]
    if not known:
        return None
    _, number, place = max(known)
    return -place, series[-number]


def _largest_bar(chart: BarChart) -> Bilingual:
    found = _largest(chart.series)
    if found is None:
        return Bilingual("", "")
    place, series = found
    name, value = chart.categories[place], series.values[place]
    return Bilingual(
        f"最大：{name.zh}，{series.label.zh} {with_unit(value, chart.unit, 'zh')}。",
        f"Largest: {name.en}, {series.label.en} {with_unit(value, chart.unit, 'en')}. ",
    )


def _last_month(chart: LineChart) -> Bilingual:
    ends = [(line.label, line.values[-1]) for line in chart.lines]
    zh = "；".join(f"{label.zh} {with_unit(value, chart.unit, 'zh')}" for label, value in ends)
    en = "; ".join(f"{label.en} {with_unit(value, chart.unit, 'en')}" for label, value in ends)
    return Bilingual(f"最后一月：{zh}。", f"Last month: {en}. ")


def _fullest_bin(chart: Histogram) -> Bilingual:
    found = _largest(chart.series)
    if found is None:
        return Bilingual("", "")
    place, series = found
    value = series.values[place]
    zh = f"{bin_texts(chart, 'zh')[place]} {edge_texts(chart, 'zh')[1]}"
    en = f"{bin_texts(chart, 'en')[place]} {edge_texts(chart, 'en')[1]}"
    return Bilingual(
        f"最多：{zh}，{with_unit(value, chart.counted, 'zh')}。",
        f"Most: {en}, {with_unit(value, chart.counted, 'en')}. ",
    )
