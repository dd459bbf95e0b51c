"""`determine` and `template`: tables in, determinations of everybody in them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.bar import progress
from wenjiuye.cli.inputs import InputError, subject_named
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import section
from wenjiuye.cli.screen import Flow, mark, screen
from wenjiuye.rules.policy import Policy

if TYPE_CHECKING:
    from wenjiuye.population import RunReport

SHOWN = 20
"""So many problems and notes are shown on the screen; the files have all of them."""


class Format(StrEnum):
    """How results are written."""

    PARQUET = "parquet"
    CSV = "csv"
    XLSX = "xlsx"


# ── determine


def determine(
    tables: Annotated[
        Path,
        typer.Argument(
            metavar="TABLES",
            help="数据表 / Folder of tables (or one .xlsx) named after subjects.",
            show_default=False,
        ),
    ],
    on: options.On,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="OUT", help="结果 / Folder, or a file that ends in .xlsx.")
    ],
    format: Annotated[
        Format | None, typer.Option("--format", help="格式 / Default: parquet, or xlsx by the name of OUT.")
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons/--no-reasons", help="理由 / Write the truth of every condition too.")
    ] = True,
    lang: options.Lang = None,
    reform: options.Reforms = None,
) -> None:
    """批量认定 / Every measure for everybody in a folder of tables."""
    from wenjiuye.population import determine_tables

    say, policy = speech(lang), policy_with(reform)
    if out.resolve() == tables.resolve():
        raise InputError(
            f"{out}：结果不能覆盖数据表，请换一个位置",
            f"{out}: results cannot be written over the tables; name another place",
        )
    warn_of_date(say, policy, on)
    with progress(say, stages(say), policy.subjects) as tell:
        report = determine_tables(tables, on, out, policy, progress=tell, reasons=reasons, format=format)
    console = screen()
    _show_problems(console, say, report, out)
    _show_notes(console, say, policy, report, out)
    console.print(section(console, say(f"结果  决定日 {on}", f"Results on {on}")))
    console.print(_by_subject(say, policy, report))
    console.print()
    console.print(Flow(say(f"结果在 {out}", f"Results are in {out}")))


def stages(say: Speech) -> dict[str, str]:
    """What the stages of a run are called."""
    return {
        "read": say("读取", "reading"),
        "determine": say("认定", "deciding"),
        "write": say("写出", "writing"),
    }


def _show_problems(console: Console, say: Speech, report: RunReport, out: Path) -> None:
    if not report.problems:
        return
    rejected = sum(table.rejected for table in report.tables.values())
    console.print(
        section(
            console,
            say(
                f"退回 {rejected} 行，{report.problems} 处问题",
                f"{rejected} rows rejected, {report.problems} problems",
            ),
        )
    )
    shown = report.problem_rows.head(SHOWN).to_dicts()
    for row in shown:
        console.print(_problem(console, say, row))
    if report.problems > len(shown):
        more = report.problems - len(shown)
        console.print(
            Flow(
                say(
                    f"… 另有 {more} 处，全部见 {_place(out, 'problems')}",
                    f"… {more} more; all in {_place(out, 'problems')}",
                )
            )
        )
    console.print()


def _problem(console: Console, say: Speech, row: Mapping[str, Any]) -> RenderableType:
    """File, row and column, what stands there, what is wrong, what is allowed."""
    where = say(f"{row['file']} 第{row['row']}行", f"{row['file']}, row {row['row']}")
    if row["column"]:
        where += say(f"「{row['column']}」", f", {row['column']}")
    problem, allowed = say.half(row["problem"]), say.half(row["allowed"])
    value = f" {row['value']!r}" if row["value"] and row["value"] not in problem else ""
    wanted = say(f"；应为：{allowed}", f"; wanted: {allowed}") if allowed else ""
    text = Text.assemble((f"{mark(console, 'no')} ", "red"), (where, "bold"), f"{value}  {problem}{wanted}")
    return Flow(text, hang=2)


def _show_notes(console: Console, say: Speech, policy: Policy, report: RunReport, out: Path) -> None:
    lacking = [
        f"{say.title(subject)} {subject.id}"
        for subject in policy.subjects.values()
        if subject.id not in report.tables
    ]
    # One line instead of one for each of them; the file has them all.
    notes = [say.half(told) for told in report.notes if "were not computed" not in told]
    if lacking:
        names = say.listed(lacking)
        notes.append(say(f"未提供数据表，其措施未计算：{names}", f"no table, so not computed: {names}"))
    if not notes:
        return
    console.print(section(console, say("说明", "Notes")))
    for told in notes[:SHOWN]:
        console.print(Flow(f"{mark(console, 'dot')} {told}", hang=2))
    if len(notes) > SHOWN:
        more = len(notes) - SHOWN
        console.print(
            Flow(
                say(
                    f"… 另有 {more} 条，全部见 {_place(out, 'notes')}",
                    f"… {more} more; all in {_place(out, 'notes')}",
                )
            )
        )
    console.print()


def _place(out: Path, table: str) -> str:
    return f"{out}#{table}" if out.suffix.lower() == ".xlsx" else str(out / f"{table}.csv")


def _by_subject(say: Speech, policy: Policy, report: RunReport) -> RenderableType:
    """The closing table: a line per subject, and all together."""
    import polars as pl

    known = report.summary.filter(pl.col("amount").is_not_null()) if report.summary.width else None
    sums = {} if known is None else dict(known.group_by("subject").agg(pl.col("amount").sum()).iter_rows())
    rows: list[list[Any]] = [
        [
            say.title(policy.subjects[line.subject]),
            report.tables[line.subject].rejected,
            line.rows,
            line.eligible,
            line.undetermined,
            line.ineligible,
            sums.get(line.subject),
        ]
        for line in report.subjects
    ]
    together = [sum(row[i] for row in rows if row[i] is not None) for i in range(1, 7)]
    heads = (
        say("对象", "subject"),
        say("退回行", "rejected"),
        say("认定行", "rows"),
        say.word("verdict", "eligible"),
        say.word("verdict", "undetermined"),
        say.word("verdict", "ineligible"),
        say("已知金额（元）", "known sum, yuan"),
    )
    return figures_table(heads, [*rows, [say("合计", "together"), *together]])


def figures_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    """Names on the left, numbers on the right, the last row a total."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left", no_wrap=number > 0)
    for number, row in enumerate(rows):
        last = number == len(rows) - 1
        table.add_row(*(_figure(cell) for cell in row), style="bold" if last else "")
    return table


def _figure(cell: object) -> RenderableType:
    if cell is None:
        return "—"
    if isinstance(cell, str):
        return Flow(cell)
    return f"{cell:,}"


# ── template


def template(
    subject: options.SubjectId,
    out: Annotated[
        Path, typer.Option("-o", "--out", metavar="FILE.xlsx", help="文件 / Excel file to write.")
    ],
    lang: options.Lang = None,
) -> None:
    """填报模板 / An Excel file to fill in, with drop-downs and notes."""
    from wenjiuye.population import write_template

    say, policy = speech(lang), policy_with(())
    write_template(subject_named(policy, subject), out, policy)
    screen().print(Flow(say(f"已写入 {out}", f"written: {out}")))


COMMANDS = (determine, template)
