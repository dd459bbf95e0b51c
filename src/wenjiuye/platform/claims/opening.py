"""Opening a claim: by the claimant, at the counter, or from a proactive list. All take the same path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.determining import determine_claim
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.facts import declare, take_over
from wenjiuye.platform.claims.models import Claim, Determination, Step
from wenjiuye.platform.claims.states import State, Turn
from wenjiuye.platform.claims.steps import put_on_record
from wenjiuye.platform.privacy.crypto import keyed_hash
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.case_facts import NoSuchSubject, case_facts

ACCOUNT = "claims_claim.payee_account"


@dataclass(frozen=True)
class Payee:
    """Into whose account a grant is to go."""

    name: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True)
class NewClaim:
    """What is asked for. declared: facts by path, as the claimant says them."""

    measure: str
    subject_key: str
    applied_on: dt.date
    source: str = Claim.Source.COUNTER
    period: tuple[dt.date, dt.date] | None = None
    declared: Mapping[str, Any] = field(default_factory=dict)
    payee: Payee = Payee()


_ACTIONS = {
    Claim.Source.APPLICATION: Action.ENTER_CLAIM,
    Claim.Source.COUNTER: Action.ENTER_CLAIM,
    Claim.Source.PROACTIVE: Action.CLAIM_PROACTIVELY,
}


def open_claim(new: NewClaim, by: Any) -> Claim:
    """Open a claim as a draft, with the facts of the registry and a first determination.

    ClaimError: there is no such measure or subject, or a declared fact cannot be read. PermissionDenied: the subject
    is of another jurisdiction.
    """
    try:
        measure = rules_in_force.measure(new.measure)
    except KeyError:
        raise ClaimError(_("没有这个事项：%(measure)s。") % {"measure": new.measure}) from None
    if measure not in rules_in_force.claimable():
        raise ClaimError(
            _("%(measure)s是对部门的要求，不能申请。") % {"measure": rules_in_force.title(measure)}
        )
    try:
        found = case_facts(rules_in_force.policy_in_force(), measure, new.subject_key, new.applied_on)
    except NoSuchSubject:
        raise ClaimError(
            _("登记库里没有%(kind)s %(key)s。")
            % {"kind": rules_in_force.title(measure.subject), "key": new.subject_key}
        ) from None
    action = _ACTIONS[Claim.Source(new.source)]
    departments = rules_in_force.departments(measure.clause)
    check(by, action, county=found.county, departments=departments)
    with transaction.atomic(), on_record(by, "open"):
        claim = Claim(
            number=_number(new.applied_on),
            measure=measure.id,
            clause=measure.clause,
            subject_kind=measure.subject.id,
            subject_key=new.subject_key,
            claimant_kind=found.claimant_kind,
            claimant_key=found.claimant_key,
            claimant_name=found.title,
            county=found.county,
            departments=list(departments),
            source=new.source,
            applied_on=new.applied_on,
            period_from=new.period[0] if new.period else None,
            period_to=new.period[1] if new.period else None,
            state=State.DRAFT,
            turn=Turn.CLAIMANT,
            created_by=by,
            payee_name=new.payee.name,
            payee_bank=new.payee.bank,
            payee_account=new.payee.account,
            payee_account_hash=keyed_hash(new.payee.account, ACCOUNT) if new.payee.account else None,
        )
        claim.save()
        Step.objects.create(
            claim=claim, version=claim.version, name="open", source="", target=claim.state, actor=by
        )
        take_over(claim, found)
        declare(claim, new.declared, by, new.applied_on)
        determine_claim(claim, by, Determination.Cause.FIRST)
        put_on_record(claim, by, "determine", action=action)
        return claim


def _number(on: dt.date) -> str:
    """The next number: day of the claim and a count that is never used twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_number')")
        return f"{on:%y%m%d}-{cursor.fetchone()[0]:06d}"
