"""From a fresh process to a built policy, which is what a command or a web worker waits for."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from benchmarks.timing import Times

_SCRIPT = """
import sys, time
started = time.perf_counter()
from wenjiuye.policy.xuchang_2020_31 import policy
policy()
print(time.perf_counter() - started, "polars" in sys.modules)
"""


@dataclass(frozen=True)
class ColdStart:
    """Seconds from the first import to the built policy, and whether Polars was loaded on the way."""

    times: Times
    polars_loaded: bool


def measure(runs: int) -> ColdStart:
    """Import and build in so many fresh processes, after one that writes the compiled modules."""
    seconds: list[float] = []
    polars = False
    for number in range(runs + 1):
        done = subprocess.run([sys.executable, "-c", _SCRIPT], check=True, capture_output=True, text=True)
        took, loaded = done.stdout.split()
        polars = loaded == "True"
        if number:
            seconds.append(float(took))
    return ColdStart(Times(tuple(seconds)), polars)
