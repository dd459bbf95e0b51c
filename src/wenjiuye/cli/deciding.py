"""`decide` and `explain`: one case, every measure or one measure in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.boundary import note
from wenjiuye.cli.inputs import Case, read_case
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import explanation, section, verdict
from wenjiuye.cli.screen import Flow, mark, screen, write_json
from wenjiuye.cli.wording import amount_text, reason
from wenjiuye.policy.xuchang_2020_31 import document
from wenjiuye.rules.case import determine
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import FEN, yuan_text
from wenjiuye.rules.receipt import receipt_hash, unfold
from wenjiuye.rules.stacking import Combination, EarlierGrant, combine
from wenjiuye.rules.wording import number_words

DECISIONS_SCHEMA = "wenjiuye.decisions/1"
_ORDER = ("eligible", "undetermined", "ineligible")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Every measure of one subject decided, with the best legal combination."""

    policy: Policy
    case: Case
    on: dt.date
    receipts: tuple[dict[str, Any], ...]
    combination: Combination


def decide_all(policy: Policy, case: Case, on: dt.date, only: Sequence[str] = ()) -> Decisions:
    """Decide the measures of the case's subject, or of them only those named."""
    wanted = [m for m in policy.measures_of(case.subject.id) if not only or m.id in only]
    answers = [determine(policy, measure, case.record, on, nested=case.nested) for measure in wanted]
    receipts = tuple(unfold(policy, answer, case.record, nested=case.nested) for answer in answers)
    return Decisions(policy, case, on, receipts, combine(policy, answers))


# ── decide


def decide(
    facts: options.FactsFile,
    on: options.On,
    lang: options.Lang = None,
    as_json: options.AsJson = False,
    reform: options.Reforms = None,
) -> None:
    """一案全算 / Every measure for one case, and the best of them."""
    say = speech(lang)
    policy = policy_with(reform)
    case = read_case(facts, policy)
    decisions = decide_all(policy, case, on)
    warn_of_unread(say, case)
    if as_json:
        write_json(decisions_data(decisions))
        return
    warn_of_date(say, policy, on)
    show_decisions(screen(), say, decisions)


def warn_of_unread(say: Speech, case: Case) -> None:
    """Name facts that no measure of the subject reads: often a file about another subject."""
    if case.unread:
        names = say.listed(case.unread)
        note(
            say(
                f"注意：{say.title(case.subject)}的措施都不读取：{names}",
                f"Note: no measure of {case.subject.id} reads {names}",
            )
        )


def show_decisions(console: Console, say: Speech, decisions: Decisions) -> None:
    """The decisions, eligible ones first, then the combination."""
    console.print(_headline(say, decisions))
    ordered = sorted(decisions.receipts, key=lambda r: _ORDER.index(r["verdict"]))
    for receipt in ordered:
        console.print()
        console.print(_line(console, say, receipt))
    if decisions.combination.chosen:
        console.print()
        console.print(section(console, say("可同时享受的最优组合", "The best that may be had together")))
        for part in _combination(console, say, decisions):
            console.print(part)


def _headline(say: Speech, decisions: Decisions) -> RenderableType:
    numbers = {result: sum(r["verdict"] == result for r in decisions.receipts) for result in _ORDER}
    counts = [
        say(f"{say.word('verdict', result)} {number} 项", f"{number} {say.word('verdict', result)}")
        for result, number in numbers.items()
    ]
    head = say(f"  决定日 {decisions.on}  ", f"  on {decisions.on}  ")
    return Flow(Text.assemble((say.title(decisions.case.subject), "bold"), head, say.listed(counts)))


def _line(console: Console, say: Speech, receipt: Mapping[str, Any]) -> RenderableType:
    """Verdict, title and sum; below them the id and why."""
    measure, width = receipt["measure"], 16 if say.lang == "en" else 10
    table = Table.grid(expand=True)
    table.add_column(width=width, no_wrap=True)
    table.add_column(width=8, no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(
        verdict(console, say, receipt),
        Text(measure["clause"], style="dim"),
        Flow(measure[say.lang], style="bold"),
        Text(f"  {amount_text(say, receipt)}", style="bold" if receipt["verdict"] == "eligible" else ""),
    )
    why = Text(reason(say, receipt))
    why.append(f"{'  ' if why.plain else ''}{measure['id']}", style="dim")
    return Group(table, Padding(Flow(why), (0, 0, 0, width)))


# ── The combination


def _combination(console: Console, say: Speech, decisions: Decisions) -> list[RenderableType]:
    best, measures = decisions.combination, decisions.policy.measures
    titles = {name: say.title(measure) for name, measure in measures.items()}
    lines: list[RenderableType] = []
    for chosen in best.chosen:
        reduced = ""
        if chosen.reduced_by:
            less = number_words(chosen.reduced_by, FEN, say.lang)
            reduced = say(f"（受共同上限减少 {less}）", f" (less {less} by a common cap)")
        sign = (mark(console, "yes"), "green")
        lines.append(_item(sign, titles[chosen.measure] + reduced, _range(say, chosen.low, chosen.high)))
    lines.append(_item(("=", "bold"), say("合计", "together"), _range(say, best.low, best.high), "bold"))
    for lost in best.lost:
        why = lost.reason_zh if say.lang == "zh" else lost.reason_en
        lines.append(_item((mark(console, "no"), "red"), f"{titles[lost.measure]}{say('：', ': ')}{why}", ""))
    for open_end in best.unsettled:
        why = open_end.reason_zh if say.lang == "zh" else open_end.reason_en
        lines.append(_item((mark(console, "open"), "yellow"), why, ""))
    return lines


def _item(sign: tuple[str, str], text: str, amount: str, style: str = "") -> RenderableType:
    table = Table.grid(expand=True)
    table.add_column(width=2)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(Text(*sign), Flow(text, style=style), Text(f"  {amount}" if amount else "", style=style))
    return table


def _range(say: Speech, low: int, high: int | None) -> str:
    """A sum from low to high; nothing for a right, which has no sum."""
    if low == high:
        return number_words(low, FEN, say.lang) if low else ""
    if high is None:
        least = number_words(low, FEN, say.lang)
        return say(f"不少于 {least}", f"at least {least}") if low else say("金额待定", "sum open")
    most = number_words(high, FEN, say.lang)
    return f"{yuan_text(low)} – {most}" if low else say(f"最高 {most}", f"up to {most}")


# ── JSON


def decisions_data(decisions: Decisions) -> dict[str, Any]:
    """The decisions as JSON: receipts with their hashes in clause order, and the combination in yuan."""
    return {
        "schema": DECISIONS_SCHEMA,
        "policy": {"id": decisions.policy.id, "version": decisions.policy.version},
        "subject": decisions.case.subject.id,
        "on": decisions.on.isoformat(),
        "receipts": [{"hash": receipt_hash(receipt), "receipt": receipt} for receipt in decisions.receipts],
        "combination": _combination_data(decisions.combination),
    }


def _combination_data(best: Combination) -> dict[str, Any]:
    return {
        "known": _yuan(best.known),
        "low": _yuan(best.low),
        "high": _yuan(best.high),
        "provisional": best.provisional,
        "chosen": [
            {
                "measure": chosen.measure,
                "amount": _yuan(chosen.amount),
                "low": _yuan(chosen.low),
                "high": _yuan(chosen.high),
                "reduced_by": _yuan(chosen.reduced_by),
                "reduced_in": chosen.reduced_in,
            }
            for chosen in best.chosen
        ],
        "lost": [
            {
                "measure": lost.measure,
                "because_of": lost.because_of.measure
                if isinstance(lost.because_of, EarlierGrant)
                else lost.because_of,
                "group": lost.group,
                "zh": lost.reason_zh,
                "en": lost.reason_en,
            }
            for lost in best.lost
        ],
        "undetermined": list(best.undetermined),
        "unsettled": [
            {"id": open_end.id, "what": open_end.what, "zh": open_end.reason_zh, "en": open_end.reason_en}
            for open_end in best.unsettled
        ],
    }


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen, grouped=False)


# ── explain


def explain(
    measure: options.MeasureId,
    facts: options.FactsFile,
    on: options.On,
    lang: options.Lang = None,
    as_json: options.AsJson = False,
    reform: options.Reforms = None,
) -> None:
    """逐项说明 / One measure in full: conditions, formula, sources."""
    say = speech(lang)
    policy = policy_with(reform)
    chosen = policy.measure(measure)
    case = read_case(facts, policy, chosen)
    answer = determine(policy, chosen, case.record, on, nested=case.nested)
    receipt = unfold(policy, answer, case.record, nested=case.nested)
    warn_of_unread(say, case)
    if as_json:
        write_json({"hash": receipt_hash(receipt), "receipt": receipt})
        return
    warn_of_date(say, policy, on)
    console = screen()
    console.print(explanation(console, say, policy, document(), receipt, receipt_hash(receipt)))


COMMANDS = (decide, explain)
