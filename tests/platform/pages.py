"""Every page of ours, and how to make, for each that shows one thing, such a thing in a county.

Whoever adds a page whose address names something adds how to make it: to a function below, or a function of its own
under `@made_by(...)`. An address that names no row (a measure, say) goes into FIXED. test_permissions fails until then.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from wenjiuye.platform.accounts.models import Substitution, User, today
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.determining import determine_claim
from wenjiuye.platform.claims.models import (
    Claim,
    ClaimEvidence,
    Determination,
    Dispute,
    Override,
    ProactiveRun,
    SavedView,
    Step,
)
from wenjiuye.platform.desk.bulk_jobs import BULK_STEP
from wenjiuye.platform.evidence.models import StoredFile
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.models import DuplicatePair, FileImport, ImportBatch, Merge, row_model

OPEN_TO_ALL = frozenset({"health", "desk:look", "account_set_password"})
"""Pages that anybody opens, signed in or not. `account_set_password` only sends on to one's own page."""


@dataclass(frozen=True)
class Page:
    """A page of ours. values: the converters of what its address names."""

    name: str
    view: Any
    values: Mapping[str, Any]

    @property
    def action(self) -> Action | None:
        """The action that it is."""
        return getattr(self.view, "required_action", None)

    @property
    def anywhere(self) -> str:
        """Its address with values that name nothing."""
        return reverse(self.name, kwargs={k: _ANY[type(c).__name__] for k, c in self.values.items()})


_ANY = {
    "IntConverter": 0,
    "SlugConverter": "nothing",
    "PathConverter": "nothing",
    "StringConverter": "nothing",
    "UUIDConverter": uuid.UUID(int=0),
}


def own_pages() -> list[Page]:
    """All but those of the libraries: signing in guards itself, the administration site has tests of its own."""
    return sorted(_pages(get_resolver().url_patterns, "", {}), key=lambda page: page.name)


def _pages(patterns: list[Any], space: str, outer: Mapping[str, Any]) -> Iterator[Page]:
    for one in patterns:
        values = {**outer, **one.pattern.converters}
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from _pages(
                    one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, values
                )
        elif isinstance(one, URLPattern) and not one.callback.__module__.startswith("allauth."):
            yield Page(f"{space}{one.name}", one.callback, values)


# ── Things that pages show

Maker = Callable[[str, User], dict[str, Any]]
"""For a county and an officer: what the address names. What belongs to a person belongs to the officer."""

ROWS: dict[str, Maker] = {}
FIXED: dict[str, dict[str, Any]] = {
    "desk:claim_new_subject": {"measure": "hiring_subsidy"},
    "desk:claim_new_facts": {"measure": "hiring_subsidy"},
}
"""What the address names where that is nobody's row."""
FILE_ON_DISK = frozenset(
    {"desk:claim_evidence", "desk:claim_letter", "desk:job_result", "desk:import_errors"}
)
"""Pages that hand out a file, which the row made here does not have: one's own is looked at in other tests."""
SILENT: dict[str, Callable[[dict[str, Any]], bool]] = {
    "desk:drop_view": lambda values: SavedView.objects.filter(pk=values["view"]).exists(),
}
"""Pages that drop what is one's own and say the same when somebody else's is named: whether that is still there."""

_numbers = itertools.count(1)


def made_by(*names: str) -> Callable[[Maker], Maker]:
    """This makes what these pages of the desk show."""

    def note(maker: Maker) -> Maker:
        ROWS.update((f"desk:{name}", maker) for name in names)
        return maker

    return note


@made_by("end-substitute")
def _substitution(county: str, officer: User) -> dict[str, Any]:
    other = User.objects.create(username=f"substitute{next(_numbers)}", name="代办")
    days = {"starts_on": today(), "ends_on": today(), "reason": "年休假"}
    return {"pk": Substitution.objects.create(absent=officer, substitute=other, **days).pk}


@made_by("drop_view")
def _view(county: str, officer: User) -> dict[str, Any]:
    return {"view": SavedView.objects.create(user=officer, name="我的", query="state=draft").pk}


@made_by("proactive_list", "proactive_confirm", "proactive_drop")
def _proactive(county: str, officer: User) -> dict[str, Any]:
    made = ProactiveRun.objects.create(
        measure="hiring_subsidy", county=county, on=dt.date(2020, 12, 1), source="list.csv", made_by=officer
    )
    return {"run": made.pk}


@made_by("job_result")
def _job(county: str, officer: User) -> dict[str, Any]:
    return {"job": BackgroundJob.objects.create(user=officer, kind="test", title="导出").pk}


@made_by("bulk_job")
def _bulk_job(county: str, officer: User) -> dict[str, Any]:
    arguments = {"step": "review", "query": "", "versions": {}}
    made = BackgroundJob.objects.create(
        user=officer, kind=BULK_STEP, title="批量初审通过", arguments=arguments
    )
    return {"job": made.pk}


def _made_claim(county: str, officer: User) -> Claim:
    measure, number = rules_in_force.measure("hiring_subsidy"), next(_numbers)
    with on_record(officer, "test"):
        claim = Claim.objects.create(
            number=f"209912-{number:06d}",
            measure=measure.id,
            clause=measure.clause,
            subject_kind=measure.subject.id,
            subject_key=f"S{number}",
            claimant_kind="enterprise",
            claimant_key=f"E{number}",
            claimant_name="众诚电气有限公司",
            county=county,
            source="counter",
            applied_on=dt.date(2020, 12, 1),
            created_by=officer,
        )
        Step.objects.create(claim=claim, version=1, name="open", target="draft", actor=officer)
        determine_claim(claim, officer, Determination.Cause.FIRST)
        claim.version = 2
        claim.save()
        Step.objects.create(claim=claim, version=2, name="determine", target="draft", actor=officer)
    return claim


@made_by(
    "claim",
    "claim_accept",
    "claim_appeal",
    "claim_approve",
    "claim_assign",
    "claim_attach",
    "claim_comment",
    "claim_declare",
    "claim_determinations",
    "claim_determine",
    "claim_dismiss_appeal",
    "claim_dispute",
    "claim_file",
    "claim_issue_letter",
    "claim_override",
    "claim_reopen",
    "claim_return",
    "claim_review_grant",
    "claim_review_refuse",
    "claim_send_back",
    "claim_settle",
    "claim_submit",
    "claim_suspend",
    "claim_unmask",
    "claim_uphold_appeal",
    "claim_withdraw",
)
def _claim(county: str, officer: User) -> dict[str, Any]:
    return {"number": _made_claim(county, officer).number}


@made_by("claim_receipt")
def _determination(county: str, officer: User) -> dict[str, Any]:
    claim = _made_claim(county, officer)
    return {"number": claim.number, "determination": claim.determination_id}


def _made_evidence(claim: Claim, officer: User) -> ClaimEvidence:
    stored = StoredFile.objects.create(
        county=claim.county,
        name="劳动合同.png",
        sha256_received="0" * 64,
        sha256="0" * 64,
        media_type="image/png",
        bytes=1,
        uploaded_by=officer,
        scan="clean",
        stored_name=uuid.uuid4().hex,
    )
    return ClaimEvidence.objects.create(claim=claim, file=stored, title="劳动合同", added_by=officer)


@made_by("claim_evidence", "claim_check")
def _evidence(county: str, officer: User) -> dict[str, Any]:
    claim = _made_claim(county, officer)
    return {"number": claim.number, "evidence": _made_evidence(claim, officer).pk}


@made_by("claim_letter")
def _letter(county: str, officer: User) -> dict[str, Any]:
    claim = _made_claim(county, officer)
    letter = Letter.objects.create(
        county=county,
        kind="accepted",
        lang="zh",
        claim=claim.number,
        number=claim.number,
        data="{}",
        sha256="0" * 64,
        stored_name=uuid.uuid4().hex,
        made_with="test",
        made_by=officer,
    )
    return {"number": claim.number, "letter": letter.pk}


@made_by("claim_answer_override")
def _override(county: str, officer: User) -> dict[str, Any]:
    claim = _made_claim(county, officer)
    with on_record(officer, "test"):
        made = Override.objects.create(
            claim=claim,
            determination=claim.determination,
            verdict="ineligible",
            reason="合同不真实",
            evidence=_made_evidence(claim, officer),
            proposed_by=officer,
        )
    return {"number": claim.number, "override": made.pk}


@made_by("claim_answer_dispute")
def _dispute(county: str, officer: User) -> dict[str, Any]:
    claim = _made_claim(county, officer)
    made = Dispute.objects.create(
        claim=claim,
        fact="contract_months",
        says=12,
        reason="合同是十二个月",
        evidence=_made_evidence(claim, officer),
        raised_by=officer,
    )
    return {"number": claim.number, "dispute": made.pk}


# ── The registry


@made_by("import", "import_again", "import_check", "import_commit", "import_drop", "import_errors")
def _file_import(county: str, officer: User) -> dict[str, Any]:
    made = FileImport.objects.create(
        by=officer,
        file_name="people.csv",
        size=1,
        title="人员",
        as_of=dt.date(2020, 11, 30),
        kind="changes",
        county=county,
    )
    return {"file": made.pk}


@made_by("import_batch", "import_undo")
def _batch(county: str, officer: User) -> dict[str, Any]:
    made = ImportBatch.objects.create(
        kind="changes", title="人员", as_of=dt.date(2020, 11, 30), county=county, by=officer
    )
    return {"batch": made.pk}


def _people(county: str, officer: User) -> tuple[int, str, str]:
    """A batch with two people."""
    batch = _batch(county, officer)["batch"]
    person = row_model("person")
    keys = sorted(f"page{next(_numbers):06d}" for _ in range(2))
    for key in keys:
        person.objects.create(batch=batch, key=key, name="张小航", county=county)
    return batch, keys[0], keys[1]


@made_by("registry_row", "registry_unmask")
def _person(county: str, officer: User) -> dict[str, Any]:
    return {"kind": "person", "key": _people(county, officer)[1]}


@made_by("duplicate", "duplicate_merge")
def _pair(county: str, officer: User) -> dict[str, Any]:
    _, first, second = _people(county, officer)
    reasons = [DuplicatePair.Reason.NAME_AND_BIRTH]
    made = DuplicatePair.objects.create(
        kind="person", first=first, second=second, county=county, reasons=reasons, likeness=1
    )
    return {"pair": made.pk}


@made_by("merge", "merge_undo")
def _merge(county: str, officer: User) -> dict[str, Any]:
    _, kept, dropped = _people(county, officer)
    made = ImportBatch.objects.create(
        kind="merge", title="合并", as_of=dt.date(2020, 11, 30), county=county, by=officer
    )
    Merge.objects.create(batch=made, kind="person", kept=kept, dropped=dropped, reason="同一人")
    return {"batch": made.pk}
