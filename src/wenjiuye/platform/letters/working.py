"""A formula of a receipt taken apart into terms, each number with what it is below it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wenjiuye.platform.letters.data import Formula, Term
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.quantity import fen_of_yuan

_SIGN = re.compile(r" ([×÷+−]) ")
_OPENING, _CLOSING = "（(【[", "）)】]"


def formula_of(receipt: Mapping[str, Any]) -> Formula | None:
    """The formula of a receipt; None where it has none or no numbers are put in."""
    found = receipt["formula"]
    if found is None or found["zh_numbers"] is None:
        return None
    return Formula(
        words=Bilingual(found["zh"], found["en"]),
        zh=_labelled(found["zh"], found["zh_numbers"]),
        en=_labelled(found["en"], found["en_numbers"]),
        result_fen=None if receipt["amount"] is None else fen_of_yuan(receipt["amount"]),
        ceiling=receipt["ceiling"],
    )


def _labelled(words: str, reckoned: str) -> tuple[Term, ...]:
    """The terms of a formula; labelled where its words have the same shape as its numbers."""
    numbers = terms(reckoned.rpartition(" = ")[0])
    names = terms(words)
    alike = [sign for sign, _ in numbers] == [sign for sign, _ in names]
    return tuple(
        Term(sign, number, names[place][1] if alike and names[place][1] != number else "")
        for place, (sign, number) in enumerate(numbers)
    )


def terms(text: str) -> list[tuple[str, str]]:
    """A formula as its signs and terms; what stands in brackets is not taken apart. The first sign is empty."""
    found: list[tuple[str, str]] = []
    sign, start, depth, place = "", 0, 0, 0
    while place < len(text):
        char = text[place]
        depth += (char in _OPENING) - (char in _CLOSING)
        match = _SIGN.match(text, place) if depth == 0 else None
        if match is None:
            place += 1
            continue
        found.append((sign, text[start:place]))
        sign, start = match[1], match.end()
        place = start
    return [*found, (sign, text[start:])]
