"""How a table of the registry is declared: a subject of its own, with what every row must have.

A registry keeps events and periods with their dates, not answers; the facts of the vocabulary are derived
from them on the date of decision. The columns are declared with the same classes as facts, so that one
reader checks both.
"""

from __future__ import annotations

import copy
from typing import ClassVar, TypeVar

from wenjiuye.rules import BoolFact, ChoiceFact, DateFact, IntFact, MoneyFact, MonthFact, ShareFact, Subject
from wenjiuye.rules.facts import Fact

F = TypeVar("F", bound=Fact)


class Record(Subject, id="record", zh="登记记录", en="record"):
    """One row of a table of the registry.

    required: columns that every row must have; a row without one is set aside. keyed: whether rows have ids
    that others refer to; rows of other tables are counted. texts: columns that are kept as text.
    means: what one row is. since: the column by which a row is known; later ones are not known yet.
    """

    required: ClassVar[tuple[str, ...]] = ()
    keyed: ClassVar[bool] = False
    texts: ClassVar[tuple[str, ...]] = ()
    means: ClassVar[str] = ""

    def __init_subclass__(
        cls,
        *,
        id: str,
        zh: str,
        en: str,
        means: str = "",
        required: tuple[str, ...] = (),
        keyed: bool = False,
        texts: tuple[str, ...] = (),
    ) -> None:
        super().__init_subclass__(id=id, zh=zh, en=en)
        cls.required, cls.keyed, cls.texts, cls.means = required, keyed, texts, means


_NOT_ASKED = ("", "")


def same(fact: F) -> F:
    """A column that holds a fact of the vocabulary as it is."""
    twin = copy.copy(fact)
    twin.owners = ()
    return twin


def day(zh: str, en: str, means: str = "") -> DateFact:
    """A column of dates."""
    return DateFact(zh, en, ask=_NOT_ASKED, means=means)


def month(zh: str, en: str, means: str = "") -> MonthFact:
    """A column of months."""
    return MonthFact(zh, en, ask=_NOT_ASKED, means=means)


def yes_no(zh: str, en: str, means: str = "") -> BoolFact:
    """A column of yes and no."""
    return BoolFact(zh, en, ask=_NOT_ASKED, means=means)


def money(zh: str, en: str, means: str = "") -> MoneyFact:
    """A column of sums in yuan."""
    return MoneyFact(zh, en, ask=_NOT_ASKED, means=means)


def number(zh: str, en: str, means: str = "", *, unit: str = "people") -> IntFact:
    """A column of whole numbers."""
    return IntFact(zh, en, ask=_NOT_ASKED, means=means, unit=unit)


def share(zh: str, en: str, means: str = "") -> ShareFact:
    """A column of shares from 0 to 1."""
    return ShareFact(zh, en, ask=_NOT_ASKED, means=means)


def choice(zh: str, en: str, members: dict[str, tuple[str, str]], means: str = "") -> ChoiceFact:
    """A column with one of a closed list."""
    return ChoiceFact(zh, en, ask=_NOT_ASKED, means=means, members=members)
