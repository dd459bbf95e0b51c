"""All measures of each subject over many rows in memory; every run in a process of its own.

`python -m benchmarks.whole_policy person 1000000 reasons bounds` is one run and prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.timing import peak_memory

MODES = ((), ("reasons",), ("bounds",), ("reasons", "bounds"))
_RUNS = 3


@dataclass(frozen=True)
class Run:
    """What one process measured."""

    subject: str
    rows: int
    measures: int
    modes: tuple[str, ...]
    seconds: float
    data_bytes: int | None
    peak_bytes: int | None

    @property
    def decisions_per_second(self) -> float:
        """Measures decided for one row each in a second."""
        return self.rows * self.measures / self.seconds


def run_here(subject: str, rows: int, modes: tuple[str, ...]) -> Run:
    """Make the data, decide once to warm up and then a few times, in this process."""
    from benchmarks.data import DECISION, tables_for
    from wenjiuye.policy.xuchang_2020_31 import policy
    from wenjiuye.rules.batch import determine_batch

    built = policy()
    tables = tables_for(built, subject, rows)
    data = sum(table.estimated_size() for table in tables.values())
    small = {name: table.head(1000) for name, table in tables.items()}
    options = {"reasons": "reasons" in modes, "bounds": "bounds" in modes}
    determine_batch(built, subject, small, DECISION, **options)
    peak_memory(reset=True)
    seconds = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        result = determine_batch(built, subject, tables, DECISION, **options)
        seconds.append(time.perf_counter() - started)
        measures = len(result.measures)
        del result
    return Run(subject, rows, measures, modes, median(seconds), data, peak_memory())


def run_apart(subject: str, rows: int, modes: tuple[str, ...]) -> Run:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.whole_policy", subject, str(rows), *modes]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    return Run(**{**found, "modes": tuple(found["modes"])})


if __name__ == "__main__":
    print(json.dumps(asdict(run_here(sys.argv[1], int(sys.argv[2]), tuple(sys.argv[3:])))))
