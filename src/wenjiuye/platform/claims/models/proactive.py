"""Claims opened in bulk for those whom a city run found entitled (免申即享): a dry run first, then the claims."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.record.context import needs_context


@pghistory.track()
class ProactiveRun(models.Model):
    """One list of entitled subjects of one measure. preview: what the dry run found, shown before it is confirmed."""

    class Status(models.TextChoices):
        """Where it stands."""

        PREVIEW = "preview", _("试运行")
        CONFIRMED = "confirmed", _("已开立申请")
        DROPPED = "dropped", _("已放弃")

    measure = models.CharField(_("事项"), max_length=80)
    county = models.CharField(_("县区"), max_length=40, blank=True)
    on = models.DateField(_("决定日"))
    source = models.CharField(_("来源"), max_length=200)
    rows = models.JSONField(default=list)
    preview = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PREVIEW)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]
        verbose_name = _("免申即享批次")
        verbose_name_plural = _("免申即享批次")
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.measure} {self.on}"
