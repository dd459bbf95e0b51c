"""Many claims at once, in the background: each in a transaction of its own, a decision together with its letter.

A few claims go the same way as many: a letter takes its time, and there is one page that tells what became of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.claims import bulk
from wenjiuye.platform.claims.bulk import MOST, Done
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk import handing_over
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import JobProblem, Work, kind, start
from wenjiuye.platform.letters.errors import LetterError
from wenjiuye.platform.letters.for_claims import letter_after

BULK_STEP = "bulk_step"


@dataclass(frozen=True)
class Wanted:
    """What was confirmed. versions: number → version as previewed. query: of the list that the officer came from.

    to: primary key of the officer to whom claims are handed over, None for all; reason: why. Both only of `assign`.
    """

    step: str
    versions: Mapping[str, int]
    query: str
    to: int | None = None
    reason: str = ""


def start_bulk(wanted: Wanted, by: Any, key: uuid.UUID | None) -> BackgroundJob:
    """Queue it, once for each preview (key). PermissionDenied: the key is of another's job."""
    titles = {"review": _("批量初审通过"), "approve": _("批量审批"), "assign": _("移交")}
    versions = dict(list(wanted.versions.items())[:MOST])
    language = translation.get_language() or "zh-hans"
    arguments = {**asdict(wanted), "versions": versions, "language": language}
    return start(BULK_STEP, by, titles[wanted.step], arguments, key=key)


@kind(BULK_STEP, again=True)
def bulk_step(work: Work) -> str:
    """Take the step with each claim that its officer may still take it with."""
    arguments = work.job.arguments
    with translation.override(arguments["language"]):
        done = _taken(work)
        # Kept with the job, which its officer alone looks at.
        arguments["outcome"] = asdict(done)
        told = {"done": len(done.done) + len(done.already), "failed": len(done.failed)}
        return _("%(done)s 件已办好，%(failed)s 件没有办成。") % told


def _taken(work: Work) -> Done:
    arguments, by = work.job.arguments, work.job.user
    versions: dict[str, int] = arguments["versions"]
    work.tell(0, len(versions))
    if arguments["step"] == "assign":
        to = _receiver(arguments["to"])
        return handing_over.run(versions, to, by, arguments["reason"], tell=work.tell)

    def letter(claim: Claim) -> None:
        try:
            letter_after(claim, by)
        except LetterError as problem:
            # No decision without its letter: this claim stays as it was, the others go on.
            raise ClaimError(str(problem)) from problem

    return bulk.run(versions, arguments["step"], by, then=letter, tell=work.tell)


def _receiver(to: int | None) -> User | None:
    if to is None:
        return None
    found = handing_over.receiver(to)
    if found is None:
        raise JobProblem(_("接手的人已经停用，没有移交。请另选一人。"))
    return found
