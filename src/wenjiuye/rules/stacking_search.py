"""The exact search for the best legal choice: common caps, clashes, and every choice they leave."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wenjiuye.rules.combination import StackingError
from wenjiuye.rules.measures import Group
from wenjiuye.rules.stacking_offers import OPEN, Offer
from wenjiuye.rules.stacking_times import Board, overlap

LARGEST_CLUSTER = 24
"""Clashing measures solved at once. 24 have at most 3**8 = 6,561 maximal choices (Moon and Moser 1965)."""


# ── Caps


@dataclass(frozen=True, slots=True)
class Cap:
    """A common cap, counted at every moment at which something begins: there its use is highest."""

    group: Group
    low: int
    high: int
    members: tuple[str, ...]
    moments: Mapping[str, tuple[int, ...]]
    used: tuple[int, ...]

    @classmethod
    def of(cls, board: Board, members: Iterable[str]) -> Cap:
        spans = [*board.times.values(), *(then for _, then in board.before)]
        days = sorted({start for times in spans for start, _ in times})
        points = [((day, day),) for day in days]
        moments = {
            name: tuple(i for i, point in enumerate(points) if overlap(times, point))
            for name, times in board.times.items()
        }
        used = tuple(sum(g.amount for g, then in board.before if overlap(then, point)) for point in points)
        low, high = (0, OPEN) if board.cap is None else (board.cap, board.cap)
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
class Field:
    """All clashes on the date: `keeps_out[a][b]` is the group by which b, if chosen, keeps a out.

    In an ordered pair `clash` holds both ways and `keeps_out` one way.
    """

    clash: Mapping[str, frozenset[str]]
    keeps_out: Mapping[str, Mapping[str, Group]]
    caps: tuple[Cap, ...]

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


def field_of(boards: Sequence[Board], offers: Mapping[str, Offer]) -> Field:
    """The clashes among the measures on offer; an order binds even where another group leaves a choice."""
    keeps_out: dict[str, dict[str, Group]] = {name: {} for name in offers}
    ordered: set[frozenset[str]] = set()
    for rule in ("order", "best"):
        for board in boards:
            if board.group.rule != rule:
                continue
            for first, second in itertools.combinations([n for n in board.members if n in offers], 2):
                pair = frozenset((first, second))
                if not overlap(board.times[first], board.times[second]):
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
        Cap.of(board, [name for name in board.members if name in offers])
        for board in boards
        if board.group.rule == "cap"
    )
    return Field(clash, keeps_out, caps)


def clusters(field: Field, offers: Mapping[str, Offer]) -> list[list[str]]:
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
