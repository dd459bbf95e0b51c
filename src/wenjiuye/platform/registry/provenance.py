"""Where each fact of a case comes from and as of which day, for page, letter and receipt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from wenjiuye.platform.registry.batches import Kept
from wenjiuye.platform.registry.case_subject import CaseSubject
from wenjiuye.platform.registry.follows import FINDING, follows, source_titles
from wenjiuye.population.cells import CellError, read_cell
from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.expression import Ref
from wenjiuye.rules.receipt import Provenance

FOUND = ("认定", "finding")
"""What the source of a finding is called where it does not say so itself."""


@dataclass(frozen=True)
class Source:
    """The source of one fact. tables: that it follows from; of a finding none."""

    provenance: Provenance
    tables: tuple[str, ...]


def provenance_of(
    case: CaseSubject,
    refs: Iterable[Ref],
    record: Mapping[str, Any],
    partition: Partition,
    kept: Mapping[str, Kept],
    on: dt.date,
) -> dict[str, Source]:
    """The source of every fact of a record, by path. A fact is as fresh as the oldest of its tables."""
    found = {}
    for ref in refs:
        if ref.key not in record:
            continue
        subject = case.subject if not ref.path else case.ends[ref.path[0]][0]
        finding = _finding(case, ref, subject, partition, on)
        if finding is not None:
            found[ref.key] = Source(finding, ())
            continue
        tables = tuple(name for name in follows(subject, ref.fact.id) if name in kept)
        days = [kept[name].as_of for name in tables]
        source = Provenance(source_titles(tables)[0] or FOUND[0], min(days, default=None))
        found[ref.key] = Source(source, tables)
    return found


def _finding(
    case: CaseSubject, ref: Ref, subject: str, partition: Partition, on: dt.date
) -> Provenance | None:
    """The finding that tells a fact: the latest that is valid on the day, if it can be read."""
    held = partition.tables.get(FINDING)
    if held is None:
        return None
    day = case.day_at(ref.path, on)
    valid = held.filter(
        (pl.col("subject") == subject)
        & (pl.col("subject_id") == case.key_at(ref.path))
        & (pl.col("fact") == ref.fact.id)
        & (pl.col("valid_from") <= day)
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    ).sort("valid_from", maintain_order=True)
    if valid.is_empty():
        return None
    last = valid.row(-1, named=True)
    try:
        read_cell(ref.fact, last["value"])
    except CellError:
        return None
    return Provenance(last["source"] or FOUND[0], last["valid_from"])
