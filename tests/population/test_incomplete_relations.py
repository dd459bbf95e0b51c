"""Where rows of a relation were rejected, what is counted over them is unknown: never too low."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from workshop import FUND, ON, VALUES, Firm, Job, english, write_csv

from wenjiuye.population import RunReport, determine_tables
from wenjiuye.rules import Grant, Values, all_of, benefit, right
from wenjiuye.rules.policy import Policy, assemble


@benefit(clause="a01.01", zh="按岗补贴", en="grant per job", fund=FUND)
def grant_per_job(firm: Firm, v: Values) -> Grant:
    """So much for each long contract of a firm that has any."""
    long = firm.jobs.count(where=lambda job: job.months >= v.long_months)
    return Grant(when=all_of(firm.jobs.count() >= 1), amount=v.job_sum * long)


@right(clause="a01.02", zh="同事", en="colleagues")
def colleagues(job: Job, v: Values) -> Grant:
    """A job in a firm with a long contract and another job, counted from the job's side."""
    long = job.firm.jobs.any(lambda other: other.months >= v.long_months)
    return Grant(when=all_of(long, job.firm.jobs.count() >= 2))


@right(clause="a01.03", zh="两类", en="two kinds")
def two_kinds(firm: Firm, v: Values) -> Grant:
    """Two questions about the same rows, each of which reads another fact."""
    rich = firm.jobs.count(where=lambda job: job.wage >= v.job_sum)
    return Grant(when=all_of(rich == 1, firm.jobs.any(lambda job: job.worker.poor)))


FIRMS = "id,size\nE1,small\nE2,small\nE3,large\nE4,large\n"
JOBS = "id,firm,worker,months,wage\nJ1,E1,W1,12,1000\nJ2,E1,W1,12,5\nJ3,E2,W1,12,5\n"


def counting() -> Policy:
    measures = [grant_per_job, colleagues, two_kinds]
    return assemble("counting", "计数办法", "counting", measures, {}, VALUES)


def run(folder: Path, jobs: str) -> tuple[RunReport, dict[tuple[str, str], tuple[object, ...]]]:
    source, out = folder / "in", folder / "out"
    source.mkdir()
    # The workers have the firms' ids, and none of theirs may be taken for a firm's.
    for name, text in {"firm": FIRMS, "worker": "id,poor\nW1,是\nE2,否\n", "job": jobs}.items():
        write_csv(source, f"{name}.csv", text)
    report = determine_tables(source, ON, out, counting())
    rows = pl.concat(pl.read_parquet(path) for path in (out / "determinations").iterdir())
    return report, {
        (measure, row): tuple(rest)
        for measure, row, *rest in rows.select("measure", "id", "verdict", "amount", "missing").iter_rows()
    }


def test_the_count_of_an_owner_of_a_rejected_row_is_unknown_and_of_that_owner_alone(tmp_path: Path):
    _, found = run(tmp_path, JOBS + "J4,E2,W1,bad,\nJ5,E3,W9,1,1\nJ6,E1,E2,24,5\n")
    assert {row: found["grant_per_job", row] for row in ("E1", "E2", "E3", "E4")} == {
        "E1": ("eligible", 3000, None),
        "E2": ("undetermined", None, "jobs"),
        "E3": ("undetermined", None, "jobs"),
        "E4": ("ineligible", None, None),
    }


def test_it_is_unknown_along_a_relation_too(tmp_path: Path):
    _, found = run(tmp_path, JOBS + "J4,E2,W1,bad,\n")
    assert [found["colleagues", row][0] for row in ("J1", "J2", "J3")] == [
        "eligible",
        "eligible",
        "undetermined",
    ]


def test_two_questions_about_the_same_rows_are_confirmed_by_the_case_compiler(tmp_path: Path):
    report, found = run(tmp_path, JOBS)
    assert [found["two_kinds", row][0] for row in ("E1", "E2", "E3")] == [
        "eligible",
        "ineligible",
        "ineligible",
    ]
    assert [line.checked for line in report.subjects] == [4, 3]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("J4,E2,W1,bad,", "1 rows of job rejected: what 1 rows of firm count over jobs is unknown"),
        (
            "J4,,W1,bad,",
            "1 rows of job rejected that name no firm: what firm counts over jobs may be too low",
        ),
        (
            "J4,E9,W1,1,",
            "1 rows of job rejected that name no firm: what firm counts over jobs may be too low",
        ),
    ],
)
def test_what_a_rejected_row_means_for_its_owner_is_told(tmp_path: Path, row: str, says: str):
    report, _ = run(tmp_path, f"{JOBS}{row}\n")
    assert [english(note) for note in report.notes if "rejected" in note] == [says]


def test_text_below_a_list_takes_nothing_from_anybody(tmp_path: Path):
    report, found = run(tmp_path, JOBS + "合计,,,,\n")
    assert found["grant_per_job", "E2"][0] == "eligible"
    assert [english(note) for note in report.notes if "job" in note] == [
        "job.csv: only an id and no fact in row 5, not computed"
    ]
