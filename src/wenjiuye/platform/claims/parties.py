"""The people and firms that a claim is about, as the registry names them; personal data for whoever gives a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.looks import unmask
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.platform.registry.case_subject import find_subject
from wenjiuye.platform.registry.columns import PERSONAL
from wenjiuye.platform.registry.errors import NoSuchSubject
from wenjiuye.platform.registry.models import row_model

PERSON, ENTERPRISE = "person", "enterprise"


@dataclass(frozen=True)
class Party:
    """One person or firm. role: what it is in the claim, in the page's language. name: empty where it has none."""

    role: str
    kind: str
    key: str
    name: str

    @property
    def shown(self) -> str:
        """The name as pages show it, that of a person masked; the key where there is no name."""
        if not self.name:
            return self.key
        return masked_name(self.name) if self.kind == PERSON else self.name


@dataclass(frozen=True)
class Shown:
    """One piece of personal data in full. whose: as the page calls the party."""

    whose: str
    what: str
    value: str


def parties(claim: Claim) -> list[Party]:
    """Who claims first, then whom the claim leads to. Without the row that is decided: who claims alone."""
    subject = rules_in_force.measure(claim.measure).subject
    roles = {(claim.claimant_kind, claim.claimant_key): _("申请人")}
    try:
        case = find_subject(subject, claim.subject_key)
    except NoSuchSubject:
        pass
    else:
        for relation, end in case.ends.items():
            roles[end] = rules_in_force.title(subject.relations[relation])
    names = _names(list(roles))
    return [Party(role, kind, key, names.get((kind, key), "")) for (kind, key), role in roles.items()]


def _names(ends: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    found = {}
    for kind in (PERSON, ENTERPRISE):
        keys = [key for end, key in ends if end == kind]
        rows = row_model(kind).objects.filter(key__in=keys, replaced_by__isnull=True).of_case()
        found |= {(kind, key): name or "" for key, name in rows.values_list("key", "name")} if keys else {}
    return found


def personal_data(claim: Claim, by: Any, reason: str) -> list[Shown]:
    """Numbers and telephones of a claim's parties and the account, in full; the look is put on record.

    PermissionDenied; PrivacyError: the reason says nothing.
    """
    titles = {"resident_id": _("证件号码"), "phone": _("电话")}
    unmask(
        by, f"claim:{claim.number}", "、".join((*titles.values(), _("收款账号"))), reason, county=claim.county
    )
    shown = []
    for party in parties(claim):
        columns = PERSONAL.get(party.kind, ())
        rows = (
            row_model(party.kind).objects.filter(key=party.key, replaced_by__isnull=True) if columns else None
        )
        row = rows.of_case().values(*columns, "name").first() if rows is not None else None
        whose = f"{party.role} {party.name or party.key}"
        shown += [Shown(whose, titles[name], row[name]) for name in columns if row and row[name]]
    if claim.payee_account:
        shown.append(Shown(claim.payee_name, _("收款账号"), claim.payee_account))
    return shown
