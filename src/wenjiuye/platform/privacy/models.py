"""Every look at unmasked personal data and every export, with its reason."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

_ONLY_GROWS = """
IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    RAISE EXCEPTION 'wenjiuye: the record of looks at personal data only grows' USING ERRCODE = 'WJ004';
END IF;
RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
"""


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
        # The application has no right to change rows; this keeps the owner of the tables from it too.
        triggers = [
            pgtrigger.Trigger(
                name="only_grows",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_GROWS,
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=_ONLY_GROWS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kind} {self.subject}"
