"""What can go wrong with evidence. Each message is a sentence for the person in front of the page, naming the file."""

from __future__ import annotations


class EvidenceError(Exception):
    """Base of all. `str()` is a sentence in the language of the request."""


class RefusedFile(EvidenceError):
    """A file that is not taken: what is wrong with it and what to do."""


class ScannerUnavailable(EvidenceError):
    """A virus scanner is configured and gave no answer, so nothing is taken."""


class LostFile(EvidenceError):
    """A kept file is missing, or its bytes are not those that were kept."""


class InfectedFile(EvidenceError):
    """A kept file in which a later scan found a virus."""


class NoReason(EvidenceError):
    """Evidence was asked for without a reason."""
