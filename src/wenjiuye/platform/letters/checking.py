"""What a letter must have before it goes out: a letter with a gap, or a refusal without a reason, is not made."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from django.utils.translation import gettext as _

from wenjiuye.platform.letters.data import Accepted, Correction, Granted, LetterData, Matter, Refused
from wenjiuye.platform.letters.errors import IncompleteLetter

_CLAUSE = re.compile(r"a\d\d\.\d\d")


def check(data: LetterData) -> None:
    """IncompleteLetter: what is missing or does not fit, with the name of the field."""
    _check_texts(data)
    _check_matter(data.matter)
    match data:
        case Granted():
            _check_grant(data)
        case Refused():
            _check_refusal(data)
        case Correction():
            _check_correction(data)
        case Accepted():
            _check_receipt(data)


def texts(thing: object, name: str) -> Iterator[tuple[str, str]]:
    """Every text of a letter with the name of its field: matter.office.zh, wanted.0.what.en."""
    if isinstance(thing, str):
        yield name, thing
    elif isinstance(thing, tuple):
        for place, one in enumerate(thing):
            yield from texts(one, f"{name}.{place}")
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name), f"{name}.{field.name}".lstrip("."))


def _check_texts(data: LetterData) -> None:
    for name, text in texts(data, ""):
        if any(unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") for char in text):
            raise IncompleteLetter(
                _("文书的“%(field)s”含有看不见的控制字符。请删除后重新输入。") % {"field": name}
            )


def _check_matter(matter: Matter) -> None:
    for name, text in texts(matter, "matter"):
        if not text.strip():
            raise IncompleteLetter(_("文书缺少“%(field)s”。请先补全再出具。") % {"field": name})
    if not _CLAUSE.fullmatch(matter.clause):
        raise IncompleteLetter(
            _("条款编号“%(clause)s”应写作 a01.06 的样子（matter.clause）。请核对。")
            % {"clause": matter.clause}
        )


def _check_grant(data: Granted) -> None:
    if data.amount_fen is not None and data.amount_fen < 0:
        raise IncompleteLetter(_("准予金额不能小于零（amount_fen）。请核对金额。"))
    if data.since and data.until and data.since > data.until:
        raise IncompleteLetter(_("期间的起始日期晚于结束日期（since、until）。请核对。"))


def _check_refusal(data: Refused) -> None:
    failing = any(row.truth is False and row.decisive for row in data.reasons.conditions)
    if not failing and not any(ground.zh.strip() and ground.en.strip() for ground in data.grounds):
        raise IncompleteLetter(_("不予批准的决定没有写明理由（grounds）。请写明理由再出具。"))


def _check_correction(data: Correction) -> None:
    if not data.wanted:
        raise IncompleteLetter(_("补正通知没有列出要补什么（wanted）。请一次列全。"))
    _in_order(data.matter.date, data.by, "by")


def _check_receipt(data: Accepted) -> None:
    if data.working_days < 1:
        raise IncompleteLetter(_("办理时限至少一个工作日（working_days）。"))
    _in_order(data.matter.date, data.due, "due")


def _in_order(date: dt.date, later: dt.date, field: str) -> None:
    if later < date:
        raise IncompleteLetter(
            _("期限 %(later)s 早于文书日期 %(date)s（%(field)s）。请核对日期。")
            % {"later": later, "date": date, "field": field}
        )
