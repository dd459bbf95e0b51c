"""What can be wrong with files of tables and with a run over them: each message says where and what to do."""

from __future__ import annotations

from wenjiuye.rules.errors import both


class PopulationError(ValueError):
    """Base of all errors of this layer; the message is in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(both(zh, en))


class MissingPathError(PopulationError):
    """The file or folder is not there."""


class NoTableError(PopulationError):
    """Nothing in the path is named after a subject."""


class TwoTablesError(PopulationError):
    """Two files or sheets hold the same subject."""


class BrokenFileError(PopulationError):
    """A file cannot be read at all: damaged, locked by a password, not what its name says."""


class TextEncodingError(PopulationError):
    """A text file is neither UTF-8 nor GB18030."""


class EmptyTableError(PopulationError):
    """A file or sheet has not even a header."""


class DuplicateHeaderError(PopulationError):
    """Two columns mean the same."""


class HeaderError(PopulationError):
    """The header cannot be used: no known column, no id, or a title that means two things."""


class OutputError(PopulationError):
    """Results cannot be written as asked."""


class CheckFailedError(PopulationError):
    """A result of the batch compiler differs from the case compiler's. Nothing of the run may be used."""


class ManifestError(PopulationError):
    """A registry follows a version of the data model that is not known, or does not say which."""


class DatabaseError(PopulationError):
    """A database cannot be reached, read or written."""


class MissingPackageError(PopulationError):
    """What was asked for needs a package that is not installed, or that lacks its file."""


class PartFailedError(PopulationError):
    """A part of a city run failed in another process or on another machine; says which, how and where."""


class PolicyDiffersError(PopulationError):
    """A worker holds other rules or figures than the run was started with."""
