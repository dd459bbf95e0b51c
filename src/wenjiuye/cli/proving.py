"""`coverage`, `check` and `graph`: proof that clauses, rules and cases agree, and what feeds a rule."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.boundary import CHECK_FAILED, note
from wenjiuye.cli.inputs import InputError
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with
from wenjiuye.cli.screen import Flow, screen, write_json
from wenjiuye.policy import golden
from wenjiuye.policy.coverage import CoverageReport, coverage_data, coverage_lines
from wenjiuye.policy.coverage import coverage as compare
from wenjiuye.policy.text_check import TextFinding, check_text, read_text, text_data, text_lines
from wenjiuye.policy.xuchang_2020_31 import document
from wenjiuye.rules.graph import graph_svg, graph_text, measure_graph

# ── coverage


def coverage(
    text: Annotated[
        Path | None,
        typer.Option(
            "--text", metavar="FILE", help="原文 / Compare this file with the official text as well."
        ),
    ] = None,
    lang: options.Lang = None,
    as_json: options.AsJson = False,
) -> None:
    """覆盖检查 / Do all clauses have their rules? Exit 1 if not."""
    say = speech(lang)
    implemented: dict[str, list[str]] = {}
    for measure in policy_with(()).measures.values():
        implemented.setdefault(measure.clause, []).append(measure.id)
    report = compare(document(), implemented)
    findings = check_text(document(), read_text(text)) if text is not None else None
    if as_json:
        found = None if findings is None else text_data(document(), findings)
        write_json({"coverage": coverage_data(report), "text": found})
    else:
        _show_coverage(screen(), say, report, findings)
    if report.findings or findings:
        raise typer.Exit(CHECK_FAILED)


def _show_coverage(
    console: Console, say: Speech, report: CoverageReport, findings: list[TextFinding] | None
) -> None:
    lines = coverage_lines(report, say.lang)
    for line in lines:
        if line.startswith("  "):
            name, colon, state = line.partition(say("：", ": "))
            console.print(Flow(Text.assemble(name, (colon + state, "dim")), hang=9))
        else:
            console.print(Flow(line, style="bold"))
    if findings is not None:
        console.print()
        for line in text_lines(document(), findings, say.lang):
            console.print(Flow(line, hang=4))


# ── check


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE-OR-FOLDER…", help="算例 / Golden cases as .yaml or .json.", show_default=False
        ),
    ],
) -> None:
    """核对算例 / Hand-calculated cases. Exit 1 if one fails."""
    console = screen()
    passed = failed = 0
    for outcome in golden.check(policy_with(()), paths):
        if outcome.passed:
            passed += 1
            continue
        failed += 1
        console.print(Text(outcome.line()), soft_wrap=True)
    if not passed and not failed:
        note("没有找到算例 / No case was found.")
    console.print(Text(f"{passed} passed, {failed} failed"))
    if failed:
        raise typer.Exit(CHECK_FAILED)


# ── graph


def graph(
    measure: options.MeasureId,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE.svg", help="图片 / Write a picture instead of text."),
    ] = None,
    on: options.OnOrToday = None,
    lang: options.Lang = None,
) -> None:
    """关系图 / What feeds a measure, as text or as a picture."""
    say, policy = speech(lang), policy_with(())
    drawn = measure_graph(policy, policy.measure(measure), on or dt.date.today(), say.lang)
    if out is None:
        for line in graph_text(drawn).splitlines():
            bare = line.lstrip()
            screen().print(Flow(line, hang=len(line) - len(bare) + 2))
        return
    if out.suffix.lower() != ".svg":
        raise InputError(
            f"{out}：图片为 SVG 文件，文件名应以 .svg 结尾",
            f"{out}: a picture is an SVG file; give a name that ends in .svg",
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(graph_svg(drawn), "utf-8")
    screen().print(say(f"已写入 {out}", f"written: {out}"))


COMMANDS = (coverage, check, graph)
