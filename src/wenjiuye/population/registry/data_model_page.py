"""The page docs/data-model.md, written from the declarations of the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wenjiuye.policy.registry import RECORDS, VERSION, Record
from wenjiuye.population.identifiers import NAME, RESIDENT_ID, TITLES
from wenjiuye.rules.facts import Fact, One
from wenjiuye.rules.quantity import Kind

Derived = Sequence[tuple[str, str, str, str]]
"""Subject, fact, Chinese title, how it follows from the registry."""

_TYPES = {
    Kind.BOOL: "yes or no",
    Kind.INT: "whole number",
    Kind.MONEY: "money",
    Kind.SHARE: "share",
    Kind.DATE: "date",
    Kind.MONTH: "month",
    Kind.ENUM: "choice",
    Kind.LIST: "list",
}

_INTRODUCTION = f"""# Data model of the registry

Version {VERSION}. Written from the declarations in `wenjiuye.policy.registry`; do not edit by hand.

A registry keeps events and periods with their dates, not answers. From it the facts of the rules are derived on
the date of decision, so the same registry answers for any date. A table that is not there is not kept by the
city, and whatever would follow from it is unknown. A table that is there is complete for everybody in it: no row
means that there was nothing.

## Forms that are read

| form | where | how cells are written |
|---|---|---|
| folder of files | `<table>.csv`, `.xlsx` or `.parquet`, or a folder `<table>/` of several such parts | below |
| one workbook | one `.xlsx` with a sheet for each table | below |
| PostgreSQL | `postgresql://user@host/database?schema=public`, a table for each table | as typed files |

Tables and columns are named by their id or by their Chinese title. CSV is UTF-8 or GB18030; the separator is found
out. Text and Excel may hold numbers with thousand separators, full-width digits, fractions and per cent for shares,
dates as `2020-12-01`, `2020/12/1`, `2020.12.1`, `2020年12月1日` or `20201201`, months as `2020-12`, and
是/否, yes/no, 1/0. A date must be a date cell or text: a bare day number of a spreadsheet can be read in two ways and
is refused. A cell that is merged downwards counts for each of its rows. An empty cell is unknown unless the column
says what empty means.

A row with a cell that cannot be read is set aside as a whole, with the reason, and so is a row without a required
cell, with an id that another row has, or with a reference to a row that is not there or was itself set aside. The
others go on. `set_aside/<table>.csv` has every such row; a corrected file can be read again as it is. What is counted
over a table is unknown for those whose rows were set aside.

## Version

A folder says in `registry.toml` which version it follows:

```toml
version = "{VERSION}"
```

Without the file it is taken for version {VERSION}. In PostgreSQL a table `registry` with one row and the column
`version` says the same. A table or column that is renamed, removed or read otherwise raises the version.

## Kernel form

Parquet in kernel form is checked and used where it stands, uncopied; nothing is faster. The folder must have a
`registry.toml`: only then is a whole number in a money column fen (in typed files from elsewhere it is yuan).

| type | Parquet |
|---|---|
| id, relation, text | String |
| yes or no | Boolean |
| whole number | Int64 |
| money | Int64, in fen |
| share | two columns `<column>.num` and `<column>.den`, Int64 |
| date | Date |
| month | Date of its first day |
| choice | Enum of the members in the order given here |
| list | List of Struct, its fields in these types |

"""


def data_model_page(derived: Derived = ()) -> str:
    """The page in Markdown. derived: rows of the part on how facts follow from the registry."""
    lines = [*_contents(), *(line for record in RECORDS.values() for line in _table(record))]
    return _INTRODUCTION + "\n".join([*lines, *_derived(derived)]).rstrip() + "\n"


def _contents() -> Iterator[str]:
    yield "## Tables"
    yield ""
    yield "| table | 中文 | one row |"
    yield "|---|---|---|"
    for record in RECORDS.values():
        yield _row(f"[`{record.id}`](#{record.id})", record.zh, record.means)
    yield ""


def _table(record: type[Record]) -> Iterator[str]:
    yield f'<a id="{record.id}"></a>'
    yield ""
    yield f"### {record.id} ({record.zh})"
    yield ""
    yield record.means
    yield ""
    yield "| column | 中文 | type | required | allowed | meaning |"
    yield "|---|---|---|---|---|---|"
    if record.keyed:
        yield _row("`id`", "编号", "text", "yes", "each row its own", "")
    for name, link in record.relations.items():
        if isinstance(link, One):
            target = link.target.id
            yield _row(
                f"`{name}`",
                link.zh,
                f"→ [`{target}`](#{target})",
                _required(record, name),
                f"an id of {target}",
                "",
            )
    for name in record.texts:
        of_person = name == NAME and RESIDENT_ID in record.texts
        yield _row(f"`{name}`", TITLES[name][1 if of_person else 0], "text", _required(record, name), "", "")
    for fact in record.facts.values():
        yield _row(
            f"`{fact.id}`", fact.zh, _type(fact), _required(record, fact.id), _allowed(fact), fact.means
        )
    yield ""


def _required(record: type[Record], name: str) -> str:
    return "yes" if name in record.required else ""


def _type(fact: Fact) -> str:
    unit = "yuan" if fact.kind is Kind.MONEY else fact.unit
    return _TYPES[fact.kind] + (f", {unit}" if unit else "")


def _allowed(fact: Fact) -> str:
    match fact.kind:
        case Kind.ENUM:
            return ", ".join(f"`{member}` {zh}" for member, (zh, _) in fact.members.items())
        case Kind.LIST:
            fields = ", ".join(f"`{field.id}` {field.zh}: {_type(field)}" for field in fact.fields)
            return f"JSON, each with {fields}"
        case Kind.BOOL:
            return ""
    low, high = fact.range()
    return f"{fact.show(low)} to {fact.show(high)}"


def _derived(derived: Derived) -> Iterator[str]:
    if not derived:
        return
    yield "## How facts are derived"
    yield ""
    for subject in dict.fromkeys(row[0] for row in derived):
        yield f"### Facts of {subject}"
        yield ""
        yield "| fact | 中文 | how |"
        yield "|---|---|---|"
        for owner, fact, zh, how in derived:
            if owner == subject:
                yield _row(f"`{fact}`", zh, how)
        yield ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
