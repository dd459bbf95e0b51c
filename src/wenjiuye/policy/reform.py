"""A reform from a file, laid over a policy: other figures (.toml) or other rules (.py).

Figures: `[values]` with `name = figure` or `name = { key = figure }`, and above it, if they do not hold for
every date, `from = 2021-01-01`. Rules: a Python module that declares measures with the decorators of the rule
language; a measure of a known name replaces it, another comes on top. The policy itself stays as it is.
"""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
import traceback
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.measures import module_declarations
from wenjiuye.rules.policy import Policy


class ReformError(ValueError):
    """A reform cannot be read or does not fit the policy: names the file, the place and what to do."""


def reformed(policy: Policy, paths: Iterable[Path]) -> Policy:
    """The policy with the reforms laid over it, one after the other. Raises ReformError."""
    for path in paths:
        kind = path.suffix.lower()
        if kind not in (".toml", ".py"):
            raise ReformError(f"{path}: a reform is a .toml file of figures or a .py file of rules")
        policy = (_with_figures if kind == ".toml" else _with_rules)(policy, path)
    return policy


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ReformError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise ReformError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as problem:
        raise ReformError(f"{path}: cannot be read: {problem.strerror}") from None


# ── Figures


def _with_figures(policy: Policy, path: Path) -> Policy:
    start, figures = _read_figures(path)
    source = f"reform {path.name}"
    try:
        for name, figure in figures.items():
            _check_keys(policy, name, figure)
        new = policy.with_values(figures, source=source, start=start)
    except RulesError as problem:
        raise ReformError(f"{path}: [values] {problem}") from None
    for name in figures:
        if start is not None and not any(entry.source == source for entry in new.values[name].entries):
            raise ReformError(
                f"{path}: [values] {name}: no figure is in force from {start} on, so there is none to replace; leave "
                "out 'from'"
            )
    return new


def _read_figures(path: Path) -> tuple[dt.date | None, dict[str, Any]]:
    try:
        raw = tomllib.loads(_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise ReformError(f"{path}: not valid TOML: {problem}") from None
    strange = sorted(set(raw) - {"from", "values"})
    if strange:
        raise ReformError(
            f"{path}: unknown {', '.join(strange)}; write figures as 'name = figure' below a line [values]"
        )
    figures, start = raw.get("values"), raw.get("from")
    if not isinstance(figures, dict) or not figures:
        raise ReformError(
            f"{path}: no figures; write [values] and below it lines such as hiring_subsidy_amount = 2000"
        )
    if "from" in figures:
        raise ReformError(f"{path}: 'from' must stand above the line [values]")
    if start is not None and (not isinstance(start, dt.date) or isinstance(start, dt.datetime)):
        raise ReformError(f"{path}: from = {start!r} is no date; write it without quotes: from = 2021-01-01")
    return start, figures


def _check_keys(policy: Policy, name: str, figure: object) -> None:
    """Fail for a key that nothing can have, such as a county that does not exist."""
    value = policy.values[name]
    fact = policy.facts.get(value.keyed_by or "")
    if not isinstance(figure, Mapping) or fact is None or not fact.members:
        return
    for key in figure:
        if key not in fact.members:
            near = difflib.get_close_matches(key, fact.members, 2) or list(fact.members)
            raise ReformError(
                f"{name}: no {value.keyed_by} is named {key!r}; did you mean {' or '.join(near)}?"
            )


# ── Rules


def _with_rules(policy: Policy, path: Path) -> Policy:
    declarations, derivations = module_declarations(_module(path))
    if derivations:
        raise ReformError(f"{path}: a reform declares measures; how a fact is derived cannot be changed")
    if not declarations:
        raise ReformError(f"{path}: declares no measure; use @benefit, @relief, @right or @quota")
    try:
        return policy.with_measures(declarations)
    except RulesError as problem:
        raise ReformError(f"{path}: {problem}") from None
    except Exception as problem:
        raise _own_mistake(path, problem) from problem


def _module(path: Path) -> ModuleType:
    text = _text(path)
    # A name of its own, so that no installed module is meant by mistake.
    name = f"wenjiuye_reform_{path.stem}"
    module = ModuleType(name)
    module.__file__ = str(path)
    try:
        exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
    except RulesError as problem:
        raise ReformError(f"{path}: {problem}") from None
    except Exception as problem:
        raise _own_mistake(path, problem) from problem
    return module


def _own_mistake(path: Path, problem: Exception) -> ReformError:
    """What is wrong in the reform's own Python, with the line in its file."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == str(path)
    ]
    line = problem.lineno if isinstance(problem, SyntaxError) else lines[-1] if lines else None
    said = problem.msg if isinstance(problem, SyntaxError) else str(problem)
    return ReformError(f"{path}{'' if line is None else f', line {line}'}: {type(problem).__name__}: {said}")
