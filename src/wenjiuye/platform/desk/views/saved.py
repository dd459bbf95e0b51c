"""Views of the list that an officer keeps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.claims import casework
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.desk.worklist.side_views import ALL


def address_of(query: str) -> str:
    """The page that shows what a query string asks for."""
    everywhere = QueryDict(query).get("view") == ALL
    path = reverse("desk:claims" if everywhere else "desk:worklist")
    return f"{path}?{query}" if query else path


@requires(Action.SEE_DESK)
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list under a name."""
    query = request.POST.get("query", "")
    try:
        view = casework.keep_view(request.user, request.POST.get("name", ""), query)
    except ClaimError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已存为视图“%(name)s”。") % {"name": view.name})
    return redirect(address_of(query))


@requires(Action.SEE_DESK)
@require_POST
def drop_view(request: HttpRequest, view: int) -> HttpResponse:
    """Forget a view."""
    casework.drop_view(request.user, view)
    messages.success(request, _("视图已删除，申请没有变化。"))
    return redirect("desk:worklist")
