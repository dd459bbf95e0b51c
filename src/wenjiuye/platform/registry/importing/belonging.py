"""Whose rows a county brings: its own, told by the row's county or by the people and firms that it names."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from wenjiuye.platform.accounts.places import counties
from wenjiuye.platform.registry.columns import refers_to
from wenjiuye.platform.registry.importing.live import live_rows
from wenjiuye.policy.registry import RECORDS, Record
from wenjiuye.population.raw import ROW
from wenjiuye.population.registry.staged import Staged
from wenjiuye.rules.errors import both

COUNTY = "county"
CITY_ONLY = frozenset(name for name, record in RECORDS.items() if "subject_id" in record.texts)
"""Tables whose rows are named by what they are about, which may be anything: no county can be told."""

_OTHER = both("属于{}，不是{}", "belongs to {}, not {}")
_LIVE = both("登记库里这个编号属于{}，不是{}", "in the registry this id belongs to {}, not {}")
_UNKNOWN = both("看不出这一行属于哪个县区", "it cannot be told to which county the row belongs")


def check_county(table: Staged, tables: Mapping[str, Staged], county: str) -> None:
    """Set aside the rows that are not of a county, or would take the place of rows that are not."""
    name = counties().get(county, (county, county))
    wanted = both(
        f"{name[0]}的行；其他县区的由当地或市级导入", f"a row of {name[1]}; others import their own"
    )
    if COUNTY in table.record.facts:
        _check_own(table, county, wanted)
    else:
        _check_owners(table, tables, county, wanted)
    if table.record.keyed:
        _check_replaced(table, county, wanted)


def _titles() -> pl.DataFrame:
    known = counties()
    return pl.DataFrame(
        {
            "there": list(known),
            "zh": [zh for zh, _en in known.values()],
            "en": [en for _zh, en in known.values()],
        }
    )


def _told(rows: pl.DataFrame, text: str, county: str) -> pl.DataFrame:
    """rows: ROW, value, and the county as `there`; with the problem in both languages."""
    zh, en = counties().get(county, (county, county))
    named = rows.join(_titles(), on="there", how="left", maintain_order="left")
    return named.select(
        ROW,
        "value",
        pl.when(pl.col("zh").is_null())
        .then(pl.lit(_UNKNOWN))
        .otherwise(pl.format(text, "zh", pl.lit(zh), "en", pl.lit(en)))
        .alias("problem"),
    )


def _check_own(table: Staged, county: str, wanted: str) -> None:
    cell = pl.col(COUNTY).cast(pl.String)
    strange = table.scan(COUNTY).filter(cell.is_not_null() & (cell != county))
    rows = strange.select(ROW, cell.alias("value"), cell.alias("there")).collect(engine="streaming")
    table.report(_told(rows, _OTHER, county), COUNTY, wanted)


def _check_owners(table: Staged, tables: Mapping[str, Staged], county: str, wanted: str) -> None:
    owners = {name: target for name, target in refers_to(table.record).items() if name in table.columns}
    rows = table.scan(*owners).collect(engine="streaming")
    here = pl.Series([False] * rows.height, dtype=pl.Boolean)
    there = pl.Series([None] * rows.height, dtype=pl.String)
    for name, target in owners.items():
        found = counties_of(target, rows[name], tables)
        ours = found.filter(pl.col("there") == county)["id"]
        here = here | rows[name].is_in(ours.implode()).fill_null(False)
        one = found.unique("id", keep="first", maintain_order=True)
        told = rows.select(pl.col(name).alias("id")).join(one, on="id", how="left", maintain_order="left")[
            "there"
        ]
        there = pl.select(pl.coalesce(there, told)).to_series()
    first = next(iter(owners))
    strange = rows.select(ROW, pl.col(first).fill_null("").alias("value"), there.alias("there")).filter(~here)
    # Of a row that is wrong anyway it need not be said that its county cannot be told.
    strange = strange.filter(pl.col("there").is_not_null() | ~pl.col(ROW).is_in(table.bad().implode()))
    table.report(_told(strange, _OTHER, county), first, wanted)


def counties_of(target: str, keys: pl.Series, tables: Mapping[str, Staged]) -> pl.DataFrame:
    """To which counties rows of a table belong: `id` and `there`. What the file says of them comes first."""
    asked = keys.drop_nulls().unique().alias("id")
    record = RECORDS[target]
    column = COUNTY if COUNTY in record.facts else next(iter(refers_to(record)))
    frames = [live_rows(target, asked, column).lazy()]
    if target in tables and column in tables[target].columns:
        good = ~pl.col(ROW).is_in(tables[target].bad().implode())
        frames.insert(0, tables[target].scan("id", column).filter(good).select("id", column))
    found = (
        pl.concat([frame.select("id", pl.col(column).cast(pl.String).alias("there")) for frame in frames])
        .filter(pl.col("id").is_in(asked.implode()) & pl.col("there").is_not_null())
        .collect(engine="streaming")
    )
    if column == COUNTY:
        return found
    beyond = counties_of(refers_to(record)[column], found["there"], tables).rename({"id": "owner"})
    return found.rename({"there": "owner"}).join(beyond, on="owner").select("id", "there")


def _check_replaced(table: Staged, county: str, wanted: str) -> None:
    """Rows that would take the place of another county's."""
    ids = table.scan("id").filter(pl.col("id").is_not_null()).collect(engine="streaming")
    strange = _replaced_elsewhere(table.record, ids["id"], county)
    rows = ids.join(strange, on="id", how="inner", maintain_order="left")
    table.report(_told(rows.select(ROW, pl.col("id").alias("value"), "there"), _LIVE, county), "id", wanted)


def _replaced_elsewhere(record: type[Record], keys: pl.Series, county: str) -> pl.DataFrame:
    """The live rows of these keys that are not of the county: `id` and `there`."""
    if COUNTY in record.facts:
        found = live_rows(record.id, keys, COUNTY).rename({COUNTY: "there"})
        return found.filter(pl.col("there") != county)
    owners = refers_to(record)
    live = live_rows(record.id, keys, *owners)
    here = pl.Series([False] * live.height, dtype=pl.Boolean)
    there = pl.Series([None] * live.height, dtype=pl.String)
    for name, target in owners.items():
        told = counties_of(target, live[name], {})
        here = here | live[name].is_in(told.filter(pl.col("there") == county)["id"].implode()).fill_null(
            False
        )
        joined = live.select(pl.col(name).alias("id")).join(
            told.unique("id", keep="first"), on="id", how="left", maintain_order="left"
        )
        there = pl.select(pl.coalesce(there, joined["there"])).to_series()
    return live.select("id", there.alias("there")).filter(~here)
