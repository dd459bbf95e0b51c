"""What was calculated by hand from the golden registry comes out of the program: facts, verdicts, sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import polars as pl
import pytest
from golden_part import golden_part

import golden_registry as golden
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.records import Registry
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.rules.determination import Verdict
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.measures import Measure

VERDICTS = {True: Verdict.ELIGIBLE, False: Verdict.INELIGIBLE, None: Verdict.UNDETERMINED}


Answers = Callable[[dt.date], Mapping[str, Decided]]


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What the program decides on a day, by subject."""
    registry = golden_part(tmp_path_factory.mktemp("golden"))
    return cache(lambda on: {d.subject: d for d in decide(CityFacts(policy(), registry, on))})


@pytest.mark.parametrize(
    "case", golden.cases(), ids=lambda case: f"{case.id}-{case.subject}-{case.row}-{case.on}"
)
def test_hand_calculated(case: golden.GoldenCase, decided: Answers) -> None:
    found = decided(case.on)[case.subject]
    place = found.frame["id"].index_of(case.row)
    assert (place is not None) == case.decided
    if place is None:
        return
    told = found.frame.row(place, named=True)
    assert facts_of(found, case.on, place, case.facts) == case.facts
    for expected in case.measures:
        name, measure = expected.measure, policy().measure(expected.measure)
        assert VERDICTS[told[f"{name}.verdict"]] == expected.verdict, name
        if expected.tests_amount:
            assert told[f"{name}.amount"] == expected.amount, name
        if expected.parts is not None:
            assert {part: told[f"{name}.{part}"] for part in expected.parts} == expected.parts, name
        if expected.entitled is not None:
            assert told[f"{name}.entitled"] == expected.entitled, name
        if expected.why_not is not None:
            assert told[f"{name}.why_not"] == expected.why_not, name
        assert facts_of(found, case.on, place, expected.facts, measure) == expected.facts, name


def facts_of(
    found: Decided, on: dt.date, place: int, wanted: Mapping[str, Any], measure: Measure | None = None
) -> dict[str, Any]:
    """The facts of a row by path, derived where they are not given."""
    registry = (
        Registry(policy(), found.tables, on) if measure is None else found.registry(policy(), on, measure)
    )
    rows = pl.Series([place], dtype=pl.UInt32)
    answers = {}
    for path in wanted:
        expression = policy().fact_of(found.subject, path)
        tables = registry if "." in path or measure is not None else _with(found, path, registry)
        (record,) = tables.records(found.subject, [expression], rows)
        answers[path] = Evaluation(policy(), record, on, nested=True).value(expression)
    return answers


def _with(found: Decided, fact: str, registry: Registry) -> Registry:
    """The registry with the table in which a fact that holds for one measure stands."""
    if fact not in _CLAIMED:
        return registry
    for table in found.own.values():
        if fact in table.columns:
            return Registry(registry.policy, {**registry.tables, found.subject: table}, registry.on)
    return registry


_CLAIMED = ("months_paid", "contributions_paid", "employer_contributions_paid_per_month", "internship_months")


def test_totals_over_the_golden_registry(decided: Answers) -> None:
    wanted = golden.totals()
    found = decided(wanted.on)
    for subject, rows in wanted.rows.items():
        assert found[subject].frame.height == rows, subject
    for total in wanted.measures:
        name = total.measure
        frame = found[policy().measure(name).subject.id].frame
        verdict, entitled = frame[f"{name}.verdict"], frame[f"{name}.entitled"].fill_null(False)
        counts = (verdict.sum(), (~verdict).sum(), verdict.null_count(), entitled.sum())
        assert counts == (total.eligible, total.ineligible, total.undetermined, total.entitled), name
        if total.entitled_sum is not None:
            assert frame[f"{name}.amount"].filter(entitled).sum() == total.entitled_sum, name
