"""All that is kept of a claimant as one zip: for whoever asks to see it, and for audits. Made in the background."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import JobProblem, Work, kind, start
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.services import read
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.privacy.services import log_look, reason_given
from wenjiuye.platform.registry.case_rows import OF_FIRM, OF_PERSON
from wenjiuye.platform.registry.reading import read_rows

EXPORT_FILE = "export_file"
_OF = {Claim.ClaimantKind.PERSON: OF_PERSON, Claim.ClaimantKind.ENTERPRISE: OF_FIRM}
_PARTS = (
    "statements",
    "settlements",
    "disputes",
    "determinations",
    "decisions",
    "overrides",
    "steps",
    "comments",
)


def start_file(claim: Claim, by: User, reason: str) -> BackgroundJob:
    """Queue the file of a claim's claimant. PrivacyError: the reason says nothing."""
    why = reason_given(reason)
    title = _("导出档案：%(claimant)s") % {"claimant": claim.claimant_key}
    log_look(by, PersonalDataAccess.Kind.FILE, f"{claim.claimant_kind}:{claim.claimant_key}", title, why)
    return start(
        EXPORT_FILE, by, title, {"kind": claim.claimant_kind, "key": claim.claimant_key, "reason": why}
    )


@kind(EXPORT_FILE, again=True)
def export_file(work: Work) -> str:
    """Rows of the registry, claims with everything around them, and letters: JSON and PDF."""
    by, told = work.job.user, work.job.arguments
    if not may(by, Action.EXPORT_FILE):
        raise JobProblem(_("你已经没有导出档案的权限。"))
    mine = {"claimant_kind": told["kind"], "claimant_key": told["key"]}
    claims = list(Claim.objects.visible_to(by, Action.EXPORT_FILE).filter(**mine).order_by("pk"))
    path = work.file(f"{told['kind']}-{told['key']}.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        registry = _registry(told["kind"], told["key"])
        archive.writestr("registry.json", _json(registry))
        for number, claim in enumerate(claims, 1):
            archive.writestr(f"claims/{claim.number}.json", _json(_claim(claim)))
            letters = Letter.objects.of_case().filter(claim=claim.number)
            for letter in letters:
                archive.writestr(f"letters/{claim.number}-{letter.kind}-{letter.pk}.pdf", read(letter, by))
            work.tell(number, len(claims))
    return _("%(claims)d 件申请，登记库 %(rows)d 行。") % {
        "claims": len(claims),
        "rows": sum(len(rows) for rows in registry.values()),
    }


def _registry(subject: str, key: str) -> dict[str, list[dict[str, Any]]]:
    """The rows that are about a person or an employer, by table, with personal data in full."""
    found = {}
    for table, column in _OF[Claim.ClaimantKind(subject)].items():
        rows = read_rows(table, {column: {key}}, personal=True).to_dicts()
        if rows:
            found[table] = rows
    return found


def _claim(claim: Claim) -> dict[str, Any]:
    told = {**_row(claim), "payee_account": claim.payee_account, "evidence": _evidence(claim)}
    return told | {part: _rows(getattr(claim, part).all()) for part in _PARTS}


def _evidence(claim: Claim) -> list[dict[str, Any]]:
    return [
        {**_row(one), "name": one.file.name, "sha256": one.file.sha256}
        for one in claim.evidence.select_related("file")
    ]


def _rows(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    return [_row(one) for one in rows]


def _row(one: models.Model) -> dict[str, Any]:
    """All columns, those too that no form could change; of bytes none, for they are hashes and ciphers."""
    return {
        field.attname: getattr(one, field.attname)
        for field in one._meta.concrete_fields
        if not isinstance(field, models.BinaryField)
    }


def _json(thing: Any) -> str:
    return json.dumps(thing, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
