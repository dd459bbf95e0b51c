"""What happened to a claim, who did it and why, as its page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim, Determination, Step
from wenjiuye.platform.claims.states import TRANSITIONS
from wenjiuye.platform.desk.case_sums import sum_of

_TITLES = {
    "open": gettext_lazy("录入"),
    "determine": gettext_lazy("判定"),
    "declare": gettext_lazy("补充申报"),
    "settle": gettext_lazy("裁定事实"),
    "dispute": gettext_lazy("对事实有异议"),
    "answer_dispute": gettext_lazy("答复异议"),
    "attach": gettext_lazy("上传材料"),
    "check": gettext_lazy("核对材料"),
    "propose_override": gettext_lazy("提议推翻判定"),
    "answer_override": gettext_lazy("答复推翻判定"),
    "assign": gettext_lazy("移交"),
}
"""Steps that are not in the table of transitions."""
SHOWN = 6
"""Steps at first; the others are folded."""
OTHERS = 8


@dataclass(frozen=True)
class Happened:
    """One step. fact: the title of the one that it was about. again: a determination after the first."""

    step: Step
    title: str
    fact: str
    to: str
    again: bool


@dataclass(frozen=True)
class Other:
    """Another claim of the same claimant or subject."""

    claim: Claim
    title: str
    sum: str
    same_subject: bool


def step_title(name: str) -> str:
    """What a step is called."""
    way = TRANSITIONS.get(name)
    return _(way.title) if way is not None else str(_TITLES.get(name, name))


def happened(claim: Claim) -> list[Happened]:
    """The steps of a claim, the newest first."""
    steps = list(claim.steps.select_related("actor", "on_behalf_of").order_by("-version"))
    officers = _officers(steps)
    first = min(Determination.objects.filter(claim=claim).values_list("pk", flat=True), default=0)
    return [
        Happened(
            step=one,
            title=step_title(one.name),
            fact=_fact(claim, one.detail.get("fact", "")),
            to=_receiver(one, officers),
            again=one.detail.get("determination", first) != first,
        )
        for one in steps
    ]


def _receiver(step: Step, officers: dict[int, str]) -> str:
    if step.name != "assign":
        return ""
    to = step.detail.get("to")
    return officers.get(to, "") if to else _("大家")


def _officers(steps: list[Step]) -> dict[int, str]:
    wanted = {one.detail["to"] for one in steps if one.name == "assign" and one.detail.get("to")}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def _fact(claim: Claim, path: str) -> str:
    if not path:
        return ""
    try:
        return rules_in_force.fact_title(rules_in_force.measure(claim.measure).subject, path)
    except KeyError:
        return path


def others(claim: Claim, user: Any) -> tuple[list[Other], int]:
    """The newest claims of the same claimant or subject that the user may see, and how many there are in all."""
    same = Q(claimant_kind=claim.claimant_kind, claimant_key=claim.claimant_key) | Q(
        subject_kind=claim.subject_kind, subject_key=claim.subject_key
    )
    rows = Claim.objects.visible_to(user, Action.SEE_CLAIMS).filter(same).exclude(pk=claim.pk)
    return [_other(claim, one) for one in rows.order_by("-created_at", "-pk")[:OTHERS]], rows.count()


def _other(claim: Claim, one: Claim) -> Other:
    measure = rules_in_force.measure(one.measure)
    return Other(
        claim=one,
        title=rules_in_force.title(measure),
        sum=sum_of(measure, one.verdict, one.amount_fen, one.low_fen, one.high_fen) if one.verdict else "",
        same_subject=(one.subject_kind, one.subject_key) == (claim.subject_kind, claim.subject_key),
    )
