"""What the pages of imports show: the columns to be matched, what the check found, the tables of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenjiuye.platform.registry.importing.belonging import CITY_ONLY
from wenjiuye.platform.registry.importing.folders import folder_of
from wenjiuye.platform.registry.importing.guessing import How
from wenjiuye.platform.registry.importing.matching import (
    Matched,
    column_title,
    columns_of,
    guesses,
    lacking,
    table_title,
)
from wenjiuye.platform.registry.importing.problems import (
    SHOWN,
    column_letters,
    first_problems,
    problem_kinds,
)
from wenjiuye.platform.registry.importing.reading import samples
from wenjiuye.platform.registry.models import FileImport, ImportBatch, ImportSheet
from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.headers import OWN_COLUMNS, plain_title
from wenjiuye.population.registry.form import needed

State = FileImport.State
OTHER = "other"
REASONS: Mapping[str, Mapping[str, Any]] = {
    kind: {
        "wrong_file": gettext_lazy("传错了文件"),
        "wrong_day": gettext_lazy("数据截至日期填错"),
        "wrong_data": gettext_lazy("数据有误，更正后重传"),
        "withdrawn": gettext_lazy("来源单位要求撤回"),
        OTHER: gettext_lazy("其他"),
    }
    for kind in (ImportBatch.Kind.CHANGES, ImportBatch.Kind.WHOLE)
} | {
    ImportBatch.Kind.MERGE: {
        "two_people": gettext_lazy("核实后不是同一个"),
        "wrong_way": gettext_lazy("保留反了"),
        OTHER: gettext_lazy("其他"),
    }
}
"""Why a batch is taken back, by its kind."""


def reason_of(posted: Mapping[str, str]) -> tuple[str, str]:
    """The reason that was chosen, with what was written to it; and what is wrong with that."""
    chosen, more = posted.get("reason", ""), posted.get("more", "").strip()
    known = {name: title for reasons in REASONS.values() for name, title in reasons.items()}
    if chosen not in known:
        return "", _("请选一个理由。")
    if chosen == OTHER:
        return more[:200], "" if len(more) >= 4 else _("选了“其他”，请写明理由，至少 4 个字。")
    return f"{known[chosen]}{'：' + more if more else ''}"[:200], ""


# ── The way of a file

_STEPS = (
    (State.READING, gettext_lazy("上传")),
    (State.MAPPING, gettext_lazy("核对列")),
    (State.CHECKED, gettext_lazy("看检查结果")),
    (State.LOADED, gettext_lazy("导入")),
)
_AT = {
    State.READING: 0,
    State.MAPPING: 1,
    State.CHECKING: 2,
    State.CHECKED: 2,
    State.LOADING: 3,
    State.LOADED: 4,
}


@dataclass(frozen=True)
class Step:
    """One step of the way. stands: done, now, next."""

    title: Any
    stands: str


def steps_of(file: FileImport) -> list[Step]:
    """The steps of a file's way; none where it was given up."""
    at = _AT.get(State(file.state))
    if at is None:
        return []
    return [
        Step(title, "done" if number < at else "now" if number == at else "next")
        for number, (_state, title) in enumerate(_STEPS)
    ]


# ── Columns


@dataclass(frozen=True)
class Column:
    """One header of a sheet. own: a column that our own lists of errors have, which is never read."""

    number: int
    letters: str
    header: str
    samples: list[str]
    chosen: str
    how: str
    own: bool


@dataclass(frozen=True)
class SheetPage:
    """One sheet with what its columns may be. lacking: titles of columns that every row must have."""

    sheet: ImportSheet
    tables: list[tuple[str, str]]
    table: str
    columns: list[Column]
    options: list[tuple[str, str, bool]]
    lacking: list[str]


def match_page(file: FileImport, asked: Mapping[str, str]) -> list[SheetPage]:
    """The sheets of a file. asked: what was chosen on the page so far (`table-0`, `column-0-3`)."""
    tables = [(name, table_title(name)) for name in RECORDS if not (file.county and name in CITY_ONLY)]
    return [_sheet_page(sheet, tables, asked) for sheet in file.sheets.all()]


def _sheet_page(sheet: ImportSheet, tables: list[tuple[str, str]], asked: Mapping[str, str]) -> SheetPage:
    table = asked.get(f"table-{sheet.number}", sheet.table)
    table = table if table in dict(tables) else ""
    if not table or sheet.problem:
        return SheetPage(sheet, tables, table, [], [], [])
    record = RECORDS[table]
    must = needed(record)
    columns = []
    examples = samples(sheet)
    for number, (header, guess) in enumerate(zip(sheet.headers, guesses(sheet, table), strict=True)):
        chosen = asked.get(f"column-{sheet.number}-{number}", guess.column)
        how = guess.how if chosen == guess.column else How.REMEMBERED
        own = plain_title(header) in OWN_COLUMNS
        if header or examples[number]:
            columns.append(Column(number, column_letters(number), header, examples[number], chosen, how, own))
    lost = lacking(table, [column.chosen for column in columns])
    return SheetPage(
        sheet,
        tables,
        table,
        columns,
        [(name, title, name in must) for name, title in columns_of(table)],
        [column_title(record, name) for name in lost],
    )


def said(file: FileImport, posted: Mapping[str, str]) -> dict[int, Matched]:
    """What was chosen for each sheet."""
    return {
        sheet.number: Matched(
            posted.get(f"table-{sheet.number}", ""),
            tuple(posted.get(f"column-{sheet.number}-{at}", "") for at in range(len(sheet.headers))),
        )
        for sheet in file.sheets.all()
    }


# ── The check


@dataclass(frozen=True)
class TableRow:
    """One table with its rows. Of a batch without a file only what came in is known: the others are None."""

    title: str
    read: int | None
    new: int | None
    changed: int | None
    same: int | None
    bad: int
    gone: int
    rows: int


def _checked_rows(file: FileImport) -> list[TableRow]:
    return [
        TableRow(
            table_title(one.table),
            one.read,
            one.new,
            one.changed,
            one.same,
            one.bad,
            one.gone,
            one.read - one.bad,
        )
        for one in file.tables.all()
    ]


def check_page(file: FileImport) -> dict[str, Any]:
    """What the check found."""
    rows = _checked_rows(file)
    folder = folder_of(file)
    bad = sum(row.bad for row in rows)
    kinds = problem_kinds(file, folder)
    return {
        "tables": rows,
        "bad": bad,
        "good": sum(row.rows for row in rows),
        "gone": sum(row.gone for row in rows),
        "is_whole": file.kind == ImportBatch.Kind.WHOLE,
        "kinds": [(table_title(kind.table), kind) for kind in kinds],
        "problems": first_problems(file, folder),
        "problem_count": sum(kind.count for kind in kinds),
        "shown": SHOWN,
        "has_sheets": file.sheets.exclude(table="").exclude(name="").exists(),
        "marked": folder.marked is not None,
        "wiped": _wiped(file),
    }


def _wiped(file: FileImport) -> list[tuple[str, list[str]]]:
    """Columns that rows of tables without ids lose when rows that lack them take the place of others."""
    found = []
    for one in file.tables.filter(changed__gt=0):
        record = RECORDS[one.table]
        sheets = file.sheets.filter(table=one.table)
        there = {column for sheet in sheets for column in sheet.columns}
        lost = [title for name, title in columns_of(one.table) if name not in there]
        if lost and not record.keyed:
            found.append((table_title(one.table), lost))
    return found


def table_rows(batch: ImportBatch, file: FileImport | None) -> list[TableRow]:
    """The tables of a batch; what was new and changed is known where the batch came from a file."""
    checked = {one.table: one for one in file.tables.all()} if file is not None else {}
    rows = []
    for one in batch.tables.all():
        seen = checked.get(one.table)
        rows.append(
            TableRow(
                table_title(one.table),
                seen.read if seen else None,
                seen.new if seen else None,
                seen.changed if seen else None,
                seen.same if seen else None,
                one.set_aside,
                seen.gone if seen else 0,
                one.rows,
            )
        )
    return rows
