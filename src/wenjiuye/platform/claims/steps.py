"""The one service that takes a claim from step to step: permission, what must hold, record, deadline, notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import acting_for, check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.blockers import blockers_of_step, look, whose_turn
from wenjiuye.platform.claims.errors import Blocked, ChangedMeanwhile, ClaimError, NoSuchStep
from wenjiuye.platform.claims.models import Claim, Notice, Step
from wenjiuye.platform.claims.states import TRANSITIONS, State, Transition, Turn
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.workdays.calendar import calendar_around


@contextmanager
def working_on(number: str, by: Any, action: Action, version: int | None, why: str) -> Iterator[Claim]:
    """The claim, locked, for one step: all of it happens or nothing.

    version: that of the claim as the officer saw it; None where nothing was shown. PermissionDenied: not there, or
    not the officer's to work on. ChangedMeanwhile: somebody was faster.
    """
    with transaction.atomic(), on_record(by, why):
        claim = (
            Claim.objects.visible_to(by, action).select_for_update(of=("self",)).filter(number=number).first()
        )
        if claim is None:
            raise PermissionDenied
        if version is not None and claim.version != version:
            raise ChangedMeanwhile(
                _("%(number)s 在你打开之后被别人改过，请看过最新情况再办。") % {"number": number}
            )
        yield claim


def take_step(
    number: str,
    name: str,
    by: Any,
    *,
    version: int | None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Claim:
    """Take one step of the table. Blocked: what must hold and does not. NoSuchStep: not from this state."""
    way = TRANSITIONS[name]
    with working_on(number, by, way.action, version, name) as claim:
        go(claim, way, by, reason=reason, detail=detail)
        return claim


def go(
    claim: Claim, way: Transition, by: Any, *, reason: str = "", detail: Mapping[str, Any] | None = None
) -> None:
    """Take a step with a claim that is locked."""
    check(by, way.action, county=claim.county, departments=claim.departments)
    check_state(claim, way)
    reason = reason.strip()
    if way.reason and not reason:
        raise ClaimError(_("请写明%(step)s的理由。") % {"step": _(way.title)})
    if way.needs:
        blocked = blockers_of_step(look(claim), way.name)
        if blocked:
            raise Blocked(blocked)
    source = claim.state
    if way.target is not None:
        claim.state = way.target
        claim.reason = reason
        if way.target == State.UNDER_REVIEW:
            claim.round += 1
    elif way.name == "send_back":
        claim.round += 1
    _set_deadline(claim, way)
    put_on_record(claim, by, way.name, source=source, reason=reason, detail=detail, action=way.action)
    Notice.objects.bulk_create(Notice(claim=claim, to=to, step=way.name) for to in way.tells)


def check_state(claim: Claim, way: Transition) -> None:
    """Raise NoSuchStep unless the claim's state has the step."""
    if State(claim.state) not in way.sources:
        raise NoSuchStep(
            _("%(number)s 处于“%(state)s”，不能%(step)s。")
            % {"number": claim.number, "state": claim.get_state_display(), "step": _(way.title)}
        )


def _set_deadline(claim: Claim, way: Transition) -> None:
    now = timezone.now()
    if way.target is not None:
        claim.since = now
    if way.days is None:
        claim.due_on, claim.due_sure = None, True
        return
    today = timezone.localdate(now)
    last = calendar_around(today).after(today, way.days)
    claim.due_on, claim.due_sure = last.day, last.sure


def put_on_record(
    claim: Claim,
    by: Any,
    name: str,
    *,
    source: str | None = None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
    action: Action | None = None,
) -> None:
    """Save a claim that was changed, as its next version, with the event that the database asks for."""
    claim.version += 1
    claim.turn = whose_turn(claim, claim.decisions.all()) if claim.pk else Turn.CLAIMANT
    claim.save()
    # Verdict and sums are the database's.
    claim.refresh_from_db(fields=["verdict", "amount_fen", "low_fen", "high_fen"])
    behalf = acting_for(by, action, county=claim.county) if action is not None else None
    Step.objects.create(
        claim=claim,
        version=claim.version,
        name=name,
        source=source if source is not None else claim.state,
        target=claim.state,
        actor=by,
        on_behalf_of_id=behalf,
        reason=reason,
        detail=dict(detail or {}),
    )
