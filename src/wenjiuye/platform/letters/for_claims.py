"""The letter that a step of a claim calls for: receipt, notice of correction, and both decisions.

It is issued in the transaction of the step, so that there is no decision without its letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.blockers import Blocker, Look, blockers_of_step, look
from wenjiuye.platform.claims.models import Claim, Step
from wenjiuye.platform.claims.states import TRANSITIONS, Turn
from wenjiuye.platform.claims.steps import working_on
from wenjiuye.platform.letters.data import (
    Accepted,
    Correction,
    Granted,
    LetterData,
    Matter,
    Reasons,
    Received,
    Refused,
    Wanted,
)
from wenjiuye.platform.letters.kinds import LetterKind
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.offices import Office, office_of
from wenjiuye.platform.letters.reasons import from_receipt
from wenjiuye.platform.letters.services import issue
from wenjiuye.platform.workdays.calendar import calendar_around
from wenjiuye.rules.errors import Bilingual

UNTIL_DECIDED = ("accept", "take_up", "review_grant")
"""The steps whose standards of service make up the time from acceptance to the decision."""
_SIGNS = {
    LetterKind.GRANTED: "准",
    LetterKind.REFUSED: "不予",
    LetterKind.CORRECTION: "补",
    LetterKind.ACCEPTED: "受",
}
_LATE = Bilingual(
    "本次申请按现有材料办理；材料齐全后也可以重新申请。",
    "The claim is then decided on what is there; you can also claim again once everything is there.",
)
_BY_REVIEW = Bilingual("经办机构审核时提出", "asked for in the review")


def letter_after(claim: Claim, by: Any) -> Letter | None:
    """Issue the letter that the claim's last step calls for; None where it calls for none.

    To be called in the transaction of the step. IncompleteLetter, UnprintableText, OfficesFileError: nothing is kept.
    """
    last = claim.steps.order_by("-version").first()
    write = _LETTERS.get(last.name) if last is not None else None
    return issue(write(claim, by), "zh", county=claim.county, by=by) if write is not None else None


def lacking(claim: Claim) -> Step | None:
    """The step of which a letter should tell and none does: it was not taken on a page, which issues it along."""
    last = claim.steps.filter(name__in=_LETTERS, target=claim.state).order_by("-version").first()
    if last is None:
        return None
    told = Letter.objects.of_case().filter(claim=claim.number, kind=_KINDS[last.name], made_at__gte=last.at)
    return None if told.exists() else last


def issue_lacking(number: str, by: Any) -> Letter | None:
    """Issue the letter that a claim lacks; None where it lacks none.

    PermissionDenied: the officer could not have taken the step. Errors as of `letter_after`.
    """
    claim = Claim.objects.visible_to(by, Action.SEE_CLAIMS).filter(number=number).first()
    step = lacking(claim) if claim is not None else None
    if step is None:
        return None
    with working_on(number, by, TRANSITIONS[step.name].action, None, "letter") as held:
        if lacking(held) is None:
            return None
        return issue(_LETTERS[step.name](held, by), "zh", county=held.county, by=by)


def _matter(claim: Claim, by: Any, kind: LetterKind, office: Office) -> Matter:
    measure, document = rules_in_force.measure(claim.measure), rules_in_force.document()
    today = timezone.localdate()
    again = Letter.objects.of_case().filter(claim=claim.number, kind=kind).count()
    number = f"{office.sign}{_SIGNS[kind]}〔{today.year}〕{claim.number}号"
    return Matter(
        office=office.name,
        contact=office.contact,
        officer=str(by),
        number=f"{number}之{again + 1}" if again else number,
        claim=claim.number,
        applicant=claim.claimant_name,
        person=claim.claimant_kind == Claim.ClaimantKind.PERSON,
        measure=Bilingual(measure.zh, measure.en),
        policy=Bilingual(document.number, f"{document.title_en} ({document.number})"),
        clause=claim.clause,
        date=today,
    )


# ── Decisions


def _granted(claim: Claim, by: Any) -> LetterData:
    office = office_of(claim.county)
    return Granted(
        matter=_matter(claim, by, LetterKind.GRANTED, office),
        reasons=_reasons(claim),
        appeal=office.appeal,
        amount_fen=claim.amount_fen,
        since=claim.period_from,
        until=claim.period_to,
    )


def _refused(claim: Claim, by: Any) -> LetterData:
    office = office_of(claim.county)
    reasons = _reasons(claim)
    failing = "；".join(row.text.zh for row in reasons.conditions if row.decisive and row.truth is False)
    told = claim.reason.rstrip("。") == failing
    return Refused(
        matter=_matter(claim, by, LetterKind.REFUSED, office),
        reasons=reasons,
        appeal=office.appeal,
        grounds=() if told else (Bilingual(claim.reason, claim.reason),),
    )


def _reasons(claim: Claim) -> Reasons:
    """Why, from the receipt; where an override took the place of what the rules say, its conditions prove nothing."""
    found = claim.determination
    assert found is not None, "a claim is decided on a determination"
    reasons = from_receipt(found.receipt, rules_in_force.policy_in_force())
    overridden = claim.overrides.filter(determination=found, approved_by__isnull=False).exists()
    return replace(reasons, conditions=(), changes=(), formula=None) if overridden else reasons


# ── On the way


def _correction(claim: Claim, by: Any) -> LetterData:
    today = timezone.localdate()
    days = TRANSITIONS["return"].days or 0
    return Correction(
        matter=_matter(claim, by, LetterKind.CORRECTION, office_of(claim.county)),
        wanted=_wanted(claim),
        by=claim.due_on or calendar_around(today).after(today, days).day,
        late=_LATE,
    )


def _wanted(claim: Claim) -> tuple[Wanted, ...]:
    """What the officer asks for, and whatever else is lacking, so that all is asked for at once."""
    with override("zh-hans"):
        zh = _asked(look(claim))
    with override("en"):
        en = _asked(look(claim))
    told = claim.reason
    wanted = [
        Wanted(Bilingual(one.text, other.text), _BY_REVIEW)
        for one, other in zip(zh, en, strict=True)
        if one.text not in told
    ]
    return (Wanted(Bilingual(told, told), _BY_REVIEW), *wanted)


def _asked(seen: Look) -> list[Blocker]:
    """What only the claimant can settle, on the way to acceptance and to a grant, each once."""
    found = {
        (one.need, one.fact, one.text): one
        for step in ("accept", "review_grant")
        for one in blockers_of_step(seen, step)
        if one.turn == Turn.CLAIMANT
    }
    return list(found.values())


def _accepted(claim: Claim, by: Any) -> LetterData:
    days = sum(TRANSITIONS[name].days or 0 for name in UNTIL_DECIDED)
    today = timezone.localdate()
    return Accepted(
        matter=_matter(claim, by, LetterKind.ACCEPTED, office_of(claim.county)),
        received=tuple(
            Received(Bilingual(one.title, one.title), one.file.name, one.file.pages)
            for one in claim.evidence.select_related("file").order_by("pk")
        ),
        working_days=days,
        due=calendar_around(today).after(today, days).day,
    )


_KINDS: Mapping[str, LetterKind] = {
    "approve": LetterKind.GRANTED,
    "refuse": LetterKind.REFUSED,
    "return": LetterKind.CORRECTION,
    "accept": LetterKind.ACCEPTED,
}
_LETTERS: Mapping[str, Callable[[Claim, Any], LetterData]] = {
    "approve": _granted,
    "refuse": _refused,
    "return": _correction,
    "accept": _accepted,
}
