"""Pairs of rows that may be one person or firm, and what became of them."""

from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.record.context import needs_context
from wenjiuye.platform.registry.models.batches import ImportBatch


class TwoKinds(models.TextChoices):
    """What can be twice in the registry."""

    PERSON = "person", _("个人")
    ENTERPRISE = "enterprise", _("用人单位")


@pghistory.track()
class DuplicatePair(models.Model):
    """Two rows that may be one. first < second, so that a pair stands here once. county: of the first."""

    class State(models.TextChoices):
        """What an officer found."""

        OPEN = "open", _("待核对")
        DISTINCT = "distinct", _("不是同一个")
        MERGED = "merged", _("已合并")

    class Reason(models.TextChoices):
        """Why they may be one."""

        RESIDENT_ID = "resident_id", _("身份证号相同")
        NAME_AND_BIRTH = "name_and_birth", _("姓名和出生日期相同")
        CREDIT_CODE = "credit_code", _("统一社会信用代码相同")
        SIMILAR_NAME = "similar_name", _("同县区名称相近")

    kind = models.CharField(_("类型"), max_length=10, choices=TwoKinds.choices)
    first = models.TextField()
    second = models.TextField()
    county = models.CharField(_("县区"), max_length=40, blank=True)
    reasons = ArrayField(models.CharField(max_length=20, choices=Reason.choices))
    likeness = models.FloatField(_("相似度"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_why = models.CharField(_("理由"), max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-likeness", "id"]
        verbose_name = _("疑似重复")
        verbose_name_plural = _("疑似重复")
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(settled_at__isnull=False) & ~Q(settled_why="")),
                name="settled_duplicate_has_a_reason",
            ),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} / {self.second}"


@pghistory.track()
class Merge(models.Model):
    """One row was taken into another. It holds as long as its batch is in force."""

    batch = models.OneToOneField(ImportBatch, models.PROTECT, related_name="merge")
    kind = models.CharField(_("类型"), max_length=10, choices=TwoKinds.choices)
    kept = models.TextField(db_index=True)
    dropped = models.TextField(db_index=True)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        ordering = ["-batch"]
        verbose_name = _("合并")
        verbose_name_plural = _("合并")
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("dropped")), name="merge_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.kind} {self.dropped} → {self.kept}"
