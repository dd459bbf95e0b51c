"""Users, the roles that they are appointed to, who stands in for whom, and which roles exclude each other."""

from __future__ import annotations

import datetime as dt

import pghistory
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.exclusion import no_incompatible_roles
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.record.context import needs_context


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), exclude=["password", "last_login"])
class User(AbstractUser):
    """Somebody who signs in."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    work_phone = models.CharField(_("办公电话"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name, as Django's own pages ask for it."""
        return self.name


def today() -> dt.date:
    """The date here."""
    return timezone.localdate()


def in_force(day: dt.date, of: str = "") -> Q:
    """Appointments in force on a day. of: the way to them, such as `appointments__`."""
    ends = Q(**{f"{of}ends_on__isnull": True}) | Q(**{f"{of}ends_on__gte": day})
    return Q(**{f"{of}starts_on__lte": day}) & ends


@pghistory.track()
class Appointment(models.Model):
    """One role of one user in one jurisdiction, from a day to a day.

    county: a member of the vocabulary's counties; empty: the whole city. department: the short name that the policy
    uses; empty: all.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    county = models.CharField(_("县区"), max_length=40, blank=True)
    department = models.CharField(_("部门"), max_length=40, blank=True)
    starts_on = models.DateField(_("开始日期"), default=today)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="appointment_role_known"),
        ]
        triggers = [
            needs_context(),
            no_incompatible_roles(
                "SELECT NEW.user_id UNION SELECT substitute_id FROM accounts_substitution WHERE absent_id = NEW.user_id"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class IncompatibleRoles(models.Model):
    """Two roles that nobody may have at once, be it as somebody's substitute. Triggers hold to it, whoever writes."""

    first = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    second = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("不相容角色")
        verbose_name_plural = _("不相容角色")
        constraints = [
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                name="incompatible_pair_once",
                violation_error_message=_("这两个角色已经登记为不相容。"),
            ),
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="incompatible_with_another",
                violation_error_message=_("请选两个不同的角色。"),
            ),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.get_first_display()} / {self.get_second_display()}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Substitution(models.Model):
    """Somebody does another's work from a day to a day, in the other's jurisdiction."""

    absent = models.ForeignKey(
        User, models.PROTECT, related_name="substituted_by", verbose_name=_("被代办人")
    )
    substitute = models.ForeignKey(
        User, models.PROTECT, related_name="substitutes_for", verbose_name=_("代办人")
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    reason = models.CharField(_("原因"), max_length=200)

    class Meta:
        verbose_name = _("代办")
        verbose_name_plural = _("代办")
        constraints = [
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="substitution_of_another"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="substitution_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="substitution_has_a_reason"),
        ]
        triggers = [needs_context(), no_incompatible_roles("SELECT NEW.substitute_id")]

    def __str__(self) -> str:
        return f"{self.substitute} → {self.absent}"
