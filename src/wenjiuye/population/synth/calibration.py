"""The figures that the made-up city is measured after, read from `calibration.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, or one per key, with where it comes from. Under `""` stands a figure without a key."""

    name: str
    values: Mapping[str, Any]
    unit: str
    source: str
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every figure by name."""

    figures: Mapping[str, Figure]

    def number(self, name: str, key: str = "") -> float:
        """A figure as it is for the whole city."""
        return float(self.figures[name].values[key])

    def table(self, name: str) -> dict[str, float]:
        """The figures of every key."""
        return {key: float(value) for key, value in self.figures[name].values.items()}

    def texts(self, name: str) -> Mapping[str, Any]:
        """The figures of every key as they stand, for those that are no numbers."""
        return self.figures[name].values

    @property
    def residents(self) -> float:
        """The people of the whole city."""
        return sum(self.table("residents").values())

    def scaled(self, name: str, persons: int, key: str = "") -> int:
        """A number of the whole city for a city of so many persons, rounded."""
        return round(self.number(name, key) * persons / self.residents)


@cache
def calibration() -> Calibration:
    """The figures that come with the program."""
    text = files("wenjiuye.population.synth").joinpath("calibration.toml").read_text("utf-8")
    return Calibration(
        MappingProxyType({name: _figure(name, table) for name, table in tomllib.loads(text).items()})
    )


def _figure(name: str, table: dict[str, Any]) -> Figure:
    values = table["values"] if "values" in table else {"": table["value"]}
    return Figure(
        name,
        MappingProxyType(values),
        table["unit"],
        table["source"],
        table["confidence"],
        table.get("note", ""),
    )
