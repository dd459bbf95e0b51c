"""Who asks for some measures gets the answers that a run of all measures gives, and nothing else is looked for."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest
from crowded_registry import crowded_registry
from golden_part import golden_part
from polars.testing import assert_frame_equal, assert_series_equal
from random_registry import write_registry

from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.city.near import near_misses
from wenjiuye.population.city.proactive import proactive
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Arrangement, Partition
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.policy import Policy

Tables = dict[str, pl.DataFrame]
MEASURES = list(policy().measures)
RETIREMENT = dt.date(2020, 12, 31)


def with_rows_set_aside(tables: Tables) -> dict[str, pl.Series]:
    """Some owners in every relation, of whom rows are missing."""
    dice = random.Random(9)
    return {
        f"{name}.{relation}": pl.Series("owner", dice.sample(tables[link.target.id]["id"].to_list()[:30], 3))
        for name, record in RECORDS.items()
        for relation, link in record.relations.items()
    }


def arranged(tables: Tables, folder: Path, lost: Mapping[str, pl.Series]) -> Arrangement:
    """A registry of one part."""
    return arrange(write_registry(tables, folder / "t"), lost, policy(), folder / "a", "x")


def part_of(tables: Tables, folder: Path, lost: Mapping[str, pl.Series] | None = None) -> Partition:
    """A registry as the one part that it is."""
    made = arranged(tables, folder, lost or {})
    (part,) = made.parts
    return made.load(part)


def set_aside(folder: Path) -> Partition:
    """A crowded registry some of whose rows were set aside."""
    tables = crowded_registry(9)
    return part_of(tables, folder, with_rows_set_aside(tables))


REGISTRIES: Mapping[str, tuple[dt.date, Callable[[Path], Partition]]] = {
    "golden": (dt.date(2020, 12, 1), golden_part),
    "crowded": (dt.date(2020, 12, 15), lambda folder: part_of(crowded_registry(1), folder)),
    "crowded, rows set aside": (dt.date(2020, 12, 31), set_aside),
}


@dataclass(frozen=True)
class Whole:
    """A registry, and what comes out for all measures."""

    part: Partition
    on: dt.date
    decided: Mapping[str, Decided]

    def asked(self, *names: str) -> Mapping[str, Decided]:
        """What comes out when some measures are asked for."""
        return decided_for(policy(), self, names)


def decided_for(law: Policy, whole: Whole, names: tuple[str, ...]) -> Mapping[str, Decided]:
    """The answers for some measures of a policy, by subject."""
    return {d.subject: d for d in decide(CityFacts(law, whole.part, whole.on, names))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Whole]:
    """A registry by its name, with all answers."""

    @cache
    def made(name: str) -> Whole:
        on, build = REGISTRIES[name]
        part = build(tmp_path_factory.mktemp(name.split(",")[0]))
        return Whole(part, on, {d.subject: d for d in decide(CityFacts(policy(), part, on))})

    return made


def columns_of(measure: str, decided: Decided) -> pl.DataFrame:
    """Id, verdict, sums, bounds, parts, entitlement and the truth of every condition."""
    return decided.frame.select(
        "id", *(c for c in decided.frame.columns if c == measure or c.startswith(f"{measure}."))
    )


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_measure_asked_for_alone_is_decided_as_among_all(
    registry: str, measure: str, whole: Callable[[str], Whole]
) -> None:
    everything = whole(registry)
    found = everything.asked(measure)
    subject = policy().measure(measure).subject.id
    assert set(found) == {subject} & set(everything.decided)
    for alone in found.values():
        among = everything.decided[subject]
        wanted = columns_of(measure, among)
        assert {f"{measure}.verdict", f"{measure}.entitled", f"{measure}.c0"} <= set(wanted.columns)
        assert set(alone.frame.columns) == set(wanted.columns)
        assert_frame_equal(alone.frame.select(wanted.columns), wanted)
        assert_series_equal(alone.county, among.county)


@pytest.mark.parametrize("registry", ["golden", "crowded"])
def test_lists_and_near_misses_of_a_measure_asked_for_alone_are_those_among_all(
    registry: str, whole: Callable[[str], Whole]
) -> None:
    everything = whole(registry)
    law, on = policy(), everything.on
    listed = pl.concat([proactive(law, on, everything.part, d) for d in everything.decided.values()])
    short = pl.concat([near_misses(law, on, d) for d in everything.decided.values()])
    assert listed.height > 0
    assert short.height > 0
    for measure in {*listed["measure"], *short["measure"]}:
        (alone,) = everything.asked(measure).values()
        mine = pl.col("measure") == measure
        assert_frame_equal(proactive(law, on, everything.part, alone), listed.filter(mine))
        assert_frame_equal(near_misses(law, on, alone), short.filter(mine))


def test_measures_asked_for_together_are_decided_as_among_all(whole: Callable[[str], Whole]) -> None:
    everything, dice = whole("crowded"), random.Random(4)
    for _ in range(5):
        names = dice.sample(MEASURES, 12)
        found = everything.asked(*names)
        assert {m.id for d in found.values() for m in d.measures} == set(names)
        for name in names:
            subject = policy().measure(name).subject.id
            assert_frame_equal(
                columns_of(name, found[subject]),
                columns_of(name, everything.decided[subject]),
                check_column_order=False,
            )


def test_a_law_of_fewer_measures_is_decided_alike_whether_all_or_each_of_them_is_asked_for(
    whole: Callable[[str], Whole],
) -> None:
    everything, dice = whole("crowded"), random.Random(5)
    chosen = {name: policy().measures[name] for name in sorted(dice.sample(MEASURES, 30))}
    law = replace(policy(), measures=MappingProxyType(chosen))
    among = {d.subject: d for d in decide(CityFacts(law, everything.part, everything.on))}
    for name, measure in chosen.items():
        (alone,) = decided_for(law, everything, (name,)).values()
        wanted = columns_of(name, among[measure.subject.id])
        assert_frame_equal(alone.frame.select(wanted.columns), wanted)


def test_only_the_tables_and_columns_that_a_measure_needs_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = arranged(crowded_registry(1), tmp_path, {})
    (part,) = made.parts
    read: dict[str, set[str]] = {}
    real = pl.read_parquet

    def noted(source: Path, *, columns: list[str], **options: object) -> pl.DataFrame:
        read.setdefault(source.name.split(".")[0], set()).update(columns)
        return real(source, columns=columns, **options)

    loaded = made.load(part)
    monkeypatch.setattr(pl, "read_parquet", noted)
    decide(CityFacts(policy(), loaded, RETIREMENT, ["file_retention"]), reasons=False)
    assert set(read) == {"person", "enrolment", "employment", "ownership", "finding"}
    assert read["employment"] == {"person#", "started_on", "ended_on"}
    assert "resident_id" not in read["person"]


def test_a_measure_that_the_policy_lacks_cannot_be_asked_for(whole: Callable[[str], Whole]) -> None:
    with pytest.raises(RulesError, match="no_such_measure"):
        whole("golden").asked("no_such_measure")
