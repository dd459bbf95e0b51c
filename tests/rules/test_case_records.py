"""Facts as people write them: read once, owners kept apart, and every mistake told at once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from random_facts import tables_of
from three_engines import ON, Farm, Picker, asking, built

from wenjiuye.policy.vocabulary import Hire
from wenjiuye.policy.xuchang_2020_31 import policy as shipped
from wenjiuye.rules import FactError, Grant, all_of
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.case import decide
from wenjiuye.rules.facts import Fact, facts_in_reach
from wenjiuye.rules.quantity import INT64_MAX, Kind
from wenjiuye.rules.record import is_nested, read_flat, read_nested

HIRE = shipped().measure("hiring_subsidy")


def refused(raw: dict[str, Any], *words: str, nested: bool = False) -> None:
    with pytest.raises(FactError) as problem:
        read_nested(Picker, raw) if nested else read_flat(facts_in_reach(Picker), raw)
    for word in words:
        assert word in str(problem.value), str(problem.value)


# ── Single facts


@pytest.mark.parametrize(
    ("fact", "written", "read"),
    [
        (Farm.organic, "是", True),
        (Farm.organic, "no", False),
        (Farm.organic, 1, True),
        (Farm.organic, " TRUE ", True),
        (Farm.staff, "12", 12),
        (Farm.staff, 12.0, 12),
        (Farm.staff, Decimal("12.00"), 12),
        (Farm.rent, 1234.56, 123_456),
        (Farm.rent, "1234.5", 123_450),
        (Farm.rent, 0.1 + 0.2 == 0.3, None),
        (Farm.rent, 0, 0),
        (Farm.balance, -5, -500),
        (Farm.ripe, "2/3", Fraction(2, 3)),
        (Farm.ripe, 0.1, Fraction(1, 10)),
        (Farm.ripe, "5.5%", Fraction(11, 200)),
        (Farm.planted_on, "2020-02-29", dt.date(2020, 2, 29)),
        (Farm.planted_on, dt.datetime(2020, 2, 29), dt.date(2020, 2, 29)),
        (Farm.season, "2020-06", dt.date(2020, 6, 1)),
        (Farm.season, "2020-06-17", dt.date(2020, 6, 1)),
        (Farm.region, "north", "north"),
        (Farm.region, "北区", "north"),
        (Farm.region, "North", "north"),
        (
            Farm.plots,
            [{"area": 1, "lease": "2.50", "sunny": "是"}],
            [{"area": 1, "lease": 250, "sunny": True}],
        ),
        (Farm.plots, [], []),
    ],
    ids=str,
)
def test_a_fact_is_read_as_people_write_it(fact: Fact, written: object, read: object) -> None:
    if read is None:
        with pytest.raises(FactError):
            fact.read(written)
    else:
        assert fact.read(written) == read


@pytest.mark.parametrize(
    ("fact", "written", "told"),
    [
        (Farm.organic, "perhaps", "neither yes nor no: 'perhaps'; wanted: true/false, yes/no, 是/否, 1/0"),
        (Farm.organic, 2, "neither yes nor no"),
        (Farm.staff, 1.5, "not a whole number: 1.5; wanted: a whole number not below 0"),
        (Farm.staff, True, "a yes/no where a number is wanted"),
        (Farm.staff, -1, "-1 is outside the allowed range"),
        (Farm.staff, "", "not a number"),
        (Farm.staff, float("nan"), "not a number"),
        (Farm.staff, float("inf"), "not a number"),
        (Farm.staff, "1e999999999", "not a number"),
        (Farm.grade, 9, "wanted: a whole number from 1 to 8"),
        (Farm.rent, "1.234", "more than two decimals: 1.234 yuan; wanted: yuan with at most two decimals"),
        (Farm.rent, -0.01, "outside the allowed range"),
        (Farm.rent, 10**15, "outside the allowed range"),
        (Farm.ripe, 1.01, "1.01 is outside the allowed range"),
        (Farm.ripe, "1/0", "denominator 0"),
        (Farm.ripe, "0." + "1" * 19, "more than eighteen decimals"),
        (Farm.planted_on, "2020-02-30", "wanted: a date such as 2020-12-01"),
        (Farm.planted_on, "1899-12-31", "outside the allowed range"),
        (Farm.planted_on, dt.datetime(2020, 1, 1, 8), "a time of day where a date is wanted"),
        (Farm.planted_on, 20200101, "not a date"),
        (Farm.season, "2020-13", "wanted: a month such as 2020-12"),
        (Farm.region, "nort", "'nort' is no member (did you mean north?); wanted: one of north (北区)"),
        (Farm.plots, "a field", "not a list of records"),
        (Farm.plots, [{"area": 1}], "record 1 has the fields ['area'], wanted ['area', 'lease', 'sunny']"),
        (
            Farm.plots,
            [{"area": -1, "lease": 1, "sunny": True}],
            "area (面积): -1 is outside the allowed range",
        ),
    ],
    ids=str,
)
def test_a_fact_that_cannot_be_read_names_itself_the_value_and_what_is_wanted(
    fact: Fact, written: object, told: str
) -> None:
    with pytest.raises(FactError) as problem:
        fact.read(written)
    assert told in str(problem.value)
    assert fact.id in str(problem.value)
    assert fact.zh in str(problem.value)


# ── Records


def test_null_is_unknown_in_flat_and_in_nested_records() -> None:
    assert read_flat(facts_in_reach(Picker), {"pay": None, "keen": True}) == {"keen": True}
    nested = {"employer": {"rent": None, "staff": 3}, "person": None, "pay": None}
    assert read_nested(Picker, nested) == {"employer.staff": 3}
    assert read_nested(Farm, {"pickers": None, "plots": None}) == {}


def test_an_unknown_fact_names_the_nearest_ones() -> None:
    refused({"kean": True}, "kean: no such fact; did you mean keen")
    refused({"zzzz": True}, "zzzz: no such fact")
    refused({"employer": {"rennt": 1}}, "employer.rennt: no such fact; did you mean rent", nested=True)
    refused({"emploier": {"rent": 1}}, "emploier: no such fact; did you mean employer", nested=True)
    refused({3: True}, "3: no such fact")  # type: ignore[dict-item]


def test_every_mistake_of_a_record_is_told_at_once() -> None:
    refused({"kean": True, "pay": "much", "staff": -1}, "kean: no such fact", "pay (工资)", "staff (人数)")
    nested = {"employer": {"rent": -1, "colour": "red"}, "pay": "much", "person": 3}
    refused(
        nested,
        "rent (租金)",
        "employer.colour",
        "pay (工资)",
        "person: wanted a record of person",
        nested=True,
    )


def test_a_relation_wants_a_record_and_a_many_relation_a_list_of_them() -> None:
    refused({"employer": "the farm"}, "employer: wanted a record of farm, got 'the farm'", nested=True)
    for wrong in ({"pay": 1}, "two", [1, 2]):
        with pytest.raises(FactError, match="pickers: wanted a list of records of picker"):
            read_nested(Farm, {"pickers": wrong})


def test_a_mistake_in_a_gathered_row_names_the_relation_and_the_row() -> None:
    with pytest.raises(FactError, match=r"pickers.*2.*pay"):
        read_nested(Farm, {"pickers": [{"pay": 1}, {"pay": "much"}]})


def test_a_nested_record_is_keyed_by_path_and_its_rows_by_their_own() -> None:
    raw = {
        "pay": "10.00",
        "employer": {"rent": 5, "region": "北区", "pickers": [{"pay": 1, "person": {"insured": "是"}}]},
    }
    assert read_nested(Picker, raw) == {
        "pay": 1000,
        "employer.rent": 500,
        "employer.region": "north",
        "employer.pickers": [{"pay": 100, "person.insured": True}],
    }


def test_a_record_is_nested_as_soon_as_it_names_a_relation() -> None:
    assert is_nested(Picker, {"employer": {}, "pay": 1})
    assert is_nested(Farm, {"pickers": []})
    assert not is_nested(Picker, {"pay": 1, "rent": 2})
    assert not is_nested(Picker, {})


# ── Whose fact it is


def all_insured(p: Any, v: Any) -> Grant:
    return Grant(when=all_of(p.insured, p.employer.insured, p.person.insured), amount=v.prize)


def test_a_flat_record_gives_each_fact_to_every_owner() -> None:
    found = decide(built(all_insured, subject=Picker), "m", {"insured": True}, ON)
    assert found.truths == (True, True, True, True)


def test_a_nested_record_gives_a_fact_to_its_owner_alone() -> None:
    policy = built(all_insured, subject=Picker)
    for path, position in (((), 1), (("employer",), 2), (("person",), 3)):
        raw: dict[str, Any] = {"employer": {}, "person": {}}
        inner = raw
        for step in path:
            inner = raw[step]
        inner["insured"] = True
        found = decide(policy, "m", raw, ON)
        assert list(found.truths[1:]) == [number == position or None for number in (1, 2, 3)]
        assert found.verdict == "undetermined"


def test_the_insurance_of_a_hire_is_not_that_of_the_person() -> None:
    """`social_insurance_paid` is a fact of both; the vocabulary shares it, the record does not."""
    owners = {Hire.social_insurance_paid.owners}
    assert owners == {("person", "hire")} or owners == {("hire", "person")}
    record = read_nested(Hire, {"social_insurance_paid": True, "person": {}, "employer": {}})
    assert record == {"social_insurance_paid": True}
    other = read_nested(Hire, {"person": {"social_insurance_paid": True}})
    assert other == {"person.social_insurance_paid": True}
    insured = next(n.index for n in HIRE.nodes if n.written.op == "fact" and "insurance" in repr(n.written))
    of_person = decide(shipped(), HIRE.id, {"person": {"social_insurance_paid": True}}, ON)
    of_hire = decide(shipped(), HIRE.id, {"social_insurance_paid": True, "person": {}}, ON)
    assert (of_person.truths[insured], of_hire.truths[insured]) == (None, True)


def test_flat_and_nested_records_of_one_case_decide_alike() -> None:
    flat = {
        "size": "small",
        "hired_on": "2020-06-01",
        "contract_months": 12,
        "social_insurance_paid": True,
        "months_registered_unemployed": 8,
    }
    nested = {
        "employer": {"size": "small"},
        "person": {"months_registered_unemployed": 8},
        "hired_on": "2020-06-01",
        "contract_months": 12,
        "social_insurance_paid": True,
    }
    one, other = (decide(shipped(), HIRE.id, raw, ON) for raw in (flat, nested))
    assert one.verdict == "eligible"
    assert (one.truths, one.amount) == (other.truths, other.amount)


def test_a_flat_record_may_name_facts_that_the_measure_does_not_read() -> None:
    policy = asking(lambda f, _: f.organic)
    assert decide(policy, "m", {"organic": True, "pay": 3}, ON).verdict == "eligible"
    with pytest.raises(FactError, match="colour: no such fact"):
        decide(policy, "m", {"organic": True, "colour": 3}, ON)


def test_many_rows_are_asked_of_a_nested_record() -> None:
    policy = asking(lambda f, _: f.pickers.count(where=lambda p: p.keen) >= 2)
    assert decide(policy, "m", {"pickers": [{"keen": "是"}, {"keen": True}]}, ON).verdict == "eligible"
    assert decide(policy, "m", {"pickers": []}, ON).verdict == "ineligible"
    assert decide(policy, "m", {}, ON).verdict == "undetermined"


SHARES = [fact for fact in shipped().facts.values() if fact.kind is Kind.SHARE]


@pytest.mark.parametrize("share", SHARES, ids=lambda fact: fact.id)
def test_a_share_that_the_counter_reads_can_be_held_by_a_table(share: Fact) -> None:
    """The kernel keeps it as two 64-bit numbers: what does not fit must be refused when it is read."""
    top = int(share.range()[1])
    try:
        read = share.read(f"{top - 1}." + "7" * 18)
    except FactError:
        return
    assert read.numerator <= INT64_MAX
    subject = shipped().subjects[share.owners[0]]
    tables = tables_of(subject, [{share.id: read}])
    assert determine_batch(shipped(), subject.id, tables, ON).frame.height == 1
