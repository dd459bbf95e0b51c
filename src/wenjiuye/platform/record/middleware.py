"""What a request changes is on record as its user's, with the address of the page as the reason."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from wenjiuye.platform.record.context import on_record

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class WhoAndWhy:
    """Sets who and why for requests that change something, and for sign-ins by link."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        if request.method not in _CHANGING and not request.path.startswith("/accounts/"):
            return self.get_response(request)
        actor = request.user if request.user.is_authenticated else "anonymous"
        with on_record(actor, f"{request.method} {request.path}"):
            return self.get_response(request)
