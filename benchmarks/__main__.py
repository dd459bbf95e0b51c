"""`python -m benchmarks`: run everything, print the page, and write it with --write."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import cold_start, one_case, peers
from benchmarks.report import page
from benchmarks.whole_policy import MODES, Run, run_apart
from wenjiuye.policy.xuchang_2020_31 import policy

_ROWS, _QUICK_ROWS = 1_000_000, 50_000
_CASES = 2_000
_IN_EVERY_MODE = ("person", "enterprise", "hire")


def main() -> None:
    """Run with the arguments of the command line."""
    options = _arguments()
    rows = options.rows or (_QUICK_ROWS if options.quick else _ROWS)
    built = policy()
    _say(f"the same rules in other tools, {rows:,} persons")
    compared = peers.compare(built, rows, options.rounds)
    _say(f"one case, {_CASES:,} persons")
    case = one_case.measure(built, _CASES)
    _say("start of a fresh process")
    start = cold_start.measure(options.rounds)
    runs = _whole_policy([name for name in built.subjects if built.measures_of(name)], rows)
    text = page(runs, case, compared, start, options.date)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
        _say(f"written to {options.write}")
    else:
        print(text)


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
    parser.add_argument("--date", help="date to put on the page")
    return parser.parse_args()


def _say(text: str) -> None:
    print(f"benchmarks: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
