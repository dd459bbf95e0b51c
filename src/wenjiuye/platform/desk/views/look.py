"""Theme, density and language: links that set a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from wenjiuye.platform.accounts.permissions import open_to_all

_CHOICES = {
    "theme": ("auto", "light", "dark"),
    "mode": ("auto", "elder"),
    settings.LANGUAGE_COOKIE_NAME: tuple(code for code, _title in settings.LANGUAGES),
}
"""What can be chosen; `auto` is what one has without a choice."""
_YEAR = 365 * 24 * 3600


@open_to_all
@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, and back to the page that it was chosen on."""
    back = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(back if safe else "/")
    for name, allowed in _CHOICES.items():
        chosen = request.GET.get(name)
        if chosen == "auto":
            response.delete_cookie(name)
        elif chosen in allowed:
            response.set_cookie(
                name,
                chosen,
                max_age=_YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response
