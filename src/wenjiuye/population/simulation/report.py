"""The report of a comparison: what was asked, what it costs, who wins and loses, how amounts are spread."""

from __future__ import annotations

import re

import polars as pl

from wenjiuye.population.report import MONEY, Chart, Figure, Report, Section
from wenjiuye.population.simulation import cost, labels
from wenjiuye.population.simulation import report_parts as part
from wenjiuye.population.simulation.assumptions import Assumptions
from wenjiuye.population.simulation.attributes import dimensions
from wenjiuye.population.simulation.sides import costs
from wenjiuye.population.simulation.simulate import Scenario, Simulation
from wenjiuye.rules.errors import Bilingual

MOST_HISTOGRAMS = 12
"""So many histograms of measures are drawn; the table has all of them."""


def simulation_report(found: Simulation) -> Report:
    """A report with a section for what was asked and three for each reform; details are of the last day."""
    sections = [_asked(found)]
    for number, scenario in enumerate(found.scenarios, 1):
        sections += _of_scenario(found, scenario, f"r{number}")
    days = f"{found.days[0]}" if len(found.days) == 1 else f"{found.days[0]} – {found.days[-1]}"
    return Report(
        Bilingual("政策模拟", "Simulation of a reform"),
        Bilingual(f"{found.policy.zh}　{days}", f"{found.policy.en}, {days}"),
        tuple(_figures(found)),
        tuple(sections),
    )


def _figures(found: Simulation) -> list[Figure]:
    totals = cost.table(found.cost, []).filter(pl.col("on") == found.days[-1])
    figures: list[Figure] = []
    for number, scenario in enumerate(found.scenarios):
        row = totals.filter(pl.col("reform") == scenario.name).row(0, named=True)
        if number == 0:
            figures.append(
                Figure(
                    Bilingual("现行政策应付", "due under the policy in force"),
                    part.fen(row["baseline_due"]),
                    MONEY,
                )
            )
        name = scenario.name
        figures += [
            Figure(Bilingual(f"{name} 应付", f"due under {name}"), part.fen(row["reform_due"]), MONEY),
            Figure(
                Bilingual(f"{name} 差额", f"difference by {name}"), part.fen(row["difference_due"]), MONEY
            ),
        ]
    return figures


def _asked(found: Simulation) -> Section:
    last = found.days[-1]
    rows = found.rows[last]
    people = "；".join(f"{labels.subject(found.policy, name).zh} {count:,}" for name, count in rows.items())
    persons = "; ".join(f"{labels.subject(found.policy, name).en} {count:,}" for name, count in rows.items())
    zh, en = assumed(found.assumptions)
    text = Bilingual(
        f"政策版本 {found.policy.version}。决定的对象：{people}。\n{zh}\n"
        "应付：符合条件、以前没有发放、没有被同组措施取代的已知金额。上下限：未知事实无论如何补全，金额都在其间；没有上限的写明没有。",
        f"Version of the policy: {found.policy.version}. Decided: {persons}.\n{en}\n"
        "Due: known sums of those who are eligible, were not granted it before and are not displaced by another "
        "measure. Bounds hold whatever the unknown facts turn out to be; where there is no upper bound it says so.",
    )
    charts = (part.months_chart(found),) if len(found.days) > 1 else ()
    return Section(Bilingual("问题与假定", "Question and assumptions"), text, charts)


def assumed(assumptions: Assumptions) -> tuple[str, str]:
    """The assumptions in words."""
    if assumptions.take_up.everybody:
        return "申领率：全部 100%（没有另行假定）。", "Take-up: 100 % everywhere (nothing else is assumed)."
    text = assumptions.take_up.text()
    return (
        f"申领率假定：{text}。计入申领率的金额按每项措施、每个县区四舍五入到分一次。",
        f"Assumed take-up: {text}. Sums with take-up are rounded half up to the fen once per measure and county.",
    )


def _of_scenario(found: Simulation, scenario: Scenario, mark: str) -> list[Section]:
    title = Bilingual(f"改革 {scenario.name}", f"Reform {scenario.name}")
    if found.changes_nothing(scenario.name):
        text = Bilingual(
            "这项改革没有改变任何认定：规则与所用数值在这些日期都相同。",
            "This reform changes nothing: rules and the figures that they use are the same on these dates.",
        )
        return [Section(title, text)]
    return [
        _cost(found, scenario, mark, title),
        _winners(found, scenario, mark),
        _amounts(found, scenario, mark),
    ]


def _cost(found: Simulation, scenario: Scenario, mark: str, title: Bilingual) -> Section:
    rows = found.cost.filter((pl.col("reform") == scenario.name) & (pl.col("on") == found.days[-1]))
    policy = scenario.policy
    county = part.in_order(policy, "county", cost.table(rows, ["county"]), "county")
    tables = (
        ("measure", Bilingual("措施", "measure"), cost.table(rows.filter("differs"), ["measure"])),
        ("article", Bilingual("条款", "article"), cost.table(rows, ["article"]).sort("article")),
        ("fund", Bilingual("资金", "fund"), cost.table(rows, ["fund"])),
        ("county", Bilingual("县区", "county"), county),
    )
    names: dict[str, part.Name] = {
        "measure": lambda name: labels.measure(policy, str(name)),
        "article": lambda name: labels.article(str(name)),
        "fund": lambda name: labels.fund(policy, name),
        "county": lambda name: labels.member(policy, "county", name),
    }
    charts: list[Chart] = []
    for by, axis, table in tables:
        drawn = table.filter(pl.col("baseline_due").is_not_null() | pl.col("reform_due").is_not_null())
        moved = table.filter(pl.col("difference_due").fill_null(0) != 0)
        if drawn.height and by != "county":
            heading = Bilingual(f"按{axis.zh}的应付金额", f"Due by {axis.en}")
            charts.append(part.cost_chart(f"{mark}-{by}", heading, axis, drawn, names[by]))
        if moved.height and by != "measure":
            heading = Bilingual(f"按{axis.zh}的差额", f"Difference by {axis.en}")
            charts.append(part.difference_chart(f"{mark}-{by}-difference", heading, axis, moved, names[by]))
    again = len(found.differs[scenario.name, found.days[-1]].measures())
    text = Bilingual(
        f"决定日 {found.days[-1]}。重新认定的措施 {again} 项；其余沿用现行结果。",
        f"On {found.days[-1]}. Measures decided anew: {again}; the others keep the result of the policy in force.",
    )
    return Section(
        title,
        text,
        tuple(charts),
        tuple(
            part.cost_table(Bilingual(f"按{axis.zh}", f"By {axis.en}"), axis, table, names[by])
            for by, axis, table in tables
            if table.height
        ),
    )


def _winners(found: Simulation, scenario: Scenario, mark: str) -> Section:
    rows = found.by_attribute.filter((pl.col("reform") == scenario.name) & (pl.col("on") == found.days[-1]))
    policy = scenario.policy
    charts = [part.classes_chart(policy, f"{mark}-classes", rows)]
    subjects = [name for name in policy.subjects if name in set(rows["subject"])]
    for name in subjects:
        for dimension in dimensions(policy.subjects[name]):
            chart_id = re.sub("_", "-", f"{mark}-{name}-{dimension}")
            charts.append(part.gains_chart(policy, chart_id, name, dimension, rows))
    return Section(
        Bilingual(f"{scenario.name}：获益与受损", f"{scenario.name}: winners and losers"),
        Bilingual(
            "每个对象一行，所有改变的措施合在一起。待定：取决于未知事实，不计入获益与受损。",
            "One row for each subject, all changed measures together. Open: it hangs on unknown facts, and is "
            "counted neither as gained nor as lost.",
        ),
        tuple(chart for chart in charts if chart is not None),
        tuple(part.changes_table(policy, name, rows) for name in subjects),
    )


def _amounts(found: Simulation, scenario: Scenario, mark: str) -> Section:
    policy, differ = scenario.policy, found.differs[scenario.name, found.days[-1]]
    both = {**found.policy.measures, **policy.measures}
    names = [name for name in differ.measures() if costs(both[name])]
    subjects = list(differ.affected)
    charts = [
        part.histogram(policy, re.sub("_", "-", f"{mark}-amounts-{name}"), scenario.name, scope, name, found)
        for scope, some in (("measure", names[:MOST_HISTOGRAMS]), ("subject", subjects))
        for name in some
    ]
    return Section(
        Bilingual(f"{scenario.name}：金额分布", f"{scenario.name}: spread of amounts"),
        Bilingual(
            "按措施，以及每个对象一行、全部措施合计。只计已知金额。",
            "By measure, and for each row of a subject with all its measures together. Known sums only.",
        ),
        tuple(chart for chart in charts if chart is not None),
        (
            part.quantile_table(policy, scenario.name, "measure", names, found),
            part.quantile_table(policy, scenario.name, "subject", subjects, found),
        ),
    )
