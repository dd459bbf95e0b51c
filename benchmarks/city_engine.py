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


def narrow(whole: Policy) -> Policy:
    """The policy with the measures of the subset alone."""
    chosen = {name: whole.measures[name] for names in MEASURES.values() for name in names}
    return replace(whole, measures=MappingProxyType(chosen))


def run(arrangement: Arrangement, current: Policy, out: Path) -> dict[str, int]:
    """Decide all parts, two at a time as a run does, and write verdicts and amounts. Answers rows by subject."""
    shutil.rmtree(out, ignore_errors=True)
    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(lambda part: _one(arrangement, part, current, out), arrangement.parts))
    return {subject: sum(count.get(subject, 0) for count in counts) for subject in MEASURES}


def _one(arrangement: Arrangement, part: str, current: Policy, out: Path) -> dict[str, int]:
    counts = {}
    for decided in decide(CityFacts(current, arrangement.load(part), DECISION), reasons=False):
        (out / decided.subject).mkdir(parents=True, exist_ok=True)
        decided.frame.select(columns(decided.subject, decided.frame.columns)).write_parquet(
            out / decided.subject / f"{part}.parquet", compression="zstd", compression_level=1
        )
        counts[decided.subject] = decided.frame.height
    return counts
