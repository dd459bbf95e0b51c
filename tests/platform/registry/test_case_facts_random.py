"""A case at the counter is the same case as in a run of the whole city, fact by fact."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl
import pytest
from checked_registry import clean
from django.db import transaction
from random_registry import random_registry, write_registry

from wenjiuye.platform.registry.batches import NewBatch, load_batch
from wenjiuye.platform.registry.case_facts import NoSuchSubject, case_facts
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.decide import Decided, decide
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.rules.measures import Measure

DAYS = {11: dt.date(2020, 12, 1), 12: dt.date(2020, 6, 30)}
CASES = 5
"""Rows of each measure that are compared."""


def set_aside(dice: random.Random) -> dict[str, pl.Series]:
    """Some people and firms some of whose rows were set aside."""
    marks = {
        "employment.employer": "enterprise",
        "employment.person": "person",
        "contribution.person": "person",
        "recognition.person": "person",
        "enrolment.person": "person",
        "enterprise.owner": "person",
        "premium.enterprise": "enterprise",
        "grant.subject_id": "employment",
        "internship.host": "enterprise",
    }
    sizes = {"person": 120, "enterprise": 30, "employment": 160}
    return {
        name: pl.Series("owner", sorted({f"{kind}-{dice.randrange(sizes[kind])}" for _ in range(6)}))
        for name, kind in marks.items()
    }


@pytest.fixture(scope="module", params=DAYS)
def city(
    request, django_db_setup: None, django_db_blocker, tmp_path_factory
) -> Iterator[tuple[dt.date, Mapping[str, Decided]]]:
    """A random registry in the database, and the run of the whole city over the same tables."""
    seed, on = request.param, DAYS[request.param]
    tables, lost = random_registry(seed), set_aside(random.Random(seed))
    folder = tmp_path_factory.mktemp("random")
    arranged = arrange(
        write_registry(tables, folder / "tables"),
        lost,
        policy(),
        folder / "arranged",
        "test",
        people_a_part=10**6,
    )
    (part,) = arranged.parts
    whole = {one.subject: one for one in decide(CityFacts(policy(), arranged.load(part), on))}
    with django_db_blocker.unblock(), transaction.atomic():
        load_batch(replace(clean(tables, folder / "clean"), incomplete=lost), NewBatch("random", on))
        yield on, whole
        transaction.set_rollback(True)


@pytest.mark.parametrize("measure", policy().measures.values(), ids=lambda measure: measure.id)
def test_a_case_has_the_facts_that_the_whole_city_has(
    measure: Measure, city: tuple[dt.date, Mapping[str, Decided]], django_db_blocker
) -> None:
    on, whole = city
    decided = whole[measure.subject.id]
    dice = random.Random(measure.id)
    places = dice.sample(range(decided.frame.height), min(CASES, decided.frame.height))
    rows = pl.Series(places, dtype=pl.UInt32)
    wanted = decided.registry(policy(), on, measure).records(
        measure.subject.id, list(measure.expressions()), rows
    )
    with django_db_blocker.unblock():
        for place, record in zip(places, wanted, strict=True):
            found = case_facts(policy(), measure, decided.frame["id"][place], on)
            assert found.record == record
            assert set(found.provenance) == set(record)
            assert found.county == (decided.county[place] or found.county)


def test_a_row_that_is_not_decided_on_the_day_is_refused(
    city: tuple[dt.date, Mapping[str, Decided]], django_db_blocker
) -> None:
    on, whole = city
    decided = set(whole["person"].frame["id"])
    measure = policy().measures_of("person")[0]
    others = [f"person-{n}" for n in range(121) if f"person-{n}" not in decided]
    assert others
    with django_db_blocker.unblock():
        for key in others:
            with pytest.raises(NoSuchSubject, match=key):
                case_facts(policy(), measure, key, on)
