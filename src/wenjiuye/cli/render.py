"""One receipt on the screen: verdict, condition tree, formula with numbers, figures used, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from wenjiuye.cli.language import Speech
from wenjiuye.cli.screen import Flow, mark
from wenjiuye.cli.wording import (
    Receipt,
    amount_text,
    facts_of,
    shown_fact,
    shown_figure,
    verdict_word,
    yuan,
)
from wenjiuye.policy.clauses import Document
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.values import DatedValue

STYLES = {"eligible": "green", "ineligible": "red", "undetermined": "yellow"}
_MARKS = {"eligible": "yes", "ineligible": "no", "undetermined": "open"}
_TRUTHS = {True: "eligible", False: "ineligible", None: "undetermined"}


def verdict(console: Console, say: Speech, receipt: Receipt) -> Text:
    """Mark and word of a verdict; the colour only repeats them."""
    result = receipt["verdict"]
    return Text(
        f"{mark(console, _MARKS[result])} {verdict_word(say, receipt)}", style=f"bold {STYLES[result]}"
    )


def section(console: Console, title: str) -> RenderableType:
    """A heading with a line to the right edge."""
    return Rule(Text(title, style="bold"), align="left", style="dim", characters=mark(console, "rule"))


def labelled(rows: Sequence[tuple[str, RenderableType]]) -> Table:
    """Names on the left, what they are on the right."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=1)
    for name, what in rows:
        table.add_row(name, what)
    return table


def explanation(
    console: Console, say: Speech, policy: Policy, document: Document, receipt: Receipt, digest: str
) -> RenderableType:
    """The whole receipt."""
    measure = policy.measures[receipt["measure"]["id"]]
    parts: list[RenderableType] = [_head(console, say, document, measure, receipt), ""]
    parts += [section(console, say("条件", "Conditions")), _tree(console, say, measure, receipt)]
    for title, body in (
        (say("算式", "Formula"), _formula(say, policy, receipt)),
        (say("另附", "Also told"), _shows(say, receipt)),
        (say("采用的数值", "Figures used"), _figures(say, policy, receipt)),
        (say("还缺什么", "What is missing"), _missing(console, say, receipt)),
        (say("最小改动", "Smallest change"), _change(console, say, receipt)),
    ):
        if body is not None:
            parts += ["", section(console, title), body]
    parts += ["", Flow(Text(f"SHA-256 {digest}", style="dim"))]
    return Group(*parts)


# ── Head


def _head(
    console: Console, say: Speech, document: Document, measure: Measure, receipt: Receipt
) -> RenderableType:
    clause = document.clause(measure.clause)
    title = Table.grid(expand=True, padding=(0, 2))
    title.add_column(ratio=1)
    title.add_column(justify="right", no_wrap=True)
    title.add_row(Flow(say.title(measure), style="bold"), Text(amount_text(say, receipt), style="bold"))
    rows: list[tuple[str, RenderableType]] = [
        (say("结论", "Verdict"), verdict(console, say, receipt)),
        (say("决定日", "Date"), receipt["dates"]["decision"]),
        (say("依据", "Clause"), Flow(f"{document.number} {measure.clause}  {say.title(clause)}")),
        (
            say("措施", "Measure"),
            Flow(
                f"{measure.id}（{say.word('kind', measure.kind)}）"
                if say.lang == "zh"
                else f"{measure.id} ({measure.kind})"
            ),
        ),
    ]
    if measure.fund is not None:
        rows.append((say("资金", "Fund"), Flow(say.title(measure.fund))))
    rows.append((say("规则版本", "Rules"), f"{receipt['policy']['id']} {receipt['policy']['version']}"))
    return Group(title, labelled(rows))


# ── Conditions


def _tree(console: Console, say: Speech, measure: Measure, receipt: Receipt) -> RenderableType:
    facts = {row["id"]: row["value"] for row in receipt["facts"]}
    nodes: dict[str, Tree] = {}
    root: Tree | None = None
    for number, condition in enumerate(receipt["conditions"]):
        label = _condition(console, say, measure, number, condition, facts)
        if condition["parent"] is None:
            root = nodes[condition["id"]] = Tree(label, guide_style="dim")
        else:
            nodes[condition["id"]] = nodes[condition["parent"]].add(label)
    assert root is not None
    legend = say("决定结论的条件", "decides the verdict")
    return Group(root, Text(f"{mark(console, 'here')} {legend}", style="dim"))


def _condition(
    console: Console,
    say: Speech,
    measure: Measure,
    number: int,
    condition: Receipt,
    facts: Mapping[str, Any],
) -> RenderableType:
    truth = _TRUTHS[condition["truth"]]
    text = Text(f"{mark(console, _MARKS[truth])} ", style=STYLES[truth])
    text.append(condition[say.lang], style="bold" if condition["decisive"] else "default")
    for known in _known(say, measure, number, condition, facts):
        text.append(f" {mark(console, 'dot')} {known}", style="dim")
    if condition["decisive"] and condition["op"] == "leaf":
        text.append(f" {mark(console, 'here')}", style=STYLES[truth])
    return Flow(text, hang=2)


def _known(
    say: Speech, measure: Measure, number: int, condition: Receipt, facts: Mapping[str, Any]
) -> list[str]:
    """What the facts of a condition say, or those from which they follow. A yes/no is told by its mark."""
    if condition["op"] != "leaf":
        return []
    kinds = facts_of(measure)
    keys = [key for key in condition["facts"] if kinds[key].kind is not Kind.BOOL]
    if keys and all(facts.get(key) is None for key in condition["facts"]):
        behind = [ref.key for ref in measure.nodes[number].resolved.refs if facts.get(ref.key) is not None]
        keys = behind or keys
    if len(keys) == 1 and keys[0] in condition["facts"]:
        return [shown_fact(say, kinds[keys[0]], facts[keys[0]])]
    return [f"{say.title(kinds[key])} {shown_fact(say, kinds[key], facts[key])}" for key in keys]


# ── The sum


def _formula(say: Speech, policy: Policy, receipt: Receipt) -> RenderableType | None:
    if receipt["formula"] is None:
        return None
    numbers = receipt["formula"][f"{say.lang}_numbers"]
    lines: list[RenderableType] = [
        Flow(Text(receipt["formula"][say.lang], style="dim" if numbers else ""), hang=2)
    ]
    if numbers is not None:
        lines.append(Flow(Text(f"= {numbers}", style="bold"), hang=2))
    if receipt["amount"] is None and receipt["verdict"] != "ineligible":
        lines.append(Flow(say("金额：", "Sum: ") + amount_text(say, receipt)))
    if any(part is not None for part in receipt["parts"].values()):
        parts = labelled(list(_parts(say, policy, receipt)))
        parts.columns[1].justify = "right"
        lines.append(parts)
    return Group(*lines)


def _parts(say: Speech, policy: Policy, receipt: Receipt) -> Iterator[tuple[str, RenderableType]]:
    for name, part in receipt["parts"].items():
        fact = policy.facts.get(f"{name}_due") or policy.facts.get(name)
        title = say.title(fact) if fact is not None else name
        yield title, say("未知", "unknown") if part is None else yuan(say, part)


def _shows(say: Speech, receipt: Receipt) -> RenderableType | None:
    if not receipt["shows"]:
        return None
    unknown = say("未知", "unknown")
    return labelled([(row[say.lang], Flow(row[f"value_{say.lang}"] or unknown)) for row in receipt["shows"]])


# ── Figures


def _figures(say: Speech, policy: Policy, receipt: Receipt) -> RenderableType | None:
    used = [row for row in receipt["values"] if _is_used(row, policy.values[row["name"]])]
    if not used:
        return None
    table = Table.grid(padding=(0, 2))
    table.add_column(ratio=5)
    table.add_column(no_wrap=True, justify="right")
    table.add_column(ratio=4)
    for row in used:
        table.add_row(*_figure(say, policy, row))
    return table


def _is_used(row: Receipt, value: DatedValue) -> bool:
    """Whether a figure was read: not where the county or industry is unknown, or has none of its own."""
    if row["figure"] is not None:
        return True
    return row["source"] is None and (value.keyed_by is None or row["key"] is not None)


def _figure(say: Speech, policy: Policy, row: Receipt) -> Iterator[RenderableType]:
    value = policy.values[row["name"]]
    key = row["key"]
    fact = policy.facts.get(value.keyed_by or "")
    member = "" if key is None else say.member(fact, key)
    yield Flow(Text.assemble(say.title(value), (f" {member}" if member else "", "dim")))
    if row["figure"] is None:
        text = (
            say("由本市规定，尚未设定", "set by the city; not set yet")
            if value.local
            else say("当日无有效数值", "none in force that day")
        )
        yield Text(say("未设定", "not set"), style="yellow")
        yield Flow(text, style="dim")
        return
    entry = next(e for e in value.entries if e.source == row["source"] and _iso(e.start) == row["valid_from"])
    yield shown_figure(say, value, entry.figures.get(key))
    yield Flow(source_note(say, row["source"], row["confidence"]))


def source_note(say: Speech, source: str, confidence: str) -> Text:
    """Where a figure comes from; an assumption says so."""
    text = Text(source, style="dim")
    if confidence == "low":
        text.append(say("  [假定]", "  [assumption]"), style="bold yellow not dim")
    elif confidence != "high":
        text.append(f"  [{say.word('confidence', confidence)}]")
    return text


def _iso(day: Any) -> str | None:
    return None if day is None else day.isoformat()


# ── What is missing, and the smallest change


def _missing(console: Console, say: Speech, receipt: Receipt) -> RenderableType | None:
    missing = receipt["missing"]
    lines: list[RenderableType] = []
    for fact in missing["facts"]:
        lines += _missing_fact(console, say, fact)
    for relation in missing["relations"]:
        lines.append(Flow(f"{mark(console, 'open')} {relation}"))
    for value in missing["values"]:
        whose = (
            say("由本市规定，尚未设定", "to be set by the city")
            if value["local"]
            else say("当日无有效数值", "none in force that day")
        )
        lines.append(
            Flow(Text.assemble(f"{mark(console, 'open')} {value[say.lang]}", (f"  {whose}", "dim")), hang=2)
        )
    for rate in missing["zero_denominators"]:
        below = say.listed(rate["facts"])
        lines.append(Flow(say(f"? 分母为零：{below}", f"? nothing below the line: {below}"), hang=2))
    return Group(*lines) if lines else None


def _missing_fact(console: Console, say: Speech, fact: Receipt) -> list[RenderableType]:
    title = Text.assemble((f"{mark(console, 'open')} {fact[say.lang]}", "bold"), (f"  {fact['id']}", "dim"))
    rows: list[tuple[str, RenderableType]] = [(say("问", "ask"), Flow(fact[f"ask_{say.lang}"]))]
    if fact[f"evidence_{say.lang}"]:
        rows.append((say("凭", "proof"), Flow(fact[f"evidence_{say.lang}"])))
    rows.append((say("由", "from"), Flow(say.word("source", fact["source"]))))
    if fact["derivable_from"]:
        rows.append(
            (
                say("或", "or"),
                Flow(say("由此推出：", "it follows from: ") + say.listed(fact["derivable_from"])),
            )
        )
    return [Flow(title, hang=2), Padding.indent(labelled(rows), 2)]


def _change(console: Console, say: Speech, receipt: Receipt) -> RenderableType | None:
    if not receipt["change"]:
        return None
    head = say("以下各项都成立即符合：", "It would be eligible if all of these held:")
    lines: list[RenderableType] = [Text(head, style="dim")]
    for row in receipt["change"]:
        text = Text(f"{mark(console, 'dot')} {row[say.lang]}")
        known = [now[say.lang] or say("未知", "unknown") for now in row["now"]]
        if len(known) == 1:
            text.append(say(f"  现为：{known[0]}", f"  now: {known[0]}"), style="dim")
        if not row["possible"]:
            text.append(
                say("  （日期条件，无法改变）", "  (a matter of dates; cannot be changed)"), style="dim"
            )
        lines.append(Flow(text, hang=2))
    return Group(*lines)
