"""Whether the pages of the served desk answer, for each of the demonstration's officers."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

from wenjiuye.platform.accounts.demo import PASSWORD, demo_officers

_LINK = re.compile(r'href="(/(?!static/|accounts/|look/|admin/)[^"#]*)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MOST = 25
"""Pages that are opened for one officer."""


def look_at_pages(address: str) -> tuple[list[str], int]:
    """Sign in as each officer and follow the links of the first page. What went wrong, and how many pages answered."""
    problems: list[str] = []
    seen = 0
    for officer in demo_officers():
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = _open(browser, f"{address}/accounts/login/")
        token = _TOKEN.search(page)
        if token is None:
            problems.append("/accounts/login/: no form")
            continue
        fields = {"csrfmiddlewaretoken": token[1], "login": officer.user.username, "password": PASSWORD}
        first = _open(
            browser,
            f"{address}/accounts/login/?next=/",
            urllib.parse.urlencode(fields).encode(),
            referer=f"{address}/accounts/login/",
        )
        links = list(dict.fromkeys(link.replace("&amp;", "&") for link in _LINK.findall(first)))[:MOST]
        if not links:
            problems.append(f"{officer.user.username}: no page after signing in")
        for link in links:
            try:
                _open(browser, address + link)
                seen += 1
            except urllib.error.HTTPError as problem:
                problems.append(f"{officer.user.username} {link}: {problem.code}")
    return problems, seen


def _open(
    browser: urllib.request.OpenerDirector, address: str, data: bytes | None = None, referer: str = ""
) -> str:
    request = urllib.request.Request(address, data=data, headers={"Referer": referer} if referer else {})
    with browser.open(request, timeout=30) as answer:
        text: str = answer.read().decode("utf-8", "replace")
    return text
