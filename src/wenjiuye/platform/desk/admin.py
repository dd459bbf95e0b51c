"""The administration site, for superusers: accounts, appointments, the office's own settings, records to look at.

Whatever is changed here is on record: the request says who and why. Nothing that people did is deleted here.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from wenjiuye.platform.accounts import places
from wenjiuye.platform.accounts.models import Appointment, IncompatibleRoles, User
from wenjiuye.platform.accounts.services import incompatibility, reset_second_factor, who_holds_both
from wenjiuye.platform.claims.models import ApprovalBand, SamplingRate
from wenjiuye.platform.claims.rules_in_force import county_title
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record.models import Link
from wenjiuye.platform.workdays.models import SpecialDay

# Libraries register tables of theirs, with secrets in some: only what stands below is administered.
for _model in list(admin.site._registry):
    admin.site.unregister(_model)


class Kept(ModelAdmin):
    """Rows that are changed and never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        return False


class OnlyToLookAt(Kept):
    """Rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may."""
        return False


@admin.register(User)
class Users(UserAdmin, Kept):
    """Accounts. Whoever leaves is made inactive."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "is_superuser")
    search_fields = ("username", "name", "work_phone")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "name", "work_phone", "email")}),
        (None, {"fields": ("is_active", "is_superuser", "last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "name", "work_phone", "usable_password", "password1", "password2")}),
    )
    actions = ("forget_second_factor",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Who may enter this site is a superuser, and no other."""
        obj.is_staff = obj.is_superuser
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("重置二次验证"))
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For somebody who has lost it."""
        for user in queryset:
            try:
                reset_second_factor(user, by=request.user)
            except PermissionDenied:
                self.message_user(request, _("自己的二次验证不能自己重置。"), messages.ERROR)
            else:
                self.message_user(request, _("%(name)s 下次登录时要重新设置二次验证。") % {"name": user})


class AppointmentForm(forms.ModelForm):
    """Places are chosen from those that the policy knows; incompatible roles are told before anything is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = [("", county_title("")), *((name, county_title(name)) for name in places.counties())]
        departments = [("", _("全部")), *((name, name) for name in sorted(places.departments()))]
        for name, choices in (("county", counties), ("department", departments)):
            if name in self.fields:
                self.fields[name] = forms.ChoiceField(
                    choices=choices,
                    required=False,
                    label=self.fields[name].label,
                    widget=UnfoldAdminSelectWidget,
                )

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            with transaction.atomic():
                kept = self.instance.pk
                self.instance.save()
                transaction.set_rollback(True)
        except DatabaseError as problem:
            told = incompatibility(problem)
            if told is None:
                raise
            self.add_error(None, told)
        self.instance.pk, self.instance._state.adding = kept, kept is None


@admin.register(Appointment)
class Appointments(Kept):
    """Who holds which role where. One that is over gets its last day."""

    form = AppointmentForm
    list_display = ("user", "role", "where", "department", "starts_on", "ends_on")
    list_filter = ("role", "county")
    search_fields = ("user__username", "user__name")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

    @admin.display(description=gettext_lazy("县区"), ordering="county")
    def where(self, appointment: Appointment) -> str:
        """The county by name."""
        return county_title(appointment.county)


class PairForm(forms.ModelForm):
    """Two roles exclude each other only where nobody holds both now."""

    def clean(self) -> Any:
        """See Django."""
        given = super().clean()
        if given.get("first") and given.get("second"):
            both = who_holds_both(given["first"], given["second"])
            if both:
                raise forms.ValidationError(
                    _("%(names)s 现在两个角色都有，请先结束其中一项任职或代办。")
                    % {"names": "、".join(map(str, both))}
                )
        return given


@admin.register(IncompatibleRoles)
class Pairs(ModelAdmin):
    """Roles that exclude each other."""

    form = PairForm
    list_display = ("first", "second", "reason")


@admin.register(SpecialDay)
class SpecialDays(ModelAdmin):
    """Holidays, and weekend days that are worked."""

    list_display = ("day", "working", "name", "source")
    list_filter = ("working",)
    date_hierarchy = "day"


@admin.register(ApprovalBand)
class ApprovalBands(ModelAdmin):
    """From which sum on how many approvals."""

    list_display = ("from_fen", "approvals")


@admin.register(SamplingRate)
class SamplingRates(ModelAdmin):
    """Which share of claims gets one more approval."""

    list_display = ("starts_on", "per_mille")


@admin.register(PersonalDataAccess)
class PersonalDataAccesses(OnlyToLookAt):
    """Who saw or took out personal data, and why."""

    list_display = ("at", "user", "kind", "subject", "what", "reason")
    list_filter = ("kind",)
    search_fields = ("subject", "user__username", "user__name", "reason")
    list_select_related = ("user",)
    date_hierarchy = "at"


@admin.register(Link)
class Links(OnlyToLookAt):
    """The chain of decisions."""

    list_display = ("seq", "at", "kind", "subject")
    list_filter = ("kind",)
    search_fields = ("subject",)
    ordering = ("-seq",)
    show_full_result_count = False
