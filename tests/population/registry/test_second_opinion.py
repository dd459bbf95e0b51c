"""What the program derives from random registries is what a second, slow calculation derives row by row."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from crowded_registry import crowded_registry
from random_registry import random_registry, write_registry
from second_opinion import Facts, SecondOpinion, Truth, facts_of

from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.claims import own_facts
from wenjiuye.population.registry.definitions import DEFINITIONS
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.partition import Partition

Tables = Mapping[str, pl.DataFrame]
Differences = Mapping[str, Mapping[str, tuple[Any, Any]]]

REGISTRIES: Mapping[str, Callable[[], dict[str, pl.DataFrame]]] = {
    "plain-0": lambda: random_registry(0),
    "crowded-0": lambda: crowded_registry(0),
    "crowded-1": lambda: crowded_registry(1),
    "crowded-2": lambda: crowded_registry(2),
    "crowded-3-no-gaps": lambda: crowded_registry(3, gaps=0),
    "crowded-4-many-gaps": lambda: crowded_registry(4, gaps=0.3),
}
DAYS = (dt.date(2020, 2, 29), dt.date(2020, 12, 15), dt.date(2021, 1, 31))
LAST_DAY = dt.date(2020, 12, 31)


@dataclass(frozen=True)
class Both:
    """The two calculations of one registry on one day."""

    second: SecondOpinion
    city: CityFacts

    def deductible(self) -> dict[str, Truth]:
        """Of each hire whether a tax is deducted for it: any answers will do."""
        dice = random.Random(len(self.second.hire_rows()))
        return {row["id"]: dice.choice([True, True, False, False, None]) for row in self.second.hire_rows()}

    def employers(self) -> pl.DataFrame:
        """What the program says of employers, given those answers."""
        answers = self.deductible()
        frame = pl.DataFrame(
            {"id": list(answers), "counts": list(answers.values())},
            schema={"id": pl.String, "counts": pl.Boolean},
        )
        return self.city.employers_with(frame)

    def table(self, subject: str, kind: str = "") -> pl.DataFrame:
        """A table that is made for the measures of a subject; its own one by default."""
        return self.city.tables(subject)[kind or subject]


Compared = tuple[str, str, Callable[[Both], Mapping[str, Facts]], Callable[[Both], pl.DataFrame]]

COMPARED: Mapping[str, Compared] = {
    "people on the day": ("person", "person", lambda b: b.second.people(), lambda b: b.city.persons),
    "people hired, on the day of hiring": (
        "person",
        "employment",
        lambda b: b.second.hired_people(),
        lambda b: b.table("hire", "person"),
    ),
    "trainees of internships, on their first day": (
        "person",
        "internship",
        lambda b: b.second.trainees(),
        lambda b: b.table("internship", "person"),
    ),
    "trainees of classes, on their first day": (
        "person",
        "training",
        lambda b: b.second.learners(),
        lambda b: b.table("training", "person"),
    ),
    "employers": (
        "enterprise",
        "employment",
        lambda b: b.second.firms(b.deductible()),
        lambda b: b.employers(),
    ),
    "sole traders": (
        "sole_trader",
        "enterprise",
        lambda b: b.second.sole_traders(),
        lambda b: b.table("sole_trader"),
    ),
    "hires": ("hire", "employment", lambda b: b.second.hires(), lambda b: b.table("hire")),
    "internships": (
        "internship",
        "internship",
        lambda b: b.second.internships(),
        lambda b: b.table("internship"),
    ),
    "trainings": ("training", "training", lambda b: b.second.trainings(), lambda b: b.table("training")),
    "claim periods": (
        "claim_period",
        "premium",
        lambda b: b.second.claim_periods(),
        lambda b: b.table("claim_period"),
    ),
    "revenues": (
        "taxpayer_revenue",
        "sales",
        lambda b: b.second.revenues(),
        lambda b: b.table("taxpayer_revenue"),
    ),
    "tenants of parks": (
        "park_tenant",
        "lease",
        lambda b: b.second.park_tenants(),
        lambda b: b.table("park_tenant"),
    ),
    "loans": ("loan", "loan", lambda b: b.second.as_they_are("loan"), lambda b: b.table("loan")),
    "venues": ("venue", "venue", lambda b: b.second.as_they_are("venue"), lambda b: b.table("venue")),
}
"""What is compared: the subject, the table that its rows come from, and both calculations."""

MEASURES = [measure.id for measure in policy().measures.values() if own_facts(measure)]
"""The measures with facts that hold for them alone."""


def arranged(tables: Tables, folder: Path, incomplete: Mapping[str, Collection[str]]) -> Partition:
    """A registry as the one part that the program computes on."""
    lost = {key: pl.Series("owner", sorted(owners)) for key, owners in incomplete.items()}
    made = arrange(write_registry(tables, folder / "t"), lost, policy(), folder / "a", "x")
    (part,) = made.parts
    return made.load(part)


def both_of(tables: Tables, part: Partition, on: dt.date, lost: Mapping[str, Collection[str]]) -> Both:
    """Both calculations."""
    return Both(SecondOpinion(tables, on, lost), CityFacts(policy(), part, on))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, dt.date], Both]:
    """Both calculations of a registry by its name, on a day."""

    @cache
    def made(name: str) -> tuple[Tables, Partition]:
        tables = REGISTRIES[name]()
        return tables, arranged(tables, tmp_path_factory.mktemp(name), {})

    @cache
    def opinions(name: str, on: dt.date) -> Both:
        return both_of(*made(name), on, {})

    return opinions


def differences(expected: Mapping[str, Facts], found: Mapping[str, Facts]) -> Differences:
    """Where the two differ: by row and fact what was expected and what the program found."""
    told = {}
    for key in expected.keys() | found.keys():
        mine, theirs = expected.get(key, {"row": "decided"}), found.get(key, {"row": "decided"})
        names = {name for name in (*mine, *theirs) if not name.startswith("#")}
        other = {n: (mine.get(n), theirs.get(n)) for n in sorted(names) if mine.get(n) != theirs.get(n)}
        if other:
            told[key] = other
    return told


def compared(both: Both, what: str) -> Differences:
    """Where the two differ in one kind of rows."""
    subject, _, mine, theirs = COMPARED[what]
    return differences(mine(both), facts_of(subject, theirs(both)))


def claims(both: Both, measure_id: str) -> tuple[Mapping[str, Facts], Mapping[str, Facts]]:
    """The facts that hold for one measure alone, from both."""
    measure = policy().measure(measure_id)
    names = own_facts(measure)
    rows = both.city.claim(measure).to_dicts()
    found = {row["row"]: {name: row.get(name) for name in names} for row in rows}
    expected = {key: both.second.claim(measure, key) for key in found}
    return {key: {name: facts[name] for name in names} for key, facts in expected.items()}, found


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("registry", REGISTRIES)
@pytest.mark.parametrize("what", COMPARED)
def test_both_calculations_find_the_same_facts(
    what: str, registry: str, on: dt.date, both: Callable[[str, dt.date], Both]
) -> None:
    assert compared(both(registry, on), what) == {}


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("registry", REGISTRIES)
def test_both_calculations_find_the_same_facts_for_each_measure_alone(
    registry: str, on: dt.date, both: Callable[[str, dt.date], Both]
) -> None:
    opinions = both(registry, on)
    assert {name: differences(*claims(opinions, name)) for name in MEASURES} == {
        name: {} for name in MEASURES
    }


def test_every_fact_that_is_defined_takes_different_values(both: Callable[[str, dt.date], Both]) -> None:
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for registry in REGISTRIES:
        opinions = both(registry, DAYS[1])
        rows = [
            (subject, facts) for subject, _, mine, _ in COMPARED.values() for facts in mine(opinions).values()
        ]
        for name in MEASURES:
            subject = policy().measure(name).subject.id
            rows += [(subject, facts) for facts in claims(opinions, name)[0].values()]
        for subject, facts in rows:
            for name, value in facts.items():
                values[subject, name].add(str(value))
    defined = {(subject, name) for subject, facts in DEFINITIONS.items() for name in facts}
    assert {key for key in defined if len(values[key]) < 2} == {("claim_period", "contribution_month")}


@pytest.mark.parametrize(
    "missing",
    [
        "household",
        "employment",
        "contribution",
        "unemployment_registration",
        "benefit_period",
        "enrolment",
        "recognition",
        "grassroots_service",
        "annual_report",
        "premium",
        "tax",
        "lease",
        "bill",
        "firm_listing",
        "training",
        "grant",
        "finding",
    ],
)
def test_both_calculations_know_the_same_without_a_table(missing: str, tmp_path: Path) -> None:
    tables = {name: frame for name, frame in crowded_registry(5).items() if name != missing}
    opinions = both_of(tables, arranged(tables, tmp_path, {}), LAST_DAY, {})
    sources = {what: source for what, (_, source, _, _) in COMPARED.items()}
    kept = [what for what, source in sources.items() if source in tables]
    assert {what: compared(opinions, what) for what in kept} == {name: {} for name in kept}
    names = [name for name in MEASURES if policy().measure(name).subject.id in opinions.city.subjects()]
    assert {name: differences(*claims(opinions, name)) for name in names} == {name: {} for name in names}


@pytest.mark.parametrize("seed", [6, 7])
def test_both_calculations_know_the_same_where_rows_were_set_aside(seed: int, tmp_path: Path) -> None:
    dice, tables = random.Random(seed), crowded_registry(seed)
    lost = {
        f"{name}.{relation}": set(dice.sample(tables[link.target.id]["id"].to_list()[:30], 3))
        for name, record in RECORDS.items()
        for relation, link in record.relations.items()
    }
    granted = tables["grant"]["subject_id"].unique(maintain_order=True).to_list()
    lost["grant.subject_id"] = set(dice.sample(granted, 40))
    opinions = both_of(tables, arranged(tables, tmp_path, lost), LAST_DAY, lost)
    assert {what: compared(opinions, what) for what in COMPARED} == {name: {} for name in COMPARED}
    assert {name: differences(*claims(opinions, name)) for name in MEASURES} == {
        name: {} for name in MEASURES
    }
