"""The forms of a case page: where each goes, what was typed into it, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from wenjiuye.platform.claims.blockers import Blocker
from wenjiuye.platform.claims.models import Claim, Step

FORM, FACT, REASON = "form", "fact", "reason"
"""Names of controls that several forms have."""


@dataclass(frozen=True)
class Problem:
    """Why a step was not taken. form: the key of the form it came from. typed: all that was written in it.

    field: the control that is at fault, empty for the form as a whole. since: what others did meanwhile.
    """

    form: str
    message: str
    typed: Mapping[str, Any]
    field: str = ""
    blockers: tuple[Blocker, ...] = ()
    since: tuple[Step, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class Form:
    """One form. key: tells it from the others on the page. open: whether it is shown unfolded."""

    key: str
    url: str
    version: int
    list_query: str
    open: bool = False
    error: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The key as an id of the page."""
        return "form-" + self.key.replace(":", "-").replace(".", "-")

    @property
    def reason(self) -> str:
        """The reason that was typed, or that is suggested."""
        return self.values.get(REASON, "")


@dataclass(frozen=True)
class Forms:
    """Makes the forms of one page."""

    claim: Claim
    list_query: str
    problem: Problem | None = None

    def make(self, key: str, view: str, *args: Any, **suggested: str) -> Form:
        """A form. key: such as `settle:contract_months`; view: the name of the URL; suggested: values to begin with."""
        failed = self.problem if self.problem is not None and self.problem.form == key else None
        return Form(
            key=key,
            url=reverse(f"desk:{view}", args=[self.claim.number, *args]),
            version=self.claim.version,
            list_query=self.list_query,
            open=failed is not None,
            error=failed.message if failed is not None and not failed.changed else "",
            values={**suggested, **dict(failed.typed)} if failed is not None else suggested,
        )
