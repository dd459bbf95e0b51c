"""The errors of the rule language: what is wrong, where it stands, what to write instead."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

_HERE = str(Path(__file__).parent)


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text for people in Chinese and in English; as a string it is both, Chinese first."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} / {self.en}"


def both(zh: str, en: str) -> str:
    """One string with a text in both languages: `中文 / English`."""
    return str(Bilingual(zh, en))


class UnreadableError(ValueError):
    """A value cannot be read; `reason` says why in both languages, the message in English only.

    Values of a policy and its test cases are read with the same functions, and their errors are for developers.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Bilingual(zh, en)


class RulesError(Exception):
    """Base of every error that the rule language raises on purpose."""


class DeclarationError(RulesError):
    """A measure, fact, group or derivation is declared wrongly. The message names file and line."""


class ExpressionError(DeclarationError):
    """An expression is used in a way that Python allows and the rule language does not."""


class ValueFileError(RulesError):
    """A file of dated values is wrong: names the file, the value and the field."""


class FactError(RulesError, ValueError):
    """A given fact is unknown, of the wrong type or outside its allowed range.

    Where a value is wrong, `reason` says why and `wanted` what may stand there, without naming the fact.
    """

    def __init__(
        self, message: Bilingual | str, *, reason: Bilingual | None = None, wanted: Bilingual | None = None
    ) -> None:
        super().__init__(str(message))
        self.message = message if isinstance(message, Bilingual) else Bilingual(message, message)
        self.reason = reason or self.message
        self.wanted = wanted


class MeasureNotFoundError(RulesError, KeyError):
    """No measure has this id; the message names the nearest ones."""

    def __str__(self) -> str:
        return str(self.args[0])


def source_line() -> str:
    """File name and line of the first caller outside this package: where the rule was written."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith((_HERE, "<")):
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
