"""The claim: one row whatever the measure, in one of the states, on which every step is on record."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.claims.models import triggers
from wenjiuye.platform.claims.models.names import in_pairs
from wenjiuye.platform.claims.states import DECIDED, State, Turn
from wenjiuye.platform.privacy.fields import EncryptedText
from wenjiuye.platform.record.context import needs_context

_OPEN = ~Q(turn=Turn.NOBODY)
_LISTED = ["assigned_to", "state", "verdict", "measure", "high_fen", "open_conflicts", "since", "round"]
"""What work lists count and filter by: kept in their indexes, so that counting reads no rows."""


class ClaimQuerySet(ScopedQuerySet):
    """Claims of a jurisdiction."""

    department_column = "departments"


@pghistory.track(exclude=["payee_account"])
class Claim(models.Model):
    """One claim under one measure for one subject.

    subject: what the measure decides about (a person, an employer, a job …), by its key in the registry. claimant:
    who asks. round: how often it has been in review. version: raised by every change, so that two officers cannot
    overwrite each other. verdict and amounts are those of the determination; the database copies them. amount_fen:
    what is granted; null where the measure grants no sum.
    """

    class Source(models.TextChoices):
        """Where a claim comes from."""

        APPLICATION = "application", _("本人申请")
        COUNTER = "counter", _("窗口代录")
        PROACTIVE = "proactive", _("免申即享")

    class ClaimantKind(models.TextChoices):
        """Who mostly claims; besides, what a measure decides about can claim for itself (a venue, a community)."""

        PERSON = "person", _("个人")
        ENTERPRISE = "enterprise", _("用人单位")

    class Verdict(models.TextChoices):
        """What the rules say."""

        ELIGIBLE = "eligible", _("符合")
        INELIGIBLE = "ineligible", _("不符合")
        UNDETERMINED = "undetermined", _("待定")

    number = models.CharField(_("申请号"), max_length=20, unique=True)
    measure = models.CharField(_("事项"), max_length=80)
    clause = models.CharField(_("条款"), max_length=20)
    subject_kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=80)
    claimant_kind = models.CharField(_("申请人类型"), max_length=30)
    claimant_key = models.CharField(max_length=80)
    claimant_name = models.CharField(_("申请人"), max_length=200)
    county = models.CharField(_("县区"), max_length=40)
    departments = ArrayField(
        models.CharField(max_length=40), verbose_name=_("部门"), default=list, blank=True
    )
    source = models.CharField(_("来源"), max_length=12, choices=Source.choices)
    applied_on = models.DateField(_("申请日期"))
    period_from = models.DateField(_("开始月份"), null=True, blank=True)
    period_to = models.DateField(_("结束月份"), null=True, blank=True)

    state = models.CharField(_("阶段"), max_length=16, choices=State.choices, default=State.DRAFT)
    turn = models.CharField(_("轮到"), max_length=12, choices=Turn.choices, default=Turn.CLAIMANT)
    round = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(_("进入本阶段"), auto_now_add=True)
    due_on = models.DateField(_("应办结日期"), null=True, blank=True)
    due_sure = models.BooleanField(default=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
        # claim_assigned begins with it.
        db_index=False,
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)

    determination = models.ForeignKey(
        "claims.Determination", models.PROTECT, null=True, blank=True, related_name="current_of"
    )
    verdict = models.CharField(_("判定"), max_length=12, choices=Verdict.choices, blank=True)
    amount_fen = models.BigIntegerField(_("金额"), null=True, blank=True)
    low_fen = models.BigIntegerField(null=True, blank=True)
    high_fen = models.BigIntegerField(null=True, blank=True)
    open_conflicts = models.PositiveSmallIntegerField(_("待裁定"), default=0)
    approvals_needed = models.PositiveSmallIntegerField(_("审批人数"), default=1)
    sampled = models.BooleanField(_("质量抽查"), default=False)

    payee_name = models.CharField(_("收款人"), max_length=200, blank=True)
    payee_bank = models.CharField(_("开户行"), max_length=200, blank=True)
    payee_account = EncryptedText(_("收款账号"), purpose="claims_claim.payee_account", null=True, blank=True)
    payee_account_hash = models.BinaryField(null=True, blank=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("申请")
        verbose_name_plural = _("申请")
        indexes = [
            models.Index(
                fields=["turn", "due_on", "id"],
                include=["county", *_LISTED],
                condition=_OPEN,
                name="claim_open_due",
            ),
            models.Index(
                fields=["county", "turn", "due_on", "id"],
                include=_LISTED,
                condition=_OPEN,
                name="claim_open_county_due",
            ),
            models.Index(
                fields=["assigned_to", "turn", "due_on"],
                condition=Q(assigned_to__isnull=False),
                name="claim_assigned",
            ),
            models.Index(fields=["applied_on", "id"], name="claim_applied"),
            models.Index(fields=["due_on", "id"], name="claim_due"),
            models.Index(fields=["high_fen", "id"], name="claim_sum"),
            models.Index(
                fields=["state", "applied_on", "id"],
                include=["county", "turn", "high_fen", "since", "open_conflicts"],
                name="claim_state_applied",
            ),
            models.Index(fields=["subject_kind", "subject_key"], name="claim_subject"),
            models.Index(fields=["claimant_kind", "claimant_key"], name="claim_claimant"),
            models.Index(
                fields=["measure", "county", "applied_on", "id"],
                include=["verdict", "state", "high_fen", "since"],
                name="claim_measure_county",
            ),
            models.Index(fields=["payee_account_hash"], name="claim_payee"),
            GinIndex(OpClass(in_pairs("claimant_name"), name="gin_trgm_ops"), name="claim_name_pairs"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="claim_state_known"),
            models.CheckConstraint(condition=Q(turn__in=Turn.values), name="claim_turn_known"),
            models.CheckConstraint(
                condition=Q(determination__isnull=False) | ~Q(state__in=sorted(DECIDED)),
                name="claim_decided_on_rules",
            ),
            models.CheckConstraint(
                condition=Q(round__gt=0)
                | Q(state__in=["draft", "submitted", "accepted", "returned", "withdrawn"]),
                name="claim_reviewed_before_decided",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") | ~Q(state__in=["returned", "refused", "withdrawn", "suspended"]),
                name="claim_reason_where_adverse",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True, period_to__isnull=True)
                | Q(period_to__gte=F("period_from")),
                name="claim_period_whole",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__isnull=True) | Q(amount_fen__gte=0), name="claim_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(turn="nobody") | ~Q(state__in=["withdrawn", "refused", "paid", "recovered"]),
                name="claim_ended_is_nobodys_turn",
            ),
        ]
        triggers = [
            needs_context(),
            triggers.moves_along_the_table(),
            triggers.starts_as_draft(),
            triggers.takes_over_determination(),
            triggers.every_step_on_record(),
        ]

    def __str__(self) -> str:
        return self.number


class StateChange(models.Model):
    """The ways of `states.TRANSITIONS` as the database knows them; filled by migrations, read by a trigger."""

    name = models.CharField(max_length=20)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "source"], name="state_change_once")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Step(models.Model):
    """One step of a claim. Rows are only ever added. version: that of the claim after the step."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    name = models.CharField(_("步骤"), max_length=20)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["claim", "version"]
        verbose_name = _("办理经过")
        verbose_name_plural = _("办理经过")
        constraints = [models.UniqueConstraint(fields=["claim", "version"], name="one_step_per_version")]
        triggers = [
            pgtrigger.Protect(name="only_added", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.name}"
