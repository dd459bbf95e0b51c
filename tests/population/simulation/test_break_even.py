"""Which figure spends a sum: found exactly where there is one, and an honest answer where there is none."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from workshop_simulation import MANY, ON, city_parts, golden_parts

from wenjiuye.policy.vocabulary import Hire
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.population.simulation.break_even import BreakEven, Question, break_even
from wenjiuye.population.simulation.errors import SimulationError
from wenjiuye.population.simulation.simulate import Scenario, simulate
from wenjiuye.rules import Grant, Policy, Values, benefit, smallest
from wenjiuye.rules.errors import RulesError

AMOUNT = "hiring_subsidy_amount"


def ask(value: str, target: int, under: Policy | None = None, **more: object) -> BreakEven:
    """A question to the golden registry, sums in yuan."""
    question = Question(value, target * 100, ON, **more)  # type: ignore[arg-type]
    return break_even(golden_parts(), under or policy(), question)


@pytest.mark.parametrize("yuan", [1, 777, 1000, 1500, 123_456])
def test_the_amount_that_spends_the_target_on_two_hires_is_found_to_the_fen(yuan: int) -> None:
    # Two hires are entitled, by hand: tests/golden_registry/expected/totals.yaml.
    found = ask(AMOUNT, 2 * yuan)
    assert (found.answer, found.measures, found.now) == ("exact", ("hiring_subsidy",), 100_000)
    assert found.at is not None
    assert (found.at.figure, found.at.cost, found.at.unknown) == (yuan * 100, 200 * yuan, 2)


def test_the_neighbours_of_the_answer_are_told() -> None:
    found = ask(AMOUNT, 3000)
    assert found.below is not None
    assert found.above is not None
    assert (found.below.figure, found.below.cost) == (149_999, 299_998)
    assert (found.above.figure, found.above.cost) == (150_001, 300_002)


def test_where_no_amount_spends_exactly_the_target_both_neighbours_are_told() -> None:
    found = break_even(golden_parts(), policy(), Question(AMOUNT, 300_001, ON))
    assert (found.answer, found.at) == ("between", None)
    assert found.below is not None
    assert found.above is not None
    assert (found.below.figure, found.above.figure) == (150_000, 150_001)


def test_a_target_outside_the_range_is_said_to_be_outside() -> None:
    assert ask(AMOUNT, 3000, high=100_000).answer == "too_high"
    assert ask(AMOUNT, 3000, low=200_000, high=300_000).answer == "too_low"


def test_a_value_that_changes_nothing_is_said_to_change_nothing() -> None:
    # The one person who enlisted had the allowance before.
    assert ask("enlistment_amount", 5000).answer == "flat"


def test_a_condition_is_sought_in_whole_numbers_and_may_lower_the_cost() -> None:
    found = ask("hiring_contract_months", 2000)
    costs = [point.cost for point in found.points]
    assert costs == sorted(costs, reverse=True)
    assert all(isinstance(point.figure, int) for point in found.points)


def test_a_share_is_sought_in_steps() -> None:
    found = ask("graduate_flexible_share", 3000, step=Fraction(1, 100))
    assert all((Fraction(point.figure) * 100).denominator == 1 for point in found.points)
    assert found.below is not None
    assert found.above is not None
    assert Fraction(found.above.figure) - Fraction(found.below.figure) == Fraction(1, 100)


@benefit(
    clause="a01.06",
    zh="先增后减的补贴",
    en="a subsidy that rises and falls",
    fund=EMPLOYMENT_SUBSIDY,
    once_per=("person", "employer"),
)
def hiring_subsidy(hire: Hire, v: Values) -> Grant:
    """Up to the sum of start-ups the amount counts in full, above it what is left of twice that sum."""
    turn = v.returnee_startup_amount
    return Grant(
        when=hire.social_insurance_paid,
        amount=smallest(v.hiring_subsidy_amount, (turn + turn - v.hiring_subsidy_amount).not_below(0)),
    )


def test_a_cost_that_goes_up_and_down_has_no_answer_and_shows_what_was_tried() -> None:
    strange = policy().with_measures([hiring_subsidy])
    found = ask(AMOUNT, 30_000, strange, high=1_000_000)
    assert (found.answer, found.at) == ("not_monotone", None)
    assert len(found.points) >= 9
    # On its rising side alone there is an answer.
    assert ask(AMOUNT, 30_000, strange, high=500_000).answer in ("exact", "between")


@pytest.mark.parametrize("value", ["refund_insured_months", "hire_tax_contract_months"])
def test_a_value_that_facts_are_derived_with_is_tried_on_facts_derived_anew(value: str) -> None:
    found = ask(value, 10_000_000, high=24)
    for point in found.points[::4]:
        under = Scenario("tried", policy().with_values({value: point.figure}))
        whole = simulate(golden_parts(), policy(), [under], [ON]).cost
        mine = whole.filter(whole["measure"].is_in(list(found.measures)))
        assert int(mine["reform_due"].sum()) == point.cost


def test_a_city_in_many_parts_is_searched_like_one_in_one_part() -> None:
    question = Question("assistance_share", 5_000_00, ON)
    one = break_even(city_parts(4), policy(), question)
    many = break_even(city_parts(4, MANY), policy(), question)
    assert one == many
    assert len({point.cost for point in one.points}) > 3


def test_one_county_s_figure_can_be_sought() -> None:
    found = ask("unemployment_benefit", 5000, key="yuzhou")
    assert found.key == "yuzhou"
    assert found.now is not None
    assert len({point.cost for point in found.points}) > 1


@pytest.mark.parametrize(
    ("value", "more", "said"),
    [
        ("phased_rates_end", {}, "is a date"),
        (AMOUNT, {"key": "yuzhou"}, "has no key"),
        (AMOUNT, {"low": 5, "high": 5}, "cannot be searched"),
        (AMOUNT, {"step": Fraction(1, 2)}, "step"),
        ("tax_refund_days_most", {}, "reads"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(value: str, more: dict[str, object], said: str) -> None:
    with pytest.raises((SimulationError, RulesError), match=said):
        ask(value, 5, **more)


def test_a_day_on_which_nobody_is_entitled_is_flat() -> None:
    question = Question(AMOUNT, 100_000, dt.date(2030, 1, 1))
    assert break_even(golden_parts(), policy(), question).answer == "flat"
