"""Deny by default: a view opens only if it names the action that it is, to whoever may do it. Sessions end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.scope import request_scope, scoped_stream
from wenjiuye.platform.accounts.second_factor import lacks_second_factor

# Sign-in pages guard themselves.
_OF_LIBRARIES = ("allauth.",)

View = Callable[..., Any]


class DenyByDefault:
    """Checks the declared action before any view runs, and makes its queries say for whom they ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        with request_scope():
            response = self.get_response(request)
        if response.streaming and not response.is_async:
            response.streaming_content = scoped_stream(response.streaming_content)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """See Django."""
        of_admin = request.resolver_match is not None and request.resolver_match.app_name == "admin"
        if not of_admin and (
            getattr(view, "open_to_all", False) or view.__module__.startswith(_OF_LIBRARIES)
        ):
            return None
        if not request.user.is_authenticated:
            # The administration site has a form of its own, which would not ask for a second factor.
            return _to_sign_in(request)
        if not (request.user.is_superuser if of_admin else _allowed(request.user, view)):
            raise PermissionDenied
        if lacks_second_factor(request.user):
            messages.warning(request, _("请先设置二次验证，再开始工作。"))
            return _sent(request, redirect("mfa_index"))
        return None


class SessionLimits:
    """Signs out whoever did nothing for a while, and everybody after a day's work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """See Django."""
        if request.user.is_authenticated:
            session, now = request.session, time.time()
            idle = now - session.setdefault("seen_at", now)
            long = now - session.setdefault("signed_in_at", now)
            if idle > settings.SESSION_IDLE_SECONDS or long > settings.SESSION_COOKIE_AGE:
                logout(request)
                messages.warning(request, _("太久没有操作，或者登录已满一天的工作时间，请重新登录。"))
                return _to_sign_in(request)
            # Not with every request: each would be a write to the database.
            if idle > settings.SESSION_SEEN_EVERY_SECONDS:
                session["seen_at"] = now
        return self.get_response(request)


def note_sign_in(request: HttpRequest, **_signal: Any) -> None:
    """A new sign-in begins to count anew."""
    request.session["seen_at"] = request.session["signed_in_at"] = time.time()


def _allowed(user: Any, view: View) -> bool:
    action = getattr(view, "required_action", None)
    return action is not None and may(user, action)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and, after it, back to the page that somebody was on."""
    htmx = getattr(request, "htmx", None)
    here = htmx.current_url_abs_path if htmx else request.get_full_path() if request.method == "GET" else ""
    return _sent(request, redirect_to_login(here or "/"))


def _sent(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A redirect; of a part of a page the whole page goes."""
    return HttpResponseClientRedirect(response["Location"]) if getattr(request, "htmx", None) else response
