"""The subset in the engine and in three other tools: equal results first, then times in turn."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from benchmarks import peer_duckdb, peer_openfisca, peer_polars
from benchmarks.data import DECISION, tables_for
from benchmarks.subset import DERIVED, MEASURES, SUBJECT, Figures, check_same
from benchmarks.timing import Times, interleaved
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.policy import Policy

_ONE_PERSON_RUNS = 300


@dataclass(frozen=True)
class Compared:
    """Times by tool: with gaps in the facts and reasons, without reasons, and without gaps (OpenFisca)."""

    rows: int
    conditions: int
    with_reasons: dict[str, Times]
    without_reasons: dict[str, Times]
    without_gaps: dict[str, Times]
    openfisca_one_person: Times


def compare(policy: Policy, rows: int, rounds: int) -> Compared:
    """Check that all tools decide alike, then time them. Raises ResultsDifferError where they do not."""
    people = tables_for(policy, SUBJECT, rows)[SUBJECT].select("id", *_facts(policy))
    v = Figures.of(policy, DECISION)
    connection = peer_duckdb.load(people)
    ours = _engine(policy, people, reasons=True)
    check_same("Polars by hand", peer_polars.decide(people, v, reasons=True), ours, reasons=True)
    # DuckDB streams rows out in any order; the ids are in the order of the rows.
    check_same("DuckDB", peer_duckdb.decide(connection, v, reasons=True).sort("id"), ours, reasons=True)
    complete = tables_for(policy, SUBJECT, rows, gap=0)[SUBJECT].select(people.columns).drop(*DERIVED)
    system = peer_openfisca.System(complete, v)
    theirs = system.frame(system.decide())
    check_same("OpenFisca", theirs, _engine(policy, complete, reasons=False), reasons=False)
    del theirs, ours
    timed = {
        reasons: interleaved(
            {
                "engine": lambda r=reasons: _engine(policy, people, reasons=r),
                "polars": lambda r=reasons: peer_polars.decide(people, v, reasons=r),
                "duckdb": lambda r=reasons: peer_duckdb.decide(connection, v, reasons=r),
            },
            rounds,
        )
        for reasons in (True, False)
    }
    gapless = interleaved(
        {
            "engine": lambda: _engine(policy, complete, reasons=False),
            "engine_with_reasons": lambda: _engine(policy, complete, reasons=True),
            "openfisca": system.decide,
        },
        rounds,
    )
    people_in_turn = iter(range(10**9))
    one = interleaved({"one": lambda: system.decide(next(people_in_turn) % rows, 1)}, _ONE_PERSON_RUNS)
    conditions = sum(len(policy.measure(name).nodes) for name in MEASURES)
    return Compared(rows, conditions, timed[True], timed[False], gapless, one["one"])


def _engine(policy: Policy, people: pl.DataFrame, *, reasons: bool) -> pl.DataFrame:
    tables = {SUBJECT: people}
    return determine_batch(
        policy, SUBJECT, tables, DECISION, reasons=reasons, bounds=False, measures=MEASURES
    ).frame


def _facts(policy: Policy) -> list[str]:
    """The facts that the subset reads, in the order of the vocabulary."""
    read = {
        ref.key
        for name in MEASURES
        for expression in policy.measure(name).expressions()
        for ref in expression.refs
    }
    return [name for name in policy.subjects[SUBJECT].facts if name in read]
