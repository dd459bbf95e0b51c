"""What can go wrong with a file on its way in, in sentences for the officer who brought it."""

from __future__ import annotations

from django.utils.translation import get_language

from wenjiuye.platform.registry.errors import RegistryError
from wenjiuye.population.errors import PopulationError
from wenjiuye.rules.errors import Bilingual

BETWEEN = " / "


class ImportingError(RegistryError):
    """A file cannot go on; the message says why and what to do."""


def in_language(text: str) -> str:
    """A text in both languages (`中文 / English`) in the one that is spoken now.

    A value inside may hold the mark between the languages; then it stands in both halves.
    """
    parts = text.split(BETWEEN)
    if len(parts) % 2:
        return text
    half = len(parts) // 2
    return BETWEEN.join(parts[half:] if _english() else parts[:half])


def spoken(text: Bilingual) -> str:
    """A text in the language that is spoken now."""
    return text.en if _english() else text.zh


def told(problem: PopulationError, kept_as: str, file_name: str) -> str:
    """What the reader says of a file, which it knows under the name that the file is kept under."""
    return in_language(str(problem)).replace(kept_as, file_name)


def _english() -> bool:
    return (get_language() or "").startswith("en")
