"""Charts and tables of a comparison, from its sums: cost, winners and losers, amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import polars as pl

from wenjiuye.population.report import (
    MONEY,
    BarChart,
    Column,
    Histogram,
    Line,
    LineChart,
    Series,
    TablePart,
    counted,
)
from wenjiuye.population.simulation import cost, labels
from wenjiuye.population.simulation.changes import CLASSES, WHOLE
from wenjiuye.population.simulation.simulate import BASELINE, Simulation
from wenjiuye.population.simulation.spread import EDGES, QUANTILES
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.policy import Policy

ROWS = counted("行", "rows")
BEFORE, AFTER = Bilingual("现行", "in force"), Bilingual("改革", "reform")
DIFFERENCE = Bilingual("差额", "difference")
GAINED, LOST = Bilingual("获益", "gained"), Bilingual("受损", "lost")
Name = Callable[[str | None], Bilingual]
_TONES: Mapping[str, Literal["gain", "loss", "quiet"]] = {
    "newly": "gain",
    "more": "gain",
    "no_longer": "loss",
    "less": "loss",
    "open": "quiet",
}


def fen(yuan: Decimal | None) -> int | None:
    """A sum of a table in fen."""
    return None if yuan is None else int(yuan * 100)


def cost_chart(chart_id: str, title: Bilingual, axis: Bilingual, rows: pl.DataFrame, name: Name) -> BarChart:
    """Baseline and reform over the first column of `rows`, a table of `cost.table`."""
    by = rows.columns[2]
    return BarChart(
        chart_id,
        title,
        MONEY,
        axis,
        tuple(name(value) for value in rows[by]),
        (
            Series(BEFORE, tuple(fen(value) for value in rows["baseline_due"]), "quiet"),
            Series(AFTER, tuple(fen(value) for value in rows["reform_due"])),
        ),
    )


def difference_chart(
    chart_id: str, title: Bilingual, axis: Bilingual, rows: pl.DataFrame, name: Name
) -> BarChart:
    """What the reform costs more (or less) over the first column of `rows`."""
    by = rows.columns[2]
    values = tuple(fen(value) for value in rows["difference_due"])
    return BarChart(
        chart_id, title, MONEY, axis, tuple(name(value) for value in rows[by]), (Series(DIFFERENCE, values),)
    )


def cost_table(title: Bilingual, axis: Bilingual, rows: pl.DataFrame, name: Name) -> TablePart:
    """Exact sums with bounds over the first column of `rows`."""
    by = rows.columns[2]
    shown = (
        ("baseline_due", BEFORE),
        ("reform_due", AFTER),
        ("difference_due", DIFFERENCE),
        ("difference_low", Bilingual("差额至少", "difference, at least")),
        ("difference_high", Bilingual("差额至多", "difference, at most")),
        ("reform_expected_due", Bilingual("改革，计入申领率", "reform, with take-up")),
    )
    unknown = Bilingual("金额未知", "sums not known")
    return TablePart(
        title,
        (Column(axis), *(Column(label, MONEY) for _, label in shown), Column(unknown, ROWS)),
        tuple(
            (
                name(row[by]),
                *(fen(row[column]) for column, _ in shown),
                row["reform_unknown"] + row["reform_open"],
            )
            for row in rows.iter_rows(named=True)
        ),
        note=Bilingual(
            "“–”：没有已知数；上限为“–”即无上限。", "“–”: nothing is known; as an upper end: none."
        ),
    )


def months_chart(found: Simulation) -> LineChart:
    """What is due at the end of each month, with bounds where both ends exist in every month."""
    rows = cost.table(found.cost, []).sort("on")
    months = tuple(day.replace(day=1) for day in found.days)
    first = rows.filter(pl.col("reform") == found.scenarios[0].name)
    lines = [_line(BEFORE, "baseline", first)]
    for scenario in found.scenarios:
        name = Bilingual(scenario.name, scenario.name)
        lines.append(_line(name, "reform", rows.filter(pl.col("reform") == scenario.name)))
    bounded = any(line.lower is not None for line in lines)
    return LineChart(
        "cost-by-month",
        Bilingual("各月末应付而未付", "Due and not yet granted at the end of each month"),
        MONEY,
        months,
        tuple(lines),
        band=Bilingual("未知事实的上下限", "bounds from what is not known") if bounded else None,
        note=Bilingual(
            "各月不能相加：未发放的款项每月仍在。", "Months do not add up: what is not granted stays due."
        ),
    )


def _line(label: Bilingual, side: str, rows: pl.DataFrame) -> Line:
    low, high = (tuple(fen(v) for v in rows[f"{side}_{end}"]) for end in ("low", "high"))
    values = tuple(fen(v) for v in rows[f"{side}_due"])
    return Line(label, values) if None in high else Line(label, values, low, high)


# ── Winners and losers


def classes_chart(policy: Policy, chart_id: str, rows: pl.DataFrame) -> BarChart | None:
    """How many rows of each subject gain, lose or stay open; `rows` of one scenario and day. None: nobody."""
    whole = rows.filter((pl.col("dimension") == WHOLE) & (pl.col("class") != "unchanged"))
    if not whole.height:
        return None
    subjects = [name for name in policy.subjects if name in set(whole["subject"])]
    classes = [name for name in CLASSES if name in set(whole["class"])]
    return BarChart(
        chart_id,
        Bilingual("受影响的对象", "Who is affected"),
        ROWS,
        Bilingual("对象", "subject"),
        tuple(labels.subject(policy, name) for name in subjects),
        tuple(
            Series(
                labels.CLASS_NAMES[one],
                tuple(_rows(whole, subject, one) for subject in subjects),
                _TONES[one],
            )
            for one in classes
        ),
    )


def _rows(whole: pl.DataFrame, subject: str, one: str) -> int:
    return int(whole.filter((pl.col("subject") == subject) & (pl.col("class") == one))["rows"].sum())


def gains_chart(
    policy: Policy, chart_id: str, subject: str, dimension: str, rows: pl.DataFrame
) -> BarChart | None:
    """Sums gained and lost by one attribute. None where nobody gains or loses."""
    mine = rows.filter((pl.col("subject") == subject) & (pl.col("dimension") == dimension))
    sums = in_order(
        policy, dimension, mine.group_by("value").agg(pl.col("gained", "lost").sum().cast(pl.Int64)), "value"
    )
    sums = sums.filter((pl.col("gained") > 0) | (pl.col("lost") > 0))
    if not sums.height:
        return None
    who, by = labels.subject(policy, subject), labels.DIMENSION_NAMES[dimension]
    return BarChart(
        chart_id,
        Bilingual(f"{who.zh}：按{by.zh}", f"{who.en}: by {by.en}"),
        MONEY,
        by,
        tuple(labels.member(policy, dimension, value) for value in sums["value"]),
        (
            Series(GAINED, tuple(sums["gained"]), "gain"),
            Series(LOST, tuple(-lost for lost in sums["lost"]), "loss"),
        ),
        stacked=True,
    )


def changes_table(policy: Policy, subject: str, rows: pl.DataFrame) -> TablePart:
    """Rows by attribute and class with what they gain and lose."""
    mine = rows.filter(pl.col("subject") == subject)
    who = labels.subject(policy, subject)
    wide = mine.group_by("dimension", "value").agg(
        *(pl.col("rows").filter(pl.col("class") == one).sum().alias(one) for one in CLASSES),
        pl.col("gained", "lost").sum().cast(pl.Int64),
    )
    lines = []
    for dimension in [name for name in labels.DIMENSION_NAMES if name in set(wide["dimension"])]:
        part = in_order(policy, dimension, wide.filter(pl.col("dimension") == dimension), "value")
        for row in part.iter_rows(named=True):
            lines.append(
                (
                    labels.DIMENSION_NAMES[dimension],
                    labels.member(policy, dimension, row["value"]),
                    *(row[one] for one in CLASSES),
                    row["gained"],
                    row["lost"],
                )
            )
    return TablePart(
        Bilingual(f"{who.zh}：获益与受损", f"{who.en}: winners and losers"),
        (
            Column(Bilingual("分类", "by")),
            Column(Bilingual("取值", "value")),
            *(Column(labels.CLASS_NAMES[one], ROWS) for one in CLASSES),
            Column(GAINED, MONEY),
            Column(LOST, MONEY),
        ),
        tuple(lines),
    )


def in_order(policy: Policy, dimension: str, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows in the order in which the values are declared, what is not known last."""
    places = labels.order(policy, dimension)
    place = pl.col(column).replace_strict(places, default=len(places), return_dtype=pl.Int64)
    last = pl.when(pl.col(column).is_null()).then(len(places) + 1).otherwise(place)
    return rows.sort(last, column, nulls_last=True)


# ── Amounts


def histogram(
    policy: Policy, chart_id: str, scenario: str, scope: str, name: str, found: Simulation
) -> Histogram | None:
    """How many get how much before and after. None where nobody gets a known sum."""
    mine = found.classes.filter(
        (pl.col("on") == found.days[-1])
        & (pl.col("scope") == scope)
        & (pl.col("id") == name)
        & pl.col("from").is_not_null()
        & pl.col("scenario").is_in([BASELINE, scenario])
    )
    if not mine.height:
        return None
    starts = [int(edge) for edge in EDGES]
    places = [starts.index(int(value)) for value in mine["from"]]
    first, last = min(places), max(places)
    ends: list[int | None] = [edge * 100 for edge in starts[first : last + 2]]
    if last == len(starts) - 1:
        ends.append(None)
    return Histogram(
        chart_id,
        labels.measure(policy, name) if scope == "measure" else labels.subject(policy, name),
        MONEY,
        tuple(ends),
        ROWS,
        (
            Series(
                BEFORE, tuple(_in_class(mine, BASELINE, start) for start in starts[first : last + 1]), "quiet"
            ),
            Series(AFTER, tuple(_in_class(mine, scenario, start) for start in starts[first : last + 1])),
        ),
    )


def _in_class(mine: pl.DataFrame, side: str, first: int) -> int:
    return int(mine.filter((pl.col("scenario") == side) & (pl.col("from") == first))["rows"].sum())


def quantile_table(
    policy: Policy, scenario: str, scope: str, names: Sequence[str], found: Simulation
) -> TablePart:
    """Quantiles of the known amounts before and after."""
    rows = found.quantiles.filter(
        (pl.col("on") == found.days[-1]) & (pl.col("scope") == scope) & pl.col("id").is_in(list(names))
    )
    lines = []
    for name in names:
        for side, label in ((BASELINE, BEFORE), (scenario, AFTER)):
            for row in rows.filter((pl.col("id") == name) & (pl.col("scenario") == side)).iter_rows(
                named=True
            ):
                title = labels.measure(policy, name) if scope == "measure" else labels.subject(policy, name)
                lines.append(
                    (title, label, row["rows"], row["unknown"], *(fen(row[f"p{p}"]) for p in QUANTILES))
                )
    heads = (
        Column(Bilingual("措施", "measure") if scope == "measure" else Bilingual("对象", "subject")),
        Column(Bilingual("方案", "policy")),
        Column(Bilingual("金额已知", "known"), ROWS),
        Column(Bilingual("金额未知", "not known"), ROWS),
        *(Column(Bilingual(f"{p}%分位", f"p{p}"), MONEY) for p in QUANTILES),
    )
    return TablePart(Bilingual("金额分位数", "Quantiles of amounts"), heads, tuple(lines))
