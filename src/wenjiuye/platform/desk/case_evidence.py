"""The evidence of a case as its page shows it: what is there, what is still asked for, and how a file is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Look, evidence_asked
from wenjiuye.platform.claims.models import ClaimEvidence
from wenjiuye.platform.claims.settling import OPEN_TO_CHANGE
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.case_forms import Form, Forms
from wenjiuye.platform.evidence.kinds import MediaType
from wenjiuye.platform.evidence.limits import MAX_BYTES

_STILL_WANTED = OPEN_TO_CHANGE | {State.UNDER_APPEAL, State.SUSPENDED}
"""States in which evidence may still come in."""
SHOWN_IN_PAGE = frozenset({MediaType.PDF, MediaType.JPEG, MediaType.PNG})
"""Kinds that a browser shows; the others are downloaded."""


@dataclass(frozen=True)
class EvidenceRow:
    """One file. fact: the title of what it proves. check: the form to say what was found, for whoever may."""

    evidence: ClaimEvidence
    fact: str
    opens: bool
    check: Form | None


@dataclass(frozen=True)
class Asked:
    """Evidence that is asked for and not there yet."""

    path: str
    fact: str
    evidence: str


@dataclass(frozen=True)
class Evidence:
    """All of it. facts: what a file can be said to prove, asked-for first. attach: the form, for whoever may."""

    rows: tuple[EvidenceRow, ...]
    asked: tuple[Asked, ...]
    facts: tuple[tuple[str, str], ...]
    attach: Form | None
    sees: bool
    most_mb: int


def evidence_of(seen: Look, user: Any, forms: Forms) -> Evidence:
    """See `Evidence`."""
    claim = seen.claim
    subject = rules_in_force.measure(claim.measure).subject
    titles = {one.path: rules_in_force.fact_title(subject, one.path) for one in seen.facts}
    proved = {one.fact for one in seen.evidence}
    english = rules_in_force.lang() == "en"
    asked = tuple(
        Asked(path, titles[path], fact.evidence_en if english else fact.evidence_zh)
        for path, fact in evidence_asked(seen)
        if path not in proved
    )
    first = [one.path for one in asked]

    def allowed(action: Action) -> bool:
        return may(user, action, county=claim.county, departments=claim.departments)

    wanted = State(claim.state) in _STILL_WANTED
    checks = wanted and allowed(Action.REVIEW_CLAIM)
    rows = tuple(
        EvidenceRow(
            one,
            titles.get(one.fact, ""),
            one.file.media_type in SHOWN_IN_PAGE,
            forms.make(f"check:{one.pk}", "claim_check", one.pk, note=one.check_note) if checks else None,
        )
        for one in claim.evidence.select_related("file", "checked_by", "added_by").order_by("pk")
    )
    return Evidence(
        rows=rows,
        asked=asked,
        facts=tuple(
            (path, titles[path]) for path in (*first, *(path for path in titles if path not in first))
        ),
        attach=forms.make("attach", "claim_attach") if wanted and allowed(Action.ADD_EVIDENCE) else None,
        sees=allowed(Action.SEE_EVIDENCE),
        most_mb=MAX_BYTES // 2**20,
    )
