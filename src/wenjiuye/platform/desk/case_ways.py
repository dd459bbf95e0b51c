"""What the officer in front of a case may do with it, what stops that, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenjiuye.platform.accounts.jurisdiction import holders, may, posts
from wenjiuye.platform.accounts.permissions import Action, Role
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import (
    NEXT_STEP,
    Blocker,
    Look,
    approvals_lacking,
    blockers,
    blockers_of_step,
)
from wenjiuye.platform.claims.models import Claim, Override
from wenjiuye.platform.claims.models.decision import Outcome
from wenjiuye.platform.claims.states import OPEN_TURN, TRANSITIONS, Need, State, Turn, ways_from
from wenjiuye.platform.desk.case_forms import REASON, Form, Forms
from wenjiuye.platform.desk.case_sums import yuan_words
from wenjiuye.platform.letters.for_claims import lacking

_ADVERSE = frozenset({"refuse", "withdraw", "suspend", "dismiss_appeal"})
_ASIDE = ("withdraw", "appeal", "uphold_appeal", "dismiss_appeal", "suspend", "reopen")
"""Steps with nothing but a reason. Publicity, payment and recovery go by batches, with proof, and not from here."""
OVERRIDABLE = frozenset({State.ACCEPTED, State.UNDER_REVIEW})


@dataclass(frozen=True)
class Way:
    """A step that asks for a reason. button: says what happens."""

    name: str
    title: str
    button: str
    form: Form
    bad: bool


@dataclass(frozen=True)
class Main:
    """The step that the claim is on the way to. why_not: the sentence next to a button that is stopped."""

    name: str
    button: str
    form: Form
    why_not: str
    hint: str


@dataclass(frozen=True)
class Waiting:
    """A blocker with whose turn it is, and where on the page it is settled."""

    text: str
    turn: str
    mine: bool
    anchor: str
    again: bool


@dataclass(frozen=True)
class Standing:
    """Where a claim stands for the officer who looks at it."""

    waiting: tuple[Waiting, ...]
    turn: str
    mine: bool
    main: Main | None
    ways: tuple[Way, ...]
    determine: Form | None
    override: Form | None
    answers: tuple[tuple[Override, str, Form | None], ...]
    comment: Form | None
    assign: Form | None
    colleagues: tuple[Any, ...]
    export: Form | None
    letter: Form | None
    lacking: int


def standing(seen: Look, user: Any, forms: Forms) -> Standing:
    """See `Standing`."""
    found = _Ways(seen, user, forms)
    stops = blockers(seen)
    claim = seen.claim
    return Standing(
        waiting=tuple(found.waiting(one) for one in stops),
        turn=found.turn_told(Turn(claim.turn)),
        mine=found.is_mine(Turn(claim.turn)),
        main=found.main(),
        ways=tuple(found.ways(stops)),
        determine=found.determine(),
        override=found.override(),
        answers=tuple(found.answers()),
        comment=found.form_for(Action.COMMENT, "comment", "claim_comment"),
        assign=found.form_for(Action.ASSIGN, "assign", "claim_assign"),
        colleagues=tuple(colleagues(claim)),
        export=found.form_for(Action.EXPORT_FILE, "file", "claim_file"),
        letter=found.letter(),
        lacking=max(0, approvals_lacking(seen.claim, seen.decisions)) if seen.decisions else 0,
    )


def colleagues(claim: Claim) -> list[Any]:
    """Officers to whom a claim can be handed: those who have its turn, or all who work on claims here."""
    roles = [Role(claim.turn)] if claim.turn in _CASEWORK else list(_CASEWORK)
    found = {user.pk: user for role in roles for user in holders(role, claim.county)}
    fitting = (
        u for u in found.values() if may(u, Action.ASSIGN, county=claim.county, departments=claim.departments)
    )
    return sorted(fitting, key=str)


_CASEWORK = (Role.CLERK, Role.REVIEWER, Role.APPROVER)


class _Ways:
    def __init__(self, seen: Look, user: Any, forms: Forms) -> None:
        self.seen, self.claim, self.user, self.forms = seen, seen.claim, user, forms
        self.state = State(seen.claim.state)
        self.first = next((one for one in seen.decisions if one.stage == 0), None)

    def may(self, action: Action) -> bool:
        return may(self.user, action, county=self.claim.county, departments=self.claim.departments)

    def form_for(self, action: Action, key: str, view: str, *args: Any, **suggested: str) -> Form | None:
        return self.forms.make(key, view, *args, **suggested) if self.may(action) else None

    # ── Whose turn

    def is_mine(self, turn: Turn) -> bool:
        """Whether the user can do what waits for a turn."""
        return any(
            post.role == turn.value and post.covers(self.claim.county, self.claim.departments)
            for post in posts(self.user)
        )

    def turn_told(self, turn: Turn) -> str:
        """`你`, or the role with the officer who has the claim."""
        assigned = self.claim.assigned_to
        if self.is_mine(turn) and (assigned is None or assigned == self.user):
            return _("你")
        waits = assigned is not None and OPEN_TURN.get(self.state) == turn
        return f"{turn.label} {assigned}" if waits else str(turn.label)

    def waiting(self, one: Blocker) -> Waiting:
        """A blocker as it is shown."""
        anchor = "#evidence" if one.need is Need.EVIDENCE_COMPLETE else ""
        if one.need in (Need.FACTS_AGREE, Need.DISPUTES_SETTLED, Need.DETERMINED) and one.fact:
            anchor = "#fact-" + one.fact.replace(".", "-")
        elif one.need in (Need.ELIGIBLE, Need.DETERMINED):
            anchor = "#determination"
        again = one.need in (Need.RULES_IN_FORCE, Need.FACTS_CURRENT)
        return Waiting(one.text, self.turn_told(one.turn), self.is_mine(one.turn), anchor, again)

    # ── The main step

    def main(self) -> Main | None:
        """The button that takes the claim on, for whoever has it."""
        if self.state == State.UNDER_REVIEW and self.first is not None:
            return self._approval()
        name = NEXT_STEP.get(self.state)
        if name is None or not self.may(TRANSITIONS[name].action):
            return None
        view, button, hint = _STEPS[name]
        stops = blockers_of_step(self.seen, name)
        return Main(name, str(button), self.forms.make(name, view), _why_not(stops), str(hint))

    def _approval(self) -> Main | None:
        if not self.may(Action.APPROVE_CLAIM) or self.first is None:
            return None
        granting = self.first.outcome == Outcome.GRANT
        wanted = approvals_lacking(self.seen.claim, self.seen.decisions)
        stops = [
            one
            for one in blockers_of_step(self.seen, "approve" if granting else "refuse")
            if one.need is not Need.APPROVED_BY_ENOUGH
        ]
        why_not = _why_not(stops)
        if any(one.officer_id == self.user.pk for one in self.seen.decisions):
            why_not = _("你在这次审核中已经决定过，要由另一人审批。")
        if wanted > 1:
            button, hint = (
                _("同意，送下一位审批人"),
                _("这一件要 %(n)d 人审批，还差 %(lacking)d 人。")
                % {
                    "n": self.claim.approvals_needed,
                    "lacking": wanted,
                },
            )
        elif granting:
            button = (
                _("批准 %(sum)s") % {"sum": yuan_words(self.claim.amount_fen)}
                if (self.claim.amount_fen is not None)
                else _("批准")
            )
            hint = _("批准后出具准予决定书。")
        else:
            button, hint = _("不予批准"), _("决定后出具不予批准决定书。")
        return Main("approve", button, self.forms.make("approve", "claim_approve"), why_not, hint)

    # ── The others

    def ways(self, stops: Sequence[Blocker]) -> list[Way]:
        """Steps that ask for a reason."""
        possible = {way.name for way in ways_from(self.state) if self.may(way.action)}
        found = []
        if "return" in possible:
            wanted = "".join(one.text for one in self._asked_of_claimant(stops))
            found.append(self._way("return", _("退回补正"), _("退回，发补正通知书"), wanted))
        if self.state in OVERRIDABLE and self.first is None and self.may(Action.REVIEW_CLAIM):
            found.append(
                self._way("review_refuse", _("不予"), _("不同意，送审批"), self._failing(), bad=True)
            )
        if "send_back" in possible and self.first is not None:
            found.append(self._way("send_back", _("退回初审"), _("退回初审")))
        for name in _ASIDE:
            if name in possible:
                title = _(TRANSITIONS[name].title)
                if name == "reopen" and self.state != State.SUSPENDED:
                    title = _("重新审核")
                found.append(self._way(name, title, title, bad=name in _ADVERSE))
        return found

    def _way(self, name: str, title: str, button: str, reason: str = "", *, bad: bool = False) -> Way:
        suggested = {REASON: reason[:500]} if reason else {}
        return Way(name, title, button, self.forms.make(name, f"claim_{name}", **suggested), bad)

    def _asked_of_claimant(self, stops: Sequence[Blocker]) -> list[Blocker]:
        return [one for one in stops if one.turn == Turn.CLAIMANT]

    def _failing(self) -> str:
        found = self.claim.determination
        if found is None or self.claim.verdict != Claim.Verdict.INELIGIBLE:
            return ""
        return "；".join(one[rules_in_force.lang()] for one in found.failing)

    def determine(self) -> Form | None:
        """To ask the rules again, with the registry as it is now."""
        working = self.may(Action.REVIEW_CLAIM) or self.may(Action.ENTER_CLAIM)
        return (
            self.forms.make("determine", "claim_determine") if self.state in NEXT_STEP and working else None
        )

    def letter(self) -> Form | None:
        """To issue the letter that is lacking."""
        step = lacking(self.claim)
        return self.form_for(TRANSITIONS[step.name].action, "letter", "claim_issue_letter") if step else None

    def override(self) -> Form | None:
        """To propose another verdict."""
        found = self.claim.determination
        if self.state not in OVERRIDABLE or found is None or not self.may(Action.OVERRIDE):
            return None
        taken = any(one.determination_id == found.pk for one in self.claim.overrides.all())
        return None if taken else self.forms.make("override", "claim_override")

    def answers(self) -> list[tuple[Override, str, Form | None]]:
        """Overrides with what they come to, and for one that waits the form to answer it."""
        found = []
        measure = rules_in_force.measure(self.claim.measure)
        for one in self.claim.overrides.select_related(
            "proposed_by", "approved_by", "rejected_by", "evidence__file"
        ):
            told = yuan_words(one.amount_fen) if one.amount_fen is not None and measure.has_amount else ""
            mine = one.is_open and self.may(Action.APPROVE_OVERRIDE) and one.proposed_by_id != self.user.pk
            form = (
                self.forms.make(f"answer-override:{one.pk}", "claim_answer_override", one.pk)
                if mine
                else None
            )
            found.append((one, told, form))
        return found


def _why_not(stops: Sequence[Blocker]) -> str:
    if not stops:
        return ""
    if len(stops) == 1:
        return _("上面这一处解决后可以点。")
    return _("上面 %(n)d 处解决后可以点。") % {"n": len(stops)}


_STEPS = {
    "submit": ("claim_submit", gettext_lazy("提交申请"), ""),
    "accept": ("claim_accept", gettext_lazy("受理"), gettext_lazy("受理后出具受理回执。")),
    "review_grant": ("claim_review_grant", gettext_lazy("同意，送审批"), ""),
}
"""For each step the view, the words of the button and what follows."""
