"""What stands on pages for whoever does not need all of it."""

from __future__ import annotations

import pytest

from wenjiuye.platform.privacy.masking import masked_account, masked_name, masked_number, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", ""),
        ("王", "王"),
        ("王敏", "王*"),
        ("张小航", "张*航"),
        ("欧阳小航", "欧**航"),
        ("买买提·吐尔逊", "买*****逊"),
    ],
)
def test_a_name(name: str, shown: str):
    assert masked_name(name) == shown


def test_numbers_keep_what_tells_them_apart_and_no_more():
    assert masked_number("411002199003071234") == "411002**********34"
    assert masked_phone("13812345678") == "138****5678"
    assert masked_account("6222021708001234567") == "***************4567"


@pytest.mark.parametrize("mask", [masked_number, masked_phone, masked_account])
@pytest.mark.parametrize("number", ["", "1", "12", "1234"])
def test_a_short_number_is_hidden_wholly(mask, number: str):
    assert mask(number) == "*" * len(number)
