"""The errors of the rule language: what is wrong, where it stands, what to write instead."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = str(Path(__file__).parent)


class RulesError(Exception):
    """Base of every error that the rule language raises on purpose."""


class DeclarationError(RulesError):
    """A measure, fact, group or derivation is declared wrongly. The message names file and line."""


class ExpressionError(DeclarationError):
    """An expression is used in a way that Python allows and the rule language does not."""


class ValueFileError(RulesError):
    """A file of dated values is wrong: names the file, the value and the field."""


class FactError(RulesError, ValueError):
    """A given fact is unknown, of the wrong type or outside its allowed range."""


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
