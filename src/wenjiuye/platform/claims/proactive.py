"""Claims for those whom a city run found entitled (免申即享): what would be opened first, then the claims.

The list of a run only says whom to look at: every row is decided again on its own, from the registry as it stands.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check, may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim, ProactiveRun
from wenjiuye.platform.claims.opening import NewClaim, open_claim
from wenjiuye.platform.claims.states import LIVE
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import JobProblem, Work, kind, start
from wenjiuye.platform.record.context import on_record
from wenjiuye.platform.registry.case_facts import NoSuchSubject, case_facts
from wenjiuye.rules.case import determine

MOST = 20_000
"""Rows that one list may have; a longer one is taken county by county."""
READY, CLAIMED, NOT_ELIGIBLE, OPEN, GONE, ELSEWHERE = (
    "ready",
    "claimed",
    "not_eligible",
    "open",
    "gone",
    "elsewhere",
)


def listed(path: Path) -> list[str]:
    """The ids of a list that a run wrote (`lists/<measure>.csv`), in its order. ClaimError: it is no such list."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        column = next((name for name in rows.fieldnames or () if name.split(" / ")[-1].strip() == "id"), None)
        if column is None:
            raise ClaimError(
                _("%(file)s 没有“编号”列；请用运行结果里 lists 文件夹的名单。") % {"file": path.name}
            )
        keys = [row[column] for row in rows if row[column]]
    if len(keys) > MOST:
        raise ClaimError(
            _("名单有 %(rows)d 行，一次最多 %(most)d 行，请按县区分开。") % {"rows": len(keys), "most": MOST}
        )
    return list(dict.fromkeys(keys))


def plan(
    measure_id: str, keys: list[str], on: dt.date, by: Any, *, source: str, county: str = ""
) -> ProactiveRun:
    """Put a list down to be tried; `try_out` or the background looks at each row. ClaimError: no such measure."""
    check(by, Action.CLAIM_PROACTIVELY, county=county or None)
    try:
        measure = rules_in_force.measure(measure_id)
    except KeyError:
        raise ClaimError(_("没有这个事项：%(measure)s。") % {"measure": measure_id}) from None
    if measure not in rules_in_force.claimable():
        raise ClaimError(_("%(measure)s不能申请。") % {"measure": rules_in_force.title(measure)})
    with on_record(by, "proactive list"):
        return ProactiveRun.objects.create(
            measure=measure_id,
            county=county,
            on=on,
            source=source,
            rows=[{"key": key} for key in keys],
            made_by=by,
        )


def try_out(run: ProactiveRun, by: Any, work: Work | None = None) -> ProactiveRun:
    """Look at each row: what would be opened and what not, and why. Nothing is opened."""
    measure = rules_in_force.measure(run.measure)
    claimed = set(
        Claim.objects.of_case()
        .filter(measure=run.measure, subject_key__in=[row["key"] for row in run.rows], state__in=LIVE)
        .values_list("subject_key", flat=True)
    )
    rows = []
    for number, row in enumerate(run.rows):
        rows.append(_tried(measure, row["key"], run, by, row["key"] in claimed))
        if work is not None and number % 20 == 0:
            work.tell(number, len(run.rows))
    counts = Counter(row["outcome"] for row in rows)
    run.rows = rows
    run.preview = {
        "counts": dict(counts),
        "sum_fen": sum(row.get("amount_fen") or 0 for row in rows if row["outcome"] == READY),
    }
    with on_record(by, "proactive dry run"):
        run.save()
    return run


def _tried(measure: Any, key: str, run: ProactiveRun, by: Any, claimed: bool) -> dict[str, Any]:
    try:
        found = case_facts(rules_in_force.policy_in_force(), measure, key, run.on)
    except NoSuchSubject:
        return {"key": key, "outcome": GONE}
    told = {"key": key, "name": found.title, "kind": found.claimant_kind, "county": found.county}
    departments = rules_in_force.departments(measure.clause)
    if not may(by, Action.CLAIM_PROACTIVELY, county=found.county, departments=departments) or (
        run.county and found.county != run.county
    ):
        return {"key": key, "outcome": ELSEWHERE}
    if claimed:
        return {**told, "outcome": CLAIMED}
    answer = determine(rules_in_force.policy_in_force(), measure, found.record, run.on, nested=True)
    outcome = {"eligible": READY, "ineligible": NOT_ELIGIBLE, "undetermined": OPEN}[answer.verdict.value]
    return {**told, "outcome": outcome, "amount_fen": answer.amount if outcome == READY else None}


def confirm(run: ProactiveRun, by: Any, work: Work | None = None) -> list[Claim]:
    """Open the claims that the dry run found ready; once, whoever asks how often."""
    opened = []
    with transaction.atomic(), on_record(by, "proactive claims"):
        held = ProactiveRun.objects.select_for_update().get(pk=run.pk)
        if held.status != ProactiveRun.Status.PREVIEW or not held.preview:
            raise ClaimError(_("这份名单还没有试运行，或者已经开立过申请。"))
        ready = [row for row in held.rows if row["outcome"] == READY]
        for number, row in enumerate(ready):
            opened.append(
                open_claim(NewClaim(held.measure, row["key"], held.on, source=Claim.Source.PROACTIVE), by)
            )
            if work is not None and number % 20 == 0:
                work.tell(number, len(ready))
        held.status = ProactiveRun.Status.CONFIRMED
        held.save()
    return opened


def drop(run: ProactiveRun, by: Any) -> None:
    """Open nothing for this list."""
    with transaction.atomic(), on_record(by, "proactive list dropped"):
        held = ProactiveRun.objects.select_for_update().get(pk=run.pk)
        if held.status == ProactiveRun.Status.PREVIEW:
            held.status = ProactiveRun.Status.DROPPED
            held.save()


# ── In the background


@kind("proactive_try", again=True)
def _try_in_background(work: Work) -> str:
    run = _run_of(work)
    try_out(run, work.job.user, work)
    ready = run.preview["counts"].get(READY, 0)
    return _("%(rows)d 行中有 %(ready)d 行可以开立申请。") % {"rows": len(run.rows), "ready": ready}


# All claims of a list are opened in one transaction, and a second try finds the list confirmed.
@kind("proactive_confirm", again=True)
def _confirm_in_background(work: Work) -> str:
    try:
        opened = confirm(_run_of(work), work.job.user, work)
    except (ClaimError, PermissionDenied) as problem:
        raise JobProblem(str(problem)) from None
    return _("已开立 %(number)d 件申请。") % {"number": len(opened)}


def _run_of(work: Work) -> ProactiveRun:
    return ProactiveRun.objects.get(pk=work.job.arguments["run"])


def start_try(run: ProactiveRun, by: Any) -> BackgroundJob:
    """Look at the list in the background."""
    return start("proactive_try", by, _("试运行：%(what)s") % {"what": _name(run)}, {"run": run.pk})


def start_confirm(run: ProactiveRun, by: Any) -> BackgroundJob:
    """Open the claims in the background."""
    return start("proactive_confirm", by, _("开立申请：%(what)s") % {"what": _name(run)}, {"run": run.pk})


def _name(run: ProactiveRun) -> str:
    return rules_in_force.title(rules_in_force.measure(run.measure))
