"""Many subjects at once: tables in, determinations of a whole city out, templates; registries, runs of a city,
simulations and reports are in the packages below."""

from wenjiuye.population.errors import (
    BrokenFileError,
    CheckFailedError,
    DuplicateHeaderError,
    EmptyTableError,
    HeaderError,
    MissingPathError,
    NoTableError,
    OutputError,
    PopulationError,
    TextEncodingError,
    TwoTablesError,
)
from wenjiuye.population.run import RunReport, SubjectReport, determine_tables
from wenjiuye.population.tables import TableReport, TableSet, read_tables
from wenjiuye.population.template import write_template

__all__ = [
    "BrokenFileError",
    "CheckFailedError",
    "DuplicateHeaderError",
    "EmptyTableError",
    "HeaderError",
    "MissingPathError",
    "NoTableError",
    "OutputError",
    "PopulationError",
    "RunReport",
    "SubjectReport",
    "TableReport",
    "TableSet",
    "TextEncodingError",
    "TwoTablesError",
    "determine_tables",
    "read_tables",
    "write_template",
]
