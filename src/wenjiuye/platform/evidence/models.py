"""A file that proves a fact. Its content stands outside of the database; the row says what it must be."""

from __future__ import annotations

import uuid
from typing import Self

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.evidence.kinds import MediaType
from wenjiuye.platform.evidence.limits import MAX_NAME
from wenjiuye.platform.record.context import needs_context


class ScanState(models.TextChoices):
    """What the virus scanner says."""

    NOT_SCANNED = "not_scanned", _("未配置扫描")
    CLEAN = "clean", _("未发现病毒")
    INFECTED = "infected", _("发现病毒")


_REFUSE = "RAISE EXCEPTION 'wenjiuye: evidence is neither changed nor deleted' USING ERRCODE = 'WJ010';"


class StoredFileQuerySet(ScopedQuerySet):
    """Files of a jurisdiction."""

    def with_content(self, sha256_received: str) -> Self:
        """Those that came in with the same bytes."""
        return self.filter(sha256_received=sha256_received)


@pghistory.track(pghistory.UpdateEvent(), fields=["scan"])
class StoredFile(models.Model):
    """One file. Of its columns only `scan` ever changes; rows are not deleted.

    county: a member of the vocabulary's counties. name: as it was given, for people. sha256_received, sha256: of
    what came and of what is kept. bytes: of what is kept. pages: of a PDF or OFD; width, height: pixels of a
    picture. stored_name: random, tells nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.CharField(_("县区"), max_length=40, db_index=True)
    name = models.CharField(_("文件名"), max_length=MAX_NAME)
    sha256_received = models.CharField(_("收到时的散列值"), max_length=64, db_index=True)
    sha256 = models.CharField(_("保存的散列值"), max_length=64)
    media_type = models.CharField(_("文件类型"), max_length=80, choices=MediaType.choices)
    bytes = models.BigIntegerField(_("字节数"))
    pages = models.IntegerField(_("页数"), null=True)
    width = models.IntegerField(_("宽"), null=True)
    height = models.IntegerField(_("高"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    scan = models.CharField(_("病毒扫描"), max_length=12, choices=ScanState.choices)
    stored_name = models.CharField(max_length=32, unique=True, editable=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "id"]
        verbose_name = _("材料文件")
        verbose_name_plural = _("材料文件")
        constraints = [
            models.CheckConstraint(
                condition=Q(media_type__in=MediaType.values), name="evidence_media_type_known"
            ),
            models.CheckConstraint(condition=Q(scan__in=ScanState.values), name="evidence_scan_state_known"),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$") & Q(sha256_received__regex="^[0-9a-f]{64}$"),
                name="evidence_hashes_whole",
            ),
        ]
        triggers = [
            needs_context(),
            pgtrigger.Trigger(
                name="content_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["scan"]),
                func=_REFUSE,
            ),
            pgtrigger.Trigger(
                name="never_deleted", when=pgtrigger.Before, operation=pgtrigger.Delete, func=_REFUSE
            ),
        ]

    def __str__(self) -> str:
        return self.name
