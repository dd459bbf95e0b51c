"""A registry in PostgreSQL: its tables come in through Arrow, and a checked registry can be loaded into one.

The database holds a table per table of the data model, named alike. A table `registry` with a column `version`
says, as registry.toml does, that whole numbers in money columns are fen; without it they are yuan.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import polars as pl

from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.errors import DatabaseError, MissingPackageError, NoTableError
from wenjiuye.population.raw import Place
from wenjiuye.population.registry.form import as_text, columns_of
from wenjiuye.population.registry.manifest import Manifest, checked
from wenjiuye.population.registry.places import Found, Part
from wenjiuye.rules.errors import Bilingual
from wenjiuye.rules.quantity import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wenjiuye.population.registry.intake import CleanRegistry

_ADDRESS = re.compile(r"postgres(ql)?://")
ROWS = 1_000_000
"""Rows that are held in memory at a time."""
_VERSION_TABLE = "registry"
_ONE_VIEW = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET synchronize_seqscans = off",
    "SET max_parallel_workers_per_gather = 0",
)
"""All tables as of one moment, and rows in the same order each time."""
_AS_ARROW = frozenset(
    {
        "boolean",
        "smallint",
        "integer",
        "bigint",
        "real",
        "double precision",
        "text",
        "character varying",
        "date",
        "timestamp without time zone",
    }
)
_PLAIN = pl.CompatLevel.oldest()
"""Arrow without string views, which the driver does not take."""


def is_address(source: Path | str) -> bool:
    """Whether a source is the address of a database."""
    return isinstance(source, str) and _ADDRESS.match(source) is not None


def _taken_apart(address: str) -> tuple[str, str]:
    """The address that the driver takes, and the schema."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for key, value in query if key == "schema"), "public")
    rest = urlencode([(key, value) for key, value in query if key != "schema"])
    return urlunsplit(parts._replace(query=rest)), schema


@contextmanager
def _connection(address: str) -> Iterator[Any]:
    try:
        dbapi = importlib.import_module("adbc_driver_postgresql.dbapi")
    except ImportError:
        raise MissingPackageError(
            '读取PostgreSQL需要另外的软件包，请运行：pip install "wenjiuye[postgresql]"',
            'PostgreSQL needs further packages; run: pip install "wenjiuye[postgresql]"',
        ) from None
    try:
        with dbapi.connect(address) as connection:
            yield connection
    except dbapi.Error as problem:
        host = urlsplit(address).hostname or "localhost"
        said = str(problem).strip().splitlines()[0]
        raise DatabaseError(
            f"PostgreSQL（{host}）：{said}；请检查地址、用户、密码、架构和权限",
            f"PostgreSQL ({host}): {said}; check the address, user, password, schema and rights",
        ) from None


# ── In


def fetch(address: str, folder: Path) -> Found:
    """The tables of a database as Parquet files in a folder. Raises DatabaseError, NoTableError, ManifestError."""
    uri, schema = _taken_apart(address)
    with _connection(uri) as connection, connection.cursor() as cursor:
        for setting in _ONE_VIEW:
            cursor.execute(setting)
        columns = _columns(cursor, schema)
        manifest = _manifest(cursor, schema, columns)
        names = [name for name in RECORDS if name in columns]
        if not names:
            raise NoTableError(
                f"架构{schema}中没有以登记数据表命名的表（现有：{'、'.join(columns) or '无'}）；"
                "可用的名称见docs/data-model.md",
                f"no table of the schema {schema} is named after a table of the registry "
                f"(found: {', '.join(columns) or 'none'}); docs/data-model.md has the names",
            )
        parts = {}
        for name in names:
            files = _download(cursor, RECORDS[name], schema, columns[name], folder)
            label = f"{schema}.{name}"
            parts[name] = tuple(Part(Place(file), label, ours=True) for file in files)
    others = [name for name in columns if name not in RECORDS and name != _VERSION_TABLE]
    ignored = tuple(
        Bilingual(
            f"{schema}.{name}不以登记数据表命名", f"{schema}.{name} is named after no table of the registry"
        )
        for name in others
    )
    return Found(parts, manifest, ignored)


def _columns(cursor: Any, schema: str) -> dict[str, dict[str, str]]:
    """By table, the type of each column."""
    cursor.execute(
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns "
        "WHERE table_schema = $1 ORDER BY table_name, ordinal_position",
        (schema,),
    )
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in cursor.fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _manifest(cursor: Any, schema: str, columns: Mapping[str, Mapping[str, str]]) -> Manifest:
    if "version" not in columns.get(_VERSION_TABLE, ()):
        return Manifest()
    where = f"{schema}.{_VERSION_TABLE}"
    cursor.execute(f"SELECT version::text FROM {_quoted(schema)}.{_quoted(_VERSION_TABLE)}")
    rows = cursor.fetchall()
    return checked(rows[0][0] if len(rows) == 1 else None, where)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(column: str, kind: str) -> str:
    """A column as Arrow has it, or as text where Arrow has no such type."""
    name = _quoted(column)
    if kind == "numeric":
        return f"trim_scale({name})::text AS {name}"
    if kind == "timestamp with time zone":
        return f"{name}::timestamp AS {name}"
    return name if kind in _AS_ARROW else f"{name}::text AS {name}"


def _download(
    cursor: Any, record: type[Record], schema: str, columns: Mapping[str, str], folder: Path
) -> list[Path]:
    """A table in Parquet files of ROWS rows, text that must be one of a list as such where all of it is."""
    names = ", ".join(_cell(column, kind) for column, kind in columns.items())
    cursor.execute(f"SELECT {names} FROM {_quoted(schema)}.{_quoted(record.id)}")
    files: list[Path] = []
    held: list[pl.DataFrame] = []
    reader = cursor.fetch_record_batch()
    empty = pl.DataFrame(reader.schema.empty_table())

    def write() -> None:
        frame = _near_kernel(record, pl.concat([empty, *held]))
        files.append(folder / f"{record.id}.fetched{len(files)}.parquet")
        frame.write_parquet(files[-1], compression="lz4")
        held.clear()

    for batch in reader:
        held.append(pl.DataFrame(batch))
        if sum(frame.height for frame in held) >= ROWS:
            write()
    if held or not files:
        write()
    return files


def _near_kernel(record: type[Record], frame: pl.DataFrame) -> pl.DataFrame:
    """Choices as choices and lists as lists, where every cell of the stretch is written in the kernel's way."""
    for fact in record.facts.values():
        if fact.kind is Kind.ENUM and frame.schema.get(fact.id) == pl.String:
            cast = frame[fact.id].cast(columns_of(record)[fact.id], strict=False)
            if cast.null_count() == frame[fact.id].null_count():
                frame = frame.with_columns(cast)
        elif fact.kind is Kind.INT and frame.schema.get(fact.id) in (pl.Int16, pl.Int32):
            frame = frame.with_columns(pl.col(fact.id).cast(pl.Int64))
    return frame


# ── Out


def load_into_postgres(registry: CleanRegistry, address: str, schema: str) -> None:
    """Create the tables of a checked registry in a schema and fill them. What they held before is replaced.

    Money is bigint (fen), a share two columns, a choice its member, a list JSON. Raises DatabaseError.
    """
    uri, _ = _taken_apart(address)
    with _connection(uri) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
            for name, files in registry.tables.items():
                mode = "replace"
                for frame in _frames(RECORDS[name], files):
                    cursor.adbc_ingest(
                        name,
                        frame.to_arrow(compat_level=_PLAIN),
                        mode,
                        db_schema_name=schema,
                    )
                    mode = "append"
            version = pl.DataFrame({"version": [registry.version]}).to_arrow(
                compat_level=pl.CompatLevel.oldest()
            )
            cursor.adbc_ingest(_VERSION_TABLE, version, "replace", db_schema_name=schema)
        connection.commit()


def _frames(record: type[Record], files: Sequence[Path]) -> Iterator[pl.DataFrame]:
    kinds = columns_of(record)
    there = {name for file in files for name in pl.read_parquet_schema(file)}
    names = [name for name in kinds if name in there]
    for file in files:
        rows = pl.scan_parquet(file).select(pl.len()).collect().item()
        for start in range(0, max(rows, 1), ROWS):
            frame = pl.scan_parquet(file).select(names).slice(start, ROWS).collect(engine="streaming")
            yield _for_database(record, frame)


def _for_database(record: type[Record], frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name, dtype in frame.schema.items():
        fact = record.facts.get(name)
        if fact is not None and fact.kind is Kind.LIST:
            columns.append(as_text(fact, frame))
        else:
            columns.append(frame[name].cast(pl.String) if isinstance(dtype, pl.Enum) else frame[name])
    return pl.DataFrame(columns)
