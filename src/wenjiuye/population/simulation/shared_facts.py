"""The facts of one part, derived once and read under several policies."""

from __future__ import annotations

import copy
import datetime as dt

import polars as pl

from wenjiuye.population.registry.claims import own_facts
from wenjiuye.population.registry.facts import CityFacts, Tables
from wenjiuye.population.registry.partition import Partition
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy


class SharedFacts(CityFacts):
    """Facts that remember what was asked for; `under` reads the same ones with another policy."""

    def __init__(self, policy: Policy, partition: Partition, on: dt.date) -> None:
        super().__init__(policy, partition, on)
        self._tables: dict[str, Tables] = {}
        self._claims: dict[tuple[str, ...], pl.DataFrame] = {}
        self._claim_rows: dict[str, pl.DataFrame] = {}

    def under(self, policy: Policy) -> SharedFacts:
        """The same facts for a policy that reads the registry with the same figures."""
        twin = copy.copy(self)
        twin.policy = policy
        return twin

    def tables(self, subject_id: str) -> Tables:
        """As CityFacts has them."""
        if subject_id not in self._tables:
            self._tables[subject_id] = super().tables(subject_id)
        return self._tables[subject_id]

    def claim(self, measure: Measure) -> pl.DataFrame:
        """As CityFacts has them."""
        key = (measure.id, measure.subject.id, *own_facts(measure))
        if key not in self._claims:
            self._claims[key] = super().claim(measure)
        return self._claims[key]

    def claim_rows(self, subject_id: str) -> pl.DataFrame:
        """As CityFacts has them."""
        if subject_id not in self._claim_rows:
            self._claim_rows[subject_id] = super().claim_rows(subject_id)
        return self._claim_rows[subject_id]
