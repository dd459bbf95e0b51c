"""Decide a part under a reform: only what differs, on the tables that the baseline has read already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from wenjiuye.population.city.decide import Decided, county_of, decide, decide_subject
from wenjiuye.population.city.entitlement import with_entitlement
from wenjiuye.population.registry.asked import HIRE_PERSON_MEASURE
from wenjiuye.population.registry.facts import CityFacts, Tables
from wenjiuye.population.simulation.differing import Differences
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy


@dataclass(frozen=True)
class Outcome:
    """What came out for the rows of one subject.

    frame: `id`, `<m>.verdict`, `<m>.entitled` and, for measures with a sum, `<m>.amount`, `.low`, `.high`.
    county: where each row is counted. tables: the facts that were read, all rows in the same order.
    """

    measures: Mapping[str, Measure]
    frame: pl.DataFrame
    county: pl.Series
    tables: Tables
    facts: CityFacts


Outcomes = Mapping[str, Outcome]


def baseline(facts: SharedFacts, subjects: Sequence[str] | None = None) -> Outcomes:
    """Every measure of a part, or of some subjects in it, under the policy in force."""
    found = decide(facts, reasons=False, subjects=subjects)
    return {decided.subject: _outcome(decided, facts) for decided in found}


def reformed(facts: SharedFacts, base: Outcomes, reform: Policy, differ: Differences) -> Outcomes:
    """The affected measures of the affected subjects under a reform."""
    if differ.facts:
        return _anew(SharedFacts(reform, facts.partition, facts.on), differ)
    found: dict[str, Outcome] = {}
    shared = facts.under(reform)
    kept = shared.subjects()
    for subject_id, affected in differ.affected.items():
        if subject_id in kept or subject_id in base:
            found[subject_id] = _again(shared, base, found, subject_id, affected, differ)
    return found


def _anew(facts: SharedFacts, differ: Differences) -> Outcomes:
    """The affected measures on facts that are derived again."""
    names = [*dict.fromkeys([*differ.measures(), HIRE_PERSON_MEASURE])]
    # What is derived with the whole policy is derived before it is narrowed.
    _ = facts.sizes
    narrow = facts.under(_narrowed(facts.policy, [name for name in names if name in facts.policy.measures]))
    found = decide(narrow, reasons=False, subjects=list(differ.affected))
    outcomes = {}
    for decided in found:
        whole = facts.policy.measures_of(decided.subject)
        county = county_of(facts, decided.subject, decided.tables, whole)
        outcomes[decided.subject] = replace(_outcome(decided, facts), county=county)
    return outcomes


def _narrowed(policy: Policy, names: Sequence[str]) -> Policy:
    """A policy that has these measures alone."""
    return replace(policy, measures=MappingProxyType({name: policy.measures[name] for name in names}))


def _again(
    facts: SharedFacts,
    base: Outcomes,
    found: Mapping[str, Outcome],
    subject_id: str,
    affected: tuple[str, ...],
    differ: Differences,
) -> Outcome:
    old = base.get(subject_id)
    measures = {
        name: facts.policy.measures[name]
        for name in affected
        if name in facts.policy.measures and facts.policy.measures[name].subject.id == subject_id
    }
    tables = facts.tables(subject_id) if old is None else old.tables
    if subject_id == "enterprise" and HIRE_PERSON_MEASURE in differ.changed.get("hire", ()):
        tables = {**tables, "enterprise": facts.employers_with(_counts(found.get("hire")))}
    changed = [name for name in measures if name in differ.changed.get(subject_id, ())]
    pieces = [tables[subject_id].select("id")]
    if changed:
        narrow = _narrowed(facts.policy, changed)
        decided = decide_subject(facts.under(narrow), subject_id, tables, reasons=False)
        pieces.append(decided.frame.select(_raw(changed, decided.frame)))
    mates = [name for name in measures if name not in changed]
    if mates and old is not None:
        pieces.append(old.frame.select(_raw(mates, old.frame)))
    frame = with_entitlement(facts, list(measures.values()), pl.concat(pieces, how="horizontal"))
    whole = facts.policy.measures_of(subject_id)
    county = county_of(facts, subject_id, tables, whole) if old is None else old.county
    return Outcome(measures, frame, county, tables, facts)


def _counts(hires: Outcome | None) -> pl.DataFrame | None:
    name = f"{HIRE_PERSON_MEASURE}.verdict"
    if hires is None or name not in hires.frame.columns:
        return None
    return hires.frame.select("id", pl.col(name).alias("counts"))


def _raw(measures: list[str], frame: pl.DataFrame) -> list[str]:
    """Verdict, sums and parts, without what was settled between measures."""
    wanted = set(measures)
    return [
        name
        for name in frame.columns
        if name.split(".")[0] in wanted and not name.endswith((".entitled", ".why_not"))
    ]


def _outcome(decided: Decided, facts: CityFacts) -> Outcome:
    measures = {measure.id: measure for measure in decided.measures}
    return Outcome(measures, decided.frame, decided.county, decided.tables, facts)
