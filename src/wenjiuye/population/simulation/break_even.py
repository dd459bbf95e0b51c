"""Which figure of one value spends a given sum? A search that trusts nothing: it says what it tried and found."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal

import polars as pl

from wenjiuye.population.city.prepare import Progress
from wenjiuye.population.registry.asked import HIRE_PERSON_MEASURE
from wenjiuye.population.simulation.differing import Differences, differences_by_value
from wenjiuye.population.simulation.errors import SimulationError
from wenjiuye.population.simulation.kept_facts import KeptFacts, keep
from wenjiuye.population.simulation.redecide import Outcomes, baseline, reformed
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.population.simulation.sides import costs
from wenjiuye.population.simulation.simulate import Parts
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Exact, Kind
from wenjiuye.rules.values import DatedValue

SHARE_STEP = Fraction(1, 1000)
"""How finely a share is tried unless a step is given."""

PROBES = 8
"""So many parts the range is first divided into, so that a cost that goes up and down is noticed."""

MOST_DOUBLINGS = 40
"""So often the range is doubled where no upper end is given."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure that was tried and what it costs: known sums in fen, and how many are not known."""

    figure: Exact
    cost: int
    unknown: int


Answer = Literal["exact", "between", "too_low", "too_high", "flat", "not_monotone"]


@dataclass(frozen=True)
class BreakEven:
    """What was found.

    exact: `at` costs the target. between: no figure does; `below` and `above` are neighbours around it.
    too_low, too_high: the target lies below or above every cost in the range. flat: the value changes nothing.
    not_monotone: the cost goes up and down, so no figure is the answer; `points` shows it. below, above: the
    points with the nearest cost below and above the target, where there are any.
    """

    value: DatedValue
    key: str | None
    measures: tuple[str, ...]
    on: dt.date
    target: int
    now: Exact | None
    answer: Answer
    at: Point | None
    below: Point | None
    above: Point | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Question:
    """Which figure of `value` makes `measures` (default: those that read it) cost `target` fen on a day?

    key: of a keyed value, the one key whose figure is sought (None: one figure for every key). low, high, step:
    in fen, in whole numbers, or as shares; low 0, high by doubling, step 1 (share: SHARE_STEP).
    """

    value: str
    target: int
    on: dt.date
    measures: tuple[str, ...] = ()
    key: str | None = None
    low: Exact | None = None
    high: Exact | None = None
    step: Exact | None = None


def break_even(
    parts: Parts, policy: Policy, question: Question, *, progress: Progress = lambda *_: None
) -> BreakEven:
    """Search. Raises SimulationError where the question makes no sense."""
    value, step = policy.values[question.value], _step(policy, question)
    differ = differences_by_value(policy, question.value)
    measures = _measures(policy, question, differ)
    with ExitStack() as stack:
        trial = _Trials(parts, policy, question, differ, measures, stack, progress)
        found = _Search(trial.cost, question, step, value.kind is Kind.SHARE, trial.now).run()
    answer, at, points = found
    points = sorted(points, key=lambda point: point.figure)
    below = max((p for p in points if p.cost < question.target), key=lambda p: p.cost, default=None)
    above = min((p for p in points if p.cost > question.target), key=lambda p: p.cost, default=None)
    return BreakEven(
        value, question.key, tuple(measures), question.on, question.target, trial.now, answer, at, below,
        above, tuple(points),
    )  # fmt: skip


# ── The question


def _step(policy: Policy, question: Question) -> Exact:
    value = policy.values[question.value]
    if value.kind in (Kind.DATE, Kind.MONTH):
        raise SimulationError(
            f"{value.name} 是日期，无法按金额求解", f"{value.name} is a date: no figure of it can be sought"
        )
    if question.key is not None and value.keyed_by is None:
        raise SimulationError(
            f"{value.name} 不分类别，请去掉 --key", f"{value.name} has no key: leave out --key"
        )
    step = question.step or (SHARE_STEP if value.kind is Kind.SHARE else 1)
    if step <= 0 or (value.kind is not Kind.SHARE and step != int(step)):
        raise SimulationError(f"步长 {step} 不可用", f"a step of {step} cannot be taken")
    low, high = question.low or 0, question.high
    if low < 0 or (high is not None and high <= low):
        raise SimulationError(
            f"范围从 {low} 到 {high} 不可用：下限不小于 0，上限大于下限",
            f"a range from {low} to {high} cannot be searched: from 0 on, the upper end above the lower one",
        )
    return step


def _measures(policy: Policy, question: Question, differ: Differences) -> list[str]:
    changed = [name for names in differ.changed.values() for name in names]
    paid = [name for name in policy.measures if name in changed and costs(policy.measures[name])]
    if question.measures:
        for name in question.measures:
            policy.measure(name)
        return list(question.measures)
    if not paid:
        raise SimulationError(
            f"没有发放资金的措施使用 {question.value}", f"no measure that costs money reads {question.value}"
        )
    return paid


# ── What a figure costs


class _Trials:
    """The cost of figures, each decided over all parts; the facts are derived once where they stay the same."""

    def __init__(
        self,
        parts: Parts,
        policy: Policy,
        question: Question,
        differ: Differences,
        measures: Sequence[str],
        stack: ExitStack,
        progress: Progress,
    ) -> None:
        self._parts, self._policy, self._question, self._differ = parts, policy, question, differ
        self._measures, self._progress = measures, progress
        self._tried = 0
        # What hires count for feeds the facts of their employers.
        self._anew = differ.facts or HIRE_PERSON_MEASURE in differ.changed.get("hire", ())
        self._folders: list[Path] = []
        if not self._anew:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wenjiuye-")))
            for number, load in enumerate(parts):
                progress("facts", number, len(parts))
                facts = SharedFacts(policy, load(), question.on)
                keep(root / str(number), facts, baseline(facts, list(differ.affected)), differ)
                self._folders.append(root / str(number))

    @property
    def now(self) -> Exact | None:
        """The figure in force, where there is one."""
        value, key = self._policy.values[self._question.value], self._question.key
        if value.keyed_by is not None and key is None:
            return None
        figure = value.figure(self._question.on, key)
        return figure if isinstance(figure, int | Fraction) else None

    def cost(self, figure: Exact) -> Point:
        """Try one figure."""
        value = self._policy.values[self._question.value]
        raw = Fraction(figure) / 100 if value.kind is Kind.MONEY else figure
        key = self._question.key
        trial = self._policy.with_values(
            {value.name: raw if key is None else {key: raw}}, source="break-even search"
        )
        self._tried += 1
        spent = unknown = 0
        for number in range(len(self._parts)):
            self._progress(f"try {self._tried}", number, len(self._parts))
            for sums in _sums(self._decide(number, trial), self._measures):
                spent, unknown = spent + sums[0], unknown + sums[1]
        return Point(figure, spent, unknown)

    def _decide(self, number: int, trial: Policy) -> Outcomes:
        if self._anew:
            facts = SharedFacts(self._policy, self._parts[number](), self._question.on)
            return reformed(facts, {}, trial, replace(self._differ, facts=True))
        kept = KeptFacts(self._policy, self._folders[number], self._question.on)
        return reformed(kept, kept.base(), trial, self._differ)


def _sums(outcomes: Outcomes, measures: Sequence[str]) -> list[tuple[int, int]]:
    """What is known to be due for each measure, and how many are not known."""
    found = []
    for outcome in outcomes.values():
        for name in measures:
            if name in outcome.measures:
                granted, amount = pl.col(f"{name}.entitled"), pl.col(f"{name}.amount")
                row = outcome.frame.select(
                    amount.filter(granted.fill_null(False)).cast(pl.Int128).sum().alias("due"),
                    (granted.is_null() | (granted & amount.is_null())).sum().alias("unknown"),
                ).row(0)
                found.append((int(row[0]), int(row[1])))
    return found


# ── The search


class _Search:
    """Over the grid low, low + step, …: bracket the target, then close in."""

    def __init__(
        self, cost: Callable[[Exact], Point], question: Question, step: Exact, share: bool, now: Exact | None
    ) -> None:
        self._cost, self._target, self._step = cost, question.target, step
        self._low: Exact = question.low if question.low is not None else 0
        self._high = question.high
        self._share, self._now = share, now
        self._tried: dict[int, Point] = {}

    def run(self) -> tuple[Answer, Point | None, list[Point]]:
        """The answer, the figure that costs the target, and every figure tried."""
        last = self._last()
        for part in range(PROBES + 1):
            self._at(last * part // PROBES)
        answer = self._bracketed()
        if answer is not None:
            return answer, None, list(self._tried.values())
        answer, place = self._closed_in()
        if place is not None:
            for neighbour in (place - 1, place + 1):
                if 0 <= neighbour <= last:
                    self._at(neighbour)
        if not self._monotone():
            return "not_monotone", None, list(self._tried.values())
        return answer, None if place is None else self._tried[place], list(self._tried.values())

    def _at(self, place: int) -> Point:
        if place not in self._tried:
            self._tried[place] = self._cost(self._low + place * self._step)
        return self._tried[place]

    def _last(self) -> int:
        """The last place of the grid: as given, 100 % of a share, or doubled until the target is passed."""
        high = self._high if self._high is not None else Fraction(1) if self._share else None
        if high is not None:
            return max(1, int(Fraction(high - self._low) / self._step))
        start = self._now if self._now else 1
        last = max(1, int(Fraction(start) / self._step))
        side = self._at(0).cost < self._target
        same = 0
        for _ in range(MOST_DOUBLINGS):
            try:
                reached = self._at(last).cost
            except OverflowError:
                return last // 2
            if (reached < self._target) != side or reached == self._target:
                return last
            same = same + 1 if self._at(last // 2).cost == reached else 0
            if same == 3:
                # A cap or a limit of the facts: more changes nothing any more.
                return last
            last *= 2
        return last // 2

    def _bracketed(self) -> Answer | None:
        found = [point.cost for point in self._tried.values()]
        if not self._monotone():
            return "not_monotone"
        if min(found) == max(found) != self._target:
            return "flat"
        if self._target < min(found):
            return "too_low"
        return "too_high" if self._target > max(found) else None

    def _closed_in(self) -> tuple[Answer, int | None]:
        """Halve the bracket, or go where a straight line would meet the target, turn by turn."""
        turn = 0
        while True:
            exact = [place for place, point in self._tried.items() if point.cost == self._target]
            if exact:
                return "exact", min(exact)
            low, high = self._bracket()
            if high - low <= 1:
                return "between", None
            place = (low + high) // 2
            if turn % 2 == 0:
                first, last = self._tried[low].cost, self._tried[high].cost
                place = low + (self._target - first) * (high - low) // (last - first)
            self._at(min(max(place, low + 1), high - 1))
            turn += 1

    def _bracket(self) -> tuple[int, int]:
        """The neighbouring places tried between which the target lies."""
        places = sorted(self._tried)
        for low, high in pairwise(places):
            ends = sorted((self._tried[low].cost, self._tried[high].cost))
            if ends[0] < self._target < ends[1]:
                return low, high
        raise AssertionError("the target is bracketed")

    def _monotone(self) -> bool:
        found = [self._tried[place].cost for place in sorted(self._tried)]
        return all(a <= b for a, b in pairwise(found)) or all(a >= b for a, b in pairwise(found))
