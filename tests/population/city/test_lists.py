"""Proactive lists and near misses say who, how much, and what would settle it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest
from golden_part import golden_part

import golden_registry as golden
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.city.finish import ranked
from wenjiuye.population.city.near import near_misses, only_lacking
from wenjiuye.population.city.proactive import proactive
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.case import determine
from wenjiuye.rules.measures import Measure

ON = dt.date(2020, 12, 1)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Partition:
    return golden_part(tmp_path_factory.mktemp("golden"))


@pytest.fixture(scope="module")
def decided(part: Partition) -> Callable[[str], Decided]:
    everything = {d.subject: d for d in decide(CityFacts(policy(), part, ON))}
    return cache(everything.__getitem__)


def test_the_list_has_those_entitled_with_contact_amount_and_claim(
    part: Partition, decided: Callable[[str], Decided]
) -> None:
    book = part.tables["enterprise"].with_columns(
        pl.format("firm {}", "id").alias("name"), pl.format("12-{}", "id").alias("phone")
    )
    listed = ranked(proactive(policy(), ON, part.with_table("enterprise", book), decided("hire")))
    rows = listed.filter(pl.col("measure") == "hiring_insurance_subsidy")
    total = next(t for t in golden.totals().measures if t.measure == "hiring_insurance_subsidy")
    assert rows.height == total.entitled
    assert rows["rank"].to_list() == list(range(1, total.entitled + 1))
    amounts = rows["amount"].to_list()
    assert amounts == sorted(amounts, reverse=True)
    first = rows.row(by_predicate=pl.col("id") == "J01", named=True)
    employers = {row["id"]: row["employer"] for row in golden.table("employment")}
    firm = employers["J01"]
    assert (first["claimant"], first["name"], first["phone"]) == (firm, f"firm {firm}", f"12-{firm}")
    claim = json.loads(first["claim"])
    assert claim["months_paid"] == 7
    assert claim["months_granted"] == 3
    assert claim["employer_contributions_paid_per_month"] == "291.43"
    assert claim["hired_on"] == "2020-02-10"


def test_nobody_is_listed_who_was_granted_it_or_gets_nothing(
    part: Partition, decided: Callable[[str], Decided]
) -> None:
    for subject in ("hire", "enterprise", "person"):
        rows = proactive(policy(), ON, part, decided(subject))
        assert rows.height > 0
        assert ((rows["amount"] > 0) | rows["amount"].is_null()).all()
        frame = decided(subject).frame
        for (measure,), listed in rows.group_by("measure"):
            entitled = frame.filter(pl.col(f"{measure}.entitled"))["id"]
            assert set(listed["id"]) <= set(entitled), measure


def test_a_near_miss_would_be_eligible_if_its_one_condition_held(decided: Callable[[str], Decided]) -> None:
    seen = 0
    for subject in ("hire", "enterprise", "person", "venue", "internship"):
        found = decided(subject)
        for row in near_misses(policy(), ON, found).iter_rows(named=True):
            measure = policy().measure(row["measure"])
            place = found.frame["id"].index_of(row["id"])
            assert place is not None
            truths = found.frame.row(place, named=True)
            node = measure.nodes[row["condition"]]
            truth = truths[f"{measure.id}.c{node.index}"]
            assert truth is not True
            assert row["short_of"] == ("fact" if truth is None else "condition")
            assert truths[f"{measure.id}.verdict"] is not True
            assert _with(measure, truths, node.index) is True
            seen += 1
    assert seen > 50


def _with(measure: Measure, truths: dict[str, Any], index: int) -> bool | None:
    """The verdict if one condition held: worked out from the tree, node by node."""
    nodes = measure.nodes

    def truth(i: int) -> bool | None:
        node = nodes[i]
        if i == index:
            return True
        if not node.children:
            return truths[f"{measure.id}.c{i}"]
        parts = [truth(child) for child in node.children]
        if node.written.op == "all":
            return all(part is True for part in parts)
        if node.written.op == "any":
            return any(part is True for part in parts)
        return sum(part is True for part in parts) >= node.written.data

    return truth(0)


def test_nobody_who_is_one_condition_short_is_left_out(decided: Callable[[str], Decided]) -> None:
    for subject in ("hire", "enterprise", "person"):
        found = decided(subject)
        listed = near_misses(policy(), ON, found)
        for measure in found.measures:
            if measure.kind != "benefit" or not measure.has_amount:
                continue
            for place, truths in enumerate(found.frame.iter_rows(named=True)):
                leaves = [n for n in measure.nodes if not n.children and not n.is_window]
                short = {
                    n.index
                    for n in leaves
                    if truths[f"{measure.id}.c{n.index}"] is not True
                    and truths[f"{measure.id}.verdict"] is not True
                    and _with(measure, truths, n.index) is True
                }
                told = listed.filter(
                    (pl.col("measure") == measure.id) & (pl.col("id") == found.frame["id"][place])
                )
                assert set(told["condition"]) == short


def test_what_would_settle_it_is_named_facts_or_values_that_the_city_has_not_set(
    decided: Callable[[str], Decided],
) -> None:
    hires = near_misses(policy(), ON, decided("hire")).filter(pl.col("short_of") == "fact")
    assert set(hires["facts"]) == {"social_insurance_paid", "employer.size;employer.staff;employer.assets"}
    firms = near_misses(policy(), ON, decided("enterprise")).filter(pl.col("short_of") == "fact")
    assert set(firms["unset"].drop_nulls()) == {"absorption_threshold"}


def test_the_batch_and_the_case_compiler_agree_on_every_row_of_the_golden_registry(
    decided: Callable[[str], Decided],
) -> None:
    for subject in ("hire", "enterprise", "person", "internship", "training", "sole_trader", "park_tenant"):
        found = decided(subject)
        for measure in found.measures:
            registry = found.registry(policy(), ON, measure)
            rows = pl.Series("row", range(found.frame.height), dtype=pl.UInt32)
            records = registry.records(subject, list(measure.expressions()), rows)
            for record, row in zip(records, found.frame.iter_rows(named=True), strict=True):
                case = determine(policy(), measure, record, ON, nested=True)
                assert row[f"{measure.id}.verdict"] == case.truths[0]
                if measure.has_amount:
                    assert row[f"{measure.id}.amount"] == case.amount


def test_only_lacking_is_no_answer_for_those_who_have_it(decided: Callable[[str], Decided]) -> None:
    found = decided("hire")
    measure = policy().measure("hiring_subsidy")
    for node in measure.nodes:
        if not node.children:
            had = found.frame.filter(pl.col("hiring_subsidy.verdict")).select(
                only_lacking(measure, node).any()
            )
            assert had.item() is False
