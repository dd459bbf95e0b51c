"""The subset of a city by the engine: from the parts of a registry to verdicts and amounts in Parquet."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from benchmarks.city_subset import MEASURES, columns
from benchmarks.data import DECISION
from wenjiuye.population.city.decide import decide
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.rules.policy import Policy

_ASKED = tuple(name for names in MEASURES.values() for name in names)


def narrow(whole: Policy) -> Policy:
    """A law of the measures of the subset alone, without those that may displace one of them."""
    chosen = {name: whole.measures[name] for name in _ASKED}
    return replace(whole, measures=MappingProxyType(chosen))


def run(arrangement: Arrangement, law: Policy, out: Path) -> dict[str, int]:
    """Ask for the subset in all parts, two at a time as a run does, and write verdicts and amounts.

    law: the whole policy, or a narrow one. Answers rows by subject.
    """
    shutil.rmtree(out, ignore_errors=True)
    with ThreadPoolExecutor(2) as threads:
        parts = arrangement.largest_first()
        counts = list(threads.map(lambda part: _one(arrangement, part, law, out), parts))
    return {subject: sum(count.get(subject, 0) for count in counts) for subject in MEASURES}


def _one(arrangement: Arrangement, part: str, law: Policy, out: Path) -> dict[str, int]:
    counts = {}
    facts = CityFacts(law, arrangement.load(part), DECISION, _ASKED)
    for decided in decide(facts, reasons=False):
        (out / decided.subject).mkdir(parents=True, exist_ok=True)
        decided.frame.select(columns(decided.subject, decided.frame.columns)).write_parquet(
            out / decided.subject / f"{part}.parquet", compression="zstd", compression_level=1
        )
        counts[decided.subject] = decided.frame.height
    return counts
