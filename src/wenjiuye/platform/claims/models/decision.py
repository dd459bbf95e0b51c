"""Decisions of officers: first review and approvals, overrides, and how many officers it takes."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.claims.models import triggers
from wenjiuye.platform.record.context import needs_context


class Outcome(models.TextChoices):
    """What an officer is for."""

    GRANT = "grant", _("同意")
    REFUSE = "refuse", _("不予")


class Decision(models.Model):
    """One officer's decision in one stage of one round: 0 is the first review, then come approvals.

    Nobody decides twice in a round, so the first reviewer is never an approver.
    """

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="decisions")
    round = models.PositiveSmallIntegerField()
    stage = models.PositiveSmallIntegerField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("经办人")
    )
    outcome = models.CharField(_("意见"), max_length=8, choices=Outcome.choices)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    determination = models.ForeignKey("claims.Determination", models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["claim", "round", "stage"]
        verbose_name = _("审核意见")
        verbose_name_plural = _("审核意见")
        constraints = [
            models.UniqueConstraint(fields=["claim", "round", "stage"], name="one_decision_per_stage"),
            models.UniqueConstraint(
                fields=["claim", "round", "officer"],
                name="one_decision_per_officer",
                violation_error_message=_("同一人不能在一次审核中决定两次。"),
            ),
            models.CheckConstraint(condition=Q(outcome="grant") | ~Q(reason=""), name="refusal_has_a_reason"),
        ]
        triggers = [
            triggers.decisions_in_order(),
            pgtrigger.Protect(name="final", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.round}.{self.stage} {self.outcome}"


@pghistory.track()
class Override(models.Model):
    """An officer's verdict in the place of the rules': with reason, evidence and a second officer."""

    claim = models.ForeignKey("claims.Claim", models.PROTECT, related_name="overrides")
    determination = models.OneToOneField("claims.Determination", models.PROTECT, related_name="override")
    verdict = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500)
    evidence = models.ForeignKey("claims.ClaimEvidence", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("推翻判定")
        verbose_name_plural = _("推翻判定")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="override_by_two",
                violation_error_message=_("推翻判定要由另一人同意。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(rejected_by__isnull=True),
                name="override_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0),
                name="override_amount_not_negative",
            ),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.verdict}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.approved_by_id is None and self.rejected_by_id is None


@pghistory.track()
class ApprovalBand(models.Model):
    """From which sum on how many approvals are needed. An office's own rule, not the policy's."""

    from_fen = models.BigIntegerField(_("起点金额（分）"), unique=True)
    approvals = models.PositiveSmallIntegerField(_("审批人数"))

    class Meta:
        ordering = ["from_fen"]
        verbose_name = _("审批档次")
        verbose_name_plural = _("审批档次")
        constraints = [
            models.CheckConstraint(
                condition=Q(approvals__gte=1) & Q(from_fen__gte=0), name="approval_band_sane"
            )
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.from_fen / 100:.2f}: {self.approvals}"


@pghistory.track()
class SamplingRate(models.Model):
    """Which share of claims gets one more approval, as a quality sample. The seed makes the draw repeatable."""

    starts_on = models.DateField(_("开始日期"), unique=True)
    per_mille = models.PositiveSmallIntegerField(_("千分之"))
    seed = models.CharField(_("随机种子"), max_length=64)

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("质量抽查比例")
        verbose_name_plural = _("质量抽查比例")
        constraints = [models.CheckConstraint(condition=Q(per_mille__lte=1000), name="sampling_share")]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.starts_on}: {self.per_mille}‰"
