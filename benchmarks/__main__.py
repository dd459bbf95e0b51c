"""`python -m benchmarks`: run everything and print the pages, or write them with --write and --scale."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import city, city_peers, cold_start, one_case, peers, scale_page
from benchmarks.bandwidth import bytes_per_second
from benchmarks.report import page
from benchmarks.whole_policy import MODES, Run, run_apart
from wenjiuye.policy.xuchang_2020_31 import policy

_ROWS, _QUICK_ROWS = 1_000_000, 50_000
_CASES = 2_000
_PEOPLE_BY_HAND = 1_000_000
_IN_EVERY_MODE = ("person", "enterprise", "hire")


def main() -> None:
    """Run with the arguments of the command line."""
    options = _arguments()
    cities, alike = _cities(options)
    _put(scale_page.page(cities, alike, bytes_per_second(), options.date), options.scale)
    if options.only_city:
        return
    rows = options.rows or (_QUICK_ROWS if options.quick else _ROWS)
    built = policy()
    _say(f"the same rules in other tools, {rows:,} persons")
    compared = peers.compare(built, rows, options.rounds)
    _say(f"one case, {_CASES:,} persons")
    case = one_case.measure(built, _CASES)
    _say("start of a fresh process")
    start = cold_start.measure(options.rounds)
    runs = _whole_policy([name for name in built.subjects if built.measures_of(name)], rows)
    _put(page(runs, case, compared, start, (cities, alike), options.date), options.write)


def _cities(options: argparse.Namespace) -> tuple[list[city.CityRun], city_peers.CityCompared]:
    """Whole cities of every size, and the comparison with those written by hand."""
    sizes = city.QUICK_SIZES if options.quick else city.SIZES
    people = city.QUICK_SIZES[-1] if options.quick else _PEOPLE_BY_HAND
    _say(f"a city by hand, {people:,} people")
    alike = city_peers.compare(people, options.rounds)
    runs = []
    for persons in sizes:
        _say(f"whole city, {persons:,} people")
        runs.append(city.run_apart(persons))
    return runs, alike


def _put(text: str, path: Path | None) -> None:
    if path is None:
        print(text)
    else:
        path.write_text(text, encoding="utf-8")
        _say(f"written to {path}")


def _whole_policy(subjects: list[str], rows: int) -> list[Run]:
    """The large subjects in every mode, the others with reasons and bounds."""
    runs = []
    for subject in sorted(subjects, key=lambda name: (name not in _IN_EVERY_MODE, name)):
        _say(f"whole policy, {rows:,} × {subject}")
        modes = MODES if subject in _IN_EVERY_MODE else MODES[-1:]
        runs += [run_apart(subject, rows, mode) for mode in modes]
    return runs


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, help=f"subjects (default {_ROWS:,})")
    parser.add_argument("--quick", action="store_true", help=f"{_QUICK_ROWS:,} subjects")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of the comparison (default 5)")
    parser.add_argument("--write", type=Path, help="page to write, instead of printing it")
    parser.add_argument("--scale", type=Path, help="page of whole cities to write, instead of printing it")
    parser.add_argument("--only-city", action="store_true", help="whole cities alone")
    parser.add_argument("--date", help="date to put on the page")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"benchmarks: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
