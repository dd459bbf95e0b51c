"""Ages, sums and bounds of the rules that the made-up city keeps to, from the values of the policy itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np

from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.synth.calendar import Bools, Days, Ints, plus_months
from wenjiuye.population.synth.plan import COUNTIES
from wenjiuye.rules.quantity import Exact

TIERS = ("small", "medium", "large")
NO_BOUND = -1


@dataclass(frozen=True, slots=True)
class Law:
    """Figures in force on one day, or the last ones before it where their time is over. Sums in fen."""

    day: dt.date

    def number(self, name: str, key: str | None = None) -> int | None:
        """A whole figure: sums in fen, numbers of months, years and people. None where the city set none."""
        figure = self._figure(name, key)
        return None if figure is None else int(figure)

    def certain(self, name: str, key: str | None = None) -> int:
        """A figure that there always is."""
        number = self.number(name, key)
        assert number is not None, name
        return number

    def share(self, name: str) -> tuple[int, int]:
        """A share as numerator and denominator."""
        figure = self._figure(name, None)
        assert figure is not None, name
        return figure.numerator, figure.denominator

    def _figure(self, name: str, key: str | None) -> Exact | None:
        value = policy().values[name]
        over = [entry for entry in value.entries if entry.end is not None and entry.end < self.day]
        entry = value.on(self.day) or (over or value.entries)[-1 if over else 0]
        figure = entry.figures.get(key)
        assert not isinstance(figure, dt.date), name
        return figure

    def by_county(self, name: str) -> Ints:
        """A figure of every county, in the order of the counties."""
        return np.array([self.certain(name, county) for county in COUNTIES], dtype=np.int64)

    def size_bounds(self, measure: str) -> Ints:
        """Lower bounds of small, medium and large firms, a row per industry; -1 where the industry has none."""
        industries = Enterprise.industry.members
        figures = [[self.number(f"size_{measure}_{tier}", name) for tier in TIERS] for name in industries]
        return np.array([[NO_BOUND if f is None else f for f in row] for row in figures], dtype=np.int64)


@cache
def law(day: dt.date) -> Law:
    """The figures in force on a day."""
    return Law(day)


def retirement_days(rules: Law, born: Days, male: Bools, cadre: Bools) -> Days:
    """The day on which each person reaches the retirement age, before any postponement."""
    women = np.where(
        cadre,
        rules.certain("retirement_age_women_cadres"),
        rules.certain("retirement_age_women_workers"),
    )
    return plus_months(born, np.where(male, rules.certain("retirement_age_men"), women) * 12)
