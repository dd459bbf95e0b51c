"""Rows by jurisdiction: inside a request a query over them must say for whom it asks, or it is refused.

So a view that forgets its scope fails in every test and on every page, instead of showing another county's cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

from wenjiuye.platform.accounts.permissions import Action

_in_request: ContextVar[bool] = ContextVar("wenjiuye_in_request", default=False)


class UnscopedQuery(Exception):
    """A query over rows of a jurisdiction was made in a request without saying for whom."""


@contextmanager
def request_scope() -> Iterator[None]:
    """Queries made inside must be scoped."""
    token = _in_request.set(True)
    try:
        yield
    finally:
        _in_request.reset(token)


def scoped_stream(content: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of an answer that is sent bit by bit, each made with the same demand as the rest of the request."""
    parts = iter(content)
    while True:
        with request_scope():
            part = next(parts, None)
        if part is None:
            return
        yield part


@contextmanager
def service_scope() -> Iterator[None]:
    """Inside a service, after permission was checked, queries reach what the work needs (duplicates elsewhere …)."""
    token = _in_request.set(False)
    try:
        yield
    finally:
        _in_request.reset(token)


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of a jurisdiction. COUNTY and DEPARTMENT name the columns on the way from the model."""

    county_column = "county"
    department_column: str | None = None
    _scoped = False

    def visible_to(self, user: Any, action: Action) -> Self:
        """Those in the jurisdictions where the user may do something."""
        from wenjiuye.platform.accounts.jurisdiction import within

        condition = within(user, action, county=self.county_column, department=self.department_column)
        return self.filter(condition)._mark()

    def of_case(self) -> Self:
        """Rows reached from a case that was itself fetched in scope, or for which permission was checked."""
        return self.all()._mark()

    def _mark(self) -> Self:
        self._scoped = True
        return self

    def _clone(self) -> Self:
        clone: Self = super()._clone()
        clone._scoped = self._scoped
        return clone

    def __or__(self, other: Any) -> Any:
        return self._keep_scoped(super().__or__(other), other)

    def __xor__(self, other: Any) -> Any:
        return self._keep_scoped(super().__xor__(other), other)

    def union(self, *others: Any, all: bool = False) -> Any:
        """See Django."""
        return self._keep_scoped(super().union(*others, all=all), *others)

    def _keep_scoped(self, combined: Any, *others: Any) -> Any:
        """Rows of several queries are scoped only where each of them was."""
        found = combined.all()
        found._scoped = all(
            query._scoped or query.query.is_empty()
            for query in (self, *others)
            if isinstance(query, ScopedQuerySet)
        )
        return found

    def _check(self) -> None:
        if _in_request.get() and not self._scoped:
            raise UnscopedQuery(
                f"{self.model.__name__}: say visible_to(user, action) before rows of a jurisdiction are read"
            )

    def _fetch_all(self) -> None:
        self._check()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        """See Django."""
        self._check()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        """See Django."""
        self._check()
        return super().count()

    def exists(self) -> bool:
        """See Django."""
        self._check()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See Django."""
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """See Django."""
        self._check()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """See Django."""
        self._check()
        return super().delete()
