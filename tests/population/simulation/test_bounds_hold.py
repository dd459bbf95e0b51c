"""The bounds of a cost contain it, whatever the unknown facts turn out to be."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import polars as pl
import pytest
from workshop_simulation import ON, REFORMS, city_parts, reform

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import decide_subject
from wenjiuye.population.registry.facts import Tables
from wenjiuye.population.simulation import cost
from wenjiuye.population.simulation.assumptions import NONE
from wenjiuye.population.simulation.changes import changes
from wenjiuye.population.simulation.differing import Differences, differences
from wenjiuye.population.simulation.redecide import Outcome, Outcomes, baseline, reformed
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.rules.facts import Fact, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind


def filled(frame: pl.DataFrame, subject: type[Subject], dice: random.Random) -> pl.DataFrame:
    """The table with a possible value for every fact that is unknown; what may be absent or is derived stays."""
    for name, fact in subject.facts.items():
        if fact.optional or name in policy().derivations or fact.kind is Kind.LIST:
            continue
        columns = [name] if fact.kind is not Kind.SHARE else [f"{name}.num", f"{name}.den"]
        if columns[0] not in frame.columns:
            continue
        cells = [_value(fact, dice) for _ in range(frame.height)]
        frame = frame.with_columns(
            pl.col(column).fill_null(pl.Series([cell[place] for cell in cells], dtype=frame.schema[column]))
            for place, column in enumerate(columns)
        )
    return frame


def _value(fact: Fact, dice: random.Random) -> tuple[Any, ...]:
    low = fact.minimum if isinstance(fact.minimum, int) else 0
    high = fact.maximum if isinstance(fact.maximum, int) else low + 5_000_000
    match fact.kind:
        case Kind.BOOL:
            return (dice.random() < 0.5,)
        case Kind.INT | Kind.MONEY:
            return (
                dice.choice(
                    [low, min(low + 1, high), dice.randint(low, min(high, low + 40)), min(low + 70_000, high)]
                ),
            )
        case Kind.SHARE:
            return dice.choice([(0, 1), (1, 2), (1, 1), (3, 100)])
        case Kind.ENUM:
            return (dice.choice(list(fact.members)),)
        case Kind.MONTH:
            return (dt.date(2020, dice.randint(1, 12), 1),)
        case _:
            return (dt.date(1960, 1, 1) + dt.timedelta(days=dice.randrange(22_500)),)


class _Filled(SharedFacts):
    """Facts in which nothing is left unknown."""

    def __init__(self, whole: SharedFacts, dice: random.Random) -> None:
        super().__init__(whole.policy, whole.partition, whole.on)
        self._whole, self._dice = whole, dice

    def claim(self, measure: Any) -> pl.DataFrame:
        key = (measure.id,)
        if key not in self._claims:
            self._claims[key] = filled(self._whole.claim(measure), measure.subject, self._dice)
        return self._claims[key]


def told(outcomes: Outcomes, facts: SharedFacts, seed: int) -> tuple[SharedFacts, dict[str, Tables]]:
    """The tables of every subject with the gaps filled, and facts that claim alike."""
    dice = random.Random(seed)
    known = _Filled(facts, dice)
    tables = {
        name: {
            table: filled(frame, policy().subjects[table], dice) for table, frame in outcome.tables.items()
        }
        for name, outcome in outcomes.items()
    }
    return known, tables


def decided(
    under: Policy, facts: SharedFacts, tables: dict[str, Tables], outcomes: Outcomes
) -> dict[str, Outcome]:
    found = {}
    for name, outcome in outcomes.items():
        result = decide_subject(facts.under(under), name, tables[name], reasons=False)
        measures = {measure.id: measure for measure in result.measures}
        found[name] = Outcome(measures, result.frame, outcome.county, tables[name], facts)
    return found


def compared(base: Outcomes, after: Outcomes, other: Policy, differ: Differences) -> pl.DataFrame:
    affected = differ.measures()
    by_measure = [
        changes(policy().subjects[s], base.get(s), after.get(s), names, differ.alike)[1]
        for s, names in differ.affected.items()
    ]
    cells = [cost.cells(base), cost.cells(after, affected)]
    return cost.compared(*cells, pl.concat(by_measure), affected, (policy(), other), NONE, "reform", ON).sort(
        "measure", "county", nulls_last=True
    )


@pytest.mark.parametrize("name", ["one sum", "a condition", "several subjects"])
def test_bounds_contain_cost_and_difference_whatever_the_unknown_facts_turn_out_to_be(name: str) -> None:
    other = reform(name, REFORMS[name]).policy
    differ = differences(policy(), other, ON)
    settled = 0
    for seed in (20, 21):
        facts = SharedFacts(policy(), city_parts(seed)[0](), ON)
        base = baseline(facts)
        rows = compared(base, reformed(facts, base, other, differ), other, differ)
        known, tables = told(base, facts, seed)
        sides = [decided(under, known, tables, base) for under in (policy(), other)]
        truth = compared(*sides, other, differ)
        assert truth.select("measure", "county").equals(rows.select("measure", "county"))
        for bound, real in zip(rows.iter_rows(named=True), truth.iter_rows(named=True), strict=True):
            if bound["costs"]:
                inside(bound, real)
                settled += bound["differs"] and real["reform_open"] < bound["reform_open"]
    assert settled > 0


def inside(bound: dict[str, Any], real: dict[str, Any]) -> None:
    """What is known more lies in what was known less; a figure that no law sets stays unknown in both."""
    where = (bound["measure"], bound["county"])
    for side in ("baseline", "reform", "difference"):
        ends = ("low_unbounded", "high_unbounded") if side == "difference" else ("", "unbounded")
        low, high = (not end or bound[f"{side}_{end}"] == 0 for end in ends)
        assert not low or bound[f"{side}_low"] <= real[f"{side}_low"], (side, where)
        assert not high or real[f"{side}_high"] <= bound[f"{side}_high"], (side, where)
    if certain(real):
        change = real["reform_due"] - real["baseline_due"]
        assert real["difference_low"] == change == real["difference_high"], where


def certain(real: dict[str, Any]) -> bool:
    """Whether nothing is left open."""
    return all(real[f"{side}_{gap}"] == 0 for side in ("baseline", "reform") for gap in ("open", "unknown"))


@pytest.mark.parametrize("seed", range(2))
def test_the_known_cost_lies_between_its_bounds(seed: int) -> None:
    facts = SharedFacts(policy(), city_parts(30 + seed)[0](), ON)
    cells = cost.cells(baseline(facts))
    assert (cells["due"] <= cells["low"]).all()
    bounded = cells.filter(pl.col("unbounded") == 0)
    assert (bounded["due"] <= bounded["high"]).all()
