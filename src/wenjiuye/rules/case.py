"""The compiler for one case: each measure becomes a plain Python function.

A few microseconds a decision, and independent of the batch compiler, which it checks. Numbers are int and
Fraction, unknown is None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from wenjiuye.rules import calendar, checks
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Expression, Gathered, ValueUse
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Exact
from wenjiuye.rules.record import is_nested, read_flat, read_nested

Lookup = Callable[[str, Any, dt.date | None], Any]


def decide(policy: Policy, measure_id: str, facts: Mapping[str, object], on: dt.date) -> Determination:
    """Decide one measure from facts as people write them (yuan, ISO dates, member names).

    facts: flat by fact id, or nested along the relations. Raises FactError, MeasureNotFoundError.
    """
    measure = policy.measure(measure_id)
    nested = is_nested(measure.subject, facts)
    record = read_nested(measure.subject, facts) if nested else read_flat(policy.facts, facts)
    return determine(policy, measure, record, on, nested=nested)


def determine(
    policy: Policy, measure: Measure, record: Record, on: dt.date, *, nested: bool = False
) -> Determination:
    """Decide one measure from a record in the engine's own form (fen, Fraction, date).

    nested: the record's keys are paths (`employer.size`), not fact ids.
    """
    ready = policy.memo.get((measure, on, nested)) or _prepare(policy, measure, on, nested)
    truths, amount, parts = ready(record)
    truth = truths[0]
    verdict = _UNDETERMINED if truth is None else _ELIGIBLE if truth else _INELIGIBLE
    if truth is False or measure.amount is None:
        return Determination(measure, on, verdict, truths, None, _NO_PARTS, None, None)
    rounding = measure.rounding
    fen = None if amount is None else rounding.apply(amount)
    shares: Mapping[str, int | None] = _NO_PARTS
    if parts:
        whole = [None if part is None else rounding.apply(part) for part in parts]
        shares = dict(zip(measure.parts, whole, strict=True))
    low = high = fen
    if fen is None and measure.limit is not None:
        bounds = Evaluation(policy, record, on, nested=nested).bounds(measure.limit)
        low, high = (None if bound is None else rounding.apply(bound) for bound in bounds)
        low = max(low or 0, 0)
    return Determination(measure, on, verdict, truths, fen, shares, low, high)


_ELIGIBLE, _INELIGIBLE, _UNDETERMINED = Verdict.ELIGIBLE, Verdict.INELIGIBLE, Verdict.UNDETERMINED
_NO_PARTS: Mapping[str, int | None] = MappingProxyType({})


# ── Figures in force, looked up once per date

Ready = Callable[[Record], tuple[tuple[bool | None, ...], Any, tuple[Any, ...]]]


def _prepare(policy: Policy, measure: Measure, on: dt.date, nested: bool) -> Ready:
    """The measure's function with the figures of a date filled in, kept for the next case of that date."""
    checks.date_is_possible(on)
    code = compiled(measure, nested)
    figures = tuple(_figure_or_table(policy, use, on) for use in code.uses)
    book, run = policy.values, code.run

    def lookup(name: str, key: Any, day: dt.date | None) -> Any:
        return None if day is None else book[name].figure(day, None if key is None else str(key))

    def ready(record: Record) -> tuple[tuple[bool | None, ...], Any, tuple[Any, ...]]:
        return run(record, on, figures, lookup)

    policy.memo[measure, on, nested] = ready
    return ready


def _figure_or_table(policy: Policy, use: ValueUse, on: dt.date) -> Any:
    value = policy.values[use.name]
    if not use.has_key:
        return value.figure(on)
    entry = value.on(on)
    return {} if entry is None else entry.figures


# ── Generating the function


@dataclass(frozen=True, eq=False)
class Compiled:
    """The generated function of a measure and the values that it wants."""

    run: Callable[
        [Record, dt.date, tuple[Any, ...], Lookup], tuple[tuple[bool | None, ...], Any, tuple[Any, ...]]
    ]
    uses: tuple[ValueUse, ...]
    source: str


_code: WeakKeyDictionary[Measure, dict[bool, Compiled]] = WeakKeyDictionary()


def compiled(measure: Measure, nested: bool = False) -> Compiled:
    """The generated function, made on first use."""
    both = _code.setdefault(measure, {})
    if nested not in both:
        both[nested] = _generate(measure, nested)
    return both[nested]


def _generate(measure: Measure, nested: bool) -> Compiled:
    writer = _Writer(nested)
    truths = [writer.emit(node.resolved) for node in measure.nodes]
    amount = writer.emit(measure.amount) if measure.amount is not None else "None"
    parts = [writer.emit(part) for part in measure.parts.values()]
    lines = [*writer.lines, f"return ({', '.join(truths)},), {amount}, ({''.join(p + ',' for p in parts)})"]
    source = "def run(f, D, V, L):\n" + "\n".join(f"    {line}" for line in lines)
    scope: dict[str, Any] = {**_RUNTIME, **writer.constants}
    exec(compile(source, f"<{measure.id}>", "exec"), scope)
    return Compiled(scope["run"], tuple(writer.uses), source)


class _Writer:
    """Writes one line per distinct node, parts before the whole."""

    def __init__(self, nested: bool) -> None:
        self.nested = nested
        self.lines: list[str] = []
        self.names: dict[str, str] = {}
        self.uses: list[ValueUse] = []
        self.constants: dict[str, Any] = {}
        self.count = 0

    def emit(self, node: Expression) -> str:
        """The variable that holds the node's value."""
        if node.key in self.names:
            return self.names[node.key]
        if node.op == "const" and isinstance(node.data, bool):
            text = repr(node.data)
            self.names[node.key] = text
            return text
        if node.op == "or_else":
            name = self._or_else(node)
        elif node.op == "choose" and node.kind != "bool":
            name = self._choose(node)
        else:
            text = self._expression(node)
            name = self._name()
            self.lines.append(f"{name} = {text}")
        self.names[node.key] = name
        return name

    def _name(self) -> str:
        self.count += 1
        return f"x{self.count}"

    def _or_else(self, node: Expression) -> str:
        """What is given wins; what it would be derived from is looked at only where it is not."""
        given, name = self.emit(node.args[0]), self._name()
        otherwise = self._block(name, [node.args[1]])
        self.lines += [f"{name} = {given}", f"if {name} is None:", *otherwise]
        return name

    def _choose(self, node: Expression) -> str:
        """Only the branch taken is worked out."""
        name = self._name()
        self._branch(name, node.args)
        return name

    def _branch(self, name: str, args: Sequence[Expression]) -> None:
        if len(args) < 2:
            self.lines.append(f"{name} = {self.emit(args[0]) if args else None}")
            return
        condition = self.emit(args[0])
        then, rest = self._block(name, args[1:2]), self._block(name, args[2:])
        unknown = [f"elif {condition} is None:", f"    {name} = None"]
        self.lines += [f"if {condition}:", *then, *unknown, "else:", *rest]

    def _block(self, name: str, args: Sequence[Expression]) -> list[str]:
        """Lines that set a variable inside a block; what they compute on the way is not known outside of it."""
        outer, known = self.lines, dict(self.names)
        self.lines = []
        self._branch(name, args)
        inner = [f"    {line}" for line in self.lines]
        self.lines, self.names = outer, known
        return inner

    def _constant(self, value: Any) -> str:
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def _use(self, use: ValueUse) -> str:
        plain = ValueUse(use.name, use.has_key)
        if plain not in self.uses:
            self.uses.append(plain)
        return f"V[{self.uses.index(plain)}]"

    def _expression(self, node: Expression) -> str:
        op = node.op
        if op == "fact":
            return f"f.get({(node.data.key if self.nested else node.data.fact.id)!r})"
        if op == "const":
            return self._constant(node.data)
        if op == "decision":
            return "D"
        if isinstance(node.data, Gathered):
            return self._rows(node)
        if op in ("value", "covers"):
            return self._value(node)
        args = [self.emit(arg) for arg in node.args]
        if op == "in":
            return f"None if {args[0]} is None else {args[0]} in {node.data!r}"
        if op == "all":
            return f"False if {_one_is(args, 'False')} else None if {_one_is(args, 'None')} else True"
        if op == "any":
            return f"True if {_one_is(args, 'True')} else None if {_one_is(args, 'None')} else False"
        if op == "not":
            return f"None if {args[0]} is None else not {args[0]}"
        if op == "choose":
            return _kleene_branches(args)
        if op in _INFIX:
            return f"None if {_one_is(args, 'None')} else {args[0]} {_INFIX[op]} {args[1]}"
        if op == "at_least":
            return f"at_least({node.data}, ({', '.join(args)},))"
        extra = [self._constant(node.data)] if node.data is not None else []
        return f"None if {_one_is(args, 'None')} else {op}({', '.join([*args, *extra])})"

    def _value(self, node: Expression) -> str:
        use: ValueUse = node.data
        args = [self.emit(arg) for arg in node.args]
        if use.dated:
            key, day = (args[0], args[1]) if use.keyed else ("None", args[0])
            if node.op == "covers":
                return (
                    f"None if {key} is None or {day} is None else L({use.name!r}, {key}, {day}) is not None"
                )
            return f"L({use.name!r}, {key}, {day})"
        held = self._use(use)
        if not use.keyed:
            return held
        if node.op == "covers":
            return f"None if {args[0]} is None else str({args[0]}) in {held}"
        # One figure for every key is known without the key; a table has nothing under None.
        return f"{held}.get(None if {args[0]} is None else str({args[0]}))"

    def _rows(self, node: Expression) -> str:
        data: Gathered = node.data
        inner = _Writer(nested=True)
        inner.uses, inner.constants = self.uses, self.constants
        where = inner.emit(data.where) if data.where is not None else "True"
        of = inner.emit(data.of) if data.of is not None else "None"
        name = f"row{len(self.lines)}_{node.key}"
        self.lines.append(f"def {name}(f):")
        self.lines += [f"    {line}" for line in [*inner.lines, f"return {where}, {of}"]]
        key = data.key if self.nested or data.ref is None else data.relation
        return f"{node.op}(f.get({key!r}), {name})"


_INFIX = {
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
    "eq": "==",
    "ne": "!=",
    "add": "+",
    "sub": "-",
    "mul": "*",
}


def _one_is(args: list[str], what: str) -> str:
    return " or ".join(f"{arg} is {what}" for arg in args)


def _kleene_branches(args: list[str]) -> str:
    text = args[-1] if len(args) % 2 else "None"
    for i in range(len(args) // 2 * 2 - 2, -2, -2):
        text = f"either({args[i]}, {args[i + 1]}, {text})"
    return text


# ── What the generated functions call


def _either(condition: bool | None, then: bool | None, otherwise: bool | None) -> bool | None:
    if condition is None:
        return then if then is otherwise else None
    return then if condition else otherwise


def _at_least(number: int, truths: tuple[bool | None, ...]) -> bool | None:
    true = sum(t is True for t in truths)
    if true >= number:
        return True
    return None if true + sum(t is None for t in truths) >= number else False


def _div(a: Exact, b: Exact) -> Exact | None:
    return None if b == 0 else Fraction(a) / b


def _plus_months(day: dt.date, number: Exact, factor: int) -> dt.date:
    return calendar.plus_months(day, int(number * factor))


def _plus_days(day: dt.date, number: Exact, factor: int) -> dt.date:
    return calendar.plus_days(day, int(number * factor))


Rows = list[dict[str, Any]] | None
RowCode = Callable[[dict[str, Any]], tuple[bool | None, Any]]


def _rows_count(rows: Rows, code: RowCode) -> int | None:
    if rows is None:
        return None
    truths = [code(row)[0] for row in rows]
    return None if None in truths else sum(t is True for t in truths)


def _rows_sum(rows: Rows, code: RowCode) -> Exact | None:
    taken = _taken(rows, code)
    return None if taken is None or None in taken else sum(taken)


def _rows_max(rows: Rows, code: RowCode) -> Exact | None:
    taken = _taken(rows, code)
    return None if not taken or None in taken else max(taken)


def _taken(rows: Rows, code: RowCode) -> list[Any] | None:
    if rows is None:
        return None
    answers = [code(row) for row in rows]
    return None if any(where is None for where, _ in answers) else [of for where, of in answers if where]


def _rows_any(rows: Rows, code: RowCode) -> bool | None:
    if rows is None:
        return None
    truths = [code(row)[0] for row in rows]
    return True if True in truths else None if None in truths else False


def _rows_all(rows: Rows, code: RowCode) -> bool | None:
    if rows is None:
        return None
    truths = [code(row)[0] for row in rows]
    return False if False in truths else None if None in truths else True


_RUNTIME: dict[str, Any] = {
    "either": _either,
    "at_least": _at_least,
    "div": _div,
    "plus_months": _plus_months,
    "plus_days": _plus_days,
    "full_months": calendar.full_months,
    "begun_months": calendar.begun_months,
    "age": calendar.age_on,
    "days": lambda a, b: (b - a).days,
    "year": lambda day: day.year,
    "min": min,
    "max": max,
    "round": lambda number, how: how.apply(number),
    "rows_count": _rows_count,
    "rows_sum": _rows_sum,
    "rows_max": _rows_max,
    "rows_any": _rows_any,
    "rows_all": _rows_all,
}
