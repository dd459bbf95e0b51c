"""Every measure for every subject of one part: verdicts, amounts, reasons, and what each is entitled to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population import results
from wenjiuye.population.city.entitlement import with_entitlement
from wenjiuye.population.records import Registry
from wenjiuye.population.registry.asked import HIRE_PERSON_MEASURE, OF_DEDUCTION
from wenjiuye.population.registry.claims import own_facts
from wenjiuye.population.registry.facts import CityFacts, Tables
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.facts import One
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy


@dataclass(frozen=True)
class Decided:
    """What came out for one subject of one part.

    tables: the facts that were read, the subject's own table first in order. frame: `id`, and per measure
    `<m>.verdict`, `<m>.amount`, `<m>.low`, `<m>.high`, `<m>.<part>`, `<m>.c0` … (as `determine_batch` has
    them), `<m>.entitled` (Boolean; null: open) and `<m>.why_not` ("granted", "displaced" or null). county:
    where each row is counted, null where that is not known. own: for measures with facts that hold for them
    alone, the subject's table with these.
    """

    subject: str
    measures: tuple[Measure, ...]
    tables: Tables
    frame: pl.DataFrame
    county: pl.Series
    own: Mapping[str, pl.DataFrame]

    def registry(self, policy: Policy, on: dt.date, measure: Measure) -> Registry:
        """The facts that one measure read, as a registry of cases."""
        own = self.own.get(measure.id)
        tables = self.tables if own is None else {**self.tables, self.subject: own}
        return Registry(policy, tables, on)


def decide(facts: CityFacts, *, reasons: bool = True, subjects: Sequence[str] | None = None) -> list[Decided]:
    """Decide the measures of a part that are asked for, or those of some subjects, in the order of the policy."""
    wanted = [name for name in facts.subjects() if subjects is None or name in subjects]
    done: dict[str, Decided] = {}
    if "hire" in wanted:
        done["hire"] = decide_subject(facts, "hire", facts.tables("hire"), reasons=reasons)
    for name in wanted:
        if name not in done:
            tables = facts.tables(name)
            if name == "enterprise":
                hires = deductible(facts, done.get("hire"))
                tables = {**tables, "enterprise": facts.employers_with(hires)}
            done[name] = decide_subject(facts, name, tables, reasons=reasons)
    return [done[name] for name in wanted]


def deductible(facts: CityFacts, hires: Decided | None) -> pl.DataFrame | None:
    """`id` of each hire and whether taxes are deducted for it (`counts`); None where nobody reads or knows it."""
    measure = facts.policy.measures.get(HIRE_PERSON_MEASURE)
    if measure is None or not facts.keeps("hire"):
        return None
    if OF_DEDUCTION.isdisjoint(facts.reads(Enterprise, "enterprise")):
        return None
    if hires is not None and measure in hires.measures:
        frame = hires.frame
    else:
        frame, _ = _determined(facts, "hire", facts.tables("hire"), [measure], reasons=False)
    return frame.select("id", pl.col(f"{measure.id}.verdict").alias("counts"))


def decide_subject(facts: CityFacts, subject_id: str, tables: Tables, *, reasons: bool) -> Decided:
    """Decide the measures of one subject for the rows of its table."""
    measures, asked = facts.decided_of(subject_id), facts.measures_of(subject_id)
    frame, own = _determined(facts, subject_id, tables, measures, reasons=reasons)
    settled = with_entitlement(facts, measures, frame)
    others = {measure.id for measure in measures} - {measure.id for measure in asked}
    return Decided(
        subject_id,
        tuple(asked),
        tables,
        settled.drop(column for column in settled.columns if column.split(".")[0] in others),
        county_of(facts, subject_id, tables, facts.policy.measures_of(subject_id)),
        {name: table for name, table in own.items() if name not in others},
    )


def _determined(
    facts: CityFacts, subject_id: str, tables: Tables, measures: Sequence[Measure], *, reasons: bool
) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """What `determine_batch` says of some measures, and for those with facts of their own the table with these."""
    alone = [measure for measure in measures if own_facts(measure)]
    together = [measure.id for measure in measures if measure not in alone]
    found = {}
    if together:
        found[""] = _batch(facts, subject_id, tables, together, reasons)
    own = {measure.id: _with_claim(tables[subject_id], facts.claim(measure)) for measure in alone}
    for name, table in own.items():
        found[name] = _batch(facts, subject_id, {**tables, subject_id: table}, [name], reasons)
    ids = tables[subject_id].select("id")
    return pl.concat([ids, *(part.drop("id") for part in found.values())], how="horizontal"), own


def _batch(
    facts: CityFacts, subject_id: str, tables: Tables, measures: list[str], reasons: bool
) -> pl.DataFrame:
    return determine_batch(
        facts.policy, subject_id, tables, facts.on, reasons=reasons, measures=measures
    ).frame


def _with_claim(table: pl.DataFrame, claim: pl.DataFrame) -> pl.DataFrame:
    """The table with the facts that hold for one measure in the place of any others."""
    names = [name for name in claim.columns if name != "row"]
    if claim["row"].equals(table["id"]):
        return table.with_columns(claim[name] for name in names)
    side = claim.rename({"row": "id"})
    return table.drop(n for n in names if n in table.columns).join(
        side, on="id", how="left", maintain_order="left"
    )


def county_of(facts: CityFacts, subject_id: str, tables: Tables, measures: Sequence[Measure]) -> pl.Series:
    """The county in which each row is counted (String)."""
    subject = facts.policy.subjects[subject_id]
    own = tables[subject_id]
    path = results.county_path(subject, measures)
    kept = subject_id in facts.partition.tables
    if path is None and kept and "county" in facts.partition.columns(subject_id):
        side = facts.partition.table(subject_id, ["id", "county"]).cast({"county": pl.String})
        return own.select("id").join(side, on="id", how="left", maintain_order="left")["county"]
    if path == () and "county" in own.columns:
        return own["county"].cast(pl.String)
    if path and path[0] in own.columns:
        link = subject.relations[path[0]]
        assert isinstance(link, One)
        table = tables.get(link.target.id)
        if table is not None and "county" in table.columns:
            side = table.select(pl.col("id").alias("#id"), pl.col("county").cast(pl.String))
            ids = own.select(pl.col(path[0]).alias("to"))
            return ids.join(side, left_on="to", right_on="#id", how="left", maintain_order="left")["county"]
    return pl.Series("county", [None] * own.height, dtype=pl.String)
