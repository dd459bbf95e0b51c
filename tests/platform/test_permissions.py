"""Who opens which page: every page of ours, every role, one's own county and another."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from officers import officer, signed_in
from pages import FILE_ON_DISK, FIXED, OPEN_TO_ALL, ROWS, SILENT, Page, own_pages

from wenjiuye.platform.accounts.middleware import DenyByDefault
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import ALLOWED, READING, Action, Role

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "weidu", "jianan"
PAGES = {page.name: page for page in own_pages()}
GUARDED = {name: page for name, page in PAGES.items() if name not in OPEN_TO_ALL}
SHOWING = sorted(name for name in ROWS if name in PAGES)
PARTS = [name for name in SHOWING if "number" in PAGES[name].values and len(PAGES[name].values) > 1]
KEPT_OUT = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


# ── Every page says what it is


def test_every_page_declares_its_action_or_is_one_of_the_open_ones():
    assert {name for name, page in PAGES.items() if getattr(page.view, "open_to_all", False)} == OPEN_TO_ALL
    assert {name for name, page in GUARDED.items() if page.action is None} == set()


def test_for_every_page_that_shows_one_thing_such_a_thing_can_be_made():
    assert {name for name, page in GUARDED.items() if page.values} - set(ROWS) - set(FIXED) == set()


def test_every_action_has_roles_and_reading_ones_leave_the_auditor_in():
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())
    assert {action for action in Action if Role.AUDITOR in ALLOWED[action]} <= READING


# ── Roles


def _let_in(user: Any, page: Page) -> bool:
    """Whether the guard before all views lets somebody pass."""
    request = RequestFactory().get(page.anywhere)
    request.user, request.resolver_match = user, None
    try:
        return DenyByDefault(lambda _request: None).process_view(request, page.view, (), {}) is None
    except PermissionDenied:
        return False


@pytest.mark.parametrize("role", list(Role))
def test_exactly_the_roles_of_its_action_come_to_a_page(role: Role):
    user = officer(role, HERE)
    assert {name: _let_in(user, page) for name, page in GUARDED.items()} == {
        name: role in ALLOWED[page.action] for name, page in GUARDED.items()
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_else_gets_the_page_that_says_so(role: Role, method: str):
    client = signed_in(officer(role, HERE))
    for name, page in GUARDED.items():
        if role not in ALLOWED[page.action]:
            assert getattr(client, method)(page.anywhere).status_code == HTTPStatus.FORBIDDEN, name


def test_an_auditor_comes_to_no_page_that_changes_anything():
    auditor = officer(Role.AUDITOR)
    changing = [page for page in GUARDED.values() if page.action not in READING]
    assert changing
    assert not any(_let_in(auditor, page) for page in changing)


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, method: str):
    for name, page in GUARDED.items():
        answer = getattr(client, method)(page.anywhere)
        assert answer.status_code == HTTPStatus.FOUND, name
        assert answer["Location"].startswith("/accounts/login/"), name
        assert not _let_in(AnonymousUser(), page), name


@pytest.mark.parametrize("user", [{}, {"is_superuser": True, "is_staff": True}], ids=["no post", "superuser"])
def test_without_a_post_nothing_of_the_desk_opens(user: dict[str, bool]):
    made = officer(**user)
    client = signed_in(made)
    for name, page in GUARDED.items():
        assert not _let_in(made, page), name
        assert client.get(page.anywhere).status_code == HTTPStatus.FORBIDDEN, name


def test_a_post_that_is_over_opens_nothing():
    user = officer(Role.REVIEWER, HERE)
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    assert not any(_let_in(user, page) for page in GUARDED.values())


# ── Another county


def _answers(client: Client, name: str, values: dict[str, Any]) -> list[int]:
    """What comes of looking at a page, wherever one is sent on to, and of posting nothing to it."""
    address = reverse(name, kwargs=values)
    return [client.get(address, follow=True).status_code, client.post(address).status_code]


@pytest.mark.parametrize("name", SHOWING)
def test_what_belongs_to_another_county_or_officer_cannot_be_reached(name: str):
    for role in sorted(ALLOWED[PAGES[name].action]):
        theirs = ROWS[name](ELSEWHERE, officer(role, ELSEWHERE))
        answers = _answers(signed_in(officer(role, HERE)), name, theirs)
        if name in SILENT:
            assert SILENT[name](theirs)
        else:
            assert set(answers) <= KEPT_OUT, (role, answers)
            assert set(answers) != {HTTPStatus.METHOD_NOT_ALLOWED}


@pytest.mark.parametrize("name", [name for name in SHOWING if name not in FILE_ON_DISK])
def test_what_is_in_ones_own_county_can(name: str):
    # By one of the roles at least: of some pages the rest needs another action too.
    answers = {}
    for role in sorted(ALLOWED[PAGES[name].action]):
        user = officer(role, HERE)
        answers[role] = _answers(signed_in(user), name, ROWS[name](HERE, user))
        if not set(answers[role]) <= KEPT_OUT:
            return
    pytest.fail(f"nobody can: {answers}")


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_somebody_elses_claim_cannot_be_reached_through_ones_own(name: str):
    role = min(ALLOWED[PAGES[name].action])
    user = officer(role, HERE)
    mine = ROWS[name](HERE, user)
    theirs = ROWS[name](ELSEWHERE, officer(role, ELSEWHERE))
    address = reverse(name, kwargs={**theirs, "number": mine["number"]})
    client = signed_in(user)
    # Looking at a page that takes a post sends on to the claim, which is one's own.
    assert client.get(address).status_code in {*KEPT_OUT, HTTPStatus.FOUND}
    assert client.post(address).status_code in {
        *KEPT_OUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
