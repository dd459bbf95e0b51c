"""A case reads what its own facts need: of the firms that somebody owns, of other grants, of tables that are kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from checked_registry import firm, job, person, some_city, table

from wenjiuye.platform.registry.case_facts import NoSuchSubject, case_facts
from wenjiuye.platform.registry.undoing import undo_batch
from wenjiuye.policy.xuchang_2020_31 import policy

pytestmark = pytest.mark.django_db
ON = dt.date(2020, 12, 1)


def facts(measure: str, key: str, on: dt.date = ON) -> Mapping[str, Any]:
    return case_facts(policy(), policy().measure(measure), key, on).record


def contributions(*months: dt.date) -> pl.DataFrame:
    rows = [
        {"person": "P1", "employer": "E1", "month": month, "unemployment_insured": True} for month in months
    ]
    sums = dict.fromkeys(
        ("employer_pension_paid", "employer_unemployment_paid", "employer_medical_paid"), 100
    )
    return table("contribution", [{**row, **sums} for row in rows])


def months(year: int, first: int, last: int) -> list[dt.date]:
    return [dt.date(year, month, 1) for month in range(first, last + 1)]


def test_months_that_another_measure_of_the_group_paid_for_are_left_out(load):
    granted = {"person": "P1", "subject_id": "P1", "granted_on": dt.date(2020, 7, 1)}
    granted |= {
        "measure": "graduate_flexible_insurance_subsidy",
        "first_month": dt.date(2020, 4, 1),
        "months": 3,
    }
    load(
        {
            **some_city(),
            "contribution": contributions(*months(2020, 3, 11)),
            "grant": table("grant", [granted]),
        }
    )
    assert facts("hiring_insurance_subsidy", "J1")["months_paid"] == 6
    assert facts("hiring_insurance_subsidy", "J1", dt.date(2020, 6, 30))["months_paid"] == 4


@pytest.mark.parametrize(("size", "small"), [("small", True), ("large", False)])
def test_the_size_of_a_firm_that_the_trainee_owns_counts(size: str, small: bool, load):
    owned = firm("E9", "自办公司", owner="P1", legal_form="company", registered_on=dt.date(2019, 1, 1))
    training = {"id": "T1", "trainee": "P1", "training_started_on": dt.date(2020, 9, 1)}
    training["training_type"] = "startup"
    load(
        {
            "person": table("person", [person("P1")]),
            "enterprise": table("enterprise", [owned]),
            "annual_report": table("annual_report", [{"enterprise": "E9", "year": 2019, "size": size}]),
            "training": table("training", [training]),
        }
    )
    assert facts("startup_training_subsidy", "T1")["trainee.small_firm_owner"] is small


def test_a_table_that_the_city_does_not_keep_leaves_unknown_what_an_empty_one_answers(load):
    load(some_city())
    assert "person.college_graduate" not in facts("hiring_subsidy", "J1")
    empty = load({"enrolment": table("enrolment", [])})
    assert facts("hiring_subsidy", "J1")["person.college_graduate"] is False
    undo_batch(empty, "没有这张表")
    assert "person.college_graduate" not in facts("hiring_subsidy", "J1")


def test_nothing_is_known_of_months_before_the_first_one_of_the_whole_city(load):
    load({**some_city(), "contribution": contributions(*months(2020, 3, 11))})
    known = facts("stability_refund", "E1")
    assert known["insured_staff"] == 1
    assert "insured_staff_at_year_start" not in known
    other = {"person": "P2", "employer": "E2", "month": dt.date(2018, 12, 1)}
    load({"contribution": table("contribution", [other])})
    assert facts("stability_refund", "E1")["insured_staff_at_year_start"] == 0


def test_rows_that_were_replaced_are_not_read(load):
    load(some_city())
    assert facts("hiring_subsidy", "J1")["employer.staff"] == 1
    load({"employment": table("employment", [job("J1", "P1", "E1", ended_on=dt.date(2020, 6, 30))])})
    assert facts("hiring_subsidy", "J1")["employer.staff"] == 0


@pytest.mark.parametrize(
    ("measure", "key"),
    [
        ("hiring_subsidy", "J404"),
        ("unemployment_rate_cut", "E1|pension"),
        ("unemployment_rate_cut", "E1|pension|2020-13"),
        ("unemployment_rate_cut", "E1|pension|2020-11"),
        ("incubator_award", "V1"),
    ],
)
def test_a_subject_that_is_not_there_is_refused_by_name(measure: str, key: str, load):
    load({**some_city(), "premium": table("premium", [])})
    with pytest.raises(NoSuchSubject, match=key.replace("|", r"\|")):
        facts(measure, key)
