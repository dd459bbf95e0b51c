"""Candidate answers to a fact: its own extremes, and both sides of every point at which a comparison turns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Condition, Ref, ValueUse
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.wanted import Wanted

KEPT = 20_000
"""Turning points kept for each policy; they depend on the date and on what else a comparison reads."""
_COMPARISONS = {
    "lt": ("lt",),
    "le": ("le",),
    "gt": ("gt",),
    "ge": ("ge",),
    "eq": ("ge", "le"),
    "ne": ("ge", "le"),
}

_STEPS = 10**6
"""Shares are tried in millionths: finer than any rate of a rule."""


@dataclass(frozen=True, slots=True)
class _Lattice:
    """The values of a kind of fact as whole numbers, so that a threshold can be found by halving."""

    number: Callable[[Any], int]
    value: Callable[[int], Any]


_WHOLE = _Lattice(int, int)
LATTICES = {
    Kind.INT: _WHOLE,
    Kind.MONEY: _WHOLE,
    Kind.SHARE: _Lattice(lambda share: int(share * _STEPS), lambda number: Fraction(number, _STEPS)),
    Kind.DATE: _Lattice(dt.date.toordinal, dt.date.fromordinal),
    Kind.MONTH: _Lattice(
        lambda month: month.year * 12 + month.month - 1,
        lambda number: dt.date(number // 12, number % 12 + 1, 1),
    ),
}


def plain_candidates(fact: Fact) -> tuple[Any, ...]:
    if fact.kind is Kind.BOOL:
        return (True, False)
    if fact.kind is Kind.ENUM:
        return tuple(fact.members)
    # A list: none, one record of the smallest and one of the largest values.
    ends = [
        {f.id: (probes(f, None) if f.kind in LATTICES else plain_candidates(f))[at] for f in fact.fields}
        for at in (0, -1)
    ]
    return ([], *([record] for record in ends))


def probes(fact: Fact, on: dt.date | None) -> list[Any]:
    """Answers tried whatever the rule compares: both ends of the range, the next to the lowest, the day itself."""
    lattice, (low, high) = LATTICES[fact.kind], fact.range()
    ends = [low, lattice.value(lattice.number(low) + 1), high]
    if on is not None and fact.kind in (Kind.DATE, Kind.MONTH):
        ends.insert(1, on if fact.kind is Kind.DATE else on.replace(day=1))
    return ends


# ── What a measure compares


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a measure compares, each comparison with the facts that it reads, and the tables it reads by a fact."""

    comparisons: tuple[tuple[Condition, frozenset[Ref]], ...]
    tables: frozenset[tuple[str, str]]


_readings: WeakKeyDictionary[Measure, _Reading] = WeakKeyDictionary()


def reading_of(measure: Measure) -> _Reading:
    if measure not in _readings:
        nodes = {node.key: node for part in measure.expressions() for node in part.walk()}
        compared = [n for n in nodes.values() if isinstance(n, Condition) and n.op in _COMPARISONS]
        tables = [n for n in nodes.values() if isinstance(n.data, ValueUse) and n.data.keyed]
        _readings[measure] = _Reading(
            tuple((node, frozenset(node.refs)) for node in compared),
            frozenset((n.args[0].data.fact.id, n.data.name) for n in tables if n.args[0].op == "fact"),
        )
    return _readings[measure]


def table_keys(policy: Policy, measure: Measure, fact: Fact) -> Iterator[int]:
    """The numbers under which the tables that a measure reads by this fact have figures."""
    for fact_id, name in reading_of(measure).tables:
        if fact_id == fact.id:
            for entry in policy.values[name].entries:
                yield from (int(number) for number in entry.figures if number is not None)


# ── Turning points


@dataclass(frozen=True, slots=True)
class Turns:
    """The answers on both sides of the points at which a comparison turns.

    open: it hangs on other unknown facts too, so that there may be more such points. A comparison that no
    answers make known, because a value is not set, has none.
    """

    answers: tuple[Any, ...]
    open: bool


_kept_turns: WeakKeyDictionary[Policy, dict[tuple[Any, ...], Turns]] = WeakKeyDictionary()


def turns_of(wanted: Wanted, node: Condition, key: str) -> Turns:
    """Where a comparison turns over the range of one fact, with the other facts as far as they are known."""
    look = wanted.look
    facts = {
        wanted.key(ref): (ref.fact, None if wanted.key(ref) == key else look.given(ref)) for ref in node.refs
    }
    known = {name: value for name, (_, value) in facts.items() if value is not None}
    kept = _kept_turns.setdefault(look.policy, {})
    case = (node.key, key, look.on, look.nested, tuple(known.items()))
    found = kept.get(case)
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        unknown = {name: fact for name, (fact, _) in facts.items() if name not in known}
        kept[case] = found = _find_turns(look, node, known, unknown, key)
    return found


def _find_turns(
    look: Evaluation, node: Condition, known: Mapping[str, Any], unknown: Mapping[str, Fact], key: str
) -> Turns:
    def truth(op: str, answers: Mapping[str, Any]) -> bool | None:
        record = {**known, **answers}
        condition = node if op == node.op else Condition(op, node.args)
        found: bool | None = Evaluation(look.policy, record, look.on, nested=look.nested).value(condition)
        return found

    lattice = LATTICES[unknown[key].kind]
    low, high = (lattice.number(end) for end in unknown[key].range())
    found: list[int] = []
    ends: list[bool | None] = []
    for op in _COMPARISONS[node.op]:

        def holds(number: int, op: str = op) -> bool | None:
            return truth(op, {key: lattice.value(number)})

        first, last = holds(low), holds(high)
        ends += first, last
        if first is not last:
            found += *_crossing(low, high, holds, first), *_crossing(low, high, holds, last)
    guesses = ({name: _guess(fact, look.on, n) for name, fact in unknown.items()} for n in range(3))
    may_turn = None in ends and len(unknown) > 1 and any(truth(node.op, g) is not None for g in guesses)
    return Turns(tuple(lattice.value(number) for number in dict.fromkeys(found)), may_turn)


def _guess(fact: Fact, on: dt.date, number: int) -> Any:
    answers = probes(fact, on) if fact.kind in LATTICES else plain_candidates(fact)
    return answers[number % len(answers)]


def _crossing(
    low: int, high: int, holds: Callable[[int], bool | None], outer: bool | None
) -> tuple[int, int]:
    """Two neighbours of which one has the truth of an outer end and the other has not, found by halving."""
    rising = holds(low) is outer
    while high - low > 1:
        middle = (low + high) // 2
        if (holds(middle) is outer) is rising:
            low = middle
        else:
            high = middle
    return low, high
