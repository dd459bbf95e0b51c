"""A whole synthetic city in the form of a registry, calibrated to published figures. Nobody in it exists."""

from wenjiuye.population.synth.city import MONTHS, SEED, UNTIL, CityReport, write_city
from wenjiuye.population.synth.flaws import Flaws
from wenjiuye.population.synth.plan import LEAST_PERSONS
from wenjiuye.population.synth.writing import MADE_BY

__all__ = ["LEAST_PERSONS", "MADE_BY", "MONTHS", "SEED", "UNTIL", "CityReport", "Flaws", "write_city"]
