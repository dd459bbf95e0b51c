"""The receipt of one decision: one object that page, checklist, letter and audit are views of.

It holds clause, conditions with their truth and whether they were decisive, facts and values with sources, the
formula with numbers, what is missing and the smallest change that would make it eligible. It holds no clock
time, so the same decision has the same hash for ever.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.evaluation import Evaluation, Missing
from wenjiuye.rules.expression import Expression, Ref, ValueUse
from wenjiuye.rules.measures import ConditionNode, Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import yuan_text
from wenjiuye.rules.values import Dated, DatedValue
from wenjiuye.rules.wording import (
    Lang,
    fact_value,
    formula,
    heading,
    number_words,
    sentence,
    window_sentence,
)

SCHEMA = "wenjiuye.receipt/1"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact of the case comes from and the day it holds on."""

    source: str
    as_of: dt.date | None = None


def receipt(
    policy: Policy,
    measure: Measure,
    record: Record,
    on: dt.date,
    *,
    nested: bool = False,
    applied: dt.date | None = None,
    event: dt.date | None = None,
    provenance: Mapping[str, Provenance] | None = None,
) -> dict[str, Any]:
    """Decide one measure and unfold the decision.

    record: in the engine's own form, keyed by fact id, or by path where nested. applied, event: the date of
    the claim and the date on which the facts hold. provenance: by the record's keys.
    """
    return unfold(
        policy,
        determine(policy, measure, record, on, nested=nested),
        record,
        nested=nested,
        applied=applied,
        event=event,
        provenance=provenance,
    )


def unfold(
    policy: Policy,
    decision: Determination,
    record: Record,
    *,
    nested: bool = False,
    applied: dt.date | None = None,
    event: dt.date | None = None,
    provenance: Mapping[str, Provenance] | None = None,
) -> dict[str, Any]:
    """Unfold a decision that was made from this record."""
    measure, on = decision.measure, decision.on
    look = Evaluation(policy, record, on, nested=nested)
    static = _static(policy, measure, on)
    missing = _missing(measure, decision, look)
    figures = _figures_used(policy, look, static)
    return {
        "schema": SCHEMA,
        "policy": {"id": policy.id, "version": static.version},
        "measure": static.measure,
        "dates": {"decision": on.isoformat(), "application": _iso(applied), "event": _iso(event)},
        "verdict": str(decision.verdict),
        "amount": _yuan(decision.amount),
        "ceiling": measure.ceiling,
        "low": _yuan(decision.low),
        "high": _yuan(decision.high),
        "parts": {name: _yuan(part) for name, part in decision.parts.items()},
        "conditions": _conditions(measure, decision.truths, static),
        "facts": _facts(static, look, nested, provenance or {}),
        "values": figures,
        "formula": _formula(policy, measure, look, decision, static),
        "shows": _shows(policy, measure, look),
        "missing": _missing_data(policy, missing),
        "change": _change(measure, decision.truths, look, static),
        "assumptions": [figure["name"] for figure in figures if figure["confidence"] == "low"],
    }


def receipt_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a receipt."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# ── What does not depend on the case, made once for each measure and date


@dataclass(frozen=True)
class _Static:
    version: str
    measure: dict[str, Any]
    sentences: tuple[tuple[str, str], ...]
    refs: tuple[Ref, ...]
    node_facts: tuple[list[str], ...]
    node_values: tuple[list[str], ...]
    value_nodes: tuple[Expression, ...]
    formula: tuple[str, str] | None


_statics: WeakKeyDictionary[Policy, dict[tuple[str, dt.date], _Static]] = WeakKeyDictionary()


def _static(policy: Policy, measure: Measure, on: dt.date) -> _Static:
    cache = _statics.setdefault(policy, {})
    key = (measure.id, on)
    if key not in cache:
        cache[key] = _make_static(policy, measure, on)
    return cache[key]


def _make_static(policy: Policy, measure: Measure, on: dt.date) -> _Static:
    def both(node: ConditionNode) -> tuple[str, str]:
        if node.children:
            return heading(node.written, "zh"), heading(node.written, "en")
        words = window_sentence if node.is_window else sentence
        return words(policy, node.written, on, "zh"), words(policy, node.written, on, "en")

    expressions = list(measure.expressions())
    refs = dict.fromkeys(ref for expression in expressions for ref in expression.refs)
    values = {node.key: node for e in expressions for node in e.walk_into_rows() if node.op == "value"}
    return _Static(
        policy.version,
        {
            "id": measure.id,
            "clause": measure.clause,
            "kind": str(measure.kind),
            "zh": measure.zh,
            "en": measure.en,
            "fund": measure.fund.id if measure.fund else None,
        },
        tuple(both(node) for node in measure.nodes),
        tuple(refs),
        tuple([ref.key for ref in node.written.refs] for node in measure.nodes),
        tuple(_value_names(node.resolved) for node in measure.nodes),
        tuple(values.values()),
        None
        if measure.written_amount is None
        else (
            formula(policy, measure.written_amount, on, "zh"),
            formula(policy, measure.written_amount, on, "en"),
        ),
    )


def _value_names(expression: Expression) -> list[str]:
    return list(
        dict.fromkeys(n.data.name for n in expression.walk_into_rows() if isinstance(n.data, ValueUse))
    )


# ── The parts of a receipt


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else yuan_text(fen, grouped=False)


def _conditions(measure: Measure, truths: Sequence[bool | None], static: _Static) -> list[dict[str, Any]]:
    decisive = decisive_nodes(measure, truths)
    return [
        {
            "id": f"c{node.index}",
            "parent": None if node.parent is None else f"c{node.parent}",
            "op": node.written.op if node.children else "leaf",
            "truth": truths[node.index],
            "decisive": node.index in decisive,
            "window": node.is_window,
            "zh": static.sentences[node.index][0],
            "en": static.sentences[node.index][1],
            "facts": [] if node.children else static.node_facts[node.index],
            "values": [] if node.children else static.node_values[node.index],
        }
        for node in measure.nodes
    ]


def decisive_nodes(measure: Measure, truths: Sequence[bool | None]) -> set[int]:
    """The conditions that made the verdict what it is: those whose truth carried the whole's."""
    found: set[int] = set()
    pending = [0]
    while pending:
        index = pending.pop()
        found.add(index)
        node = measure.nodes[index]
        pending += [child for child in node.children if truths[child] is truths[index]]
    return found


def _facts(
    static: _Static, look: Evaluation, nested: bool, provenance: Mapping[str, Provenance]
) -> list[dict[str, Any]]:
    rows = []
    for ref in static.refs:
        value = look.given(ref)
        origin = provenance.get(ref.key if nested else ref.fact.id)
        rows.append(
            {
                "id": ref.key,
                "zh": ref.fact.zh,
                "en": ref.fact.en,
                "value": None if value is None else ref.fact.plain_value(value),
                "source": origin.source if origin else str(ref.fact.source),
                "as_of": _iso(origin.as_of) if origin else None,
            }
        )
    return rows


def _figures_used(policy: Policy, look: Evaluation, static: _Static) -> list[dict[str, Any]]:
    rows = {}
    for node in static.value_nodes:
        use: ValueUse = node.data
        value = policy.values[use.name]
        key = look.value(node.args[0]) if use.keyed else None
        day = look.figure_day(node)
        entry = None if day is None else value.on(day)
        rows[use.name, key, day] = _figure_row(value, entry, key)
    return list(rows.values())


def _figure_row(value: DatedValue, entry: Dated | None, key: Any) -> dict[str, Any]:
    figure = None if entry is None else entry.figures.get(None if key is None else str(key))
    return {
        "name": value.name,
        "key": None if key is None else str(key),
        "zh": value.zh,
        "en": value.en,
        "figure": None if figure is None else value.show(figure),
        "figure_en": None if figure is None else value.show(figure, "en"),
        "unit": value.unit,
        "local": value.local,
        "source": None if entry is None else entry.source,
        "valid_from": None if entry is None else _iso(entry.start),
        "valid_to": None if entry is None else _iso(entry.end),
        "confidence": None if entry is None else entry.confidence,
    }


def _formula(
    policy: Policy, measure: Measure, look: Evaluation, decision: Determination, static: _Static
) -> dict[str, str | None] | None:
    if static.formula is None or measure.written_amount is None:
        return None
    put_in: dict[str, str | None] = {
        "zh": static.formula[0],
        "en": static.formula[1],
        "zh_numbers": None,
        "en_numbers": None,
    }
    if decision.verdict is not Verdict.INELIGIBLE:
        languages: tuple[Lang, Lang] = ("zh", "en")
        for lang in languages:
            numbers = formula(policy, measure.written_amount, look.on, lang, look)
            unknown = "未知" if lang == "zh" else "unknown"
            result = unknown if decision.amount is None else number_words(decision.amount, "fen", lang)
            put_in[f"{lang}_numbers"] = f"{numbers} = {result}"
    return put_in


def _shows(policy: Policy, measure: Measure, look: Evaluation) -> list[dict[str, Any]]:
    rows = []
    for expression in measure.shows:
        value = look.value(expression)
        unit = expression.unit
        rows.append(
            {
                "zh": formula(policy, expression, look.on, "zh"),
                "en": formula(policy, expression, look.on, "en"),
                "value": None if value is None else _plain(value, unit),
                "value_zh": None if value is None else _shown(value, unit, "zh"),
                "value_en": None if value is None else _shown(value, unit, "en"),
            }
        )
    return rows


def _plain(value: Any, unit: str | None) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return (
        yuan_text(value, grouped=False)
        if unit == "fen"
        else value
        if isinstance(value, bool | str)
        else str(value)
    )


def _shown(value: Any, unit: str | None, lang: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, bool | str) else number_words(value, unit, lang)


def _missing(measure: Measure, decision: Determination, look: Evaluation) -> Missing:
    """What the verdict still needs, or, where it is settled, what the amount needs."""
    if decision.verdict is Verdict.INELIGIBLE:
        return Missing()
    found = look.missing(measure.condition)
    if measure.amount is not None and decision.amount is None:
        for_amount = look.missing(measure.amount)
        for ref, derivable in for_amount.facts.items():
            found.facts.setdefault(ref, derivable)
        found.values += [use for use in for_amount.values if use not in found.values]
        found.relations += for_amount.relations
        found.zero_denominators += for_amount.zero_denominators
    return found


def _missing_data(policy: Policy, missing: Missing) -> dict[str, Any]:
    return {
        "facts": [
            {
                "id": ref.key,
                "zh": ref.fact.zh,
                "en": ref.fact.en,
                "ask_zh": ref.fact.ask_zh,
                "ask_en": ref.fact.ask_en,
                "source": str(ref.fact.source),
                "evidence_zh": ref.fact.evidence_zh,
                "evidence_en": ref.fact.evidence_en,
                "derivable_from": [inner.key for inner in derivable],
            }
            for ref, derivable in missing.facts.items()
        ],
        "relations": list(dict.fromkeys(missing.relations)),
        "values": [
            {
                "name": use.name,
                "zh": policy.values[use.name].zh,
                "en": policy.values[use.name].en,
                "local": policy.values[use.name].local,
            }
            for use in missing.values
        ],
        "zero_denominators": [
            {"facts": [ref.key for ref in node.args[1].refs]} for node in missing.zero_denominators
        ],
    }


# ── The smallest change

_NEVER = 10**6


def _change(
    measure: Measure, truths: Sequence[bool | None], look: Evaluation, static: _Static
) -> list[dict[str, Any]]:
    """The fewest conditions that would have to come true; empty where it is eligible."""
    if truths[0] is True:
        return []
    _, leaves = _cheapest(measure, 0, truths)
    rows = []
    for index in sorted(leaves):
        node = measure.nodes[index]
        rows.append(
            {
                "condition": f"c{index}",
                "zh": static.sentences[index][0],
                "en": static.sentences[index][1],
                "truth": truths[index],
                "now": [_now(ref, look) for ref in node.written.refs],
                "possible": not node.is_window,
            }
        )
    return rows


def _cheapest(measure: Measure, index: int, truths: Sequence[bool | None]) -> tuple[int, list[int]]:
    """Cost and leaves of making a condition true. A window costs more than anything: no one can change a date."""
    if truths[index] is True:
        return 0, []
    node = measure.nodes[index]
    if not node.children:
        return (_NEVER if node.is_window else 1), [index]
    options = [_cheapest(measure, child, truths) for child in node.children]
    wanted = {"all": len(options), "any": 1}.get(node.written.op, node.written.data)
    taken = sorted(options, key=lambda option: option[0])[:wanted]
    return sum(cost for cost, _ in taken), [leaf for _, leaves in taken for leaf in leaves]


def _now(ref: Ref, look: Evaluation) -> dict[str, Any]:
    value = look.given(ref)
    return {
        "fact": ref.key,
        "zh": None if value is None else fact_value(ref.fact, value, "zh"),
        "en": None if value is None else fact_value(ref.fact, value, "en"),
    }
