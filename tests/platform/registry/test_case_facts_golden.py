"""What was calculated by hand from the golden registry comes out of the database, case by case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

import golden_registry as golden
from wenjiuye.platform.registry.batches import NewBatch, load_batch
from wenjiuye.platform.registry.case_facts import NoSuchSubject, case_facts
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.registry.intake import take_in
from wenjiuye.rules.case import determine
from wenjiuye.rules.evaluation import Evaluation


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory) -> Iterator[None]:
    """The golden registry in the database for all tests of this module, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        clean = take_in(golden.FOLDER, tmp_path_factory.mktemp("golden"))
        load_batch(clean, NewBatch("golden", dt.date(2020, 12, 1)))
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "case", golden.cases(), ids=lambda case: f"{case.id}-{case.subject}-{case.row}-{case.on}"
)
def test_hand_calculated(case: golden.GoldenCase, city: None, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        if not case.decided:
            measure = policy().measures_of(case.subject)[0]
            with pytest.raises(NoSuchSubject):
                case_facts(policy(), measure, case.row, case.on)
            return
        for expected in case.measures:
            measure = policy().measure(expected.measure)
            found = case_facts(policy(), measure, case.row, case.on)
            answer = determine(policy(), measure, found.record, case.on, nested=True)
            assert answer.verdict == expected.verdict, measure.id
            if expected.tests_amount:
                assert answer.amount == expected.amount, measure.id
            if expected.parts is not None:
                assert dict(answer.parts) == expected.parts, measure.id
            read = {ref.key for e in measure.expressions() for ref in e.refs}
            wanted = {p: v for p, v in {**case.facts, **expected.facts}.items() if p in read}
            look = Evaluation(policy(), found.record, case.on, nested=True)
            values = {path: look.value(policy().fact_of(case.subject, path)) for path in wanted}
            assert values == wanted, measure.id
            assert set(found.provenance) == set(found.record)
