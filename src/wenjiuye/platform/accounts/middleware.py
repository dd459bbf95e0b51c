"""Deny by default: a view opens only if it names the action that it is, to whoever may do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.scope import request_scope, service_scope

# Sign-in pages guard themselves; the administration site lets superusers in and nobody else.
_OF_LIBRARIES = ("allauth.", "django.contrib.admin", "django.views.i18n")


class DenyByDefault:
    """Checks the declared action before any view runs, and makes its queries say for whom they ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """See Django."""
        if request.resolver_match is not None and request.resolver_match.app_name == "admin":
            with service_scope():
                if request.user.is_authenticated and not request.user.is_superuser:
                    raise PermissionDenied
            return None
        if getattr(view, "open_to_all", False) or view.__module__.startswith(_OF_LIBRARIES):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        action = getattr(view, "required_action", None)
        if action is None or not may(request.user, action):
            raise PermissionDenied
        with request_scope():
            return view(request, *args, **kwargs)
