"""The page in a real browser, opened from disk without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sample_report as sample
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from chromium import chromium
from wenjiuye.population.report import BarChart, Report, Section, Series, write_html
from wenjiuye.rules.errors import Bilingual as B


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Opened:
    """A page opened from disk, with what it asked for and what went wrong."""

    def __init__(self, browser: Browser, path: Path, width: int, scheme: str) -> None:
        self.asked: list[str] = []
        self.wrong: list[str] = []
        context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".plot svg")

    def drawn(self) -> dict[str, int]:
        """Each chart with the number of shapes in its picture."""
        found: dict[str, int] = self.page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('[data-chart]')].map("
            "plot => [plot.dataset.chart, plot.querySelectorAll('svg path, svg rect').length]))"
        )
        return found

    def words(self, chart_id: str) -> str:
        return self.page.locator(f"#chart-{chart_id} .plot svg").text_content() or ""


def opened(
    browser: Browser, tmp_path: Path, report: Report, width: int = 1280, scheme: str = "light"
) -> Opened:
    path = tmp_path / "report.html"
    write_html(report, path, "zh")
    return Opened(browser, path, width, scheme)


@pytest.mark.parametrize("width", [390, 1280])
def test_every_chart_is_drawn_and_nothing_is_asked_for(browser: Browser, tmp_path: Path, width: int) -> None:
    view = opened(browser, tmp_path, sample.report(), width)
    drawn = view.drawn()
    assert list(drawn) == [chart.id for chart in sample.report().charts()]
    assert min(drawn.values()) > 3
    assert view.asked == [(tmp_path / "report.html").as_uri()]
    assert view.wrong == []


def test_the_button_changes_language_of_texts_charts_and_names(browser: Browser, tmp_path: Path) -> None:
    view = opened(browser, tmp_path, sample.report())
    page, button = view.page, view.page.locator("#language")
    assert (page.title(), button.inner_text()) == ("稳就业政策调整模拟", "English")
    assert "魏都区" in view.words("cost-by-county")
    button.focus()
    page.keyboard.press("Enter")
    assert (page.title(), button.inner_text()) == ("A changed employment policy, simulated", "中文")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").inner_text() == "A changed employment policy, simulated"
    assert "Weidu District" in view.words("cost-by-county")
    assert "魏都区" not in view.words("cost-by-county")
    label = page.locator("#chart-cost-by-county .plot").get_attribute("aria-label") or ""
    assert label.startswith("Cost by county. Bar chart")
    button.click()
    assert page.locator("h1").inner_text() == "稳就业政策调整模拟"


def test_the_data_of_a_chart_opens_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    page = opened(browser, tmp_path, sample.report()).page
    table = page.locator("#chart-cost-by-article-data")
    assert not table.is_visible()
    page.locator("#chart-cost-by-article summary").press("Enter")
    assert table.is_visible()
    assert "12,871,350.00" in table.inner_text()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, tmp_path: Path, width: int) -> None:
    page = opened(browser, tmp_path, sample.report(), width).page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("#language").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_charts_follow_the_width_the_theme_and_the_paper(browser: Browser, tmp_path: Path) -> None:
    view = opened(browser, tmp_path, sample.report(), 1280)
    page, picture = view.page, view.page.locator("#chart-cost-by-article .plot svg")
    before = picture.get_attribute("width") or ""
    page.set_viewport_size({"width": 700, "height": 900})
    expect(picture).not_to_have_attribute("width", before)
    expect(picture.locator("[fill='#114872']").first).to_be_attached()
    page.emulate_media(color_scheme="dark")
    expect(picture.locator("[fill='#62aecb']").first).to_be_attached()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert picture.get_attribute("width") == "680"
    assert "#114872" in picture.inner_html()
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "#62aecb" in picture.inner_html()
    assert page.locator("details[open]").count() == 0


def test_hostile_names_do_nothing_in_the_page_and_its_tooltips(browser: Browser, tmp_path: Path) -> None:
    evil = B("</script><img src=x onerror=\"document.title='broken'\">", "<b>")
    bars = BarChart(
        "evil", evil, sample.PERSONS, evil, (evil, evil), (Series(evil, (4, 5)), Series(evil, (3, 2)))
    )
    view = opened(browser, tmp_path, Report(evil, evil, (), (Section(evil, evil, (bars,)),)))
    view.page.locator(".plot").hover(position={"x": 900, "y": 60})
    expect(view.page.locator(".plot")).to_contain_text("4 人")
    assert view.page.title() == evil.zh
    assert view.page.locator("img").count() == 0
    assert view.wrong == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_axe_finds_no_violation(browser: Browser, tmp_path: Path, width: int, scheme: str) -> None:
    page = opened(browser, tmp_path, sample.report(), width, scheme).page
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    for _ in ("zh", "en"):
        results = Axe().run(page)
        assert [(found["id"], found["nodes"][0]["html"]) for found in results.response["violations"]] == []
        page.locator("#language").click()


def test_charts_of_nothing_known_of_one_value_and_of_losses_alone_are_drawn(
    browser: Browser, tmp_path: Path
) -> None:
    view = opened(browser, tmp_path, sample.extremes())
    assert min(view.drawn().values()) > 0
    assert view.wrong == []
    view.page.set_viewport_size({"width": 390, "height": 900})
    expect(view.page.locator(".plot svg").first).not_to_have_attribute("width", "1158")
    assert view.wrong == []
