"""Chance for made-up data: everything follows from one seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

Row = dict[str, object]


class Dice:
    """A seeded source of plausible values. Money is text in yuan, dates are dates, yes/no are bools."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.below = self._random.randrange
        self.between = self._random.randint

    def chance(self, share: float) -> bool:
        """True in this share of the calls."""
        return self._random.random() < share

    def pick(self, weights: Mapping[str, float]) -> str:
        """One of the keys, by weight."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def one_of(self, items: list[str]) -> str:
        """One of the items, all alike."""
        return items[self._random.randrange(len(items))]

    def skewed(self, low: int, high: int) -> int:
        """A whole number, mostly near `low`, with a long tail."""
        return low + int((high - low) * self._random.random() ** 3)

    def money(self, low: int, high: int, step: int = 1) -> str:
        """A sum in yuan between two sums in yuan, a multiple of `step` fen, mostly near `low`."""
        fen = self.skewed(low * 100 // step, high * 100 // step) * step
        return f"{fen // 100}.{fen % 100:02d}"

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """A day, ends included."""
        return first + dt.timedelta(days=self._random.randint(0, (last - first).days))

    def blank(self, row: Row, share: float, keep: frozenset[str]) -> Row:
        """The row with a share of its cells unknown; `keep` names cells that stay."""
        chance = self._random.random
        return {name: value if name in keep or chance() >= share else None for name, value in row.items()}
