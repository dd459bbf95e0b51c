"""Declarations of measures: what a clause grants, to whom, under which conditions, out of which fund.

`@benefit` pays money, `@relief` does not collect it, `@right` grants something else, `@quota` is a target of
an office. The decorated function is called once, with symbolic subject and values, when the policy is built.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from wenjiuye.rules.errors import source_line
from wenjiuye.rules.expression import (
    DECISION,
    Condition,
    Day,
    Expression,
    Number,
    all_of,
    as_day,
    total,
)
from wenjiuye.rules.facts import Fact, Subject
from wenjiuye.rules.quantity import HALF_UP, Rounding


class MeasureKind(StrEnum):
    """What a measure gives."""

    BENEFIT = "benefit"
    RELIEF = "relief"
    RIGHT = "right"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Fund:
    """Where the money comes from."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Window:
    """When a measure is open and the date that this hangs on, ends included. None is an open end."""

    day: Day = DECISION
    start: Day | None = None
    end: Day | None = None

    def condition(self) -> Condition:
        """The window as a condition."""
        parts = []
        if self.start is not None:
            parts.append(as_day(self.start) <= self.day)
        if self.end is not None:
            parts.append(self.day <= as_day(self.end))
        return all_of(*parts)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule answers: the conditions and the sum, exact (`amount`) or at most (`up_to`).

    Parts are named and add up to the amount. `shows` are expressions told with the result that no
    condition reads. `limit` bounds an amount whose parts are not all known.
    """

    when: Condition
    amount: Number | None = None
    up_to: Number | None = None
    parts: Mapping[str, Number] = field(default_factory=dict)
    window: Window | None = None
    rounding: Rounding = HALF_UP
    shows: tuple[Expression, ...] = ()


Span = Literal["always", "year", "month", "period"]


@dataclass(frozen=True, slots=True)
class Group:
    """Measures that may not all be had together, and how the clash is solved.

    rule "best": one of them, the best for the claimant; "order": one of them, the first in `members` order;
    "cap": all of them, together at most the value named `cap`. `span` says over which time they clash.
    """

    id: str
    rule: Literal["best", "order", "cap"]
    members: tuple[str, ...]
    zh: str
    en: str
    source: str
    span: Span = "always"
    cap: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A decorated function with what its decorator says, before the policy is built."""

    function: Callable[..., Grant]
    kind: MeasureKind
    clause: str
    zh: str
    en: str
    fund: Fund | None
    departments: tuple[str, ...]
    once_per: tuple[str, ...]
    pays_for: str | None
    line: str

    @property
    def id(self) -> str:
        """The measure's id is the function's name."""
        return self.function.__name__


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a fact follows from others where it is not given."""

    fact: Fact
    function: Callable[..., Expression]
    line: str


def _decorator(kind: MeasureKind) -> Callable[..., Callable[[Callable[..., Grant]], Declaration]]:
    def declare(
        *,
        clause: str,
        zh: str,
        en: str,
        fund: Fund | None = None,
        departments: tuple[str, ...] = (),
        once_per: tuple[str, ...] = (),
        pays_for: str | None = None,
    ) -> Callable[[Callable[..., Grant]], Declaration]:
        def wrap(function: Callable[..., Grant]) -> Declaration:
            code = function.__code__
            line = f"{Path(code.co_filename).name}:{code.co_firstlineno}"
            return Declaration(function, kind, clause, zh, en, fund, departments, once_per, pays_for, line)

        return wrap

    declare.__doc__ = f"""Declare a {kind}.

    clause: id of the clause ("a01.06"). fund: who pays. departments: only where they differ from the
    article's. once_per: what gets it once only ("person", "hire"). pays_for: names the cost or loss that is
    made good, so that two measures for the same one must stand in a stacking group.
    """
    return declare


benefit = _decorator(MeasureKind.BENEFIT)
relief = _decorator(MeasureKind.RELIEF)
right = _decorator(MeasureKind.RIGHT)
quota = _decorator(MeasureKind.QUOTA)


def derived(fact: Any) -> Callable[[Callable[..., Expression]], Derivation]:
    """Declare how a fact follows from others; a given fact always wins over its derivation."""
    line = source_line()

    def wrap(function: Callable[..., Expression]) -> Derivation:
        return Derivation(fact, function, line)

    return wrap


INNER = ("all", "any", "at_least")


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """One condition of a measure: its place in the tree, as written, and with derivations put in."""

    index: int
    parent: int | None
    children: tuple[int, ...]
    written: Condition
    resolved: Condition
    is_window: bool


@dataclass(frozen=True, eq=False)
class Measure:
    """A built measure: everything that the compilers need, immutable."""

    id: str
    clause: str
    kind: MeasureKind
    zh: str
    en: str
    doc: str
    subject: type[Subject]
    fund: Fund | None
    departments: tuple[str, ...]
    once_per: tuple[str, ...]
    pays_for: str | None
    groups: tuple[str, ...]
    ceiling: bool
    rounding: Rounding
    nodes: tuple[ConditionNode, ...]
    amount: Number | None
    parts: Mapping[str, Number]
    limit: Number | None
    written_amount: Number | None
    shows: tuple[Expression, ...]
    line: str

    @property
    def condition(self) -> Condition:
        """The whole condition, window first, with derivations put in."""
        return self.nodes[0].resolved

    def expressions(self) -> Iterator[Expression]:
        """Every expression that decides verdict or amount."""
        yield self.condition
        if self.amount is not None:
            yield self.amount
        yield from self.parts.values()

    @cached_property
    def has_amount(self) -> bool:
        """Whether the measure grants a sum at all."""
        return self.amount is not None


def lay_out(
    when: Condition, window: Window | None, resolve: Callable[[Expression], Expression]
) -> tuple[ConditionNode, ...]:
    """The condition tree as a list, the whole first, then each part before its own parts."""
    root = when
    if window is not None:
        rest: tuple[Any, ...] = when.args if when.op == "all" and when.wording is None else (when,)
        root = all_of(window.condition(), *rest)
    nodes: list[ConditionNode] = []

    def visit(node: Condition, parent: int | None, is_window: bool) -> int:
        index = len(nodes)
        nodes.append(None)  # type: ignore[arg-type]
        children: tuple[int, ...] = ()
        if node.op in INNER and not is_window:
            children = tuple(
                visit(part, index, window is not None and parent is None and number == 0)  # type: ignore[arg-type]
                for number, part in enumerate(node.args)
            )
        resolved: Any = resolve(node)
        nodes[index] = ConditionNode(index, parent, children, node, resolved, is_window)
        return index

    visit(root, None, False)
    return tuple(nodes)


def amount_of(grant: Grant) -> tuple[Number | None, Number | None]:
    """The exact amount and the expression that bounds it where a part is unknown."""
    stated = grant.up_to if grant.up_to is not None else grant.amount
    if not grant.parts:
        return stated, stated
    return total(*grant.parts.values()), stated


def module_declarations(module: Any) -> tuple[list[Declaration], list[Derivation]]:
    """The declarations and derivations of a module, in the order in which they are written."""
    found = [item for _, item in inspect.getmembers(module) if isinstance(item, Declaration | Derivation)]
    here = [item for item in found if item.function.__module__ == module.__name__]
    here.sort(key=lambda item: item.function.__code__.co_firstlineno)
    return (
        [item for item in here if isinstance(item, Declaration)],
        [item for item in here if isinstance(item, Derivation)],
    )
