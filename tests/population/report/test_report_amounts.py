"""Numbers in the scale that people use for their size, exact where exactness is asked for."""

from __future__ import annotations

import pytest

from wenjiuye.population.report import MONEY, SHARE, counted
from wenjiuye.population.report.amounts import exact, scale_for, with_unit
from wenjiuye.population.report.model import Lang, Unit
from wenjiuye.population.report.ticks import round_ticks

YUAN = 100


@pytest.mark.parametrize(
    ("largest", "lang", "short", "name"),
    [
        (9_999 * YUAN + 99, "zh", "9,999.99", "元"),
        (10_000 * YUAN, "zh", "1.00", "万元"),
        (122_140_000 * YUAN, "zh", "12,214.00", "万元"),
        (1_000_000_000 * YUAN, "zh", "10.00", "亿元"),
        (999_999 * YUAN, "en", "999,999.00", "yuan"),
        (122_140_000 * YUAN, "en", "122.14", "million yuan"),
        (12_000_000_000 * YUAN, "en", "12.00", "billion yuan"),
    ],
)
def test_money_is_told_in_the_scale_of_its_size(largest: int, lang: Lang, short: str, name: str) -> None:
    scale = scale_for(MONEY, (0, None, largest), lang)
    assert (scale.short(largest), scale.name) == (short, name)


def test_little_money_beside_much_is_not_called_nothing() -> None:
    scale = scale_for(MONEY, (10**9 * YUAN,), "zh")
    assert [scale.short(value) for value in (1, -1, 0, None)] == ["<0.01", ">−0.01", "0.00", "–"]


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (123_456_789, MONEY, "1,234,567.89 yuan"),
        (-5, MONEY, "−0.05 yuan"),
        (12_345, counted("人", "persons"), "12,345 persons"),
        (0.98249, SHARE, "98.2%"),
        (None, MONEY, "–"),
    ],
)
def test_an_exact_number_keeps_every_fen(value: int | float | None, unit: Unit, told: str) -> None:
    assert with_unit(value, unit, "en") == told
    assert told.startswith(exact(value, unit))


def test_ticks_are_round_and_reach_around_the_values() -> None:
    assert round_ticks(-118, 3880).texts() == ("−1,000", "0", "1,000", "2,000", "3,000", "4,000")
    assert round_ticks(0, 0.42).texts() == ("0.0", "0.1", "0.2", "0.3", "0.4", "0.5")
    assert round_ticks(0, 2, whole=True).texts() == ("0", "1", "2")
    assert round_ticks(0, 0).texts()[0] == "0.0"


def test_an_axis_can_end_with_its_values() -> None:
    ticks = round_ticks(-118, 3880).snug(-118, 3880)
    assert (ticks.low, ticks.high) == (-118, 3880)
    assert ticks.texts() == ("0", "1,000", "2,000", "3,000")
