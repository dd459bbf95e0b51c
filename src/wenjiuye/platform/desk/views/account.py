"""One's own page: posts, second factor, who stands in for whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wenjiuye.platform.accounts.errors import AccountError
from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import Substitution, User, today
from wenjiuye.platform.accounts.permissions import Action, requires
from wenjiuye.platform.accounts.second_factor import second_factors
from wenjiuye.platform.accounts.services import colleagues, end_substitution, substitute


class _Colleague(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.username})"


class SubstitutionForm(forms.Form):
    """Who stands in, from when to when, why."""

    by_whom = _Colleague(
        User.objects.none(), label=gettext_lazy("代办人"), empty_label=gettext_lazy("请选择")
    )
    starts_on = forms.DateField(
        label=gettext_lazy("从"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    ends_on = forms.DateField(label=gettext_lazy("到"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    reason = forms.CharField(label=gettext_lazy("代办原因"), max_length=200)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by_whom"].queryset = colleagues(user)


@requires(Action.SEE_DESK)
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What the system knows of the user."""
    return _page(request, SubstitutionForm(request.user, initial={"starts_on": today()}))


@requires(Action.SUBSTITUTE)
def name_substitute(request: HttpRequest) -> HttpResponse:
    """Name somebody who does the user's work for some days."""
    if request.method != "POST":
        return redirect("desk:me")
    form = SubstitutionForm(request.user, request.POST)
    if form.is_valid():
        try:
            made = substitute(request.user, **form.cleaned_data, by=request.user)
        except AccountError as problem:
            form.add_error(None, problem.message)
        else:
            messages.success(
                request,
                _("%(name)s 从 %(start)s 到 %(end)s 替你办理。")
                % {"name": made.substitute, "start": made.starts_on, "end": made.ends_on},
            )
            return redirect("desk:me")
    return _page(request, form, status=422)


@requires(Action.SUBSTITUTE)
@require_POST
def end_substitute(request: HttpRequest, pk: int) -> HttpResponse:
    """End a substitution of the user's at once."""
    found = get_object_or_404(Substitution, pk=pk, absent=request.user)
    try:
        end_substitution(found, by=request.user)
    except AccountError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, _("%(name)s 不再替你办理。") % {"name": found.substitute})
    return redirect("desk:me")


def _page(request: HttpRequest, form: SubstitutionForm, status: int = 200) -> HttpResponse:
    user, day = request.user, today()
    running = Substitution.objects.filter(ends_on__gte=day).select_related("absent", "substitute")
    context = {
        "appointments": user.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day)).order_by(
            "starts_on", "role"
        ),
        "has_second_factor": second_factors(user).exists(),
        "for_me": running.filter(absent=user).order_by("starts_on"),
        "by_me": running.filter(substitute=user).order_by("starts_on"),
        "may_substitute": may(user, Action.SUBSTITUTE),
        "form": form,
        "today": day,
    }
    return render(request, "desk/me.html", context, status=status)
