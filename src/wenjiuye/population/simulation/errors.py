"""What can be wrong with a simulation: its assumptions, its scenarios, its question."""

from __future__ import annotations

from wenjiuye.population.errors import PopulationError


class SimulationError(PopulationError):
    """A simulation cannot be made as asked."""


class AssumptionError(SimulationError):
    """A file of assumptions is wrong: names the file, the place and what may stand there."""
