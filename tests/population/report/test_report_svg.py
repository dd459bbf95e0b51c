"""A chart's SVG is well-formed, says all names and fetches nothing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import sample_report as sample

from wenjiuye.population.report import BarChart, Chart, LineChart, Series, write_svg
from wenjiuye.population.report.model import Lang
from wenjiuye.population.report.svg import svg_text
from wenjiuye.population.report.tokens import LIGHT
from wenjiuye.rules.errors import Bilingual as B

CHARTS = {chart.id: chart for chart in sample.report().charts()}
SVG = "{http://www.w3.org/2000/svg}"


def told(chart: Chart, lang: Lang, width: int = 960) -> str:
    """Every text of the picture, names that are shown shortened in full."""
    return " ".join(ET.fromstring(svg_text(chart, lang, width=width)).itertext())


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", CHARTS)
def test_every_name_stands_in_the_picture(name: str, lang: Lang) -> None:
    chart = CHARTS[name]
    words = told(chart, lang)
    series = chart.lines if isinstance(chart, LineChart) else chart.series
    shown = [] if len(series) == 1 else [one.label for one in series]
    categories = [*chart.categories] if isinstance(chart, BarChart) else []
    for text in (chart.title, *shown, *categories):
        assert getattr(text, lang) in words


def test_a_name_that_has_no_room_is_shortened_and_told_in_full() -> None:
    chart = CHARTS["cost-by-county"]
    picture = svg_text(chart, "en", width=420)
    assert "Urban-Rural Integrat" in picture
    assert "…<title>" in picture
    assert "Urban-Rural Integration Demonstration Zone" in told(chart, "en", 420)


def test_hostile_names_stay_text() -> None:
    evil = B('</svg><script>"', "a & b <c>")
    chart = BarChart("evil", evil, sample.PERSONS, evil, (evil,), (Series(evil, (1,)), Series(evil, (2,))))
    root = ET.fromstring(svg_text(chart, "zh"))
    assert not list(root.iter(f"{SVG}script"))
    assert evil.zh in "".join(root.itertext())
    assert evil.en in told(chart, "en")


def test_a_picture_fetches_nothing_and_is_the_same_each_time(tmp_path: Path) -> None:
    for chart in CHARTS.values():
        write_svg(chart, tmp_path / "a.svg", "zh")
        write_svg(chart, tmp_path / "b.svg", "zh")
        written = (tmp_path / "a.svg").read_bytes()
        assert written == (tmp_path / "b.svg").read_bytes()
        assert b"href" not in written
        assert written.count(b"http") == written.count(b'xmlns="http://www.w3.org/2000/svg"') == 1


def test_bars_are_as_long_as_their_values() -> None:
    root = ET.fromstring(svg_text(CHARTS["coverage"], "zh"))
    widths = [
        float(bar.get("width", "0")) for bar in root.iter(f"{SVG}rect") if bar.get("fill") == LIGHT["c1"]
    ]
    assert [round(width / widths[0], 3) for width in widths] == [1, 0.93, 0.656, 0.079]


def test_losses_go_to_the_other_side_of_nothing() -> None:
    root = ET.fromstring(svg_text(CHARTS["change-by-gender"], "en"))
    bars = [bar for bar in root.iter(f"{SVG}rect") if bar.get("height") == "17"]
    gains = [bar for bar in bars if bar.get("fill") == LIGHT["c1"]]
    losses = [bar for bar in bars if bar not in gains]
    nothing = float(gains[0].get("x", "0"))
    assert len(gains) == len(losses) == 2
    for bar in losses:
        assert float(bar.get("x", "0")) + float(bar.get("width", "0")) == pytest.approx(nothing, abs=0.02)


def test_a_forecast_is_dashed_and_a_band_is_drawn() -> None:
    paths = list(ET.fromstring(svg_text(CHARTS["cost-by-month"], "zh")).iter(f"{SVG}path"))
    assert sum(path.get("stroke-dasharray") == "6 4" for path in paths) == 2
    assert sum(path.get("fill-opacity") == "0.16" for path in paths) == 1


def test_nothing_is_drawn_outside_the_picture() -> None:
    for chart in CHARTS.values():
        root = ET.fromstring(svg_text(chart, "en"))
        height = float(root.get("height", "0"))
        lowest = max(float(text.get("y", "0")) for text in root.iter(f"{SVG}text"))
        assert 0 < height - 20 - lowest < 60


def test_charts_at_the_edge_are_drawn_with_numbers_that_exist() -> None:
    for chart in sample.extremes().charts():
        root = ET.fromstring(svg_text(chart, "zh"))
        written = " ".join(value for one in root.iter() for value in one.attrib.values())
        assert "nan" not in written
        assert "inf" not in written
        assert all(float(bar.get("width", "0")) >= 0 for bar in root.iter(f"{SVG}rect"))
