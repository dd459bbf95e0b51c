"""What a simulation assumes of people's behaviour: explicit shares from a TOML file, exact, all of them optional.

[take_up]                 # share of those entitled who claim
default = 1
hiring_subsidy = 0.6
[continuing]              # share of claimants who still qualify a month later
default = 1
graduate_flexible_insurance_subsidy = "49/50"
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from wenjiuye.population.simulation.errors import AssumptionError
from wenjiuye.rules.quantity import HALF_UP, exact, percent_text

DEFAULT = "default"
SECTIONS = ("take_up", "continuing")
ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Shares:
    """A share for every measure: its own, else the default (everybody)."""

    default: Fraction = ALL
    own: Mapping[str, Fraction] = field(default_factory=dict)

    def of(self, measure: str) -> Fraction:
        """The share of one measure."""
        return self.own.get(measure, self.default)

    @property
    def everybody(self) -> bool:
        """Whether nothing is assumed to be less than all."""
        return self.default == ALL and all(share == ALL for share in self.own.values())

    def text(self) -> str:
        """As people read it: `100 %; hiring_subsidy 60 %`."""
        return "; ".join(
            [percent_text(self.default), *(f"{name} {percent_text(s)}" for name, s in self.own.items())]
        )


@dataclass(frozen=True, slots=True)
class Assumptions:
    """take_up: of those entitled, who claim. continuing: of those who claim, who still do a month later."""

    take_up: Shares = Shares()
    continuing: Shares = Shares()


NONE = Assumptions()
"""Everybody claims what is due, and nobody drops out before the end."""


def portion(fen: int, share: Fraction) -> int:
    """A share of a sum, rounded half up to the fen: the one rounding of expected costs."""
    return HALF_UP.apply(share * fen)


def read_assumptions(path: Path, measures: Iterable[str]) -> Assumptions:
    """Read a file of assumptions; `measures` may be named in it. Raises AssumptionError."""
    raw = _tables(path)
    names = tuple(measures)
    return Assumptions(*(_shares(path, section, raw.get(section, {}), names) for section in SECTIONS))


def _tables(path: Path) -> Mapping[str, Any]:
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"), parse_float=Decimal)
    except OSError as problem:
        said = problem.strerror or str(problem)
        raise AssumptionError(f"{path}：无法读取：{said}", f"{path}: cannot be read: {said}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise AssumptionError(
            f"{path}：不是有效的 TOML：{problem}", f"{path}: not valid TOML: {problem}"
        ) from None
    if strange := sorted(set(raw) - set(SECTIONS)):
        raise AssumptionError(
            f"{path}：不认识 {'、'.join(strange)}；可用 {'、'.join(f'[{name}]' for name in SECTIONS)}",
            f"{path}: unknown {', '.join(strange)}; there are {' and '.join(f'[{name}]' for name in SECTIONS)}",
        )
    return raw


def _shares(path: Path, section: str, raw: object, measures: tuple[str, ...]) -> Shares:
    where = f"{path} [{section}]"
    if not isinstance(raw, Mapping):
        raise AssumptionError(f"{where}：应为一组比例", f"{where}: wanted shares, one a line")
    for name in raw:
        if name != DEFAULT and name not in measures:
            near = difflib.get_close_matches(str(name), [DEFAULT, *measures], 2)
            hint_zh = f"；是否指 {' 或 '.join(near)}？" if near else "；见 wenjiuye measures"
            hint_en = f"; did you mean {' or '.join(near)}?" if near else "; see wenjiuye measures"
            raise AssumptionError(
                f"{where}：没有措施 {name}{hint_zh}", f"{where}: no measure is named {name!r}{hint_en}"
            )
    shares = {str(name): _share(f"{where} {name}", value) for name, value in raw.items()}
    default = shares.pop(DEFAULT, ALL)
    return Shares(default, shares)


def _share(where: str, raw: object) -> Fraction:
    try:
        share = exact(raw)
    except ValueError:
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise AssumptionError(
            f"{where} = {raw}：应为 0 至 1 的比例，如 0.6、“2/3”或“60%”",
            f'{where} = {raw}: wanted a share from 0 to 1, such as 0.6, "2/3" or "60%"',
        )
    return share
