"""A city run as a report: what is due and to whom, by article, fund, county and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from wenjiuye.policy.clauses import Document
from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population.report import (
    MONEY,
    BarChart,
    Column,
    Figure,
    Line,
    LineChart,
    Report,
    Section,
    Series,
    TablePart,
    counted,
)
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.policy import Policy

NOWHERE = Bilingual("不分县区或县区未知", "of no county, or unknown")
CASES = counted("项", "cases")


def city_report(totals: pl.DataFrame, policy: Policy, document: Document, title: Bilingual) -> Report:
    """The report of a run. totals: what `read_totals` answers."""
    days = sorted(totals["on"].unique())
    last = totals.filter(pl.col("on") == days[-1])
    paid = last.filter(pl.col("kind") == "benefit")
    return Report(
        title,
        Bilingual(
            f"决定日 {days[-1]}，规则版本 {policy.version}",
            f"decided as on {days[-1]}, rules {policy.version}",
        ),
        (
            Figure(
                Bilingual("待发补贴（已知）", "benefits still to be granted, as known"),
                fen(paid, "due"),
                MONEY,
            ),
            Figure(Bilingual("涉及", "in"), int(paid["entitled"].sum()), CASES),
            Figure(Bilingual("待定", "undetermined"), int(last["undetermined"].sum()), CASES),
        ),
        (
            _by(
                last,
                "article",
                articles(document),
                Bilingual("各条", "By article"),
                Bilingual("条", "article"),
            ),
            _by(
                last.filter(pl.col("fund").is_not_null()),
                "fund",
                funds(policy),
                Bilingual("各资金渠道", "By fund"),
                Bilingual("资金", "fund"),
            ),
            _by(
                last,
                "county",
                counties(),
                Bilingual("各县（市、区）", "By county"),
                Bilingual("县（市、区）", "county"),
            ),
            *([_months(totals, days)] if len({day.replace(day=1) for day in days}) == len(days) > 1 else []),
            _measures(last, policy),
        ),
    )


def fen(frame: pl.DataFrame, column: str) -> int:
    """What is known of a column of yuan, in fen."""
    total = frame.select((pl.col(column).sum() * 100).cast(pl.Int64))[column].item()
    return int(total or 0)


def known(sums: pl.Expr) -> pl.Expr:
    """The sum of what is known; null where nothing is."""
    return pl.when(sums.count() > 0).then(sums.sum())


def articles(document: Document) -> dict[str | None, Bilingual]:
    """Titles of articles by the id that sums carry."""
    return {f"a{a.no:02}": Bilingual(f"{a.no} {a.zh}", f"{a.no} {a.en}") for a in document.articles}


def funds(policy: Policy) -> dict[str | None, Bilingual]:
    """Titles of funds."""
    return {m.fund.id: Bilingual(m.fund.zh, m.fund.en) for m in policy.measures.values() if m.fund}


def counties() -> dict[str | None, Bilingual]:
    """Titles of counties, and of none."""
    return {**{name: Bilingual(*pair) for name, pair in Enterprise.county.members.items()}, None: NOWHERE}


def _by(
    totals: pl.DataFrame,
    column: str,
    titles: Mapping[str | None, Bilingual],
    title: Bilingual,
    axis: Bilingual,
) -> Section:
    """What is due by one column, and how many determinations there were."""
    found = (
        totals.group_by(column)
        .agg(known(pl.col("due").filter(pl.col("kind") == kind)).alias(kind) for kind in KINDS)
        .join(totals.group_by(column).agg(pl.col(*_COUNTS).sum()), on=column, nulls_equal=True)
    )
    by_name = {row[column]: row for row in found.to_dicts()}
    names = [name for name in titles if name in by_name]
    # What grants no money would be an empty row of the chart; the table has it.
    drawn = [name for name in names if any(by_name[name][kind] for kind in KINDS)]
    series = tuple(
        Series(
            label, tuple(_fen(by_name[name][kind]) for name in drawn), "" if kind == "benefit" else "quiet"
        )
        for kind, label in KINDS.items()
    )
    sums = Bilingual(f"{title.zh}金额", f"{title.en}: sums")
    labels = tuple(titles[name] for name in drawn)
    charts = (BarChart(f"by-{column}", sums, MONEY, axis, labels, series, stacked=True),) if drawn else ()
    columns = (
        Column(axis),
        *(Column(Bilingual(zh, en), CASES) for zh, en in _COUNTS.values()),
        *(Column(label, MONEY) for label in KINDS.values()),
    )
    rows = tuple(
        (titles[n], *(by_name[n][count] for count in _COUNTS), *(_fen(by_name[n][kind]) for kind in KINDS))
        for n in names
    )
    return Section(title, charts=charts, tables=(TablePart(title, columns, rows),))


KINDS = {
    "benefit": Bilingual("待发补贴（已知）", "benefits still due, known"),
    "relief": Bilingual("减免（已知）", "not collected, known"),
}
_COUNTS = {
    "eligible": ("符合", "eligible"),
    "undetermined": ("待定", "undetermined"),
    "ineligible": ("不符合", "ineligible"),
    "entitled": ("可发", "to be granted"),
}


def _fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else int(yuan * 100)


def _months(totals: pl.DataFrame, days: Sequence[dt.date]) -> Section:
    title = Bilingual("各月", "By month")
    lines = tuple(
        Line(
            label,
            tuple(
                fen(totals.filter((pl.col("on") == day) & (pl.col("kind") == kind)), "due") for day in days
            ),
        )
        for kind, label in KINDS.items()
    )
    return Section(
        title, charts=(LineChart("by-month", title, MONEY, tuple(d.replace(day=1) for d in days), lines),)
    )


def _cases(zh: str, en: str) -> Column:
    return Column(Bilingual(zh, en), CASES)


def _measures(totals: pl.DataFrame, policy: Policy) -> Section:
    title = Bilingual("各项措施", "Every measure")
    grouped = totals.group_by("measure").agg(
        pl.col("eligible", "undetermined", "entitled", "granted", "displaced").sum(), known(pl.col("due"))
    )
    found = {row["measure"]: row for row in grouped.to_dicts()}
    columns = (
        Column(Bilingual("条款", "clause")),
        Column(Bilingual("措施", "measure")),
        _cases("符合", "eligible"),
        _cases("待定", "undetermined"),
        _cases("可发", "to be granted"),
        _cases("已发", "granted before"),
        _cases("择优未取", "another goes first"),
        Column(Bilingual("待发（已知）", "still due, known"), MONEY),
    )
    rows = tuple(
        (
            m.clause,
            Bilingual(m.zh, m.en),
            *(found[m.id][c] for c in ("eligible", "undetermined", "entitled", "granted", "displaced")),
            _fen(found[m.id]["due"]),
        )
        for m in policy.measures.values()
        if m.id in found
    )
    return Section(title, tables=(TablePart(title, columns, rows),))
