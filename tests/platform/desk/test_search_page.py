"""One search finds claims, people and firms, as far as the officer may see them."""

from __future__ import annotations

from typing import Any

import pytest
from claim_factory import make_claim
from officers import officer, signed_in

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.worklist import searching
from wenjiuye.platform.privacy.crypto import keyed_hash
from wenjiuye.platform.registry.columns import hash_column, purpose
from wenjiuye.platform.registry.models import ImportBatch, row_model

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return officer(Role.CLERK, "weidu")


@pytest.fixture
def person(loaded: None) -> Any:
    """One of the county's people, with a resident id and a phone."""
    numbers = {"resident_id": "411002199802010021", "phone": "13800001234"}
    hashes = {
        hash_column(name): keyed_hash(number, purpose("person", name)) for name, number in numbers.items()
    }
    return row_model("person").objects.create(
        batch=ImportBatch.objects.latest("pk").pk,
        key="X1",
        name="周伟宁",
        county="weidu",
        **numbers,
        **hashes,
    )


def found(user: User, words: str) -> Any:
    answer = signed_in(user).get("/search/", {"q": words})
    assert answer.status_code == 200
    return answer


def claims_found(user: User, words: str) -> list[Claim]:
    claims = found(user, words).context["claims"]
    return [row.claim for row in claims.rows] if claims else []


def test_claims_are_found_by_number_and_by_any_part_of_the_claimants_name(clerk: User):
    claim = make_claim(clerk, State.PAID, claimant_name="许昌归雁农业科技有限公司")
    make_claim(clerk, claimant_name="禾木家居有限公司")
    for words in (
        claim.number,
        claim.number[:-1] + claim.number[-1],
        "归雁",
        "归雁农业",
        "许昌归雁农业科技有限公司",
    ):
        assert claims_found(clerk, words) == [claim], words
    assert claims_found(clerk, "家雁") == []


def test_latin_letters_are_found_whatever_their_case(clerk: User):
    claim = make_claim(clerk, claimant_name="ABC商贸有限公司")
    assert claims_found(clerk, "abc") == [claim]


def test_claims_of_another_county_are_not_found(clerk: User):
    other = make_claim(clerk, county="jianan", claimant_name="归雁农业")
    for words in (other.number, "归雁"):
        answer = found(clerk, words)
        assert "没有找到" in answer.content.decode()
        assert answer.context["claims"].rows == ()


def test_more_than_a_page_is_said_and_leads_to_the_list(clerk: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(searching, "SHOWN", 2)
    for _number in range(3):
        make_claim(clerk, claimant_name="归雁农业")
    answer = found(clerk, "归雁")
    assert (len(answer.context["claims"].rows), answer.context["claims"].more) == (2, True)
    assert "/claims/?q=%E5%BD%92%E9%9B%81" in answer.content.decode()


@pytest.mark.parametrize(("words", "told"), [("张", "至少要 2 个字"), ("2012", "至少要输前 6 位")])
def test_too_little_to_search_for_is_said(clerk: User, words: str, told: str):
    make_claim(clerk, claimant_name="张")
    answer = found(clerk, words)
    assert told in answer.content.decode()
    assert answer.context["claims"] is None


def test_without_words_it_says_what_can_be_searched_for(clerk: User):
    assert "证号、信用代码和电话要输全" in signed_in(clerk).get("/search/").content.decode()


@pytest.mark.parametrize("number", ["resident_id", "phone"])
def test_people_are_found_by_a_number_and_with_them_their_claims(person: Any, clerk: User, number: str):
    claim = make_claim(
        clerk, claimant_kind="person", claimant_key=person.key, claimant_name="别的名字", county="weidu"
    )
    answer = found(clerk, getattr(person, number))
    (party,) = answer.context["parties"]
    assert (party.found.key, party.found.by, party.name) == ("X1", number, "周*宁")
    assert [row.claim for row in answer.context["claims"].rows] == [claim]
    assert person.name not in answer.content.decode()


def test_people_are_found_by_name_and_a_namesakes_claims_are_not_mixed_in(person: Any, clerk: User):
    other = make_claim(clerk, claimant_kind="person", claimant_key="X1", claimant_name="别的名字")
    answer = found(clerk, "周伟宁")
    assert [party.found.key for party in answer.context["parties"]] == ["X1"]
    assert other not in [row.claim for row in answer.context["claims"].rows]


def test_whoever_may_not_see_the_registry_finds_claims_alone(person: Any, clerk: User):
    accountant = officer(Role.ACCOUNTANT, "weidu")
    claim = make_claim(clerk, claimant_name="归雁农业")
    answer = found(accountant, person.resident_id)
    assert answer.context["parties"] == []
    assert claims_found(accountant, "归雁") == [claim]


def test_the_administrator_finds_nothing(clerk: User):
    make_claim(clerk, claimant_name="归雁农业")
    answer = found(officer(Role.ADMINISTRATOR), "归雁")
    assert (answer.context["parties"], answer.context["claims"]) == ([], None)
