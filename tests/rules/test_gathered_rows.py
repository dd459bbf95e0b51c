"""What is asked of many related rows, or of the records of a list, by all three engines."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import frame, random_record, tables_of
from three_engines import ON, Farm, Picker, agreed, answer, answers, asking, built, follows, paying

from wenjiuye.rules import DECISION, Condition, Grant, Number, all_of, any_of, choose, months_between, negate
from wenjiuye.rules.batch import determine_batch

KEEN = {"keen": True, "pay": 10, "hours": 3}
LAZY = {"keen": False, "pay": 5, "hours": 1}
UNSURE = {"pay": 7, "hours": 2}
UNPAID = {"keen": True, "hours": 1}


def counted(rows: list[Any] | None) -> Any:
    """How many keen pickers, as a sum of fen: one for each."""
    policy = paying(lambda f, _: f.cost * f.pickers.count(where=lambda p: p.keen))
    return found(policy, rows, cost=1)


def found(policy: Any, rows: list[Any] | None, **more: Any) -> Any:
    return answer(policy, **more, **({} if rows is None else {"pickers": rows})).amount


def truth(policy: Any, rows: list[Any] | None) -> Any:
    return answer(policy, **({} if rows is None else {"pickers": rows})).truths[0]


# ── Related rows


def test_a_count_is_of_the_rows_that_hold_the_condition() -> None:
    assert counted([KEEN, LAZY, KEEN]) == 2
    assert counted([]) == 0
    assert counted([LAZY]) == 0


def test_a_count_is_unknown_where_a_row_is() -> None:
    assert counted([KEEN, UNSURE]) is None
    assert counted([LAZY, UNSURE]) is None


def test_rows_that_are_not_given_are_unknown_and_rows_that_are_none_are_none() -> None:
    assert counted(None) is None
    assert counted([]) == 0


def test_a_count_without_condition_counts_every_row() -> None:
    policy = paying(lambda f, _: f.cost * f.pickers.count())
    assert found(policy, [KEEN, UNSURE, {}], cost=2) == 6
    assert found(policy, [], cost=2) == 0
    assert found(policy, None, cost=2) is None


def test_a_sum_is_over_the_rows_that_hold_the_condition() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay * p.hours, where=lambda p: p.keen))
    assert found(policy, [KEEN, LAZY, KEEN]) == 60
    assert found(policy, [LAZY]) == 0
    assert found(policy, []) == 0


def test_a_sum_is_unknown_where_a_row_that_counts_is_and_only_there() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay, where=lambda p: p.keen))
    assert found(policy, [KEEN, UNPAID]) is None
    assert found(policy, [KEEN, UNSURE]) is None
    assert found(policy, [KEEN, {"keen": False}]) == 10


def test_a_largest_is_over_the_rows_that_hold_the_condition_and_unknown_over_none() -> None:
    policy = paying(lambda f, _: f.pickers.max(lambda p: p.pay, where=lambda p: p.keen))
    assert found(policy, [KEEN, {"keen": True, "pay": 12}, {"keen": False, "pay": 99}]) == 12
    assert found(policy, [LAZY]) is None
    assert found(policy, []) is None
    assert found(policy, [KEEN, UNPAID]) is None


def test_any_is_settled_by_one_row_and_all_by_one_that_fails() -> None:
    some = asking(lambda f, _: f.pickers.any(lambda p: p.keen))
    every = asking(lambda f, _: f.pickers.all(lambda p: p.keen))
    told = {
        "nobody": ([], False, True),
        "keen": ([KEEN], True, True),
        "mixed": ([KEEN, LAZY], True, False),
        "lazy": ([LAZY], False, False),
        "unsure": ([UNSURE], None, None),
        "keen and unsure": ([KEEN, UNSURE], True, None),
        "lazy and unsure": ([LAZY, UNSURE], None, False),
        "not given": (None, None, None),
    }
    for name, (rows, anybody, everybody) in told.items():
        assert truth(some, rows) is anybody, name
        assert truth(every, rows) is everybody, name


def test_a_condition_on_rows_may_read_values_dates_and_the_subjects_behind_the_row() -> None:
    policy = asking(
        lambda f, v: (
            f.pickers.count(
                where=lambda p: all_of(
                    p.pay >= v.prize, p.person.insured, months_between(p.person.born_on, DECISION) >= v.term
                )
            )
            >= 1
        )
    )
    rich = {"pay": 10_000, "person.insured": True, "person.born_on": dt.date(1990, 1, 1)}
    assert truth(policy, [rich]) is True
    assert truth(policy, [{**rich, "pay": 9_999}]) is False
    assert truth(policy, [{**rich, "person.born_on": ON}]) is False
    assert truth(policy, [{"pay": 10_000, "person.insured": True}]) is None


def test_a_derived_fact_of_a_row_is_derived() -> None:
    policy = asking(
        lambda f, _: f.pickers.any(lambda p: p.keen),
        derivations=[follows(Picker.keen, Picker, lambda p, v: p.hours >= v.term)],
    )
    assert truth(policy, [{"hours": 3}]) is True
    assert truth(policy, [{"hours": 2}]) is False
    assert truth(policy, [{"hours": 3, "keen": False}]) is False
    assert truth(policy, [{}]) is None


def test_an_optional_fact_of_a_row_says_what_its_absence_means() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.tip.or_else(p.pay)))
    assert found(policy, [{"pay": 5}, {"pay": 5, "tip": 0}, {"tip": 3}]) == 8
    assert found(policy, [{}]) is None


def test_the_rows_of_one_farm_are_not_those_of_another() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    records: list[dict[str, Any]] = [{"pickers": [KEEN, LAZY]}, {"pickers": []}, {"pickers": [{"pay": 100}]}]
    assert [d.amount for d in answers(policy, records)] == [15, 0, 100]


def test_rows_are_gathered_along_a_relation() -> None:
    """All pickers of the farm for which this one works, this one among them."""
    policy = asking(lambda p, _: p.employer.pickers.count(where=lambda q: q.keen) >= 2, subject=Picker)
    pickers = [
        {"id": "a", "employer": "f", "keen": True},
        {"id": "b", "employer": "f", "keen": True},
        {"id": "c", "employer": "g", "keen": True},
        {"id": "d", "keen": True},
    ]
    tables = {"picker": frame(Picker, pickers), "farm": frame(Farm, [{"id": "f"}, {"id": "g"}])}
    assert determine_batch(policy, "picker", tables, ON).frame["m.verdict"].to_list() == [
        True,
        True,
        False,
        None,
    ]


def test_rows_without_an_owner_belong_to_no_one() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    tables = {
        "farm": frame(Farm, [{"id": "f"}]),
        "picker": frame(Picker, [{"id": "a", "employer": "f", "pay": 1}, {"id": "b", "pay": 50}]),
    }
    assert determine_batch(policy, "farm", tables, ON).frame["m.amount"].to_list() == [1]


def test_two_kinds_of_rows_are_gathered_side_by_side() -> None:
    policy = asking(
        lambda f, _: f.pickers.count(where=lambda p: p.keen) > f.sheds.count(where=lambda s: negate(s.dry))
    )
    record = {"pickers": [KEEN, KEEN], "sheds": [{"dry": False}, {"dry": True}]}
    assert answer(policy, **record).verdict == "eligible"
    assert answer(policy, **{**record, "sheds": [{"dry": False}] * 2}).verdict == "ineligible"
    assert answer(policy, **{**record, "sheds": [{}]}).verdict == "undetermined"


# ── Lists of records

PLOTS = [{"area": 3, "lease": 100, "sunny": True}, {"area": 5, "lease": 10, "sunny": False}]


def test_a_list_is_gathered_like_related_rows() -> None:
    total = paying(lambda f, _: f.plots.sum(lambda p: p.lease * p.area, where=lambda p: p.sunny))
    largest = paying(lambda f, _: f.plots.max(lambda p: p.lease))
    count = paying(lambda f, _: f.cost * f.plots.count(where=lambda p: p.lease >= 10))
    some, every = (
        asking(lambda f, _: f.plots.any(lambda p: p.sunny)),
        asking(lambda f, _: f.plots.all(lambda p: p.sunny)),
    )
    assert answer(total, plots=PLOTS).amount == 300
    assert answer(largest, plots=PLOTS).amount == 100
    assert answer(count, plots=PLOTS, cost=1).amount == 2
    assert (answer(some, plots=PLOTS).verdict, answer(every, plots=PLOTS).verdict) == (
        "eligible",
        "ineligible",
    )


def test_an_empty_list_has_no_records_and_a_missing_one_is_unknown() -> None:
    total = paying(lambda f, _: f.plots.sum(lambda p: p.lease))
    largest = paying(lambda f, _: f.plots.max(lambda p: p.lease))
    every = asking(lambda f, _: f.plots.all(lambda p: p.sunny))
    assert (answer(total, plots=[]).amount, answer(total).amount) == (0, None)
    assert (answer(largest, plots=[]).amount, answer(largest).amount) == (None, None)
    assert (answer(every, plots=[]).verdict, answer(every).verdict) == ("eligible", "undetermined")
    assert [d.amount for d in answers(total, [{"plots": []}, {"plots": PLOTS}, {}])] == [0, 110, None]


def test_a_list_of_a_related_subject_is_gathered_too() -> None:
    policy = paying(lambda p, _: p.employer.plots.sum(lambda plot: plot.lease), subject=Picker)
    records = [{"employer.plots": PLOTS}, {"employer.plots": []}, {}]
    assert [d.amount for d in answers(policy, records)] == [110, 0, None]


# ── Everything at random


def all_questions(f: Any, v: Any) -> tuple[list[Condition], list[Number]]:
    def both(p: Any) -> Condition:
        return any_of(p.keen, all_of(p.pay >= v.prize, p.hours <= v.term))

    return (
        [
            f.pickers.any(both),
            f.pickers.all(lambda p: negate(both(p))),
            f.pickers.count(where=both) <= f.sheds.count(),
            f.plots.any(lambda p: p.sunny),
            f.plots.all(lambda p: p.area >= 3),
        ],
        [
            f.pickers.sum(lambda p: p.pay * p.hours.at_most(v.term), where=both),
            f.pickers.max(lambda p: p.pay),
            f.plots.sum(lambda p: p.lease, where=lambda p: p.sunny),
            f.plots.max(lambda p: p.lease),
            choose((f.plots.any(lambda p: p.sunny), f.pickers.sum(lambda p: p.pay)), otherwise=f.rent),
        ],
    )


EVERYTHING = built(
    *(
        lambda f, v, i=i: Grant(when=all_questions(f, v)[0][i], amount=all_questions(f, v)[1][i])
        for i in range(5)
    )
)


@settings(derandomize=True, deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**32 - 1))
def test_all_engines_gather_random_rows_alike(seed: int) -> None:
    rng = random.Random(seed)
    records = []
    for _ in range(15):
        record = random_record(Farm, rng, rng.choice((0, 0.1, 0.4)))
        for relation in ("pickers", "sheds"):
            if rng.random() < 0.3:
                record[relation] = []
        records.append(record)
    agreed(EVERYTHING, Farm, records, ON)


@pytest.mark.parametrize("missing", ["pickers", "sheds"])
def test_a_relation_that_no_table_holds_is_unknown_like_one_that_is_not_given(missing: str) -> None:
    rng = random.Random(5)
    records = [random_record(Farm, rng, 0.1) for _ in range(10)]
    tables: dict[str, pl.DataFrame] = tables_of(Farm, records)
    del tables[{"pickers": "picker", "sheds": "shed"}[missing]]
    for record in records:
        del record[missing]
    agreed(EVERYTHING, Farm, records, ON, tables)
