"""The claims before and after one in the list that the officer came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.worklist import paging
from wenjiuye.platform.desk.worklist.listing import choice, claims_of, desk_of
from wenjiuye.platform.desk.worklist.side_views import ALL


@dataclass(frozen=True)
class Neighbours:
    """Numbers of the claims before and after, empty at an end; back: the address of the list."""

    back: str
    before: str
    after: str


def neighbours(claim: Claim, user: Any, list_query: str) -> Neighbours:
    """See `Neighbours`. list_query: the query string of the list; empty: what waits for the officer."""
    query = QueryDict(list_query)
    desk = desk_of(user)
    chosen = choice(desk, query)
    order = paging.ORDERS[chosen.order]
    rows = claims_of(desk, chosen).exclude(pk=claim.pk)
    place = paging.Place(getattr(claim, order.column), claim.pk, 0)
    after = paging.page(rows, order, after=place).keys[:1]
    before = paging.page(rows, order, before=place).keys[-1:]
    numbers = dict(Claim.objects.of_case().filter(pk__in=[*after, *before]).values_list("pk", "number"))
    address = reverse("desk:claims" if chosen.view == ALL else "desk:worklist")
    return Neighbours(
        f"{address}?{list_query}" if list_query else address,
        numbers[before[0]] if before else "",
        numbers[after[0]] if after else "",
    )
