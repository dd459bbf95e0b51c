"""Article 2, at its boundaries, with what is unknown, to the fen. All sums are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from decided_measures import decided

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules import FactError

KEEPS: dict[str, Any] = {"unemployment_insured": True, "layoff_rate": "0.01", "insured_staff": 80}
DIFFICULTY: dict[str, Any] = {"temporary_difficulty": True, "recovery_promising": True}
REFUND: dict[str, Any] = {**KEEPS, **DIFFICULTY, "unemployment_premiums_last_year": "100000"}
HIT: dict[str, Any] = {**KEEPS, "epidemic_affected": True}

# Each measure with facts that make it eligible
OPEN_TO_YEAR_END: dict[str, dict[str, Any]] = {
    "stability_refund": REFUND,
    "hardship_training_subsidy": {**KEEPS, **DIFFICULTY, "staff_trained_on_the_job": 1},
    "stability_refund_sme": {**REFUND, "size": "small"},
    "stability_refund_epidemic_benefit": {**HIT, "county": "weidu"},
    "stability_refund_epidemic_contributions": {**HIT, "social_insurance_due_per_month": "45000"},
}

# ── a02.01 to a02.05


@pytest.mark.parametrize("measure", OPEN_TO_YEAR_END)
def test_decisions_are_possible_up_to_the_last_day_of_2020(measure: str) -> None:
    facts = OPEN_TO_YEAR_END[measure]
    assert decided(measure, "2020-12-31", **facts).verdict == "eligible"
    assert decided(measure, "2021-01-01", **facts).verdict == "ineligible"


@pytest.mark.parametrize("measure", OPEN_TO_YEAR_END)
def test_the_text_gives_no_first_day(measure: str) -> None:
    assert decided(measure, "2020-01-02", **OPEN_TO_YEAR_END[measure]).verdict == "eligible"


@pytest.mark.parametrize("measure", OPEN_TO_YEAR_END)
@pytest.mark.parametrize(
    ("rate", "staff", "verdict"),
    [
        ("0", 500, "eligible"),
        ("0.055", 31, "eligible"),
        ("0.055000001", 31, "ineligible"),
        ("0.055000001", 30, "eligible"),
        ("0.2", 30, "eligible"),
        ("0.2", 31, "ineligible"),
        ("0.200000001", 30, "ineligible"),
        ("0.200000001", None, "ineligible"),
        ("0.055", None, "eligible"),
        ("0.1", None, "undetermined"),
        (None, 80, "undetermined"),
    ],
)
def test_few_layoffs_by_rate_and_staff(
    measure: str, rate: str | None, staff: int | None, verdict: str
) -> None:
    facts = {**OPEN_TO_YEAR_END[measure], "layoff_rate": rate, "insured_staff": staff}
    assert decided(measure, **facts).verdict == verdict


@pytest.mark.parametrize("measure", OPEN_TO_YEAR_END)
def test_zombie_and_dishonest_firms_are_out_and_silence_means_that_a_firm_is_none(measure: str) -> None:
    facts = OPEN_TO_YEAR_END[measure]
    assert decided(measure, **facts, zombie_or_dishonest=True).verdict == "ineligible"
    assert decided(measure, **facts, zombie_or_dishonest=False).verdict == "eligible"


@pytest.mark.parametrize("measure", OPEN_TO_YEAR_END)
def test_the_firm_must_be_insured(measure: str) -> None:
    facts = OPEN_TO_YEAR_END[measure]
    assert decided(measure, **{**facts, "unemployment_insured": False}).verdict == "ineligible"
    got = decided(measure, **{**facts, "unemployment_insured": None})
    assert (got.verdict, got.missing) == ("undetermined", ("unemployment_insured",))


def test_half_of_the_premiums_rounded_half_up() -> None:
    facts = {**REFUND, "unemployment_premiums_last_year": "12345.67"}
    assert decided("stability_refund", **facts).amount == "6172.84"


def test_difficulty_and_recovery_bind_the_plain_refund_but_not_that_of_smaller_firms() -> None:
    for judgement in ("temporary_difficulty", "recovery_promising"):
        without = {**REFUND, "size": "medium", judgement: False}
        assert decided("stability_refund", **without).verdict == "ineligible"
        assert decided("stability_refund_sme", **without).amount == "100000.00"


def test_the_higher_refund_is_a_ceiling_and_needs_a_known_size() -> None:
    assert policy().measure("stability_refund_sme").ceiling
    got = decided("stability_refund_sme", **REFUND)
    assert got.verdict == "undetermined"
    assert "size" in got.missing
    assert decided("stability_refund_sme", **REFUND, size="large").verdict == "ineligible"


@pytest.mark.parametrize(
    ("months", "by_benefit", "by_contributions"),
    [
        (0, "0.00", "0.00"),
        (1, "121600.00", "45000.05"),
        (3, "364800.00", "135000.15"),
        (4, "486400.00", "135000.15"),
        (6, "729600.00", "135000.15"),
        (7, "729600.00", "135000.15"),
        (None, "729600.00", "135000.15"),
    ],
)
def test_months_of_refund_are_the_officers_up_to_the_most(
    months: int | None, by_benefit: str, by_contributions: str
) -> None:
    # Weidu in 2020: 1520 a month for 80 people
    facts = {**HIT, "county": "weidu", "social_insurance_due_per_month": "45000.05", "refund_months": months}
    assert decided("stability_refund_epidemic_benefit", **facts).amount == by_benefit
    assert decided("stability_refund_epidemic_contributions", **facts).amount == by_contributions


def test_the_benefit_is_that_of_the_firms_county() -> None:
    facts = {**HIT, "refund_months": 1, "insured_staff": 1}
    assert decided("stability_refund_epidemic_benefit", **facts, county="yanling").amount == "1360.00"
    changed = {"unemployment_benefit": {"yanling": "1400.50"}}
    got = decided("stability_refund_epidemic_benefit", values=changed, **facts, county="yanling")
    assert got.amount == "1400.50"
    kept = decided("stability_refund_epidemic_benefit", values=changed, **facts, county="changge")
    assert kept.amount == "1520.00"


def test_an_unknown_county_leaves_the_verdict_and_bounds_the_sum() -> None:
    got = decided("stability_refund_epidemic_benefit", **HIT, refund_months=1)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("county",))
    assert got.between == ("108800.00", "121600.00")


def test_the_cause_must_be_the_epidemic() -> None:
    for measure in ("stability_refund_epidemic_benefit", "stability_refund_epidemic_contributions"):
        facts = OPEN_TO_YEAR_END[measure]
        assert decided(measure, **{**facts, "epidemic_affected": False}).verdict == "ineligible"
        got = decided(measure, **{**facts, "epidemic_affected": None})
        assert (got.verdict, got.missing) == ("undetermined", ("epidemic_affected",))


def test_the_training_rate_is_local_and_one_person_trained_is_enough() -> None:
    trained = OPEN_TO_YEAR_END["hardship_training_subsidy"]
    got = decided("hardship_training_subsidy", **trained)
    assert (got.verdict, got.amount) == ("eligible", None)
    assert got.missing_values == ("hardship_training_per_person",)
    rate = {"hardship_training_per_person": "600.50"}
    assert decided("hardship_training_subsidy", values=rate, **trained).amount == "600.50"
    nobody = {**trained, "staff_trained_on_the_job": 0}
    assert decided("hardship_training_subsidy", values=rate, **nobody).verdict == "ineligible"


def test_the_four_refunds_stand_in_one_group() -> None:
    refunds = [m for m in policy().measures.values() if m.pays_for == "unemployment_premiums_refund"]
    assert len(refunds) == 4
    assert {m.groups for m in refunds} == {("stability_refund",)}


# ── a02.06 and a02.07


@pytest.mark.parametrize(
    ("month", "verdict"), [("2020-01", "eligible"), ("2021-04", "eligible"), ("2021-05", "ineligible")]
)
def test_the_lower_rates_end_with_the_month_of_april_2021(month: str, verdict: str) -> None:
    facts = {"contribution_month": month, "contribution_base": "1000", "injury_rate_class": 1}
    cut = decided("unemployment_rate_cut", "2022-03-01", insurance_kind="unemployment", **facts)
    assert cut.verdict == verdict
    assert cut.amount == ("10.00" if verdict == "eligible" else None)
    assert decided("injury_rate_cut", "2022-03-01", insurance_kind="work_injury", **facts).verdict == verdict


def test_rates_are_those_of_the_month_of_contribution() -> None:
    old = {"insurance_kind": "unemployment", "contribution_month": "2018-04", "contribution_base": "1000"}
    got = decided("unemployment_rate_cut", **old)
    assert (got.verdict, got.amount) == ("eligible", None)
    assert got.missing_values == ("unemployment_rate_phased",)


def test_a_cut_of_half_a_fen_is_a_fen() -> None:
    facts = {"insurance_kind": "unemployment", "contribution_month": "2020-12"}
    assert decided("unemployment_rate_cut", **facts, contribution_base="0.50").amount == "0.01"
    assert decided("unemployment_rate_cut", **facts, contribution_base="0.49").amount == "0.00"


@pytest.mark.parametrize(
    ("risk", "cut"),
    list(enumerate(("40.00", "80.00", "140.00", "180.00", "220.00", "260.00", "320.00", "380.00"), 1)),
)
def test_a_fifth_of_the_rate_of_each_risk_class_is_not_collected(risk: int, cut: str) -> None:
    facts = {"insurance_kind": "work_injury", "contribution_month": "2021-04", "contribution_base": "100000"}
    assert decided("injury_rate_cut", **facts, injury_rate_class=risk).amount == cut


def test_there_are_eight_risk_classes() -> None:
    with pytest.raises(FactError, match="from 1 to 8"):
        decided("injury_rate_cut", injury_rate_class=9)


def test_classes_that_a_reform_leaves_out_keep_their_rate() -> None:
    facts = {"insurance_kind": "work_injury", "contribution_month": "2020-12", "contribution_base": "100000"}
    half = {"injury_rate_by_class": {1: "0.003"}, "injury_rate_reduction": "0.5"}
    assert decided("injury_rate_cut", values=half, **facts, injury_rate_class=1).amount == "150.00"
    assert decided("injury_rate_cut", values=half, **facts, injury_rate_class=8).amount == "950.00"


def test_each_cut_is_for_its_own_insurance() -> None:
    facts = {"contribution_month": "2020-12", "contribution_base": "1000", "injury_rate_class": 1}
    assert decided("unemployment_rate_cut", insurance_kind="work_injury", **facts).verdict == "ineligible"
    assert decided("injury_rate_cut", insurance_kind="unemployment", **facts).verdict == "ineligible"


# ── a02.08 to a02.10


@pytest.mark.parametrize(
    ("month", "verdict"),
    [
        ("2020-01", "ineligible"),
        ("2020-02", "eligible"),
        ("2020-12", "eligible"),
        ("2021-01", "ineligible"),
        (None, "undetermined"),
    ],
)
def test_the_exemption_covers_february_to_december_2020(month: str | None, verdict: str) -> None:
    facts = {"size": "medium", "insurance_kind": "pension", "employer_part_due": "8000.01"}
    assert decided("three_insurances_exemption", **facts, contribution_month=month).verdict == verdict


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        ("pension", "eligible"),
        ("unemployment", "eligible"),
        ("work_injury", "eligible"),
        ("medical", "ineligible"),
        ("maternity", "ineligible"),
    ],
)
def test_three_insurances_are_waived_or_deferred(kind: str, verdict: str) -> None:
    facts = {"insurance_kind": kind, "contribution_month": "2020-06"}
    hard = {"epidemic_affected": True, "severe_difficulty": True}
    waived = decided("three_insurances_exemption", **facts, size="micro", employer_part_due="0.01")
    assert (waived.verdict, waived.amount) == (verdict, "0.01" if verdict == "eligible" else None)
    assert decided("three_insurances_deferral", **facts, **hard).verdict == verdict
    assert decided("late_fee_waiver", **facts, **hard, late_fee_due="3").verdict == verdict


def test_large_firms_are_not_exempt_but_may_defer() -> None:
    facts = {"insurance_kind": "pension", "contribution_month": "2020-06", "size": "large"}
    assert decided("three_insurances_exemption", **facts, employer_part_due="1").verdict == "ineligible"
    hard = {"epidemic_affected": True, "severe_difficulty": True}
    assert decided("three_insurances_deferral", **facts, **hard).verdict == "eligible"


@pytest.mark.parametrize(
    ("month", "verdict"), [("2019-12", "eligible"), ("2020-12", "eligible"), ("2021-01", "ineligible")]
)
def test_deferral_and_late_fee_go_by_the_month_of_contribution(month: str, verdict: str) -> None:
    facts = {"insurance_kind": "pension", "epidemic_affected": True, "severe_difficulty": True}
    assert decided("three_insurances_deferral", contribution_month=month, **facts).verdict == verdict
    fee = decided("late_fee_waiver", "2021-03-01", contribution_month=month, late_fee_due="0.10", **facts)
    assert (fee.verdict, fee.amount) == (verdict, "0.10" if verdict == "eligible" else None)


def test_a_late_fee_that_is_unknown_leaves_the_verdict() -> None:
    facts = {"insurance_kind": "pension", "epidemic_affected": True, "severe_difficulty": True}
    got = decided("late_fee_waiver", contribution_month="2020-12", **facts)
    assert (got.verdict, got.amount, got.missing) == ("eligible", None, ("late_fee_due",))


# ── a02.11 and a02.12

STRUGGLES: dict[str, Any] = {"epidemic_affected": True, "operating_difficulty": True}


def test_the_housing_fund_goes_by_the_day_of_application_not_of_the_decision() -> None:
    for on in ("2020-12-31", "2021-03-01"):
        in_time = decided("housing_fund_ratio_cut", on, **STRUGGLES, applied_on="2020-12-31")
        assert in_time.verdict == "eligible"
        late = decided("housing_fund_ratio_cut", on, **STRUGGLES, applied_on="2021-01-01")
        assert late.verdict == "ineligible"


@pytest.mark.parametrize(
    ("applied_on", "renewed", "months", "verdict"),
    [
        ("2020-12-31", False, 12, "eligible"),
        ("2020-12-31", None, 12, "eligible"),
        ("2020-12-31", True, 13, "ineligible"),
        ("2021-01-01", False, 12, "ineligible"),
        ("2021-01-01", None, 12, "undetermined"),
        ("2021-01-01", True, 12, "eligible"),
        (None, True, 1, "eligible"),
        (None, False, 1, "undetermined"),
        ("2020-12-31", False, None, "undetermined"),
    ],
)
def test_a_deferral_is_a_year_at_most_and_may_be_renewed_later(
    applied_on: str | None, renewed: bool | None, months: int | None, verdict: str
) -> None:
    facts = {"applied_on": applied_on, "renewed_application": renewed, "deferral_months": months}
    assert decided("housing_fund_deferral", "2021-06-01", **STRUGGLES, **facts).verdict == verdict


def test_ratio_and_deferral_exclude_each_other() -> None:
    group = next(g for g in policy().groups if g.id == "housing_fund")
    assert set(group.members) == {"housing_fund_ratio_cut", "housing_fund_deferral"}
    assert policy().measure("housing_fund_ratio_cut").pays_for == "housing_fund_period"
