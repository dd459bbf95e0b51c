"""`run` and `difference`: a whole city from the tables of its registry, and what changed between two runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.bar import progress
from wenjiuye.cli.inputs import InputError
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import section
from wenjiuye.cli.screen import Flow, mark, screen
from wenjiuye.cli.tables import figures_table
from wenjiuye.policy.xuchang_2020_31 import document
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.policy import Policy

if TYPE_CHECKING:
    import polars as pl

    from wenjiuye.population.city.run import CityReport
    from wenjiuye.population.registry.intake import IntakeReport

RegistryPath = Annotated[
    str,
    typer.Argument(
        metavar="DIR",
        help="登记数据 / Registry: a folder, one .xlsx, or postgresql://…",
        show_default=False,
    ),
]
OnDay = Annotated[
    dt.date | None,
    typer.Option("--on", parser=options.day, metavar="DATE", help="决定日 / Date of decision."),
]
FirstMonth = Annotated[
    str | None, typer.Option("--from", metavar="MONTH", help="首月 / First month, as 2020-02.")
]
LastMonth = Annotated[str | None, typer.Option("--to", metavar="MONTH", help="末月 / Last month.")]


def run(
    registry: RegistryPath,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="结果 / Folder for the results.")],
    on: OnDay = None,
    first: FirstMonth = None,
    last: LastMonth = None,
    reasons: Annotated[
        bool, typer.Option("--reasons/--no-reasons", help="理由 / The truth of every condition too.")
    ] = False,
    lists: Annotated[
        bool, typer.Option("--lists/--no-lists", help="名单 / Proactive lists and near misses.")
    ] = True,
    memory: Annotated[
        float, typer.Option("--memory", metavar="GIB", min=0.1, help="内存 / About how much memory, GiB.")
    ] = 4.0,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="进程数 / Ray workers on this machine."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="集群 / Address of a Ray cluster.")
    ] = None,
    lang: options.Lang = None,
    reform: options.Reforms = None,
) -> None:
    """全市运行 / Every measure for a whole registry."""
    from wenjiuye.population.city.part import Wanted
    from wenjiuye.population.city.run import run_city

    say, policy = speech(lang), policy_with(reform)
    days = days_of(on, first, last)
    warn_of_date(say, policy, days[-1])
    execute = None
    if workers is not None or cluster is not None:
        from wenjiuye.population.cluster.on_ray import ray_executor

        execute = ray_executor(workers, cluster, tuple(reform or ()))
    with progress(say, stages(say)) as tell:
        report = run_city(
            registry if "://" in registry else Path(registry),
            days,
            out,
            policy,
            wanted=Wanted(reasons=reasons, near=lists, lists=lists),
            memory_gib=memory,
            progress=tell,
            execute=execute,
        )
    console = screen()
    show_intake(console, say, report, out)
    show_run(console, say, policy, report)


def days_of(on: dt.date | None, first: str | None, last: str | None) -> list[dt.date]:
    """The days of decision: one day, or the last day of each month of a range."""
    from wenjiuye.population.city.run import month_ends

    if on is not None and first is None and last is None:
        return [on]
    if on is None and first is not None and last is not None:
        days = month_ends(options.day(f"{first}-01"), options.day(f"{last}-01"))
        if days:
            return days
        raise InputError(
            f"起止月份颠倒：{first} 至 {last}", f"the months are the wrong way round: {first} to {last}"
        )
    raise InputError(
        "请用 --on 给出一天，或同时用 --from 和 --to 给出起止月份",
        "give one day with --on, or the months with --from and --to",
    )


def stages(say: Speech) -> dict[str, str]:
    """What the stages of a run are called."""
    return {
        "fingerprint": say("核对输入", "looking at the input"),
        "read": say("读取", "reading"),
        "check": say("检查", "checking"),
        "write": say("写出", "writing"),
        "arrange": say("分区", "arranging"),
        "decide": say("认定", "deciding"),
        "finish": say("汇总", "adding up"),
    }


# ── What is shown


def show_intake(console: Console, say: Speech, report: CityReport, out: Path) -> None:
    """Tables with rows set aside, and what was not read."""
    bad = [table for table in report.tables.values() if table.set_aside]
    notes = [say.half(note) for table in report.tables.values() for note in table.notes]
    if not bad and not notes:
        return
    console.print(section(console, say("数据问题", "The data")))
    for table in bad:
        console.print(Text(_set_aside(say, table)))
    for note in notes[:20]:
        console.print(Flow(f"{mark(console, 'dot')} {note}", hang=2))
    if bad:
        where = out / "intake"
        console.print(
            Flow(say(f"被搁置的行及原因在 {where}", f"rows set aside, with reasons: {where}"), style="dim")
        )
    console.print()


def _set_aside(say: Speech, table: IntakeReport) -> str:
    return say(
        f"{table.table}：{table.read:,} 行中搁置 {table.set_aside:,} 行",
        f"{table.table}: {table.set_aside:,} of {table.read:,} rows set aside",
    )


def show_run(console: Console, say: Speech, policy: Policy, report: CityReport) -> None:
    """Sums by article and county, and where everything is."""
    from wenjiuye.population.city.finish import read_totals
    from wenjiuye.population.city.report import city_report
    from wenjiuye.population.report import BarChart, terminal_bars, write_html

    totals = read_totals(report.out)
    made = city_report(totals, policy, document(), Bilingual("全市运行", "Run of a whole city"))
    html = report.out / "report.html"
    write_html(made, html, say.lang)
    on = report.days[-1]
    console.print(section(console, say(f"结果  决定日 {on}", f"Results on {on}")))
    console.print(_by_article(say, totals, on))
    console.print()
    for chart in made.charts():
        if isinstance(chart, BarChart) and chart.id == "by-county":
            terminal_bars(console, chart, say.lang)
            console.print()
    _show_lists(console, say, report.out / f"on={on}")
    resumed = (
        say(f"；其中 {report.resumed} 个分区此前已完成", f"; {report.resumed} of them were done before")
        if report.resumed
        else ""
    )
    parts = say(
        f"{report.parts} 个分区 × {len(report.days)} 个决定日{resumed}",
        f"parts: {report.parts}; days of decision: {len(report.days)}{resumed}",
    )
    console.print(Flow(parts, style="dim"))
    console.print(
        Flow(say(f"结果在 {report.out}，报告：{html}", f"Results are in {report.out}, report: {html}"))
    )


def _show_lists(console: Console, say: Speech, day: Path) -> None:
    """How many stand on the lists, and where these are."""
    import polars as pl

    for table, words in (
        (
            "proactive.parquet",
            say("应享未享（免申即享名单，按措施在 lists/）", "entitled, not claimed yet (lists/)"),
        ),
        ("near/*.parquet", say("只差一个条件或事实（near/）", "one condition or fact short (near/)")),
    ):
        if any(day.glob(table)):
            rows = pl.scan_parquet(day / table).select(pl.len()).collect().item()
            console.print(Flow(say(f"{words}：{rows:,} 项", f"{words}: {rows:,}")))


def _by_article(say: Speech, totals: pl.DataFrame, on: dt.date) -> Any:
    import polars as pl

    titles = {f"a{article.no:02}": article for article in document().articles}
    due = pl.col("due")
    found = (
        totals.filter(pl.col("on") == on)
        .group_by("article")
        .agg(
            pl.col("eligible", "undetermined", "entitled").sum(),
            *(due.filter(pl.col("kind") == kind).sum().alias(kind) for kind in ("benefit", "relief")),
        )
        .sort("article")
    )
    rows: list[list[Any]] = [
        [f"{int(row[0][1:]):2}  {say.title(titles[row[0]])}", *row[1:]] for row in found.iter_rows()
    ]
    together = [sum(row[i] for row in rows if row[i] is not None) for i in range(1, 6)]
    heads = (
        say("条", "article"),
        say.word("verdict", "eligible"),
        say.word("verdict", "undetermined"),
        say("可发", "to grant"),
        say("补贴（元）", "benefits, yuan"),
        say("减免（元）", "relief, yuan"),
    )
    return figures_table(heads, [*rows, [say("合计", "together"), *together]])


# ── Differences


def difference(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="前一次 / Folder of one run.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="后一次 / Folder of the other.")],
    on: OnDay = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.parquet", help="文件 / Every change as a file."),
    ] = None,
    lang: options.Lang = None,
) -> None:
    """运行对比 / Who changed between two runs, and why."""
    from wenjiuye.population.city.difference import changes, last_day, summary

    say, policy = speech(lang), policy_with(())
    found = changes(before, after, policy, on)
    if out is not None:
        found.write_parquet(out)
    console = screen()
    if found.is_empty():
        console.print(Flow(say("两次运行的结果完全相同", "both runs came to the same")))
        return
    console.print(section(console, say("变化", "What changed")))
    words = {
        "newly": say("新符合", "newly eligible"),
        "no_longer": say("不再符合", "no longer eligible"),
        "opened": say("转为待定", "now undetermined"),
        "closed": say("由待定转为不符合", "now known to be ineligible"),
        "amount": say("金额变化", "other amount"),
    }
    for row in summary(found, policy, last_day(after, on)).iter_rows(named=True):
        measure = policy.measures.get(row["measure"])
        title = say.title(measure) if measure is not None else row["measure"]
        console.print(Flow(f"{title}：{words[row['change']]} {row['rows']:,}", hang=2))
        if row["why"]:
            console.print(Flow(f"  {row['why']}", hang=4, style="dim"))


COMMANDS = (run, difference)
