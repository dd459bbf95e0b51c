"""In a request, rows of a jurisdiction are only read by a query that says for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Count
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from officers import officer

from wenjiuye.platform.accounts.middleware import DenyByDefault
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.accounts.scope import UnscopedQuery, request_scope, service_scope
from wenjiuye.platform.claims.models import Claim

pytestmark = pytest.mark.django_db

READS: dict[str, Callable[[Any], Any]] = {
    "list": list,
    "len": len,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(number="x"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "values": lambda rows: list(rows.filter(county="weidu").values_list("number")),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(county="weidu"),
    "delete": lambda rows: rows.delete(),
    "or": lambda rows: list(rows.none().of_case() | rows),
    "scoped or not": lambda rows: list(rows.filter(pk=1).of_case() | rows),
    "union": lambda rows: list(rows.filter(pk=1).of_case().union(rows)),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_without_saying_for_whom_nothing_is_read_or_written(read: Callable[[Any], Any]):
    with request_scope(), pytest.raises(UnscopedQuery):
        read(Claim.objects.all())


def test_saying_for_whom_reads():
    reviewer = officer(Role.REVIEWER, "jianan")
    with request_scope():
        mine = Claim.objects.visible_to(reviewer, Action.SEE_CLAIMS)
        assert list(mine.filter(state="draft").order_by("number")) == []
        assert list(mine | mine) == list(mine.union(mine)) == []
        assert list(Claim.objects.of_case()) == []


def test_a_service_reads_what_its_work_needs():
    with request_scope(), service_scope():
        assert Claim.objects.count() == 0


def _answered(view: Callable[[], Any]) -> Any:
    return DenyByDefault(lambda _request: view())(RequestFactory().get("/"))


def test_a_view_that_forgets_fails():
    with pytest.raises(UnscopedQuery):
        _answered(lambda: HttpResponse(str(Claim.objects.count())))


def test_so_does_one_that_reads_while_it_sends():
    with pytest.raises(UnscopedQuery):
        _answered(lambda: StreamingHttpResponse(_late())).getvalue()


def _late() -> Any:
    yield "head"
    yield str(Claim.objects.count())


def test_a_stream_in_scope_arrives_whole():
    reviewer = officer(Role.REVIEWER, "jianan")

    def parts() -> Any:
        yield "head "
        yield str(Claim.objects.visible_to(reviewer, Action.SEE_CLAIMS).count())

    assert _answered(lambda: StreamingHttpResponse(parts())).getvalue() == b"head 0"


def test_after_a_request_nothing_is_asked_for():
    _answered(HttpResponse)
    assert Claim.objects.count() == 0
