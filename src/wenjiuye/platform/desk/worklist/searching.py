"""The one search field of the desk: people and employers of the registry, and claims, theirs or by number or name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.worklist.filters import by_text
from wenjiuye.platform.desk.worklist.rows import Row, rows_of
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.platform.registry.search import Found, search
from wenjiuye.platform.workdays.calendar import calendar_around

SHOWN = 20


@dataclass(frozen=True)
class FoundParty:
    """A person or an employer. name: masked, if it is a person's."""

    found: Found
    name: str


def found_parties(words: str, user: Any) -> list[FoundParty]:
    """People and employers that fit, those that fit best first, as far as the user may see the registry."""
    return [
        FoundParty(one, masked_name(one.name) if one.kind == "person" else one.name)
        for one in search(user, words, limit=SHOWN)
    ]


@dataclass(frozen=True)
class FoundClaims:
    """The newest claims that fit. more: there are others."""

    rows: tuple[Row, ...]
    more: bool


def found_claims(words: str, user: Any, parties: Sequence[FoundParty]) -> FoundClaims:
    """The newest claims that the user may see: by their number or the claimant's name, and those of the parties."""
    fits = by_text(words)
    for kind in {one.found.kind for one in parties if one.found.by != "name"}:
        keys = [one.found.key for one in parties if one.found.kind == kind]
        fits |= Q(claimant_kind=kind, claimant_key__in=keys)
    rows = Claim.objects.visible_to(user, Action.SEE_CLAIMS).filter(fits)
    keys = list(rows.order_by("-applied_on", "-pk").values_list("pk", flat=True)[: SHOWN + 1])
    today = timezone.localdate()
    return FoundClaims(tuple(rows_of(keys[:SHOWN], calendar_around(today), today)), len(keys) > SHOWN)
