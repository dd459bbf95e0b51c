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
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.evaluation import Evaluation, Missing
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import day_of, fen_of_yuan, yuan_text
from wenjiuye.rules.record import read_flat
from wenjiuye.rules.wording import formula, heading, sentence, window_sentence

_KEYS = ("id", "measure", "on", "facts", "values", "expect", "why")
_NEEDED = ("id", "measure", "on", "facts", "expect")
_EXPECTED = ("verdict", "amount", "parts", "missing")
_FILES = (".yaml", ".yml", ".json")


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
    """The files named and those below the folders named, in order. Raises UnreadableFileError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _FILES and p.is_file())
            if not inside:
                raise UnreadableFileError(f"{path}: no {', '.join(_FILES[:-1])} or {_FILES[-1]} file in it")
            found += inside
        else:
            found.append(path)
    return found


def check_case(policy: Policy, case: Any, file: str, number: int) -> Outcome:
    """Run one case."""
    name = str(case.get("id", f"case {number}")) if isinstance(case, Mapping) else f"case {number}"
    try:
        problems = tuple(_differences(_read(policy, case)))
    except CaseError as problem:
        problems = (f"error in the case: {problem}",)
    return Outcome(file, name, problems)


# ── Reading a case


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a case expects. Sums are in fen, None is unknown; `amount` is empty where it is not tested."""

    verdict: Verdict
    amount: Mapping[str, int | None]
    parts: Mapping[str, int | None] | None
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Case:
    """A case in the engine's form, with the policy that its own values make."""

    policy: Policy
    measure: Measure
    record: Record
    on: dt.date
    expected: _Expected


def _read(policy: Policy, case: Any) -> _Case:
    if not isinstance(case, Mapping):
        raise CaseError("is no mapping")
    if any(key is True for key in case):
        raise CaseError('a bare on is read as true by YAML 1.1: quote it, "on": 2020-12-01')
    _only(case, _KEYS, "")
    lacking = [key for key in _NEEDED if key not in case]
    if lacking:
        raise CaseError(f"{', '.join(lacking)} is missing")
    facts, values = _mapping(case, "facts"), _mapping(case, "values")
    try:
        reform = policy.with_values(values, source="case")
        measure = reform.measure(str(case["measure"]))
        record = read_flat(reform.facts, facts)
    except RulesError as problem:
        raise CaseError(str(problem)) from None
    try:
        on = day_of(case["on"])
    except ValueError as problem:
        raise CaseError(f"on: {problem}; wanted a day such as 2020-12-01") from None
    return _Case(reform, measure, record, on, _expected(reform, _mapping(case, "expect")))


def _expected(policy: Policy, expect: Mapping[str, Any]) -> _Expected:
    _only(expect, _EXPECTED, "expect: ")
    if "verdict" not in expect:
        raise CaseError("expect: verdict is missing")
    if expect["verdict"] not in [str(verdict) for verdict in Verdict]:
        raise CaseError(f"expect: verdict: {expect['verdict']!r} is none of {', '.join(Verdict)}")
    parts = _mapping(expect, "parts") if "parts" in expect else None
    missing = expect.get("missing") or []
    if not isinstance(missing, list):
        raise CaseError("expect: missing: wanted a list of facts")
    strange = [str(fact) for fact in missing if str(fact) not in policy.facts]
    if strange:
        raise CaseError(f"expect: missing: no such fact {', '.join(strange)}")
    return _Expected(
        Verdict(expect["verdict"]),
        {"amount": _fen(expect["amount"], "amount")} if "amount" in expect else {},
        None if parts is None else {name: _fen(part, name) for name, part in parts.items()},
        missing,
    )


def _only(mapping: Mapping[Any, Any], known: Sequence[str], where: str) -> None:
    strange = sorted(str(key) for key in mapping if key not in known)
    if strange:
        raise CaseError(f"{where}unknown key {', '.join(strange)}; known: {', '.join(known)}")


def _mapping(owner: Mapping[Any, Any], key: str) -> Mapping[str, Any]:
    inner = owner.get(key)
    if inner is None:
        return {}
    if not isinstance(inner, Mapping):
        raise CaseError(f"{key}: wanted a mapping, got {inner!r}")
    return {str(name): value for name, value in inner.items()}


def _fen(yuan: Any, what: str) -> int | None:
    try:
        return None if yuan is None else fen_of_yuan(yuan)
    except ValueError as problem:
        raise CaseError(f"expect: {what}: {problem}") from None


# ── What differs, and why the engine says otherwise


def _differences(case: _Case) -> Iterator[str]:
    expected, look = case.expected, Evaluation(case.policy, case.record, case.on)
    got = determine(case.policy, case.measure, case.record, case.on)
    if got.verdict is not expected.verdict:
        yield f"expected {expected.verdict}, the engine says {got.verdict}{_why(case, got, look)}"
        return
    for what, wanted in expected.amount.items():
        yield from _sum(case, got, look, what, wanted)
    if expected.parts is not None and set(expected.parts) != set(got.parts):
        yield f"expected the parts {sorted(expected.parts)}, the engine has {sorted(got.parts)}"
    elif expected.parts is not None:
        for what, wanted in expected.parts.items():
            yield from _sum(case, got, look, what, wanted)
    named = [name for missing in _missing(got, look) for name in missing.fact_ids()]
    for fact in expected.missing:
        if fact not in named:
            listed = ", ".join(dict.fromkeys(named)) or "none"
            yield f"expected {fact} to be named as missing, the engine names {listed}"


def _sum(case: _Case, got: Determination, look: Evaluation, what: str, wanted: int | None) -> Iterator[str]:
    fen = got.amount if what == "amount" else got.parts[what]
    if wanted == fen:
        return
    has_sum = got.verdict is not Verdict.INELIGIBLE and got.measure.has_amount
    nothing = "unknown" if has_sum else "none"
    shown = [nothing if one is None else yuan_text(one) for one in (wanted, fen)]
    yield f"expected {what} {shown[0]}, the engine says {shown[1]}" + (
        _reckoned(case, got, look) if has_sum and what == "amount" else ""
    )


def _why(case: _Case, got: Determination, look: Evaluation) -> str:
    """Why the verdict is what it is; an eligible case needs no reason, everything holds."""
    if got.verdict is Verdict.INELIGIBLE:
        return f": 不符合 {_unmet(case, got.truths, 0)}"
    return _needed(_missing(got, look)) if got.verdict is Verdict.UNDETERMINED else ""


def _unmet(case: _Case, truths: Sequence[bool | None], index: int) -> str:
    """The conditions that fail, in the words of the law."""
    node = case.measure.nodes[index]
    if not node.children:
        words = window_sentence if node.is_window else sentence
        return words(case.policy, node.written, case.on, "zh")
    failing = "；".join(_unmet(case, truths, child) for child in node.children if truths[child] is False)
    if node.written.op == "all" and node.written.wording is None:
        return failing
    return f"{heading(node.written, 'zh')}（{failing}）"


def _reckoned(case: _Case, got: Determination, look: Evaluation) -> str:
    """How the engine reckons the sum, with the numbers of the case; or what it lacks for it."""
    if got.amount is None:
        return _needed(_missing(got, look))
    assert case.measure.written_amount is not None
    return f": {formula(case.policy, case.measure.written_amount, case.on, 'zh', look)}"


def _missing(got: Determination, look: Evaluation) -> list[Missing]:
    """What the verdict lacks and, for an eligible case, what the sum lacks."""
    asked = [look.missing(got.measure.condition)]
    if got.verdict is Verdict.ELIGIBLE and got.measure.amount is not None:
        asked.append(look.missing(got.measure.amount))
    return asked


def _needed(missing: Iterable[Missing]) -> str:
    """What would have to be known."""
    lacking: list[str] = []
    for one in missing:
        lacking += [f"missing {fact}" for fact in one.fact_ids()]
        lacking += [f"not set on this date {use.name}" for use in one.values]
        if one.zero_denominators:
            lacking.append("a division by zero")
    return f": {'; '.join(dict.fromkeys(lacking))}" if lacking else ""


def main(arguments: Sequence[str]) -> int:
    """Check files and folders, print a line per failure and a last line with both counts."""
    from wenjiuye.policy.xuchang_2020_31 import policy

    try:
        outcomes = list(check(policy(), [Path(a) for a in arguments]))
    except UnreadableFileError as problem:
        print(problem, file=sys.stderr)
        return 2
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        print(outcome.line())
    print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
