"""Single sign-on by OpenID Connect: it lets in whom an administrator has made, and makes nobody."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse
from officers import officer

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role

pytestmark = pytest.mark.django_db

SITE = "https://sso.example"
CLIENT = "wenjiuye"


@dataclass
class Provider:
    """A provider of identities: what it says of who signs in, and what it was asked."""

    username: str = "wangmin"
    sub: str = "4711"
    issuer: str = SITE
    asked: list[str] = field(default_factory=list)

    def request(self, method: str, url: str) -> requests.Response:
        """Answer in the place of the network."""
        self.asked.append(f"{method.upper()} {url}")
        answer = requests.Response()
        answer.status_code, answer.encoding = 200, "utf-8"
        answer.headers["Content-Type"] = "application/json"
        answer.json = lambda: self._answer(urlsplit(url).path)
        return answer

    def _answer(self, path: str) -> dict[str, object]:
        claims = {"sub": self.sub, "preferred_username": self.username, "name": "王敏"}
        now = int(time.time())
        token = {**claims, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        return {
            "/.well-known/openid-configuration": {
                "issuer": SITE,
                "authorization_endpoint": f"{SITE}/authorize",
                "token_endpoint": f"{SITE}/token",
                "userinfo_endpoint": f"{SITE}/userinfo",
                "jwks_uri": f"{SITE}/keys",
            },
            "/token": {
                "access_token": "opaque",
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": jwt.encode(token, "the-provider's-own-key-of-32-bytes", "HS256"),
            },
            "/userinfo": claims,
        }[path]


@pytest.fixture
def provider(settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Single sign-on set up as an office would, with a provider in memory."""
    app = {
        "provider_id": "city",
        "name": "许昌统一认证",
        "client_id": CLIENT,
        "secret": "secret",
        "settings": {"server_url": SITE},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    made = Provider()
    monkeypatch.setattr(
        requests.Session, "request", lambda _session, method, url, **_more: made.request(method, url)
    )
    return made


def _signs_on(client: Client, **answer: str):
    """To the provider and back, with what it sends along."""
    sent = client.get("/accounts/oidc/city/login/?process=login&next=/me/")
    assert sent["Location"].startswith(f"{SITE}/authorize?")
    (state,) = parse_qs(urlsplit(sent["Location"]).query)["state"]
    return client.get("/accounts/oidc/city/login/callback/", {"state": state, **(answer or {"code": "c"})})


def _is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_sign_in_page_offers_it_where_it_is_set_up(client: Client, provider: Provider):
    page = client.get("/accounts/login/?next=/me/").content.decode()
    assert "用“许昌统一认证”登录" in page
    assert "/accounts/oidc/city/login/?process=login&amp;next=%2Fme%2F" in page


def test_without_it_there_is_nothing_to_see_and_nowhere_to_go(client: Client):
    assert "统一认证" not in client.get("/accounts/login/").content.decode()
    assert client.get("/accounts/oidc/city/login/").status_code == 404


def test_a_known_officer_signs_in(client: Client, provider: Provider):
    known = officer(Role.CLERK, username="wangmin")
    assert _signs_on(client)["Location"] == "/me/"
    assert _is_in(client)
    assert SocialAccount.objects.get().user == known
    assert f"POST {SITE}/token" in provider.asked


def test_the_second_time_it_is_the_account_that_counts_not_the_name(client: Client, provider: Provider):
    known = officer(Role.CLERK, username="wangmin")
    _signs_on(client)
    provider.username = "renamed"
    again = Client()
    _signs_on(again)
    assert _is_in(again)
    assert SocialAccount.objects.get().user == known


def test_an_unknown_one_is_refused_told_and_not_made(client: Client, provider: Provider):
    answer = _signs_on(client)
    page = client.get(answer["Location"])
    assert "这个帐号还没有在本系统开通" in page.content.decode()
    assert not _is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_a_closed_account_is_refused(client: Client, provider: Provider):
    officer(Role.CLERK, username="wangmin", is_active=False)
    _signs_on(client)
    assert not _is_in(client)
    assert SocialAccount.objects.count() == 0


def test_an_account_closed_later_is_refused_too(client: Client, provider: Provider):
    known = officer(Role.CLERK, username="wangmin")
    _signs_on(client)
    User.objects.filter(pk=known.pk).update(is_active=False)
    other = Client()
    assert _signs_on(other)["Location"] == reverse("account_inactive")
    assert not _is_in(other)


def test_without_a_name_nobody_is_found(client: Client, provider: Provider):
    officer(Role.CLERK, username="wangmin")
    provider.username = ""
    _signs_on(client)
    assert not _is_in(client)


def test_our_own_second_factor_is_asked_for_here_too(client: Client, provider: Provider):
    TOTP.activate(officer(Role.CLERK, username="wangmin"), generate_totp_secret())
    assert _signs_on(client)["Location"] == reverse("mfa_authenticate")
    assert not _is_in(client)


def test_a_token_of_another_issuer_is_refused_in_words(client: Client, provider: Provider):
    officer(Role.CLERK, username="wangmin")
    provider.issuer = "https://elsewhere.example"
    answer = _signs_on(client)
    assert "统一认证没有成功" in answer.content.decode()
    assert not _is_in(client)


def test_an_answer_that_nobody_asked_for_is_refused(client: Client, provider: Provider):
    officer(Role.CLERK, username="wangmin")
    client.get("/accounts/oidc/city/login/callback/", {"state": "forged", "code": "c"})
    assert not _is_in(client)


def test_who_turns_back_at_the_provider_is_told_so(client: Client, provider: Provider):
    answer = _signs_on(client, error="access_denied")
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    assert "取消了登录" in page.content.decode()
