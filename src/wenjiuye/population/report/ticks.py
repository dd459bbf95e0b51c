"""Round numbers along an axis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Ticks:
    """Where an axis has its round numbers, and where it begins and ends."""

    at: tuple[Decimal, ...]
    low: float
    high: float

    def snug(self, low: float, high: float) -> Ticks:
        """The same numbers on an axis that ends with the values instead of with a round number."""
        kept = tuple(at for at in self.at if low <= at <= high)
        return Ticks(kept, min(low, 0.0), max(high, 0.0)) if low < high else self

    def texts(self) -> tuple[str, ...]:
        """The numbers to write, all with the decimals that the finest needs."""
        exponents = [at.normalize().as_tuple().exponent for at in self.at]
        decimals = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
        return tuple(f"{at:,.{max(decimals, 0)}f}".replace("-", "−") for at in self.at)


def round_ticks(low: float, high: float, *, wanted: int = 5, whole: bool = False) -> Ticks:
    """About `wanted` round numbers from nothing (or below) to the highest value (or above)."""
    bottom, top = Decimal(str(min(low, 0))), Decimal(str(max(high, 0)))
    if bottom == top:
        top = Decimal(1)
    rough = (top - bottom) / wanted
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(step * power for step in _STEPS if step * power >= rough)
    if whole:
        step = max(step, Decimal(1))
    first = -(-bottom // step) - (1 if bottom % step else 0)
    last = top // step + (1 if top % step else 0)
    at = tuple(step * number for number in range(int(first), int(last) + 1))
    return Ticks(at, float(at[0]), float(at[-1]))
