"""Figures that other places published, and figures reckoned from the national rules, come out of our rules.

The figures of the other place (its share, its wage, its sum) are laid over our own; the rule is ours. The
published lists and examples below are left out, because none of our clauses has their rule:

| published | why it is left out |
|---|---|
| 夏县 2024 insurance of trainees, 59 × 240 = 14,160 yuan | our clauses insure no trainees |
| 广东 25 people who drew benefit, 2 + 20 + 3 | a count of registrations; the rate beside it is tested |
| 金华婺城 2020 training: 28 × 500, 727 × 500, 28 × 800, 334 × 196 yuan | paid to training bodies; ours pays firms |
| 南平 2024 apprenticeships, 332,500 yuan; 开封 apprenticeships, 140,000 yuan | we pay no apprenticeships |
| 福建 2020 refunds, 585.20 yuan a head; 忻州 2025 refunds, 191,467.38 yuan | sums without premiums or staff |
| 邢台公交 2021 refund, 208,900 yuan | a sum without premiums |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.policy.yaml_exact import read_file
from wenjiuye.rules.case import decide
from wenjiuye.rules.determination import Determination
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.quantity import exact, fen_of_yuan
from wenjiuye.rules.record import read_flat

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Example:
    """What every example says: its sentence, where the figure stands, and how it was reckoned there."""

    title: str
    source: str
    reckoned: str
    on: dt.date


@dataclass(frozen=True, kw_only=True)
class Granted(Example):
    """A measure for one record, with the other place's figures."""

    measure: str
    facts: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict)

    def decided(self, more: Mapping[str, Any]) -> Determination:
        reform = policy().with_values(self.values, source=self.source)
        return decide(reform, self.measure, {**self.facts, **more}, self.on)


@dataclass(frozen=True, kw_only=True)
class Sum(Granted):
    """A sum over people: all alike (`people`) or in claims that differ from the facts."""

    expected: Decimal
    people: int = 1
    claims: tuple[Mapping[str, Any], ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)
    within: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Relief(Granted):
    """What is owed without the measure and what is left with it."""

    owed: Decimal
    left: Decimal


@dataclass(frozen=True, kw_only=True)
class LayoffRate(Example):
    """A layoff rate and whether it is low enough."""

    layoffs: int
    staff: int
    rate: Decimal
    few: bool


def examples(kind: type[Example], *names: str) -> list[Any]:
    rows = [(name, row) for name in names for row in read_file(HERE / f"{name}.yaml")]
    return [pytest.param(kind(**row), id=f"{name}: {row['title']}") for name, row in rows]


@pytest.mark.parametrize(
    "example",
    examples(Sum, "internships", "premium_refunds", "sums_per_person", "deductions", "loans"),
)
def test_the_sum_comes_out(example: Sum) -> None:
    total = 0
    for claim in example.claims or ({"people": example.people},):
        more = {name: value for name, value in claim.items() if name != "people"}
        got = example.decided(more)
        assert got.verdict == "eligible"
        assert got.amount is not None
        total += claim["people"] * got.amount
        for name, part in example.parts.items():
            assert got.parts[name] == fen_of_yuan(part)
    wanted = fen_of_yuan(example.expected)
    assert abs(total - wanted) <= wanted * exact(example.within)


@pytest.mark.parametrize("example", examples(Relief, "reliefs"))
def test_what_the_relief_leaves_comes_out(example: Relief) -> None:
    got = example.decided({})
    assert got.verdict == "eligible"
    assert got.amount is not None
    assert fen_of_yuan(example.owed) - got.amount == fen_of_yuan(example.left)


@pytest.mark.parametrize("example", examples(LayoffRate, "layoff_rates"))
def test_the_layoff_rate_comes_out_and_decides(example: LayoffRate) -> None:
    reform = policy().with_values({"job_retention_end": example.on}, source=example.source)
    measure = reform.measure("stability_refund_sme")
    facts = {
        "size": "small",
        "zombie_or_dishonest": False,
        "unemployment_insured": True,
        "insured_staff": example.staff,
        "insured_staff_at_year_start": example.staff,
        "layoffs_last_year": example.layoffs,
    }
    look = Evaluation(reform, read_flat(reform.facts, facts), example.on)
    assert layoff_rates(look, measure.condition) == {Fraction(example.rate)}
    assert decide(reform, measure.id, facts, example.on).verdict == (
        "eligible" if example.few else "ineligible"
    )


def layoff_rates(look: Evaluation, condition: Any) -> set[Any]:
    """The rates that a condition derives."""
    derived = [node for node in condition.walk() if node.op == "or_else" and node.args[0].op == "fact"]
    return {look.value(node) for node in derived if node.args[0].data.fact.id == "layoff_rate"}
