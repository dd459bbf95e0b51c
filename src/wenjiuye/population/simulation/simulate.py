"""A policy against reforms of it, over a whole registry, part by part: cost, winners and losers, amounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from wenjiuye.population.city.prepare import Progress
from wenjiuye.population.registry.partition import Partition
from wenjiuye.population.simulation import changes, cost, spread
from wenjiuye.population.simulation.assumptions import NONE, Assumptions
from wenjiuye.population.simulation.differing import Differences, differences
from wenjiuye.population.simulation.errors import SimulationError
from wenjiuye.population.simulation.redecide import baseline, reformed
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.rules.facts import Subject
from wenjiuye.rules.policy import Policy

BASELINE = "baseline"
"""The name of the policy in force among the scenarios."""


@dataclass(frozen=True)
class Scenario:
    """A reform by its name. Each is compared with the baseline alone; none knows of another."""

    name: str
    policy: Policy


@dataclass(frozen=True)
class Simulation:
    """What came out. Sums in `cost`, `by_attribute` and `by_measure` are whole fen that can be added up.

    cost: `cost.compared`. by_attribute, by_measure: `changes.BY_ATTRIBUTE`, `BY_MEASURE` with `reform` and
    `on`. classes, quantiles: `spread.classes`, `spread.quantiles` with `scenario` and `on`. rows: how many rows
    of each subject the baseline decides, by day.
    """

    policy: Policy
    scenarios: tuple[Scenario, ...]
    days: tuple[dt.date, ...]
    assumptions: Assumptions
    differs: Mapping[tuple[str, dt.date], Differences]
    rows: Mapping[dt.date, Mapping[str, int]]
    cost: pl.DataFrame = field(repr=False)
    by_attribute: pl.DataFrame = field(repr=False)
    by_measure: pl.DataFrame = field(repr=False)
    classes: pl.DataFrame = field(repr=False)
    quantiles: pl.DataFrame = field(repr=False)

    def changes_nothing(self, scenario: str) -> bool:
        """Whether a reform decides alike on every day."""
        return all(self.differs[scenario, day].none for day in self.days)


Parts = Sequence[Callable[[], Partition]]


def simulate(
    parts: Parts,
    policy: Policy,
    scenarios: Sequence[Scenario],
    days: Sequence[dt.date],
    *,
    assumptions: Assumptions = NONE,
    progress: Progress = lambda *_: None,
) -> Simulation:
    """Decide every part on each day under the policy and under each reform, and compare.

    parts: each loads its part when it is its turn. Raises SimulationError where two reforms have one name.
    """
    names = [scenario.name for scenario in scenarios]
    if len({*names, BASELINE}) <= len(names):
        raise SimulationError(
            f"改革方案重名：{'、'.join(names)}", f"the reforms need names of their own: {', '.join(names)}"
        )
    done = 0
    of_days: list[_Day] = []
    for on in days:
        day = _Day(policy, tuple(scenarios), on)
        for load in parts:
            progress("decide", done, len(days) * len(parts))
            day.add(load())
            done += 1
        of_days.append(day)
    progress("decide", done, len(days) * len(parts))
    return Simulation(
        policy,
        tuple(scenarios),
        tuple(days),
        assumptions,
        {(name, day.on): differ for day in of_days for name, differ in day.differs.items()},
        {day.on: dict(day.rows) for day in of_days},
        pl.concat(frame for day in of_days for frame in day.compared(assumptions)),
        pl.concat(frame for day in of_days for frame in day.changed(day.by_attribute)),
        pl.concat(frame for day in of_days for frame in day.changed(day.by_measure)),
        pl.concat(day.spread_table(spread.classes) for day in of_days),
        pl.concat(day.spread_table(spread.quantiles) for day in of_days),
    )


class _Day:
    """The sums of one day, part after part."""

    def __init__(self, policy: Policy, scenarios: tuple[Scenario, ...], on: dt.date) -> None:
        self.policy, self.scenarios, self.on = policy, scenarios, on
        self.differs = {s.name: differences(policy, s.policy, on) for s in scenarios}
        names = [BASELINE, *self.differs]
        self.rows: dict[str, int] = {}
        self.cells = {name: cost.together([]) for name in names}
        self.spreads = {name: spread.together([]) for name in names}
        self.by_attribute = {name: changes.together([], changes.BY_ATTRIBUTE) for name in self.differs}
        self.by_measure = {name: changes.together([], changes.BY_MEASURE) for name in self.differs}

    def add(self, partition: Partition) -> None:
        """Decide one part and add it."""
        facts = SharedFacts(self.policy, partition, self.on)
        base = baseline(facts)
        for name, outcome in base.items():
            self.rows[name] = self.rows.get(name, 0) + outcome.frame.height
        self._put(BASELINE, cost.cells(base), spread.spread(base))
        for scenario in self.scenarios:
            differ = self.differs[scenario.name]
            if differ.none:
                continue
            after = reformed(facts, base, scenario.policy, differ)
            affected = differ.measures()
            self._put(scenario.name, cost.cells(after, affected), spread.spread(base, after, affected))
            for subject_id, mine in differ.affected.items():
                subject = self._subject(scenario, subject_id)
                sides = base.get(subject_id), after.get(subject_id)
                if sides != (None, None):
                    found = changes.changes(subject, *sides, mine, differ.alike)
                    self._count(scenario.name, *found)

    def _put(self, name: str, cells: pl.DataFrame, counts: pl.DataFrame) -> None:
        self.cells[name] = cost.together([self.cells[name], cells])
        self.spreads[name] = spread.together([self.spreads[name], counts])

    def _count(self, name: str, by_attribute: pl.DataFrame, by_measure: pl.DataFrame) -> None:
        self.by_attribute[name] = changes.together(
            [self.by_attribute[name], by_attribute], changes.BY_ATTRIBUTE
        )
        self.by_measure[name] = changes.together([self.by_measure[name], by_measure], changes.BY_MEASURE)

    def _subject(self, scenario: Scenario, subject_id: str) -> type[Subject]:
        both = {**scenario.policy.subjects, **self.policy.subjects}
        return both[subject_id]

    # ── Results

    def compared(self, assumptions: Assumptions) -> Iterable[pl.DataFrame]:
        """Both sides of each reform."""
        for scenario in self.scenarios:
            yield cost.compared(
                self.cells[BASELINE],
                self.cells[scenario.name],
                self.by_measure[scenario.name],
                self.differs[scenario.name].measures(),
                (self.policy, scenario.policy),
                assumptions,
                scenario.name,
                self.on,
            )

    def changed(self, counts: Mapping[str, pl.DataFrame]) -> Iterable[pl.DataFrame]:
        """What each reform changes."""
        for name, frame in counts.items():
            yield frame.select(pl.lit(name).alias("reform"), pl.lit(self.on).alias("on"), pl.all())

    def spread_table(self, make: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """A table of amounts for the baseline and each reform."""
        same = {s.name for s in self.scenarios if self.differs[s.name].none}
        return pl.concat(
            make(self.spreads[BASELINE] if name in same else counts).select(
                pl.lit(name).alias("scenario"), pl.lit(self.on).alias("on"), pl.all()
            )
            for name, counts in self.spreads.items()
        )
