"""A file is checked cell by cell, against itself and against the registry; the rows that can come in are put aside.

Reading, converting and checking is that of `population.registry`; what is added is the registry in the database: a
reference may lead to a row that is there already, and a county brings its own rows only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils import timezone

from wenjiuye.platform.registry.batches import tables_kept
from wenjiuye.platform.registry.columns import refers_to
from wenjiuye.platform.registry.importing.belonging import check_county
from wenjiuye.platform.registry.importing.comparing import Compared, compare
from wenjiuye.platform.registry.importing.filling import fill_from_live
from wenjiuye.platform.registry.importing.folders import Folder, folder_of
from wenjiuye.platform.registry.importing.live import live_rows
from wenjiuye.platform.registry.importing.matching import stands_for_id
from wenjiuye.platform.registry.importing.naming import name_persons
from wenjiuye.platform.registry.importing.problems import keep_problems
from wenjiuye.platform.registry.importing.reading import Progress, piece_of
from wenjiuye.platform.registry.models import CheckedTable, FileImport, ImportBatch, ImportSheet
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.headers import Role, Use
from wenjiuye.population.raw import ROW
from wenjiuye.population.reading import read_cells, without_notes
from wenjiuye.population.registry.aside import incomplete
from wenjiuye.population.registry.form import MISSING, columns_of, first_column, needed
from wenjiuye.population.registry.references import TARGETS, check_ids, check_references, good_ids
from wenjiuye.population.registry.staged import Piece, Staged, TextRows
from wenjiuye.rules.errors import both

INCOMPLETE = {"name": pl.String, "owner": pl.String}


@dataclass(frozen=True)
class _Source:
    """Where the rows of a piece come from: of a sheet, and in which columns it holds what."""

    sheet: ImportSheet
    uses: tuple[Use, ...]


def check_file(file: FileImport, progress: Progress) -> None:
    """Check the sheets of a file as they were matched, and put down what was found. Nothing comes in yet."""
    folder = folder_of(file)
    for place in (folder.work, folder.good):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
    moment = timezone.now()
    sheets = [sheet for sheet in file.sheets.all() if sheet.table]
    tables, sources = _staged(sheets, folder, progress)
    _check(tables, file)
    compared = {}
    whole = file.kind == ImportBatch.Kind.WHOLE
    for name, table in tables.items():
        path = folder.good / f"{name}.parquet"
        _write_good(table, path)
        if not whole:
            fill_from_live(table.record, path)
        compared[name] = compare(table.record, path, whole=whole)
    keep_problems(tables, {name: [s.sheet for s in found] for name, found in sources.items()}, folder)
    _keep_incomplete(tables, folder)
    shutil.rmtree(folder.work, ignore_errors=True)
    _put_down(file, tables, compared, moment)


def _put_down(
    file: FileImport, tables: Mapping[str, Staged], compared: Mapping[str, Compared], moment: object
) -> None:
    with transaction.atomic():
        file.tables.all().delete()
        for name, table in tables.items():
            found = compared[name]
            CheckedTable.objects.create(
                file=file,
                table=name,
                read=table.rows,
                bad=table.bad().len(),
                new=found.new,
                changed=found.changed,
                same=found.same,
                gone=found.gone,
            )
        file.checked_at = moment
        file.save()


# ── From text to kernel form


def _staged(
    sheets: list[ImportSheet], folder: Folder, progress: Progress
) -> tuple[dict[str, Staged], dict[str, list[_Source]]]:
    """The tables of a file in the order of the data model, and for each of their pieces where it comes from."""
    tables: dict[str, Staged] = {}
    sources: dict[str, list[_Source]] = {}
    total, done = sum(sheet.rows for sheet in sheets), 0
    progress(0, total)
    for name in RECORDS:
        for sheet in (sheet for sheet in sheets if sheet.table == name):
            table = tables.setdefault(name, Staged(RECORDS[name]))
            uses = _uses(RECORDS[name], sheet)
            table.places.append(sheet.name or sheet.file.file_name)
            for piece in range(sheet.pieces):
                _add(table, sheet, piece, uses, folder)
                sources.setdefault(name, []).append(_Source(sheet, uses))
                done += table.pieces[-1].rows
                progress(done, total)
    return tables, sources


def _uses(record: type[Record], sheet: ImportSheet) -> tuple[Use, ...]:
    """What is read of a sheet; columns are called by their number."""
    found = [
        Use(at, str(at), _role(record, column), column) for at, column in enumerate(sheet.columns) if column
    ]
    number = stands_for_id(record, sheet.columns)
    if number:
        at = sheet.columns.index(number)
        found.append(Use(at, str(at), Role.ID, "id"))
    return tuple(found)


def _role(record: type[Record], column: str) -> Role:
    if column == "id":
        return Role.ID
    if column in record.relations:
        return Role.RELATION
    return Role.FACT if column in record.facts else Role.CARRIED


def _add(table: Staged, sheet: ImportSheet, number: int, uses: tuple[Use, ...], folder: Folder) -> None:
    """A piece of a sheet as a piece of the table, with all that is wrong with its cells."""
    record = table.record
    whole = piece_of(sheet, number)
    raw = without_notes(whole) if number == 0 else whole
    kernel, wrong = read_cells(record, raw, uses)
    problems = [wrong, *_missing(record, kernel, wrong, uses)]
    first = table.rows
    path = folder.work / f"{record.id}-{len(table.pieces):05d}.parquet"
    names = [name for name in columns_of(record) if name in kernel.columns]
    kernel.select(names).write_parquet(path)
    stood_path = folder.raw(sheet.number, number)
    if raw is not whole:
        stood_path = folder.work / f"{record.id}-{len(table.pieces):05d}.raw.parquet"
        raw.frame.write_parquet(stood_path, compression="lz4")
    stood = TextRows(stood_path, tuple(sheet.headers), sheet.name or sheet.file.file_name)
    places = pl.DataFrame(
        {"row": kernel[ROW], "#at": pl.Series(range(first, first + kernel.height), dtype=pl.UInt32)}
    )
    for frame in problems:
        at = frame.join(places, on="row", how="inner", maintain_order="left")
        if at.height:
            table.problems.append(at.select(pl.col("#at").alias("row"), pl.exclude("row", "#at")))
    table.pieces.append(Piece(path, kernel.height, first, frozenset(names), True, True, stood))


def _missing(
    record: type[Record], kernel: pl.DataFrame, wrong: pl.DataFrame, uses: tuple[Use, ...]
) -> Iterator[pl.DataFrame]:
    """Required cells that are empty, unless the cell or the row has been told."""
    whole = wrong.filter(pl.col("column") == "")["row"]
    for name in needed(record):
        use = next(use for use in uses if use.name == name)
        told = pl.concat([whole, wrong.filter(pl.col("column") == use.title)["row"]])
        empty = kernel.filter(
            pl.col(first_column(record, name)).is_null() & ~pl.col(ROW).is_in(told.implode())
        )
        allowed = record.facts[name].wanted() if name in record.facts else both("一个值", "a value")
        yield empty.select(
            pl.col(ROW).alias("row"),
            pl.lit(use.title).alias("column"),
            pl.lit("").alias("value"),
            pl.lit(MISSING).alias("problem"),
            pl.lit(allowed).alias("allowed"),
        )


# ── Against each other and against the registry


def _check(tables: Mapping[str, Staged], file: FileImport) -> None:
    kept = set(tables_kept())
    whole = file.kind == ImportBatch.Kind.WHOLE
    ids: dict[str, pl.DataFrame] = {}
    known = dict(tables)
    for name, table in tables.items():
        name_persons(table, tables)
        check_ids(table)
        asked = {}
        for column, target in refers_to(table.record).items():
            if column in table.columns and (target in tables or target in kept):
                known.setdefault(target, _nothing_of(RECORDS[target], folder_of(file)))
                asked.setdefault(target, []).append(column)
        there = {
            target: _there(table, columns, target, ids.get(target), whole and target in tables)
            for target, columns in asked.items()
        }
        check_references(table, known, there)
        if file.county:
            check_county(table, tables, file.county)
        if name in TARGETS:
            ids[name] = good_ids(table)


def _there(
    table: Staged, columns: list[str], target: str, own: pl.DataFrame | None, only_own: bool
) -> pl.DataFrame:
    """The ids that references of a table may lead to: those of the file, and those that are live.

    only_own: the target comes as a whole, so that live rows will be gone.
    """
    mine = own if own is not None else pl.DataFrame(schema={"id": pl.String})
    if only_own:
        return mine
    asked = pl.concat(
        [table.scan(column).select(pl.col(column).alias("id")).drop_nulls().unique() for column in columns]
    ).unique()
    elsewhere = asked.join(mine.lazy(), on="id", how="anti").collect(engine="streaming")
    return pl.concat([mine, live_rows(target, elsewhere["id"])])


def _nothing_of(record: type[Record], folder: Folder) -> Staged:
    """A table of which the file has no row."""
    path = folder.work / f"{record.id}.none.parquet"
    frame = pl.DataFrame(schema=dict(columns_of(record)))
    frame.write_parquet(path)
    stood = TextRows(path, (), "")
    return Staged(record, [Piece(path, 0, 0, frozenset(frame.columns), True, True, stood)])


# ── Out


def _write_good(table: Staged, path: Path) -> None:
    """The rows that can come in, in one file."""
    bad, kinds = table.bad(), table.columns
    frames = []
    for piece in table.pieces:
        scan = pl.scan_parquet(piece.path, row_index_name=ROW)
        mine = piece.mine(bad)
        if mine.len():
            scan = scan.filter(~pl.col(ROW).is_in(mine.implode()))
        frames.append(
            scan.select(
                pl.col(name) if name in piece.columns else pl.lit(None, dtype=dtype).alias(name)
                for name, dtype in kinds.items()
            )
        )
    pl.concat(frames).sink_parquet(path)


def _keep_incomplete(tables: Mapping[str, Staged], folder: Folder) -> None:
    frames = [pl.DataFrame(schema=INCOMPLETE)]
    for table in tables.values():
        for name, owners in incomplete(table).items():
            frames.append(owners.alias("owner").to_frame().select(pl.lit(name).alias("name"), "owner"))
    pl.concat(frames).write_parquet(folder.incomplete)
