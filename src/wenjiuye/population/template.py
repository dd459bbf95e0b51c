"""Tables to fill in: an Excel file with a sheet for a subject and each subject that its relations lead to.

A sheet has the titles, one row that says what each column means (skipped when read), and an example row to
overwrite. Yes/no and choices drop down, numbers and dates are checked while they are typed, and each title
carries a note with the question, who supplies the answer and what is allowed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from wenjiuye.population.errors import OutputError
from wenjiuye.population.identifiers import CREDIT_CODE, NAME, RESIDENT_ID, TITLES, carried
from wenjiuye.population.tables import NOTE_MARK
from wenjiuye.rules.facts import Fact, One, Source, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind

_ROWS = 10_000
"""Rows of a sheet that get drop-downs and checks."""
_LIST_CHARACTERS = 255
"""Excel holds no longer list in a drop-down itself; longer ones refer to the sheet of lists."""
_LISTS = "选项"
_SUPPLIES = {
    Source.REGISTRY: "登记信息",
    Source.DECLARATION: "本人（单位）申报",
    Source.JUDGEMENT: "经办人员认定",
    Source.LEDGER: "享受台账",
}
_EXAMPLE_CREDIT_CODE, _EXAMPLE_RESIDENT_ID = "91411000DEM00001XC", "41100219900101000X"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a sheet: title, explanation, note, example, and the fact if it is one."""

    title: str
    says: str
    note: str
    example: Any
    fact: Fact | None = None


def write_template(subject: type[Subject] | str, path: Path | str, policy: Policy) -> Path:
    """Write the template of a subject. Raises OutputError: no such subject, or no name that ends in .xlsx."""
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise OutputError(f"{target}: a template is an Excel file; give a name that ends in .xlsx")
    subject_id = subject if isinstance(subject, str) else subject.id
    if subject_id not in policy.subjects:
        raise OutputError(f"no subject is named {subject_id!r}; there are {', '.join(policy.subjects)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(target)) as book:
        lists = _Lists(book)
        for one in _with_targets(policy.subjects[subject_id]):
            _sheet(book, one, lists)
        lists.write()
    return target


def _with_targets(subject: type[Subject]) -> list[type[Subject]]:
    """The subject and those to which its relations lead, each once."""
    found = [subject]
    for current in found:
        for link in current.relations.values():
            if isinstance(link, One) and link.target not in found:
                found.append(link.target)
    return found


# ── What stands in a column


def _columns(subject: type[Subject]) -> Iterator[_Column]:
    number = "每行一个，不得重复"
    yield _Column("编号", f"{NOTE_MARK} {number}", f"id\n{number}", _example_id(subject))
    for name in carried(subject.id):
        yield _carried(subject, name)
    for name, link in subject.relations.items():
        if isinstance(link, One):
            says = f"“{link.target.zh}”表中的编号"
            yield _Column(link.zh, says, f"{name}\n{says}，不知道时留空", _example_id(link.target))
    for fact in subject.facts.values():
        yield _Column(fact.zh, _says(fact), _note(fact), _example(fact), fact)


def _example_id(subject: type[Subject]) -> str:
    return f"{subject.zh}示例"


def _carried(subject: type[Subject], name: str) -> _Column:
    titles = TITLES[name]
    title = titles[1] if name == NAME and RESIDENT_ID in carried(subject.id) else titles[0]
    example = {CREDIT_CODE: _EXAMPLE_CREDIT_CODE, RESIDENT_ID: _EXAMPLE_RESIDENT_ID}.get(
        name, "示例（请覆盖）"
    )
    says = {CREDIT_CODE: "18位，校验", RESIDENT_ID: "18位，校验"}.get(name, "仅供核对")
    return _Column(title, says, f"{name}\n{says}", example)


def _says(fact: Fact) -> str:
    """The short explanation in the second row."""
    allowed = {
        Kind.BOOL: "是/否",
        Kind.INT: _range_text(fact),
        Kind.MONEY: "元，最多两位小数",
        Kind.SHARE: "小数、分数（2/3）" + ("或百分数" if fact.unit is None else ""),
        Kind.DATE: "日期，如 2020-12-01",
        Kind.MONTH: "月份，如 2020-12",
        Kind.ENUM: "从列表选择",
        Kind.LIST: "JSON：" + "，".join(f"{f.id}（{f.zh}）" for f in fact.fields),
    }[fact.kind]
    optional = "；可不填" if fact.optional else ""
    return f"{allowed}；{_SUPPLIES[fact.source]}{optional}"


def _range_text(fact: Fact) -> str:
    low, high = fact.range()
    return f"整数，{low} 至 {high}"


def _note(fact: Fact) -> str:
    lines = [
        f"{fact.id}" + (f"（{fact.unit}）" if fact.unit else ""),
        fact.ask_zh,
        fact.means,
        f"来源：{_SUPPLIES[fact.source]}",
        f"允许：{_says(fact).split('；')[0]}",
    ]
    if fact.kind is Kind.ENUM:
        lines[-1] = "允许：" + "、".join(zh for zh, _ in fact.members.values())
    return "\n".join([*(line for line in lines if line), "不知道时留空：空白表示未知，不是“否”，也不是 0"])


def _example(fact: Fact) -> Any:
    low, high = fact.range()
    match fact.kind:
        case Kind.BOOL:
            return "是"
        case Kind.INT:
            return _between(low, high, 12 if low < 12 else low)
        case Kind.MONEY:
            return _between(low, high, 123_450) / 100
        case Kind.SHARE:
            return _share_text(_between(low, high, Fraction(1, 20)))
        case Kind.DATE | Kind.MONTH:
            return _between(low, high, dt.date(2020, 12, 1))
        case Kind.ENUM:
            return next(iter(fact.members.values()))[0]
        case Kind.LIST:
            return "[]"
    raise AssertionError(fact.kind)


def _between(low: Any, high: Any, wanted: Any) -> Any:
    return low if wanted < low else high if wanted > high else wanted


def _share_text(share: Any) -> str:
    value = Fraction(share)
    return f"{value.numerator}/{value.denominator}"


# ── Drawing


class _Lists:
    """The choices of drop-downs that are too long for a cell: one column each on a sheet of their own."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._columns: dict[tuple[str, ...], str] = {}

    def source(self, choices: list[str]) -> list[str] | str:
        """What a drop-down takes as its list."""
        if len(",".join(choices)) <= _LIST_CHARACTERS:
            return choices
        key = tuple(choices)
        if key not in self._columns:
            letter = xlsxwriter.utility.xl_col_to_name(len(self._columns))
            self._columns[key] = f"={_LISTS}!${letter}$1:${letter}${len(choices)}"
        return self._columns[key]

    def write(self) -> None:
        """Draw the sheet, if anything refers to it."""
        if not self._columns:
            return
        sheet = self._book.add_worksheet(_LISTS)
        for i, choices in enumerate(self._columns):
            sheet.write_column(0, i, choices)
        sheet.hide()


def _sheet(book: Any, subject: type[Subject], lists: _Lists) -> None:
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}
    )
    says = book.add_format(
        {"italic": True, "text_wrap": True, "valign": "top", "font_color": "#555555", "font_size": 9}
    )
    sheet = book.add_worksheet(subject.zh[:31])
    sheet.freeze_panes(2, 1)
    sheet.set_row(1, 60)
    for i, column in enumerate(_columns(subject)):
        sheet.write_string(0, i, column.title, head)
        sheet.write_comment(0, i, column.note, {"x_scale": 2.2, "y_scale": 1.8})
        sheet.write_string(1, i, column.says, says)
        sheet.set_column(i, i, min(28, max(12, 2 * len(column.title) + 2)), book.add_format(_look(column)))
        _write_example(sheet, i, column)
        if column.fact is not None and (rule := _check(column.fact, lists)) is not None:
            sheet.data_validation(2, i, _ROWS, i, rule | _messages(column.fact))


def _look(column: _Column) -> dict[str, str]:
    kind = column.fact.kind if column.fact is not None else None
    # Without a fact it is an id, and for those and shares a number cell could lose digits.
    form = {Kind.INT: "0", Kind.MONEY: "#,##0.00", Kind.DATE: "yyyy-mm-dd", Kind.MONTH: "yyyy-mm"}
    return {"num_format": form.get(kind, "@") if kind is not None else "@"}


def _write_example(sheet: Any, column: int, about: _Column) -> None:
    if isinstance(about.example, dt.date):
        sheet.write_datetime(2, column, dt.datetime.combine(about.example, dt.time()))
    elif isinstance(about.example, str):
        sheet.write_string(2, column, about.example)
    else:
        sheet.write_number(2, column, about.example)


def _check(fact: Fact, lists: _Lists) -> dict[str, Any] | None:
    """The rule that Excel applies while a cell is typed; None where there is none that Excel can express."""
    low, high = fact.range()
    match fact.kind:
        case Kind.BOOL:
            return {"validate": "list", "source": ["是", "否"]}
        case Kind.ENUM:
            return {"validate": "list", "source": lists.source([zh for zh, _ in fact.members.values()])}
        case Kind.INT:
            return {"validate": "integer", "criteria": "between", "minimum": int(low), "maximum": int(high)}
        case Kind.MONEY:
            return {
                "validate": "decimal",
                "criteria": "between",
                "minimum": int(low) / 100,
                "maximum": int(high) / 100,
            }
        case Kind.DATE | Kind.MONTH:
            return {"validate": "date", "criteria": "between", "minimum": low, "maximum": high}
    return None


def _messages(fact: Fact) -> dict[str, Any]:
    return {
        "input_title": fact.zh[:32],
        "input_message": fact.ask_zh[:255],
        "error_title": "请检查",
        "error_message": f"允许：{_says(fact).split('；')[0]}"[:255],
    }
