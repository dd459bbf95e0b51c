"""An officer says which table each sheet holds and what each column is; it is remembered for the next file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wenjiuye.platform.registry.importing.belonging import CITY_ONLY
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.guessing import Guess, How, guess_columns, title_index
from wenjiuye.platform.registry.models import FileImport, HeaderMapping, ImportSheet
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.headers import plain_title
from wenjiuye.population.identifiers import CREDIT_CODE, RESIDENT_ID, TITLES
from wenjiuye.population.registry.form import needed


@dataclass(frozen=True)
class Matched:
    """What an officer says of one sheet. table: empty: not imported. columns: one for each header, empty: not read."""

    table: str
    columns: tuple[str, ...] = ()


def columns_of(table: str) -> list[tuple[str, str]]:
    """The columns of a table with their titles, those that every row must have first."""
    record = RECORDS[table]
    names = [*(("id",) if record.keyed else ()), *record.relations, *record.texts, *record.facts]
    must = needed(record)
    return [(name, column_title(record, name)) for name in sorted(names, key=lambda name: name not in must)]


def column_title(record: type[Record], name: str) -> str:
    """A column as people call it."""
    english = (get_language() or "").startswith("en")
    if name in record.facts or name in record.relations:
        told = record.facts.get(name) or record.relations[name]
        return told.en if english else told.zh
    if english:
        return name.replace("_", " ")
    if name == "id":
        return "编号"
    titles = TITLES.get(name, (name,))
    return titles[1] if record.id == "person" and name == "name" else titles[0]


def table_title(table: str) -> str:
    """A table as people call it."""
    record = RECORDS[table]
    return record.en if (get_language() or "").startswith("en") else record.zh


def stands_for_id(record: type[Record], columns: Sequence[str]) -> str:
    """The official number that stands in for an id that a file lacks; empty: there is none."""
    if not record.keyed or "id" in columns:
        return ""
    return next((name for name in (CREDIT_CODE, RESIDENT_ID) if name in record.texts and name in columns), "")


def lacking(table: str, columns: Sequence[str]) -> list[str]:
    """The columns that every row must have and that no header is."""
    record = RECORDS[table]
    has = {*columns, *(("id",) if stands_for_id(record, columns) else ())}
    return [name for name in needed(record) if name not in has]


def guesses(sheet: ImportSheet, table: str) -> list[Guess]:
    """What each column of a sheet is if it holds this table; what was said of the sheet before counts most."""
    found = guess_columns(table, sheet.headers)
    if sheet.table != table or len(sheet.columns) != len(sheet.headers):
        return found
    return [
        guess if guess.column == column else Guess(column, How.REMEMBERED if column else How.NONE)
        for guess, column in zip(found, sheet.columns, strict=True)
    ]


def match(file: FileImport, said: Mapping[int, Matched], by: Any) -> None:
    """Take over what an officer says of the sheets (by number), and remember it.

    ImportingError: no sheet is imported, a column is named twice, or one that every row must have is not there.
    """
    sheets = {sheet.number: sheet for sheet in file.sheets.all()}
    chosen = {number: one for number, one in said.items() if one.table and not sheets[number].problem}
    if not chosen:
        raise ImportingError(_("没有选中任何表。请至少给一张工作表选好它是哪张登记表。"))
    problems = [told for number, one in chosen.items() for told in _wrong(file, sheets[number], one)]
    if problems:
        raise ImportingError("\n".join(problems))
    with transaction.atomic():
        for number, sheet in sheets.items():
            one = chosen.get(number, Matched(""))
            sheet.table, sheet.columns = one.table, list(one.columns)
            sheet.save()
            if one.table:
                _remember(sheet, by)


def _wrong(file: FileImport, sheet: ImportSheet, one: Matched) -> list[str]:
    where = sheet.name or file.file_name
    record = RECORDS.get(one.table)
    if record is None:
        return [_("%(where)s：没有名为 %(table)s 的登记表。") % {"where": where, "table": one.table}]
    if file.county and one.table in CITY_ONLY:
        return [
            _("%(where)s：%(table)s由市级导入，看不出每一行属于哪个县区。")
            % {"where": where, "table": table_title(one.table)}
        ]
    names = [name for name in one.columns if name]
    known = {name for name, _title in columns_of(one.table)}
    if not set(names) <= known or len(one.columns) != len(sheet.headers):
        return [_("%(where)s：列的对应关系不完整，请重新打开这一页再选。") % {"where": where}]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    found = [
        _("%(where)s：有两列都对应“%(column)s”，请只留一列。")
        % {"where": where, "column": column_title(record, name)}
        for name in twice
    ]
    lost = lacking(one.table, names)
    if lost:
        found.append(
            _("%(where)s：缺少%(table)s必须有的列：%(columns)s。请在上面选出对应的列，或在文件里补上。")
            % {
                "where": where,
                "table": table_title(one.table),
                "columns": "、".join(column_title(record, name) for name in lost),
            }
        )
    return found


def _remember(sheet: ImportSheet, by: Any) -> None:
    """Titles that are known anyway need no memory, unless they were said to be something else."""
    known = title_index(RECORDS[sheet.table])
    for header, column in zip(sheet.headers, sheet.columns, strict=True):
        plain = plain_title(header)[:200]
        if not plain:
            continue
        if known.get(plain, "") == column:
            HeaderMapping.objects.filter(table=sheet.table, header=plain).delete()
        else:
            HeaderMapping.objects.update_or_create(
                table=sheet.table, header=plain, defaults={"column": column, "by": by}
            )
