"""The best legal combination of measures: what may be had together, what wins a clash, why each other lost.

A combination is legal where no two measures clash, and where every measure left out is kept out by a chosen
one: by any member of a "best" group, by an earlier member of an "order" group. So nobody can step past the
first in an order for the sake of a larger sum. Of the legal combinations the one with the largest total is
taken, then the one with most measures that a common cap does not empty, then the one that holds the earliest
clauses. A measure that a cap empties is lost, and yet keeps its place in its other groups.

`once_per` is not applied here: whether this person or this hire has had a measure before is a question to the
registry of grants, under its lock, and not to the determinations of one subject.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from wenjiuye.rules.award import AwardError, check_award
from wenjiuye.rules.combination import (
    CapUse,
    Chosen,
    Claimed,
    Combination,
    EarlierGrant,
    Lost,
    Period,
    StackingError,
    Unsettled,
)
from wenjiuye.rules.determination import Determination
from wenjiuye.rules.measures import Group
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.stacking_offers import OPEN, Offer, offers_of
from wenjiuye.rules.stacking_open_ends import MOST_SOLUTIONS, open_ends
from wenjiuye.rules.stacking_reasons import lost_to_cap, lost_to_chosen, lost_to_earlier
from wenjiuye.rules.stacking_search import LARGEST_CLUSTER, Cap, Field, clusters, field_of
from wenjiuye.rules.stacking_times import Board, Times, board_of, overlap

__all__ = [
    "LARGEST_CLUSTER",
    "MOST_SOLUTIONS",
    "AwardError",
    "CapUse",
    "Chosen",
    "Claimed",
    "Combination",
    "EarlierGrant",
    "Lost",
    "Period",
    "StackingError",
    "Times",
    "Unsettled",
    "check_award",
    "combine",
]


def combine(
    policy: Policy,
    determinations: Sequence[Determination],
    earlier: Sequence[EarlierGrant] = (),
    *,
    claimed: Mapping[str, Claimed] | None = None,
) -> Combination:
    """The best legal combination of one subject's determinations on one date, after what was granted before.

    claimed: months or a period for each measure, which groups of span "month" and "period" compare. A measure
    without one is taken to be claimed for the time of the other members, or for the month or day of decision
    where none has one. Quotas grant nothing and are left aside. Raises StackingError.
    """
    offers = offers_of(policy, determinations)
    for name in claimed or ():
        policy.measure(name)
    on = determinations[0].on if determinations else dt.date.min
    boards = [board_of(policy, group, offers, earlier, claimed or {}, on) for group in policy.groups]
    barred = _barred(policy, boards, offers)
    offers = {name: offer for name, offer in offers.items() if name not in barred}
    field = field_of(boards, offers)
    taken: set[str] = set()
    unsettled: list[Unsettled] = []
    for cluster in clusters(field, offers):
        present = {name: offers[name].nominal for name in cluster if not offers[name].undetermined}
        best = field.best(present)
        taken |= best
        unsettled += open_ends(field, offers, cluster, best)
    names = [name for name in offers if name in taken]
    return _combination(policy, field, offers, names, barred, unsettled)


# ── What earlier grants keep out


def _barred(policy: Policy, boards: Sequence[Board], offers: Mapping[str, Offer]) -> dict[str, Lost]:
    found: dict[str, Lost] = {}
    for board in boards:
        cap = Cap.of(board, board.members)
        for name in board.members:
            then = [grant for grant, when in board.before if overlap(when, board.times[name])]
            bars = [grant for grant in then if _bars(board.group, name, grant)]
            if name in found:
                continue
            if bars:
                found[name] = lost_to_earlier(policy, board.group, name, bars[0])
            elif then and board.group.rule == "cap" and offers[name].high and not cap.room_before(name):
                found[name] = lost_to_cap(policy, cap, name, then[0])
    return found


def _bars(group: Group, name: str, grant: EarlierGrant) -> bool:
    """Whether an earlier grant excludes a member: any other one, and the same within a year, month or period.

    A group of span "always" says nothing on having the same measure again; `once_per` does.
    """
    return group.rule != "cap" and (grant.measure != name or group.span != "always")


# ── The answer


def _combination(
    policy: Policy,
    field: Field,
    offers: Mapping[str, Offer],
    names: Sequence[str],
    barred: Mapping[str, Lost],
    unsettled: Sequence[Unsettled],
) -> Combination:
    sums = {name: (offers[name].low, offers[name].high) for name in names}
    lost = dict(barred)
    reduced_in: dict[str, Cap] = {}
    caps = []
    for cap in field.caps:
        before = dict(sums)
        used = cap.reduce(sums)
        caps.append(_cap_use(cap, used, sums))
        for name in cap.members:
            if name in sums and sums[name] != before[name]:
                reduced_in[name] = cap
                if sums[name][1] == 0:
                    lost.setdefault(name, lost_to_cap(policy, cap, name, _spender(cap, name, sums)))
    for name in offers:
        if name not in names and not offers[name].undetermined:
            lost[name] = lost_to_chosen(field, offers, name, names)
    chosen = [_chosen(offers[name], sums[name], reduced_in.get(name)) for name in names if name not in lost]
    high = _most(field, sums)
    return Combination(
        chosen=tuple(chosen),
        lost=tuple(lost[name] for name in policy.measures if name in lost),
        undetermined=tuple(name for name in offers if offers[name].undetermined),
        caps=tuple(caps),
        known=sum(one.low for one in chosen if one.low == one.high),
        low=sum(one.low for one in chosen),
        high=None if high >= OPEN else high,
        unsettled=tuple(unsettled),
    )


def _chosen(offer: Offer, got: tuple[int, int], cap: Cap | None) -> Chosen:
    low, high = got
    bound = None if high >= OPEN else high
    exact = low == high or (offer.measure.ceiling and offer.amount is not None)
    return Chosen(
        offer.measure.id,
        amount=bound if exact and offer.measure.has_amount else None,
        low=low,
        high=bound,
        reduced_by=offer.high - high if offer.high < OPEN else 0,
        reduced_in=None if cap is None else cap.group.id,
    )


def _most(field: Field, sums: Mapping[str, tuple[int, int]]) -> int:
    """The most that all can come to: no more than each, and no more than a cap has room for."""
    total = 0
    counted: set[str] = set()
    for cap in field.caps:
        here = [name for name in cap.members if name in sums and name not in counted]
        counted.update(here)
        total += min(sum(sums[name][1] for name in here), cap.room())
    return total + sum(high for name, (_, high) in sums.items() if name not in counted)


def _cap_use(cap: Cap, used: Sequence[int], sums: Mapping[str, tuple[int, int]]) -> CapUse:
    before = cap.fullest(cap.used, *cap.members)
    now = min(sum(sums[name][1] for name in cap.members if name in sums), cap.room())
    if cap.high == OPEN:
        return CapUse(cap.group.id, None, before, now, None)
    return CapUse(cap.group.id, cap.high, before, now, max(0, cap.high - cap.fullest(used, *cap.members)))


def _spender(cap: Cap, name: str, sums: Mapping[str, tuple[int, int]]) -> str | None:
    """The first member that takes of the cap at the same time."""
    mine = set(cap.moments[name])
    takers = (n for n in cap.members if n in sums and sums[n][1] > 0 and mine & set(cap.moments[n]))
    return next(takers, None)
