"""Tables in: files of a registry to frames in kernel form, with every cell that cannot be read reported.

A row with a bad cell goes to the rejects as a whole, with the reasons; the other rows go on. A row is
rejected too where it has no id, shares its id with a different row (which one is right cannot be known; of
equal rows the first stays), or refers to a row that is not there or was itself rejected: computing it with
unknown facts would hide a slip of the pen behind "undetermined". An empty reference is allowed: unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from wenjiuye.population.headers import OWN_COLUMNS, Role, UnknownColumn, Use, plain_title, recognise
from wenjiuye.population.raw import ROW, Place, RawTable, named_rows
from wenjiuye.population.reading import PROBLEMS, read_cells, without_notes, worth_telling
from wenjiuye.population.sources import Sources, Subjects, find_sources, read_source
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import One, Subject

_FOOTER = both("只有编号，没有任何事实，未计算", "only an id and no fact, not computed")
_REJECT_TITLES = ("row", "error", "行号/row", "错误/error")
"""Titles that the rejects give to columns of their own."""


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of one table."""

    subject: str
    place: str
    read: int
    rejected: int
    uses: tuple[Use, ...]
    unknown_columns: tuple[UnknownColumn, ...]

    @property
    def accepted(self) -> int:
        """Rows that go on."""
        return self.read - self.rejected


@dataclass(frozen=True)
class TableSet:
    """The tables of a registry in kernel form, and all that is to be said about them.

    frames: by subject id: `id`, relations, facts, carried columns; only columns that the file has.
    problems: one row per bad cell (PROBLEMS). rejects: by subject id, the rejected rows as they stood in the
    file, with the columns `row` and `error`. lost: `id` and relations of the rejected rows, where they were
    readable (no footers, no copies of rows that stay). notes: what was ignored and what stays unknown.
    """

    frames: Mapping[str, pl.DataFrame]
    reports: Mapping[str, TableReport]
    problems: pl.DataFrame
    rejects: Mapping[str, pl.DataFrame]
    lost: Mapping[str, pl.DataFrame]
    notes: tuple[str, ...]

    @property
    def incomplete(self) -> dict[str, frozenset[str]]:
        """Owners of rejected rows, whose remaining rows are not all: `job.firm` → ids of firms."""
        return {
            f"{name}.{relation}": frozenset(rows[relation].drop_nulls())
            for name, rows in self.lost.items()
            for relation in rows.columns
            if relation != "id"
        }


def read_tables(path: Path | str, subjects: Subjects | Iterable[type[Subject]]) -> TableSet:
    """Read every table of a folder (or of one .xlsx with a sheet per subject) that is named after a subject.

    Raises MissingPathError, NoTableError, TwoTablesError, BrokenFileError, TextEncodingError,
    EmptyTableError, HeaderError, DuplicateHeaderError; bad cells raise nothing, they are in `problems` and
    `rejects`.
    """
    known = dict(subjects) if isinstance(subjects, Mapping) else {subject.id: subject for subject in subjects}
    sources = find_sources(Path(path), known)
    tables = [_parse(known[name], read_source(place), place) for name, place in sources.places.items()]
    by_subject = {table.subject.id: table for table in tables}
    for table in tables:
        _set_footers_aside(table, by_subject)
    for table in _targets_first(by_subject):
        _reject_by_id(table)
        _reject_by_reference(table, by_subject)
    return _table_set(by_subject, [*_ignored(sources), *_notes(by_subject)])


@dataclass
class _Table:
    """A table while it is being checked. `problems` has PROBLEMS without subject and file.

    footers: numbers of rows that are none, such as 合计 below a list; they are in raw only.
    """

    subject: type[Subject]
    place: Place
    raw: RawTable
    uses: list[Use]
    unknown: list[UnknownColumn]
    frame: pl.DataFrame
    problems: list[pl.DataFrame]
    footers: pl.Series = field(default_factory=lambda: pl.Series("row", [], dtype=pl.UInt32))

    def bad_rows(self) -> pl.Series:
        """Numbers of the rows that are rejected so far."""
        return pl.concat([pl.Series("row", [], dtype=pl.UInt32), *(p["row"] for p in self.problems)]).unique()

    def good(self) -> pl.DataFrame:
        """The rows that go on so far."""
        return self.frame.filter(~pl.col(ROW).is_in(self.bad_rows().implode()))

    def lost(self) -> pl.DataFrame:
        """Id and relations of the rows that do not go on. The copy of a row that stays is not lost."""
        relations = [use.name for use in self.uses if use.role is Role.RELATION]
        kept = pl.col("id").is_in(self.good()["id"].implode()).fill_null(False)
        bad = pl.col(ROW).is_in(self.bad_rows().implode())
        return self.frame.filter(bad & ~kept).select("id", *relations)

    def report(self, rows: pl.DataFrame, column: str, allowed: str) -> None:
        """Add problems: `rows` has ROW, value and problem."""
        if rows.height:
            self.problems.append(
                rows.select(
                    pl.col(ROW).alias("row"),
                    pl.lit(column).alias("column"),
                    "value",
                    "problem",
                    pl.lit(allowed).alias("allowed"),
                )
            )

    def title(self, name: str) -> str:
        """The title that the user gave to a column."""
        return next((use.title for use in self.uses if use.name == name), name)


# ── One table


def _parse(subject: type[Subject], raw: RawTable, place: Place) -> _Table:
    uses, unknown = recognise(subject, raw.headers, str(place))
    raw = without_notes(raw)
    unknown = worth_telling(unknown, raw)
    frame, problems = read_cells(subject, raw, uses)
    return _Table(subject, place, raw, uses, unknown, frame, [problems])


# ── Rows that are none


def _set_footers_aside(table: _Table, tables: Mapping[str, _Table]) -> None:
    """Take out the rows below a list (填表人：张三, 合计): text in the id or first cell, nothing else.

    A row that another table refers to is none of them, nor is any row of a table that has only ids.
    """
    told = {use.column for use in table.uses if use.role in (Role.FACT, Role.RELATION)}
    if not told:
        return
    besides = {ROW, *(use.name for use in table.uses if use.column not in told), "id"}
    silent = pl.all_horizontal(pl.col(c).is_null() for c in table.frame.columns if c not in besides)
    ragged = [flaw.row for flaw in table.raw.flaws if flaw.column is None]
    named = pl.concat([pl.Series("id", [], dtype=pl.String), *_references(table.subject, tables)])
    rows = table.frame.filter(silent & ~pl.col(ROW).is_in(ragged)).filter(
        ~pl.col("id").is_in(named.implode()).fill_null(False)
    )[ROW]
    # What could not be read is null too, so the text itself is looked at.
    own = {i for i, title in enumerate(table.raw.headers) if plain_title(title) in OWN_COLUMNS}
    first = next(i for i in range(len(table.raw.headers)) if i not in own)
    may = {first, *own, *(use.column for use in table.uses if use.role is Role.ID)} - told
    rest = [str(i) for i in range(len(table.raw.headers)) if i not in may]
    texts = table.raw.frame.filter(pl.col(ROW).is_in(rows.implode()))
    empty = pl.all_horizontal(pl.col(name).str.strip_chars().fill_null("") == "" for name in rest)
    table.footers = texts.filter(empty)[ROW].alias("row")
    if table.footers.len():
        keep = table.footers.implode()
        table.frame = table.frame.filter(~pl.col(ROW).is_in(keep))
        table.problems = [problems.filter(~pl.col("row").is_in(keep)) for problems in table.problems]


def _references(subject: type[Subject], tables: Mapping[str, _Table]) -> list[pl.Series]:
    """The columns that refer to a subject."""
    return [
        table.frame[name].alias("id")
        for table in tables.values()
        for name, link in table.subject.relations.items()
        if isinstance(link, One) and link.target is subject and name in table.frame.columns
    ]


# ── Ids and references

_OWN_NUMBER = both("每行一个不重复的编号", "a number of its own for each row")


def _targets_first(tables: Mapping[str, _Table]) -> Iterable[_Table]:
    done: list[str] = []

    def visit(name: str, chain: tuple[str, ...]) -> None:
        if name in tables and name not in done and name not in chain:
            for link in tables[name].subject.relations.values():
                if isinstance(link, One):
                    visit(link.target.id, (*chain, name))
            done.append(name)

    for name in tables:
        visit(name, ())
    return [tables[name] for name in done]


def _reject_by_id(table: _Table) -> None:
    title = table.title("id")
    frame = table.frame.select(ROW, "id")
    told = [p.filter(pl.col("column") == title)["row"] for p in table.problems]
    empty = frame.filter(pl.col("id").is_null() & ~pl.col(ROW).is_in(pl.concat(told).implode()))
    table.report(
        empty.select(
            ROW,
            pl.lit("").alias("value"),
            pl.lit(both("这一行没有编号", "the row has no id")).alias("problem"),
        ),
        title,
        _OWN_NUMBER,
    )
    if frame["id"].n_unique() == frame.height:
        return
    repeated = frame.filter(pl.col("id").is_not_null() & pl.col("id").is_duplicated())
    texts = table.raw.frame.filter(pl.col(ROW).is_in(repeated[ROW].implode()))
    content = [name for name in texts.columns if name != ROW]
    same = (
        repeated.with_columns(texts.select(pl.struct(content).alias("content"))["content"])
        .group_by("id", maintain_order=True)
        .agg(pl.col(ROW), (pl.col("content").n_unique() == 1).alias("equal"))
    )
    rows = pl.col(ROW).list.eval(pl.element().cast(pl.String))
    first = pl.col(ROW).list.first()
    copy = both("与第{}行相同，保留第{}行", "the row is the same as row {}, which stays")
    clash = both("第{}行的编号相同而内容不同", "the rows {} have the same id and differ")
    wrong = (
        same.with_columns(
            pl.when("equal")
            .then(pl.format(copy, first, first, first))
            .otherwise(pl.format(clash, rows.list.join("、"), rows.list.join(", ")))
            .alias("problem"),
            pl.when("equal").then(pl.col(ROW).list.slice(1)).otherwise(pl.col(ROW)).alias(ROW),
        )
        .explode(ROW)
        .select(ROW, pl.col("id").alias("value"), "problem")
    )
    table.report(wrong, title, _OWN_NUMBER)


def _reject_by_reference(table: _Table, tables: Mapping[str, _Table]) -> None:
    for name, link in table.subject.relations.items():
        if not isinstance(link, One) or name not in table.frame.columns or link.target.id not in tables:
            continue
        target = tables[link.target.id]
        wanted = table.frame.select(ROW, pl.col(name).alias("value")).filter(pl.col("value").is_not_null())
        lost = wanted.join(target.good().select(pl.col("id").alias("value")), on="value", how="anti")
        if lost.is_empty():
            continue
        there = target.frame.select(pl.col("id").alias("value"), pl.col(ROW).alias("#there")).unique("value")
        place = pl.lit(str(target.place))
        rejected = both("引用了被退回的行（{}第{}行）", "refers to a rejected row ({}, row {})")
        problem = (
            pl.when(pl.col("#there").is_null())
            .then(pl.lit(both(f"{target.place}中没有这一行", f"no such row in {target.place}")))
            .otherwise(pl.format(rejected, place, "#there", place, "#there"))
        )
        found = lost.join(there, on="value", how="left", maintain_order="left")
        table.report(
            found.select(ROW, "value", problem.alias("problem")),
            table.title(name),
            both(
                f"{target.place}中的编号（{link.target.zh}），或留空",
                f"an id of {target.place} ({link.target.zh}), or empty",
            ),
        )


# ── What goes on and what is told


def _table_set(tables: Mapping[str, _Table], notes: Sequence[str]) -> TableSet:
    problems = [
        pl.concat(table.problems).select(
            pl.lit(name).alias("subject"), pl.lit(str(table.place)).alias("file"), pl.all()
        )
        for name, table in tables.items()
    ]
    bad = {name: table.bad_rows() for name, table in tables.items()}
    reports = {
        name: TableReport(
            name,
            str(table.place),
            table.frame.height + table.footers.len(),
            bad[name].len() + table.footers.len(),
            tuple(table.uses),
            tuple(table.unknown),
        )
        for name, table in tables.items()
    }
    return TableSet(
        frames={name: table.good().drop(ROW) for name, table in tables.items()},
        reports=reports,
        problems=pl.concat([pl.DataFrame(schema=PROBLEMS), *problems]).sort(
            "subject", "row", maintain_order=True
        ),
        rejects={
            name: _rejects(table, bad[name])
            for name, table in tables.items()
            if bad[name].len() + table.footers.len()
        },
        lost={name: lost for name, table in tables.items() if (lost := table.lost()).height},
        notes=tuple(notes),
    )


def _rejects(table: _Table, bad: pl.Series) -> pl.DataFrame:
    """The rejected rows under their own titles, with their number and all that is wrong with them."""
    said = pl.concat(table.problems).with_columns(
        pl.format(
            both("{}{}{}：{}（应为", "wanted: {}）"),
            pl.when(pl.col("column") == "").then(pl.lit(both("整行", "row"))).otherwise("column"),
            pl.when(pl.col("value").fill_null("") == "").then(pl.lit("")).otherwise(pl.lit(" ")),
            pl.col("value").fill_null(""),
            "problem",
            "allowed",
        ).alias("said")
    )
    footers = table.footers.to_frame("row").with_columns(pl.lit(_FOOTER).alias("said"))
    said = pl.concat([said.select("row", "said"), footers])
    errors = said.group_by("row", maintain_order=True).agg(pl.col("said").str.join("；").alias("error"))
    titles: dict[str, str] = {}
    for i, title in enumerate(table.raw.headers):
        free = title and title not in titles.values() and plain_title(title) not in _REJECT_TITLES
        titles[str(i)] = title if free else f"{title}#{i + 1}"
    rows = table.raw.frame.filter(pl.col(ROW).is_in(pl.concat([bad, table.footers]).implode()))
    joined = rows.join(errors, left_on=ROW, right_on="row", how="left", maintain_order="left")
    return joined.select(pl.col(ROW).alias("row"), *(pl.col(i).alias(t) for i, t in titles.items()), "error")


def _ignored(sources: Sources) -> list[str]:
    return [both(f"未读取：{told.zh}", f"ignored: {told.en}") for told in sources.ignored]


def _notes(tables: Mapping[str, _Table]) -> list[str]:
    notes: list[str] = []
    for table in tables.values():
        place = table.place
        notes += [both(f"{place}：{note.zh}", f"{place}: {note.en}") for note in table.raw.notes]
        if table.footers.len():
            rows = named_rows(table.footers.to_list())
            notes.append(
                both(
                    f"{place}：第{rows.zh}行只有编号，没有任何事实，未计算",
                    f"{place}: only an id and no fact in row {rows.en}, not computed",
                )
            )
        notes += [
            both(
                f"{place}：不认识的列{column.hint.zh}，已忽略",
                f"{place}: column {column.hint.en} is not known and ignored",
            )
            for column in table.unknown
        ]
    for table in tables.values():
        for name, link in table.subject.relations.items():
            if not isinstance(link, One):
                continue
            if name not in table.frame.columns:
                notes.append(
                    both(
                        f"{table.place}：没有“{link.zh}”列（{name}），其事实均为未知",
                        f"{table.place}: no column {name} ({link.zh}), so its facts stay unknown",
                    )
                )
            elif link.target.id not in tables:
                notes.append(
                    both(
                        f"{table.place}：没有“{link.target.zh}”数据表（{link.target.id}），其事实均为未知",
                        f"{table.place}: no table {link.target.id} ({link.target.zh}), "
                        "so its facts stay unknown",
                    )
                )
    return notes
