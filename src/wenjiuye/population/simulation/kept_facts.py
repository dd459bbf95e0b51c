"""The facts that some measures read, kept on disk part by part, so that figures can be tried one after another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from wenjiuye.population.registry.claims import own_facts
from wenjiuye.population.registry.facts import Tables
from wenjiuye.population.registry.partition import Partition, PartTables
from wenjiuye.population.simulation.differing import Differences
from wenjiuye.population.simulation.redecide import Outcome, Outcomes
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy


def keep(folder: Path, facts: SharedFacts, base: Outcomes, differ: Differences) -> None:
    """Write what the affected measures of one part read, and what the baseline found for them."""
    folder.mkdir(parents=True)
    policy = facts.policy
    names = differ.measures()
    for subject_id, affected in differ.affected.items():
        if subject_id not in base:
            continue
        outcome = base[subject_id]
        measures = [policy.measures[name] for name in affected]
        read = _columns(policy, measures)
        for table, frame in outcome.tables.items():
            _write(
                folder,
                f"table {subject_id} {table}",
                frame.select(c for c in frame.columns if _base(c) in read),
            )
        mine = [c for c in outcome.frame.columns if c.split(".")[0] in affected]
        decided = outcome.frame.select("id", outcome.county.alias("#county"), *mine)
        _write(folder, f"base {subject_id}", decided)
        _write(folder, f"rows {subject_id}", facts.claim_rows(subject_id))
        for measure in measures:
            if own_facts(measure):
                _write(folder, f"claim {measure.id}", facts.claim(measure))
    grants = facts.partition.tables.get("grant")
    if grants is not None:
        mates = {name for group in policy.groups if set(group.members) & set(names) for name in group.members}
        wanted = [*names, *sorted(mates - set(names))]
        _write(folder, "grants", grants.filter(pl.col("measure").is_in(wanted)))


class KeptFacts(SharedFacts):
    """The facts of one part as `keep` wrote them."""

    def __init__(self, policy: Policy, folder: Path, on: dt.date) -> None:
        grants = folder / "grants.arrow"
        tables = PartTables.of({"grant": _read(grants)} if grants.is_file() else {})
        super().__init__(policy, Partition(folder.name, tables, {}, {}), on)
        self._folder = folder

    def base(self) -> Outcomes:
        """What the baseline found for the affected measures."""
        found = {}
        for path in sorted(self._folder.glob("base *.arrow")):
            subject_id = path.stem.split(" ")[1]
            frame = _read(path)
            ids = {c.split(".")[0] for c in frame.columns}
            measures = {name: m for name, m in self.policy.measures.items() if name in ids}
            found[subject_id] = Outcome(
                measures, frame.drop("#county"), frame["#county"], self.tables(subject_id), self
            )
        return found

    def tables(self, subject_id: str) -> Tables:
        """The tables of one subject, with the columns that are read."""
        paths = sorted(self._folder.glob(f"table {subject_id} *.arrow"))
        return {path.stem.split(" ")[2]: _read(path) for path in paths}

    def claim(self, measure: Measure) -> pl.DataFrame:
        """The facts that hold for one measure alone."""
        return _read(self._folder / f"claim {measure.id}.arrow")

    def claim_rows(self, subject_id: str) -> pl.DataFrame:
        """What grants name a row by."""
        return _read(self._folder / f"rows {subject_id}.arrow")


def _columns(policy: Policy, measures: list[Measure]) -> set[str]:
    """Names of facts and relations that the measures may read, in any table."""
    relations = {name for subject in policy.subjects.values() for name in subject.relations}
    facts = {
        node.data.fact.id
        for measure in measures
        for e in (*measure.expressions(), *([] if measure.limit is None else [measure.limit]))
        for node in e.walk_into_rows()
        if node.op == "fact"
    }
    return {"id", *relations, *facts, *_lists(policy)}


def _lists(policy: Policy) -> Iterator[str]:
    return (name for name, fact in policy.facts.items() if fact.kind == "list")


def _base(column: str) -> str:
    return column.split(".")[0]


def _write(folder: Path, name: str, frame: pl.DataFrame) -> None:
    frame.write_ipc(folder / f"{name}.arrow")


def _read(path: Path) -> pl.DataFrame:
    return pl.read_ipc(path)
