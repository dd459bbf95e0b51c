"""One case looked at node by node: exact values, bounds of what is unknown, and what is missing.

Slower than the generated function and richer: explanations, receipts, bounds and questions come from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from wenjiuye.rules import calendar
from wenjiuye.rules.determination import Record
from wenjiuye.rules.expression import Expression, Gathered, Ref, ValueUse
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import SHARE, Exact, Kind

Bound = Exact | None
"""None is open: no lower or no upper bound."""

_OPERATORS: dict[str, Callable[..., Any]] = {
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: None if b == 0 else Fraction(a) / b,
    "min": min,
    "max": max,
    "full_months": calendar.full_months,
    "begun_months": calendar.begun_months,
    "age": calendar.age_on,
    "days": lambda a, b: (b - a).days,
    "year": lambda day: day.year,
    "not": lambda a: not a,
}


@dataclass
class Missing:
    """What would have to be known: facts (with the facts they could be derived from), values, and rates
    that have no meaning because nothing stands below the line."""

    facts: dict[Ref, tuple[Ref, ...]] = field(default_factory=dict)
    values: list[ValueUse] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    zero_denominators: list[Expression] = field(default_factory=list)

    def fact_ids(self) -> list[str]:
        """The ids of the missing facts, each once."""
        return list(dict.fromkeys(ref.fact.id for ref in self.facts)) + self.relations


class Evaluation:
    """The facts of one case on one date of decision, ready to evaluate any expression of a policy."""

    def __init__(self, policy: Policy, record: Record, on: dt.date, *, nested: bool = False) -> None:
        self.policy, self.record, self.on, self.nested = policy, record, on, nested
        self._known: dict[str, Any] = {}

    # ── Exact values

    def value(self, node: Expression) -> Any:
        """The node's exact value; None is unknown."""
        key = node.key
        if key not in self._known:
            self._known[key] = self._value(node)
        return self._known[key]

    def given(self, ref: Ref) -> Any:
        """The value that the record gives for a fact."""
        return self.record.get(ref.key if self.nested else ref.fact.id)

    def _value(self, node: Expression) -> Any:
        op = node.op
        if op == "fact":
            return self.given(node.data)
        if op == "const":
            return node.data
        if op == "decision":
            return self.on
        if op == "value":
            return self.figure(node)
        if op == "choose":
            return self._choose(node)
        if isinstance(node.data, Gathered):
            return self._rows(node)
        values = [self.value(arg) for arg in node.args]
        if op == "or_else":
            return values[0] if values[0] is not None else values[1]
        if op == "all":
            return False if any(v is False for v in values) else None if None in values else True
        if op == "any":
            return True if any(v is True for v in values) else None if None in values else False
        if op == "at_least":
            true = sum(v is True for v in values)
            return True if true >= node.data else None if true + values.count(None) >= node.data else False
        if any(v is None for v in values):
            return None
        if op == "in":
            return values[0] in node.data
        if op == "covers":
            return (
                self.policy.values[node.data.name].figure(self.figure_day(node), str(values[0])) is not None
            )
        if op == "round":
            return node.data.apply(values[0])
        if op == "plus_months":
            return calendar.plus_months(values[0], int(values[1] * node.data))
        if op == "plus_days":
            return calendar.plus_days(values[0], int(values[1] * node.data))
        return _OPERATORS[op](*values)

    def figure(self, node: Expression) -> Any:
        """The figure that a value node reads. One figure for every key is known without the key."""
        use: ValueUse = node.data
        day = self.figure_day(node)
        key = self.value(node.args[0]) if use.keyed else None
        return (
            None
            if day is None
            else self.policy.values[use.name].figure(day, None if key is None else str(key))
        )

    def figure_day(self, node: Expression) -> Any:
        """The date on which a value node looks its figure up; None where that date is unknown."""
        return self.value(node.args[-1]) if node.data.dated else self.on

    def _choose(self, node: Expression) -> Any:
        args = node.args
        pairs = len(args) // 2 * 2
        if node.kind is Kind.BOOL:
            result = self.value(args[-1]) if len(args) > pairs else None
            for i in range(pairs - 2, -2, -2):
                condition, then = self.value(args[i]), self.value(args[i + 1])
                if condition is None:
                    result = then if then is result else None
                elif condition:
                    result = then
            return result
        for i in range(0, pairs, 2):
            condition = self.value(args[i])
            if condition is None:
                return None
            if condition:
                return self.value(args[i + 1])
        return self.value(args[-1]) if len(args) > pairs else None

    def rows(self, data: Gathered) -> list[Evaluation] | None:
        """An evaluation of each gathered row; None where the rows are unknown."""
        key = data.key if self.nested or data.ref is None else data.relation
        rows = self.record.get(key)
        if rows is None:
            return None
        return [Evaluation(self.policy, row, self.on, nested=True) for row in rows]

    def _rows(self, node: Expression) -> Any:
        data: Gathered = node.data
        rows = self.rows(data)
        if rows is None:
            return None
        truths = [True if data.where is None else row.value(data.where) for row in rows]
        if node.op == "rows_any":
            return True if True in truths else None if None in truths else False
        if node.op == "rows_all":
            return False if False in truths else None if None in truths else True
        if None in truths:
            return None
        if node.op == "rows_count":
            return truths.count(True)
        assert data.of is not None
        taken = [row.value(data.of) for row, truth in zip(rows, truths, strict=True) if truth]
        if None in taken or (node.op == "rows_max" and not taken):
            return None
        return max(taken) if node.op == "rows_max" else sum(taken)

    # ── Bounds

    def bounds(self, node: Expression) -> tuple[Bound, Bound]:
        """The smallest and the largest value that a number can still take."""
        known = self.value(node)
        if known is not None:
            return known, known
        op = node.op
        if op == "fact":
            return _fact_bounds(node)
        if op == "value":
            return self._figure_bounds(node)
        if op == "choose":
            return self._choose_bounds(node)
        if op == "or_else":
            return self.bounds(node.args[1]) if self._is_optional(node) else _fact_bounds(node.args[0])
        if isinstance(node.data, Gathered) or op in ("full_months", "begun_months", "age", "days", "year"):
            return (0, None) if op != "full_months" and op != "days" else (None, None)
        inner = [self.bounds(arg) for arg in node.args]
        if op == "round":
            low, high = inner[0]
            return (
                None if low is None else node.data.apply(low),
                None if high is None else node.data.apply(high),
            )
        return _INTERVALS[op](*inner)

    def _is_optional(self, node: Expression) -> bool:
        first = node.args[0]
        return first.op == "fact" and bool(first.data.fact.optional)

    def _figure_bounds(self, node: Expression) -> tuple[Bound, Bound]:
        use: ValueUse = node.data
        day = self.figure_day(node)
        value = self.policy.values[use.name]
        entries = value.entries if day is None else [entry for entry in value.entries if entry.covers(day)]
        key = self.value(node.args[0]) if use.keyed else None
        figures: list[Any] = [
            figure
            for entry in entries
            for figure in ([entry.figures.get(str(key))] if key is not None else entry.figures.values())
            if figure is not None
        ]
        return (min(figures), max(figures)) if figures else (0, None)

    def _choose_bounds(self, node: Expression) -> tuple[Bound, Bound]:
        args = node.args
        pairs = len(args) // 2 * 2
        reachable: list[Expression] = []
        for i in range(0, pairs, 2):
            condition = self.value(args[i])
            if condition is not False:
                reachable.append(args[i + 1])
            if condition is True:
                break
        else:
            reachable += args[pairs:]
        if not reachable:
            return None, None
        found = [self.bounds(branch) for branch in reachable]
        return _lowest([low for low, _ in found]), _highest([high for _, high in found])

    # ── What is missing

    def missing(self, node: Expression) -> Missing:
        """What would have to be known for the node to be known; nothing where it already is."""
        found = Missing()
        self._collect(node, found)
        return found

    def _collect(self, node: Expression, found: Missing) -> None:
        if self.value(node) is not None:
            return
        op = node.op
        if op == "fact":
            found.facts.setdefault(node.data, ())
        elif op == "or_else" and (derived := _derived_fact(node)) is not None:
            inner = Missing()
            self._collect(node.args[1], inner)
            found.facts[derived] = tuple(inner.facts)
        elif op == "value":
            self._collect_value(node, found)
        elif op == "choose":
            self._collect_choose(node, found)
        elif isinstance(node.data, Gathered):
            self._collect_rows(node, found)
        else:
            for arg in node.args:
                self._collect(arg, found)
            if op == "div" and all(self.value(arg) is not None for arg in node.args):
                found.zero_denominators.append(node)

    def _collect_value(self, node: Expression, found: Missing) -> None:
        for arg in node.args:
            self._collect(arg, found)
        if all(self.value(arg) is not None for arg in node.args) and node.data not in found.values:
            found.values.append(node.data)

    def _collect_choose(self, node: Expression, found: Missing) -> None:
        args = node.args
        pairs = len(args) // 2 * 2
        for i in range(0, pairs, 2):
            condition = self.value(args[i])
            if condition is False:
                continue
            self._collect(args[i], found)
            self._collect(args[i + 1], found)
            if condition is True:
                return
        for rest in args[pairs:]:
            self._collect(rest, found)

    def _collect_rows(self, node: Expression, found: Missing) -> None:
        data: Gathered = node.data
        rows = self.rows(data)
        if rows is None and data.ref is not None:
            found.facts.setdefault(data.ref, ())
        elif rows is None:
            found.relations.append(data.relation)
        for row in rows or ():
            for part in (data.where, data.of):
                if part is not None:
                    row._collect(part, found)


def _derived_fact(node: Expression) -> Ref | None:
    """The fact that a node derives where it is not given, or asks the membership of; None for an optional one."""
    first = node.args[0].args[0] if node.args[0].op == "in" else node.args[0]
    return None if first.op != "fact" or first.data.fact.optional else first.data


def _fact_bounds(node: Expression) -> tuple[Bound, Bound]:
    """A fact's range as the law means it: a share ends at 1; a sum or a count has no end."""
    if node.op != "fact":
        return None, None
    low, high = node.data.fact.range()
    return low, high if node.unit == SHARE else None


def _lowest(bounds: list[Bound]) -> Bound:
    return None if None in bounds else min(b for b in bounds if b is not None)


def _highest(bounds: list[Bound]) -> Bound:
    return None if None in bounds else max(b for b in bounds if b is not None)


Interval = tuple[Bound, Bound]


def _add(a: Interval, b: Interval) -> Interval:
    return (
        None if a[0] is None or b[0] is None else a[0] + b[0],
        None if a[1] is None or b[1] is None else a[1] + b[1],
    )


def _negative(a: Interval) -> Interval:
    return (None if a[1] is None else -a[1], None if a[0] is None else -a[0])


def _mul(a: Interval, b: Interval) -> Interval:
    if a == (0, 0) or b == (0, 0):
        return 0, 0
    if a[0] is None or b[0] is None or a[0] < 0 or b[0] < 0:
        ends = [*a, *b]
        if None in ends:
            return None, None
        products = [x * y for x in a for y in b]  # type: ignore[operator]
        return min(products), max(products)
    return a[0] * b[0], None if a[1] is None or b[1] is None else a[1] * b[1]


def _div(a: Interval, b: Interval) -> Interval:
    if a[0] is None or b[0] is None or a[0] < 0 or b[0] < 0:
        return None, None
    low: Bound = 0 if b[1] is None or b[1] == 0 else Fraction(a[0]) / b[1]
    return low, None if a[1] is None or b[0] == 0 else Fraction(a[1]) / b[0]


def _min(*intervals: Interval) -> Interval:
    highs = [high for _, high in intervals if high is not None]
    return _lowest([low for low, _ in intervals]), min(highs) if highs else None


def _max(*intervals: Interval) -> Interval:
    lows = [low for low, _ in intervals if low is not None]
    return max(lows) if lows else None, _highest([high for _, high in intervals])


_INTERVALS: dict[str, Callable[..., Interval]] = {
    "add": _add,
    "sub": lambda a, b: _add(a, _negative(b)),
    "mul": _mul,
    "div": _div,
    "min": _min,
    "max": _max,
}
