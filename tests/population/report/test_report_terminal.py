"""Bars in a terminal: within its width, told apart without colour, in any encoding."""

from __future__ import annotations

import io

import pytest
import sample_report as sample
from rich.cells import cell_len
from rich.console import Console

from wenjiuye.population.report import BarChart, terminal_bars
from wenjiuye.population.report.model import Lang

CHARTS = {chart.id: chart for chart in sample.report().charts() if isinstance(chart, BarChart)}


class Gbk(io.StringIO):
    """A stream of a terminal whose encoding is that of Chinese Windows."""

    encoding = "gbk"


def shown(chart: BarChart, lang: Lang, width: int = 80, file: io.StringIO | None = None) -> list[str]:
    stream = file or io.StringIO()
    terminal_bars(Console(file=stream, width=width, no_color=True), chart, lang)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_no_line_is_wider_than_the_terminal(name: str, lang: Lang, width: int) -> None:
    assert max(cell_len(line) for line in shown(CHARTS[name], lang, width)) <= width


def test_every_number_is_written_whole_at_80_columns() -> None:
    text = "\n".join(shown(CHARTS["cost-by-article"], "zh"))
    for number in ("91.34", "1,287.14", "0.00", "944.07"):
        assert f" {number}" in text


def test_bars_begin_in_one_column_however_wide_the_names() -> None:
    lines = shown(CHARTS["cost-by-county"], "zh")[2:]
    starts = {cell_len(line[: line.index(mark)]) for line in lines for mark in "█▒" if mark in line}
    assert len(starts) == 1


def test_nothing_stands_in_one_column_between_gains_and_losses() -> None:
    lines = shown(CHARTS["change-by-age"], "zh")[2:]
    assert len({cell_len(line[: line.index("█")]) for line in lines}) == 1
    assert all(line.index("▒") < line.index("█") for line in lines)


def test_series_differ_without_colour() -> None:
    legend = shown(CHARTS["cost-by-fund"], "en")[1]
    assert legend == "██ paid   ▒▒ committed   ░░ reserved"


def test_a_stack_is_as_long_as_its_sum() -> None:
    first, second, *_ = shown(CHARTS["cost-by-fund"], "zh")[2:]
    lengths = [sum(line.count(mark) for mark in "█▒░") for line in (first, second)]
    assert lengths[0] / lengths[1] == pytest.approx(7804 / 12214, abs=0.02)


def test_an_encoding_without_blocks_gets_plain_characters() -> None:
    text = "\n".join(shown(CHARTS["change-by-size"], "zh", file=Gbk()))
    assert "####" in text
    text.encode("gbk", errors="replace")
    assert not set("█▒░") & set(text)


def test_an_unknown_value_is_a_dash_and_nothing_is_a_number() -> None:
    assert shown(CHARTS["cost-by-county"], "zh")[-1].strip() == "–"
    assert any(line.endswith(" 0.00") for line in shown(CHARTS["cost-by-article"], "zh"))


def test_charts_at_the_edge_stay_within_the_terminal() -> None:
    for chart in sample.extremes().charts():
        if isinstance(chart, BarChart):
            assert max(cell_len(line) for line in shown(chart, "zh")) <= 80
