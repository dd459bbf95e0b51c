"""What can go wrong in the registry, in sentences for the officer who did it."""

from __future__ import annotations


class RegistryError(Exception):
    """Something cannot be done with the registry; the message says what, where, and what to do."""


class LoadError(RegistryError):
    """Rows cannot come in; nothing of the batch was kept."""


class UndoError(RegistryError):
    """A batch cannot be taken back, and why."""


class MergeError(RegistryError):
    """Two rows cannot be made one, and why."""


class NoSuchSubject(RegistryError):
    """The registry has no such row, or it cannot be decided on that day (the person is dead, the firm is gone)."""
