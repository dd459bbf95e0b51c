"""What is counted over a table is unknown for those whose rows were set aside, and for nobody else."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from random_registry import random_registry, write_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.facts import CityFacts

ON = dt.date(2020, 12, 1)


def decided(
    tables: dict[str, pl.DataFrame], folder: Path, incomplete: dict[str, pl.Series]
) -> dict[str, Decided]:
    arranged = arrange(write_registry(tables, folder / "t"), incomplete, policy(), folder / "a", "x")
    return {d.subject: d for d in decide(CityFacts(policy(), arranged.load(arranged.parts[0]), ON))}


@pytest.mark.parametrize(
    ("table", "relation", "subject", "fact"),
    [
        ("unemployment_registration", "person", "person", "months_registered_unemployed"),
        ("enrolment", "person", "person", "college_graduate"),
        ("employment", "employer", "enterprise", "staff"),
        ("employment", "employer", "enterprise", "deductible_hires"),
        ("premium", "enterprise", "enterprise", "social_insurance_due_per_month"),
        ("contribution", "employer", "enterprise", "insured_staff"),
        ("tax", "enterprise", "enterprise", "vat_due"),
        ("recognition", "person", "person", "registered_poor"),
        ("internship", "host", "internship", "retention_rate.num"),
        ("lease", "tenant", "enterprise", "leases_business_property"),
    ],
)
def test_only_the_owner_of_a_row_that_was_set_aside_becomes_unknown(
    table: str, relation: str, subject: str, fact: str, tmp_path: Path
) -> None:
    tables = random_registry(21, gaps=0)
    tables["finding"] = tables["finding"].clear()
    before = decided(tables, tmp_path / "before", {})[subject].tables[subject]
    known = before.filter(pl.col(fact).is_not_null())
    if subject == "internship":
        owner = tables["internship"].filter(pl.col("id") == known["id"][0])["host"][0]
        mine = set(tables["internship"].filter(pl.col("host") == owner)["id"])
    else:
        owner = known["id"][0]
        mine = {owner}
    after = decided(tables, tmp_path / "after", {f"{table}.{relation}": pl.Series([owner])})[subject].tables[
        subject
    ]
    for old, new in zip(before.iter_rows(named=True), after.iter_rows(named=True), strict=True):
        assert new[fact] == (None if new["id"] in mine else old[fact])


def test_a_row_of_the_ledger_that_was_set_aside_leaves_open_what_was_granted(tmp_path: Path) -> None:
    tables = random_registry(22, gaps=0)
    person = decided(tables, tmp_path / "one", {})["person"].frame["id"][0]
    found = decided(tables, tmp_path / "two", {"grant.subject_id": pl.Series([person])})["person"]
    own = found.own["returnee_startup_subsidy"]
    assert own.filter(pl.col("id") == person)["granted_before"].to_list() == [None]
    assert own.filter(pl.col("id") != person)["granted_before"].null_count() == 0
