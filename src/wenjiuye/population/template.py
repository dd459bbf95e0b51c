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
from wenjiuye.population.reading import NOTE_MARK
from wenjiuye.rules.errors import Bilingual, both
from wenjiuye.rules.facts import Fact, One, Source, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind

_ROWS = 10_000
"""Rows of a sheet that get drop-downs and checks."""
_LIST_CHARACTERS = 255
"""Excel holds no longer list in a drop-down itself; longer ones refer to the sheet of lists."""
_LISTS = "选项"
_SUPPLIES = {
    Source.REGISTRY: Bilingual("登记信息", "registry"),
    Source.DECLARATION: Bilingual("本人（单位）申报", "own declaration"),
    Source.JUDGEMENT: Bilingual("经办人员认定", "an officer's finding"),
    Source.LEDGER: Bilingual("享受台账", "ledger of payments"),
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
        raise OutputError(
            f"{target}：模板是Excel文件，文件名须以.xlsx结尾",
            f"{target}: a template is an Excel file; give a name that ends in .xlsx",
        )
    subject_id = subject if isinstance(subject, str) else subject.id
    if subject_id not in policy.subjects:
        names = "、".join(f"{known.zh}（{known.id}）" for known in policy.subjects.values())
        raise OutputError(
            f"没有名为{subject_id}的对象，现有：{names}",
            f"no subject is named {subject_id!r}; there are {', '.join(policy.subjects)}",
        )
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
    number = both("每行一个，不得重复", "one for each row, none twice")
    yield _Column("编号", f"{NOTE_MARK} {number}", f"id\n{number}", _example_id(subject))
    for name in carried(subject):
        yield _carried(subject, name)
    for name, link in subject.relations.items():
        if isinstance(link, One):
            zh, en = f"“{link.target.zh}”表中的编号", f"an id of the sheet {link.target.zh}"
            note = both(f"{zh}，不知道时留空", f"{en}; empty if unknown")
            yield _Column(link.zh, both(zh, en), f"{name}（{link.en}）\n{note}", _example_id(link.target))
    for fact in subject.facts.values():
        yield _Column(fact.zh, _says(fact), _note(fact), _example(fact), fact)


def _example_id(subject: type[Subject]) -> str:
    return f"{subject.zh}示例"


def _carried(subject: type[Subject], name: str) -> _Column:
    titles = TITLES[name]
    title = titles[1] if name == NAME and RESIDENT_ID in carried(subject) else titles[0]
    example = {CREDIT_CODE: _EXAMPLE_CREDIT_CODE, RESIDENT_ID: _EXAMPLE_RESIDENT_ID}.get(
        name, both("示例（请覆盖）", "example, to be overwritten")
    )
    checked = both("18位，校验", "18 characters, checked")
    says = {CREDIT_CODE: checked, RESIDENT_ID: checked}.get(name, both("仅供核对", "for reference only"))
    return _Column(title, says, f"{name}\n{says}", example)


def _says(fact: Fact) -> str:
    """The short explanation in the second row."""
    allowed, supplies = _allowed(fact), _SUPPLIES[fact.source]
    return both(
        f"{allowed.zh}；{supplies.zh}{'；可不填' if fact.optional else ''}",
        f"{allowed.en}; {supplies.en}{'; optional' if fact.optional else ''}",
    )


def _allowed(fact: Fact) -> Bilingual:
    low, high = fact.range()
    percent = fact.unit is None
    fields = "，".join(f"{f.id}（{f.zh}）" for f in fact.fields)
    return {
        Kind.BOOL: Bilingual("是/否", "yes/no"),
        Kind.INT: Bilingual(f"整数，{low} 至 {high}", f"a whole number from {low} to {high}"),
        Kind.MONEY: Bilingual("元，最多两位小数", "yuan, two decimals at most"),
        Kind.SHARE: Bilingual(
            "小数、分数（2/3）" + ("或百分数" if percent else ""),
            "a decimal, a fraction (2/3)" + (" or per cent" if percent else ""),
        ),
        Kind.DATE: Bilingual("日期，如 2020-12-01", "a date such as 2020-12-01"),
        Kind.MONTH: Bilingual("月份，如 2020-12", "a month such as 2020-12"),
        Kind.ENUM: Bilingual("从列表选择", "choose from the list"),
        Kind.LIST: Bilingual(f"JSON：{fields}", f"JSON: {fields}"),
    }[fact.kind]


def _note(fact: Fact) -> str:
    allowed, supplies = _allowed(fact), _SUPPLIES[fact.source]
    if fact.kind is Kind.ENUM:
        members = list(fact.members.items())
        allowed = Bilingual(
            "、".join(zh for _, (zh, _) in members), ", ".join(f"{zh} {en}" for _, (zh, en) in members)
        )
    lines = [
        f"{fact.id}" + (f"（{fact.unit}）" if fact.unit else ""),
        fact.ask_zh,
        f"来源：{supplies.zh}",
        f"允许：{allowed.zh}",
        "不知道时留空：空白表示未知，不是“否”，也不是 0",
        fact.ask_en,
        fact.means,
        f"Known from: {supplies.en}",
        f"Allowed: {allowed.en}",
        "Leave it empty if unknown: an empty cell is neither no nor 0",
    ]
    return "\n".join(line for line in lines if line)


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
    sheet.set_row(1, 100)
    for i, column in enumerate(_columns(subject)):
        sheet.write_string(0, i, column.title, head)
        sheet.write_comment(0, i, column.note, {"x_scale": 2.6, "y_scale": 3})
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
    allowed = _allowed(fact)
    return {
        "input_title": fact.zh[:32],
        "input_message": both(fact.ask_zh, fact.ask_en)[:255],
        "error_title": both("请检查", "please check"),
        "error_message": both(f"允许：{allowed.zh}", f"allowed: {allowed.en}")[:255],
    }
