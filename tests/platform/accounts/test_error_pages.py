"""When something is wrong the page says what, in our look, and where to go."""

from __future__ import annotations

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from officers import officer, signed_in

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.desk.views import look


def _page(answer) -> str:
    text = answer.content.decode()
    assert 'href="/static/desk/tokens.css"' in text
    assert "<script>" not in text
    assert "style=" not in text
    return text


@pytest.mark.django_db
def test_an_address_that_does_not_exist():
    answer = signed_in(officer(Role.CLERK)).get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这一页" in _page(answer)


@pytest.mark.django_db
def test_a_page_that_is_not_ones_own():
    answer = signed_in(officer(Role.CLERK, name="刘敏")).get("/admin/")
    assert answer.status_code == 403
    assert "你现在以 刘敏 登录" in _page(answer)
    superuser = signed_in(officer(is_superuser=True, is_staff=True)).get("/me/")
    assert reverse("admin:index") in _page(superuser)


@pytest.mark.django_db
def test_a_form_that_was_open_too_long():
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "没有保存" in _page(answer)


def test_when_the_database_is_away_the_page_needs_none(monkeypatch: pytest.MonkeyPatch):
    # No mark: a query would fail this test.
    def fails(*_: object) -> None:
        raise OperationalError("the server went away")

    monkeypatch.setattr(look, "redirect", fails)
    answer = Client(raise_request_exception=False).get("/look/")
    assert answer.status_code == 500
    assert "系统出错了" in _page(answer)


def test_a_request_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch):
    def refuses(*_: object) -> None:
        raise SuspiciousOperation

    monkeypatch.setattr(look, "redirect", refuses)
    answer = Client().get("/look/")
    assert answer.status_code == 400
    assert "看不懂这个请求" in _page(answer)


@pytest.mark.django_db
def test_too_many_requests(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    answers = [client.post("/accounts/login/", {"login": "x", "password": "y"}) for _ in range(2)]
    assert answers[-1].status_code == 429
    assert "太频繁了" in _page(answers[-1])
