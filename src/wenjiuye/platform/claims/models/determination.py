"""What the rules said, with the facts that they read: immutable, repeatable years later."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Determination(models.Model):
    """One determination of one claim.

    facts: the snapshot by path, as people write it. receipt: the whole explanation (`rules.receipt`), with its hash.
    rules_version: hash of rules and values. on: the date of decision that the rules were read with. missing: the
    facts that would settle an open one; failing: the conditions that a refusal rests on, in words. Both are of the
    receipt, kept apart because lists show them.
    """

    class Cause(models.TextChoices):
        """Why it was made."""

        FIRST = "first", _("首次判定")
        FACTS = "facts", _("事实有变化")
        RULES = "rules", _("规则有变化")

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="determinations")
    made_at = models.DateTimeField(_("时间"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cause = models.CharField(_("原因"), max_length=10, choices=Cause.choices)
    on = models.DateField(_("按此日期计算"))
    rules_version = models.CharField(_("规则版本"), max_length=40)
    facts = models.JSONField()
    receipt = models.JSONField()
    receipt_hash = models.CharField(max_length=64)
    missing = models.JSONField(default=list)
    failing = models.JSONField(default=list)
    verdict = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField(null=True)
    low_fen = models.BigIntegerField(null=True)
    high_fen = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["claim", "id"]
        verbose_name = _("判定")
        verbose_name_plural = _("判定")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=["eligible", "ineligible", "undetermined"]),
                name="determination_verdict_known",
            ),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.verdict}"
