"""One open measure: the facts that it waits for, and which answers to them settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from wenjiuye.rules.candidates import (
    LATTICES,
    Turns,
    plain_candidates,
    probes,
    reading_of,
    table_keys,
    turns_of,
)
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.expression import Ref
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.stakes import stake_of
from wenjiuye.rules.wanted import Wanted

LOOKAHEAD = 150
"""Decisions tried to find out whether a fact can matter with others; undecided after that, it may be asked."""


@dataclass(frozen=True, eq=False)
class OpenCase:
    """An open measure: the facts that its open part reads, by the record's names, and what is at stake."""

    wanted: Wanted
    measure: Measure
    target: Measure
    facts: Mapping[str, Ref]
    stake: int
    stake_zh: str
    stake_en: str
    tried: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: Wanted, answer: Determination) -> OpenCase:
        measure = answer.measure
        verdict_open = answer.verdict is Verdict.UNDETERMINED
        asked = wanted.below(measure.condition if verdict_open or measure.amount is None else measure.amount)
        target = _target(measure, verdict_open)
        return cls(wanted, measure, target, {wanted.key(ref): ref for ref in asked}, *stake_of(answer))

    @property
    def asked(self) -> Iterable[Ref]:
        """Every fact that it waits for, askable or not."""
        return self.facts.values()

    def settled_by(self, record: Record) -> bool:
        """Whether this record settles what is open."""
        look = self.wanted.look
        answer = determine(look.policy, self.target, record, look.on, nested=look.nested)
        if answer.verdict is Verdict.UNDETERMINED:
            return False
        return answer.verdict is Verdict.INELIGIBLE or not self.target.has_amount or answer.amount is not None

    def candidates(self, key: str) -> tuple[Any, ...]:
        """Answers to a fact that this measure can tell apart."""
        if key not in self.tried:
            self.tried[key] = self._candidates(key, self.facts[key].fact)
        return self.tried[key]

    def _candidates(self, key: str, fact: Fact) -> tuple[Any, ...]:
        if fact.kind not in LATTICES:
            return plain_candidates(fact)
        found = dict.fromkeys(probes(fact, self.wanted.look.on))
        for turns in self.turns(key):
            found.update(dict.fromkeys(turns.answers))
        if fact.kind is Kind.INT:
            found.update(dict.fromkeys(table_keys(self.wanted.look.policy, self.measure, fact)))
        return tuple(found)

    def turns(self, key: str) -> Iterator[Turns]:
        """Where the comparisons of the measure turn over a number or a date."""
        fact = self.facts[key].fact
        for node, refs in reading_of(self.measure).comparisons if fact.kind in LATTICES else ():
            if any(self.wanted.key(ref) == key for ref in refs):
                yield turns_of(self.wanted, node, key)

    def share_settling(self, key: str) -> float:
        """The share of the candidate answers to a fact that settles the measure at once."""
        record, answers = self.wanted.look.record, self.candidates(key)
        return sum(self.settled_by({**record, key: answer}) for answer in answers) / len(answers)

    def can_matter(self, key: str) -> bool:
        """Whether answers to the other facts can lead to a point at which this one settles the measure.

        Where a comparison hangs on several unknown facts its thresholds are not known yet, so that nothing can be
        ruled out; elsewhere such answers are looked for.
        """
        return any(
            turns.open for other in self.facts for turns in self.turns(other)
        ) or self._found_to_matter(key)

    def _found_to_matter(self, key: str) -> bool:
        """Look for answers to the others after which an answer to this one settles the measure.

        More answers never make a settled measure open again, so it is enough to give them in one order, and to
        turn back where they settle it without this fact.
        """
        answers = self.candidates(key)
        others = [(other, self.candidates(other)) for other in self.facts if other != key]
        left = LOOKAHEAD

        def search(record: Record, place: int) -> bool:
            nonlocal left
            left -= len(answers)
            if left < 0 or any(self.settled_by({**record, key: answer}) for answer in answers):
                return True
            if place == len(others):
                return False
            other, choices = others[place]
            for choice in choices:
                left -= 1
                longer = {**record, other: choice}
                if not self.settled_by(longer) and search(longer, place + 1):
                    return True
            return False

        return search(self.wanted.look.record, 0)


_targets: WeakKeyDictionary[Measure, dict[bool, Measure]] = WeakKeyDictionary()


def _target(measure: Measure, verdict_open: bool) -> Measure:
    """The measure without what does not decide: a verdict alone, or a sum without bounds and parts."""
    both = _targets.setdefault(measure, {})
    if verdict_open not in both:
        amount = None if verdict_open else measure.amount
        both[verdict_open] = replace(measure, nodes=measure.nodes[:1], amount=amount, parts={}, limit=None)
    return both[verdict_open]
