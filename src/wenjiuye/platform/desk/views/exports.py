"""Taking claims out as a workbook: how many, why, with or without personal data; the work is done in the background."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.desk.exports import MOST_ROWS, Export, start_export
from wenjiuye.platform.desk.views.saved import address_of
from wenjiuye.platform.desk.worklist import filters
from wenjiuye.platform.desk.worklist.counting import counts, told
from wenjiuye.platform.desk.worklist.listing import choice, claims_of, desk_of
from wenjiuye.platform.desk.worklist.side_views import VIEWS
from wenjiuye.platform.privacy.services import SHORTEST_REASON, PrivacyError


@requires(Action.EXPORT)
def export(request: HttpRequest) -> HttpResponse:
    """Say why, then start."""
    sent = request.method == "POST"
    query = (request.POST if sent else request.GET).get("query", "")
    problem = ""
    if sent:
        wanted = Export(query, request.POST.get("reason", ""), bool(request.POST.get("plain")))
        try:
            start_export(wanted, request.user)
        except PrivacyError as found:
            problem = found.message
        else:
            messages.success(request, _("导出已开始，做好后在这里下载。"))
            return redirect("desk:jobs")
    desk = desk_of(request.user)
    chosen = choice(desk, QueryDict(query))
    number = counts({"": claims_of(desk, chosen, Action.EXPORT)})[""]
    context = {
        "area": "worklist",
        "query": query,
        "back": address_of(query),
        "title": VIEWS[chosen.view].title if chosen.view in VIEWS else _("全部申请"),
        "chips": filters.chips(chosen.filters, QueryDict(query)),
        "count": told(number),
        "is_empty": number == 0,
        "most_told": f"{MOST_ROWS:,}",
        "shortest": SHORTEST_REASON,
        "may_unmask": may(request.user, Action.UNMASK),
        "reason": request.POST.get("reason", ""),
        "plain": bool(request.POST.get("plain")),
        "problem": problem,
    }
    return render(request, "desk/worklist_export.html", context, status=422 if problem else 200)
