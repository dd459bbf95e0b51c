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

import calendar
import datetime as dt
import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from wenjiuye.rules.determination import Determination, Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.measures import Group, Measure, MeasureKind
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import yuan_text

LARGEST_CLUSTER = 24
"""Clashing measures solved at once. 24 have at most 3**8 = 6,561 maximal choices (Moon and Moser 1965)."""
MOST_SOLUTIONS = 10_000
"""Choices looked at to learn which open sums and verdicts matter; above that every open one is named."""
_OPEN = 10**30
"""Stands for "no upper bound" inside the sums, so that they stay integers."""

Period = tuple[dt.date | None, dt.date | None]
"""First and last day, both included; None is an open end."""
Claimed = Period | Set[dt.date]
"""What a measure is claimed for: a period, or a set of months, each given by any day in it."""


class StackingError(RulesError):
    """The determinations do not belong together, or the groups of the policy contradict each other."""


class AwardError(RulesError):
    """An officer's amount is not covered by the determination."""


@dataclass(frozen=True, slots=True)
class EarlierGrant:
    """What was granted before, less what was paid back. A right has the amount 0.

    period: the time it was for; a grant made once has the day of its decision as both ends. Without a period
    it counts in every span, so that nothing is paid twice for want of a date.
    """

    measure: str
    amount: int = 0
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A measure of the combination: its amount after the common caps, what they take off and by which group.

    An unknown amount is None and has bounds (`high` None: open). A right has no amount and both bounds are 0;
    a ceiling has the bounds 0 and itself, because an officer fills it. `reduced_by` is certain: what an open
    sum before it could take besides shows in `low`.
    """

    measure: str
    amount: int | None
    low: int
    high: int | None
    reduced_by: int = 0
    reduced_in: str | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """A measure left out though the subject is eligible, and the chosen one or earlier grant that keeps it out.

    Neither (None) where a common cap is itself zero. An undetermined measure is among the lost only where an
    earlier grant keeps it out whatever the verdict.
    """

    measure: str
    reason_zh: str
    reason_en: str
    because_of: str | EarlierGrant | None
    group: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What could still change the choice: a measure with an open verdict or sum, or a cap that is not set."""

    id: str
    what: str
    reason_zh: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class CapUse:
    """A common cap on the date: what was used before, what the combination takes at most, what is left then.

    Used and left are those of the fullest month or day where the members are claimed for different times.
    """

    group: str
    cap: int | None
    used_before: int
    used_now: int
    left: int | None


@dataclass(frozen=True, slots=True)
class Combination:
    """The best legal combination. `known` sums the exact amounts; the true total lies from `low` to `high`.

    Undetermined measures are not chosen; those not lost already are named in `undetermined`.
    """

    chosen: tuple[Chosen, ...]
    lost: tuple[Lost, ...]
    undetermined: tuple[str, ...]
    caps: tuple[CapUse, ...]
    known: int
    low: int
    high: int | None
    unsettled: tuple[Unsettled, ...]

    @property
    def provisional(self) -> bool:
        """Whether something open could still change what is chosen, or what a cap leaves of it."""
        return bool(self.unsettled)


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
    offers = _offers(policy, determinations)
    for name in claimed or ():
        policy.measure(name)
    on = determinations[0].on if determinations else dt.date.min
    boards = [_board(policy, group, offers, earlier, claimed or {}, on) for group in policy.groups]
    barred = _barred(policy, boards, offers)
    offers = {name: offer for name, offer in offers.items() if name not in barred}
    field = _field(boards, offers)
    taken: set[str] = set()
    unsettled: list[Unsettled] = []
    for cluster in _clusters(field, offers):
        present = {name: offers[name].nominal for name in cluster if not offers[name].undetermined}
        best = field.best(present)
        taken |= best
        unsettled += _open_ends(field, offers, cluster, best)
    names = [name for name in offers if name in taken]
    return _combination(policy, field, offers, names, barred, unsettled)


# ── What is on offer


@dataclass(frozen=True, slots=True)
class _Offer:
    """A measure that may be had: its bounds, and the sum by which it is compared while it is open."""

    measure: Measure
    amount: int | None
    low: int
    high: int
    undetermined: bool

    @property
    def nominal(self) -> int:
        """A ceiling counts in full, an unknown sum with what is certain of it."""
        return self.high if self.measure.ceiling and self.high < _OPEN else self.low

    @property
    def open(self) -> bool:
        return self.undetermined or self.low < self.high


def _offers(policy: Policy, determinations: Sequence[Determination]) -> dict[str, _Offer]:
    """The eligible and undetermined measures, in clause order."""
    found: dict[str, Determination] = {}
    for answer in determinations:
        policy.measure(answer.measure.id)
        if answer.measure.id in found:
            raise StackingError(f"{answer.measure.id} is determined twice; combine one subject at a time")
        if answer.on != determinations[0].on:
            raise StackingError(
                f"{answer.measure.id} is determined on {answer.on}, {determinations[0].measure.id} on "
                f"{determinations[0].on}; combine determinations of one date"
            )
        found[answer.measure.id] = answer
    return {
        name: _offer(found[name])
        for name in policy.measures
        if name in found
        and found[name].verdict is not Verdict.INELIGIBLE
        and found[name].measure.kind is not MeasureKind.QUOTA
    }


def _offer(answer: Determination) -> _Offer:
    undetermined = answer.verdict is Verdict.UNDETERMINED
    if not answer.measure.has_amount:
        return _Offer(answer.measure, None, 0, 0, undetermined)
    low = 0 if answer.measure.ceiling else answer.low or 0
    high = _OPEN if answer.high is None else answer.high
    return _Offer(answer.measure, answer.amount, low, high, undetermined)


# ── Time: when members of a group clash

Times = tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True, slots=True)
class _Board:
    """A group on a date: its members on offer in order, their times, earlier grants in its span, its cap."""

    group: Group
    members: tuple[str, ...]
    times: Mapping[str, Times]
    before: tuple[tuple[EarlierGrant, Times], ...]
    cap: int | None


def _board(
    policy: Policy,
    group: Group,
    offers: Mapping[str, _Offer],
    earlier: Sequence[EarlierGrant],
    claimed: Mapping[str, Claimed],
    on: dt.date,
) -> _Board:
    members = tuple(name for name in group.members if name in offers)
    times = _times(group, members, claimed, on)
    everywhere = tuple(itertools.chain.from_iterable(times.values()))
    before = tuple(
        (grant, then)
        for grant in earlier
        if grant.measure in group.members and _overlap(then := _granted_for(group, grant), everywhere)
    )
    cap = policy.values[group.cap].figure(on) if group.cap is not None else None
    return _Board(group, members, times, before, None if cap is None else int(cap))  # type: ignore[arg-type]


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


def _overlap(one: Times, other: Times) -> bool:
    return any(start <= last and first <= end for start, end in one for first, last in other)


# ── What earlier grants keep out


def _barred(policy: Policy, boards: Sequence[_Board], offers: Mapping[str, _Offer]) -> dict[str, Lost]:
    found: dict[str, Lost] = {}
    for board in boards:
        cap = _Cap.of(board, board.members)
        for name in board.members:
            then = [grant for grant, when in board.before if _overlap(when, board.times[name])]
            bars = [grant for grant in then if _bars(board.group, name, grant)]
            if name in found:
                continue
            if bars:
                found[name] = _lost_to_earlier(policy, board.group, name, bars[0])
            elif then and board.group.rule == "cap" and offers[name].high and not cap.room_before(name):
                found[name] = _lost_to_cap(policy, cap, name, then[0])
    return found


def _bars(group: Group, name: str, grant: EarlierGrant) -> bool:
    """Whether an earlier grant excludes a member: any other one, and the same within a year, month or period.

    A group of span "always" says nothing on having the same measure again; `once_per` does.
    """
    return group.rule != "cap" and (grant.measure != name or group.span != "always")


# ── Caps


@dataclass(frozen=True, slots=True)
class _Cap:
    """A common cap, counted at every moment at which something begins: there its use is highest."""

    group: Group
    low: int
    high: int
    members: tuple[str, ...]
    moments: Mapping[str, tuple[int, ...]]
    used: tuple[int, ...]

    @classmethod
    def of(cls, board: _Board, members: Iterable[str]) -> _Cap:
        spans = [*board.times.values(), *(then for _, then in board.before)]
        days = sorted({start for times in spans for start, _ in times})
        points = [((day, day),) for day in days]
        moments = {
            name: tuple(i for i, point in enumerate(points) if _overlap(times, point))
            for name, times in board.times.items()
        }
        used = tuple(sum(g.amount for g, then in board.before if _overlap(then, point)) for point in points)
        low, high = (0, _OPEN) if board.cap is None else (board.cap, board.cap)
        return cls(board.group, low, high, tuple(members), moments, used)

    def room_before(self, name: str) -> int:
        """What earlier grants leave for a member."""
        return max(0, self.high - self.fullest(self.used, name))

    def fullest(self, used: Sequence[int], *names: str) -> int:
        """The highest use at a moment of these members."""
        return max((used[i] for name in names for i in self.moments[name]), default=0)

    def reduce(self, sums: dict[str, tuple[int, int]]) -> list[int]:
        """Reduce the sums (each from-to) in member order, so that no moment has more than the cap.

        Answers the highest use of every moment.
        """
        used_low, used_high = list(self.used), list(self.used)
        for name in self.members:
            if name not in sums:
                continue
            low = min(sums[name][0], max(0, self.low - self.fullest(used_high, name)))
            high = min(sums[name][1], max(0, self.high - self.fullest(used_low, name)))
            sums[name] = (low, high)
            for i in self.moments[name]:
                used_low[i] += low
                used_high[i] += high
        return used_high

    def room(self) -> int:
        """The most that its members can have together after the earlier grants."""
        moments = {i for name in self.members for i in self.moments[name]}
        return sum(max(0, self.high - self.used[i]) for i in moments)


# ── The choice


@dataclass(frozen=True, slots=True)
class _Field:
    """All clashes on the date: `keeps_out[a][b]` is the group by which b, if chosen, keeps a out.

    In an ordered pair `clash` holds both ways and `keeps_out` one way.
    """

    clash: Mapping[str, frozenset[str]]
    keeps_out: Mapping[str, Mapping[str, Group]]
    caps: tuple[_Cap, ...]

    def granted(self, sums: Mapping[str, int], names: Collection[str]) -> dict[str, int]:
        """What each gets after the caps, group after group; a cap that is not set reduces nothing here."""
        left = {name: (fen, fen) for name, fen in sums.items() if name in names}
        for cap in self.caps:
            cap.reduce(left)
        return {name: high for name, (_, high) in left.items()}

    def best(self, sums: Mapping[str, int]) -> frozenset[str]:
        """The best legal choice among the measures that these sums name, in clause order."""
        contested = [name for name in sums if self.clash[name] & sums.keys()]
        free = frozenset(sums).difference(contested)
        if len(contested) > LARGEST_CLUSTER:
            raise StackingError(
                f"{len(contested)} measures clash with each other, solved are {LARGEST_CLUSTER}: "
                f"{', '.join(contested)}; split the groups that join them"
            )
        best: tuple[tuple[int, int], frozenset[str]] | None = None
        for choice in self._legal(contested):
            names = choice | free
            left = self.granted(sums, names)
            worth = (sum(left.values()), sum(left[name] > 0 or sums[name] == 0 for name in names))
            # The first found of equals holds the earliest clauses.
            if best is None or worth > best[0]:
                best = worth, names
        if best is None:
            raise StackingError(f"the orders of the groups go in a circle: {', '.join(contested)}")
        return best[1]

    def _legal(self, contested: Sequence[str]) -> Iterator[frozenset[str]]:
        """Every legal choice, those with the earlier clauses first."""

        def visit(place: int, taken: frozenset[str], out: tuple[str, ...]) -> Iterator[frozenset[str]]:
            if place == len(contested):
                yield taken
                return
            name, rest = contested[place], contested[place + 1 :]
            if not self.clash[name] & taken:
                yield from visit_if_kept(place + 1, taken | {name}, out, rest)
            yield from visit_if_kept(place + 1, taken, (*out, name), rest)

        def visit_if_kept(
            place: int, taken: frozenset[str], out: tuple[str, ...], rest: Sequence[str]
        ) -> Iterator[frozenset[str]]:
            # Each one left out needs a chosen one, or one that can still be chosen, that keeps it out.
            possible = taken.union(other for other in rest if not self.clash[other] & taken)
            if all(not possible.isdisjoint(self.keeps_out[name]) for name in out):
                yield from visit(place, taken, out)

        yield from visit(0, frozenset(), ())


def _field(boards: Sequence[_Board], offers: Mapping[str, _Offer]) -> _Field:
    """The clashes among the measures on offer; an order binds even where another group leaves a choice."""
    keeps_out: dict[str, dict[str, Group]] = {name: {} for name in offers}
    ordered: set[frozenset[str]] = set()
    for rule in ("order", "best"):
        for board in boards:
            if board.group.rule != rule:
                continue
            for first, second in itertools.combinations([n for n in board.members if n in offers], 2):
                pair = frozenset((first, second))
                if not _overlap(board.times[first], board.times[second]):
                    continue
                if rule == "order":
                    ordered.add(pair)
                    keeps_out[second].setdefault(first, board.group)
                elif pair not in ordered:
                    keeps_out[second].setdefault(first, board.group)
                    keeps_out[first].setdefault(second, board.group)
    clash = {
        name: frozenset(keeps_out[name]).union(other for other in offers if name in keeps_out[other])
        for name in offers
    }
    caps = tuple(
        _Cap.of(board, [name for name in board.members if name in offers])
        for board in boards
        if board.group.rule == "cap"
    )
    return _Field(clash, keeps_out, caps)


def _clusters(field: _Field, offers: Mapping[str, _Offer]) -> list[list[str]]:
    """Measures that hang together by clashes and caps, each cluster in clause order."""
    near = {name: set(field.clash[name]) for name in offers}
    for cap in field.caps:
        for name in cap.members:
            near[name].update(cap.members)
    found: list[list[str]] = []
    seen: set[str] = set()
    for start in offers:
        if start not in seen:
            members, wave = {start}, {start}
            while wave:
                wave = {other for name in wave for other in near[name]} - members
                members |= wave
            seen |= members
            found.append([name for name in offers if name in members])
    return found


# ── What could still change the choice


def _open_ends(
    field: _Field, offers: Mapping[str, _Offer], cluster: Sequence[str], best: frozenset[str]
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
    unset = [cap.group for cap in field.caps if cap.high == _OPEN and best & set(cap.members)]
    return [_unsettled(offers[name]) for name in names if name in found] + [_unset_cap(g) for g in unset]


def _states(offer: _Offer) -> list[int | None]:
    """The sums that an open measure can come to; None: not granted."""
    ends: list[int | None] = list(dict.fromkeys((offer.low, offer.high)))
    return [None, *ends] if offer.undetermined else ends


def _that_matter(
    field: _Field,
    offers: Mapping[str, _Offer],
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


def _unsettled(offer: _Offer) -> Unsettled:
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


# ── The answer


def _combination(
    policy: Policy,
    field: _Field,
    offers: Mapping[str, _Offer],
    names: Sequence[str],
    barred: Mapping[str, Lost],
    unsettled: Sequence[Unsettled],
) -> Combination:
    sums = {name: (offers[name].low, offers[name].high) for name in names}
    lost = dict(barred)
    reduced_in: dict[str, _Cap] = {}
    caps = []
    for cap in field.caps:
        before = dict(sums)
        used = cap.reduce(sums)
        caps.append(_cap_use(cap, used, sums))
        for name in cap.members:
            if name in sums and sums[name] != before[name]:
                reduced_in[name] = cap
                if sums[name][1] == 0:
                    lost.setdefault(name, _lost_to_cap(policy, cap, name, _spender(cap, name, sums)))
    for name in offers:
        if name not in names and not offers[name].undetermined:
            lost[name] = _lost_to_chosen(field, offers, name, names)
    chosen = [_chosen(offers[name], sums[name], reduced_in.get(name)) for name in names if name not in lost]
    high = _most(field, sums)
    return Combination(
        chosen=tuple(chosen),
        lost=tuple(lost[name] for name in policy.measures if name in lost),
        undetermined=tuple(name for name in offers if offers[name].undetermined),
        caps=tuple(caps),
        known=sum(one.low for one in chosen if one.low == one.high),
        low=sum(one.low for one in chosen),
        high=None if high >= _OPEN else high,
        unsettled=tuple(unsettled),
    )


def _chosen(offer: _Offer, got: tuple[int, int], cap: _Cap | None) -> Chosen:
    low, high = got
    bound = None if high >= _OPEN else high
    exact = low == high or (offer.measure.ceiling and offer.amount is not None)
    return Chosen(
        offer.measure.id,
        amount=bound if exact and offer.measure.has_amount else None,
        low=low,
        high=bound,
        reduced_by=offer.high - high if offer.high < _OPEN else 0,
        reduced_in=None if cap is None else cap.group.id,
    )


def _most(field: _Field, sums: Mapping[str, tuple[int, int]]) -> int:
    """The most that all can come to: no more than each, and no more than a cap has room for."""
    total = 0
    counted: set[str] = set()
    for cap in field.caps:
        here = [name for name in cap.members if name in sums and name not in counted]
        counted.update(here)
        total += min(sum(sums[name][1] for name in here), cap.room())
    return total + sum(high for name, (_, high) in sums.items() if name not in counted)


def _cap_use(cap: _Cap, used: Sequence[int], sums: Mapping[str, tuple[int, int]]) -> CapUse:
    before = cap.fullest(cap.used, *cap.members)
    now = min(sum(sums[name][1] for name in cap.members if name in sums), cap.room())
    if cap.high == _OPEN:
        return CapUse(cap.group.id, None, before, now, None)
    return CapUse(cap.group.id, cap.high, before, now, max(0, cap.high - cap.fullest(used, *cap.members)))


def _spender(cap: _Cap, name: str, sums: Mapping[str, tuple[int, int]]) -> str | None:
    """The first member that takes of the cap at the same time."""
    mine = set(cap.moments[name])
    takers = (n for n in cap.members if n in sums and sums[n][1] > 0 and mine & set(cap.moments[n]))
    return next(takers, None)


def _lost_to_earlier(policy: Policy, group: Group, name: str, grant: EarlierGrant) -> Lost:
    had = policy.measure(grant.measure)
    zh, en = _period_text(grant)
    return Lost(
        name,
        f"{group.zh}：此前已享受“{had.zh}”{zh}",
        f"{group.en}: “{had.en}” was granted before{en}",
        grant,
        group.id,
    )


def _period_text(grant: EarlierGrant) -> tuple[str, str]:
    if grant.period is None:
        return "（期间未记载）", " (for a period not recorded)"
    start, end = (day.isoformat() if day else "…" for day in grant.period)
    return (
        (f"（{start}至{end}）", f" ({start} to {end})") if start != end else (f"（{start}）", f" ({start})")
    )


def _lost_to_cap(policy: Policy, cap: _Cap, name: str, spender: str | EarlierGrant | None) -> Lost:
    figure = yuan_text(cap.high)
    zh, en = f"共同上限为{figure}元", f"the common cap is {figure} yuan"
    if spender is not None:
        before = isinstance(spender, EarlierGrant)
        used = policy.measure(spender.measure if isinstance(spender, EarlierGrant) else spender)
        zh = f"共同上限{figure}元{'此前' if before else ''}已由“{used.zh}”用完"
        en = f"the common cap of {figure} yuan is used up by “{used.en}”{' before' if before else ''}"
    return Lost(name, f"{cap.group.zh}：{zh}", f"{cap.group.en}: {en}", spender, cap.group.id)


def _lost_to_chosen(field: _Field, offers: Mapping[str, _Offer], name: str, names: Sequence[str]) -> Lost:
    winner, group = next((n, group) for n, group in field.keeps_out[name].items() if n in names)
    one, other = offers[winner], offers[name]
    if group.rule == "order":
        zh, en = f"“{one.measure.zh}”在先", f"“{one.measure.en}” goes first"
    elif one.nominal > other.nominal:
        zh = f"取“{one.measure.zh}”（{_sum_text(one)[0]}；本项{_sum_text(other)[0]}）"
        en = f"“{one.measure.en}” is better ({_sum_text(one)[1]}; this one {_sum_text(other)[1]})"
    elif one.nominal == other.nominal:
        zh = f"与“{one.measure.zh}”不分高低，取其中有利于其他事项或条款在先的"
        en = f"it is no better than “{one.measure.en}”, which leaves more of the rest or stands first"
    else:
        zh = f"取“{one.measure.zh}”，连同其他事项合计更多"
        en = f"“{one.measure.en}” leaves more in all, together with what else can be had"
    return Lost(name, f"{group.zh}：{zh}", f"{group.en}: {en}", winner, group.id)


def _sum_text(offer: _Offer) -> tuple[str, str]:
    if not offer.measure.has_amount:
        return "不涉及金额", "no sum"
    if offer.amount is None:
        text = yuan_text(offer.low)
        return (f"至少{text}元", f"{text} yuan or more") if offer.low else ("金额未定", "an unknown sum")
    text = yuan_text(offer.amount)
    return (
        (f"最高{text}元", f"at most {text} yuan") if offer.measure.ceiling else (f"{text}元", f"{text} yuan")
    )


# ── An officer's amount


def check_award(determination: Determination, amount_fen: int) -> None:
    """Refuse an amount that the determination does not cover. Less than was determined is allowed.

    Raises AwardError for a subject that is not eligible, a measure without a sum, and an amount that is
    negative, no whole number of fen, or above the exact amount, the ceiling or the upper bound.
    """
    measure = determination.measure
    if isinstance(amount_fen, bool) or not isinstance(amount_fen, int):
        raise AwardError(f"{measure.id}: {amount_fen!r} is not a whole number of fen")
    if determination.verdict is not Verdict.ELIGIBLE:
        raise AwardError(f"{measure.id}: the subject is {determination.verdict} on {determination.on}")
    if not measure.has_amount:
        raise AwardError(f"{measure.id}: grants no sum, so none can be awarded")
    if amount_fen < 0:
        raise AwardError(
            f"{measure.id}: {yuan_text(amount_fen)} yuan is below zero; book a repayment instead"
        )
    limit = determination.high if determination.amount is None else determination.amount
    if limit is not None and amount_fen > limit:
        known = "upper bound" if determination.amount is None else "ceiling" if measure.ceiling else "amount"
        raise AwardError(
            f"{measure.id}: {yuan_text(amount_fen)} yuan is above the {known} of {yuan_text(limit)} yuan; "
            "award at most that, or correct the facts and determine again"
        )
