"""The facts of one case from the registry: what the engine takes, where each comes from, and as of when.

The rows of one subject are a part of a registry that stands alone, so the same program that decides a whole city
answers for a case at the counter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from wenjiuye.platform.registry.batches import tables_kept
from wenjiuye.platform.registry.case_rows import case_partition
from wenjiuye.platform.registry.case_subject import CaseSubject, find_subject, origin
from wenjiuye.platform.registry.errors import NoSuchSubject
from wenjiuye.platform.registry.models import row_model
from wenjiuye.platform.registry.provenance import provenance_of
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.rules.batch_assembly import Reach
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.receipt import Provenance

__all__ = ["CaseFacts", "NoSuchSubject", "case_facts"]


@dataclass(frozen=True)
class CaseFacts:
    """What the registry knows of a case.

    record: values in the engine's own form by path (`person.rural`); what is not there is unknown. provenance: where
    each comes from, by the same paths, for `rules.receipt`. tables: the tables that each follows from; empty: a
    finding. claimant: who claims, as kind of row and key. county: where it is counted, empty where that is not known.
    title: the name of the claimant.
    """

    subject: str
    key: str
    on: dt.date
    record: Mapping[str, Any]
    provenance: Mapping[str, Provenance]
    tables: Mapping[str, tuple[str, ...]]
    claimant_kind: str
    claimant_key: str
    county: str
    title: str


def case_facts(policy: Policy, measure: Measure, subject_key: str, on: dt.date) -> CaseFacts:
    """The facts that a measure reads of one subject, as on a day.

    subject_key: the key of the row that is decided (a person, a job, a lease; a month of premiums is
    `<enterprise>|<kind>|<YYYY-MM>`). NoSuchSubject: there is no such row, or it is not decided on that day.
    """
    case = find_subject(measure.subject, subject_key)
    kept = tables_kept()
    refs = tuple(Reach.of(measure.expressions()).refs.values())
    partition = case_partition(case, refs, kept)
    facts = CityFacts(policy, partition, on, measures=[measure.id])
    (decided,) = decide(facts, reasons=False)
    record = _record(policy, measure, decided, case, on)
    sources = provenance_of(case, refs, record, partition, kept, on)
    kind, key = case.claimant
    return CaseFacts(
        subject=measure.subject.id,
        key=case.key,
        on=on,
        record=record,
        provenance={path: source.provenance for path, source in sources.items()},
        tables={path: source.tables for path, source in sources.items()},
        claimant_kind=kind,
        claimant_key=key,
        county=_county(decided, case),
        title=_title(case, kind, key, measure),
    )


def _record(
    policy: Policy, measure: Measure, decided: Decided, case: CaseSubject, on: dt.date
) -> dict[str, Any]:
    place = decided.frame["id"].index_of(case.key)
    if place is None:
        raise NoSuchSubject(
            _("%(what)s %(key)s 在%(on)s不能认定：当日不在登记状态或不在适用期间内。")
            % {"what": measure.subject.zh, "key": case.key, "on": on}
        )
    registry = decided.registry(policy, on, measure)
    rows = pl.Series([place], dtype=pl.UInt32)
    (record,) = registry.records(measure.subject.id, list(measure.expressions()), rows)
    return record


def _county(decided: Decided, case: CaseSubject) -> str:
    told = decided.county[decided.frame["id"].index_of(case.key)]
    return str(told or case.row.get("county") or "")


def _title(case: CaseSubject, kind: str, key: str, measure: Measure) -> str:
    """The name of the claimant; what has no name is called by what it is."""
    if kind in ("person", "enterprise"):
        row = case.row if origin(case.subject).table == kind and case.key == key else None
        if row is None:
            row = (
                row_model(kind)
                .objects.of_case()
                .filter(key=key, replaced_by__isnull=True)
                .values("name")
                .first()
            )
        if row is not None and row["name"]:
            return str(row["name"])
    return f"{measure.subject.zh} {key}"
