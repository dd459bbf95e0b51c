"""The report of a projection: commitments month by month, by fund, county and measure."""

from __future__ import annotations

import polars as pl

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
)
from wenjiuye.population.simulation import labels
from wenjiuye.population.simulation.projection import Projection
from wenjiuye.population.simulation.report_parts import ROWS, Name, fen
from wenjiuye.rules.calendar import plus_months
from wenjiuye.rules.errors import Bilingual

BACKLOG = Bilingual(
    "第一个月含已经缴费、尚未申领的以前月份。",
    "The first month has the earlier months too that are paid for and not yet claimed.",
)


def projection_report(found: Projection) -> Report:
    """A report of one projection."""
    whole = found.by()
    sections = [_assumptions(found)]
    for by, axis in (
        ("fund", Bilingual("资金", "fund")),
        ("county", Bilingual("县区", "county")),
        ("measure", Bilingual("措施", "measure")),
    ):
        section = _by(found, by, axis)
        if section is not None:
            sections.append(section)
    return Report(
        Bilingual("今后支出测算", "Commitments for months to come"),
        Bilingual(f"{found.policy.zh}　{found.on}", f"{found.policy.en}, {found.on}"),
        (
            Figure(Bilingual("全部承诺", "commitments"), _sum(whole, "amount"), MONEY),
            Figure(
                Bilingual(f"其中今后 {found.months} 个月", f"of these, within {found.months} months"),
                _sum(whole.drop_nulls("month"), "amount"),
                MONEY,
            ),
            Figure(Bilingual("计入假定后", "with the assumptions"), _sum(whole, "expected"), MONEY),
        ),
        tuple(sections),
    )


def _sum(rows: pl.DataFrame, column: str) -> int:
    return sum(fen(value) or 0 for value in rows[column])


def shares(found: Projection) -> tuple[str, str]:
    """The assumptions in words."""
    take_up, continuing = found.assumptions.take_up.text(), found.assumptions.continuing.text()
    return (
        f"申领率 {take_up}；每月继续享受的比例 {continuing}。没有新增对象。",
        f"Take-up {take_up}; continuing from month to month {continuing}. No new entrants.",
    )


def _assumptions(found: Projection) -> Section:
    zh, en = shares(found)
    unknown = int(found.open["unknown"].sum())
    lacking = "、".join(run.measure.zh for run in found.unset)
    lacks = ", ".join(run.measure.en for run in found.unset)
    return Section(
        Bilingual("假定", "Assumptions"),
        Bilingual(
            f"从决定日有权享受的对象出发，按规则逐月发放，直至月数用完。{zh}\n"
            f"资格或金额未知、没有计入的：{unknown:,} 行。"
            + (f"期限没有设定、没有计入的措施：{lacking}。" if lacking else ""),
            "From those who are entitled on the day, the rule pays month by month until the months are used up. "
            f"{en}\nLeft out because entitlement or sum is not known: {unknown:,} rows."
            + (f" Left out because their term is not set: {lacks}." if lacks else ""),
        ),
    )


def _by(found: Projection, by: str, axis: Bilingual) -> Section | None:
    rows = found.by(by)
    if not rows.height:
        return None
    name = _names(found, by)
    inside = rows.drop_nulls("month")
    months = tuple(plus_months(found.on.replace(day=1), n) for n in range(found.months))
    groups = [value for value in dict.fromkeys(rows[by]) if value is not None] + [
        None for _ in [0] if None in set(rows[by])
    ]
    lines = tuple(Line(name(value), _values(inside, by, value, months)) for value in groups)
    sums = rows.group_by(by, maintain_order=True).agg(
        pl.col("amount", "expected").sum(), pl.col("rows").max()
    )
    heading = Bilingual(f"按{axis.zh}", f"By {axis.en}")
    return Section(
        heading,
        None,
        (
            LineChart(
                f"months-by-{by}",
                Bilingual(f"各月支出：按{axis.zh}", f"Per month, by {axis.en}"),
                MONEY,
                months,
                lines,
                note=BACKLOG,
            ),
            BarChart(
                f"sums-by-{by}",
                Bilingual(f"全部承诺：按{axis.zh}", f"Commitments by {axis.en}"),
                MONEY,
                axis,
                tuple(name(value) for value in sums[by]),
                (Series(Bilingual("承诺", "commitments"), tuple(fen(v) for v in sums["amount"])),),
            ),
        ),
        (
            TablePart(
                heading,
                (
                    Column(axis),
                    Column(Bilingual("月份", "month")),
                    Column(Bilingual("发放对象", "paid"), ROWS),
                    Column(Bilingual("金额", "sum"), MONEY),
                    Column(Bilingual("计入假定后", "with the assumptions"), MONEY),
                ),
                tuple(
                    (
                        name(row[by]),
                        f"{row['month']:%Y-%m}" if row["month"] else Bilingual("以后", "later"),
                        row["rows"],
                        fen(row["amount"]),
                        fen(row["expected"]),
                    )
                    for row in rows.iter_rows(named=True)
                ),
            ),
        ),
    )


def _values(rows: pl.DataFrame, by: str, value: str | None, months: tuple[object, ...]) -> tuple[int, ...]:
    mine = rows.filter(pl.col(by).eq_missing(pl.lit(value, dtype=pl.String)))
    sums = dict(zip(mine["month"], mine["amount"], strict=True))
    return tuple(fen(sums.get(month)) or 0 for month in months)


def _names(found: Projection, by: str) -> Name:
    if by == "fund":
        return lambda value: labels.fund(found.policy, value)
    if by == "measure":
        return lambda value: labels.measure(found.policy, str(value))
    return lambda value: labels.member(found.policy, "county", value)
