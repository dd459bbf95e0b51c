"""When the members of a group clash: what each is claimed for, and which earlier grants count with it."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wenjiuye.rules.combination import Claimed, EarlierGrant, StackingError
from wenjiuye.rules.measures import Group
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.stacking_offers import Offer

Times = tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A group on a date: its members on offer in order, their times, earlier grants in its span, its cap."""

    group: Group
    members: tuple[str, ...]
    times: Mapping[str, Times]
    before: tuple[tuple[EarlierGrant, Times], ...]
    cap: int | None


def board_of(
    policy: Policy,
    group: Group,
    offers: Mapping[str, Offer],
    earlier: Sequence[EarlierGrant],
    claimed: Mapping[str, Claimed],
    on: dt.date,
) -> Board:
    members = tuple(name for name in group.members if name in offers)
    times = _times(group, members, claimed, on)
    everywhere = tuple(itertools.chain.from_iterable(times.values()))
    before = tuple(
        (grant, then)
        for grant in earlier
        if grant.measure in group.members and overlap(then := _granted_for(group, grant), everywhere)
    )
    cap = policy.values[group.cap].figure(on) if group.cap is not None else None
    # The group is checked when the policy is built: its cap is a value in yuan, so whole fen.
    return Board(group, members, times, before, cap if isinstance(cap, int) else None)


def _times(
    group: Group, members: Iterable[str], claimed: Mapping[str, Claimed], on: dt.date
) -> dict[str, Times]:
    today = _widen(group, ((on, on),))
    if group.span in ("always", "year"):
        return dict.fromkeys(members, today)
    stated = {name: _claim(group, name, claimed[name]) for name in members if name in claimed}
    same = tuple(itertools.chain.from_iterable(stated.values())) or today
    return {name: stated.get(name, same) for name in members}


def _claim(group: Group, name: str, claim: Claimed) -> Times:
    if not claim:
        raise StackingError(f"{name}: claimed for no month at all; leave it out of `claimed`")
    if not isinstance(claim, tuple):
        return _widen(group, tuple((_month_start(day), _month_end(day)) for day in sorted(claim)))
    start, end = claim[0] or dt.date.min, claim[1] or dt.date.max
    if start > end:
        raise StackingError(f"{name}: claimed from {start} to {end}; the first day comes first")
    return _widen(group, ((start, end),))


def _granted_for(group: Group, grant: EarlierGrant) -> Times:
    start, end = grant.period or (None, None)
    return _widen(group, ((start or dt.date.min, end or dt.date.max),))


def _widen(group: Group, times: Times) -> Times:
    """The whole months or years where those are compared, and all of time where the group knows no span."""
    if group.span == "always":
        return ((dt.date.min, dt.date.max),)
    if group.span == "year":
        return tuple((start.replace(month=1, day=1), end.replace(month=12, day=31)) for start, end in times)
    if group.span == "month":
        return tuple((_month_start(start), _month_end(end)) for start, end in times)
    return times


def _month_start(day: dt.date) -> dt.date:
    return day.replace(day=1)


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def overlap(one: Times, other: Times) -> bool:
    return any(start <= last and first <= end for start, end in one for first, last in other)
