"""The parts of the page as HTML, each text in both languages; the page's style shows one of them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from wenjiuye.population.report.amounts import cell_text, chart_scale, exact, scale_for, unit_name, with_unit
from wenjiuye.population.report.model import (
    BarChart,
    Cell,
    Chart,
    Column,
    Figure,
    Lang,
    LineChart,
    Report,
    Section,
    TablePart,
)
from wenjiuye.population.report.spoken import description
from wenjiuye.population.report.tables import table_of
from wenjiuye.rules.errors import Bilingual

LANGUAGES: tuple[Lang, Lang] = ("zh", "en")
TAGS: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
_MARK = (
    '<svg viewBox="0 0 42 22" width="34" height="18" aria-hidden="true"><rect x="1.2" y="3" width="39.6" height="16" '
    'rx="8" fill="none" stroke="currentColor" stroke-width="2.4"/><path d="M14 3v16M28 3v16" stroke="currentColor" '
    'stroke-width="2"/><circle class="bub" cx="21" cy="11" r="4.6"/></svg>'
)


def words(text: Bilingual) -> str:
    """A text in both languages, or once where they agree."""
    if text.zh == text.en:
        return escape(text.zh)
    return f'<span lang="zh-CN">{escape(text.zh)}</span><span lang="en">{escape(text.en)}</span>'


def _pair(zh: str, en: str) -> str:
    return words(Bilingual(zh, en))


# ── The page


def top(lang: Lang) -> str:
    """The bar with the name of the product and the button that changes the language."""
    other: Lang = "en" if lang == "zh" else "zh"
    names = {"zh": "中文", "en": "English"}
    return (
        f'<a class="skip" href="#main">{_pair("跳到正文", "Skip to the content")}</a>\n'
        f'<header class="bar"><span class="brand">{_MARK}{_pair("稳就业", "wenjiuye")}</span>'
        f'<button type="button" id="language" lang="{TAGS[other]}">{names[other]}</button></header>'
    )


def heading(report: Report) -> str:
    """Title, key figures and, where there are several sections, the way to each."""
    lines = [f"<h1>{words(report.title)}</h1>", f'<p class="lede">{words(report.subtitle)}</p>']
    if report.facts:
        shown = (_figure(figure, sum_) for sum_ in _sums(report.facts) for figure in sum_)
        lines.append(f'<div class="panel key"><dl class="figures">{"".join(shown)}</dl>')
        lines.append(f"<details><summary>{_pair('精确数', 'Exact figures')}</summary>")
        lines.append(f"{_table('exact-figures', _exact(report.facts))}</details></div>")
    if len(report.sections) > 1:
        links = "".join(
            f'<li><a href="#s{number}">{words(section.title)}</a></li>'
            for number, section in enumerate(report.sections, 1)
        )
        label = _attributes("aria-label", Bilingual("目录", "Contents"))
        lines.append(f'<nav class="contents" {label}><ul>{links}</ul></nav>')
    return "\n".join(lines)


def _attributes(name: str, text: Bilingual) -> str:
    """An attribute that the script changes with the language; both texts ride along."""
    return f'{name}="{escape(text.zh)}" data-zh="{escape(text.zh)}" data-en="{escape(text.en)}"'


def _sums(figures: tuple[Figure, ...]) -> list[list[Figure]]:
    """The figures in groups: a first one and those that follow it with an operator."""
    groups: list[list[Figure]] = []
    for figure in figures:
        if figure.sign and groups:
            groups[-1].append(figure)
        else:
            groups.append([figure])
    return groups


def _exact(figures: tuple[Figure, ...]) -> TablePart:
    """The key figures with their units, to the fen."""
    zh, en = ([with_unit(figure.value, figure.unit, lang) for figure in figures] for lang in LANGUAGES)
    rows = tuple((figure.label, Bilingual(*pair)) for figure, *pair in zip(figures, zh, en, strict=True))
    columns = (Column(Bilingual("指标", "figure")), Column(Bilingual("数值", "value")))
    return TablePart(Bilingual("主要数字", "Key figures"), columns, rows)


def _figure(figure: Figure, together: list[Figure]) -> str:
    sign = f'<span class="sign">{figure.sign}</span>' if figure.sign else ""
    short = _pair(_short(figure, together, "zh"), _short(figure, together, "en"))
    sides = f"<small>{words(figure.note)}</small>" if figure.note else ""
    kind = {"=": ' class="is-result"', "": ""}.get(figure.sign, ' class="is-term"')
    return f"<div{kind}><dt>{words(figure.label)}{sides}</dt><dd>{sign}{short}</dd></div>"


def _short(figure: Figure, together: list[Figure], lang: Lang) -> str:
    """The figure in the scale of the smallest one of its sum, so that the sum can be followed."""
    if figure.unit.kind != "money" or figure.value is None:
        unit = "" if figure.unit.kind == "share" else f" {unit_name(figure.unit, lang)}"
        return exact(figure.value, figure.unit) + unit
    sizes = [abs(one.value) for one in together if one.unit.kind == "money" and one.value]
    scale = scale_for(figure.unit, (min(sizes, default=0),), lang)
    return f"{scale.short(figure.value)} {scale.name}"


def section(number: int, content: Section) -> str:
    """A section: text, charts two abreast where they are small, tables."""
    lines = [f'<section aria-labelledby="s{number}"><h2 id="s{number}">{words(content.title)}</h2>']
    if content.text:
        lines.append(_paragraphs(content.text))
    if content.charts:
        lines.append(f'<div class="charts">{"".join(_charts(content.charts))}</div>')
    for place, table in enumerate(content.tables, 1):
        lines.append(_panel_table(f"s{number}t{place}", table))
    return "\n".join((*lines, "</section>"))


def _paragraphs(text: Bilingual) -> str:
    return _in_one(text.zh, "zh") + _in_one(text.en, "en")


def _in_one(text: str, lang: Lang) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "".join(f'<p class="text" lang="{TAGS[lang]}">{escape(line)}</p>' for line in lines if line)


# ── Charts


def _charts(charts: tuple[Chart, ...]) -> Iterator[str]:
    """The charts in their order; a small one without a neighbour takes the whole row."""
    waiting: Chart | None = None
    for chart in charts:
        if _is_wide(chart):
            if waiting:
                yield _chart(waiting, wide=True)
                waiting = None
            yield _chart(chart, wide=True)
        elif waiting:
            yield _chart(waiting, wide=False) + _chart(chart, wide=False)
            waiting = None
        else:
            waiting = chart
    if waiting:
        yield _chart(waiting, wide=True)


def _is_wide(chart: Chart) -> bool:
    if isinstance(chart, BarChart):
        if chart.direction == "vertical":
            return len(chart.categories) * len(chart.series) > 16
        return len(chart.categories) * (1 if chart.stacked else len(chart.series)) > 12
    return isinstance(chart, LineChart) or len(chart.edges) > 13


def _chart(chart: Chart, *, wide: bool) -> str:
    label = Bilingual(
        f"{chart.title.zh}。{description(chart).zh}", f"{chart.title.en}. {description(chart).en}"
    )
    note = f'<p class="note">{words(chart.note)}</p>' if chart.note else ""
    return (
        f'<figure class="panel{" wide" if wide else ""}" id="chart-{chart.id}">'
        f'<figcaption><h3>{words(chart.title)}</h3><span class="unit">{_unit(chart)}</span></figcaption>'
        f'<div class="plot" role="img" {_attributes("aria-label", label)} data-chart="{chart.id}"></div>{note}'
        f"<details><summary>{_pair('数据表', 'Data')}</summary>{_table(f'chart-{chart.id}-data', table_of(chart))}"
        "</details></figure>\n"
    )


def _unit(chart: Chart) -> str:
    return _pair(chart_scale(chart, "zh").name, chart_scale(chart, "en").name)


# ── Tables


def _panel_table(table_id: str, table: TablePart) -> str:
    note = f'<p class="note">{words(table.note)}</p>' if table.note else ""
    return (
        f'<div class="panel table"><h3 id="{table_id}-title">{words(table.title)}</h3>'
        f"{_table(table_id, table)}{note}</div>"
    )


def _table(table_id: str, table: TablePart) -> str:
    head = "".join(_head(column) for column in table.columns)
    body = "".join(f"<tr>{_row(table, row)}</tr>" for row in table.rows)
    total = f"<tfoot><tr>{_row(table, table.total)}</tr></tfoot>" if table.total else ""
    label = _attributes(
        "aria-label", Bilingual(f"{table.title.zh}，可左右滚动", f"{table.title.en}, scrolls sideways")
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" id="{table_id}" {label}><table>'
        f'<caption class="hidden">{words(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{total}</table></div>"
    )


def _head(column: Column) -> str:
    """A column's head; its unit is left out where the head says nothing else."""
    label, unit = column.label, column.unit
    if unit is None:
        return f'<th scope="col">{words(label)}</th>'
    told = Bilingual("", "") if unit.kind == "share" else unit.noun
    zh = f"{label.zh}（{told.zh}）" if told.zh and told.zh != label.zh else label.zh
    en = f"{label.en}, {told.en}" if told.en and told.en != label.en else label.en
    return f'<th scope="col" class="n">{_pair(zh, en)}</th>'


def _row(table: TablePart, row: tuple[Cell, ...]) -> str:
    cells = []
    for place, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
        text = words(Bilingual(cell_text(cell, column.unit, "zh"), cell_text(cell, column.unit, "en")))
        numeric = ' class="n"' if column.unit else ""
        cells.append(f'<th scope="row">{text}</th>' if not place else f"<td{numeric}>{text}</td>")
    return "".join(cells)
