"""How fast this machine moves memory: the limit of everything that goes over columns."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

_NUMBERS = 16_000_000
"""Per array and processor: 128 MB, far more than any cache holds."""
_RUNS = 7


def bytes_per_second() -> float:
    """Best of some runs of a = b + s·c over all processors at once; a read or a written byte counts as one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    arrays = [tuple(np.full(_NUMBERS, float(i)) for i in range(3)) for _ in range(cores)]
    best = float("inf")
    with ThreadPoolExecutor(cores) as threads:
        for _ in range(_RUNS):
            started = time.perf_counter()
            list(threads.map(_triad, arrays))
            best = min(best, time.perf_counter() - started)
    # Two steps of numpy: a = s·c reads and writes one array each, a += b reads two and writes one.
    return 5 * 8 * _NUMBERS * cores / best


def _triad(arrays: tuple[np.ndarray, ...]) -> None:
    a, b, c = arrays
    np.multiply(c, 3.0, out=a)
    np.add(a, b, out=a)
