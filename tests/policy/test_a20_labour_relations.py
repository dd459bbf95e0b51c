"""Article 20: dismissal protection and the duties before a layoff."""

from __future__ import annotations

import pytest
from deciding import answer, each_condition_counts, verdict

DUTIES = {"placement_plan": True, "severance_paid": True, "wage_arrears": 0, "insurance_arrears": 0}


def test_the_three_periods_protect_and_nothing_else_is_asked():
    each_condition_counts(
        "dismissal_protection",
        {"pregnant_maternity_or_nursing": True},
        {"pregnant_maternity_or_nursing": False},
    )


@pytest.mark.parametrize(
    ("notice", "layoff", "expected"),
    [
        ("2020-02-01", "2020-03-02", "eligible"),  # 30 days over 29 February
        ("2020-02-01", "2020-03-01", "ineligible"),
        ("2021-01-31", "2021-03-02", "eligible"),
        ("2021-01-31", "2021-02-28", "ineligible"),  # a calendar month, but 28 days
        ("2020-01-01", "2020-12-31", "eligible"),
        ("2020-12-05", "2020-12-05", "ineligible"),
        ("2020-12-06", "2020-12-05", "ineligible"),
    ],
)
def test_thirty_days_lie_between_notice_and_layoff(notice: str, layoff: str, expected: str):
    assert verdict("layoff_notice", {"notice_given_on": notice, "layoff_planned_on": layoff}) == expected


@pytest.mark.parametrize("unknown", ["notice_given_on", "layoff_planned_on"])
def test_each_unknown_day_is_named(unknown: str):
    facts = {"notice_given_on": "2020-10-01", "layoff_planned_on": "2020-12-01", unknown: None}
    found = answer("layoff_notice", facts)
    assert (found.verdict, found.missing) == ("undetermined", [unknown])


def test_all_four_duties_count_and_one_fen_is_too_much():
    each_condition_counts(
        "layoff_duties",
        DUTIES,
        {
            "placement_plan": False,
            "severance_paid": False,
            "wage_arrears": "0.01",
            "insurance_arrears": "99999999.99",
        },
    )
