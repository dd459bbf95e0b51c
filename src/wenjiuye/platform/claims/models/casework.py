"""What officers do around a claim: comments, handing over, views of the work list that they keep."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.claims.states import Turn


class Comment(models.Model):
    """A note for colleagues. It stays as it was written."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("批注"), max_length=2000)

    class Meta:
        ordering = ["claim", "at"]
        verbose_name = _("批注")
        verbose_name_plural = _("批注")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something")]
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text[:40]


class Handover(models.Model):
    """A claim went from one officer to another."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="handovers")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        ordering = ["claim", "at"]
        verbose_name = _("移交")
        verbose_name_plural = _("移交")
        triggers = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.claim_id} → {self.to_user}"


class Notice(models.Model):
    """What somebody is to be told: the claimant, or whoever has the next step. seen_at: when it was."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="notices")
    to = models.CharField(_("告知"), max_length=12, choices=Turn.choices)
    step = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["claim", "at"]
        verbose_name = _("告知")
        verbose_name_plural = _("告知")

    def __str__(self) -> str:
        return f"{self.claim_id} {self.step} → {self.to}"


class SavedView(models.Model):
    """Filters of the work list under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("名称"), max_length=40)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["user", "created_at"]
        verbose_name = _("视图")
        verbose_name_plural = _("视图")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="saved_view_once", violation_error_message=_("已有同名视图。")
            )
        ]

    def __str__(self) -> str:
        return self.name
