"""A whole city from the Parquet files of its registry to those of its determinations, stage by stage.

`python -m benchmarks.city 500000` makes a city of so many people, runs it in this process and prints one line of
JSON. Every size has a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.timing import peak_memory

SIZES = (500_000, 1_000_000, 2_000_000, 4_400_000)
QUICK_SIZES = (20_000, 50_000)
STAGES = ("intake", "arrange", "decide", "finish")
_OF = {"fingerprint": "intake", "read": "intake", "check": "intake"}
"""Which stage a step that the run tells of belongs to, where it is not the stage of that name."""


@dataclass(frozen=True)
class CityRun:
    """What one process measured. seconds, processor seconds and peaks (bytes) by stage; sizes in bytes.

    touched: the tables of all parts and all results in memory, as if each column were read or written once.
    load: of the machine in the minute before.
    """

    persons: int
    firms: int
    rows: int
    parts: int
    measures: int
    decisions: int
    seconds: dict[str, float]
    processor: dict[str, float]
    peaks: dict[str, int | None]
    registry: int
    arranged: int
    results: int
    touched: int
    load: float

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def peak(self) -> int | None:
        """The highest peak of a stage."""
        known = [peak for peak in self.peaks.values() if peak is not None]
        return max(known, default=None)


@contextmanager
def made_city(persons: int) -> Iterator[Path]:
    """The folder of a made-up city, for as long as it is needed; made in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="wenjiuye-bench-") as folder:
        code = f"from wenjiuye.population.synth import write_city; write_city({folder + '/city'!r}, persons={persons})"
        subprocess.run([sys.executable, "-c", code], check=True)
        yield Path(folder) / "city"


def run_here(persons: int) -> CityRun:
    """Make a city and run it, with reasons, near misses and lists."""
    from benchmarks.data import DECISION
    from wenjiuye.policy.xuchang_2020_31 import policy
    from wenjiuye.population.city.part import Wanted
    from wenjiuye.population.city.run import run_city

    current = policy()
    with made_city(persons) as city:
        load = os.getloadavg()[0]
        watch = _Watch()
        out = city.parent / "out"
        report = run_city(city, [DECISION], out, current, wanted=Wanted(reasons=True), progress=watch.tell)
        watch.stop()
        marks = [json.loads(path.read_text()) for path in (out / f"on={DECISION}" / "done").iterdir()]
        decided = {name: sum(mark.get(name, 0) for mark in marks) for name in current.subjects}
        return CityRun(
            persons=persons,
            firms=report.tables["enterprise"].read,
            rows=sum(table.read for table in report.tables.values()),
            parts=report.parts,
            measures=sum(bool(decided[measure.subject.id]) for measure in current.measures.values()),
            decisions=sum(decided[measure.subject.id] for measure in current.measures.values()),
            seconds=watch.seconds,
            processor=watch.processor,
            peaks=watch.peaks,
            registry=_size(city),
            arranged=_size(out / "work"),
            results=_size(out / f"on={DECISION}"),
            touched=_touched(out, f"on={DECISION}"),
            load=load,
        )


class _Watch:
    """Seconds and peak memory of each stage, from what a run tells of its steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self.peaks: dict[str, int | None] = {}
        self._stage, self._since, self._used = "", 0.0, 0.0

    def tell(self, step: str, _done: int, _total: int) -> None:
        word = step.split()[0]
        stage = _OF.get(word, word)
        if stage != self._stage:
            self.stop()
            peak_memory(reset=True)
            self._stage, self._since, self._used = stage, time.perf_counter(), time.process_time()

    def stop(self) -> None:
        if self._stage:
            self.seconds[self._stage] = time.perf_counter() - self._since
            self.processor[self._stage] = time.process_time() - self._used
            self.peaks[self._stage] = peak_memory()
        self._stage = ""


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _touched(out: Path, day: str) -> int:
    import polars as pl

    tables = (out / "work" / "arranged").glob("*/*.parquet")
    results = (
        path for name in ("determinations", "reasons") for path in (out / day / name).glob("*/*.parquet")
    )
    return sum(int(pl.read_parquet(path).estimated_size()) for paths in (tables, results) for path in paths)


def run_apart(persons: int) -> CityRun:
    """The same in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.city", str(persons)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return CityRun(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(run_here(int(sys.argv[1])))))
