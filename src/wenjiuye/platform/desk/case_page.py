"""Everything of one claim for one screen, for whoever looks at it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Look, looks, with_what_blocks
from wenjiuye.platform.claims.models import Claim, Determination
from wenjiuye.platform.claims.parties import PERSON, Party, Shown, parties
from wenjiuye.platform.claims.states import Turn
from wenjiuye.platform.desk.case_evidence import evidence_of
from wenjiuye.platform.desk.case_facts import FactRow, fact_rows
from wenjiuye.platform.desk.case_forms import Forms, Problem
from wenjiuye.platform.desk.case_history import SHOWN, happened, others
from wenjiuye.platform.desk.case_neighbours import neighbours
from wenjiuye.platform.desk.case_rules import compared, ruling
from wenjiuye.platform.desk.case_ways import standing
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.privacy.masking import masked_account, masked_name
from wenjiuye.platform.workdays.calendar import calendar_around


def seen_claim(number: str, user: Any) -> Look | None:
    """The claim with all that its page looks at, if the user may see it."""
    rows = with_what_blocks(Claim.objects.visible_to(user, Action.SEE_CLAIMS).filter(number=number))
    return next(iter(looks(rows.select_related("created_by", "assigned_to"))), None)


def case_context(
    seen: Look,
    user: Any,
    *,
    list_query: str = "",
    opened: str = "",
    problem: Problem | None = None,
    unmasked: list[Shown] | None = None,
) -> dict[str, Any]:
    """What the template shows. opened: the path of a fact to unfold; unmasked: personal data that was asked for."""
    claim = seen.claim
    forms = Forms(claim, list_query, problem)
    measure = rules_in_force.measure(claim.measure)
    about = parties(claim)
    rows = fact_rows(seen, user, forms, opened)
    steps = happened(claim)
    same, number_of_same = others(claim, user)

    def allowed(action: Action) -> bool:
        return may(user, action, county=claim.county, departments=claim.departments)

    return {
        "area": "claims",
        "claim": claim,
        "title": rules_in_force.title(measure),
        "other_title": measure.zh if rules_in_force.lang() == "en" else measure.en,
        "other_lang": "zh-CN" if rules_in_force.lang() == "en" else "en",
        "has_amount": measure.has_amount,
        "around": neighbours(claim, user, list_query),
        "list_query": list_query,
        "days_late": days_late(claim),
        "parties": about,
        "claimant": _claimant(claim, about),
        "account": masked_account(claim.payee_account or ""),
        "unmask": forms.make("unmask", "claim_unmask") if allowed(Action.UNMASK) else None,
        "unmasked": unmasked or [],
        "facts": [row for row in rows if row.kind != "idle"],
        "idle": [row for row in rows if row.kind == "idle"],
        "evidence": evidence_of(seen, user, forms),
        "ruling": ruling(claim.determination, claim.clause, _disputed(rows))
        if claim.determination is not None
        else None,
        "lately": _lately(claim),
        "decisions": claim.decisions.filter(round=claim.round).select_related("officer").order_by("stage"),
        "standing": standing(seen, user, forms),
        "steps": steps[:SHOWN],
        "earlier": steps[SHOWN:],
        "comments": claim.comments.select_related("author").order_by("-at"),
        "others": same,
        "number_of_others": number_of_same,
        "letters": Letter.objects.of_case().filter(claim=claim.number).order_by("made_at")
        if allowed(Action.SEE_LETTERS)
        else [],
        "problem": problem,
    }


def _disputed(rows: list[FactRow]) -> dict[str, str]:
    """Of facts in conflict, what both sides say."""
    return {row.path: _(" 或 ").join(side.value for side in row.sides) for row in rows if row.sides}


def days_late(claim: Claim) -> int:
    """Working days since the claim was due; 0 where it is not late."""
    today = timezone.localdate()
    if claim.due_on is None or claim.turn == Turn.NOBODY or claim.due_on >= today:
        return 0
    return calendar_around(today).between(claim.due_on, today)


def _claimant(claim: Claim, about: list[Party]) -> str:
    """The claimant's name as the page shows it."""
    shown = next(
        (one.shown for one in about if one.kind == claim.claimant_kind and one.key == claim.claimant_key), ""
    )
    return shown or (
        masked_name(claim.claimant_name) if claim.claimant_kind == PERSON else claim.claimant_name
    )


def _lately(claim: Claim) -> Any:
    """What the last determination changed against the one before; None where there was none or it changed nothing."""
    last = list(Determination.objects.filter(claim=claim).order_by("-pk")[:2])
    if len(last) < 2:
        return None
    found = compared(last[1], last[0])
    return found if found.facts or found.rules_changed or found.changed else None
