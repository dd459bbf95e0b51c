"""The page is one file: nothing is fetched, nothing in a label is code, the same report gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample_report as sample

from wenjiuye.population.report import (
    MONEY,
    BarChart,
    Column,
    Figure,
    MissingPackageError,
    Report,
    Section,
    Series,
    TablePart,
    write_html,
)
from wenjiuye.population.report import html as page_module
from wenjiuye.population.report.html import html_text
from wenjiuye.rules.errors import Bilingual as B

EVIL = B('</script><script>alert(1)</script><b title="x">坏</b>&', "</SCRIPT><img src=x onerror=alert(1)>'\"")


class Page(HTMLParser):
    """What a browser would see: each element's attributes, scripts and texts."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self.inside = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts[-1] += data
        elif self.inside != "style":
            self.texts.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def evil_report() -> Report:
    chart = BarChart(
        "evil", EVIL, MONEY, EVIL, (EVIL, EVIL), (Series(EVIL, (1, 2)), Series(EVIL, (3, None))), note=EVIL
    )
    table = TablePart(
        EVIL, (Column(EVIL), Column(EVIL, MONEY)), (("</script><b>", 1), (EVIL, None)), note=EVIL
    )
    section = Section(EVIL, EVIL, (chart,), (table,))
    return Report(EVIL, EVIL, (Figure(EVIL, 1, MONEY, note=EVIL),), (section, section_of_nothing()))


def section_of_nothing() -> Section:
    return Section(EVIL)


def test_nothing_is_fetched_from_elsewhere() -> None:
    page = Page(html_text(sample.report(), "zh"))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"link", "img", "iframe", "object", "embed", "base", "form"}
    addresses = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "poster", "data") and value
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    own = [*page.scripts[2:], re.findall(r"<style>(.*?)</style>", html_text(sample.report(), "zh"), re.S)[0]]
    assert not [
        found for part in own for found in re.findall(r"https?://|url\(|@import|fetch\(|XMLHttp", part)
    ]


def test_the_browser_is_forbidden_to_fetch_and_to_run_anything_else() -> None:
    page = Page(html_text(sample.report(), "zh"))
    policy = next(meta["content"] for meta in page.named("meta") if "http-equiv" in meta) or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    prints = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in page.scripts[1:]
    ]
    assert re.findall(r"'sha256-([^']+)'", policy) == prints
    assert "unsafe-eval" not in policy


def test_labels_are_text_and_never_code() -> None:
    page = Page(html_text(evil_report(), "zh"))
    assert len(page.scripts) == 3
    assert not [tag for tag, _ in page.elements if tag in ("b", "img")]
    assert EVIL.zh in page.texts
    assert EVIL.en in page.texts
    data = json.loads(page.scripts[0])
    assert data["charts"][0]["zh"]["names"] == [EVIL.zh, EVIL.zh]
    assert not set("<>&") & set(page.scripts[0])


def test_both_languages_are_in_the_page_and_each_is_marked() -> None:
    content = html_text(sample.report(), "en")
    for section in sample.report().sections:
        assert f'<span lang="zh-CN">{section.title.zh}</span>' in content
        assert f'<span lang="en">{section.title.en}</span>' in content
    assert '<html lang="en">' in content
    assert '<html lang="zh-CN">' in html_text(sample.report(), "zh")


def test_every_chart_has_its_table_with_exact_figures() -> None:
    page = Page(html_text(sample.report(), "zh"))
    plots = [attributes["data-chart"] for attributes in page.named("div") if "data-chart" in attributes]
    regions = {attributes.get("id") for attributes in page.named("div")}
    assert plots == [chart.id for chart in sample.report().charts()]
    assert {f"chart-{name}-data" for name in plots} <= regions
    assert "12,871,350.00" in page.texts


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    page = Page(html_text(sample.report(), "zh"))
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [link["href"] or "" for link in page.named("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_figures_that_add_up_share_a_scale() -> None:
    texts = Page(html_text(sample.report(), "zh")).texts
    assert {"57,820.00 万元", "9,400.06 万元", "1,220.00 万元", "66,000.06 万元"} <= set(texts)


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    write_html(sample.report(), tmp_path / "a.html", "zh")
    write_html(sample.report(), tmp_path / "b.html", "zh")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_chart_library_keeps_its_licence_and_is_of_the_major_version_that_the_script_is_for() -> None:
    library = Page(html_text(sample.report(), "zh")).scripts[1]
    assert "Licensed to the Apache Software Foundation" in library
    assert re.search(r'version="5\.\d+\.\d+"', library)


def test_a_missing_chart_library_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "_LIBRARY_PACKAGE", "no_such_package_at_all")
    page_module._library.cache_clear()
    with pytest.raises(MissingPackageError, match="install this program again"):
        html_text(sample.report(), "zh")
