"""What goes wrong silently in column arithmetic, each trap on a rule of one line: it must not go wrong here."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from random_facts import frame, tables_of
from three_engines import ON, Farm, Picker, answer, answers, asking, built, paying

from wenjiuye.rules import (
    DECISION,
    FactError,
    Grant,
    Rounding,
    Values,
    all_of,
    choose,
    largest,
    months_between,
    smallest,
    waterfall,
)
from wenjiuye.rules.batch import BatchResult, determine_batch
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import INT64_MAX

LARGE = (16_777_217, 2**53 + 1, 10**16)
"""Past float32, past float64, and the largest sum that a fact allows."""


def batch(policy: Policy, farms: list[dict[str, Any]], **more: Any) -> BatchResult:
    return determine_batch(policy, "farm", {"farm": frame(Farm, farms)}, ON, **more)


def told(policy: Policy, farms: list[dict[str, Any]]) -> list[Any]:
    return batch(policy, farms).frame["m.amount"].to_list()


# ── 64 bits


@pytest.mark.parametrize("fen", LARGE)
def test_a_sum_past_the_floats_keeps_its_last_fen(fen: int) -> None:
    assert answer(paying(lambda f, _: f.rent), rent=fen).amount == fen
    assert answer(paying(lambda f, _: f.rent - 1), rent=fen).amount == fen - 1
    assert answer(paying(lambda f, v: f.rent * v.rate), rent=fen).amount == (fen * 110 + 1000) // 2000
    assert answer(asking(lambda f, _: f.rent > f.cost), rent=fen, cost=fen - 1).verdict == "eligible"


@pytest.mark.parametrize("fen", LARGE)
@pytest.mark.parametrize("share", [Fraction(1, 3), Fraction(10**18 - 1, 10**18), Fraction(1, 10**18 - 1)])
def test_a_base_times_a_rate_beyond_64_bits_is_exact(fen: int, share: Fraction) -> None:
    """A contribution base times a rate, a loan times an interest rate: the product overflows, the result fits."""
    exact = Rounding().apply(fen * share)
    assert answer(paying(lambda f, _: f.rent * f.ripe), rent=fen, ripe=share).amount == exact
    both = paying(lambda f, v: f.rent * f.ripe * v.rate * f.months / 12)
    wanted = Rounding().apply(fen * share * Fraction(11, 200) * 7 / 12)
    assert answer(both, rent=fen, ripe=share, months=7).amount == wanted


def test_a_product_beyond_64_bits_that_comes_back_is_exact() -> None:
    policy = paying(lambda f, _: f.rent * f.staff * f.months / f.staff / f.months)
    assert answer(policy, rent=10**16, staff=10**9, months=10**9).amount == 10**16


def test_a_comparison_beyond_64_bits_does_not_wrap() -> None:
    policy = asking(lambda f, _: f.rent * f.staff > f.cost * f.months)
    assert answer(policy, rent=10**16, staff=10**9, cost=10**16, months=10**9 - 1).verdict == "eligible"
    assert answer(policy, rent=10**16, staff=10**9 - 1, cost=10**16, months=10**9).verdict == "ineligible"


def test_constants_beyond_64_bits_that_come_back_are_exact() -> None:
    policy = paying(lambda _, v: v.prize * v.crew / v.crew).with_values({"prize": 10**14, "crew": 10**9})
    assert answer(policy).amount == 10**16


def test_an_amount_beyond_64_bits_names_measure_and_row() -> None:
    policy = paying(lambda f, _: f.rent * f.months)
    farms = [{"id": "small", "rent": 1, "months": 1}, {"id": "huge", "rent": 10**16, "months": 923}]
    with pytest.raises(OverflowError, match=rf"m\.amount of row huge exceeds 64 bits: {923 * 10**16} fen"):
        batch(policy, farms)
    with pytest.raises(OverflowError, match=r"m\.amount of row huge"):
        batch(policy, farms, bounds=False)
    assert told(policy, [{"id": "fits", "rent": 10**16, "months": 922}]) == [922 * 10**16]


def test_an_amount_beyond_64_bits_of_a_row_that_is_refused_disturbs_no_one() -> None:
    policy = built(lambda f, _: Grant(when=f.organic, amount=f.rent * f.months))
    farms = [
        {"id": "refused", "rent": 10**16, "months": 923, "organic": False},
        {"id": "paid", "rent": 1, "months": 1, "organic": True},
    ]
    assert told(policy, farms) == [None, 1]


def test_a_constant_amount_beyond_64_bits_is_refused_by_name() -> None:
    policy = paying(lambda _, v: v.prize * v.crew).with_values({"prize": 10**14, "crew": 10**9})
    with pytest.raises(OverflowError, match="m"):
        batch(policy, [{"id": "any"}])


def test_a_bound_beyond_64_bits_is_refused_by_name() -> None:
    """The share is unknown, so the largest sum is the whole product."""
    policy = paying(lambda f, _: f.rent * f.months * f.ripe)
    with pytest.raises(OverflowError, match=r"m\.high of row huge"):
        batch(policy, [{"id": "huge", "rent": 10**16, "months": 923}])


def test_a_part_beyond_64_bits_is_refused_by_name() -> None:
    def rule(f: Any, _: Values) -> Grant:
        amount, parts = waterfall(f.rent * f.months, ("one", f.cost * f.months), ("two", f.tax))
        return Grant(when=all_of(True), amount=amount, parts=parts)

    with pytest.raises(OverflowError, match=r"m\.(amount|one) of row huge"):
        batch(built(rule), [{"id": "huge", "rent": 10**16, "cost": 10**16, "tax": 1, "months": 10**6}])


@pytest.mark.parametrize("bounds", [True, False])
def test_sums_come_out_as_64_bit_integers_whatever_was_needed_to_compute_them(bounds: bool) -> None:
    def rule(f: Any, _: Values) -> Grant:
        amount, parts = waterfall(f.rent * f.months, ("one", f.cost), ("two", f.tax * f.months))
        return Grant(when=all_of(True), amount=amount, parts=parts)

    farms = [
        {"id": "wide", "rent": 10**16, "cost": 5, "tax": 10, "months": 100},
        {"id": "gap", "months": 10**9},
    ]
    result = batch(built(rule), farms, bounds=bounds)
    kinds = {name: kind for name, kind in result.frame.schema.items() if name not in ("id", "m.verdict")}
    assert set(kinds.values()) == {pl.Int64}, kinds


def test_rows_whose_sum_exceeds_64_bits_do_not_wrap() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    pickers = [{"id": f"p{n}", "employer": "huge", "pay": 10**16} for n in range(1000)]
    tables = {"farm": frame(Farm, [{"id": "huge"}]), "picker": frame(Picker, pickers)}
    with pytest.raises(OverflowError, match=r"huge"):
        determine_batch(policy, "farm", tables, ON)


def test_rows_whose_products_exceed_64_bits_do_not_wrap() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay * p.hours))
    pickers = [{"id": f"p{n}", "employer": "huge", "pay": 10**16, "hours": 600} for n in range(2)]
    tables = {"farm": frame(Farm, [{"id": "huge"}]), "picker": frame(Picker, pickers)}
    with pytest.raises(OverflowError, match=r"huge"):
        determine_batch(policy, "farm", tables, ON)


def test_a_sum_of_rows_beyond_64_bits_that_comes_back_is_exact() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay * p.hours) / f.months)
    rows = [{"pay": 10**16, "hours": 600}, {"pay": 10**16, "hours": 600}]
    assert answer(policy, pickers=rows, months=1200).amount == 10**16


# ── Null


def test_an_unknown_condition_does_not_fall_into_otherwise() -> None:
    policy = paying(lambda f, _: choose((f.organic, f.rent), otherwise=f.cost))
    assert answer(policy, rent=1, cost=2).amount is None
    compared = paying(lambda f, _: choose((f.staff >= 5, f.rent), otherwise=f.cost))
    assert answer(compared, rent=1, cost=2).amount is None


def test_the_smallest_and_the_largest_do_not_skip_what_is_unknown() -> None:
    for pick in (smallest, largest):
        policy = paying(lambda f, _, pick=pick: pick(f.rent, f.cost, f.tax))
        assert answer(policy, rent=1, cost=2).amount is None
        assert answer(policy, rent=1, cost=2, tax=3).amount == (1 if pick is smallest else 3)


def test_nothing_divided_by_zero_is_an_answer() -> None:
    policy = paying(lambda f, _: f.rent / f.staff * f.months)
    for rent in (0, 5):
        found = answer(policy, rent=rent, staff=0, months=3)
        assert (found.verdict, found.amount) == ("eligible", None)
    asked = asking(lambda f, v: f.staff / f.months * f.months <= v.crew)
    assert answer(asked, staff=1, months=0).verdict == "undetermined"


def test_a_division_by_zero_spoils_no_other_row_and_no_other_branch() -> None:
    policy = paying(lambda f, _: choose((f.staff == 0, f.cost), otherwise=f.rent / f.staff))
    records = [{"rent": 7, "staff": staff, "cost": 1} for staff in (0, 2, 0, 7)]
    assert [found.amount for found in answers(policy, records)] == [1, 4, 1, 1]


def test_a_fraction_that_is_unknown_spoils_no_other_branch() -> None:
    """The denominators of two branches must not be multiplied into each other."""
    policy = paying(lambda f, _: f.rent * choose((f.organic, f.ripe), (f.hilly, f.lost), otherwise=0))
    records: list[dict[str, Any]] = [
        {"organic": True, "ripe": Fraction(1, 3), "rent": 9},
        {"organic": False, "hilly": True, "lost": Fraction(1, 2), "rent": 9},
        {"organic": False, "hilly": False, "rent": 9},
    ]
    assert [found.amount for found in answers(policy, records)] == [3, 5, 0]


def test_an_unknown_member_of_a_list_is_not_no() -> None:
    policy = asking(lambda f, _: all_of(f.region.is_in("north"), f.organic))
    assert answer(policy, organic=True).verdict == "undetermined"
    assert answer(policy, organic=False).verdict == "ineligible"


# ── Rounding below zero


@pytest.mark.parametrize("how", ["half_up", "up", "down"])
@pytest.mark.parametrize("base", [1, 100])
def test_a_negative_fraction_is_rounded_alike_over_columns_and_for_one_case(how: Any, base: int) -> None:
    """`//` floors towards minus infinity in Python; the columns must do the same."""
    rounding = Rounding(how, base)
    policy = paying(lambda f, v: ((f.balance * v.third).rounded(rounding) + v.prize * 1000).not_below(0))
    records = [{"balance": fen} for fen in (*range(-10, 11), -(10**9) - 1, -151, -149, -150, 149, 150)]
    for record, found in zip(records, answers(policy, records), strict=True):
        assert found.amount == max(0, rounding.apply(Fraction(record["balance"], 3)) + 10_000_000)


def test_a_negative_amount_is_the_same_in_all_engines() -> None:
    policy = paying(lambda f, _: f.balance / 8)
    records = [{"balance": fen} for fen in (-13, -12, -11, -4, -3, 3, 4)]
    assert [found.amount for found in answers(policy, records)] == [-2, -1, -1, 0, 0, 0, 1]


@pytest.mark.parametrize("how", ["half_up", "up", "down"])
@pytest.mark.parametrize("base", [1, 100])
def test_a_number_that_needs_128_bits_is_rounded_in_every_direction(how: Any, base: int) -> None:
    """Polars cannot negate 128 bits, which is how one would round up."""
    policy = paying(lambda f, _: (f.rent * f.ripe * f.lost).rounded(Rounding(how, base)))
    shares = {"ripe": Fraction(10**9 - 1, 10**9), "lost": Fraction(10**8 + 1, 10**9)}
    found = answer(policy, rent=10**15 + 1, **shares)
    assert found.amount == Rounding(how, base).apply((10**15 + 1) * shares["ripe"] * shares["lost"])


# ── Bounds


def test_the_bound_of_a_difference_that_is_open_below_is_the_same_in_all_engines() -> None:
    """The city has not set its figure: no more than the whole rent can count, and open is no lie either."""
    found = answer(paying(lambda f, v: (f.rent - v.local_prize) * v.third), rent=300)
    assert (found.amount, found.low) == (None, 0)
    assert found.high in (None, 100)


def test_a_bound_does_not_hang_on_the_other_rows_of_the_table() -> None:
    """The range that a column happens to have is for the width of its sums, not for what is unknown."""
    policy = paying(lambda f, v: (v.term - f.months) * v.prize)
    alone = batch(policy, [{"id": "a"}]).frame
    among = batch(policy, [{"id": "a"}, {"id": "b", "months": 2}]).frame
    assert among.head(1).equals(alone)


def test_two_factors_that_are_open_below_have_no_upper_bound() -> None:
    """Minus times minus is plus: once the city has set both figures, the product may be any size."""
    policy = paying(lambda f, v: (f.rent - v.local_prize) * (1 - v.grade_rate.by(f.grade)))
    found = answer(policy, rent=100, grade=3)
    assert (found.amount, found.low, found.high) == (None, 0, None)
    later = policy.with_values({"local_prize": 10, "grade_rate": {"3": 5}})
    assert answer(later, rent=100, grade=3).amount == 3600


def test_a_product_of_gathered_rows_and_shares_is_computed_like_any_other() -> None:
    """Small sums of few rows must not be taken for a billion rows of the largest sum."""
    policy = paying(lambda f, v: f.pickers.sum(lambda p: p.pay) * v.rate * (f.rent / f.cost) * f.ripe)
    record = {"pickers": [{"pay": 1000}], "rent": 5, "cost": 7, "ripe": Fraction(1, 3)}
    assert answer(policy, **record).amount == 13
    assert answer(policy, **{**record, "ripe": Fraction(10**17 + 1, 10**18)}).amount == 4


# ── Constants


def test_a_condition_on_constant_dates_holds_for_every_row_of_a_table() -> None:
    """Nothing in it hangs on the row, so that Polars makes it one row long."""
    records: list[dict[str, Any]] = [{"rent": 1}, {"rent": 2}, {}]
    conditions: list[Any] = [
        lambda _, v: DECISION.year == v.day("opening").year,
        lambda _, v: v.day("opening").plus(months=v.term) <= DECISION,
        lambda _, v: v.day("opening").plus(years=1).year != DECISION.year,
        lambda _, v: months_between(v.day("opening"), DECISION) >= v.term,
        lambda _, v: DECISION.within(v.day("opening"), months=12),
        lambda _, v: v.prize >= v.spring.on(DECISION),
        lambda _, v: v.term <= 3,
    ]
    for number, condition in enumerate(conditions):
        found = answers(built(lambda f, v, c=condition: Grant(when=c(f, v), amount=f.rent)), records)
        assert len({str(each.verdict) for each in found}) == 1, number
    year_twice = built(
        lambda f, v: Grant(
            when=v.day("opening").year == DECISION.year,
            amount=choose((f.picked_on.year == DECISION.year, f.rent), otherwise=f.cost),
        )
    )
    days = [{"picked_on": dt.date(2020, 5, 5), "rent": 1}, {"picked_on": dt.date(2019, 5, 5), "cost": 2}, {}]
    assert [each.amount for each in answers(year_twice, days)] == [1, 2, None]
    shared = asking(
        lambda f, v: all_of(DECISION.year == f.picked_on.year, DECISION.year == v.day("opening").year)
    )
    assert [str(each.verdict) for each in answers(shared, days)] == ["eligible", "ineligible", "undetermined"]
    chosen = paying(lambda f, v: choose((DECISION.year == v.day("opening").year, f.rent), otherwise=f.cost))
    assert [each.amount for each in answers(chosen, records)] == [1, 2, None]


# ── Order and relations


def shuffled(tables: dict[str, pl.DataFrame], seed: int) -> dict[str, pl.DataFrame]:
    return {name: table.sample(fraction=1, shuffle=True, seed=seed) for name, table in tables.items()}


@pytest.mark.parametrize("seed", range(3))
def test_rows_stay_in_the_order_of_their_table_whatever_the_order_of_the_others(seed: int) -> None:
    rng = random.Random(seed)
    policy = built(
        lambda p, _: Grant(when=p.employer.organic, amount=p.pay + p.employer.rent),
        lambda p, _: Grant(when=p.keen, amount=p.employer.pickers.sum(lambda q: q.pay)),
        subject=Picker,
    )
    farms = [{"id": f"f{n}", "organic": n % 2 == 0, "rent": n * 1000} for n in range(50)]
    pickers = [
        {"id": f"p{n}", "employer": f"f{rng.randrange(50)}", "pay": n, "keen": True} for n in range(500)
    ]
    tables = {"farm": frame(Farm, farms), "picker": frame(Picker, pickers)}
    mixed = shuffled(tables, seed)
    result = determine_batch(policy, "picker", mixed, ON).frame
    assert result["id"].to_list() == mixed["picker"]["id"].to_list()
    plain = determine_batch(policy, "picker", tables, ON).frame
    assert result.sort("id").equals(plain.sort("id"))


def test_a_missing_related_table_makes_its_facts_unknown() -> None:
    policy = asking(lambda p, _: p.employer.organic, subject=Picker)
    pickers = frame(Picker, [{"id": "p", "employer": "f", "pay": 1}])
    result = determine_batch(policy, "picker", {"picker": pickers}, ON, reasons=True).frame.to_dicts()
    assert [row["m.verdict"] for row in result] == [None]


def test_a_related_row_that_is_not_there_makes_its_facts_unknown() -> None:
    policy = asking(lambda p, _: p.employer.organic, subject=Picker)
    pickers = frame(Picker, [{"id": "a", "employer": "f"}, {"id": "b", "employer": "gone"}, {"id": "c"}])
    tables = {"picker": pickers, "farm": frame(Farm, [{"id": "f", "organic": True}])}
    assert determine_batch(policy, "picker", tables, ON).frame["m.verdict"].to_list() == [True, None, None]


def test_a_missing_table_of_rows_makes_what_is_gathered_unknown_and_not_none() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    alone = {"farm": frame(Farm, [{"id": "f"}])}
    assert determine_batch(policy, "farm", alone, ON).frame["m.amount"].to_list() == [None]
    nobody = {**alone, "picker": frame(Picker, [])}
    assert determine_batch(policy, "farm", nobody, ON).frame["m.amount"].to_list() == [0]


def test_the_related_rows_without_their_link_make_what_is_gathered_unknown() -> None:
    policy = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    pickers = frame(Picker, [{"id": "p", "pay": 5}]).drop("employer")
    tables = {"farm": frame(Farm, [{"id": "f"}]), "picker": pickers}
    assert determine_batch(policy, "farm", tables, ON).frame["m.amount"].to_list() == [None]


def test_two_related_rows_of_one_id_are_refused_because_rows_would_double() -> None:
    policy = asking(lambda p, _: p.employer.organic, subject=Picker)
    tables = {
        "picker": frame(Picker, [{"id": "p", "employer": "f"}]),
        "farm": frame(Farm, [{"id": "f", "organic": True}, {"id": "f", "organic": False}]),
    }
    with pytest.raises(FactError, match=r"farm.*id"):
        determine_batch(policy, "picker", tables, ON)


def test_a_table_without_rows_gives_a_result_without_rows() -> None:
    result = batch(paying(lambda f, v: f.rent * v.third), [], reasons=True)
    assert result.frame.height == 0
    assert result.frame.columns == ["id", "m.verdict", "m.c0", "m.amount", "m.low", "m.high"]


def test_a_subject_without_a_table_or_without_a_measure_gives_nothing() -> None:
    policy = paying(lambda f, _: f.rent)
    assert determine_batch(policy, "farm", {}, ON).frame.height == 0
    assert determine_batch(policy, "picker", {"picker": frame(Picker, [{"id": "p"}])}, ON).measures == ()


@pytest.mark.parametrize(
    "condition",
    [
        lambda f, v: v.prize <= f.rent,
        lambda f, v: f.rent >= v.prize,
        lambda f, v: v.day("opening") <= f.picked_on,
        lambda f, _: f.picked_on.plus(months=2) > DECISION,
        lambda f, _: f.picked_on.plus(months=2) >= DECISION,
        lambda f, _: f.organic,
        lambda f, _: f.region == "north",
        lambda f, v: v.wage.by(f.region) <= f.rent,
        lambda f, v: v.third <= f.ripe,
    ],
)
def test_a_column_that_a_table_of_several_rows_lacks_is_unknown(condition: Any) -> None:
    """Polars keeps such a column as one value, and a constant compared with it has one row."""
    table = pl.DataFrame({"id": ["a", "b", "c"]})
    result = determine_batch(asking(condition), "farm", {"farm": table}, ON, reasons=True)
    assert result.frame["m.verdict"].to_list() == [None, None, None]


# ── Columns


@pytest.mark.parametrize(
    ("column", "dtype", "wanted"),
    [
        ("rent", pl.Float64, "Int64"),
        ("rent", pl.Int32, "Int64"),
        ("staff", pl.String, "Int64"),
        ("organic", pl.Int64, "Boolean"),
        ("region", pl.String, "Enum"),
        ("planted_on", pl.Datetime, "Date"),
        ("ripe.num", pl.Float64, "Int64"),
    ],
)
def test_a_column_of_another_type_is_refused_by_name(column: str, dtype: Any, wanted: str) -> None:
    policy = built(
        lambda f, v: Grant(
            when=all_of(f.organic, f.region == "north", f.planted_on >= v.day("opening"), f.staff >= 1),
            amount=f.rent * f.ripe,
        )
    )
    table = frame(Farm, [{"id": "f"}]).with_columns(pl.lit(None, dtype=dtype).alias(column))
    with pytest.raises(FactError, match=rf"column {column} is .*wanted {wanted}"):
        determine_batch(policy, "farm", {"farm": table}, ON)


@pytest.mark.parametrize(
    ("farms", "column"),
    [
        ([{"rent": -1}], "rent"),
        ([{"rent": 10**16 + 1}], "rent"),
        ([{"grade": 9}], "grade"),
        ([{"grade": 0}, {"grade": 2}], "grade"),
        ([{"grade": 0}, {}], "grade"),
        ([{"ripe": Fraction(3, 2)}], "ripe"),
        ([{"ripe": Fraction(-1, 2)}], "ripe"),
        ([{"ripe": Fraction(5)}, {"ripe": Fraction(1, 1000)}], "ripe"),
        ([{"ripe": Fraction(1, 10**18 + 1)}], "ripe"),
        ([{"planted_on": dt.date(1899, 12, 31)}], "planted_on"),
        ([{"planted_on": dt.date(2201, 1, 1)}], "planted_on"),
        ([{"season": dt.date(2020, 6, 15)}], "season"),
    ],
    ids=str,
)
def test_a_value_outside_the_range_of_its_fact_is_refused_by_column(farms: list[Any], column: str) -> None:
    """As the counter refuses it: a batch and a case take the same facts."""
    policy = built(
        lambda f, v: Grant(
            when=all_of(f.planted_on >= v.day("opening"), f.season >= v.day("opening"), f.grade >= 1),
            amount=f.rent * f.ripe,
        )
    )
    rows = [{"id": f"f{number}", **farm} for number, farm in enumerate(farms)]
    with pytest.raises(FactError, match=column):
        batch(policy, rows)


def test_a_value_outside_its_range_in_a_related_table_is_refused_too() -> None:
    policy = paying(lambda p, _: p.employer.rent, subject=Picker)
    tables = {
        "picker": frame(Picker, [{"id": "p", "employer": "f"}]),
        "farm": frame(Farm, [{"id": "f", "rent": -5}]),
    }
    with pytest.raises(FactError, match="rent"):
        determine_batch(policy, "picker", tables, ON)
    gathered = paying(lambda f, _: f.pickers.sum(lambda p: p.pay))
    tables = {
        "farm": frame(Farm, [{"id": "f"}]),
        "picker": frame(Picker, [{"id": "p", "employer": "f", "pay": -5}]),
    }
    with pytest.raises(FactError, match="pay"):
        determine_batch(gathered, "farm", tables, ON)


def test_a_share_of_denominator_zero_is_refused() -> None:
    policy = paying(lambda f, _: f.rent * f.ripe)
    table = frame(Farm, [{"id": "f", "rent": 1, "ripe": Fraction(0)}]).with_columns(
        pl.lit(0, dtype=pl.Int64).alias("ripe.den")
    )
    with pytest.raises(FactError, match="ripe"):
        determine_batch(policy, "farm", {"farm": table}, ON)


def test_a_column_that_no_measure_reads_may_hold_anything() -> None:
    policy = paying(lambda f, _: f.rent)
    table = frame(Farm, [{"id": "f", "rent": 1}]).with_columns(pl.lit("free text").alias("staff"))
    assert determine_batch(policy, "farm", {"farm": table}, ON).frame["m.amount"].to_list() == [1]


def test_without_reasons_no_conditions_are_kept_and_without_bounds_no_bounds() -> None:
    policy = built(lambda f, _: Grant(when=all_of(f.organic, f.hilly), amount=f.rent))
    assert batch(policy, [{"id": "f"}], bounds=False).frame.columns == ["id", "m.verdict", "m.amount"]
    full = batch(policy, [{"id": "f"}], reasons=True).frame.columns
    assert full == ["id", "m.verdict", "m.c0", "m.c1", "m.c2", "m.amount", "m.low", "m.high"]


def test_a_batch_of_some_measures_computes_those_alone() -> None:
    policy = built(
        lambda f, _: Grant(when=f.organic, amount=f.rent), lambda f, _: Grant(when=f.hilly, amount=f.cost)
    )
    result = batch(policy, [{"id": "f", "hilly": True, "cost": 3}], measures=["m2"])
    assert [measure.id for measure in result.measures] == ["m2"]
    assert result.frame["m2.amount"].to_list() == [3]
    assert "m.verdict" not in result.frame.columns


def test_facts_of_the_same_name_along_two_paths_are_kept_apart() -> None:
    policy = asking(lambda p, _: all_of(p.insured, p.employer.insured, p.person.insured), subject=Picker)
    for which in ("insured", "employer.insured", "person.insured"):
        record: dict[str, Any] = {"insured": True, "employer.insured": True, "person.insured": True}
        assert answers(policy, [record])[0].verdict == "eligible"
        assert answers(policy, [{**record, which: False}])[0].verdict == "ineligible"
        del record[which]
        assert answers(policy, [record])[0].verdict == "undetermined"


def test_the_largest_fact_is_well_inside_64_bits() -> None:
    assert Farm.rent.range()[1] * 900 < INT64_MAX
    assert tables_of(Farm, [{"rent": 10**16}])["farm"]["rent"].to_list() == [10**16]
