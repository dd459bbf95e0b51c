"""Periods as the Civil Code counts them, by date arithmetic and by its twin over columns."""

from __future__ import annotations

import datetime as dt
import random
from calendar import monthrange
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from three_engines import answer, answers, asking, built

from wenjiuye.rules import (
    DECISION,
    DeclarationError,
    Grant,
    Window,
    age,
    all_of,
    batch_calendar,
    days_between,
    months_begun,
    months_between,
    right,
)
from wenjiuye.rules.batch_calendar import SPANS, Parts
from wenjiuye.rules.calendar import age_on, begun_months, full_months, plus_months

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
MONTH_ENDS = st.builds(
    lambda year, month, back: dt.date(year, month, monthrange(year, month)[1] - back),
    st.integers(1900, 2200),
    st.integers(1, 12),
    st.integers(0, 3),
)
ANY_DAY = st.one_of(DAYS, MONTH_ENDS)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# ── What the law says


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2020-01-15", 1, "2020-02-15"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-01-31", 2, "2020-03-31"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2020-03-31", -1, "2020-02-29"),
        ("2020-03-31", -13, "2019-02-28"),
        ("2020-12-31", 0, "2020-12-31"),
        ("2019-12-31", 2, "2020-02-29"),
        ("2020-01-01", -1, "2019-12-01"),
    ],
)
def test_a_period_ends_on_the_day_of_its_number_or_on_the_last_day_of_the_month(
    start: str, months: int, end: str
) -> None:
    assert plus_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "end", "full", "begun"),
    [
        ("2020-01-15", "2020-02-14", 0, 1),
        ("2020-01-15", "2020-02-15", 1, 1),
        ("2020-01-15", "2020-02-16", 1, 2),
        ("2020-01-31", "2020-02-28", 0, 1),
        ("2020-01-31", "2020-02-29", 1, 1),
        ("2020-01-31", "2020-03-01", 1, 2),
        ("2020-01-31", "2020-03-30", 1, 2),
        ("2020-01-31", "2020-03-31", 2, 2),
        ("2021-01-30", "2021-02-28", 1, 1),
        ("2020-02-29", "2021-02-28", 12, 12),
        ("2020-02-29", "2021-02-27", 11, 12),
        ("2020-02-28", "2021-02-28", 12, 12),
        ("2020-12-01", "2020-12-01", 0, 0),
        ("2020-12-02", "2020-12-01", 0, 0),
        ("2020-12-31", "2020-11-30", -1, 0),
        ("2020-12-01", "2020-10-15", -1, 0),
    ],
)
def test_months_are_completed_on_the_anniversary_and_begun_on_the_day_after_it(
    start: str, end: str, full: int, begun: int
) -> None:
    assert full_months(day(start), day(end)) == full
    assert begun_months(day(start), day(end)) == begun


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2004-12-01", "2020-11-30", 15),
        ("2004-12-01", "2020-12-01", 16),
        ("2004-02-29", "2021-02-27", 16),
        ("2004-02-29", "2021-02-28", 17),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2020-12-01", "2020-12-01", 0),
    ],
)
def test_a_year_of_age_is_reached_on_the_birthday(born: str, on: str, years: int) -> None:
    assert age_on(day(born), day(on)) == years


@settings(derandomize=True, deadline=None, max_examples=200)
@given(start=ANY_DAY, months=st.integers(-600, 600))
def test_a_later_day_is_that_many_completed_months_away(start: dt.date, months: int) -> None:
    end = plus_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
    if months >= 0:
        assert full_months(start, end) == months
        assert begun_months(start, end) == months


@settings(derandomize=True, deadline=None, max_examples=200)
@given(start=ANY_DAY, end=ANY_DAY)
def test_completed_and_begun_months_enclose_the_period(start: dt.date, end: dt.date) -> None:
    assert full_months(end, start) == -full_months(start, end)
    if end < start:
        assert begun_months(start, end) == 0
        return
    full, begun = full_months(start, end), begun_months(start, end)
    assert plus_months(start, full) <= end < plus_months(start, full + 1)
    assert begun - full == (plus_months(start, full) != end)


# ── The same over columns


def pairs(seed: int, number: int = 4000) -> list[tuple[dt.date, dt.date]]:
    """Random pairs, half of them near the ends of months and near each other."""
    rng = random.Random(seed)

    def one() -> dt.date:
        if rng.random() < 0.5:
            return dt.date(1900, 1, 1) + dt.timedelta(days=rng.randrange(300 * 365))
        year, month = rng.randint(1996, 2025), rng.randint(1, 12)
        return dt.date(year, month, max(1, monthrange(year, month)[1] - rng.randint(-1, 3) % 4))

    found = [(one(), one()) for _ in range(number)]
    few = found[: number // 40]
    return found + [(a, a) for a, _ in few] + [(a, plus_months(a, 12)) for a, _ in few]


@pytest.mark.parametrize(
    ("name", "scalar"),
    [
        ("full_months", full_months),
        ("begun_months", begun_months),
        ("age", age_on),
        ("days", lambda a, b: (b - a).days),
    ],
)
def test_spans_over_columns_are_the_spans_of_each_pair(
    name: str, scalar: Callable[[dt.date, dt.date], int]
) -> None:
    dates = pairs(11)
    frame = pl.DataFrame({"a": [a for a, _ in dates], "b": [b for _, b in dates]})
    found = frame.select(SPANS[name](Parts.of(pl.col("a")), Parts.of(pl.col("b")))).to_series().to_list()
    assert found == [scalar(a, b) for a, b in dates]


def test_months_added_over_columns_are_those_added_to_each_date() -> None:
    rng = random.Random(12)
    rows = [(a, rng.randint(-1000, 1000)) for a, _ in pairs(13)]
    frame = pl.DataFrame({"a": [a for a, _ in rows], "n": [n for _, n in rows]})
    by_column = (
        frame.select(batch_calendar.plus_months(Parts.of(pl.col("a")), pl.col("n"))).to_series().to_list()
    )
    assert by_column == [plus_months(a, n) for a, n in rows]


@pytest.mark.parametrize("months", [-25, -12, -1, 1, 2, 11, 12, 13, 36, 47, 48])
def test_a_constant_number_of_months_is_added_like_one_from_a_column(months: int) -> None:
    """The two take different ways through Polars."""
    dates = sorted({a for a, _ in pairs(14, 200)})
    records = [{"planted_on": a, "picked_on": plus_months(a, months)} for a in dates]
    constant = asking(lambda f, _: f.planted_on.plus(months=months) == f.picked_on)
    assert {str(d.verdict) for d in answers(constant, records)} == {"eligible"}


def test_a_span_with_an_unknown_end_is_unknown() -> None:
    policy = asking(lambda f, _: months_between(f.planted_on, f.picked_on) >= 0)
    assert answer(policy, planted_on=day("2020-01-01")).verdict == "undetermined"
    begun = asking(lambda f, _: months_begun(f.planted_on, f.picked_on) >= 0)
    assert answer(begun, picked_on=day("2020-01-01")).verdict == "undetermined"


# ── In rules


@pytest.mark.parametrize("seed", range(2))
def test_every_calendar_word_of_a_rule_means_the_same_in_all_engines(seed: int) -> None:
    rng = random.Random(seed)
    records: list[dict[str, Any]] = []
    for a, b in pairs(seed, 40):
        record = {"planted_on": a, "picked_on": b, "months": rng.randint(0, 60), "weeks": rng.randint(0, 99)}
        records.append({name: value for name, value in record.items() if rng.random() < 0.9})

    def each(about: Any, v: Any) -> Any:
        start, end = about.planted_on, about.picked_on
        return (
            months_between(start, end) >= about.months,
            months_begun(start, end) == about.months,
            age(start, DECISION) >= 16,
            age(start, end) < 16,
            days_between(start, end) <= about.weeks,
            end.within(start, months=v.term),
            end.within(start, years=1),
            start.plus(months=about.months) <= end,
            start.plus(days=about.weeks) <= DECISION,
            start.minus(months=about.months) <= end,
            start.minus(years=1, months=1, days=1) <= v.day("opening"),
            start.year == DECISION.year,
            end.year - start.year <= 2,
        )

    rules = [lambda f, v, i=i: Grant(when=each(f, v)[i], amount=v.prize) for i in range(13)]
    policy = built(*rules)
    for number in range(1, 14):
        answers(policy, records, measure="m" if number == 1 else f"m{number}")


def test_within_counts_both_ends() -> None:
    policy = asking(lambda f, _: f.picked_on.within(f.planted_on, years=1))
    start = day("2020-02-29")
    told = {
        text: str(answer(policy, planted_on=start, picked_on=day(text)).verdict)
        for text in ("2020-02-28", "2020-02-29", "2021-02-28", "2021-03-01")
    }
    assert list(told.values()) == ["ineligible", "eligible", "eligible", "ineligible"]


def test_a_window_is_open_on_its_first_and_on_its_last_day() -> None:
    policy = built(
        lambda f, v: Grant(
            when=f.organic, amount=v.prize, window=Window(f.picked_on, v.day("opening"), v.day("opening"))
        )
    )
    told = [
        str(answer(policy, organic=True, picked_on=day(text)).verdict)
        for text in ("2020-05-31", "2020-06-01", "2020-06-02")
    ]
    assert told == ["ineligible", "eligible", "ineligible"]
    assert answer(policy, organic=True).verdict == "undetermined"
    assert answer(policy, organic=False).verdict == "ineligible"


def test_a_month_is_compared_as_the_date_of_its_first_day() -> None:
    policy = asking(lambda f, v: f.season >= v.day("opening"))
    assert answer(policy, season=day("2020-06-01")).verdict == "eligible"
    assert answer(policy, season=day("2020-05-01")).verdict == "ineligible"


def test_half_a_month_is_refused_or_cut_off_alike_in_all_engines() -> None:
    """A period has whole months: two and a half are two, unless the rule is not built at all."""
    try:
        policy = asking(lambda f, _: f.planted_on.plus(months=f.months / 2) == f.picked_on)
    except DeclarationError:
        return
    found = answer(policy, planted_on=day("2020-01-15"), months=5, picked_on=day("2020-03-15"))
    assert found.verdict == "eligible"


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("unit", ["months", "days"])
@pytest.mark.parametrize("number", [100_000, 1_200_000, 10**9])
def test_a_date_beyond_the_calendar_stays_at_its_end_in_all_engines(
    sign: int, unit: str, number: int
) -> None:
    """A slipped digit in a count that is allowed must not stop a run of four million rows."""
    fact = {"months": "months", "days": "weeks"}[unit]

    def shifted(f: Any) -> Any:
        step = {unit: getattr(f, fact)}
        return f.planted_on.plus(**step) if sign == 1 else f.planted_on.minus(**step)

    policy = asking(lambda f, _: shifted(f) >= f.picked_on)
    record = {"planted_on": day("2020-01-15"), "picked_on": day("2020-01-15"), fact: number}
    assert answer(policy, **record).verdict == ("eligible" if sign == 1 else "ineligible")


def test_the_window_alone_may_be_a_whole_rule_of_a_right() -> None:
    policy = built(
        lambda f, v: Grant(when=all_of(f.organic), window=Window(DECISION, v.day("opening"))), decorator=right
    )
    assert answer(policy, on=day("2020-05-31"), organic=True).verdict == "ineligible"
    assert answer(policy, on=day("2020-06-01"), organic=True).verdict == "eligible"
