"""A report that does not fit together is refused where it is made."""

from __future__ import annotations

import datetime as dt

import pytest
import sample_report as sample

from wenjiuye.population.report import (
    MONEY,
    BarChart,
    Column,
    Histogram,
    Line,
    LineChart,
    Report,
    ReportError,
    Section,
    Series,
    TablePart,
    table_of,
)
from wenjiuye.rules.errors import Bilingual as B

NAME = B("名", "name")


def bars(chart_id: str = "bars", values: tuple[int, ...] = (1, 2)) -> BarChart:
    return BarChart(chart_id, NAME, MONEY, NAME, (NAME, NAME), (Series(NAME, values),))


def test_a_series_has_a_value_for_every_category() -> None:
    with pytest.raises(ReportError, match="chart bars: name has 3 values, not 2"):
        bars(values=(1, 2, 3))


def test_a_chart_without_data_is_refused() -> None:
    with pytest.raises(ReportError, match="chart none has no data"):
        BarChart("none", NAME, MONEY, NAME, (), ())


def test_an_id_can_stand_in_an_address() -> None:
    with pytest.raises(ReportError, match="use lower-case letters"):
        bars('x" onclick="')


def test_no_two_charts_of_a_report_share_an_id() -> None:
    with pytest.raises(ReportError, match="chart id bars is used twice"):
        Report(NAME, NAME, (), (Section(NAME, None, (bars(), bars())),))


def test_months_ascend() -> None:
    months = (dt.date(2020, 2, 1), dt.date(2020, 1, 1))
    with pytest.raises(ReportError, match="months in ascending order"):
        LineChart("months", NAME, MONEY, months, (Line(NAME, (1, 2)),))


def test_a_band_has_two_ends_of_full_length() -> None:
    months = (dt.date(2020, 1, 1), dt.date(2020, 2, 1))
    with pytest.raises(ReportError, match="both ends of the band"):
        LineChart("band", NAME, MONEY, months, (Line(NAME, (1, 2), lower=(0, 1)),))
    with pytest.raises(ReportError, match="name has 1 values, not 2"):
        LineChart("band", NAME, MONEY, months, (Line(NAME, (1, 2), (0,), (2, 3)),))


@pytest.mark.parametrize("edges", [(0, 0, 1), (None, 1, 2), (0, None, 2)])
def test_the_edges_of_bins_ascend_and_only_the_last_is_open(edges: tuple[int | None, ...]) -> None:
    with pytest.raises(ReportError, match="edges in ascending order"):
        Histogram("bins", NAME, MONEY, edges, sample.PERSONS, (Series(NAME, (1, 2)),))


def test_a_row_has_a_cell_for_every_column() -> None:
    with pytest.raises(ReportError, match="row 1: 1 cells, not 2"):
        TablePart(NAME, (Column(NAME), Column(NAME, MONEY)), (("a",),))


def test_the_table_of_stacked_bars_adds_them_up() -> None:
    table = table_of(sample.by_fund())
    assert [column.label.en for column in table.columns] == [
        "fund",
        "paid",
        "committed",
        "reserved",
        "together",
    ]
    assert list(table.rows[0][1:]) == [
        5912 * sample.WAN,
        1204 * sample.WAN,
        688 * sample.WAN,
        7804 * sample.WAN,
    ]


def test_the_table_of_lines_holds_both_ends_of_the_band() -> None:
    table = table_of(sample.by_month())
    assert [column.label.en for column in table.columns] == [
        "month",
        "as changed",
        "as changed, lower",
        "as changed, upper",
        "as it is",
    ]
    assert table.rows[-1] == ("2021-06", *(value * sample.WAN for value in (655, 558, 752, 460)))


def test_the_table_of_bins_names_each_and_the_open_one() -> None:
    rows = table_of(sample.amounts()).rows
    assert (rows[1][0], rows[-1][0]) == (B("0.05 – 0.1", "500 – 1,000"), B("≥ 2", "≥ 20,000"))
    assert [row[1] for row in rows] == list(sample.amounts().series[0].values)
