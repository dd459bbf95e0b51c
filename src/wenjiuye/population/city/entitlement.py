"""What an eligible row may still be granted: not what it had already, and one of those that exclude each other.

Groups within one subject are settled here for all rows at once, exactly as the declared rule says. Across
subjects, months of one person that another member of a group has paid for are left out of the claim (see
`registry.claims`); that two claims are for the costs of one venue only the claims themselves say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl

from wenjiuye.population.registry.asof import each_row
from wenjiuye.population.registry.claims import COVERED, LEDGER, covers_month, own_facts
from wenjiuye.population.registry.facts import CityFacts
from wenjiuye.rules.facts import One
from wenjiuye.rules.measures import Group, Measure

WHY_NOT = pl.Enum(["granted", "displaced"])
_EVENTS = frozenset(
    {
        "hire",
        "internship",
        "claim_period",
        "taxpayer_revenue",
        "training",
        "loan",
        "export_batch",
        "service_event",
        "layoff_plan",
    }
)
"""Subjects whose row is one event: what was granted for it once is granted."""


def with_entitlement(facts: CityFacts, measures: Sequence[Measure], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `<m>.entitled` and `<m>.why_not` for every measure.

    Entitled: eligible, not granted before, not displaced. Null: it hangs on what is not known yet.
    """
    nothing = pl.Series([None], dtype=WHY_NOT).new_from_index(0, frame.height)
    columns = []
    for measure in measures:
        verdict, had = frame[f"{measure.id}.verdict"], _granted(facts, measure)
        columns.append((verdict if had is None else verdict & ~had).alias(f"{measure.id}.entitled"))
        why = nothing if had is None else _because("granted", verdict & had, nothing)
        columns.append(why.alias(f"{measure.id}.why_not"))
    frame = frame.with_columns(columns)
    for measure in measures:
        frame = _once(facts, measure, frame)
    ids = {measure.id: measure for measure in measures}
    for group in facts.policy.groups:
        members = [ids[name] for name in group.members if name in ids]
        if len(members) > 1:
            frame = _settle(group, members, frame)
    return frame


_NAMED_BY = ("subject_id", "person", "enterprise")
"""The columns of a grant that say who had it."""


def _because(reason: str, rows: pl.Series, otherwise: pl.Series) -> pl.Series:
    """The reason in the rows of which it is true, under the name of the other reasons."""
    told = pl.Series(otherwise.name, [reason], dtype=WHY_NOT).new_from_index(0, rows.len())
    return told.zip_with(rows.fill_null(False), otherwise)


def _granted(facts: CityFacts, measure: Measure) -> pl.Series | None:
    """Whether each row had this measure, or one that excludes it, already; None where none of them had."""
    own = set(own_facts(measure))
    if "grant" not in facts.partition.tables or not _paid(measure) or own & set(COVERED):
        # There is nothing to grant twice, or a claim leaves out the months that were granted.
        return None
    group = next((g for g in facts.policy.groups if measure.id in g.members), None)
    # Where the rule itself looks at what was granted under the measure, only others of its group are left.
    names = {measure.id} - ({measure.id} if own & set(LEDGER) else set())
    if group is not None and group.span in ("year", "month"):
        names |= set(group.members) - {measure.id}
    if not names:
        return None
    grants = facts.partition.table("grant", [*_NAMED_BY, "measure", "granted_on", "first_month", "months"])
    had = grants.filter(pl.col("measure").is_in(sorted(names)) & (pl.col("granted_on") <= facts.on))
    if group is not None and group.span == "month":
        had = had.filter(covers_month(facts.settled))
    elif measure.subject.id not in _EVENTS and not measure.once_per:
        had = had.filter(pl.col("granted_on") >= dt.date(facts.on.year, 1, 1))
    if had.is_empty():
        return None
    rows = facts.claim_rows(measure.subject.id)
    keys = _keys(measure, had, rows)
    found = had.select(pl.col(theirs).alias(mine) for mine, theirs in keys.items()).unique()
    marked = rows.select(list(keys)).join(
        found.with_columns(pl.lit(True).alias("had")), on=list(keys), how="left", maintain_order="left"
    )
    return marked["had"].fill_null(False)


def _once(facts: CityFacts, measure: Measure, frame: pl.DataFrame) -> pl.DataFrame:
    """Of rows that share what a measure is granted once per, leave the entitlement to the first."""
    if not _paid(measure) or not set(measure.once_per) & set(measure.subject.relations):
        return frame
    rows = facts.claim_rows(measure.subject.id)
    grants = facts.partition.table("grant", _NAMED_BY)
    keys = [name for name in _keys(measure, grants, rows) if name != "subject_id"]
    if not keys:
        return frame
    entitled, why = frame[f"{measure.id}.entitled"], frame[f"{measure.id}.why_not"]
    sure = entitled.fill_null(False).arg_true()
    repeated = ~rows.select(pl.col(keys).gather(sure)).to_struct().is_first_distinct()
    later = each_row(frame).is_in(sure.filter(repeated).implode())
    return frame.with_columns(entitled & ~later, _because("displaced", later, why))


def _paid(measure: Measure) -> bool:
    return measure.fund is not None and measure.has_amount and measure.kind == "benefit"


def _keys(measure: Measure, grants: pl.DataFrame, rows: pl.DataFrame) -> dict[str, str]:
    """By which columns rows and grants are the same: what the measure is granted once per, else the row."""
    columns = {"person": "person", "employer": "enterprise", "enterprise": "enterprise"}
    relations = {name for name, link in measure.subject.relations.items() if isinstance(link, One)}
    wanted = [name for name in measure.once_per if name in relations]
    pairs = {name: columns[name] for name in wanted if name in columns}
    usable = all(mine in rows.columns and theirs in grants.columns for mine, theirs in pairs.items())
    return pairs if pairs and usable else {"subject_id": "subject_id"}


def _settle(group: Group, members: Sequence[Measure], frame: pl.DataFrame) -> pl.DataFrame:
    """Leave the entitlement to one member of a group: the best one, or the first in order."""
    if group.rule == "cap":
        return frame
    winner = _best(members) if group.rule == "best" else _first(members)
    frame = frame.with_columns(winner.alias("#winner"))
    won = pl.col("#winner")
    changes = []
    for number, measure in enumerate(members):
        entitled = pl.col(f"{measure.id}.entitled")
        # Where the winner is open, so is everybody who may win.
        kept = pl.when(won.is_null() | (won == number)).then(entitled).otherwise(entitled & False)
        open_race = won == _OPEN
        kept = pl.when(open_race & entitled.fill_null(True)).then(None).otherwise(kept)
        lost = entitled.fill_null(False) & won.is_not_null() & ~open_race & (won != number)
        changes += [
            kept.alias(f"{measure.id}.entitled"),
            pl.when(lost)
            .then(pl.lit("displaced", dtype=WHY_NOT))
            .otherwise(f"{measure.id}.why_not")
            .alias(f"{measure.id}.why_not"),
        ]
    return frame.with_columns(changes).drop("#winner")


_OPEN = -1


def _first(members: Sequence[Measure]) -> pl.Expr:
    """The number of the first member that is entitled; open where one before it may be. Null: none."""
    answer: pl.Expr = pl.lit(None, dtype=pl.Int8)
    for number, measure in reversed(list(enumerate(members))):
        entitled = pl.col(f"{measure.id}.entitled")
        answer = (
            pl.when(entitled.fill_null(False))
            .then(pl.lit(number, dtype=pl.Int8))
            .when(entitled.is_null())
            .then(pl.when(answer.is_null()).then(answer).otherwise(pl.lit(_OPEN, dtype=pl.Int8)))
            .otherwise(answer)
        )
    return answer


def _best(members: Sequence[Measure]) -> pl.Expr:
    """The number of the member with the highest amount; of equal ones the first. Open where bounds overlap."""
    lows, highs = [], []
    for measure in members:
        entitled = pl.col(f"{measure.id}.entitled")
        sure = entitled.fill_null(False)
        low = pl.coalesce(f"{measure.id}.amount", f"{measure.id}.low")
        high = pl.coalesce(f"{measure.id}.amount", f"{measure.id}.high").fill_null(_NO_BOUND)
        lows.append(pl.when(sure).then(low.fill_null(0)).otherwise(-1))
        highs.append(pl.when(entitled.fill_null(True)).then(high).otherwise(-1))
    answer: pl.Expr = pl.when(pl.max_horizontal(highs) >= 0).then(pl.lit(_OPEN, dtype=pl.Int8))
    for number in reversed(range(len(members))):
        before = [pl.lit(True)] + [lows[number] > highs[other] for other in range(number)]
        after = [lows[number] >= highs[other] for other in range(number + 1, len(members))]
        wins = pl.all_horizontal(*before, *after, lows[number] >= 0)
        answer = pl.when(wins).then(pl.lit(number, dtype=pl.Int8)).otherwise(answer)
    return answer


_NO_BOUND = 2**62
