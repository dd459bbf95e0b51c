"""Sums in capital figures, as the People's Bank of China's rules for filling in bills write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenjiuye.platform.letters.capitals import capital_amount


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        # The examples of the rules.
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # Whole sums.
        ("0.00", "零元整"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("12.00", "壹拾贰元整"),
        ("1000.00", "壹仟元整"),
        ("1001.00", "壹仟零壹元整"),
        ("1010.00", "壹仟零壹拾元整"),
        ("1100.00", "壹仟壹佰元整"),
        ("10000.00", "壹万元整"),
        ("10001.00", "壹万零壹元整"),
        ("10010.00", "壹万零壹拾元整"),
        ("11000.00", "壹万壹仟元整"),
        ("100000.00", "壹拾万元整"),
        ("100500.00", "壹拾万零伍佰元整"),
        ("10001000.00", "壹仟万壹仟元整"),
        ("10000100.00", "壹仟万零壹佰元整"),
        ("20300400.00", "贰仟零叁拾万零肆佰元整"),
        # 亿 and above.
        ("100000000.00", "壹亿元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("100005000.00", "壹亿零伍仟元整"),
        ("100050000.00", "壹亿零伍万元整"),
        ("105000000.00", "壹亿零伍佰万元整"),
        ("150000000.00", "壹亿伍仟万元整"),
        ("1000000000.00", "壹拾亿元整"),
        ("1000050000.00", "壹拾亿零伍万元整"),
        ("1000000000000.00", "壹万亿元整"),
        ("1000100000000.00", "壹万零壹亿元整"),
        ("1234567890123.45", "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角伍分"),
        # Only jiao and fen.
        ("0.01", "壹分"),
        ("0.10", "壹角"),
        ("0.55", "伍角伍分"),
        ("20.05", "贰拾元零伍分"),
        ("20.50", "贰拾元零伍角"),
        ("100000000.01", "壹亿元零壹分"),
    ],
)
def test_a_sum_is_written_as_the_rules_write_it(yuan: str, words: str) -> None:
    assert capital_amount(int(yuan.replace(".", ""))) == f"人民币{words}"


def test_a_sum_below_zero_has_no_capital_figures() -> None:
    with pytest.raises(ValueError, match="-1 fen"):
        capital_amount(-1)


# ── Read back by somebody who knows only the digits and places

VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def number(words: str) -> int:
    """The value of a number in capital figures."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return number(high) * size + number(low)
    total = digit = 0
    for char in words:
        if char in PLACES:
            total, digit = total + digit * PLACES[char], 0
        else:
            digit = VALUES[char]
    return total + digit


def fen(words: str) -> int:
    """The value of a sum in capital figures."""
    match = re.fullmatch(r"人民币(?:(.+)元)?零?(?:(.)角)?(?:(.)分)?整?", words)
    assert match is not None, words
    yuan, jiao, last = match.groups()
    return number(yuan or "") * 100 + VALUES[jiao or "零"] * 10 + VALUES[last or "零"]


@given(st.integers(0, 9_999_999_999_999_999))
def test_the_words_say_the_sum_and_no_other(sum_fen: int) -> None:
    assert fen(capital_amount(sum_fen)) == sum_fen


@given(st.lists(st.sampled_from("000000123456789"), min_size=1, max_size=15).map("".join).map(int))
def test_zeros_are_said_once_and_never_at_the_end_of_a_group(sum_fen: int) -> None:
    words = capital_amount(sum_fen)
    assert fen(words) == sum_fen
    assert "零零" not in words
    assert words.endswith("整") == (sum_fen % 100 == 0)
    if sum_fen >= 100:
        assert not re.search("零[拾佰仟万亿元]|人民币零", words)
