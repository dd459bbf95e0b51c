"""One's own page, and how pages look."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from officers import officer, signed_in

from wenjiuye.platform.accounts.models import Substitution, today
from wenjiuye.platform.accounts.permissions import Role

pytestmark = pytest.mark.django_db


def _posted(reviewer, colleague, **more):
    given = {"by_whom": colleague.pk, "starts_on": today(), "ends_on": today(), "reason": "年休假", **more}
    return signed_in(reviewer).post("/me/substitutes/", given)


def test_the_page_says_which_posts_one_has_and_what_is_missing():
    page = signed_in(officer(Role.REVIEWER, "jianan", name="王敏")).get("/me/").content.decode()
    for words in ("王敏", "审核员", "建安区", "未设置", "请一位同事代办"):
        assert words in page


def test_a_substitute_is_named_seen_by_both_and_taken_back():
    reviewer, colleague = officer(Role.REVIEWER, name="王敏"), officer(Role.REVIEWER, name="刘芳")
    assert _posted(reviewer, colleague)["Location"] == "/me/"
    made = Substitution.objects.get()
    assert "刘芳" in signed_in(reviewer).get("/me/").content.decode()
    assert "王敏" in signed_in(colleague).get("/me/").content.decode()
    signed_in(reviewer).post(f"/me/substitutes/{made.pk}/end/")
    assert not Substitution.objects.exists()


def test_what_will_not_do_is_told_next_to_what_was_written():
    reviewer, accountant = officer(Role.REVIEWER), officer(Role.ACCOUNTANT)
    page = _posted(reviewer, accountant, reason="去年底约好的休假")
    assert page.status_code == 422
    assert "资金会计" in page.content.decode()
    assert 'value="去年底约好的休假"' in page.content.decode()
    late = _posted(reviewer, officer(Role.REVIEWER), ends_on=today() - dt.timedelta(days=1))
    assert "早于" in late.content.decode()
    assert not Substitution.objects.exists()


def test_nobody_ends_the_substitution_of_another():
    reviewer, colleague = officer(Role.REVIEWER), officer(Role.REVIEWER)
    _posted(reviewer, colleague)
    made = Substitution.objects.get()
    assert signed_in(colleague).post(f"/me/substitutes/{made.pk}/end/").status_code == 404
    assert Substitution.objects.exists()


def test_roles_that_are_not_handed_on_see_no_form():
    page = signed_in(officer(Role.AUDITOR)).get("/me/").content.decode()
    assert "请一位同事代办" not in page


# ── How pages look


@pytest.mark.parametrize(
    ("query", "cookie", "value"),
    [
        ("theme=dark", "theme", "dark"),
        ("theme=light", "theme", "light"),
        ("theme=auto", "theme", ""),
        ("mode=elder", "mode", "elder"),
        ("lang=en", "lang", "en"),
    ],
)
def test_a_link_keeps_what_was_chosen_and_comes_back(client: Client, query: str, cookie: str, value: str):
    answer = client.get(f"/look/?{query}&next=/me/%3Fa%3D1")
    assert answer["Location"] == "/me/?a=1"
    assert answer.cookies[cookie].value == value


def test_other_values_keep_nothing(client: Client):
    assert not client.get("/look/?theme=pink&lang=fr").cookies


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_a_link_never_leads_to_another_site(client: Client, target: str):
    assert client.get("/look/", {"next": target, "theme": "dark"})["Location"] == "/"


def test_the_theme_and_the_language_are_on_the_page(client: Client):
    client.cookies.load({"theme": "dark", "lang": "en"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="en" data-mode="desk" data-theme="dark">' in page
