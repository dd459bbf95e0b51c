"""A field for the value of a fact: the control that fits its kind, what may be written, what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.rules.errors import Bilingual, FactError
from wenjiuye.rules.facts import Fact, Many, Subject
from wenjiuye.rules.quantity import FEN, SHARE, Kind
from wenjiuye.rules.values import UNITS_ZH
from wenjiuye.rules.wording import fact_value

Titled = Fact | Many[Subject]
_EXAMPLES: Mapping[Kind, str] = {
    Kind.INT: "12",
    Kind.MONEY: "913.20",
    Kind.SHARE: "5.5%",
    Kind.DATE: "2020-09-14",
    Kind.MONTH: "2020-09",
}
_TYPES: Mapping[Kind, str] = {Kind.DATE: "date", Kind.MONTH: "month"}
_MODES: Mapping[Kind, str] = {Kind.INT: "numeric", Kind.MONEY: "decimal"}
FEW = 4
"""So many choices stand next to each other; more go into a list."""


@dataclass(frozen=True)
class FactInput:
    """One field. shape: `radio`, `select` or `text`. unknown: whether not to know is an answer."""

    path: str
    name: str
    id: str
    label: str
    help: str
    shape: str
    type: str
    mode: str
    unit: str
    options: tuple[tuple[str, str], ...]
    value: str
    error: str
    unknown: bool

    @property
    def described_by(self) -> str:
        """The ids of help and error."""
        parts = [f"{self.id}-help"] if self.help else []
        return " ".join([*parts, f"{self.id}-error"] if self.error else parts)


def can_be_typed(fact: Titled) -> bool:
    """Whether a value can be written into one field; lists of records come with the registry."""
    return isinstance(fact, Fact) and fact.kind is not Kind.LIST


def fact_input(
    fact: Fact,
    path: str,
    *,
    name: str = "value",
    scope: str = "",
    value: str = "",
    error: str = "",
    unknown: bool = False,
) -> FactInput:
    """The field for a fact. name: of the control; scope: makes ids differ where a fact has two fields on a page."""
    options = _options(fact)
    return FactInput(
        path=path,
        name=name,
        id=f"{scope or 'v'}-{path.replace('.', '-')}",
        label=question(fact),
        help=evidence_hint(fact),
        shape="text" if not options else "radio" if len(options) <= FEW else "select",
        # A control for dates would drop what is no date, and with it what has to be put right.
        type="text" if error else _TYPES.get(fact.kind, "text"),
        mode=_MODES.get(fact.kind, ""),
        unit=_unit(fact),
        options=options,
        value=value,
        error=error,
        unknown=unknown,
    )


def question(fact: Fact) -> str:
    """How the fact is asked for, in the page's language."""
    return fact.ask_en if rules_in_force.lang() == "en" else fact.ask_zh


def evidence_hint(fact: Fact) -> str:
    """What shows the fact."""
    shows = fact.evidence_en if rules_in_force.lang() == "en" else fact.evidence_zh
    return _("看：%(evidence)s") % {"evidence": shows} if shows else ""


def _options(fact: Fact) -> tuple[tuple[str, str], ...]:
    if fact.kind is Kind.BOOL:
        return (("true", _("是")), ("false", _("否")))
    if fact.kind is Kind.ENUM:
        place = 1 if rules_in_force.lang() == "en" else 0
        return tuple((member, names[place]) for member, names in fact.members.items())
    return ()


def _unit(fact: Fact) -> str:
    if fact.kind is Kind.MONEY:
        return _("元")
    if fact.kind is not Kind.INT or not fact.unit or fact.unit in (FEN, SHARE):
        return ""
    return fact.unit if rules_in_force.lang() == "en" else UNITS_ZH.get(fact.unit, fact.unit)


def read_typed(fact: Fact, text: str) -> tuple[Any, str]:
    """What somebody wrote, as it is kept, or what is wrong with it: the value, why, and an example that is right."""
    try:
        return fact.plain_value(fact.read(text)), ""
    except FactError as problem:
        return None, told(problem, fact)


def told(problem: FactError, fact: Fact) -> str:
    """A sentence for the field: what is wrong with the value, and one that would do."""
    reason, wanted = problem.reason, problem.wanted
    if wanted is None:
        return _in(reason)
    example = _EXAMPLES.get(fact.kind)
    if example is None:
        return _("%(reason)s。应为：%(wanted)s。") % {"reason": _in(reason), "wanted": _in(wanted)}
    return _("%(reason)s。请写成 %(example)s 这样。") % {"reason": _in(reason), "example": example}


def _in(text: Bilingual) -> str:
    return text.en if rules_in_force.lang() == "en" else text.zh


def in_words(fact: Titled | None, value: Any) -> str:
    """A value as it is kept, in the page's words. fact: None for one that the rules do not have any more."""
    if value is None:
        return _("不知道")
    if isinstance(value, list):
        return _("%(number)d 条") % {"number": len(value)}
    if not isinstance(fact, Fact):
        return str(value)
    try:
        return fact_value(fact, fact.read(value), "en" if rules_in_force.lang() == "en" else "zh")
    except FactError:
        # Kept under rules that have changed since.
        return str(value)
