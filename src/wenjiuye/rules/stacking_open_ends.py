"""What could still change the choice: open verdicts, open sums and caps that are not set."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Mapping, Sequence

from wenjiuye.rules.combination import Unsettled
from wenjiuye.rules.measures import Group
from wenjiuye.rules.stacking_offers import OPEN, Offer
from wenjiuye.rules.stacking_search import Field

MOST_SOLUTIONS = 10_000
"""Choices looked at to learn which open sums and verdicts matter; above that every open one is named."""


def open_ends(
    field: Field, offers: Mapping[str, Offer], cluster: Sequence[str], best: frozenset[str]
) -> list[Unsettled]:
    """The open verdicts and amounts of a cluster that could change its choice, and caps that are not set.

    Each open one is tried at both its ends, and an undetermined one also as not granted, for every such state
    of the others; it matters where the rest of the choice, or what a cap leaves of it, differs.
    """
    names = [name for name in cluster if offers[name].open]
    contested = [name for name in cluster if field.clash[name]]
    states = [_states(offers[name]) for name in names]
    runs = 3 ** ((len(contested) + 2) // 3) * math.prod(map(len, states))
    found: Collection[str] = ()
    if len(cluster) > 1:
        found = names if runs > MOST_SOLUTIONS else _that_matter(field, offers, cluster, names, states)
    unset = [cap.group for cap in field.caps if cap.high == OPEN and best & set(cap.members)]
    return [_unsettled(offers[name]) for name in names if name in found] + [_unset_cap(g) for g in unset]


def _states(offer: Offer) -> list[int | None]:
    """The sums that an open measure can come to; None: not granted."""
    ends: list[int | None] = list(dict.fromkeys((offer.low, offer.high)))
    return [None, *ends] if offer.undetermined else ends


def _that_matter(
    field: Field,
    offers: Mapping[str, Offer],
    cluster: Sequence[str],
    names: Sequence[str],
    states: Sequence[Sequence[int | None]],
) -> set[str]:
    outcomes: dict[tuple[int | None, ...], tuple[frozenset[str], dict[str, int]]] = {}
    for state in itertools.product(*states):
        assumed = dict(zip(names, state, strict=True))
        sums = {name: assumed.get(name, offers[name].nominal) for name in cluster}
        present = {name: fen for name, fen in sums.items() if fen is not None}
        best = field.best(present)
        outcomes[state] = best, field.granted(present, best)
    found: set[str] = set()
    for place, name in enumerate(names):
        seen: dict[tuple[int | None, ...], object] = {}
        for state, (best, left) in outcomes.items():
            rest = {other: fen for other, fen in left.items() if other != name}
            result = (best - {name} if offers[name].undetermined else best, rest)
            if seen.setdefault(state[:place] + state[place + 1 :], result) != result:
                found.add(name)
    return found


def _unsettled(offer: Offer) -> Unsettled:
    measure = offer.measure
    if offer.undetermined:
        what, zh, en = "verdict", "能否享受尚未确定", "is undetermined"
    elif measure.ceiling and offer.amount is not None:
        what, zh, en = "award", "只有上限，金额尚未核定", "has a ceiling, and its award is not made yet"
    else:
        what, zh, en = "amount", "金额尚未确定", "has an unknown amount"
    return Unsettled(measure.id, what, f"“{measure.zh}”{zh}", f"“{measure.en}” {en}")


def _unset_cap(group: Group) -> Unsettled:
    return Unsettled(group.id, "cap", f"共同上限未设定：{group.zh}", f"the common cap is not set: {group.en}")
