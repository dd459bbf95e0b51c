"""A part knows everything that its subjects need: however a registry is divided, the answers are the same."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from random_registry import random_registry, write_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import decide
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.facts import CityFacts

DAYS = (dt.date(2020, 12, 1), dt.date(2020, 6, 30))


def everything(
    tables: dict[str, pl.DataFrame], folder: Path, people_a_part: int, on: dt.date
) -> tuple[int, dict[str, pl.DataFrame]]:
    """How many parts there were, and by subject the results with the county, by id."""
    files = write_registry(tables, folder / "tables")
    arranged = arrange(files, {}, policy(), folder / "arranged", "test", people_a_part=people_a_part)
    found: dict[str, list[pl.DataFrame]] = {}
    for part in arranged.parts:
        for decided in decide(CityFacts(policy(), arranged.load(part), on)):
            frame = decided.frame.with_columns(decided.county.alias("county"))
            found.setdefault(decided.subject, []).append(frame)
    return len(arranged.parts), {name: pl.concat(frames).sort("id") for name, frames in found.items()}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("on", DAYS)
def test_one_part_and_many_parts_answer_alike(seed: int, on: dt.date, tmp_path: Path) -> None:
    tables = random_registry(seed)
    one, whole = everything(tables, tmp_path / "one", 1_000_000, on)
    many, divided = everything(tables, tmp_path / "many", 9, on)
    assert one == 1
    assert many > 9
    assert set(whole) == set(divided) == {s for s in policy().subjects if policy().measures_of(s)}
    for subject, frame in whole.items():
        assert frame["id"].is_unique().all()
        assert_frame_equal(frame, divided[subject])


@pytest.mark.parametrize(
    "missing", ["recognition", "employment", "enrolment", "contribution", "grant", "household"]
)
def test_a_table_that_the_city_does_not_keep_leaves_its_facts_unknown(missing: str, tmp_path: Path) -> None:
    tables = random_registry(5)
    del tables[missing]
    _, found = everything(tables, tmp_path, 1_000_000, DAYS[0])
    assert found["person"].height > 0


def test_the_largest_part_is_begun_first(tmp_path: Path) -> None:
    files = write_registry(random_registry(0), tmp_path / "tables")
    arranged = arrange(files, {}, policy(), tmp_path / "arranged", "test", people_a_part=40)
    sizes = [
        sum(file.stat().st_size for file in (arranged.folder / part).iterdir())
        for part in arranged.largest_first()
    ]
    assert sorted(arranged.largest_first()) == sorted(arranged.parts)
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 1
