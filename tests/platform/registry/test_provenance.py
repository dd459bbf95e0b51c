"""Every fact of a case says where it comes from and as of when."""

from __future__ import annotations

import datetime as dt

import pytest
from checked_registry import firm, job, person, some_city, table

from wenjiuye.platform.registry.case_facts import case_facts
from wenjiuye.platform.registry.case_subject import ORIGINS, origin
from wenjiuye.platform.registry.follows import FOLLOWS, follows, source_titles
from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.registry.definitions import DEFINITIONS
from wenjiuye.rules.facts import One
from wenjiuye.rules.receipt import Provenance, receipt

ON = dt.date(2020, 12, 1)


def test_every_fact_that_is_defined_says_what_it_follows_from():
    assert {subject: set(facts) for subject, facts in FOLLOWS.items()} == {
        subject: set(facts) for subject, facts in DEFINITIONS.items()
    }
    assert {name for facts in FOLLOWS.values() for tables in facts.values() for name in tables} <= set(
        RECORDS
    )
    assert follows("venue", "venue_costs") == ("venue",)
    assert follows("venue", "awarded_before") == ("grant",)
    assert follows("person", "pregnant_maternity_or_nursing") == ()


def test_every_subject_of_a_measure_has_a_table_and_its_relations_lead_from_there():
    for measure in policy().measures.values():
        where = origin(measure.subject.id)
        assert where.table in RECORDS
        known = {"key", *RECORDS[where.table].relations}
        assert {*where.relations.values(), *where.claimant} <= known
    for subject, where in ORIGINS.items():
        links = policy().subjects[subject].relations.items()
        assert set(where.relations) == {name for name, link in links if isinstance(link, One)}


def test_titles_are_those_of_the_data_model():
    assert source_titles(("employment", "contribution")) == (
        "用工登记、个人社保缴费",
        "employment, contribution of a person",
    )


@pytest.mark.django_db
def test_a_fact_is_as_fresh_as_the_oldest_of_its_tables(load):
    load(some_city(), as_of=dt.date(2020, 10, 1))
    schools = {"person": "P1", "level": "college", "started_on": dt.date(2016, 9, 1)}
    schools |= {"left_on": dt.date(2020, 6, 30), "graduated": True}
    load({"enrolment": table("enrolment", [schools])}, as_of=dt.date(2020, 11, 1))
    load({"employment": table("employment", [job("J2", "P2", "E2")])}, as_of=dt.date(2020, 12, 1))
    found = case_facts(policy(), policy().measure("hiring_subsidy"), "J1", ON)
    assert (found.claimant_kind, found.claimant_key, found.title) == (
        "enterprise",
        "E1",
        "许昌禾木家居有限公司",
    )
    assert found.county == "weidu"
    assert found.provenance["hired_on"] == Provenance("用工登记", dt.date(2020, 12, 1))
    assert found.provenance["person.college_graduate"] == Provenance("学籍", dt.date(2020, 11, 1))
    assert found.tables["person.employed_before"] == ("employment", "enrolment")
    assert found.provenance["person.employed_before"] == Provenance("用工登记、学籍", dt.date(2020, 11, 1))


@pytest.mark.django_db
def test_a_finding_is_named_as_what_it_is_and_holds_on_its_own_day(load):
    since = dt.date(2020, 2, 1)
    findings = [
        {
            "subject": "person",
            "subject_id": "P1",
            "fact": "college_graduate",
            "value": "是",
            "valid_from": since,
        },
        {
            "subject": "enterprise",
            "subject_id": "E1",
            "fact": "industry",
            "value": "retail",
            "valid_from": since,
            "source": "第3号认定书",
        },
        {
            "subject": "person",
            "subject_id": "P1",
            "fact": "left_school_on",
            "value": "??",
            "valid_from": since,
        },
        # Of somebody hired, facts are those on the day of hiring: this one comes too late.
        {
            "subject": "person",
            "subject_id": "P1",
            "fact": "employed_before",
            "value": "是",
            "valid_from": dt.date(2020, 3, 2),
        },
    ]
    load({**some_city(), "finding": table("finding", findings)})
    found = case_facts(policy(), policy().measure("hiring_subsidy"), "J1", ON)
    assert found.provenance["person.college_graduate"] == Provenance("认定", since)
    assert found.provenance["employer.industry"] == Provenance("第3号认定书", since)
    assert found.tables["employer.industry"] == ()
    assert "person.left_school_on" not in found.record
    told = receipt(
        policy(),
        policy().measure("hiring_subsidy"),
        found.record,
        ON,
        nested=True,
        provenance=found.provenance,
    )
    sources = {fact["id"]: (fact["source"], fact["as_of"]) for fact in told["facts"]}
    assert sources["employer.industry"] == ("第3号认定书", "2020-02-01")


@pytest.mark.django_db
def test_somebody_without_a_name_is_called_by_what_it_is(load):
    load({"venue": table("venue", [{"id": "V1", "county": "weidu"}])})
    found = case_facts(policy(), policy().measure("incubator_award"), "V1", ON)
    assert (found.claimant_kind, found.claimant_key, found.title) == ("venue", "V1", "创业载体 V1")
    assert found.county == "weidu"


@pytest.mark.django_db
def test_a_case_asks_the_database_a_few_times_however_large_the_employer_is(
    load, django_assert_max_num_queries
):
    staff = range(300)
    load(
        {
            "person": table("person", [person(f"P{n}") for n in staff]),
            "enterprise": table("enterprise", [firm("E1", "大厂")]),
            "employment": table("employment", [job(f"J{n}", f"P{n}", "E1") for n in staff]),
            "recognition": table(
                "recognition",
                [{"person": f"P{n}", "category": "poverty_registered", "valid_from": ON} for n in staff],
            ),
        }
    )
    with django_assert_max_num_queries(14):
        found = case_facts(policy(), policy().measure("poor_labour_absorption_award"), "E1", ON)
    assert found.record["poor_staff"] == 300
