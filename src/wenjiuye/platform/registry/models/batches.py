"""Batches: what came into the registry at one time, from where, as of which day; and what was set aside."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.record.context import needs_context


@pghistory.track()
class ImportBatch(models.Model):
    """Rows that came in together, and can be taken back together. by: null where the system itself brought them."""

    class Kind(models.TextChoices):
        """How the rows came."""

        CHANGES = "changes", _("增量导入")
        WHOLE = "whole", _("全量导入")
        MERGE = "merge", _("合并重复")

    class State(models.TextChoices):
        """Whether its rows count."""

        IN_FORCE = "in_force", _("有效")
        UNDONE = "undone", _("已撤销")

    kind = models.CharField(_("方式"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.IN_FORCE)
    title = models.CharField(_("名称"), max_length=200)
    source = models.CharField(_("来源文件"), max_length=400, blank=True)
    county = models.CharField(_("县区"), max_length=40, blank=True)
    as_of = models.DateField(_("数据截至"))
    loaded_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    rows = models.BigIntegerField(_("行数"), default=0)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name=_("更正批次")
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_why = models.CharField(_("撤销理由"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("导入批次")
        verbose_name_plural = _("导入批次")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="in_force", undone_at__isnull=True)
                | (Q(state="undone", undone_at__isnull=False) & ~Q(undone_why="")),
                name="undone_batch_has_time_and_reason",
            ),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="batch_corrects_another"),
        ]
        triggers = [needs_context(), pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title} ({self.as_of})"


class ImportedTable(models.Model):
    """One table of a batch. A table stands here even if it came without rows: then the city keeps it.

    first_month: of monthly tables. set_aside: rows that were not taken in.
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="tables")
    table = models.CharField(max_length=40)
    rows = models.BigIntegerField()
    set_aside = models.BigIntegerField(default=0)
    first_month = models.DateField(null=True)

    class Meta:
        ordering = ["batch", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "table"], name="table_once_a_batch")]

    def __str__(self) -> str:
        return f"{self.table}: {self.rows}"


class SetAside(models.Model):
    """Some rows that name this owner were set aside: what is counted over the rest is not known.

    column: that names the owner. replaced_by: the batch that brought the rows after all.
    """

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="+")
    table = models.CharField(max_length=40)
    column = models.CharField(max_length=40)
    owner = models.TextField()
    replaced_by = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="set_aside_live_owner", condition=Q(replaced_by__isnull=True))
        ]
        triggers = [needs_context()]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} {self.owner}"
