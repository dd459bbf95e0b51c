"""A whole city, from the tables of its registry to determinations, lists and sums, part by part.

A run can be killed at any moment and started again: what is done stays, the rest goes on, and the files are
the same to the byte. What would change an answer (the tables, the rules, the version) starts it anew.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import VERSION
from wenjiuye.population.city.finish import finish_day
from wenjiuye.population.city.part import PartTask, Wanted, run_part
from wenjiuye.population.city.prepare import Progress, prepare
from wenjiuye.population.errors import OutputError
from wenjiuye.population.registry.intake import IntakeReport
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.population.whole_files import claim_folder, write_text
from wenjiuye.rules.policy import Policy

Executor = Callable[[Sequence[PartTask], Policy, Callable[[], None]], None]
"""Does the tasks, in any order and anywhere, and calls back after each."""

MANIFEST = "run.json"


@dataclass(frozen=True)
class CityReport:
    """What came out of a run: rows read and set aside, and the sums of each day (see `totals`)."""

    out: Path
    days: tuple[dt.date, ...]
    tables: Mapping[str, IntakeReport]
    problems: int
    parts: int
    resumed: int
    totals: dict[dt.date, pl.DataFrame] = field(repr=False)


def run_city(
    source: Path | str,
    days: Sequence[dt.date],
    out: Path | str,
    policy: Policy,
    *,
    wanted: Wanted | None = None,
    memory_gib: float = 4.0,
    progress: Progress | None = None,
    execute: Executor | None = None,
) -> CityReport:
    """Decide every measure for a whole registry on each day and write it all to the folder `out`.

    memory_gib: about how much memory a part may need. Raises the errors of `take_in`, and OutputError where
    `out` holds something that is no run.
    """
    folder, tell, wanted = Path(out), progress or (lambda *_: None), wanted or Wanted()
    claim_folder(folder, MANIFEST)
    prepared = prepare(source, folder / "intake", folder / "work", policy, memory_gib, tell)
    arrangement = prepared.arrangement
    _start(folder, arrangement.digest, policy, days, wanted)
    tasks = [
        PartTask(arrangement, part, on, folder / f"on={on}", wanted)
        for on in days
        for part in arrangement.largest_first()
    ]
    left = [task for task in tasks if not task.done()]
    done = len(tasks) - len(left)

    def step() -> None:
        nonlocal done
        done += 1
        tell("decide", done, len(tasks))

    tell("decide", done, len(tasks))
    (execute or two_at_a_time)(left, policy, step)
    totals = {}
    for number, on in enumerate(days):
        tell("finish", number, len(days))
        totals[on] = finish_day(folder, on, arrangement.parts, policy)
    tell("finish", len(days), len(days))
    return CityReport(
        folder,
        tuple(days),
        prepared.tables,
        prepared.problems,
        len(arrangement.parts),
        len(tasks) - len(left),
        totals,
    )


def two_at_a_time(tasks: Sequence[PartTask], policy: Policy, step: Callable[[], None]) -> None:
    """Do the tasks here; much of a part keeps only one processor busy, so two are under way at a time."""
    with ThreadPoolExecutor(2) as threads:
        for _ in threads.map(lambda task: run_part(task, policy), tasks):
            step()


def month_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of the months from one to another, both included."""
    days, month = [], first.replace(day=1)
    while month <= last:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        days.append(following - dt.timedelta(days=1))
        month = following
    return days


def arrangement_of(out: Path) -> Arrangement:
    """The arranged registry of a run, for looking at single cases. Raises OutputError where there is none."""
    path = out / MANIFEST
    digest = json.loads(path.read_text("utf-8")).get("digest", "") if path.is_file() else ""
    found = Arrangement.find(out / "work" / "arranged", digest)
    if found is None:
        raise OutputError(f"{out}：不是一次全市运行", f"{out}: this is no run of a city")
    return found


# ── What a run is of


def _start(folder: Path, digest: str, policy: Policy, days: Sequence[dt.date], wanted: Wanted) -> None:
    """Go on with the run in the folder if it is the same, else clear it away."""
    content = {
        "digest": digest,
        "policy": policy.id,
        "version": policy.version,
        "data_model": VERSION,
        "wanted": asdict(wanted),
    }
    path = folder / MANIFEST
    held = json.loads(path.read_text("utf-8"))
    if {name: held.get(name) for name in content} != content:
        for old in folder.iterdir():
            if old.is_dir() and (old.name.startswith("on=") or old.name == "totals"):
                shutil.rmtree(old)
    known = [] if held.get("digest") != digest else held.get("days", [])
    text = json.dumps({**content, "days": sorted({*known, *(str(day) for day in days)})}, indent=1)
    write_text(text + "\n", path)
