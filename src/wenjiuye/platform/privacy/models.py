"""Every look at unmasked personal data and every export, with its reason."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonalDataAccess(models.Model):
    """Somebody saw or took out personal data. Rows are only ever added."""

    class Kind(models.TextChoices):
        """What was done."""

        UNMASK = "unmask", _("查看明文")
        EXPORT = "export", _("导出")
        FILE = "file", _("导出档案")
        EVIDENCE = "evidence", _("查看材料")

    at = models.DateTimeField(_("时间"), auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("用户"))
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    subject = models.CharField(_("对象"), max_length=80, db_index=True)
    what = models.CharField(_("内容"), max_length=200)
    reason = models.CharField(_("理由"), max_length=200)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("个人信息访问记录")
        verbose_name_plural = _("个人信息访问记录")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="access_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.subject}"
