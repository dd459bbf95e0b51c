"""The facts of a case as its page shows them: in words, with source and date; what is missing, what is in conflict."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Look
from wenjiuye.platform.claims.determining import Outcome
from wenjiuye.platform.claims.facts import FactOnClaim
from wenjiuye.platform.claims.models import Claim, ClaimEvidence, Dispute, Settlement, Statement
from wenjiuye.platform.claims.settling import OPEN_TO_CHANGE, what_if
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.desk.case_forms import Form, Forms
from wenjiuye.platform.desk.case_inputs import FactInput, Titled, can_be_typed, fact_input, in_words
from wenjiuye.platform.desk.case_sums import sum_of
from wenjiuye.policy.registry import RECORDS
from wenjiuye.rules.facts import Fact, Source
from wenjiuye.rules.measures import Measure

_FORMS = ("declare", "settle", "dispute")
"""The forms of a fact that have a field for its value."""


@dataclass(frozen=True)
class Side:
    """What one side of a conflict says, and what follows if it holds."""

    side: str
    value: str
    origin: str
    as_of: dt.date | None
    evidence: tuple[ClaimEvidence, ...]
    verdict: str
    sum: str
    chosen: bool


@dataclass(frozen=True)
class DisputeRow:
    """An objection of the claimant. form: to answer it, for whoever may."""

    dispute: Dispute
    says: str
    form: Form | None


@dataclass(frozen=True)
class FactRow:
    """One fact. kind: `known`, `missing`, `conflict`; `idle` where it cannot matter any more.

    declare, settle, object: forms for whoever may, each with its field in `inputs`; opened: whether it is unfolded.
    """

    path: str
    title: str
    kind: str
    value: str
    source: str
    as_of: dt.date | None
    judged: bool
    question: str
    decisive: bool
    settlement: Settlement | None
    sides: tuple[Side, ...]
    statements: tuple[tuple[Statement, str], ...]
    disputes: tuple[DisputeRow, ...]
    evidence: tuple[ClaimEvidence, ...]
    opened: bool
    inputs: Mapping[str, FactInput]
    declare: Form | None
    settle: Form | None
    object: Form | None

    @property
    def id(self) -> str:
        """Its id on the page."""
        return "fact-" + self.path.replace(".", "-")

    @property
    def open_dispute(self) -> DisputeRow | None:
        """The objection that waits for an answer."""
        return next((one for one in self.disputes if one.dispute.status == Dispute.Status.OPEN), None)

    @property
    def can_change(self) -> bool:
        """Whether the user has a form for it."""
        return any((self.declare, self.settle, self.object))


def fact_rows(seen: Look, user: Any, forms: Forms, opened: str = "") -> list[FactRow]:
    """The facts of a claim: those that wait first where the rules read them, those that cannot matter last."""
    maker = _Rows(seen, user, forms, opened)
    rows = [maker.row(one) for one in seen.facts]
    return [row for row in rows if row.kind != "idle"] + [row for row in rows if row.kind == "idle"]


class _Rows:
    """What is the same for every fact of a claim."""

    def __init__(self, seen: Look, user: Any, forms: Forms, opened: str) -> None:
        claim = seen.claim
        self.claim, self.forms, self.opened = claim, forms, opened
        self.measure: Measure = rules_in_force.measure(claim.measure)
        self.missing = set(claim.determination.missing) if claim.determination is not None else set()
        self.evidence = _by_fact(seen.evidence)
        self.disputes: Mapping[str, list[Dispute]] = _by_fact(
            claim.disputes.select_related("raised_by", "answered_by", "evidence__file").order_by("raised_at")
        )
        self.settlements = {one.fact: one for one in claim.settlements.select_related("settled_by")}
        open_to_change = State(claim.state) in OPEN_TO_CHANGE
        self.may_declare = open_to_change and _may(user, Action.ENTER_CLAIM, claim)
        self.may_settle = open_to_change and _may(user, Action.SETTLE_FACT, claim)
        self.proofs = bool(seen.evidence)

    def row(self, one: FactOnClaim) -> FactRow:
        fact = rules_in_force.fact_at(self.measure.subject, one.path)
        kind = self._kind(one)
        judged = isinstance(fact, Fact) and fact.source in (Source.JUDGEMENT, Source.LEDGER)
        typed = isinstance(fact, Fact) and can_be_typed(fact)
        settlement = self.settlements.get(one.path) if one.settlement is not None else None
        source, as_of = _source(one, settlement)
        disputes = tuple(self._dispute(found, fact) for found in self.disputes.get(one.path, []))
        waiting = any(found.dispute.status == Dispute.Status.OPEN for found in disputes)
        declare = typed and not judged and self.may_declare
        settle = typed and self.may_settle
        objects = typed and self.may_declare and one.value is not None and not waiting and self.proofs
        return FactRow(
            path=one.path,
            title=rules_in_force.title(fact),
            kind=kind,
            value=in_words(fact, one.value),
            source=source,
            as_of=as_of,
            judged=judged,
            question=_question(fact),
            decisive=one.path in self.missing or kind == "conflict",
            settlement=settlement,
            sides=self._sides(one, fact) if kind == "conflict" else (),
            statements=tuple(
                (said, in_words(fact, said.value))
                for said in (one.declared, one.registry)
                if said is not None
            ),
            disputes=disputes,
            evidence=tuple(self.evidence.get(one.path, ())),
            opened=one.path == self.opened or self._has_problem(one.path),
            inputs=self._inputs(one.path, fact) if typed and isinstance(fact, Fact) else {},
            declare=self.forms.make(f"declare:{one.path}", "claim_declare") if declare else None,
            settle=self.forms.make(f"settle:{one.path}", "claim_settle") if settle else None,
            object=self.forms.make(f"dispute:{one.path}", "claim_dispute") if objects else None,
        )

    def _kind(self, one: FactOnClaim) -> str:
        if one.in_conflict:
            return "conflict"
        if one.value is not None:
            return "known"
        return "missing" if one.path in self.missing else "idle"

    def _has_problem(self, path: str) -> bool:
        problem = self.forms.problem
        return problem is not None and problem.form in {
            f"{step}:{path}" for step in ("declare", "settle", "dispute")
        }

    def _inputs(self, path: str, fact: Fact) -> dict[str, FactInput]:
        problem = self.forms.problem
        found = {}
        for step in _FORMS:
            failed = problem if problem is not None and problem.form == f"{step}:{path}" else None
            found[step] = fact_input(
                fact,
                path,
                scope=step,
                value=str(failed.typed.get("value", "")) if failed is not None else "",
                error=failed.message if failed is not None and failed.field == "value" else "",
            )
        return found

    def _sides(self, one: FactOnClaim, fact: Titled) -> tuple[Side, ...]:
        said = [found for found in (one.declared, one.registry) if found is not None]
        outcomes = what_if(self.claim, one.path, [found.value for found in said])
        problem = self.forms.problem
        chosen = problem.typed.get("side") if problem is not None and self._has_problem(one.path) else None
        return tuple(
            self._side(one.path, fact, found, outcome, found.side == chosen)
            for found, (_value, outcome) in zip(said, outcomes, strict=True)
        )

    def _side(self, path: str, fact: Titled, said: Statement, outcome: Outcome, chosen: bool) -> Side:
        answer = outcome.answer
        proofs = self.evidence.get(path, ()) if said.side == Statement.Side.DECLARED else ()
        verdict = str(answer.verdict.value)
        return Side(
            side=said.side,
            value=in_words(fact, said.value),
            origin=origin(said),
            as_of=said.as_of,
            evidence=tuple(proofs),
            verdict=verdict,
            sum=sum_of(self.measure, verdict, answer.amount, answer.low, answer.high),
            chosen=chosen,
        )

    def _dispute(self, found: Dispute, fact: Titled) -> DisputeRow:
        answerable = found.status == Dispute.Status.OPEN and self.may_settle
        form = self.forms.make(f"answer:{found.pk}", "claim_answer_dispute", found.pk) if answerable else None
        return DisputeRow(found, in_words(fact, found.says), form)


def _by_fact(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.fact].append(row)
    return found


def _may(user: Any, action: Action, claim: Claim) -> bool:
    return may(user, action, county=claim.county, departments=claim.departments)


def _question(fact: Titled) -> str:
    if not isinstance(fact, Fact):
        return ""
    return fact.ask_en if rules_in_force.lang() == "en" else fact.ask_zh


def _source(one: FactOnClaim, settlement: Settlement | None) -> tuple[str, dt.date | None]:
    if settlement is not None:
        return _("裁定：%(officer)s") % {"officer": settlement.settled_by}, settlement.settled_at.date()
    said = one.registry if one.registry is not None and one.registry.value is not None else one.declared
    return ("", None) if said is None or said.value is None else (origin(said), said.as_of)


def origin(said: Statement) -> str:
    """Where a statement comes from, in the page's language."""
    if said.side == Statement.Side.DECLARED:
        return _("申请人申报")
    return source_words(said.origin) or _("登记库")


def source_words(source: str) -> str:
    """Where the registry has a fact from, in the page's language: what it calls tables is known in both."""
    if rules_in_force.lang() != "en":
        return source
    titles = {record.zh: record.en for record in RECORDS.values()}
    return ", ".join(titles.get(part, part) for part in source.split("、"))
