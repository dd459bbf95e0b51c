"""Chance in arrays: a generator per purpose and chunk, and totals shared out without a rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wenjiuye.population.synth.calendar import Bools, Ints


def generator(seed: int, purpose: str, chunk: int = 0) -> np.random.Generator:
    """The generator of one purpose in one chunk: independent of all others, the same on every machine."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, chunk, *purpose.encode("ascii")]))
    )


def shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total: largest remainders go first."""
    whole = sum(weights)
    exact = [total * weight / whole if whole else 0.0 for weight in weights]
    shares = [int(part) for part in exact]
    left = total - sum(shares) if whole else 0
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in order[:left]:
        shares[i] += 1
    return shares


def some(rng: np.random.Generator, number: int, share: float) -> Bools:
    """True for about this share of so many."""
    return rng.random(number) < share


def exactly(rng: np.random.Generator, candidates: Ints, wanted: int) -> Ints:
    """So many of the candidates, in chance order; fewer where there are not enough."""
    return np.asarray(rng.permutation(candidates)[:wanted], dtype=np.int64)


def weighted(
    rng: np.random.Generator, number: int, weights: Mapping[str, float], members: Sequence[str]
) -> Ints:
    """Positions in `members`, drawn by weight; what has no weight is not drawn."""
    shares = np.cumsum([weights.get(member, 0.0) for member in members])
    drawn = np.searchsorted(shares, rng.random(number) * shares[-1], side="right")
    return np.asarray(drawn, dtype=np.int64)


def between(rng: np.random.Generator, low: float, high: float, number: int) -> Ints:
    """Whole numbers from low to high, both included."""
    return rng.integers(int(low), int(high) + 1, number)
