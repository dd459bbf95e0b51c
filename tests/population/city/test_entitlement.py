"""Entitled is who is eligible, was not granted it before, and is not displaced by what excludes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from golden_part import golden_part
from hypothesis import given, settings
from hypothesis import strategies as st

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import decide
from wenjiuye.population.city.entitlement import with_entitlement
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Partition, PartTables

ON = dt.date(2020, 12, 1)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Partition:
    return golden_part(tmp_path_factory.mktemp("golden"))


def told(part: Partition, subject: str, row: str, measure: str) -> dict[str, Any]:
    """What came out for one row and measure, without the measure's name."""
    (found,) = decide(CityFacts(policy(), part, ON), subjects=(subject,))
    (one,) = found.frame.filter(pl.col("id") == row).to_dicts()
    return {name.removeprefix(f"{measure}."): v for name, v in one.items() if name.startswith(f"{measure}.")}


def with_grant(part: Partition, **cells: Any) -> Partition:
    """The same part with one more grant."""
    table = part.tables["grant"]
    row = pl.DataFrame([{name: cells.get(name) for name in table.columns}], schema=table.schema)
    return part.with_table("grant", pl.concat([table, row]))


def test_a_month_that_another_measure_paid_for_is_left_out_of_the_claim(part: Partition) -> None:
    name = "graduate_flexible_insurance_subsidy"
    before = told(part, "person", "P32", name)
    paid = with_grant(
        part,
        measure="hiring_insurance_subsidy",
        subject_id="J99",
        person="P32",
        first_month=dt.date(2020, 11, 1),
        months=1,
        amount=10_000,
        granted_on=dt.date(2020, 11, 30),
    )
    after = told(paid, "person", "P32", name)
    # November's 650.01 of the nine months' 5850.01 are gone: two thirds of 5200.00.
    assert before["amount"] == 390_001
    assert after["amount"] == 346_667
    assert after["entitled"] is True


@pytest.mark.parametrize(
    ("first_month", "months", "entitled"),
    [(dt.date(2020, 11, 1), 1, False), (dt.date(2020, 10, 1), 1, True), (dt.date(2020, 6, 1), 6, False)],
)
def test_a_monthly_benefit_is_granted_once_a_month(
    part: Partition, first_month: dt.date, months: int, entitled: bool
) -> None:
    granted = with_grant(
        part,
        measure="benefit_until_retirement",
        subject_id="P33",
        person="P33",
        first_month=first_month,
        months=months,
        amount=152_000,
        granted_on=dt.date(2020, 11, 30),
    )
    found = told(granted, "person", "P33", "benefit_until_retirement")
    assert found["verdict"] is True
    assert found["entitled"] is entitled
    assert found["why_not"] == (None if entitled else "granted")


def test_what_is_granted_once_per_person_and_employer_goes_to_the_first_of_two_jobs(part: Partition) -> None:
    jobs = part.tables["employment"]
    twin = jobs.filter(pl.col("id") == "J01").with_columns(pl.lit("J01b").alias("id"))
    two = part.with_table("employment", pl.concat([jobs, twin]))
    first, second = (told(two, "hire", row, "hiring_subsidy") for row in ("J01", "J01b"))
    assert (first["verdict"], second["verdict"]) == (True, True)
    assert (first["entitled"], second["entitled"]) == (True, False)
    assert second["why_not"] == "displaced"


GROUP = next(group for group in policy().groups if group.id == "stability_refund")
MEMBERS = [policy().measure(name) for name in GROUP.members]
offers = st.tuples(
    st.sampled_from([True, False, None]),
    st.one_of(st.none(), st.integers(0, 5)),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(3, 6)),
)
"""Verdict, amount where it is known, else its bounds."""


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(*[offers] * len(MEMBERS)), min_size=1, max_size=5))
def test_the_best_of_a_group_wins_and_never_one_that_may_be_beaten(rows: list[Any]) -> None:
    columns: dict[str, list[Any]] = {"id": [f"E{i}" for i in range(len(rows))]}
    for measure in policy().measures_of("enterprise"):
        columns[f"{measure.id}.verdict"] = [False] * len(rows)
        for end in ("amount", "low", "high") if measure.has_amount else ():
            columns[f"{measure.id}.{end}"] = [None] * len(rows)
    for place, measure in enumerate(MEMBERS):
        told = [row[place] for row in rows]
        columns[f"{measure.id}.verdict"] = [verdict for verdict, *_ in told]
        columns[f"{measure.id}.amount"] = [amount for _, amount, *_ in told]
        columns[f"{measure.id}.low"] = [low if amount is None else amount for _, amount, low, _ in told]
        columns[f"{measure.id}.high"] = [high if amount is None else amount for _, amount, _, high in told]
    schema = {
        n: pl.String if n == "id" else pl.Boolean if n.endswith("verdict") else pl.Int64 for n in columns
    }
    empty = Partition("none", PartTables.of({}), {}, {})
    frame = with_entitlement(
        CityFacts(policy(), empty, ON),
        policy().measures_of("enterprise"),
        pl.DataFrame(columns, schema=schema),
    )
    for row, offered in zip(frame.iter_rows(named=True), rows, strict=True):
        entitled = [row[f"{measure.id}.entitled"] for measure in MEMBERS]
        assert entitled.count(True) <= 1
        ends = [
            (low if amount is None else amount, high if amount is None else amount)
            for _, amount, low, high in offered
        ]
        for place, (verdict, *_) in enumerate(offered):
            if verdict is False:
                assert entitled[place] is False
        if True in entitled:
            winner = entitled.index(True)
            assert offered[winner][0] is True
            low = ends[winner][0]
            for other, (verdict, *_) in enumerate(offered):
                if other != winner and verdict is not False:
                    # Nobody who may be entitled can have more.
                    assert ends[other][1] is not None
                    assert ends[other][1] <= low
        elif all(verdict is True and amount is not None for verdict, amount, *_ in offered):
            raise AssertionError("somebody has the most, so somebody is entitled")
