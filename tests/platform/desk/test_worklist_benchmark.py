"""The benchmark of the desk loads claims as the pages expect them, and asks for every page; here with a few hundred."""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.claims.states import State
from wenjiuye.platform.database import embedded
from wenjiuye.platform.desk.worklist.stages import stage_of

# The benchmarks stand beside the package and are not installed.
sys.path.append(str(Path(__file__).parents[3]))

from benchmarks import desk
from benchmarks.desk_claims import load

CLAIMS = 600


@pytest.fixture
def loaded_desk(own_database: embedded.Server) -> str:
    """A database with the benchmark's claims, as the superuser."""
    superuser = own_database.url(embedded.SUPERUSER, connections["default"].settings_dict["NAME"])
    assert load(superuser, CLAIMS) > 0
    return superuser


def test_the_claims_are_spread_like_those_of_a_city_and_loaded_once(loaded_desk: str):
    claims = list(Claim.objects.select_related("determination"))
    assert len(claims) == CLAIMS
    states = [claim.state for claim in claims]
    assert set(states) <= set(State.values)
    assert 0.5 < states.count("paid") / CLAIMS < 0.8
    assert len({claim.county for claim in claims}) > 5
    assert all(claim.determination.verdict == claim.verdict for claim in claims)
    assert all(stage_of(claim) for claim in claims)
    assert load(loaded_desk, CLAIMS) == 0
    assert Claim.objects.count() == CLAIMS


def test_what_is_loaded_keeps_to_the_databases_own_rules(loaded_desk: str):
    with psycopg.connect(loaded_desk) as connection:
        broken = connection.execute(
            "SELECT count(*) FROM claims_claim c LEFT JOIN claims_determination d ON d.id = c.determination_id"
            " WHERE d.claim_id IS DISTINCT FROM c.id OR (c.turn = 'nobody') <> (c.state IN"
            " ('paid', 'refused', 'withdrawn', 'recovered'))"
        ).fetchone()
    assert broken == (0,)


def test_every_page_is_asked_for_with_the_same_number_of_queries(loaded_desk: str):
    rows = [desk.measure(*page, 6) for page in desk.pages()]
    assert len(rows) > 10
    assert [(row.page, row.fewest_queries) for row in rows] == [(row.page, row.most_queries) for row in rows]
    assert max(row.most_queries for row in rows) < 30
