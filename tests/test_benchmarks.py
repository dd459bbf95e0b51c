"""The hand-written rules that the benchmark compares with decide like the engine; needs none of its tools."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import polars as pl
import pytest

# The benchmarks stand beside the package and are not installed.
sys.path.append(str(Path(__file__).parents[1]))

from benchmarks import city_peer_polars, peer_polars
from benchmarks.city_engine import narrow, run
from benchmarks.city_subset import MEASURES as OF_A_CITY
from benchmarks.city_subset import CityFigures, check_city
from benchmarks.data import DECISION, tables_for
from benchmarks.subset import MEASURES, SUBJECT, Figures, ResultsDifferError, check_same

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import take_in
from wenjiuye.population.synth import write_city
from wenjiuye.rules.batch import determine_batch

ROWS = 500


# The second day lies after the reform of retirement and after the window of the living allowance.
@pytest.mark.parametrize("on", [DECISION, dt.date(2026, 3, 15)])
def test_polars_by_hand_decides_like_the_engine(on: dt.date) -> None:
    people = tables_for(policy(), SUBJECT, ROWS)[SUBJECT]
    ours = determine_batch(
        policy(), SUBJECT, {SUBJECT: people}, on, reasons=True, bounds=False, measures=MEASURES
    ).frame
    theirs = peer_polars.decide(people, Figures.of(policy(), on), reasons=True)
    check_same("Polars by hand", theirs, ours, reasons=True)


def test_a_tool_that_decides_otherwise_fails_the_benchmark() -> None:
    ours = pl.DataFrame({"id": ["a", "b"], "m.verdict": [True, None]})
    theirs = pl.DataFrame({"id": ["a", "b"], "m.verdict": [True, False]})
    with pytest.raises(ResultsDifferError, match=r"m\.verdict differs in 1 rows; row 1"):
        check_same("other", theirs, ours, reasons=False)


def test_the_facts_are_the_same_every_time_and_have_gaps() -> None:
    first, again = (tables_for(policy(), SUBJECT, ROWS)[SUBJECT] for _ in range(2))
    assert first.equals(again)
    gaps = first["employed"].null_count() / ROWS
    assert 0.03 < gaps < 0.15


def test_a_city_by_hand_is_decided_like_by_the_engine(tmp_path: Path) -> None:
    write_city(tmp_path / "city", persons=4_000, seed=9)
    clean = take_in(tmp_path / "city", tmp_path / "intake")
    current = narrow(policy())
    parts = arrange(clean.tables, clean.incomplete, current, tmp_path / "parts", "", people_a_part=1_500)
    rows = run(parts, current, tmp_path / "engine")
    assert len(parts.parts) > 1
    assert set(rows) == set(OF_A_CITY)
    city_peer_polars.decide(tmp_path / "city", tmp_path / "polars", CityFigures.of(policy(), DECISION))
    check_city("Polars by hand", tmp_path / "polars", tmp_path / "engine")
    for subject, names in OF_A_CITY.items():
        decided = pl.read_parquet(tmp_path / "engine" / subject / "*.parquet")
        assert decided.height == rows[subject] > 0
        assert any(decided[f"{name}.verdict"].any() for name in names)
