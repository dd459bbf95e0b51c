"""`demo`: a made-up city from nothing to results, three cases explained, and the officers' desk served over it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options, synthesis
from wenjiuye.cli.bar import progress
from wenjiuye.cli.city import show_run, stages
from wenjiuye.cli.demo_office import serve_demo
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with
from wenjiuye.cli.render import section, verdict
from wenjiuye.cli.screen import Flow, mark, screen
from wenjiuye.cli.wording import amount_text, lacking, reason
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.receipt import receipt
from wenjiuye.rules.record import write_nested

if TYPE_CHECKING:
    from wenjiuye.population.city.decide import Decided

ON = dt.date(2020, 12, 1)
"""A week after the policy was signed."""

Receipt = dict[str, Any]


def demo(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="文件夹 / Folder for tables and results.")
    ] = Path("demo-output"),
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / Port.")] = 8000,
    lang: options.Lang = None,
) -> None:
    """演示 / A made-up city decided, three cases explained, the officers' desk served.

    It asks nothing. With WENJIUYE_DEMO_ONCE=1 it looks whether the desk's pages answer, and stops.
    """
    from wenjiuye.population.city.part import Wanted
    from wenjiuye.population.city.run import run_city
    from wenjiuye.population.synth import write_city

    say, policy, console = speech(lang), policy_with(()), screen()
    registry, results = out / "registry", out / "run"
    with progress(say, {**synthesis.stages(say), **stages(say)}) as tell:
        city = write_city(registry, progress=tell)
        report = run_city(registry, [ON], results, policy, wanted=Wanted(reasons=True), progress=tell)
    sums = report.totals[ON]
    decided = int(sum(sums[name].sum() for name in ("eligible", "ineligible", "undetermined")))
    console.print(
        Flow(
            say(
                f"虚构城市：{city.rows['person']:,} 人，{city.rows['enterprise']:,} 家用人单位；"
                f"决定日 {ON}，共 {decided:,} 项认定",
                f"A made-up city: {city.rows['person']:,} persons, {city.rows['enterprise']:,} employers; "
                f"{decided:,} determinations as on {ON}",
            ),
            style="bold",
        )
    )
    console.print()
    show_run(console, say, policy, report)
    console.print()
    _show_cases(console, say, policy, results, out / "cases")
    _show_files(console, say, out)
    console.print()
    serve_demo(say, out, ON, port)


# ── Three cases

_Fits = Callable[[Receipt], bool]
_CASES: tuple[tuple[str, str, _Fits], ...] = (
    ("eligible", "hiring_insurance_subsidy", lambda r: r["amount"] not in (None, "0.00")),
    ("refused", "hiring_subsidy", lambda r: _one_known_change(r["change"])),
    ("undetermined", "stability_refund", lambda r: bool(r["missing"]["facts"])),
)
_VERDICTS = {"eligible": True, "refused": False, "undetermined": None}


def _one_known_change(change: list[Receipt]) -> bool:
    """Whether one condition would do that a person can change and of which it is known how it stands."""
    return (
        len(change) == 1
        and change[0]["possible"]
        and [now["zh"] is not None for now in change[0]["now"]] == [True]
    )


def _show_cases(console: Console, say: Speech, policy: Policy, run: Path, folder: Path) -> None:
    from wenjiuye.population.city.decide import decide
    from wenjiuye.population.city.run import arrangement_of
    from wenjiuye.population.registry.facts import CityFacts

    arranged = arrangement_of(run)
    wanted = {policy.measures[measure_id].subject.id for _, measure_id, _ in _CASES}
    facts = CityFacts(policy, arranged.load(arranged.parts[0]), ON)
    decided = {one.subject: one for one in decide(facts, subjects=tuple(wanted))}
    folder.mkdir(parents=True, exist_ok=True)
    console.print(section(console, say("三个案例", "Three cases")))
    for name, measure_id, fits in _CASES:
        measure = policy.measures[measure_id]
        found = _first_case(decided[measure.subject.id], measure, policy, _VERDICTS[name], fits)
        if found is None:
            continue
        row_id, record, told = found
        path = folder / f"{name}.json"
        content = {"subject": measure.subject.id, "facts": write_nested(measure.subject, record)}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        console.print(_case(console, say, f"{say.title(measure.subject)} {row_id}", told, path))
        console.print()


def _first_case(
    decided: Decided, measure: Measure, policy: Policy, wanted: bool | None, fits: _Fits
) -> tuple[str, dict[str, Any], Receipt] | None:
    """The first row, in the order of the table, whose decision is of the kind wanted."""
    rows = decided.frame[f"{measure.id}.verdict"].eq_missing(wanted).arg_true()
    registry = decided.registry(policy, ON, measure)
    for row in rows.head(500):
        (record,) = registry.records(
            measure.subject.id, list(measure.expressions()), rows.filter(rows == row)
        )
        told = receipt(policy, measure, record, ON, nested=True)
        if fits(told):
            return decided.frame["id"][row], record, told
    return None


def _case(console: Console, say: Speech, who: str, told: Receipt, path: Path) -> RenderableType:
    head = Table.grid(expand=True)
    head.add_column(ratio=1)
    head.add_column(justify="right", no_wrap=True)
    title = Text.assemble(verdict(console, say, told), f"  {who}  ", (told["measure"][say.lang], "bold"))
    head.add_row(Flow(title), Text(f"  {amount_text(say, told)}", style="bold"))
    lines: list[RenderableType] = []
    if told["verdict"] == "eligible":
        lines.append(Flow(told["formula"][say.lang], style="dim"))
        lines.append(Flow(f"= {reason(say, told)}", hang=2))
    elif told["verdict"] == "ineligible":
        lines.append(Flow(reason(say, told)))
        change = told["change"][0][say.lang]
        lines.append(Flow(say(f"最小改动：{change}", f"smallest change: {change}")))
    else:
        lines.append(Flow(lacking(say, told)))
        lines += [
            Flow(f"{mark(console, 'open')} {fact[f'ask_{say.lang}']}", hang=2)
            for fact in told["missing"]["facts"]
        ]
    command = f"wenjiuye explain {told['measure']['id']} {path} --on {ON}"
    lines.append(Text(command, style="dim", overflow="fold"))
    return Group(head, *(Padding.indent(line, 2) for line in lines))


def _show_files(console: Console, say: Speech, out: Path) -> None:
    console.print(section(console, say("文件", "Files")))
    run = out / "run"
    rows = (
        (out / "registry", say("虚构城市的登记库", "registry of the made-up city")),
        (run / f"on={ON}" / "determinations", say("每个对象每项措施的认定", "every measure for everybody")),
        (run / f"on={ON}" / "reasons", say("每个条件是否成立", "the truth of every condition")),
        (run / f"on={ON}" / "lists", say("免申即享名单", "who is entitled and has not claimed")),
        (run / f"on={ON}" / "near", say("只差一个条件或事实", "who is one condition or fact short")),
        (run / f"on={ON}" / "summary.csv", say("各措施合计", "totals per measure")),
        (run / "report.html", say("图表报告", "report with charts")),
        (out / "cases", say("三个案例的事实", "the facts of the three cases")),
    )
    table = Table.grid(padding=(0, 2, 0, 0))
    for path, what in rows:
        table.add_row(Text(str(path), overflow="fold"), Text(what, style="dim"))
    console.print(table)


COMMANDS = (demo,)
