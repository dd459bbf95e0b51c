"""What can go wrong with a letter. Each message is a sentence that says what is wrong, where, and what to do."""

from __future__ import annotations


class LetterError(Exception):
    """Base of all. `str()` is a sentence in the language of the request."""


class IncompleteLetter(LetterError):
    """The data of a letter lacks something or contradicts itself; the message names the field."""


class UnprintableText(LetterError):
    """The font lacks a character, so that the letter would show a box in its place."""


class LostLetter(LetterError):
    """A kept letter is missing, or its bytes are not those that were kept."""
