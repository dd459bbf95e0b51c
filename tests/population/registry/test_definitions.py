"""The page of the data model tells of every fact that the registry gives, and of no other."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from random_registry import random_registry, write_registry

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import decide
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.definitions import DEFINITIONS
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.population.registry.publish_page import published_page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_published_page_is_up_to_date() -> None:
    assert (DOCS / "data-model.md").read_text("utf-8") == published_page()


def test_every_fact_that_is_derived_is_defined_and_every_definition_is_derived(tmp_path: Path) -> None:
    tables = random_registry(1)
    tables["finding"] = tables["finding"].clear()
    arranged = arrange(write_registry(tables, tmp_path / "t"), {}, policy(), tmp_path / "a", "x")
    found = {
        d.subject: d
        for d in decide(CityFacts(policy(), arranged.load(arranged.parts[0]), dt.date(2020, 12, 1)))
    }
    for subject, defined in DEFINITIONS.items():
        own = [found[subject].tables[subject], *found[subject].own.values()]
        columns = {name.split(".")[0] for table in own for name in table.columns}
        facts = {name for name in columns if name in policy().subjects[subject].facts}
        assert facts == set(defined), subject
