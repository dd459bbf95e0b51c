"""The golden registry hangs together: every name is known, every row is there, the totals add up."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from golden_registry import (
    EXPECTED,
    FOLDER,
    GoldenCase,
    GoldenError,
    GoldenMeasure,
    cases,
    fact_at,
    rows_of,
    table,
    table_names,
    totals,
)
from wenjiuye.policy.registry import RECORDS, VERSION
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.cells import read_cell
from wenjiuye.rules.determination import Verdict
from wenjiuye.rules.facts import One

SET_ASIDE = [("employment", "J19", "person", "P99")]
"""The one reference that leads nowhere, on purpose."""


def on_the_day_of_the_totals() -> list[tuple[GoldenCase, GoldenMeasure]]:
    day = totals().on
    return [(case, measure) for case in cases() if case.on == day for measure in case.measures]


# ── Tables


def test_every_table_of_the_data_model_is_kept() -> None:
    assert table_names() == list(RECORDS)


def test_the_registry_says_which_version_of_the_data_model_it_has() -> None:
    assert tomllib.loads((FOLDER / "registry.toml").read_text("utf-8"))["version"] == VERSION


@pytest.mark.parametrize("name", list(RECORDS))
def test_every_cell_can_be_read_and_no_required_one_is_empty(name: str) -> None:
    record = RECORDS[name]
    for row in table(name):
        for column in record.required:
            assert row[column], (row, column)
        for column, fact in record.facts.items():
            if row.get(column):
                read_cell(fact, row[column])


@pytest.mark.parametrize("name", [name for name, record in RECORDS.items() if record.keyed])
def test_ids_are_there_and_stand_once(name: str) -> None:
    ids = [row["id"] for row in table(name)]
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_one_reference_leads_nowhere_and_every_other_one_to_a_row() -> None:
    ids = {name: {row["id"] for row in table(name)} for name, record in RECORDS.items() if record.keyed}
    astray = [
        (name, row.get("id", ""), relation, row[relation])
        for name, record in RECORDS.items()
        for relation, link in record.relations.items()
        if isinstance(link, One)
        for row in table(name)
        if row.get(relation) and row[relation] not in ids[link.target.id]
    ]
    assert astray == SET_ASIDE


def test_every_grant_names_a_measure_and_a_row_of_its_subject() -> None:
    for row in table("grant"):
        subject = policy().measure(row["measure"]).subject.id
        # The epidemic hiring subsidy is granted to a firm for its hires one by one.
        paid_for = "hire" if row["measure"] == "epidemic_hiring_subsidy" else subject
        assert row["subject_id"] in rows_of(paid_for), row


def test_every_finding_names_a_fact_with_a_value_of_its_kind() -> None:
    for row in table("finding"):
        fact = fact_at(policy().subjects[row["subject"]], row["fact"], "finding.csv")
        read_cell(fact, row["value"])
        assert row["subject_id"] in rows_of(row["subject"]), row


# ── Expectations


def test_every_case_is_about_a_row_that_is_written() -> None:
    assert [case.id for case in cases() if case.row not in rows_of(case.subject)] == []


def test_every_row_that_could_be_decided_as_a_hire_has_a_case() -> None:
    jobs = {
        row["id"]
        for row in table("employment")
        if row["form"] == "labour_contract" and row["employer"] and row["started_on"] >= "2017-12-01"
    }
    assert jobs <= {case.row for case in cases() if case.subject == "hire"}


def test_the_cases_reach_every_subject_of_the_policy() -> None:
    assert {case.subject for case in cases()} == set(policy().subjects)


def test_a_case_that_is_wrong_in_itself_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"id": "x", "on": "2020-12-01", "subject": "hire", "row": "J01", "why": "1", "measures": {}}
    hiring = "hiring_subsidy"
    wrong = {
        "unknown key": {**good, "colour": "red"},
        "no such subject": {**good, "subject": "cat"},
        "has no fact": {**good, "facts": {"person.size": "small"}},
        "has no relation": {**good, "facts": {"owner.rural": True}},
        "neither yes nor no": {**good, "facts": {"person.rural": "perhaps"}},
        "hiring_subsidies": {**good, "measures": {"hiring_subsidies": {"verdict": "eligible"}}},
        "a measure of person": {**good, "measures": {"file_retention": {"verdict": "eligible"}}},
        "is none of": {**good, "measures": {hiring: {"verdict": "maybe"}}},
        "has an amount": {**good, "measures": {hiring: {"verdict": "ineligible", "amount": "1.00"}}},
        "of somebody eligible": {**good, "measures": {hiring: {"verdict": "ineligible", "entitled": True}}},
        "not entitled": {**good, "measures": {hiring: {"verdict": "eligible", "why_not": "granted"}}},
        "arithmetic is missing": {**good, "why": " "},
        "a decided row has measures": {**good, "decided": False},
        "wanted a day": {**good, "on": "2020-02-30"},
    }
    monkeypatch.setattr("golden_registry.EXPECTED", tmp_path)
    for message, case in wrong.items():
        (tmp_path / "one.yaml").write_text(yaml.safe_dump([case]), "utf-8")
        with pytest.raises(GoldenError, match=message):
            cases()
    (tmp_path / "one.yaml").write_text(yaml.safe_dump([good, good]), "utf-8")
    with pytest.raises(GoldenError, match="two cases of one id"):
        cases()


# ── Totals


def test_every_row_that_is_decided_counts_once_in_each_total() -> None:
    rows = totals().rows
    for total in totals().measures:
        subject = policy().measure(total.measure).subject.id
        counted = total.eligible + total.ineligible + total.undetermined
        assert counted == rows.get(subject, len(rows_of(subject))), total.measure
        assert total.entitled <= total.eligible, total.measure


def test_everybody_eligible_in_a_total_has_a_case_of_that_day() -> None:
    eligible = Counter(m.measure for _, m in on_the_day_of_the_totals() if m.verdict is Verdict.ELIGIBLE)
    assert {total.measure: total.eligible for total in totals().measures} == {
        total.measure: eligible[total.measure] for total in totals().measures
    }


def test_the_sum_of_a_total_is_that_of_the_cases_of_that_day() -> None:
    sums: Counter[str] = Counter()
    for _, measure in on_the_day_of_the_totals():
        if measure.entitled and measure.amount is not None:
            sums[measure.measure] += measure.amount
    told = {t.measure: t.entitled_sum for t in totals().measures if t.entitled_sum is not None}
    assert told == {name: sums[name] for name in told}


def test_no_more_cases_are_undetermined_than_the_total_says() -> None:
    verdicts = Counter((m.measure, m.verdict) for _, m in on_the_day_of_the_totals())
    for total in totals().measures:
        assert verdicts[total.measure, Verdict.UNDETERMINED] <= total.undetermined, total.measure
        assert verdicts[total.measure, Verdict.INELIGIBLE] <= total.ineligible, total.measure


def test_the_folder_of_expectations_holds_nothing_but_expectations() -> None:
    assert {path.suffix for path in EXPECTED.iterdir()} == {".yaml"}
