"""The numbers of a chart as a table: what the picture shows, exactly."""

from __future__ import annotations

from wenjiuye.population.report.amounts import bin_texts, edge_texts, month_text
from wenjiuye.population.report.model import BarChart, Cell, Chart, Column, Histogram, LineChart, TablePart
from wenjiuye.rules.errors import Bilingual


def table_of(chart: Chart) -> TablePart:
    """Every value of a chart, one row a category, month or bin."""
    if isinstance(chart, BarChart):
        return _bars(chart)
    return _lines(chart) if isinstance(chart, LineChart) else _bins(chart)


def _bars(chart: BarChart) -> TablePart:
    columns = [Column(chart.axis), *(Column(series.label, chart.unit) for series in chart.series)]
    rows: list[tuple[Cell, ...]] = [
        (name, *(series.values[place] for series in chart.series))
        for place, name in enumerate(chart.categories)
    ]
    if chart.stacked and len(chart.series) > 1:
        columns.append(Column(Bilingual("合计", "together"), chart.unit))
        rows = [(*row, _total(row[1:])) for row in rows]
    return TablePart(chart.title, tuple(columns), tuple(rows))


def _total(cells: tuple[Cell, ...]) -> Cell:
    known = [cell for cell in cells if isinstance(cell, (int, float))]
    return sum(known) if known else None


def _lines(chart: LineChart) -> TablePart:
    columns, values = [Column(Bilingual("月份", "month"))], []
    for line in chart.lines:
        columns.append(Column(line.label, chart.unit))
        values.append(line.values)
        if line.lower is not None and line.upper is not None:
            columns.append(Column(_with(line.label, "下限", "lower"), chart.unit))
            columns.append(Column(_with(line.label, "上限", "upper"), chart.unit))
            values += [line.lower, line.upper]
    rows = tuple((month_text(month), *cells) for month, *cells in zip(chart.months, *values, strict=True))
    return TablePart(chart.title, tuple(columns), rows)


def _with(label: Bilingual, zh: str, en: str) -> Bilingual:
    return Bilingual(f"{label.zh}，{zh}", f"{label.en}, {en}")


def _bins(chart: Histogram) -> TablePart:
    head = Bilingual(f"区间（{edge_texts(chart, 'zh')[1]}）", f"from – under, {edge_texts(chart, 'en')[1]}")
    columns = (Column(head), *(Column(series.label, chart.counted) for series in chart.series))
    names = (Bilingual(zh, en) for zh, en in zip(bin_texts(chart, "zh"), bin_texts(chart, "en"), strict=True))
    rows = tuple(
        (name, *(series.values[place] for series in chart.series)) for place, name in enumerate(names)
    )
    return TablePart(chart.title, columns, rows)
