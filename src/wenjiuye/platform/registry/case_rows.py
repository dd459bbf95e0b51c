"""Which rows of the registry one case needs, as a part of a registry that stands alone.

Read are the tables from which the facts that the measure asks for follow (`follows`), of the person or firm at the
path where each stands: a hire needs the person's schooling and the employer's reports, not the employer's schooling.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from wenjiuye.platform.registry.batches import Kept
from wenjiuye.platform.registry.case_subject import CaseSubject, origin
from wenjiuye.platform.registry.columns import KEY
from wenjiuye.platform.registry.follows import FINDING, follows
from wenjiuye.platform.registry.models import SetAside
from wenjiuye.platform.registry.reading import read_rows
from wenjiuye.population.registry.partition import HOME, OWNERSHIP, Partition, PartTables
from wenjiuye.rules.expression import Ref

OF_PERSON: Mapping[str, str] = {
    "person": KEY,
    "employment": "person",
    "contribution": "person",
    "unemployment_registration": "person",
    "benefit_period": "person",
    "enrolment": "person",
    "recognition": "person",
    "grassroots_service": "person",
    "grant": "person",
    "enterprise": "owner",
}
"""By which column the rows about a person are found."""

OF_FIRM: Mapping[str, str] = {
    "enterprise": KEY,
    "employment": "employer",
    "contribution": "employer",
    "annual_report": "enterprise",
    "premium": "enterprise",
    "tax": "enterprise",
    "firm_listing": "enterprise",
    "lease": "tenant",
    "training": "organiser",
    "internship": "host",
}
"""By which column the rows about an employer are found."""

_OF_STAFF = ("person", "household", "enrolment", "unemployment_registration", "recognition")
"""Tables about people from which facts of their employer follow."""
_ALWAYS = ("household", "person", "enterprise", "employment")
"""Tables that a part always has, if only without rows."""
_SIZES = ("annual_report", "employment")
"""Tables that tell the size of the firms that somebody owns."""

Owners = dict[str, set[str]]


def case_partition(case: CaseSubject, refs: Iterable[Ref], kept: Mapping[str, Kept]) -> Partition:
    """The part of the registry that decides one case.

    refs: the facts that are read. kept: the tables that the city keeps.
    """
    return _Reading(case, tuple(refs), kept).partition()


class _Reading:
    """The rows of a case as they are found; each table is read once, those that others hang on first."""

    def __init__(self, case: CaseSubject, refs: tuple[Ref, ...], kept: Mapping[str, Kept]) -> None:
        self._case, self._kept = case, kept
        self._people, self._firms = case.keys("person"), case.keys("enterprise")
        self._asked: dict[str, Owners] = defaultdict(lambda: defaultdict(set))
        self._read: dict[str, pl.DataFrame] = {}
        self._keys = {case.key, *self._people, *self._firms}
        by_person = {t for r in refs if self._owner(r) == "person" for t in follows("person", r.fact.id)}
        by_firm = {
            t for r in refs if self._owner(r) == "enterprise" for t in follows("enterprise", r.fact.id)
        }
        own = {t for r in refs if not r.path for t in follows(case.subject, r.fact.id)}
        self._of_staff = [name for name in _OF_STAFF if name in by_firm]
        self._owns = "enterprise" in by_person
        self._sizes = any(r.fact.id == "small_firm_owner" for r in refs)
        self._ask(by_person | {"person"}, OF_PERSON, self._people)
        self._ask(by_firm | {"enterprise"}, OF_FIRM, self._firms)
        self._ask_own(own)

    def _owner(self, ref: Ref) -> str:
        """What kind of row a fact is of."""
        return self._case.subject if not ref.path else self._case.ends.get(ref.path[0], ("", ""))[0]

    def _ask(self, tables: Collection[str], columns: Mapping[str, str], keys: Collection[str]) -> None:
        for table in tables:
            if table in columns and keys:
                self._asked[table][columns[table]] |= set(keys)

    def _ask_own(self, tables: Collection[str]) -> None:
        """Rows of the subject itself; those of an event also by the people and firms in it."""
        where, key = origin(self._case.subject), self._case.key
        if where.table != "premium":
            self._asked[where.table][KEY].add(key)
        if self._case.subject in ("person", "enterprise"):
            self._asked["grant"]["subject_id"].add(key)
            return
        self._asked["grant"]["subject_id"].add(key)
        events = set(tables) - {where.table, "grant"}
        self._ask(events & {"contribution"}, OF_PERSON, self._people)
        self._ask(events & {"tax"}, OF_FIRM, {key})
        self._ask({where.table} & {"internship", "premium"}, OF_FIRM, self._firms)
        if "grant" in tables:
            self._ask({"grant"}, OF_PERSON, self._people)
        if "bill" in tables:
            self._asked["bill"]["lease"].add(key)

    # ── Reading

    def partition(self) -> Partition:
        """All that is needed."""
        self._take("enterprise")
        owned = self._owned()
        if self._sizes:
            self._ask(_SIZES, OF_FIRM, owned)
            self._keys |= owned
        self._take("employment")
        self._ask(self._of_staff, OF_PERSON, self._staff())
        self._take("person")
        if "person" in self._read:
            homes = self._read["person"]["household"].drop_nulls().unique()
            self._asked["household"][KEY] |= set(homes)
        self._asked[FINDING]["subject_id"] |= self._keys
        for table in (*self._asked, *_ALWAYS):
            self._take(table)
        return Partition(self._case.key, PartTables.of(self._as_parts()), self._incomplete(), self._firsts())

    def _take(self, table: str) -> None:
        if table in self._kept and table not in self._read and (table in self._asked or table in _ALWAYS):
            self._read[table] = read_rows(table, self._asked.get(table, {}))

    def _owned(self) -> set[str]:
        firms = self._read.get("enterprise")
        if firms is None or not self._owns:
            return set()
        return set(firms.filter(pl.col("owner").is_in(list(self._people)))["id"])

    def _staff(self) -> set[str]:
        jobs = self._read.get("employment")
        if jobs is None or not self._of_staff:
            return set()
        mine = jobs.filter(pl.col("employer").is_in(list(self._firms)))
        people = set(mine["person"].drop_nulls())
        self._keys |= people | set(mine["id"])
        return people

    def _as_parts(self) -> dict[str, pl.DataFrame]:
        """The tables with what parts have on top: who is at home here, and who owns what."""
        tables = dict(self._read)
        for name in ("person", "training", "enterprise"):
            if name in tables:
                tables[name] = tables[name].with_columns(pl.lit(True).alias(HOME))
        if "enterprise" in tables:
            owned = tables["enterprise"].filter(pl.col("owner").is_not_null())
            owned = owned.rename({"owner": "person", "id": "enterprise"})
            tables["ownership"] = owned.select(name for name in OWNERSHIP if name in owned.columns)
        return tables

    def _incomplete(self) -> dict[str, pl.Series]:
        """Whose rows were set aside, among those that the case leads to."""
        found: dict[str, list[str]] = defaultdict(list)
        marks = SetAside.objects.filter(owner__in=self._keys, replaced_by__isnull=True)
        for table, column, owner in marks.values_list("table", "column", "owner").distinct():
            found[f"{table}.{column}"].append(owner)
        if "enterprise.owner" in found:
            found["ownership.person"] = found["enterprise.owner"]
        return {name: pl.Series("owner", owners, dtype=pl.String) for name, owners in found.items()}

    def _firsts(self) -> dict[str, dt.date]:
        return {name: kept.first_month for name, kept in self._kept.items() if kept.first_month is not None}
