"""Article 9, at its boundaries, with what is unknown, to the fen. All sums are worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from decided_measures import decided

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.evaluation import Evaluation

# ── a09.04 and a09.05


def test_a_quality_project_or_a_recommendation_spares_the_counter_guarantee() -> None:
    assert decided("counter_guarantee_waiver", quality_project=True).verdict == "eligible"
    recommended = {"recommended_by_credit_village_park_or_base": True}
    assert decided("counter_guarantee_waiver", **recommended).verdict == "eligible"
    assert decided("counter_guarantee_waiver", quality_project=False).verdict == "undetermined"


@pytest.mark.parametrize(
    ("staff", "hires", "verdict"),
    [
        (20, 3, "eligible"),
        (100, 15, "eligible"),
        (100, 14, "ineligible"),
        (101, 9, "eligible"),
        (101, 8, "ineligible"),
        (125, 10, "eligible"),
        (1_000_000, 80_000, "eligible"),
        (1_000_000, 79_999, "ineligible"),
        (10, None, "undetermined"),
        (None, 10, "undetermined"),
    ],
)
def test_the_share_of_new_hires_is_compared_exactly_by_size_of_the_staff(
    staff: int | None, hires: int | None, verdict: str
) -> None:
    facts = {"size": "micro", "staff": staff, "eligible_new_hires_this_year": hires}
    assert decided("small_firm_loan_access", **facts).verdict == verdict


def test_without_staff_there_is_no_share_and_the_answer_says_so() -> None:
    facts = {"staff": 0, "eligible_new_hires_this_year": 0}
    got = decided("small_firm_loan_access", **facts, size="small")
    assert (got.verdict, got.missing, got.no_ratio) == ("undetermined", (), True)
    assert decided("small_firm_loan_access", **facts, size="medium").verdict == "ineligible"


# ── a09.06 and a09.07


@pytest.mark.parametrize(
    ("loan", "subsidised", "verdict"),
    [
        ("500000", "200000", "eligible"),
        ("500000.01", "0", "ineligible"),
        ("500000", "200000.01", "ineligible"),
        ("100000", "100000", "eligible"),
        ("100000", "100000.01", "ineligible"),
        ("0", "0", "eligible"),
        ("600000", None, "ineligible"),
        ("400000", None, "undetermined"),
        (None, "200001", "ineligible"),
    ],
)
def test_one_persons_loan_and_its_subsidised_part_inside(
    loan: str | None, subsidised: str | None, verdict: str
) -> None:
    facts = {"borrower_eligible": True, "loan_amount": loan, "subsidised_amount": subsidised}
    got = decided("personal_startup_loan", **facts)
    assert got.verdict == verdict
    if verdict == "eligible" and loan is not None:
        assert got.amount == f"{loan}.00"


def partners(*loans: tuple[str, bool]) -> list[dict[str, object]]:
    return [{"amount": amount, "subsidised": subsidised} for amount, subsidised in loans]


@pytest.mark.parametrize(
    ("loans", "verdict"),
    [
        (partners(("500000", False), ("500000", False), ("500000", False)), "eligible"),
        (partners(("500000", False), ("500000", False), ("500000", False), ("0.01", True)), "ineligible"),
        (partners(("200000", True), ("200000", True)), "eligible"),
        (partners(("200000.01", True)), "ineligible"),
        (partners(("200000.01", False)), "eligible"),
        (partners(("500000.01", False)), "ineligible"),
        (partners(*[("100000", True)] * 15), "eligible"),
        (partners(*[("100000", True)] * 16), "ineligible"),
    ],
)
def test_partners_loans_are_tested_one_by_one_and_together(
    loans: list[dict[str, object]], verdict: str
) -> None:
    got = decided("partnership_startup_loan", partnership=True, borrower_eligible=True, partner_loans=loans)
    assert got.verdict == verdict


def test_a_loan_over_its_limit_settles_it_though_the_borrower_is_unknown() -> None:
    loans = partners(("500000.01", False))
    assert decided("partnership_startup_loan", partner_loans=loans).verdict == "ineligible"


# ── a09.08 and a09.09

EXTENDED: dict[str, Any] = {
    "epidemic_affected_borrower": True,
    "repayment_difficulty": True,
    "extension_requested": True,
    "extension_months": 12,
}
SUBSIDISED: dict[str, Any] = {
    **EXTENDED,
    "subsidised_loan": True,
    "subsidised_amount": "150000",
    "loan_interest_rate": "0.0535",
}


@pytest.mark.parametrize(
    ("months", "exception", "verdict"),
    [
        (12, None, "eligible"),
        (12, False, "eligible"),
        (13, None, "undetermined"),
        (13, False, "ineligible"),
        (36, True, "eligible"),
        (None, False, "undetermined"),
        (None, True, "eligible"),
    ],
)
def test_more_than_a_year_takes_an_exception(
    months: int | None, exception: bool | None, verdict: str
) -> None:
    facts = {**SUBSIDISED, "extension_months": months, "exception_approved": exception}
    assert decided("loan_extension", **facts).verdict == verdict
    assert decided("extension_interest_subsidy", **facts).verdict == verdict


@pytest.mark.parametrize(
    "fact", ["epidemic_affected_borrower", "repayment_difficulty", "extension_requested"]
)
def test_cause_difficulty_and_request_are_all_needed(fact: str) -> None:
    assert decided("loan_extension", **{**EXTENDED, fact: False}).verdict == "ineligible"
    got = decided("extension_interest_subsidy", **{**SUBSIDISED, fact: None})
    assert (got.verdict, got.missing) == ("undetermined", (fact,))


@pytest.mark.parametrize(
    ("share", "months", "amount"),
    [
        # 150,000 × 5.35 % = 8,025 a year
        ("1", 12, "8025.00"),
        ("1", 7, "4681.25"),
        ("2/3", 12, "5350.00"),
        # 8,025 / 3 / 12 × 5 = 1,114.583…
        ("1/3", 5, "1114.58"),
        ("1", 0, "0.00"),
    ],
)
def test_interest_of_the_extension_times_the_public_share(share: str, months: int, amount: str) -> None:
    facts = {**SUBSIDISED, "extension_months": months}
    values = {"interest_subsidy_share": share}
    assert decided("extension_interest_subsidy", values=values, **facts).amount == amount


def test_the_public_share_is_local_and_named_while_it_is_unset() -> None:
    got = decided("extension_interest_subsidy", **SUBSIDISED)
    assert (got.verdict, got.amount) == ("eligible", None)
    assert got.missing_values == ("interest_subsidy_share",)


def test_an_exception_of_unknown_length_leaves_the_interest_open() -> None:
    facts = {**SUBSIDISED, "extension_months": None, "exception_approved": True}
    got = decided("extension_interest_subsidy", values={"interest_subsidy_share": 1}, **facts)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("extension_months",))


# ── a09.10


@pytest.mark.parametrize(
    ("due", "recovered", "verdict"),
    [
        ("300000", "270000", "eligible"),
        ("300000", "269999.99", "ineligible"),
        ("0.10", "0.09", "eligible"),
        ("1000000000000.00", "899999999999.99", "ineligible"),
        ("100", None, "undetermined"),
    ],
)
def test_nine_tenths_recovered_allow_the_larger_multiple(
    due: str, recovered: str | None, verdict: str
) -> None:
    facts = {"due_last_year": due, "recovered_last_year": recovered, "fund_deposit_balance": "20000000.01"}
    got = decided("fund_multiplier", **facts)
    assert got.verdict == verdict
    if verdict == "eligible":
        assert got.amount == "200000000.10"


def test_where_nothing_was_due_there_is_no_rate_and_the_answer_says_so() -> None:
    got = decided("fund_multiplier", due_last_year=0, recovered_last_year=0, fund_deposit_balance=1)
    assert (got.verdict, got.missing, got.no_ratio) == ("undetermined", (), True)


def test_an_unknown_deposit_leaves_the_verdict() -> None:
    got = decided("fund_multiplier", due_last_year=10, recovered_last_year=9)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("fund_deposit_balance",))


# ── a09.11 to a09.13


@pytest.mark.parametrize(
    ("lost", "fund", "lender"),
    [("100000", 8000000, 2000000), ("0.01", 1, 0), ("0.03", 2, 1), ("33333.33", 2666666, 666667)],
)
def test_the_lender_bears_what_the_fund_does_not(lost: str, fund: int, lender: int) -> None:
    got = decided(
        "force_majeure_loss_share", individual_loan=True, force_majeure=True, unrecovered_amount=lost
    )
    assert got.amount == f"{fund // 100}.{fund % 100:02d}"
    assert got.parts == {}
    measure = policy().measure("force_majeure_loss_share")
    fen = fund + lender
    look = Evaluation(policy(), {"unrecovered_amount": fen}, dt.date(2020, 12, 1))
    assert [look.value(shown) for shown in measure.shows] == [lender]


def test_a_firms_loan_settles_it_though_the_cause_is_unknown() -> None:
    assert decided("force_majeure_loss_share", individual_loan=False).verdict == "ineligible"


@pytest.mark.parametrize(
    ("loans", "award", "operator", "lender"),
    [
        ("123456700", "1234567.00", "987653.60", "246913.40"),
        # 1 % is 1.2345: 1.23, of it 0.984
        ("123.45", "1.23", "0.98", "0.25"),
        # half a fen is a fen, and the operator has it
        ("0.50", "0.01", "0.01", "0.00"),
        ("0.49", "0.00", "0.00", "0.00"),
        ("99999999999999.99", "1000000000000.00", "800000000000.00", "200000000000.00"),
    ],
)
def test_the_award_is_divided_after_rounding_and_adds_up(
    loans: str, award: str, operator: str, lender: str
) -> None:
    got = decided("loan_performance_award", outstanding_performance=True, new_loans_this_year=loans)
    assert (got.amount, got.parts) == (award, {"operator": operator, "lender": lender})


def test_an_award_on_unknown_loans_has_neither_sum_nor_parts() -> None:
    got = decided("loan_performance_award", outstanding_performance=True)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("new_loans_this_year",))
    assert got.parts == {"operator": None, "lender": None}
