"""Signing in and out, passwords, lockout, the second factor, and how long a session lasts."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from django.urls import reverse
from officers import PASSWORD, officer, signed_in

from wenjiuye.platform.accounts import services
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.accounts.second_factor import lacks_second_factor, second_factors
from wenjiuye.platform.config.environment import Mode

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
ME = "/me/"


def _signs_in(client: Client, user: User, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"login": user.username, "password": password, **more})


def _code(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def _with_app(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def _is_in(client: Client) -> bool:
    return client.get(ME).status_code == 200


# ── Passwords


def test_an_officer_signs_in_and_comes_to_the_page_that_was_asked_for(client: Client):
    clerk = officer(Role.CLERK)
    asked = client.get(ME)
    assert asked["Location"] == f"{LOGIN}?next={ME}"
    assert _signs_in(client, clerk, next=ME)["Location"] == ME
    assert _is_in(client)


def test_the_page_to_come_to_is_never_another_site(client: Client):
    assert _signs_in(client, officer(Role.CLERK), next="https://example.org/")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_user_get_the_same_words(client: Client):
    wrong = _signs_in(client, officer(Role.CLERK), "wrong")
    unknown = _signs_in(client, User(username="nobody"), "wrong")
    words = [page.context["form"].non_field_errors() for page in (wrong, unknown)]
    assert words[0] == words[1]
    assert "用户名或密码不对" in words[0][0]


def test_a_closed_account_cannot_sign_in_and_is_out_at_once(client: Client):
    clerk = officer(Role.CLERK)
    _signs_in(client, clerk)
    services.close_account(clerk, by="operator")
    assert not _is_in(client)
    _signs_in(client, clerk)
    assert not _is_in(client)


def test_signing_out_takes_a_post(client: Client):
    _signs_in(client, officer(Role.CLERK))
    client.get("/accounts/logout/")
    assert _is_in(client)
    client.post("/accounts/logout/")
    assert not _is_in(client)


def test_another_password_ends_the_sessions_everywhere_else():
    clerk = officer(Role.CLERK)
    here, elsewhere = Client(), Client()
    _signs_in(here, clerk)
    _signs_in(elsewhere, clerk)
    new = "moren-zhunxian-77"
    changed = here.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert changed["Location"] == ME
    assert (_is_in(here), _is_in(elsewhere)) == (True, False)


def test_a_weak_password_is_refused():
    client = signed_in(officer(Role.CLERK))
    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "123456789012", "password2": "123456789012"},
    )
    assert page.context["form"].errors["password1"]


def test_whoever_only_uses_single_sign_on_gets_no_password():
    user = services.create_user("sso", "单点", by="operator")
    services.appoint(user, Role.CLERK, by="operator")
    client = signed_in(user)
    assert client.get("/accounts/password/change/", follow=True).redirect_chain[-1][0] == ME


def test_an_administrator_gives_a_new_password_and_lifts_the_lock(client: Client):
    clerk = officer(Role.CLERK)
    for _ in range(8):
        _signs_in(client, clerk, "wrong")
    services.reset_password(clerk, "moren-zhunxian-77", by=officer(Role.ADMINISTRATOR))
    _signs_in(client, clerk, "moren-zhunxian-77")
    assert _is_in(client)


# ── Lockout


def test_after_eight_wrong_passwords_the_right_one_does_not_help(client: Client):
    clerk = officer(Role.CLERK)
    answers = [_signs_in(client, clerk, "wrong") for _ in range(8)]
    assert [page.status_code for page in answers] == [200] * 7 + [429]
    locked = _signs_in(client, clerk)
    assert locked.status_code == 429
    assert "登录已暂停" in locked.content.decode()
    assert not _is_in(client)


def test_a_lock_is_for_one_user_not_for_the_office(client: Client):
    locked, other = officer(Role.CLERK), officer(Role.CLERK)
    for _ in range(8):
        _signs_in(client, locked, "wrong")
    _signs_in(client, other)
    assert _is_in(client)


# ── Second factor


def test_with_an_app_a_password_is_not_enough(client: Client):
    clerk = officer(Role.CLERK)
    secret = _with_app(clerk)
    assert _signs_in(client, clerk, next=ME)["Location"] == reverse("mfa_authenticate")
    assert not _is_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert client.post(reverse("mfa_authenticate"), {"code": _code(secret)})["Location"] == ME
    assert _is_in(client)


def test_a_code_counts_once(client: Client):
    clerk = officer(Role.CLERK)
    code = _code(_with_app(clerk))
    other = Client()
    for one in (client, other):
        _signs_in(one, clerk)
        one.post(reverse("mfa_authenticate"), {"code": code})
    assert (_is_in(client), _is_in(other)) == (True, False)


def test_a_recovery_code_counts_once(client: Client):
    clerk = officer(Role.CLERK)
    _with_app(clerk)
    code = RecoveryCodes.activate(clerk).get_unused_codes()[0]
    other = Client()
    for one in (client, other):
        _signs_in(one, clerk)
        one.post(reverse("mfa_authenticate"), {"code": code})
    assert (_is_in(client), _is_in(other)) == (True, False)


def test_codes_cannot_be_guessed(client: Client):
    clerk = officer(Role.CLERK)
    secret = _with_app(clerk)
    _signs_in(client, clerk)
    for guess in range(10):
        client.post(reverse("mfa_authenticate"), {"code": f"{guess:06}"})
    page = client.post(reverse("mfa_authenticate"), {"code": _code(secret)})
    assert "试得太多" in page.content.decode()
    assert not _is_in(client)


def test_the_secret_of_an_app_stands_encrypted():
    clerk = officer(Role.CLERK)
    secret = _with_app(clerk)
    seed = RecoveryCodes.activate(clerk)
    stored = " ".join(str(one.data) for one in Authenticator.objects.filter(user=clerk))
    assert secret not in stored
    assert seed.get_unused_codes()[0] not in stored
    assert Authenticator.objects.get(type="totp").wrap().validate_code(_code(secret))


@pytest.mark.usefixtures("second_factor_needed")
def test_where_a_second_factor_is_needed_the_desk_opens_only_with_one(client: Client):
    clerk = officer(Role.CLERK)
    _signs_in(client, clerk)
    sent = client.get(ME, follow=True)
    assert sent.redirect_chain == [(reverse("mfa_index"), 302)]
    assert "请先设置二次验证" in sent.content.decode()
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    set_up = client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}, follow=True)
    assert set_up.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(set_up.context["unused_codes"]) == 10
    assert _is_in(client)


@pytest.mark.usefixtures("second_factor_needed")
def test_recovery_codes_alone_are_no_second_factor():
    clerk = officer(Role.CLERK)
    RecoveryCodes.activate(clerk)
    assert lacks_second_factor(clerk)


@pytest.mark.usefixtures("second_factor_needed")
def test_a_part_of_a_page_sends_the_whole_page_to_the_set_up():
    answer = signed_in(officer(Role.CLERK)).get(ME, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("mfa_index")


@pytest.mark.parametrize(
    ("mode", "told", "needed"),
    [
        ("production", None, True),
        ("development", None, False),
        ("demo", None, False),
        ("demo", True, True),
        ("production", False, False),
    ],
)
def test_production_needs_a_second_factor_unless_told_otherwise(
    settings, mode: str, told: bool | None, needed: bool
):
    environment = settings.ENVIRONMENT.model_copy(update={"mode": Mode(mode), "require_second_factor": told})
    assert environment.wants_second_factor is needed


def test_an_administrator_resets_the_second_factor_of_another():
    clerk, administrator = officer(Role.CLERK), officer(Role.ADMINISTRATOR)
    _with_app(clerk)
    services.reset_second_factor(clerk, by=administrator)
    assert not second_factors(clerk).exists()
    with pytest.raises(services.PermissionDenied):
        services.reset_second_factor(administrator, by=administrator)


def test_some_time_after_signing_in_changing_the_second_factor_asks_for_the_password_again():
    client = signed_in(officer(Role.CLERK))
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    _age(client, "signed_in_at", 301)
    assert client.get(reverse("mfa_activate_totp"))["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


# ── How long


def _age(client: Client, name: str, seconds: int) -> None:
    session = client.session
    session[name] -= seconds
    session.save()


def test_whoever_does_nothing_is_signed_out_and_told(client: Client):
    _signs_in(client, officer(Role.CLERK))
    _age(client, "seen_at", 29 * 60)
    assert _is_in(client)
    _age(client, "seen_at", 31 * 60)
    sent = client.get(ME, follow=True)
    assert sent.redirect_chain == [(f"{LOGIN}?next={ME}", 302)]
    assert "请重新登录" in sent.content.decode()


def test_a_day_of_work_ends_a_session_that_is_in_use(client: Client):
    _signs_in(client, officer(Role.CLERK))
    _age(client, "signed_in_at", 10 * 3600 + 1)
    assert not _is_in(client)


def test_the_cookie_goes_with_the_browser(client: Client):
    _signs_in(client, officer(Role.CLERK))
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.cookies["sessionid"]["httponly"]


# ── What there is not


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "3rdparty/", "3rdparty/signup/"])
def test_nobody_signs_up_resets_by_mail_or_connects(client: Client, path: str):
    assert client.get(f"/accounts/{path}").status_code == 404
