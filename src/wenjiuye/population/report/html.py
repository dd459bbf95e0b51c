"""A report as one HTML file that needs nothing but a browser: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path

from wenjiuye.population.errors import MissingPackageError
from wenjiuye.population.report import page_parts as part
from wenjiuye.population.report.model import Lang, Report
from wenjiuye.population.report.page_data import page_data
from wenjiuye.population.report.tokens import style_sheet
from wenjiuye.rules.errors import Bilingual

_LIBRARY_PACKAGE, _LIBRARY_FILE = "xlsx2echarts", "static/echarts.min.js"
_NOTICE = Bilingual(
    "图由 Apache ECharts 绘制（Apache 许可证 2.0），已包含在本文件中。",
    "Charts are drawn by Apache ECharts (Apache License 2.0), which is part of this file.",
)


def write_html(report: Report, path: Path | str, lang: Lang) -> None:
    """Write the page; it opens in `lang` and changes language by a button. The same report gives the same bytes."""
    Path(path).write_text(html_text(report, lang), "utf-8", newline="\n")


def html_text(report: Report, lang: Lang) -> str:
    """The page as text; a policy in its head forbids the browser to fetch anything or to run another script."""
    scripts = (_library(), _own("page.js"))
    title = getattr(report.title, lang)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{part.TAGS[lang]}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{style_sheet()}{_own('page.css')}</style>",
            "</head>",
            "<body>",
            part.top(lang),
            '<main id="main">',
            part.heading(report),
            *(part.section(number, section) for number, section in enumerate(report.sections, 1)),
            "</main>",
            f'<footer class="foot">{part.words(_NOTICE)}</footer>',
            f'<script type="application/json" id="data">{_json(report)}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body>",
            "</html>",
            "",
        )
    )


def _json(report: Report) -> str:
    """The data as JSON in which nothing can end the element that holds it."""
    data = {
        "title": {"zh": report.title.zh, "en": report.title.en},
        "charts": [page_data(chart) for chart in report.charts()],
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _policy(scripts: tuple[str, ...]) -> str:
    prints = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    return (
        f"default-src 'none'; script-src {prints}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _own(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8").replace("\r\n", "\n").strip()


@cache
def _library() -> str:
    """Apache ECharts as the package excel-chart-echarts carries it, with its licence in its first lines."""
    try:
        return (files(_LIBRARY_PACKAGE) / _LIBRARY_FILE).read_text("utf-8").replace("\r\n", "\n").strip()
    except (ModuleNotFoundError, FileNotFoundError):
        raise MissingPackageError(
            "缺少图表库：包 excel-chart-echarts 未安装或不完整，请重新安装本软件",
            "the chart library is missing: the package excel-chart-echarts is not installed or not complete; "
            "install this program again",
        ) from None
