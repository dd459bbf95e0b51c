"""People and employers are found by number, phone and name, and by nobody who is not responsible for them."""

from __future__ import annotations

import pytest
from checked_registry import firm, person, some_city, table
from officers import officer

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.registry.merge import merge
from wenjiuye.platform.registry.search import search
from wenjiuye.policy.xuchang_2020_31 import policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(load) -> None:
    load(some_city())
    load(
        {
            "person": table("person", [person("P3", "王明", county="jianan"), person("P4", "欧阳明月")]),
            "enterprise": table("enterprise", [firm("E3", "禾木餐饮店", county="jianan")]),
        }
    )


def found(text: str, county: str = "", role: Role = Role.REVIEWER) -> list[str]:
    return [one.key for one in search(officer(role, county=county), text)]


@pytest.mark.parametrize(
    ("text", "key", "by"),
    [
        ("P1", "P1", "key"),
        ("411002199001011234", "P1", "resident_id"),
        ("41100219920202123X", "P2", "resident_id"),
        ("138 0000-0001", "P1", "phone"),
        ("0374-1234567", "E1", "phone"),
        ("91411000ma0000001x", "E1", "credit_code"),
    ],
)
def test_a_number_finds_exactly_one(text: str, key: str, by: str, city: None):
    (one,) = search(officer(Role.REVIEWER), text)
    assert (one.key, one.by, one.likeness) == (key, by, 1.0)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("王明", ["P3"]),
        ("王", ["P3", "P1"]),
        ("李雷", ["P2"]),
        ("明月", []),
        ("阳明月", ["P4"]),
        ("禾木", ["E3", "E1"]),
        ("许昌禾木家具有限公司", ["E1"]),
        ("  王小明 ", ["P1"]),
        ("", []),
        ("%", []),
    ],
)
def test_names_are_found_in_part_and_nearly(text: str, keys: list[str], city: None):
    assert set(found(text)[: len(keys) or None]) == set(keys)


def test_the_name_itself_comes_first(city: None):
    best = search(officer(Role.REVIEWER), "王明")[0]
    assert (best.key, best.likeness, best.name, best.county) == ("P3", 1.0, "王明", "jianan")


def test_an_officer_finds_those_of_the_own_county_alone(city: None):
    assert found("王明", county="weidu") == []
    assert found("王明", county="jianan") == ["P3"]
    assert found("411002199001011234", county="jianan") == []
    assert found("王明", role=Role.ADMINISTRATOR) == []


def test_a_row_that_was_merged_is_found_under_the_key_of_the_other(city: None):
    merge(policy(), "enterprise", "E1", "E2", "同一企业", officer(Role.REVIEWER))
    assert found("E2") == ["E1"]
    assert found("鼎盛机械有限") == []
