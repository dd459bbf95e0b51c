"""`decide` and `explain`: one case, every measure or one measure in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.boundary import note
from wenjiuye.cli.inputs import Case, read_case
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import document, policy_with, warn_of_date
from wenjiuye.cli.render import explanation, section, verdict
from wenjiuye.cli.screen import Flow, mark, screen, write_json
from wenjiuye.cli.wording import amount_text, reason
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
    """一案全算 / Every measure for one subject: verdict, sum, reason, best combination."""
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
    combination = _combination(console, say, decisions)
    if combination is not None:
        console.print()
        console.print(section(console, say("可同时享受的最优组合", "The best that may be had together")))
        for part in combination:
            console.print(part)


def _headline(say: Speech, decisions: Decisions) -> RenderableType:
    counts = [
        f"{sum(r['verdict'] == result for r in decisions.receipts)} {say.word('verdict', result)}" for result in _ORDER
    ]
    return Flow(
        Text.assemble(
            (say.title(decisions.case.subject), "bold"),
            say(f"  决定日 {decisions.on}  ", f"  on {decisions.on}  "),
            say("，", ", ").join(counts),
        )
    )


def _line(console: Console, say: Speech, receipt: Mapping[str, Any]) -> RenderableType:
    """Two lines: verdict, title and sum; below them id and reason."""
    width = say(8, 14)  # type: ignore[arg-type]
    table = Table.grid(expand=True, padding=(0, 2, 0, 0))
    table.add_column(width=int(width), no_wrap=True)
    table.add_column(width=6, no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    measure = receipt["measure"]
    table.add_row(
        verdict(console, say, receipt),
        Text(measure["clause"], style="dim"),
        Flow(measure[say.lang], style="bold"),
        Text(amount_text(say, receipt)),
    )
    why = reason(say, receipt)
    table.add_row()
    return table
