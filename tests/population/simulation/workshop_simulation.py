"""What the tests of the simulation share: registries as parts, and reforms by their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from random_registry import random_registry, write_registry

from golden_registry import FOLDER
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.prepare import prepare
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import CleanRegistry, take_in
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.population.simulation.simulate import Parts, Scenario, Simulation, simulate
from wenjiuye.population.synth import Flaws, write_city

ON = dt.date(2020, 12, 1)
WHOLE, MANY = 1_000_000, 1_000


_FOLDERS: list[TemporaryDirectory[str]] = []


def _folder() -> Path:
    """A folder that is there until the tests are over."""
    _FOLDERS.append(TemporaryDirectory(prefix="wenjiuye-test-"))
    return Path(_FOLDERS[-1].name)


def parts_of(arranged: Arrangement) -> Parts:
    """The parts, loaded when it is their turn."""
    return [partial(arranged.load, part) for part in arranged.parts]


@cache
def random_parts(seed: int) -> Parts:
    """A registry of random cells, in one part."""
    folder = _folder()
    files = write_registry(random_registry(seed, scale=2), folder / "tables")
    return parts_of(arrange(files, {}, policy(), folder / "arranged", "test", people_a_part=WHOLE))


@cache
def _city(seed: int) -> CleanRegistry:
    folder = _folder()
    write_city(folder / "city", persons=3000, seed=seed, flaws=Flaws(missing=0.1))
    return take_in(folder / "city", folder / "intake")


@cache
def city_parts(seed: int, people_a_part: int = WHOLE) -> Parts:
    """A synthetic city with many gaps, in one part or in many."""
    clean = _city(seed)
    folder = _folder()
    arranged = arrange(
        clean.tables, clean.incomplete, policy(), folder / "arranged", "test", people_a_part=people_a_part
    )
    return parts_of(arranged)


@cache
def golden_parts() -> Parts:
    """The golden registry, which was calculated by hand."""
    folder = _folder()
    prepared = prepare(FOLDER, folder / "intake", folder, policy(), 4.0, lambda *_: None)
    return parts_of(prepared.arrangement)


@cache
def all_reforms(seed: int, people_a_part: int = WHOLE) -> Simulation:
    """Every reform below against the policy in force, in one comparison."""
    scenarios = [reform(name, figures) for name, figures in REFORMS.items()]
    return simulate(city_parts(seed, people_a_part), policy(), scenarios, [ON])


def reform(name: str, figures: Mapping[str, object]) -> Scenario:
    """A reform of figures."""
    return Scenario(name, policy().with_values(figures))


REFORMS: Mapping[str, Mapping[str, object]] = {
    "one sum": {"hiring_subsidy_amount": 1500},
    "a condition": {"hiring_contract_months": 3, "long_unemployment_months": 2},
    "several subjects": {
        "internship_ordinary_rate": "0.5",
        "returnee_startup_amount": 6000,
        "enlistment_amount": 0,
        "refund_share": "0.9",
    },
    "a fact of the registry": {"refund_insured_months": 3},
    "which hires there are": {"hire_tax_deduction_months": 12},
    "what hires count for": {"hire_tax_contract_months": 3},
}
"""Reforms of every kind that is treated in a way of its own."""
