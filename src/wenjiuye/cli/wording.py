"""How the screens say things: amounts, the decisive reason, facts, figures, and what may be written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from wenjiuye.cli.language import Speech
from wenjiuye.rules.facts import COUNT_MAX, MONEY_MAX, Fact
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import FEN, Kind, fen_of_yuan, number_text, yuan_text
from wenjiuye.rules.values import UNITS_ZH, DatedValue, Figure
from wenjiuye.rules.wording import fact_value, number_words

Receipt = Mapping[str, Any]


def verdict_word(say: Speech, receipt: Receipt) -> str:
    """The verdict in a word; that of a quota says whether it is met."""
    kind = "quota" if receipt["measure"]["kind"] == MeasureKind.QUOTA else "verdict"
    return say.word(kind, receipt["verdict"])


# ── Amounts


def yuan(say: Speech, text: str) -> str:
    """A sum of a receipt: "1000.00" → 1,000.00元."""
    return number_words(fen_of_yuan(text), FEN, say.lang)


def amount_text(say: Speech, receipt: Receipt) -> str:
    """The sum, its bounds, or nothing where there is none to say."""
    if receipt["verdict"] == "ineligible" or not _has_amount(receipt):
        return ""
    text = _amount(say, receipt)
    if receipt["verdict"] == "eligible":
        return text or say("金额待定", "sum open")
    return say(f"如符合：{text}", f"if eligible: {text}") if text else ""


def _has_amount(receipt: Receipt) -> bool:
    return receipt["formula"] is not None


def _amount(say: Speech, receipt: Receipt) -> str:
    """The sum or its bounds; nothing where neither is known."""
    amount, low, high = receipt["amount"], receipt["low"], receipt["high"]
    if amount is not None:
        most = yuan(say, amount)
        return say(f"最高 {most}", f"up to {most}") if receipt["ceiling"] else most
    known_low = low is not None and fen_of_yuan(low) > 0
    if high is None:
        return say(f"不少于 {yuan(say, low)}", f"at least {yuan(say, low)}") if known_low else ""
    if not known_low:
        return say(f"最高 {yuan(say, high)}", f"up to {yuan(say, high)}")
    return f"{yuan_text(fen_of_yuan(low))} – {yuan(say, high)}"


# ── The decisive reason


def reason(say: Speech, receipt: Receipt) -> str:
    """Why the verdict is what it is, in one line."""
    if receipt["verdict"] == "ineligible":
        return say("不符合条件：", "not met: ") + failing(say, receipt)
    lacks = lacking(say, receipt)
    if receipt["verdict"] == "undetermined":
        return lacks or say("尚缺信息", "information is missing")
    if lacks:
        return say("金额", "for the sum, ") + lacks
    formula = receipt["formula"]
    numbers = (formula[f"{say.lang}_numbers"] or "") if formula else ""
    reckoned, _, result = numbers.rpartition(" = ")
    # "1,000 = 1,000" tells nothing that the sum beside it does not.
    return "" if reckoned == result else numbers


def failing(say: Speech, receipt: Receipt) -> str:
    """The first condition that failed and made the whole fail, with what the facts say."""
    conditions = receipt["conditions"]
    children: dict[str | None, list[Receipt]] = {}
    for condition in conditions:
        children.setdefault(condition["parent"], []).append(condition)
    node = conditions[0]
    while node["op"] == "all":
        node = next(child for child in children[node["id"]] if child["truth"] is False)
    if node["op"] == "leaf":
        return str(node[say.lang]) + _now(say, receipt, node)
    # None of several ways is open: name the ways, unless the rule has words of its own for them.
    if not node[say.lang].startswith(("以下条件", "one of these", "at least")):
        return str(node[say.lang])
    ways = [_way(say, child, children) for child in children[node["id"]]]
    return (
        say("以下均不符合：", "none of: ") + say("；", "; ").join(ways[:3]) + ("" if len(ways) <= 3 else " …")
    )


def _way(say: Speech, node: Receipt, children: Mapping[str | None, list[Receipt]]) -> str:
    """A way that is closed: the first of its conditions that fails."""
    while node["op"] != "leaf":
        node = next(child for child in children[node["id"]] if child["truth"] is False)
    return str(node[say.lang])


def _now(say: Speech, receipt: Receipt, condition: Receipt) -> str:
    row = next((row for row in receipt["change"] if row["condition"] == condition["id"]), None)
    known = [now[say.lang] for now in (row["now"] if row else ()) if now[say.lang] is not None]
    return (
        say(f"（现为{say.listed(known)}）", f" (now {say.listed(known)})")
        if known and len(known) == 1
        else ""
    )


def lacking(say: Speech, receipt: Receipt) -> str:
    """What is missing, the first few of it."""
    missing = receipt["missing"]
    facts = [row[say.lang] for row in missing["facts"]] + list(missing["relations"])
    values = [row[say.lang] for row in missing["values"]]
    parts = []
    if facts:
        parts.append(say("还缺：", "missing: ") + say.first(list(dict.fromkeys(facts))))
    if values:
        parts.append(say("尚未设定：", "not set yet: ") + say.first(values))
    if missing["zero_denominators"]:
        parts.append(say("分母为零，比率无意义", "a rate has nothing below the line"))
    return say("；", "; ").join(parts)


# ── Facts and figures


def facts_of(measure: Measure) -> dict[str, Fact]:
    """The facts of a measure by the keys that receipts use."""
    return {ref.key: ref.fact for expression in measure.expressions() for ref in expression.refs}


def shown_fact(say: Speech, fact: Fact, plain: object) -> str:
    """A fact's value as receipts keep it, for people."""
    return say("未知", "unknown") if plain is None else fact_value(fact, fact.read(plain), say.lang)


def shown_figure(say: Speech, value: DatedValue, figure: Figure | None) -> str:
    """A figure with its whole unit: 1,000.00元/人."""
    if figure is None or isinstance(figure, dt.date) or value.kind is not Kind.MONEY:
        return value.show(figure, say.lang)
    unit = "/".join(say.word("unit", part) for part in value.unit.split("/"))
    return f"{yuan_text(figure)}{say('', ' ')}{unit}"


def unit_of(say: Speech, fact: Fact) -> str:
    """The unit of a count, as it stands behind a number."""
    return UNITS_ZH.get(fact.unit or "", fact.unit or "") if say.lang == "zh" else fact.unit or ""


def allowed(say: Speech, fact: Fact) -> str:
    """What may be written for a fact."""
    low, high = fact.range()
    match fact.kind:
        case Kind.BOOL:
            return say("是 / 否", "yes / no")
        case Kind.INT:
            upto = "" if high == COUNT_MAX else say(f"，最多{high}", f", at most {high}")
            unit = unit_of(say, fact)
            start = f"，从{low}起" if low else ""
            return say(
                f"整数{f'（{unit}）' if unit else ''}{start}{upto}",
                f"a whole number{_of(unit)}{_from(low)}{upto}",
            )
        case Kind.MONEY:
            upto = (
                "" if high == MONEY_MAX else say(f"，最多{yuan_text(high)}", f", at most {yuan_text(high)}")
            )
            return say(f"金额（元），最多两位小数{upto}", f"a sum in yuan, two decimals at most{upto}")
        case Kind.SHARE:
            ends = "" if high == COUNT_MAX else say(f"{number_text(low)}至{number_text(high)}之间的", "")
            within = "" if high == COUNT_MAX else f" from {number_text(low)} to {number_text(high)}"
            return say(
                f"{ends}小数、百分数或分数，如 0.055、5.5%、2/3", f"a number{within}, as 0.055, 5.5% or 2/3"
            )
        case Kind.MONTH:
            return say("月份，如 2020-12", "a month, as 2020-12")
        case Kind.DATE:
            return say("日期，如 2020-12-01", "a date, as 2020-12-01")
        case Kind.ENUM:
            return say("；", "; ").join(
                f"{say(zh, en)} ({member})" for member, (zh, en) in fact.members.items()
            )
        case _:
            names = say.listed(f"{field.id} {say.title(field)}" for field in fact.fields)
            return say(f"列表，每项有：{names}", f"a list of records of {names}")


def _of(unit: str) -> str:
    return f" of {unit}" if unit else ""


def _from(low: Any) -> str:
    return f", from {low}" if low else ""


# ── What does not fit the date


def out_of_force(policy: Policy, on: dt.date) -> list[DatedValue]:
    """Values that have figures, but none on this date."""
    return [value for value in policy.values.values.values() if value.entries and value.on(on) is None]
