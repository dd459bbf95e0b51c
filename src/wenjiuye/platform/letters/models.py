"""A letter that went out: what it said, and the hash of the PDF that said it."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.scope import ScopedQuerySet
from wenjiuye.platform.letters.kinds import LetterKind
from wenjiuye.platform.privacy.fields import EncryptedText

_REFUSE = "RAISE EXCEPTION 'wenjiuye: a letter is neither changed nor deleted' USING ERRCODE = 'WJ011';"


class LetterLang(models.TextChoices):
    """The language of a letter."""

    ZH = "zh", _("中文")
    EN = "en", _("英文")


class Letter(models.Model):
    """One letter. Rows are only ever added.

    county: a member of the vocabulary's counties. claim, number: of the case and of the document, as printed. data:
    JSON of the data it was made from, encrypted for the names in it. sha256: of the PDF, which stands in the folder
    `letters` under its stored name. made_with: what set it; only that sets it again to the same bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.CharField(_("县区"), max_length=40, db_index=True)
    kind = models.CharField(_("种类"), max_length=12, choices=LetterKind.choices)
    lang = models.CharField(_("语言"), max_length=2, choices=LetterLang.choices)
    claim = models.CharField(_("受理编号"), max_length=60, db_index=True)
    number = models.CharField(_("文号"), max_length=80)
    data = EncryptedText(_("内容"), purpose="letters_letter.data")
    sha256 = models.CharField(_("散列值"), max_length=64)
    stored_name = models.CharField(max_length=32, unique=True, editable=False)
    made_with = models.CharField(_("排版程序"), max_length=80)
    made_at = models.DateTimeField(_("出具时间"), auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("出具人"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LetterKind.values), name="letter_kind_known"),
            models.CheckConstraint(condition=Q(lang__in=LetterLang.values), name="letter_lang_known"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="letter_hash_whole"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_REFUSE,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
