"""A reform beside its baseline: the two share all that they do not change, and cannot touch each other."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from typing import Any

import polars as pl
import pytest
from random_facts import random_record, tables_of
from three_engines import ON, agreed, answer, built, declared

from wenjiuye.policy.vocabulary import Hire
from wenjiuye.policy.xuchang_2020_31 import policy as shipped
from wenjiuye.rules import DECISION, Grant, Group, MeasureNotFoundError, Policy, Window
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.case import decide

HIRE = {
    "size": "small",
    "hired_on": "2020-06-01",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
}


def paid(policy: Policy, **facts: Any) -> int | None:
    return decide(policy, "hiring_subsidy", {**HIRE, **facts}, ON).amount


def test_a_reform_and_its_baseline_pay_each_their_own_sum_in_any_order() -> None:
    base = shipped()
    version, before = base.version, paid(base)
    reform = base.with_values({"hiring_subsidy_amount": 2345.67})
    other = base.with_values({"hiring_subsidy_amount": 1})
    for _ in range(3):
        assert [paid(p) for p in (reform, base, other, base)] == [234_567, before, 100, before]
    assert base.version == version
    assert len({base.version, reform.version, other.version}) == 3


def test_a_reform_of_a_reform_keeps_both_changes_and_the_first_reform() -> None:
    first = shipped().with_values({"hiring_subsidy_amount": 2000})
    second = first.with_values({"hiring_contract_months": 24})
    assert paid(first) == 200_000
    assert decide(second, "hiring_subsidy", HIRE, ON).verdict == "ineligible"
    assert paid(second, contract_months=24) == 200_000
    assert paid(first) == 200_000


def test_a_reform_and_its_baseline_do_not_touch_each_other_in_a_batch() -> None:
    rng = random.Random(8)
    records = [random_record(Hire, rng, 0.05) for _ in range(60)]
    tables = tables_of(Hire, records)
    base = shipped()
    reform = base.with_values({"hiring_contract_months": 1, "hiring_subsidy_amount": 5000})

    def run(policy: Policy) -> pl.DataFrame:
        return determine_batch(policy, "hire", tables, ON, reasons=True).frame

    first = run(base)
    changed = run(reform)
    assert run(base).equals(first)
    assert run(reform).equals(changed)
    assert not changed.equals(first)
    agreed(reform, Hire, records, ON)


def test_a_reform_shares_every_measure_group_derivation_and_value_that_it_leaves_alone() -> None:
    """Making one is a matter of a new table of names, so a thousand drafts cost nothing."""
    base = shipped()
    reform = base.with_values({"hiring_subsidy_amount": 2000})
    assert reform.measures is base.measures
    assert reform.groups is base.groups
    assert reform.derivations is base.derivations
    touched = [name for name in base.values.values if reform.values[name] is not base.values[name]]
    assert touched == ["hiring_subsidy_amount"]


def test_a_reform_of_one_measure_shares_all_the_others() -> None:
    base = built(
        lambda f, v: Grant(when=f.organic, amount=v.prize), lambda f, v: Grant(when=f.hilly, amount=v.prize)
    )
    reform = base.with_measures([declared(lambda f, v: Grant(when=f.insured, amount=v.prize))])
    assert reform.measures["m2"] is base.measures["m2"]
    assert reform.values is base.values
    facts = {"organic": True, "insured": False}
    assert decide(base, "m", facts, ON).verdict == "eligible"
    assert decide(reform, "m", facts, ON).verdict == "ineligible"
    assert decide(base, "m", facts, ON).verdict == "eligible"


def test_an_added_measure_is_in_the_reform_alone_and_stands_in_the_order_of_clauses() -> None:
    base = built(lambda f, v: Grant(when=f.organic, amount=v.prize), clause="a02.01")
    reform = base.with_measures(
        [declared(lambda f, v: Grant(when=f.hilly, amount=v.prize), name="new", clause="a01.01")]
    )
    assert list(reform.measures) == ["new", "m"]
    assert list(base.measures) == ["m"]
    assert [m.id for m in reform.measures_of("farm")] == ["new", "m"]
    with pytest.raises(MeasureNotFoundError, match="no measure is named 'new'"):
        base.measure("new")


def test_a_replaced_measure_stays_in_its_groups() -> None:
    group = Group("g", "best", ("m", "m2"), zh="组", en="group", source="a01.01")

    def rule(f: Any, v: Any) -> Grant:
        return Grant(when=f.organic, amount=v.prize)

    base = built(rule, rule, groups=[group])
    assert base.with_measures([declared(rule)]).measure("m").groups == ("g",)


@pytest.mark.parametrize("field", ["measures", "values", "groups", "derivations", "id"])
def test_a_built_policy_cannot_be_changed(field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(shipped(), field, None)


def test_the_tables_inside_a_built_policy_cannot_be_changed_either() -> None:
    """One user's reform must not reach another's result by assignment."""
    policy = built(lambda f, v: Grant(when=f.organic, amount=v.prize))
    with pytest.raises(TypeError):
        policy.measures["m"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        policy.measure("m").parts["new"] = None  # type: ignore[index]


def windowed() -> Policy:
    return built(
        lambda f, v: Grant(when=f.organic, amount=v.prize, window=Window(DECISION, v.day("opening"), None))
    )


def test_a_reform_of_a_date_moves_a_window() -> None:
    base = windowed()
    reform = base.with_values({"opening": "2021-01-01"})
    assert answer(base, organic=True).verdict == "eligible"
    assert answer(reform, organic=True).verdict == "ineligible"
    assert answer(reform, on=dt.date(2021, 1, 1), organic=True).verdict == "eligible"


def test_a_reform_from_a_day_on_decides_earlier_days_as_before() -> None:
    base = shipped()
    reform = base.with_values({"hiring_subsidy_amount": 2000}, start=dt.date(2021, 1, 1))
    before = dt.date(2020, 12, 31)
    assert decide(reform, "hiring_subsidy", HIRE, before) == decide(base, "hiring_subsidy", HIRE, before)
    hired = {**HIRE, "hired_on": "2021-01-01"}
    assert decide(reform, "hiring_subsidy", hired, dt.date(2021, 1, 1)).amount == 200_000


def drafts() -> Iterator[Policy]:
    for number in range(500):
        yield shipped().with_values({"hiring_subsidy_amount": number})


def test_five_hundred_drafts_live_side_by_side() -> None:
    held = list(drafts())
    assert [paid(draft) for draft in held] == [number * 100 for number in range(500)]
    assert len({id(draft.values["refund_share"]) for draft in held}) == 1
