"""Expressions: what Python would misread is an error that says what to write, units are checked, sums are exact.

Each formula is computed by all three engines, which must agree.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from three_engines import VALUES, Farm, answer, answers, asking, built, follows, paying

from wenjiuye.rules import (
    DECISION,
    HALF_UP,
    DeclarationError,
    ExpressionError,
    Grant,
    Number,
    Rounding,
    Values,
    age,
    all_of,
    any_of,
    at_least,
    choose,
    constant,
    days_between,
    largest,
    months_begun,
    months_between,
    negate,
    smallest,
    split,
    total,
    waterfall,
)

farm = Farm()
v = Values(VALUES)
MAYBE = (True, False, None)
AUTUMN, LAST_DAY, NEW_YEAR = dt.date(2020, 9, 1), dt.date(2020, 12, 31), dt.date(2021, 1, 1)


def known(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def refused(write: Callable[[], object], *words: str) -> None:
    """The mistake is an ExpressionError that names this file, the line of the mistake and the fix."""
    with pytest.raises(ExpressionError) as problem:
        write()
    line = inspect.getsourcelines(write)[1]
    told = str(problem.value)
    where, _, _ = told.partition(": ")
    file, _, number = where.partition(":")
    assert file == "test_expressions.py", told
    assert line <= int(number) <= line + 6, told
    for word in words:
        assert word in told


# ── Python's own words


def test_and_or_not_if_and_chains_say_what_to_write_instead() -> None:
    mistakes: list[Callable[[], object]] = [
        lambda: farm.organic and farm.hilly,
        lambda: farm.organic or farm.hilly,
        lambda: not farm.organic,
        lambda: 1 if farm.staff > 1 else 0,
        lambda: v.term < farm.months < v.term,
        lambda: DECISION <= farm.planted_on <= DECISION,
        lambda: bool(farm.rent),
    ]
    for mistake in mistakes:
        refused(mistake, "all_of(a, b)", "any_of(a, b)", "negate(a)", "all_of(a <= b, b <= c)")


def test_in_is_an_error_that_points_to_the_line() -> None:
    refused(lambda: farm.region in ("north", "south"), "in")
    refused(lambda: "north" in farm.region, "in")
    refused(lambda: list(farm.rent), "looped")


def test_a_float_is_refused_with_the_exact_way_to_write_it() -> None:
    for mistake in (
        lambda: farm.rent * 0.055,
        lambda: farm.rent >= 1.5,
        lambda: smallest(farm.rent, 0.1),
        lambda: farm.ripe == 0.5,
        lambda: choose((farm.organic, 0.5), otherwise=0),
    ):
        refused(mistake, "Fraction(1, 2)", "values.toml")


def test_floor_division_is_refused_in_favour_of_a_stated_rounding() -> None:
    refused(lambda: farm.rent // 3, ".rounded(Rounding(")


def test_a_yes_no_is_no_number() -> None:
    refused(lambda: farm.staff + True, "number")
    refused(lambda: farm.staff >= farm.organic, "a condition where a number is wanted")


def test_a_choice_is_compared_with_names_of_its_members() -> None:
    refused(lambda: farm.region == "east", "'east' is no member", "north, south, west")
    refused(lambda: farm.region.is_in("north", "up"), "'up'")
    refused(lambda: farm.region == 3, "name of a member")
    refused(lambda: farm.region != farm.region, "name of a member")


def test_a_number_or_a_word_is_no_condition() -> None:
    refused(lambda: all_of(farm.organic, 1), "is not a condition")
    refused(lambda: any_of("organic"), "is not a condition")
    refused(lambda: negate(farm.staff), "is not a condition")
    refused(lambda: choose((1, farm.rent), otherwise=farm.rent), "is not a condition")


def test_a_condition_compared_with_true_is_refused_because_it_would_always_be_false() -> None:
    """`farm.organic == True` is Python's False, so that the whole rule would never hold."""
    refused(lambda: all_of(farm.organic == True, farm.hilly), "yes/no")  # noqa: E712
    refused(lambda: any_of(farm.organic != farm.hilly, farm.hilly), "yes/no")


def test_logic_of_nothing_and_counts_out_of_reach_are_refused() -> None:
    refused(lambda: all_of(), "of nothing")
    refused(lambda: any_of(), "of nothing")
    refused(lambda: at_least(3, farm.organic, farm.hilly), "at_least(3) of 2")
    refused(lambda: at_least(0, farm.organic), "at_least(0)")
    refused(lambda: smallest(farm.rent), "fewer than two")
    refused(lambda: choose(otherwise=farm.rent), "without a branch")
    refused(lambda: waterfall(farm.rent), "over nothing")


def test_an_expression_cannot_be_changed() -> None:
    refused(lambda: setattr(farm.rent, "unit", "people"), "cannot be changed")


def test_an_unknown_fact_names_the_nearest_ones() -> None:
    with pytest.raises(
        DeclarationError, match=r"test_expressions\.py:\d+: farm has no fact .*did you mean region"
    ):
        _ = farm.regoin


# ── Units


def test_sums_and_comparisons_of_different_units_are_refused() -> None:
    for mistake in (
        lambda: farm.rent + farm.staff,
        lambda: farm.rent - farm.months,
        lambda: farm.months >= farm.staff,
        lambda: farm.months == v.crew,
        lambda: farm.staff < farm.rent,
        lambda: smallest(farm.months, farm.staff),
        lambda: largest(farm.rent, farm.staff),
        lambda: farm.rent.at_most(farm.staff),
        lambda: farm.months.clip(0, farm.staff),
        lambda: choose((farm.organic, farm.rent), otherwise=farm.staff),
        lambda: farm.bonus.or_else(farm.staff),
        lambda: total(farm.rent, farm.cost, farm.staff),
    ):
        refused(mistake, "different units")


def test_every_branch_and_every_candidate_is_checked_for_its_unit() -> None:
    """Not only the first two."""
    refused(lambda: smallest(farm.rent, farm.cost, farm.staff), "different units")
    refused(lambda: largest(0, farm.rent, farm.staff), "different units")
    refused(
        lambda: choose((farm.organic, farm.rent), (farm.hilly, farm.cost), otherwise=farm.staff),
        "different units",
    )


def test_money_times_money_and_a_count_over_money_have_no_meaning() -> None:
    refused(lambda: farm.rent * farm.cost, "money × money")
    refused(lambda: farm.staff / farm.rent, "÷ money")
    refused(lambda: 1 / farm.rent, "÷ money")


def test_dates_and_numbers_do_not_mix() -> None:
    refused(lambda: farm.planted_on >= 2020, "a number where a date is wanted")
    refused(lambda: farm.planted_on < farm.months, "a number where a date is wanted")
    refused(lambda: farm.months > farm.planted_on, "a date where a number is wanted")
    refused(lambda: farm.months == dt.date(2020, 1, 1), "a date where a number is wanted")
    refused(lambda: farm.planted_on == "2020-01-01", "where a date is wanted")
    refused(lambda: farm.planted_on <= dt.datetime(2020, 1, 1), "where a date is wanted")
    refused(lambda: months_between(farm.planted_on, farm.months), "where a date is wanted")
    refused(lambda: age(farm.staff, DECISION), "where a date is wanted")


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        (farm.rent * farm.staff, "fen"),
        (v.per_head * farm.staff, "fen"),
        (farm.rent * farm.ripe, "fen"),
        (farm.rent / farm.staff, "fen"),
        (farm.rent / farm.cost, "share"),
        (farm.staff / v.crew, "share"),
        (farm.staff * farm.ripe, "people"),
        (farm.ripe * farm.lost, "share"),
        (farm.months / farm.staff, "months/people"),
        (farm.months / farm.staff * farm.staff, "months"),
        (farm.staff + 1, "people"),
        (1 - farm.ripe, "share"),
        (2 * farm.months, "months"),
        (farm.planted_on.year, "year"),
        (months_between(farm.planted_on, DECISION), "months"),
        (months_begun(farm.planted_on, DECISION), "months"),
        (days_between(farm.planted_on, DECISION), "days"),
        (age(farm.planted_on, DECISION), "years"),
        (farm.pickers.sum(lambda p: p.pay), "fen"),
        (farm.pickers.max(lambda p: p.hours), "months"),
        (farm.rent.rounded(), "fen"),
        (smallest(0, farm.rent), "fen"),
        (choose((farm.organic, 0), otherwise=farm.rent), "fen"),
    ],
)
def test_a_unit_follows_from_its_parts(expression: Number, unit: str) -> None:
    assert expression.unit == unit


def test_a_key_or_a_date_belongs_to_a_value_that_has_one() -> None:
    refused(lambda: farm.rent.by(farm.region), "belongs to a dated value")
    refused(lambda: farm.rent.on(DECISION), "belongs to a dated value")
    refused(lambda: farm.rent.covers(farm.region), "belongs to a dated value")
    refused(lambda: v.prize.by(farm.region), "takes no")
    refused(lambda: v.wage.by(farm.region).by(farm.region), "takes no")


def test_covers_is_asked_only_of_a_value_that_has_keys() -> None:
    """Of any other value the answer would always be no."""
    refused(lambda: v.prize.covers(farm.region), "key")


def test_a_value_takes_one_date() -> None:
    """With two of them the engines would each take another one."""
    refused(lambda: v.prize.on(farm.planted_on).on(farm.picked_on), "date")


def test_a_condition_on_rows_reads_the_row_alone() -> None:
    refused(lambda: farm.pickers.count(where=lambda p: p.pay >= farm.rent), "of the row alone")
    refused(lambda: farm.plots.any(lambda plot: all_of(plot.sunny, farm.organic)), "of the row alone")
    with pytest.raises(DeclarationError, match="a record has no field 'shady'; fields: area, lease, sunny"):
        farm.plots.any(lambda plot: plot.shady)


def test_a_condition_on_rows_cannot_gather_the_rows_of_its_owner() -> None:
    """The sheds are the farm's, not the picker's: they would be unknown for ever."""
    refused(
        lambda: farm.pickers.any(lambda p: all_of(p.keen, farm.sheds.any(lambda s: s.dry))),
        "of the row alone",
    )


# ── Exact arithmetic, the same in all three engines


@pytest.mark.parametrize(
    ("formula", "facts", "fen"),
    [
        (lambda f, _: f.rent + f.cost - f.tax, {"rent": 1, "cost": 2**53, "tax": 2}, 2**53 - 1),
        (lambda f, v: f.rent * v.third * 3, {"rent": 100}, 100),
        (lambda f, v: f.rent * v.third, {"rent": 100}, 33),
        (lambda f, v: f.rent * v.third, {"rent": 200}, 67),
        (lambda f, _: f.rent / 8, {"rent": 4}, 1),
        (lambda f, _: f.rent / 8, {"rent": 3}, 0),
        (lambda f, _: f.rent / f.staff * f.staff, {"rent": 100, "staff": 7}, 100),
        (lambda f, _: f.rent * f.ripe, {"rent": 10**15, "ripe": Fraction(1, 3)}, 333_333_333_333_333),
        (
            lambda f, _: f.rent * (f.ripe + f.lost),
            {"rent": 6, "ripe": Fraction(1, 3), "lost": Fraction(1, 6)},
            3,
        ),
        (lambda f, _: f.rent * (1 - f.ripe), {"rent": 10, "ripe": Fraction(1, 10)}, 9),
        (
            lambda f, _: f.rent * f.ripe * f.lost,
            {"rent": 900, "ripe": Fraction(2, 3), "lost": Fraction(1, 6)},
            100,
        ),
        (lambda f, _: f.rent.rounded(Rounding("up", 100)), {"rent": 101}, 200),
        (lambda f, _: f.rent.rounded(Rounding("down", 100)), {"rent": 199}, 100),
        (lambda f, _: f.rent.rounded(Rounding("half_up", 100)), {"rent": 150}, 200),
        (lambda f, _: f.rent.rounded(Rounding("half_up", 100)), {"rent": 149}, 100),
        (lambda f, _: smallest(f.rent, f.cost, 5), {"rent": 9, "cost": 7}, 5),
        (lambda f, _: largest(f.rent, f.cost, 5), {"rent": 9, "cost": 7}, 9),
        (lambda f, _: f.rent.clip(10, 20), {"rent": 9}, 10),
        (lambda f, _: f.rent.clip(10, 20), {"rent": 21}, 20),
        (lambda f, _: (f.rent - f.cost).not_below(0), {"rent": 1, "cost": 2}, 0),
        (lambda f, _: total(f.rent, f.cost, f.tax), {"rent": 1, "cost": 2, "tax": 3}, 6),
        (lambda f, v: v.wage.by(f.region) * f.months, {"region": "south", "months": 3}, 6000),
        (
            lambda f, v: v.wage.by(f.region).on(f.picked_on),
            {"region": "north", "picked_on": dt.date(2021, 1, 1)},
            1100,
        ),
        (
            lambda f, v: v.wage.on(f.picked_on).by(f.region),
            {"region": "north", "picked_on": dt.date(2020, 12, 31)},
            1000,
        ),
        (lambda f, v: f.rent * v.grade_rate.by(f.grade), {"rent": 250, "grade": 2}, 5),
        (
            lambda f, v: v.prize * months_between(f.planted_on, DECISION) / 12,
            {"planted_on": dt.date(2020, 9, 1)},
            2500,
        ),
    ],
)
def test_arithmetic_is_exact_and_rounded_once_at_the_end(
    formula: Callable[[Any, Any], Number], facts: dict[str, Any], fen: int
) -> None:
    assert answer(paying(formula), **facts).amount == fen


def test_what_the_law_rounds_in_between_is_rounded_in_between() -> None:
    at_the_end = paying(lambda f, v: f.rent * v.third * 3)
    in_between = paying(lambda f, v: (f.rent * v.third).rounded() * 3)
    assert answer(at_the_end, rent=100).amount == 100
    assert answer(in_between, rent=100).amount == 99


def test_the_rounding_of_a_grant_is_the_one_that_it_states() -> None:
    policy = built(
        lambda f, v: Grant(when=all_of(True), amount=f.rent * v.third, rounding=Rounding("up", base=10))
    )
    assert answer(policy, rent=91).amount == 40
    assert answer(policy, rent=90).amount == 30


@pytest.mark.parametrize("numerator", [*range(-25, 26), 2**62 + 1, -(2**62) - 1])
@pytest.mark.parametrize("base", [1, 10])
def test_rounding_is_an_integer_nearest_in_its_direction(numerator: int, base: int) -> None:
    number = Fraction(numerator, 8)
    up, down, half = (Rounding(how, base).apply(number) for how in ("up", "down", "half_up"))
    assert {up % base, down % base, half % base} == {0}
    assert down <= number <= up < number + base
    assert number - Fraction(base, 2) < half <= number + Fraction(base, 2)


def test_an_unknown_part_makes_a_sum_unknown_and_nothing_else_zero() -> None:
    found = answer(paying(lambda f, _: f.rent + f.cost), rent=5)
    assert (found.amount, found.low, found.high) == (None, 5, None)
    least = answer(paying(lambda f, _: smallest(f.rent, f.cost)), rent=5)
    assert (least.amount, least.low, least.high) == (None, 0, 5)


# ── Kleene logic


def test_and_or_not_follow_kleene_in_all_engines() -> None:
    facts = [known(organic=a, hilly=b) for a in MAYBE for b in MAYBE]
    both = answers(asking(lambda f, _: all_of(f.organic, f.hilly)), facts)
    either = answers(asking(lambda f, _: any_of(f.organic, f.hilly)), facts)
    neither = answers(asking(lambda f, _: negate(any_of(f.organic, f.hilly))), facts)
    worth = {True: 2, None: 1, False: 0}
    for record, a, o, n in zip(facts, both, either, neither, strict=True):
        values = [worth[record.get("organic")], worth[record.get("hilly")]]
        assert worth[a.truths[0]] == min(values)
        assert worth[o.truths[0]] == max(values)
        assert worth[n.truths[0]] == 2 - max(values)


def test_at_least_is_settled_as_soon_as_the_unknown_ones_cannot_change_it() -> None:
    policy = asking(lambda f, _: at_least(2, f.organic, f.hilly, f.insured))
    for a in MAYBE:
        for b in MAYBE:
            for c in MAYBE:
                true, unknown = (a, b, c).count(True), (a, b, c).count(None)
                wanted = True if true >= 2 else None if true + unknown >= 2 else False
                assert answer(policy, **known(organic=a, hilly=b, insured=c)).truths[0] is wanted


def test_a_choice_in_a_list_is_unknown_only_while_the_choice_is() -> None:
    policy = asking(lambda f, _: all_of(f.region.is_in("north", "west"), f.region != "west"))
    assert [str(d.verdict) for d in answers(policy, [{"region": r} for r in ("north", "south", "west")])] == [
        "eligible",
        "ineligible",
        "ineligible",
    ]
    assert answer(policy).verdict == "undetermined"


def test_a_default_stands_for_a_yes_no_that_is_not_given() -> None:
    policy = asking(lambda f, _: negate(f.blacklisted))
    assert answer(policy).verdict == "eligible"
    assert answer(policy, blacklisted=True).verdict == "ineligible"


def test_or_else_says_what_absence_means_and_a_given_zero_stays_zero() -> None:
    policy = paying(lambda f, _: f.bonus.or_else(f.rent))
    assert answer(policy, bonus=0, rent=7).amount == 0
    assert answer(policy, rent=7).amount == 7
    open_end = answer(policy)
    assert (open_end.amount, open_end.low, open_end.high) == (None, 0, None)


# ── choose


def test_choose_takes_the_first_branch_that_holds() -> None:
    policy = paying(lambda f, _: choose((f.organic, f.rent), (f.hilly, f.cost), otherwise=f.tax))
    sums = {"rent": 1, "cost": 2, "tax": 3}
    assert answer(policy, organic=True, hilly=True, **sums).amount == 1
    assert answer(policy, organic=False, hilly=True, **sums).amount == 2
    assert answer(policy, organic=False, hilly=False, **sums).amount == 3


def test_choose_reads_only_the_branch_taken() -> None:
    policy = paying(lambda f, _: choose((f.organic, f.rent), (f.hilly, f.cost), otherwise=f.tax))
    assert answer(policy, organic=True, rent=1).amount == 1
    assert answer(policy, organic=False, hilly=False, tax=3).amount == 3


def test_choose_is_unknown_while_its_deciding_condition_is_even_where_a_later_one_holds() -> None:
    """An unknown condition must not fall into the next branch."""
    policy = paying(lambda f, _: choose((f.organic, f.rent), (f.hilly, f.cost), otherwise=f.tax))
    found = answer(policy, hilly=True, rent=10, cost=20, tax=99)
    assert (found.amount, found.low, found.high) == (None, 10, 20)


def test_choose_without_otherwise_has_no_answer_where_nothing_holds() -> None:
    policy = paying(lambda f, _: choose((f.organic, f.rent), otherwise=None))
    assert answer(policy, organic=False, rent=1).amount is None
    assert answer(policy, organic=True, rent=1).amount == 1


def test_choose_over_dates_picks_a_date() -> None:
    policy = asking(
        lambda f, _: choose((f.organic, f.planted_on), otherwise=f.picked_on) <= dt.date(2020, 6, 1)
    )
    early, late = dt.date(2020, 1, 1), dt.date(2020, 7, 1)
    assert answer(policy, organic=True, planted_on=early).verdict == "eligible"
    assert answer(policy, organic=False, planted_on=early, picked_on=late).verdict == "ineligible"
    assert answer(policy, planted_on=early, picked_on=late).verdict == "undetermined"


def test_a_choice_that_is_derived_by_branches_is_settled_branch_by_branch() -> None:
    """Whether it is north or west may be open while it is certainly not south."""
    policy = asking(
        lambda f, _: f.region.is_in("north", "west"),
        derivations=[
            follows(
                Farm.region,
                Farm,
                lambda f, _: choose(
                    (f.staff >= 50, constant("south", Farm.region)),
                    (f.organic, constant("north", Farm.region)),
                    otherwise=constant("west", Farm.region),
                ),
            )
        ],
    )
    assert answer(policy, staff=10).verdict == "eligible"
    assert answer(policy, staff=50).verdict == "ineligible"
    assert answer(policy).verdict == "undetermined"
    assert answer(policy, region="south", staff=10).verdict == "ineligible"


# ── Sums in parts


def spread(limit: int | None, *dues: int | None) -> Any:
    def rule(f: Any, v: Values) -> Grant:
        amount, parts = waterfall(f.rent * v.third, ("tax", f.tax), ("fee", f.fee), ("cost", f.cost))
        return Grant(when=all_of(True), amount=amount, parts=parts)

    return answer(built(rule), **known(rent=limit, tax=dues[0], fee=dues[1], cost=dues[2]))


def test_a_waterfall_uses_up_its_limit_in_order() -> None:
    found = spread(300, 40, 50, 60)
    assert (found.amount, found.parts) == (100, {"tax": 40, "fee": 50, "cost": 10})
    found = spread(300, 100, 50, 60)
    assert found.parts == {"tax": 100, "fee": 0, "cost": 0}
    found = spread(3000, 1, 2, 3)
    assert (found.amount, found.parts) == (6, {"tax": 1, "fee": 2, "cost": 3})


@pytest.mark.parametrize("limit", [0, 1, 2, 100, 101, 299, 100_000_000_000_001])
def test_the_parts_of_a_waterfall_add_up_also_where_the_limit_has_a_fraction_of_a_fen(limit: int) -> None:
    for dues in ((0, 0, 0), (33, 33, 33), (7, 0, 10**15), (10**15, 1, 1)):
        found = spread(limit, *dues)
        assert sum(found.parts.values()) == found.amount
        assert found.amount == min(HALF_UP.apply(Fraction(limit, 3)), sum(dues))


def test_a_part_of_a_waterfall_is_known_as_soon_as_those_before_it_are() -> None:
    found = spread(300, 40, None, 60)
    assert found.parts == {"tax": 40, "fee": None, "cost": None}
    assert (found.amount, found.low, found.high) == (None, 100, 100)
    found = spread(300, 40, None, None)
    assert (found.low, found.high) == (40, 100)


def test_what_comes_after_a_used_up_limit_need_not_be_known() -> None:
    found = spread(300, 100, None, None)
    assert found.parts["tax"] == 100
    assert (found.low, found.high) == (100, 100)


@pytest.mark.parametrize("fen", [0, 1, 2, 3, 5, 101, 16_777_217, 2**53 + 1, 10**16])
def test_the_two_parts_of_a_split_add_up_to_the_fen(fen: int) -> None:
    def rule(f: Any, _: Values) -> Grant:
        amount = f.rent * f.ripe
        return Grant(when=all_of(True), amount=amount.rounded(), parts=split(amount, f.lost, "first", "rest"))

    policy = built(rule)
    for share in (Fraction(0), Fraction(4, 5), Fraction(1, 3), Fraction(1)):
        found = answer(policy, rent=fen, ripe=Fraction(2, 3), lost=share)
        assert found.amount == HALF_UP.apply(Fraction(2, 3) * fen)
        assert found.parts["first"] + found.parts["rest"] == found.amount
        assert found.parts["first"] == HALF_UP.apply(found.amount * share)


@pytest.mark.parametrize("rent", [1, 100, 101, 200])
def test_parts_that_are_fractions_of_a_fen_are_refused_or_add_up_all_the_same(rent: int) -> None:
    def rule(f: Any, v: Values) -> Grant:
        parts = dict.fromkeys(("one", "two", "three"), f.rent * v.third)
        return Grant(when=all_of(True), amount=f.rent, parts=parts)

    try:
        policy = built(rule)
    except DeclarationError:
        return
    found = answer(policy, rent=rent)
    assert sum(found.parts.values()) == found.amount
