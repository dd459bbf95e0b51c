"""What can be wrong with a report's data before anything is drawn."""

from __future__ import annotations

from wenjiuye.population.errors import PopulationError


class ReportError(PopulationError):
    """A report, chart or table does not fit together: a series too short, an id given twice."""
