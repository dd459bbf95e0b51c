"""Files on their way into the registry: what was uploaded, how its columns are read, what the check found."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.registry.models.batches import ImportBatch


class FileImport(models.Model):
    """One file from its upload to its batch. folder: of its files, under the folder of imports; empty: swept.

    job: the one that works on it or worked on it last. checked_at: when the registry was last compared with.
    """

    class State(models.TextChoices):
        """Where it stands."""

        READING = "reading", _("读取中")
        MAPPING = "mapping", _("待核对列")
        CHECKING = "checking", _("检查中")
        CHECKED = "checked", _("待导入")
        LOADING = "loading", _("导入中")
        LOADED = "loaded", _("已导入")
        DROPPED = "dropped", _("已放弃")

    OVER = (State.LOADED, State.DROPPED)
    BUSY = (State.READING, State.CHECKING, State.LOADING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("导入人")
    )
    file_name = models.CharField(_("文件"), max_length=200)
    folder = models.CharField(max_length=40, blank=True)
    size = models.BigIntegerField(_("大小"))
    title = models.CharField(_("名称"), max_length=200)
    as_of = models.DateField(_("数据截至"))
    kind = models.CharField(_("方式"), max_length=10, choices=ImportBatch.Kind.choices)
    county = models.CharField(_("县区"), max_length=40, blank=True)
    corrects = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, related_name="+", verbose_name=_("更正批次")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.READING)
    job = models.ForeignKey(BackgroundJob, models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    notes = models.JSONField(default=list)
    batch = models.OneToOneField(ImportBatch, models.PROTECT, null=True, related_name="file_import")
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        indexes = [models.Index(fields=["state", "changed_at"], name="file_import_state_changed")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="loaded", batch__isnull=False)
                | (~Q(state="loaded") & Q(batch__isnull=True)),
                name="file_import_loaded_has_batch",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_busy(self) -> bool:
        """Whether a job works on it, or should."""
        return self.state in self.BUSY


class ImportSheet(models.Model):
    """One sheet of a file; of a text file the only one.

    headers: as they stand in row `header_row`. table: of the data model, empty: not imported. columns: for each header
    the name of the column that it is, empty: not read. problem: why it cannot be read at all.
    """

    file = models.ForeignKey(FileImport, models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    header_row = models.PositiveIntegerField(default=1)
    headers = models.JSONField(default=list)
    rows = models.BigIntegerField(default=0)
    pieces = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)
    table = models.CharField(max_length=40, blank=True)
    columns = models.JSONField(default=list)

    class Meta:
        ordering = ["file", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_sheet_once")]

    def __str__(self) -> str:
        return self.name


class CheckedTable(models.Model):
    """What the check found of one table, against the registry as it then was.

    read: rows of the file, of which bad cannot come in; of the others new, changed and same. gone: live rows that a
    whole import would take out.
    """

    file = models.ForeignKey(FileImport, models.CASCADE, related_name="tables")
    table = models.CharField(max_length=40)
    read = models.BigIntegerField()
    bad = models.BigIntegerField()
    new = models.BigIntegerField()
    changed = models.BigIntegerField()
    same = models.BigIntegerField()
    gone = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["file", "id"]
        constraints = [
            models.UniqueConstraint(fields=["file", "table"], name="checked_table_once"),
            models.CheckConstraint(
                condition=Q(read=models.F("bad") + models.F("new") + models.F("changed") + models.F("same")),
                name="checked_rows_add_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.read}"


class HeaderMapping(models.Model):
    """What a header of a table's files means, as officers said: remembered for the next file.

    header: without blanks, widths and case. column: name in the data model, empty: the column is not read.
    """

    table = models.CharField(max_length=40)
    header = models.CharField(max_length=200)
    column = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "header"], name="header_mapping_once")]

    def __str__(self) -> str:
        return f"{self.table}: {self.header} → {self.column}"
