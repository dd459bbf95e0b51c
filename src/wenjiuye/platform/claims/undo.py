"""Rows of the registry that claims are about stay: a batch that brought them cannot be taken back."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.registry.models import MODELS, ImportBatch
from wenjiuye.platform.registry.undoing import refuse_undo, vanishing

SHOWN = 3
_TABLE_OF = {"hire": "employment", "park_tenant": "lease", "sole_trader": "enterprise"}
"""Where the rows of a subject stand whose table is called otherwise."""


@refuse_undo
def claims_are_about_it(batch: ImportBatch) -> str | None:
    """Which claims are about rows that would be gone."""
    condition = Q(pk__in=[])
    for kind in Claim.objects.of_case().values_list("subject_kind", flat=True).distinct():
        table = _TABLE_OF.get(kind, kind)
        if table in MODELS:
            condition |= Q(subject_kind=kind, subject_key__in=vanishing(batch, table))
    for kind in ("person", "enterprise"):
        condition |= Q(claimant_kind=kind, claimant_key__in=vanishing(batch, kind))
    numbers = list(Claim.objects.of_case().filter(condition).values_list("number", flat=True)[: SHOWN + 1])
    if not numbers:
        return None
    told = "、".join(numbers[:SHOWN]) + ("…" if len(numbers) > SHOWN else "")
    return _("申请 %(numbers)s 用到这批数据，不能撤销。") % {"numbers": told}
