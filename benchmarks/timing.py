"""Medians of interleaved runs, and what machine they were measured on."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


@dataclass(frozen=True)
class Times:
    """Seconds of each run."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """How far the runs lie apart, as a share of the median: the noise of the machine."""
        return (max(self.seconds) - min(self.seconds)) / self.median

    def percentile(self, percent: int) -> float:
        """The run that so many per cent do not exceed."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def interleaved(tasks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Each task once to warm up, then all in turn, round by round, so that drift hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + 1):
        for name, task in tasks.items():
            gc.collect()
            started = time.perf_counter()
            result = task()
            took = time.perf_counter() - started
            del result
            if number:
                seconds[name].append(took)
    return {name: Times(tuple(runs)) for name, runs in seconds.items()}


def machine() -> dict[str, str]:
    """Processor, cores and memory."""
    return {
        "processor": _line_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Versions of Python and of the tools compared."""
    found = {"Python": platform.python_version()}
    for title, package in (
        ("Polars", "polars"),
        ("DuckDB", "duckdb"),
        ("OpenFisca-Core", "openfisca-core"),
        ("NumPy", "numpy"),
    ):
        try:
            found[title] = version(package)
        except PackageNotFoundError:
            found[title] = "not installed"
    return found


def peak_memory(reset: bool = False) -> int | None:
    """Largest resident memory of this process in bytes so far, or since the last reset; None where not told.

    Not `getrusage`: on Linux a child inherits that figure from the process that started it.
    """
    if reset and Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")
    peak = _line_of("/proc/self/status", "VmHWM")
    return None if peak is None else int(peak.split()[0]) * 1024


def _memory() -> str:
    total = _line_of("/proc/meminfo", "MemTotal")
    return "unknown" if total is None else f"{int(total.split()[0]) / 2**20:.0f} GiB"


def _line_of(file: str, title: str) -> str | None:
    path = Path(file)
    if not path.exists():
        return None
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == title:
            return value.strip()
    return None
