"""Chinese or English: which one is meant, and the few words that the screens need of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from wenjiuye.rules.facts import Fact
from wenjiuye.rules.wording import Lang


class Language(StrEnum):
    """What --lang takes."""

    ZH = "zh"
    EN = "en"


class Titled(Protocol):
    """Anything that has a Chinese and an English name."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Speech:
    """Says things in one of the two languages: `say("中文", "English")`."""

    lang: Lang

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def title(self, thing: Titled) -> str:
        """The name of a measure, fact, value or subject."""
        return thing.zh if self.lang == "zh" else thing.en

    def half(self, text: str) -> str:
        """Of a text in both languages, `中文 / English`, the half that is wanted."""
        halves = text.split(" / ")
        return self(halves[0], halves[1]) if len(halves) == 2 else text

    def word(self, kind: str, name: str) -> str:
        """A word of the vocabulary below, or the name itself where there is none."""
        return self(*WORDS[kind].get(name, (name, name)))

    def member(self, fact: Fact | None, member: str) -> str:
        """The name of a member of a choice, such as a county."""
        return self(*fact.members[member]) if fact is not None and member in fact.members else member

    def listed(self, items: Iterable[str]) -> str:
        """Items side by side."""
        return self("、", ", ").join(items)

    def first(self, items: list[str], most: int = 3) -> str:
        """The first few items, and how many there are where some are left out."""
        if len(items) <= most:
            return self.listed(items)
        return self.listed(items[:most]) + self(f"等{len(items)}项", f" and {len(items) - most} more")


_asked: ContextVar[Language | None] = ContextVar("_asked", default=None)
"""What --lang said, so that a message about an error is in the same language."""


def forget_language() -> None:
    """Start a command without the --lang of one before."""
    _asked.set(None)


def speech(option: Language | None = None) -> Speech:
    """The language asked for; else that of WENJIUYE_LANG, LC_ALL, LC_MESSAGES or LANG; else Chinese."""
    asked = _asked.get() if option is None else option
    if asked is not None:
        _asked.set(asked)
        return Speech(asked.value)
    if setting := os.environ.get("WENJIUYE_LANG"):
        return Speech(_of(setting))
    if not _shows_chinese(sys.stdout.encoding):
        return Speech("en")
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Speech(_of(next((setting for setting in settings if setting), "zh")))


def _of(setting: str) -> Lang:
    return "en" if setting.lower().startswith("en") else "zh"


def _shows_chinese(encoding: str | None) -> bool:
    try:
        "稳".encode(encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "verdict": {
        "eligible": ("符合", "eligible"),
        "ineligible": ("不符合", "ineligible"),
        "undetermined": ("待定", "undetermined"),
    },
    # A quota asks whether an office has reached its target.
    "quota": {
        "eligible": ("达标", "met"),
        "ineligible": ("未达标", "not met"),
        "undetermined": ("待定", "undetermined"),
    },
    "kind": {
        "benefit": ("补贴", "benefit"),
        "relief": ("减免", "relief"),
        "right": ("权益", "right"),
        "quota": ("指标", "quota"),
    },
    "source": {
        "registry": ("登记信息", "registry"),
        "declaration": ("本人（单位）申报", "own declaration"),
        "judgement": ("经办人员认定", "an officer's assessment"),
        "ledger": ("享受台账", "ledger of payments"),
    },
    "confidence": {
        "high": ("已核实", "verified"),
        "medium": ("较可靠", "likely"),
        "low": ("假定", "assumption"),
        "given": ("自行设定", "set by you"),
    },
    "unit": {
        "yuan": ("元", "yuan"),
        "person": ("人", "person"),
        "month": ("月", "month"),
        "year": ("年", "year"),
    },
}
