"""Which file proves which fact of a claim, and what an officer found when looking at it."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.record.context import needs_context


@pghistory.track()
class ClaimEvidence(models.Model):
    """One file of one claim. fact: the path of the fact that it proves; empty: of the claim as a whole."""

    class Check(models.TextChoices):
        """What the officer found."""

        OPEN = "open", _("未核对")
        GOOD = "good", _("已核对")
        DOUBT = "doubt", _("有疑问")

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="evidence")
    file = models.ForeignKey("evidence.StoredFile", models.PROTECT, related_name="claims")
    fact = models.CharField(_("证明的事实"), max_length=120, blank=True)
    title = models.CharField(_("材料名称"), max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    check_state = models.CharField(max_length=6, choices=Check.choices, default=Check.OPEN)
    check_note = models.CharField(_("核对意见"), max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["claim", "id"]
        verbose_name = _("材料")
        verbose_name_plural = _("材料")
        constraints = [
            models.UniqueConstraint(fields=["claim", "file", "fact"], name="file_once_per_fact"),
            models.CheckConstraint(
                condition=~Q(check_state="doubt") | ~Q(check_note=""), name="doubt_says_what"
            ),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return self.title
