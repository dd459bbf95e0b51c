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

from wenjiuye.rules.errors import Bilingual, RulesError
from wenjiuye.rules.measures import module_declarations
from wenjiuye.rules.policy import Policy


class ReformError(ValueError):
    """A reform cannot be read or does not fit the policy: names the file, the place and what to do."""

    def __init__(self, path: Path, zh: str, en: str) -> None:
        self.message = Bilingual(f"{path}：{zh}", f"{path}: {en}")
        super().__init__(str(self.message))


def reformed(policy: Policy, paths: Iterable[Path]) -> Policy:
    """The policy with the reforms laid over it, one after the other. Raises ReformError."""
    for path in paths:
        kind = path.suffix.lower()
        if kind not in (".toml", ".py"):
            raise ReformError(
                path,
                "改革方案应为数值文件（.toml）或规则文件（.py）",
                "a reform is a .toml file of figures or a .py file of rules",
            )
        policy = (_with_figures if kind == ".toml" else _with_rules)(policy, path)
    return policy


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ReformError(path, "没有这个文件", "no such file") from None
    except UnicodeDecodeError:
        raise ReformError(
            path, "不是 UTF-8 文本，请另存为 UTF-8", "is not UTF-8 text; save it as UTF-8"
        ) from None
    except OSError as problem:
        said = problem.strerror
        raise ReformError(path, f"无法读取：{said}", f"cannot be read: {said}") from None


# ── Figures


def _with_figures(policy: Policy, path: Path) -> Policy:
    start, figures = _read_figures(path)
    source = f"reform {path.name}"
    try:
        for name, figure in figures.items():
            _check_keys(policy, path, name, figure)
        new = policy.with_values(figures, source=source, start=start)
    except RulesError as problem:
        raise ReformError(path, f"[values] {problem}", f"[values] {problem}") from None
    for name in figures:
        if start is not None and not any(entry.source == source for entry in new.values[name].entries):
            raise ReformError(
                path,
                f"[values] {name}：{start} 起没有有效的数值可供替换，请去掉 from",
                f"[values] {name}: no figure is in force from {start} on, so there is none to replace; "
                "leave out 'from'",
            )
    return new


def _read_figures(path: Path) -> tuple[dt.date | None, dict[str, Any]]:
    try:
        raw = tomllib.loads(_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        raise ReformError(path, f"不是有效的 TOML：{problem}", f"not valid TOML: {problem}") from None
    strange = ", ".join(sorted(set(raw) - {"from", "values"}))
    if strange:
        raise ReformError(
            path,
            f"不认识 {strange}；数值写在 [values] 一行之下：名称 = 数值",
            f"unknown {strange}; write figures as 'name = figure' below a line [values]",
        )
    figures, start = raw.get("values"), raw.get("from")
    if not isinstance(figures, dict) or not figures:
        raise ReformError(
            path,
            "没有数值；先写 [values]，其下如 hiring_subsidy_amount = 2000",
            "no figures; write [values] and below it lines such as hiring_subsidy_amount = 2000",
        )
    if "from" in figures:
        raise ReformError(path, "from 应写在 [values] 一行之上", "'from' must stand above the line [values]")
    if start is not None and (not isinstance(start, dt.date) or isinstance(start, dt.datetime)):
        raise ReformError(
            path,
            f"from = {start!r} 不是日期；不加引号：from = 2021-01-01",
            f"from = {start!r} is no date; write it without quotes: from = 2021-01-01",
        )
    return start, figures


def _check_keys(policy: Policy, path: Path, name: str, figure: object) -> None:
    """Fail for a key that nothing can have, such as a county that does not exist."""
    value = policy.values[name]
    fact = policy.facts.get(value.keyed_by or "")
    if not isinstance(figure, Mapping) or fact is None or not fact.members:
        return
    for key in figure:
        if key not in fact.members:
            near = difflib.get_close_matches(key, fact.members, 2) or list(fact.members)
            raise ReformError(
                path,
                f"[values] {name}：{fact.zh}中没有 {key}；是否指 {' 或 '.join(near)}？",
                f"[values] {name}: no {fact.id} is named {key!r}; did you mean {' or '.join(near)}?",
            )


# ── Rules


def _with_rules(policy: Policy, path: Path) -> Policy:
    declarations, derivations = module_declarations(_module(path))
    if derivations:
        raise ReformError(
            path,
            "改革方案只声明措施，不能改变事实的推算方法",
            "a reform declares measures; how a fact is derived cannot be changed",
        )
    if not declarations:
        raise ReformError(
            path,
            "没有声明措施；请用 @benefit、@relief、@right 或 @quota",
            "declares no measure; use @benefit, @relief, @right or @quota",
        )
    try:
        return policy.with_measures(declarations)
    except Exception as problem:
        raise _own_mistake(path, problem) from problem


def _module(path: Path) -> ModuleType:
    text = _text(path)
    # A name of its own, so that no installed module is meant by mistake.
    module = ModuleType(f"wenjiuye_reform_{path.stem}")
    module.__file__ = str(path)
    try:
        exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)
    except Exception as problem:
        raise _own_mistake(path, problem) from problem
    return module


def _own_mistake(path: Path, problem: Exception) -> ReformError:
    """What is wrong in the reform's own Python, with the line in its file."""
    if isinstance(problem, RulesError):
        return ReformError(path, str(problem), str(problem))
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == str(path)]
    line = problem.lineno if isinstance(problem, SyntaxError) else lines[-1] if lines else None
    said = f"{type(problem).__name__}: {problem.msg if isinstance(problem, SyntaxError) else problem}"
    if line is None:
        return ReformError(path, said, said)
    return ReformError(path, f"第{line}行：{said}", f"line {line}: {said}")
