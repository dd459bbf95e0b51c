"""The chain: decisions in the order in which they were made, each holding the hash of the one before."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

_LINK = """
PERFORM 1 FROM record_chainhead WHERE id = 1 FOR UPDATE;
SELECT seq + 1, hash INTO NEW.seq, NEW.prev FROM record_chainhead WHERE id = 1;
NEW.at := clock_timestamp();
NEW.hash := encode(sha256(convert_to(
    NEW.prev || E'\\n' || NEW.seq || E'\\n' ||
    to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\\n' || NEW.body, 'UTF8')), 'hex');
UPDATE record_chainhead SET seq = NEW.seq, hash = NEW.hash WHERE id = 1;
RETURN NEW;
"""
_REFUSE = "RAISE EXCEPTION 'wenjiuye: the chain of decisions only grows' USING ERRCODE = 'WJ002';"


class ChainHead(models.Model):
    """The last link. One row, locked by whoever appends."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Link(models.Model):
    """One decision. body: JSON with sorted keys, as it was hashed; seq, prev, at and hash are the database's."""

    seq = models.BigIntegerField(primary_key=True, editable=False)
    at = models.DateTimeField(_("时间"), editable=False)
    kind = models.CharField(_("事项"), max_length=40)
    subject = models.CharField(_("对象"), max_length=60, db_index=True)
    body = models.TextField(_("内容"))
    prev = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False, unique=True)

    class Meta:
        ordering = ["seq"]
        verbose_name = _("决定记录")
        verbose_name_plural = _("决定记录")
        triggers = [
            pgtrigger.Trigger(name="links_in", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_LINK),
            pgtrigger.Trigger(
                name="only_grows",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_REFUSE,
            ),
            pgtrigger.Trigger(
                name="never_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func=_REFUSE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"
