"""Signing in as a browser does it: apps, passkeys, everybody can read the pages, nothing inline has to be stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from live import chromium, serving, watched
from officers import PASSWORD, officer
from playwright.sync_api import Browser, BrowserContext, Page, expect

from wenjiuye.platform.accounts import services
from wenjiuye.platform.accounts.models import User, today
from wenjiuye.platform.accounts.permissions import Role


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for these tests."""
    with chromium() as found:
        yield found


@pytest.fixture
def address(own_database: Any) -> Iterator[str]:
    """Where the system answers."""
    with serving() as found:
        yield found


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """Somebody's browser."""
    found = browser.new_context(base_url=address, locale="zh-CN")
    found.set_default_timeout(15_000)
    yield found
    found.close()


def _code(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def _sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/?next=/me/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


@pytest.mark.usefixtures("second_factor_needed")
def test_an_officer_sets_up_an_app_on_the_first_day_and_signs_in_with_it_on_the_second(
    context: BrowserContext,
):
    clerk = officer(Role.CLERK, "jianan", name="刘敏")
    page = context.new_page()
    wrong = watched(page)
    _sign_in(page, clerk)
    expect(page.get_by_role("heading", name="二次验证", exact=True)).to_be_visible()
    page.get_by_role("link", name="设置动态口令").click()
    secret = page.locator("code.secret").inner_text()
    expect(page.get_by_role("img", name="二维码")).to_have_js_property("complete", True)
    page.get_by_label("应用里显示的 6 位数字").fill("000000")
    page.get_by_role("button", name="启用动态口令").click()
    expect(page.get_by_text("验证码不对")).to_be_visible()
    assert page.locator("code.secret").inner_text() == secret
    page.get_by_label("应用里显示的 6 位数字").fill(_code(secret, -1))
    page.get_by_role("button", name="启用动态口令").click()
    expect(page.get_by_role("list", name="还没用过的备用码").get_by_role("listitem")).to_have_count(10)
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    _sign_in(page, clerk)
    page.get_by_label("验证码").fill(_code(secret))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="刘敏")).to_be_visible()
    assert wrong == []


def test_a_passkey_takes_the_place_of_the_password(context: BrowserContext):
    clerk = officer(Role.CLERK, "jianan", name="刘敏")
    page = context.new_page()
    wrong = watched(page)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    _sign_in(page, clerk)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("密钥名称").fill("办公室电脑")
    page.get_by_label("以后只用它登录").check()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text("通行密钥已添加")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("heading", name="办公室电脑")).to_be_visible()
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_role("heading", name="刘敏")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    _sign_in(page, clerk)
    page.get_by_role("button", name="用通行密钥确认").click()
    expect(page.get_by_role("heading", name="刘敏")).to_be_visible()
    assert wrong == []


def test_a_passkey_that_does_not_answer_is_told(context: BrowserContext):
    page = context.new_page()
    page.goto("/accounts/login/")
    page.evaluate("window.webauthnJSON = {get: () => Promise.reject(new Error('cancelled'))}")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("通行密钥没有回应")).to_be_visible()


def test_without_scripts_one_signs_in_with_the_password(browser: Browser, address: str):
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    _sign_in(page, officer(Role.CLERK, name="刘敏"))
    expect(page.get_by_role("heading", name="刘敏")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/add/")
    expect(page.get_by_text("或者用动态口令")).to_be_visible()
    context.close()


# ── Everybody can read them

ENTRANCE = ("/accounts/login/", "/accounts/inactive/", "/accounts/3rdparty/login/error/", "/nowhere/")
OWN = (
    "/me/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/admin/",
)
WITH_APP = (
    "/accounts/2fa/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
)


def _readable(page: Page, path: str) -> None:
    page.goto(path)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"{path} is wider than the window"


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(390, "light", "zh-hans"), (390, "dark", "en"), (1440, "dark", "zh-hans"), (1440, "light", "en")],
)
def test_every_page_is_for_everybody(browser: Browser, address: str, width: int, theme: str, language: str):
    absent, colleague = (
        officer(Role.REVIEWER, "jianan", name="欧阳建国"),
        officer(Role.REVIEWER, "weidu", name="刘敏"),
    )
    services.substitute(absent, colleague, today(), today(), "年休假", by=absent)
    services.substitute(colleague, absent, today(), today(), "去省里开会", by=colleague)
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, locale="zh-CN")
    page = context.new_page()
    wrong = watched(page)
    for path in ENTRANCE:
        page.goto(f"/look/?theme={theme}&lang={language}")
        _readable(page, path)
    page.goto("/look/?lang=zh-hans")
    _sign_in(page, absent)
    expect(page).to_have_url(f"{address}/me/")
    page.goto(f"/look/?lang={language}")
    for path in OWN:
        _readable(page, path)
    page.goto("/accounts/2fa/totp/activate/")
    page.locator("input[name=code]").fill(_code(page.locator("code.secret").inner_text()))
    page.locator("main form button").click()
    page.wait_for_url("**/recovery-codes/")
    for path in WITH_APP:
        _readable(page, path)
    page.goto("/me/")
    page.locator("form[action='/accounts/logout/'] button").click()
    page.goto("/look/?lang=zh-hans")
    _sign_in(page, absent)
    page.wait_for_url("**/authenticate/")
    page.goto(f"/look/?lang={language}")
    _readable(page, "/accounts/2fa/authenticate/")
    context.close()
    assert wrong == []
