"""The registry checked and divided into parts, once for all questions that are put to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from wenjiuye.policy.registry import VERSION
from wenjiuye.population.headers import UnknownColumn
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import IntakeReport, take_in
from wenjiuye.population.registry.partition import Arrangement
from wenjiuye.population.whole_files import write_text
from wenjiuye.rules.policy import Policy

Progress = Callable[[str, int, int], None]

PEOPLE_A_GIB = 80_000
"""So many people a part may have for each GiB of memory, by measurement (docs/scale.md)."""
LEAST_PEOPLE = 100
"""So many people a part has at least, however little memory there is."""


@dataclass(frozen=True)
class Prepared:
    """Where the parts are, what became of each table, and how many problems were found in them."""

    arrangement: Arrangement
    tables: Mapping[str, IntakeReport]
    problems: int


def prepare(
    source: Path | str, intake: Path, work: Path, policy: Policy, memory_gib: float, progress: Progress
) -> Prepared:
    """Check and divide a registry; what lies in `work` from the same registry and rules is used again.

    intake: the folder for what was set aside. memory_gib: about how much a part may need. Raises the errors of
    `take_in`.
    """
    people = max(LEAST_PEOPLE, int(memory_gib * PEOPLE_A_GIB))
    progress("fingerprint", 0, 1)
    # What stands in a database cannot be told without reading it, so it is taken in anew every time.
    address = isinstance(source, str) and "://" in source
    clean = take_in(source, intake, progress=progress) if address else None
    paths = _paths(Path(source)) if clean is None else [p for files in clean.tables.values() for p in files]
    digest = fingerprint(paths, policy, people)
    held, note = Arrangement.find(work / "arranged", digest), work / "intake.json"
    if held is not None and note.is_file():
        content = json.loads(note.read_text("utf-8"))
        tables = {name: _report(told) for name, told in content["tables"].items()}
        return Prepared(held, tables, content["problems"])
    clean = clean or take_in(source, intake, progress=progress)
    arranged = arrange(
        clean.tables,
        clean.incomplete,
        policy,
        work / "arranged",
        digest,
        people_a_part=people,
        progress=progress,
    )
    told = {name: asdict(report) for name, report in clean.reports.items()}
    text = json.dumps({"problems": clean.problems, "tables": told}, ensure_ascii=False, indent=1)
    write_text(text + "\n", note)
    return Prepared(arranged, dict(clean.reports), clean.problems)


def fingerprint(paths: Sequence[Path], policy: Policy, people: int) -> str:
    """A hash over everything that the answers follow from: the files and their names, the rules, the versions."""
    digest = hashlib.blake2b(digest_size=16)
    versions = f"{version('wenjiuye')} {version('polars')} {VERSION}"
    digest.update(f"{versions} {policy.id} {policy.version} {people}".encode())
    for path, hashed in _hashed(paths):
        digest.update(f"{path.parent.name}/{path.name} {hashed}\n".encode())
    return digest.hexdigest()


def _paths(source: Path) -> list[Path]:
    """The files of a registry folder, or the one file."""
    if not source.is_dir():
        return [source] if source.is_file() else []
    return sorted(path for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))


def _hashed(paths: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    def one(path: Path) -> tuple[Path, str]:
        with path.open("rb") as file:
            return path, hashlib.file_digest(file, "blake2b").hexdigest()

    with ThreadPoolExecutor(2) as threads:
        yield from threads.map(one, paths)


def _report(told: dict[str, Any]) -> IntakeReport:
    """What became of a table, as it was noted down."""
    columns = tuple(UnknownColumn(**column) for column in told["unknown_columns"])
    places, notes = tuple(told["places"]), tuple(told["notes"])
    return IntakeReport(told["table"], places, told["read"], told["set_aside"], columns, notes)
