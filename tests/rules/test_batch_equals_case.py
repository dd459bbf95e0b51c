"""Every measure of the shipped policy: the three engines agree, sums keep their bounds, facts move them one way."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import random_record, random_value, tables_of
from three_engines import agreed, as_seen, of_row

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules import Policy
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.batch_assembly import Reach
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Ref
from wenjiuye.rules.facts import SHARE_DENOMINATOR_MAX, Fact
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.quantity import INT64_MAX, Kind

POLICY = policy()
UNSET = {value.name: value for value in POLICY.values.unset(dt.date(2020, 12, 1))}
CITY = POLICY.with_values(
    {name: "0.5" if v.kind is Kind.SHARE else 7 for name, v in UNSET.items()}, source="test"
)
"""The same policy in a city that has set every figure left to it."""
SUBJECTS = [name for name in POLICY.subjects if POLICY.measures_of(name)]
DAYS = [
    dt.date.fromisoformat(day)
    for day in ("2019-06-30", "2020-12-01", "2020-12-31", "2021-01-01", "2021-05-01")
]
SEEDS = st.integers(0, 2**32 - 1)
IN_CI = settings(derandomize=True, deadline=None, max_examples=3)


def test_every_measure_of_the_policy_is_about_a_subject_that_is_tested_here() -> None:
    assert {m.id for name in SUBJECTS for m in POLICY.measures_of(name)} == set(POLICY.measures)
    assert len(POLICY.measures) >= 89


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("on", DAYS, ids=str)
@IN_CI
@given(seed=SEEDS)
def test_batch_case_and_interpreter_say_the_same_of_every_measure(
    subject: str, on: dt.date, seed: int
) -> None:
    """Verdict, truth of every condition, amount, parts and bounds, over facts with few and with many gaps."""
    rng = random.Random(seed)
    kind = POLICY.subjects[subject]
    records = [random_record(kind, rng, rng.choice((0.02, 0.1, 0.3))) for _ in range(10)]
    for answered in agreed(rng.choice((POLICY, CITY)), kind, records, on):
        for found in answered.values():
            sums_are_sound(found)


def sums_are_sound(found: Determination) -> None:
    """Not negative, within the bounds, and the parts are the whole to the fen."""
    sums = [found.amount, found.low, found.high, *found.parts.values()]
    assert all(fen >= 0 for fen in sums if fen is not None), found
    assert found.low is None or found.high is None or found.low <= found.high, found
    if found.amount is not None:
        assert found.low == found.amount == found.high, found
    if found.measure.parts and found.amount is not None and None not in found.parts.values():
        assert sum(part for part in found.parts.values() if part is not None) == found.amount, found


# ── What a table does not have


@pytest.mark.parametrize("measure", list(POLICY.measures.values()), ids=lambda m: m.id)
def test_a_table_of_nothing_but_ids_leaves_every_fact_unknown(measure: Measure) -> None:
    subject = measure.subject.id
    tables = {subject: pl.DataFrame({"id": ["a", "b", "c"]})}
    for on in DAYS:
        result = determine_batch(CITY, subject, tables, on, measures=[measure.id], reasons=True)
        known_nothing = as_seen(measure, determine(CITY, measure, {}, on, nested=True))
        assert [of_row(measure, row) for row in result.frame.to_dicts()] == [known_nothing] * 3


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("seed", range(2))
def test_columns_that_a_table_lacks_are_unknown_facts(subject: str, seed: int) -> None:
    rng = random.Random(seed)
    kind = POLICY.subjects[subject]
    records = [random_record(kind, rng, 0.05) for _ in range(8)]
    tables = tables_of(kind, records)
    lacking = {name: set(rng.sample(list(POLICY.subjects[name].facts), k)) for name, k in cut(tables, rng)}
    held = {name: without(table, lacking[name]) for name, table in tables.items()}
    known = [only_known(kind, record, lacking) for record in records]
    agreed(CITY, kind, known, DAYS[1], held)


def cut(tables: dict[str, pl.DataFrame], rng: random.Random) -> Iterator[tuple[str, int]]:
    for name in tables:
        yield name, rng.randint(0, len(POLICY.subjects[name].facts))


def without(table: pl.DataFrame, facts: set[str]) -> pl.DataFrame:
    return table.drop([column for column in table.columns if column.partition(".")[0] in facts])


def only_known(kind: Any, record: dict[str, Any], lacking: dict[str, set[str]]) -> dict[str, Any]:
    """The record without the facts that the tables of their owners lack."""
    kept = {}
    for path, value in record.items():
        *steps, name = path.split(".")
        owner = kind
        for step in steps:
            owner = owner.relations[step].target
        link = owner.relations.get(name)
        if link is not None:
            kept[path] = [only_known(link.target(), row, lacking) for row in value]
        elif name not in lacking[owner.id]:
            kept[path] = value
    return kept


# ── At the ends of what a fact allows


def extreme(fact: Fact, rng: random.Random) -> Any:
    low, high = fact.range()
    match fact.kind:
        case Kind.INT | Kind.MONEY:
            odd = [number for number in (16_777_217, 2**53 + 1) if low <= number <= high]
            return rng.choice((low, high, *odd))
        case Kind.SHARE:
            den = rng.choice((SHARE_DENOMINATOR_MAX, SHARE_DENOMINATOR_MAX - 1, 1))
            share = rng.choice((Fraction(high) * Fraction(den - 1, den), Fraction(1, den), Fraction(high)))
            return share if share.numerator <= INT64_MAX else Fraction(high)
        case Kind.DATE:
            return rng.choice((low, high, dt.date(2020, 2, 29), dt.date(2020, 12, 1)))
        case Kind.LIST:
            return [{f.id: extreme(f, rng) for f in fact.fields} for _ in range(rng.randint(0, 3))]
        case _:
            return random_value(fact, rng, 0)


@pytest.mark.parametrize("measure", list(POLICY.measures.values()), ids=lambda m: m.id)
def test_the_largest_allowed_facts_are_computed_exactly_or_refused_by_name(measure: Measure) -> None:
    """Nothing wraps around: where an amount does not fit 64 bits, the batch says so."""
    rng = random.Random(31)
    on = dt.date(2020, 12, 1)
    for gap in (0, 0, 0.15, 0.15, 0.3):
        records = [one_record(measure, rng, gap, extreme) for _ in range(6)]
        answered = [determine(CITY, measure, record, on, nested=True) for record in records]
        sums = [fen for d in answered for fen in (d.amount, *d.parts.values()) if fen is not None]
        tables = tables_of(measure.subject, records)
        if any(abs(fen) > INT64_MAX for fen in sums):
            with pytest.raises(OverflowError, match=measure.id):
                determine_batch(CITY, measure.subject.id, tables, on, measures=[measure.id])
            continue
        result = determine_batch(CITY, measure.subject.id, tables, on, measures=[measure.id], reasons=True)
        rows = result.frame.to_dicts()
        assert [of_row(measure, row) for row in rows] == [as_seen(measure, d) for d in answered]


# ── Filling a gap


def read_by(measure: Measure) -> dict[str, Ref]:
    """Every fact that decides the measure, by path."""
    return dict(Reach.of(measure.expressions()).refs)


def one_record(
    measure: Measure, rng: random.Random, gap: float, value: Callable[[Fact, random.Random], Any]
) -> dict[str, Any]:
    """Facts that the measure reads, and no others."""
    record = {
        key: None if rng.random() < gap else value(ref.fact, rng) for key, ref in read_by(measure).items()
    }
    return {key: found for key, found in record.items() if found is not None}


def near_the_borders(fact: Fact, rng: random.Random) -> Any:
    return random_value(fact, rng, 0)


def is_open(ref: Ref) -> bool:
    """Whether the absence of a fact is plainly unknown: no meaning of its own, nothing that it follows from."""
    return not ref.fact.optional and ref.fact.id not in POLICY.derivations


@pytest.mark.parametrize("measure", list(POLICY.measures.values()), ids=lambda m: m.id)
def test_filling_a_gap_never_flips_a_verdict_nor_leaves_the_bounds(measure: Measure) -> None:
    """What was settled stays settled, to the fen."""
    for seed in range(8):
        rng = random.Random(seed)
        on = rng.choice(DAYS)
        record = one_record(measure, rng, rng.choice((0.3, 0.6, 0.9)), near_the_borders)
        city = rng.choice((POLICY, CITY))
        before = determine(city, measure, record, on, nested=True)
        missing = [key for key, ref in read_by(measure).items() if key not in record and is_open(ref)]
        rng.shuffle(missing)
        for key in missing:
            record[key] = near_the_borders(read_by(measure)[key].fact, rng)
            after = determine(city, measure, record, on, nested=True)
            told = f"{key} filled in {record}: {before} became {after}"
            stays_settled(before, after, told)
            if not lacks_a_figure(city, measure, record, on):
                stays_within_bounds(before, after, told)
            before = after


def lacks_a_figure(city: Policy, measure: Measure, record: dict[str, Any], on: dt.date) -> bool:
    """Whether the facts now known lead to a day or a key for which nothing is set: then every bound is open."""
    look = Evaluation(city, record, on, nested=True)
    read = measure.limit.walk() if measure.limit is not None else ()
    return any(node.op == "value" and look.bounds(node) == (0, None) for node in read)


def stays_settled(before: Determination, after: Determination, told: str) -> None:
    assert before.verdict in (after.verdict, "undetermined"), told
    for was, now in zip(before.truths, after.truths, strict=True):
        assert was in (None, now), told
    if before.measure.has_amount and after.verdict != "ineligible":
        assert before.amount in (None, after.amount), told
        assert all(part in (None, after.parts[name]) for name, part in before.parts.items()), told


def stays_within_bounds(before: Determination, after: Determination, told: str) -> None:
    if not before.measure.has_amount or after.verdict == "ineligible":
        return
    assert before.low is not None, told
    assert after.low is not None, told
    assert after.low >= before.low, told
    if before.high is not None:
        assert after.high is not None, told
        assert after.high <= before.high, told


def test_some_of_these_gaps_do_settle_a_verdict_and_a_sum() -> None:
    """So that the test before this one is not empty."""
    settled = {"verdict": 0, "amount": 0, "bounds": 0}
    for measure in POLICY.measures.values():
        for seed in range(12):
            rng = random.Random(seed)
            record = one_record(measure, rng, 0.5, near_the_borders)
            full = {**one_record(measure, rng, 0, near_the_borders), **record}
            before, after = (determine(CITY, measure, r, DAYS[1], nested=True) for r in (record, full))
            settled["verdict"] += before.verdict == "undetermined" != after.verdict
            settled["amount"] += before.amount is None and after.amount is not None
            settled["bounds"] += before.amount is None and before.high is not None
    assert all(count >= 30 for count in settled.values()), settled


# ── Ceilings


@pytest.mark.parametrize(
    ("measure", "ceiling"),
    [
        ("personal_startup_loan", "personal_loan_most"),
        ("returnee_project_award", "returnee_project_most"),
        ("park_tenant_cost_subsidy", "park_subsidy_cap"),
        ("rural_platform_subsidy", "park_subsidy_cap"),
    ],
)
def test_no_sum_and_no_bound_is_above_the_ceiling_of_its_measure(measure: str, ceiling: str) -> None:
    on = dt.date(2020, 12, 1)
    most: Any = POLICY.values[ceiling].figure(on)
    seen = 0
    for seed in range(300):
        rng = random.Random(seed)
        record = one_record(POLICY.measure(measure), rng, 0.2, near_the_borders)
        found = determine(CITY, POLICY.measure(measure), record, on, nested=True)
        if found.verdict != "ineligible":
            seen += 1
            assert found.high is not None, found
            assert found.high <= most, found
    assert seen > 10


# ── What more of a fact may do to the money


def outcome(found: Determination) -> int | None:
    """The money that a settled determination means: none for whoever is not eligible."""
    if found.verdict == "ineligible":
        return 0
    if found.verdict == "undetermined":
        return None
    return found.amount if found.measure.has_amount else 1


MORE_MONEY, LESS_MONEY = 1, -1


@pytest.mark.parametrize(
    ("measure", "fact", "direction"),
    [
        ("epidemic_hiring_subsidy", "new_hires", MORE_MONEY),
        ("hiring_subsidy", "contract_months", MORE_MONEY),
        ("hiring_insurance_subsidy", "contract_months", MORE_MONEY),
        ("hiring_insurance_subsidy", "months_paid", MORE_MONEY),
        ("hiring_insurance_subsidy", "employer_contributions_paid_per_month", MORE_MONEY),
        ("disability_fund_relief", "disability_fund_due", MORE_MONEY),
        ("hire_tax_deduction", "income_tax_due", MORE_MONEY),
        ("hire_tax_deduction", "deductible_hires", MORE_MONEY),
        ("stability_refund", "unemployment_premiums_last_year", MORE_MONEY),
        ("stability_refund", "layoffs_last_year", LESS_MONEY),
        ("unemployment_rate_cut", "contribution_base", MORE_MONEY),
        ("injury_rate_cut", "contribution_base", MORE_MONEY),
        ("force_majeure_loss_share", "unrecovered_amount", MORE_MONEY),
        ("loan_performance_award", "new_loans_this_year", MORE_MONEY),
        ("park_tenant_cost_subsidy", "rent", MORE_MONEY),
        ("park_tenant_cost_subsidy", "paid_this_year", LESS_MONEY),
        ("park_tenant_cost_subsidy", "months_granted", LESS_MONEY),
        ("rural_platform_subsidy", "months_granted", LESS_MONEY),
        ("graduate_flexible_insurance_subsidy", "months_granted", LESS_MONEY),
        ("unemployment_assistance", "months_granted", LESS_MONEY),
        ("internship_subsidy", "internship_months", MORE_MONEY),
        ("work_for_training_subsidy", "trained_poor_staff", MORE_MONEY),
        ("labour_export_subsidy", "people_placed", MORE_MONEY),
    ],
)
def test_more_of_a_fact_moves_the_money_one_way(measure: str, fact: str, direction: int) -> None:
    moved = 0
    for less, more in outcomes_as_a_fact_grows(POLICY.measure(measure), fact):
        assert (more - less) * direction >= 0
        moved += more != less
    assert moved > 0, "no record showed it"


def outcomes_as_a_fact_grows(measure: Measure, fact: str) -> Iterator[tuple[int, int]]:
    on = dt.date(2020, 12, 1)
    ref = read_by(measure)[fact]
    derived = set(POLICY.derivations)
    low, high = ref.fact.range()
    for seed in range(1500):
        rng = random.Random(seed)
        record = one_record(measure, rng, 0, near_the_borders)
        # A share that is given would hide the counts that it follows from; an optional one its default.
        for key, other in read_by(measure).items():
            if key != fact and (other.fact.id in derived or other.fact.optional):
                record.pop(key, None)
        start = record[fact]
        step = rng.choice((1, 1, 2, 12, 10_000))
        if not low <= start + step <= high:
            continue
        pair = [
            outcome(determine(CITY, measure, {**record, fact: size}, on, nested=True))
            for size in (start, start + step)
        ]
        if None not in pair:
            yield pair[0], pair[1]  # type: ignore[misc]


def test_months_granted_never_raise_the_insurance_subsidy_once_it_has_begun() -> None:
    """From the first month granted on: before it, only a hire of this year counts."""
    measure = POLICY.measure("hiring_insurance_subsidy")
    for seed in range(400):
        rng = random.Random(seed)
        record = one_record(measure, rng, 0, near_the_borders)
        sums = [
            outcome(determine(CITY, measure, {**record, "months_granted": n}, DAYS[1], nested=True))
            for n in range(1, 15)
        ]
        known = [fen for fen in sums if fen is not None]
        assert known == sorted(known, reverse=True)
