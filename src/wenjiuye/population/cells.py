"""One cell as people write it, read with care: the way for what the fast columns leave over."""

from __future__ import annotations

import json
import re
import unicodedata
from fractions import Fraction
from typing import Any

from wenjiuye.rules.errors import FactError, both
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import NUMERIC, Kind

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_FRACTION = re.compile(r"-?[0-9]+\s*/\s*[0-9]+")
_PERCENT = re.compile(r"-?[0-9]+(\.[0-9]+)?\s*%")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_SHORTENED = re.compile(r"[+-]?[0-9.]+e[+-]?[0-9]+", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})([-/.年])([0-9]{1,2})([-/.月])([0-9]{1,2})日?( ?T? ?0?0:00(:00(\.0+)?)?)?")
_MONTH = re.compile(r"([0-9]{4})[-/年]([0-9]{1,2})月?")
_MARKS = str.maketrans(
    {
        "✓": "√",
        "✔": "√",
        "☑": "√",
        "✗": "×",
        "✕": "×",
        "✘": "×",
        "−": "-",
        "–": "-",
        "\ufeff": "",
        "\u200b": "",
    }
)


class CellError(ValueError):
    """The cell cannot be read; the message says why in both languages, without naming the fact."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(both(zh, en))


def read_cell(fact: Fact, text: str) -> Any:
    """The value in the engine's own form (fen, Fraction, date, member). Raises CellError."""
    raw: object = text
    if fact.kind is Kind.LIST:
        raw = _records(text)
    else:
        raw = unicodedata.normalize("NFKC", text).translate(_MARKS).strip()
        if fact.kind in NUMERIC:
            raw = _number(fact, str(raw))
        elif fact.kind in (Kind.DATE, Kind.MONTH):
            raw = _day(str(raw), month=fact.kind is Kind.MONTH)
        elif fact.kind is Kind.ENUM:
            raw = _member(fact, str(raw))
    try:
        return fact.read(raw)
    except FactError as problem:
        raise CellError(problem.reason.zh, problem.reason.en) from None


def _number(fact: Fact, text: str) -> str:
    if fact.kind is Kind.MONEY:
        text = text.removeprefix("¥").removesuffix("元").strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _SHORTENED.fullmatch(text):
        raise CellError(
            "电子表格缩写了这个数字，可能丢失数位，请完整填写",
            "a spreadsheet has shortened this number, so digits may be lost; write it out",
        )
    share = fact.kind is Kind.SHARE and _FRACTION.fullmatch(text)
    # 5% of a fact that counts in percentage points could be 5 or 0.05, so it is refused.
    percent = fact.kind is Kind.SHARE and fact.unit is None and _PERCENT.fullmatch(text)
    if not (_NUMBER.fullmatch(text) or share or percent):
        raise CellError(f"不是数字：{text}", f"not a number: {text!r}")
    return text


def _day(text: str, *, month: bool) -> str:
    """ISO text of a date that can be read in one way only."""
    if match := _DATE.fullmatch(text):
        year, first, number, second, day = match.group(1, 2, 3, 4, 5)
        if (first, second) in (("-", "-"), ("/", "/"), (".", "."), ("年", "月")):
            return f"{year}-{int(number):02d}-{int(day):02d}"
    if re.fullmatch(r"[0-9]{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if month and (match := _MONTH.fullmatch(text)):
        return f"{match[1]}-{int(match[2]):02d}-01"
    if month and re.fullmatch(r"[0-9]{6}", text):
        return f"{text[:4]}-{text[4:]}-01"
    if re.fullmatch(r"[0-9]{5}", text):
        raise CellError(
            "这是电子表格的日期序号，请把单元格设为日期格式",
            "a spreadsheet's day number; format the cell as a date",
        )
    raise CellError(
        f"不是只有一种读法的{'月份' if month else '日期'}",
        f"not a {'month' if month else 'date'} that can be read in one way only",
    )


def _member(fact: Fact, text: str) -> str:
    """Names compare without width and spaces, so that “农、林（牧）” typed half-width is found."""
    names = {
        plain: m for m, (zh, en) in fact.members.items() for plain in (_plain(m), _plain(zh), _plain(en))
    }
    return names.get(_plain(text), text)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def _records(text: str) -> object:
    try:
        return json.loads(text, parse_float=str)
    except json.JSONDecodeError as problem:
        raise CellError(
            f"不是JSON（第{problem.pos + 1}个字符处有误）",
            f"not JSON ({problem.msg} at character {problem.pos + 1})",
        ) from None


# ── Kernel form


def kernel_value(fact: Fact, value: Any) -> tuple[Any, ...]:
    """A value in the engine's form as the cells of its kernel columns (two for a share)."""
    if fact.kind is Kind.SHARE:
        share = Fraction(value)
        return share.numerator, share.denominator
    if fact.kind is Kind.LIST:
        return ([_kernel_record(fact, record) for record in value],)
    return (value,)


def _kernel_record(fact: Fact, record: dict[str, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for field in fact.fields:
        values = kernel_value(field, record[field.id])
        names = (f"{field.id}.num", f"{field.id}.den") if field.kind is Kind.SHARE else (field.id,)
        cells.update(zip(names, values, strict=True))
    return cells


def engine_value(fact: Fact, cells: dict[str, Any], key: str) -> Any:
    """The value of a fact in the engine's form from a row of kernel cells; None is unknown."""
    if fact.kind is Kind.SHARE:
        top = cells.get(f"{key}.num")
        return None if top is None else Fraction(top, cells[f"{key}.den"])
    value = cells.get(key)
    if fact.kind is Kind.LIST and value is not None:
        return [{f.id: engine_value(f, record, f.id) for f in fact.fields} for record in value]
    return value
