"""The system as a browser meets it: served from a thread, opened by Chromium."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections
from officers import signed_in
from playwright.sync_api import Browser, Page

from chromium import chromium as launched
from wenjiuye.platform.accounts.models import User


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _closing(application: Callable[..., Any]) -> Callable[..., Any]:
    """Each thread gives its connection back."""

    def answer(environ: Any, start: Any) -> Iterator[bytes]:
        found = application(environ, start)
        try:
            yield from found
        finally:
            found.close()
            connections.close_all()

    return answer


@contextmanager
def serving() -> Iterator[str]:
    """The address of the system. By name: passkeys are bound to one."""
    server = make_server("127.0.0.1", 0, _closing(get_wsgi_application()), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser beside Django in this thread."""
    # Inside of the browser's loop Django would not find the connections that earlier tests have left open.
    connections.close_all()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    # Playwright's own loop runs in this thread; Django would take it for an asynchronous program.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with launched() as found:
            yield found
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@dataclass
class Visits:
    """The system at an address, and the pages that users who are signed in have open."""

    address: str
    browser: Browser
    watched: list[list[str]] = field(default_factory=list)

    def page(
        self,
        user: User,
        *,
        width: int = 1440,
        scheme: str = "light",
        lang: str = "zh-hans",
        js: bool = True,
        **more: Any,
    ) -> Page:
        """A page as a user sees it. more: for the context of the browser."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=js,
            locale="zh-CN",
            **more,
        )
        context.set_default_timeout(15_000)
        cookies = {"sessionid": signed_in(user).cookies["sessionid"].value, "lang": lang}
        context.add_cookies([{"name": n, "value": v, "url": self.address} for n, v in cookies.items()])
        page = context.new_page()
        self.watched.append(watched(page))
        return page

    def at(self, user: User, address: str, **more: Any) -> Page:
        """The page at an address, as `page`."""
        page = self.page(user, **more)
        page.goto(self.address + address)
        return page

    @property
    def wrong(self) -> list[str]:
        """What went wrong on any page."""
        return [told for page in self.watched for told in page]


@contextmanager
def visits(browser: Browser) -> Iterator[Visits]:
    """The system served to a browser; in the end its pages are closed, and nothing went wrong on them."""
    with serving() as address:
        found = Visits(address, browser)
        yield found
        for context in browser.contexts:
            context.close()
    assert found.wrong == []


def watched(page: Page) -> list[str]:
    """What goes wrong on a page from now on: errors of scripts, and what the policy of content had to stop."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    return wrong
