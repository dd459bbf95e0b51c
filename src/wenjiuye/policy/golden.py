"""Golden cases: hand-calculated results that the rules must reproduce, and the runner that checks them.

The format is defined in tests/golden/README.md. A case tests its measure alone: groups and once_per are
not applied.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wenjiuye.policy.yaml_exact import UnreadableFileError, read_file
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination, Verdict
from wenjiuye.rules.errors import FactError, MeasureNotFoundError, ValueFileError
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.facts import facts_in_reach
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import day_of, fen_of_yuan, yuan_text
from wenjiuye.rules.record import read_flat

_KEYS = {"id", "measure", "on", "facts", "values", "expect", "why"}
_EXPECTED = {"verdict", "amount", "parts", "missing"}


class CaseError(ValueError):
    """The case itself is wrong: unknown key, unknown fact, value of the wrong type."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: passed, or what was expected and what the engine said."""

    file: str
    case: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything expected came out."""
        return not self.problems

    def line(self) -> str:
        """The case in one line."""
        return f"{self.file}: {self.case}: " + ("; ".join(self.problems) or "passed")


def check(policy: Policy, paths: Sequence[Path]) -> Iterator[Outcome]:
    """Run every case of the files and folders. Raises UnreadableFileError where a path cannot be read."""
    for path in files_of(paths):
        cases = read_file(path)
        if cases is None:
            continue
        if not isinstance(cases, list):
            raise UnreadableFileError(f"{path}: wanted a list of cases")
        for number, case in enumerate(cases, 1):
            yield check_case(policy, case, path.name, number)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The YAML files named or below the folders named, in order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in (".yaml", ".yml", ".json"))
            if not inside:
                raise UnreadableFileError(f"{path}: no .yaml file in this folder")
            found += inside
        else:
            found.append(path)
    return found


def check_case(policy: Policy, case: Any, file: str, number: int) -> Outcome:
    """Run one case."""
    name = str(case.get("id", f"case {number}")) if isinstance(case, Mapping) else f"case {number}"
    try:
        problems = _problems(policy, case)
    except CaseError as problem:
        problems = [f"error in the case: {problem}"]
    return Outcome(file, name, tuple(problems))


def _problems(policy: Policy, case: Any) -> list[str]:
    if not isinstance(case, Mapping):
        raise CaseError("is no mapping")
    _only(case, _KEYS, "")
    for key in ("id", "measure", "on", "facts", "expect"):
        if key not in case:
            raise CaseError(f"{key} is missing")
    expect = case["expect"]
    if not isinstance(expect, Mapping) or "verdict" not in expect:
        raise CaseError("expect needs a verdict")
    _only(expect, _EXPECTED, "expect: ")
    try:
        reform = policy.with_values(case.get("values") or {}, source="case")
        measure = reform.measure(str(case["measure"]))
        known = {**reform.facts, **facts_in_reach(measure.subject)}
        record = read_flat(known, case["facts"] or {})
        on = day_of(case["on"])
        wanted = Verdict(expect["verdict"])
    except (FactError, ValueFileError, MeasureNotFoundError, ValueError, AttributeError) as problem:
        raise CaseError(str(problem)) from None
    got = determine(reform, measure, record, on)
    return list(_differences(reform, record, on, expect, wanted, got))


def _differences(
    policy: Policy,
    record: Mapping[str, Any],
    on: dt.date,
    expect: Mapping[str, Any],
    wanted: Verdict,
    got: Determination,
) -> Iterator[str]:
    look = Evaluation(policy, record, on)
    root = got.measure.nodes[0].resolved
    if got.verdict is not wanted:
        because = [node.resolved for node, t in zip(got.measure.nodes, got.truths, strict=True) if t is False]
        missing = look.missing(root).fact_ids()
        said = f"missing {missing}" if got.verdict is Verdict.UNDETERMINED else f"not met {because[-1:]}"
        yield f"expected {wanted}, the engine says {got.verdict}" + (
            f" ({said})" if got.verdict != "eligible" else ""
        )
        return
    if "amount" in expect:
        yield from _amount(expect["amount"], got.amount, "amount")
    if "parts" in expect:
        parts = expect["parts"]
        if set(parts) != set(got.parts):
            yield f"expected the parts {sorted(parts)}, the engine has {sorted(got.parts)}"
        else:
            for name, part in parts.items():
                yield from _amount(part, got.parts[name], f"part {name}")
    if "missing" in expect:
        named = list(look.missing(root).fact_ids())
        if got.verdict is Verdict.ELIGIBLE and got.measure.amount is not None:
            named += look.missing(got.measure.amount).fact_ids()
        for fact in expect["missing"]:
            if fact not in policy.facts:
                raise CaseError(f"expect: missing: no such fact {fact}")
            if fact not in named:
                yield f"expected {fact} to be named as missing, the engine names {named}"


def _amount(wanted: Any, got: int | None, what: str) -> Iterator[str]:
    try:
        fen = None if wanted is None else fen_of_yuan(wanted)
    except ValueError as problem:
        raise CaseError(f"expect: {what}: {problem}") from None
    if fen != got:
        shown = ["unknown" if x is None else yuan_text(x) for x in (fen, got)]
        yield f"expected {what} {shown[0]}, the engine says {shown[1]}"


def _only(mapping: Mapping[Any, Any], known: set[str], where: str) -> None:
    strange = sorted(str(key) for key in mapping if key not in known)
    if strange:
        raise CaseError(f"{where}unknown key {', '.join(strange)}; known: {', '.join(sorted(known))}")


def main(arguments: Sequence[str]) -> int:
    """Check files and folders, print a line per failure and a last line with both counts."""
    from wenjiuye.policy.xuchang_2020_31 import policy

    outcomes = list(check(policy(), [Path(a) for a in arguments]))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        print(outcome.line())
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
