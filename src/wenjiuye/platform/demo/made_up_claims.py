"""Claims of the made-up city, taken through the services that officers use, until every state has some."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.claims import casework, overriding, proof, rules_in_force, settling
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.opening import NewClaim, Payee, open_claim
from wenjiuye.platform.claims.reviewing import approve, review
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.claims.steps import take_step
from wenjiuye.rules.facts import Source
from wenjiuye.rules.quantity import Kind


@dataclass(frozen=True)
class Staff:
    """Who does the work."""

    clerk: User
    reviewer: User
    approver: User
    accountant: User


@dataclass(frozen=True)
class Candidate:
    """Something that a claim can be made for, as the run of the city found it."""

    measure: str
    key: str
    name: str
    county: str


Way = Callable[[Claim, Staff], None]


def _then(before: Way | None, step: str, who: str, reason: str = "") -> Way:
    """One more step after a way. who: of the staff."""

    def go(claim: Claim, staff: Staff) -> None:
        if before is not None:
            before(claim, staff)
        take_step(claim.number, step, getattr(staff, who), version=None, reason=reason)

    return go


def _draft(claim: Claim, staff: Staff) -> None:
    casework.comment(claim.number, staff.clerk, "申请人说材料下周送来。")


_submitted = _then(None, "submit", "clerk")
_accepted = _then(_submitted, "accept", "clerk")
_returned = _then(_submitted, "return", "clerk", "劳动合同缺最后一页，请补正。")
_withdrawn = _then(_submitted, "withdraw", "clerk", "申请人改报另一事项。")
_in_review = _then(_accepted, "take_up", "reviewer")


def _taken_up(claim: Claim, staff: Staff) -> None:
    _in_review(claim, staff)
    casework.assign(claim.number, staff.reviewer, staff.reviewer, version=None)


def _reviewed(claim: Claim, staff: Staff) -> None:
    _accepted(claim, staff)
    review(claim.number, staff.reviewer, "grant", version=None)


def _approved(claim: Claim, staff: Staff) -> None:
    _reviewed(claim, staff)
    approve(claim.number, staff.approver, version=None)


def _refused(claim: Claim, staff: Staff) -> None:
    _accepted(claim, staff)
    review(claim.number, staff.reviewer, "refuse", version=None, reason="经核实，不符合规定的条件。")
    approve(claim.number, staff.approver, version=None)


_appealed = _then(_refused, "appeal", "clerk", "申请人认为登记的日期有误。")
_published = _then(_approved, "publish", "accountant")
_suspended = _then(_published, "suspend", "approver", "公示期间收到举报，正在核实。")
_confirmed = _then(_published, "confirm", "accountant")
_in_payment = _then(_confirmed, "pay", "accountant")
_payment_failed = _then(_in_payment, "payment_failed", "accountant", "银行退回：户名与账号不符。")
_paid = _then(_in_payment, "payment_made", "accountant")
_being_recovered = _then(_paid, "recover", "accountant", "事后核查：合同提前解除。")
_recovered = _then(_being_recovered, "recovered", "accountant")

WANTED: tuple[tuple[State, Way, int], ...] = (
    (State.ACCEPTED, _accepted, 9),
    (State.SUBMITTED, _submitted, 6),
    (State.UNDER_REVIEW, _reviewed, 5),
    (State.UNDER_REVIEW, _taken_up, 3),
    (State.APPROVED, _approved, 3),
    (State.IN_PUBLICITY, _published, 3),
    (State.CONFIRMED, _confirmed, 2),
    (State.IN_PAYMENT, _in_payment, 2),
    (State.PAID, _paid, 3),
    (State.PAYMENT_FAILED, _payment_failed, 1),
    (State.SUSPENDED, _suspended, 1),
    (State.BEING_RECOVERED, _being_recovered, 1),
    (State.RECOVERED, _recovered, 1),
    (State.RETURNED, _returned, 2),
    (State.REFUSED, _refused, 2),
    (State.UNDER_APPEAL, _appealed, 1),
    (State.WITHDRAWN, _withdrawn, 1),
    (State.DRAFT, _draft, 2),
)
"""How far how many claims are taken."""


def make_claims(
    candidates: Sequence[Candidate], staff: Staff, on: Any, tell: Callable[[int, int], None]
) -> dict[str, int]:
    """Open claims for the candidates, in turn, and take them as far as `WANTED` says; how many are in each state.

    A candidate for whom something stands in the way stays where the way ended: that is a work list too.
    """
    left = iter(candidates)
    total = sum(number for _, _, number in WANTED) + 2
    done = 0
    for state, path, number in WANTED:
        reached = 0
        while reached < number:
            claim = _opened(left, staff, on)
            if claim is None:
                break
            try:
                path(claim, staff)
            except ClaimError as problem:
                casework.comment(claim.number, staff.clerk, str(problem))
            reached += Claim.objects.get(pk=claim.pk).state == state
        done += number
        tell(done, total)
    _with_conflict(left, staff, on)
    _with_override(left, staff, on)
    tell(total, total)
    counts: dict[str, int] = {}
    for state in Claim.objects.values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts


def _opened(
    left: Iterator[Candidate], staff: Staff, on: Any, declared: dict[str, Any] | None = None
) -> Claim | None:
    for one in left:
        try:
            return open_claim(
                NewClaim(
                    one.measure,
                    one.key,
                    on,
                    declared=declared or {},
                    payee=Payee(one.name, "演示银行许昌分行", _account(one.key)),
                ),
                staff.clerk,
            )
        except ClaimError:
            continue
    return None


def _account(key: str) -> str:
    """A made-up account number, the same for a key every time."""
    return f"6217{zlib.crc32(key.encode()):012d}"


def _with_conflict(left: Iterator[Candidate], staff: Staff, on: Any) -> None:
    """A claim on which claimant and registry disagree about a number, with the paper that the claimant brought."""
    claim = _opened(left, staff, on)
    if claim is None:
        return
    measure = rules_in_force.measure(claim.measure)
    for statement in claim.statements.all():
        fact = rules_in_force.fact_at(measure.subject, statement.fact)
        plain_number = getattr(fact, "kind", None) is Kind.INT and isinstance(statement.value, int)
        if plain_number and fact.source not in (Source.JUDGEMENT, Source.LEDGER):
            proof.attach(
                claim.number,
                staff.clerk,
                paper(),
                "材料.png",
                title=fact.evidence_zh or "证明材料",
                fact=statement.fact,
            )
            settling.declare_facts(
                claim.number, staff.clerk, {statement.fact: statement.value + 1}, version=None
            )
            break
    _accepted(claim, staff)


def _with_override(left: Iterator[Candidate], staff: Staff, on: Any) -> None:
    """A claim for which a reviewer proposes another verdict than the rules'."""
    claim = _opened(left, staff, on)
    if claim is None:
        return
    _taken_up(claim, staff)
    minutes = proof.attach(claim.number, staff.reviewer, paper(), "会议纪要.png", title="会议纪要")
    overriding.propose(
        claim.number,
        staff.reviewer,
        verdict="ineligible",
        amount_fen=None,
        reason="单位正在注销，经集体研究暂不支持。",
        evidence=minutes.pk,
        version=None,
    )


def paper() -> io.BytesIO:
    """A picture that looks like a sheet of paper."""
    sheet = Image.new("RGB", (420, 594), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((20, 20, 400, 574), outline="gray")
    for line in range(8):
        draw.line((60, 120 + 50 * line, 360, 120 + 50 * line), fill="lightgray")
    data = io.BytesIO()
    sheet.save(data, "PNG")
    data.seek(0)
    return data
