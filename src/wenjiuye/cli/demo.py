"""`demo`: a made-up city from nothing to results, with three cases explained."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import document, policy_with
from wenjiuye.cli.render import section, verdict
from wenjiuye.cli.screen import Flow, mark, screen
from wenjiuye.cli.tables import figures_table, progress
from wenjiuye.cli.wording import amount_text, lacking, reason
from wenjiuye.rules.facts import Many, One, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.receipt import receipt

if TYPE_CHECKING:
    from wenjiuye.population import RunReport
    from wenjiuye.population.records import Registry

ON = dt.date(2020, 12, 1)
"""A week after the policy was signed."""

Receipt = dict[str, Any]


def demo(
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="DIR", help="文件夹 / Folder for tables and results.")
    ] = Path("demo-output"),
    lang: options.Lang = None,
) -> None:
    """演示 / A made-up city decided, three cases explained.

    It asks nothing and ends by itself, whatever WENJIUYE_DEMO_ONCE says.
    """
    from wenjiuye.population import determine_tables, write_demo_city

    say, policy, console = speech(lang), policy_with(()), screen()
    tables, results = out / "tables", out / "results"
    with progress(say, policy) as tell:
        tell(say("生成虚构城市", "making up a city"), 0, 1)
        rows = write_demo_city(tables)
        report = determine_tables(tables, ON, results, policy, progress=tell)
    _write_summaries(report, results)
    decided = sum(line.eligible + line.ineligible + line.undetermined for line in report.subjects)
    console.print(
        Flow(
            say(
                f"虚构城市：{rows['person']:,} 人，{rows['enterprise']:,} 家用人单位；"
                f"决定日 {ON}，共 {decided:,} 项认定",
                f"A made-up city: {rows['person']:,} persons, {rows['enterprise']:,} employers; "
                f"{decided:,} determinations as on {ON}",
            ),
            style="bold",
        )
    )
    console.print()
    _show_totals(console, say, policy, report, results)
    _show_cases(console, say, policy, tables, out / "cases")
    _show_files(console, say, out)


# ── Totals


def _write_summaries(report: RunReport, results: Path) -> None:
    """The summaries once more as CSV, for everybody who opens them in a spreadsheet."""
    import polars as pl

    report.summary.write_csv(results / "summary.csv", include_bom=True)
    by_county = pl.read_parquet(results / "summary_by_county.parquet")
    by_county.write_csv(results / "summary_by_county.csv", include_bom=True)


def _show_totals(console: Console, say: Speech, policy: Policy, report: RunReport, results: Path) -> None:
    import polars as pl

    amount = pl.col("amount")
    sums = [pl.col("eligible", "undetermined").sum(), pl.when(amount.count() > 0).then(amount.sum())]
    articles = report.summary.group_by("article").agg(*sums).sort("article")
    titles = {f"a{article.no:02}": article for article in document().articles}
    console.print(section(console, say("各条合计", "By article")))
    console.print(
        _totals(
            say,
            say("条", "article"),
            [
                (f"{int(name[1:]):2}  {say.title(titles[name])}", *rest)
                for name, *rest in articles.iter_rows()
            ],
        )
    )
    console.print()
    by_county = pl.read_parquet(results / "summary_by_county.parquet").group_by("county").agg(*sums)
    counties = {name: rest for name, *rest in by_county.iter_rows()}
    fact = policy.facts["county"]
    rows = [(say(zh, en), *counties[name]) for name, (zh, en) in fact.members.items() if name in counties]
    if None in counties:
        rows.append((say("不分县区或县区未知", "of no county, or unknown"), *counties[None]))
    console.print(section(console, say("各县（市、区）合计", "By county")))
    console.print(_totals(say, say("县（市、区）", "county"), rows))
    console.print(
        Flow(
            Text(
                say(
                    "金额为已知应享金额；只有上限的按上限计，互斥的措施各计一次。",
                    "Sums are what is known to be due; a ceiling counts in full, "
                    "and so does each of two measures that exclude each other.",
                ),
                style="dim",
            )
        )
    )
    console.print()


def _totals(say: Speech, first: str, rows: list[tuple[Any, ...]]) -> Table:
    heads = (
        first,
        say.word("verdict", "eligible"),
        say.word("verdict", "undetermined"),
        say("已知金额（元）", "known sum, yuan"),
    )
    together = [sum(row[i] for row in rows if row[i] is not None) for i in (1, 2, 3)]
    return figures_table(heads, [*rows, (say("合计", "together"), *together)])


# ── Three cases

_Fits = Callable[[Receipt], bool]
_CASES: tuple[tuple[str, str, _Fits], ...] = (
    ("eligible", "hiring_insurance_subsidy", lambda r: r["amount"] not in (None, "0.00")),
    ("refused", "hiring_subsidy", lambda r: _one_known_change(r["change"])),
    ("undetermined", "internship_subsidy", lambda r: bool(r["missing"]["facts"])),
)
_VERDICTS = {"eligible": "eligible", "refused": "ineligible", "undetermined": "undetermined"}


def _one_known_change(change: list[Receipt]) -> bool:
    """Whether one condition would do that a person can change and of which it is known how it stands."""
    return (
        len(change) == 1
        and change[0]["possible"]
        and [now["zh"] is not None for now in change[0]["now"]] == [True]
    )


def _show_cases(console: Console, say: Speech, policy: Policy, tables: Path, folder: Path) -> None:
    from wenjiuye.population import read_tables
    from wenjiuye.population.records import Registry

    registry = Registry(policy, read_tables(tables, policy.subjects).frames, ON)
    folder.mkdir(parents=True, exist_ok=True)
    console.print(section(console, say("三个案例", "Three cases")))
    for name, measure_id, fits in _CASES:
        found = _first_case(registry, measure_id, _VERDICTS[name], fits)
        if found is None:
            continue
        row_id, record, told = found
        subject = policy.measures[measure_id].subject
        path = folder / f"{name}.json"
        content = {"subject": subject.id, "facts": nested_facts(subject, record)}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        console.print(_case(console, say, f"{say.title(subject)} {row_id}", told, path))
        console.print()


def _first_case(
    registry: Registry, measure_id: str, wanted: str, fits: _Fits
) -> tuple[str, dict[str, Any], Receipt] | None:
    """The first row, in the order of the table, whose decision is of the kind wanted."""
    import polars as pl

    measure = registry.policy.measures[measure_id]
    ids = registry.tables[measure.subject.id]["id"]
    everything = pl.Series("row", range(ids.len()), dtype=pl.UInt32)
    records = registry.records(measure.subject.id, list(measure.expressions()), everything)
    for row_id, record in zip(ids, records, strict=True):
        told = receipt(registry.policy, measure, record, ON, nested=True)
        if told["verdict"] == wanted and fits(told):
            return row_id, record, told
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


def nested_facts(subject: type[Subject], record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the engine as people write one, nested along the relations."""
    tree: dict[str, Any] = {}
    for key, value in record.items():
        if value is None:
            continue
        *path, last = key.split(".")
        owner, branch = subject, tree
        for name in path:
            link = owner.relations[name]
            assert isinstance(link, One)
            owner, branch = link.target, branch.setdefault(name, {})
        many = owner.relations.get(last)
        if isinstance(many, Many):
            branch[last] = [nested_facts(many.target(), row) for row in value]
        else:
            branch[last] = owner.facts[last].plain_value(value)
    return tree


def _show_files(console: Console, say: Speech, out: Path) -> None:
    console.print(section(console, say("文件", "Files")))
    rows = (
        (out / "tables", say("虚构城市的数据表", "tables of the made-up city")),
        (
            out / "results" / "determinations",
            say("每个对象每项措施的认定", "one row per subject and measure"),
        ),
        (out / "results" / "reasons", say("每个条件是否成立", "the truth of every condition")),
        (out / "results" / "summary.csv", say("各措施合计", "totals per measure")),
        (out / "results" / "summary_by_county.csv", say("各措施分县区合计", "totals per measure and county")),
        (out / "cases", say("三个案例的事实", "the facts of the three cases")),
    )
    table = Table.grid(padding=(0, 2, 0, 0))
    for path, what in rows:
        table.add_row(Text(str(path), overflow="fold"), Text(what, style="dim"))
    console.print(table)


COMMANDS = (demo,)
