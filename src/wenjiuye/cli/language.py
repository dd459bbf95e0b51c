"""Chinese or English: which one is meant, and the few words that the screens need of their own."""

from __future__ import annotations

import os
from collections.abc import Iterable
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


def speech(option: Language | None = None) -> Speech:
    """The language asked for; else WENJIUYE_LANG, LC_ALL, LC_MESSAGES, LANG; else Chinese."""
    if option is not None:
        return Speech(option.value)
    for name in ("WENJIUYE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if setting := os.environ.get(name):
            return Speech("en" if setting.lower().startswith("en") else "zh")
    return Speech("zh")


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
