"""A letter's data in one language, in the shape that the templates take: texts and lists of texts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

from wenjiuye.platform.letters.capitals import capital_amount
from wenjiuye.platform.letters.data import (
    Accepted,
    Appeal,
    Condition,
    Correction,
    Formula,
    Granted,
    LetterData,
    Matter,
    Reasons,
    Refused,
)
from wenjiuye.platform.privacy.masking import masked_name
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.quantity import yuan_text

Lang = Literal["zh", "en"]
_HASH_SHOWN = 16
_UNIT = re.compile(r"(?<=\d) (?=[a-z])")
"""The space between a number and its unit, which go on one line."""
_RECONSIDERATION_LAW_REVISED = dt.date(2024, 1, 1)
"""The law on administrative reconsideration of 2023 is in force: the 60 days stand in article 20, before in 9."""


def page_of(data: LetterData, lang: Lang) -> dict[str, Any]:
    """Everything that a template needs; JSON."""
    page: dict[str, Any] = {"lang": lang, **_matter(data.matter, lang)}
    match data:
        case Granted():
            return page | _granted(data, lang)
        case Refused():
            return page | _refused(data, lang)
        case Correction():
            return page | _correction(data, lang)
        case Accepted():
            return page | _accepted(data, lang)


def _in(lang: Lang, text: Bilingual) -> str:
    return text.zh if lang == "zh" else _UNIT.sub("\N{NO-BREAK SPACE}", text.en)


def _sentence(lang: Lang, text: Bilingual) -> str:
    """A condition on a line of its own: rules write it as it stands inside a sentence."""
    words = _in(lang, text)
    return words[:1].upper() + words[1:]


def day_text(day: dt.date, lang: Lang) -> str:
    """2020年12月1日, 1 December 2020."""
    return (
        f"{day.year}年{day.month}月{day.day}日"
        if lang == "zh"
        else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    )


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _matter(matter: Matter, lang: Lang) -> dict[str, Any]:
    article = int(matter.clause[1:3])
    policy = _in(lang, matter.policy)
    return {
        "office": _in(lang, matter.office),
        "contact": _in(lang, matter.contact),
        "officer": matter.officer,
        "number": matter.number,
        "claim": matter.claim,
        "applicant": matter.applicant,
        "person": matter.person,
        "measure": _in(lang, matter.measure),
        "basis": f"{policy}第{article}条（{matter.clause}）"
        if lang == "zh"
        else f"{policy}, article {article} ({matter.clause})",
        "date": day_text(matter.date, lang),
        "day": [matter.date.year, matter.date.month, matter.date.day],
        "proof": None,
    }


# ── Decisions


def _granted(data: Granted, lang: Lang) -> dict[str, Any]:
    return {
        "amount": None if data.amount_fen is None else yuan_text(data.amount_fen),
        "capitals": None if data.amount_fen is None else capital_amount(data.amount_fen),
        "period": _period(data.since, data.until, lang),
        "formula": _formula(data.reasons.formula, data.amount_fen, lang),
        "conditions": _lines([row for row in data.reasons.conditions if row.decisive], lang),
        "appeal": _appeal(data.appeal, data.matter.date, lang),
        "proof": _proof(data.reasons),
    }


def _refused(data: Refused, lang: Lang) -> dict[str, Any]:
    rows = data.reasons.conditions
    failing = [row for row in rows if row.decisive and row.truth is False]
    return {
        "failing": _lines(failing, lang),
        "grounds": [_in(lang, ground) for ground in data.grounds],
        "others": _lines(_telling([row for row in rows if row not in failing]), lang),
        "changes": [
            {"text": _sentence(lang, one.text), "now": _in(lang, one.now)} for one in data.reasons.changes
        ],
        "appeal": _appeal(data.appeal, data.matter.date, lang),
        "proof": _proof(data.reasons),
    }


def _telling(rows: list[Condition]) -> list[Condition]:
    """Without branches that did not make their heading what it is."""
    told: list[Condition] = []
    above: list[Condition] = []
    for row in rows:
        above = [one for one in above if one.depth < row.depth]
        if all(one.truth == row.truth for one in above):
            told.append(row)
        if row.heading:
            above.append(row)
    return told


def _lines(rows: Iterable[Condition], lang: Lang) -> list[dict[str, Any]]:
    return [
        {
            "text": _sentence(lang, row.text),
            "values": [_in(lang, value) for value in row.values],
            "truth": {True: "yes", False: "no", None: "ask"}[row.truth],
            "depth": row.depth,
            "heading": row.heading,
        }
        for row in rows
    ]


def _formula(formula: Formula | None, amount_fen: int | None, lang: Lang) -> dict[str, Any] | None:
    """The terms; without one that says no more than the result. result: only where another sum is granted."""
    if formula is None or formula.result_fen is None or amount_fen is None:
        return None
    shown = formula.zh if lang == "zh" else formula.en
    result = yuan_text(formula.result_fen)
    alone = len(shown) == 1 and not shown[0].label and shown[0].number.startswith(result)
    labelled = any(term.label for term in shown)
    return {
        "terms": [] if alone else [asdict(term) for term in shown],
        "words": "" if labelled or alone else _in(lang, formula.words),
        "result": result if formula.result_fen != amount_fen else None,
        "ceiling": formula.ceiling,
    }


def _period(since: dt.date | None, until: dt.date | None, lang: Lang) -> str:
    start, end = (day_text(day, lang) if day else "" for day in (since, until))
    if lang == "zh":
        return f"{start}至{end}" if start and end else f"{start}起" if start else f"至{end}" if end else ""
    return (
        f"{start} to {end}" if start and end else f"from {start}" if start else f"until {end}" if end else ""
    )


def _appeal(appeal: Appeal, date: dt.date, lang: Lang) -> dict[str, str]:
    revised = date >= _RECONSIDERATION_LAW_REVISED
    return {
        "authority": _in(lang, appeal.authority),
        "court": _in(lang, appeal.court),
        "article": _in(lang, Bilingual("二十", "20") if revised else Bilingual("九", "9")),
    }


def _proof(reasons: Reasons) -> dict[str, str]:
    return {"receipt": reasons.receipt[:_HASH_SHOWN], "rules": reasons.rules}


# ── On the way


def _correction(data: Correction, lang: Lang) -> dict[str, Any]:
    return {
        "wanted": [{"what": _in(lang, one.what), "why": _in(lang, one.why)} for one in data.wanted],
        "by": day_text(data.by, lang),
        "late": _in(lang, data.late),
    }


def _accepted(data: Accepted, lang: Lang) -> dict[str, Any]:
    matter = data.matter
    return {
        "applicant": masked_name(matter.applicant) if matter.person else matter.applicant,
        "received": [
            {
                "what": _in(lang, one.what),
                "file": one.file,
                "pages": "" if one.pages is None else str(one.pages),
            }
            for one in data.received
        ],
        "working_days": str(data.working_days),
        "due": day_text(data.due, lang),
    }
