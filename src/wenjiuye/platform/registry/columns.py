"""Which columns a table of the registry has in the database, from its declaration in the data model.

Names are those of the kernel form; the record's own id is `key`, and a share is `<name>_num` and `<name>_den`.
Personal columns are encrypted and have a keyed hash beside them by which they are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wenjiuye.policy.registry import Record
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import One

KEY = "key"

PERSONAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"person": ("resident_id", "phone"), "enterprise": ("phone",)}
)
"""Columns that are encrypted, by table."""

NAMED = ("person", "enterprise")
"""Tables whose rows are looked for by name."""

MONTHLY = ("contribution", "premium", "tax")
"""Tables with a row a month: nothing is known of months before the first one."""

IDENTITY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "contribution": ("person", "month", "employer"),
        "unemployment_registration": ("person", "registered_on"),
        "benefit_period": ("person", "kind", "started_on"),
        "enrolment": ("person", "level", "started_on"),
        "recognition": ("person", "category", "valid_from"),
        "grassroots_service": ("person", "started_on"),
        "annual_report": ("enterprise", "year"),
        "premium": ("enterprise", "insurance_kind", "month"),
        "tax": ("enterprise", "kind", "month"),
        "bill": ("lease", "kind", "month"),
        "firm_listing": ("enterprise", "category", "valid_from"),
        "grant": ("measure", "subject_id", "granted_on", "first_month"),
        "finding": ("subject", "subject_id", "fact", "valid_from"),
    }
)
"""By what a row of a table without keys is known: a row that comes in takes the place of earlier ones alike in this.

Within one batch there may be several; they all stay, in their order.
"""


def table_name(record_id: str) -> str:
    """The name of the table in the database."""
    return f"registry_{record_id}"


def hash_column(name: str) -> str:
    """The column with the keyed hash of a personal column."""
    return f"{name}_hash"


def purpose(record_id: str, name: str) -> str:
    """What a personal column is encrypted and hashed for."""
    return f"{table_name(record_id)}.{name}"


def stored_name(kernel: str) -> str:
    """The column in the database of a column of the kernel form."""
    return KEY if kernel == "id" else kernel.replace(".", "_")


def kernel_columns(record: type[Record]) -> tuple[str, ...]:
    """Every column of a table in kernel form, in order."""
    own = ("id",) if record.keyed else ()
    facts = [name for fact in record.facts.values() for name in fact_columns(fact, fact.id)]
    return (*own, *record.relations, *record.texts, *facts)


def identity(record: type[Record]) -> tuple[str, ...]:
    """The columns in the database by which a row of a table is known."""
    return (KEY,) if record.keyed else IDENTITY[record.id]


def refers_to(record: type[Record]) -> dict[str, str]:
    """Its columns that hold keys of other tables, and of which."""
    return {name: link.target.id for name, link in record.relations.items() if isinstance(link, One)}
