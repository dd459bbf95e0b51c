"""A small city run on two Ray workers, one of which is killed; run by `test_on_ray.py` in a process of its own.

`run_on_ray.py REGISTRY OUT REFORM FLAG` prints as JSON what happened, with the error if there was one.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

from wenjiuye.policy.reform import reformed
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.city.part import Wanted
from wenjiuye.population.city.run import run_city
from wenjiuye.population.cluster.on_ray import ray_executor
from wenjiuye.population.errors import PopulationError

DAY = dt.date(2020, 12, 1)
WANTED = Wanted(reasons=True)
GIB = 0.0125
"""So little memory that the small city falls into several parts."""

_KILL_ONCE = """
import os
from pathlib import Path
flag = Path({flag!r})
if not flag.exists():
    flag.touch()
    os.kill(os.getpid(), 9)
"""


def main(registry: Path, out: Path, reform: Path, flag: Path) -> None:
    """Run with a reform whose file kills the first worker that reads it."""
    rules = reform.read_text("utf-8")
    current = reformed(policy(), [reform])
    reform.write_text(rules + _KILL_ONCE.format(flag=str(flag)), "utf-8")
    progress: list[str] = []
    failed, notes = None, ""
    try:
        report = run_city(
            registry,
            [DAY],
            out,
            current,
            wanted=WANTED,
            memory_gib=GIB,
            progress=lambda *step: progress.append(" ".join(map(str, step))),
            execute=ray_executor(2, reforms=[reform]),
        )
        resumed = report.resumed
    except PopulationError as problem:
        failed, notes, resumed = f"{type(problem).__name__}: {problem}", "".join(problem.__notes__), 0
    print(json.dumps({"failed": failed, "notes": notes, "resumed": resumed, "progress": progress}))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
