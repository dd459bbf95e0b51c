"""The facts of a claim: who says what, which conflicts an officer settled, what a claimant disputes."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.record.context import needs_context


@pghistory.track()
class Statement(models.Model):
    """What one side says about one fact: the registry, or the claimant. value: as people write it; null: not known.

    origin_zh, origin_en: where the registry has it from. as_of: the day on which it was so.
    """

    class Side(models.TextChoices):
        """Who says it."""

        REGISTRY = "registry", _("登记库")
        DECLARED = "declared", _("申请人申报")

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="statements")
    fact = models.CharField(_("事实"), max_length=120)
    side = models.CharField(_("来源"), max_length=10, choices=Side.choices)
    value = models.JSONField(null=True)
    origin = models.CharField(_("出处"), max_length=120, blank=True)
    as_of = models.DateField(_("截至"), null=True, blank=True)
    stated_at = models.DateTimeField(auto_now=True)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["claim", "id"]
        verbose_name = _("事实陈述")
        verbose_name_plural = _("事实陈述")
        constraints = [
            models.UniqueConstraint(fields=["claim", "fact", "side"], name="one_statement_per_side")
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.fact} = {self.value}"


@pghistory.track()
class Settlement(models.Model):
    """An officer settled which value of a fact holds, for the two values that stood against each other then."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="settlements")
    fact = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    registry_value = models.JSONField(null=True)
    declared_value = models.JSONField(null=True)
    reason = models.CharField(_("裁定理由"), max_length=500)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("事实裁定")
        verbose_name_plural = _("事实裁定")
        constraints = [
            models.UniqueConstraint(fields=["claim", "fact"], name="one_settlement_per_fact"),
            models.CheckConstraint(condition=~Q(reason=""), name="settlement_has_a_reason"),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.fact} = {self.value}"


@pghistory.track()
class Dispute(models.Model):
    """A claimant says that one fact is wrong, with evidence. An accepted dispute re-determines."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待处理")
        ACCEPTED = "accepted", _("成立")
        REJECTED = "rejected", _("不成立")

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="disputes")
    fact = models.CharField(_("事实"), max_length=120)
    says = models.JSONField(_("主张"))
    reason = models.CharField(_("理由"), max_length=500)
    evidence = models.ForeignKey("claims.ClaimEvidence", models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("事实异议")
        verbose_name_plural = _("事实异议")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "fact"], condition=Q(status="open"), name="one_open_dispute_per_fact"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | (Q(answered_by__isnull=False) & ~Q(answer="")),
                name="dispute_is_answered",
            ),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.fact} {self.status}"
