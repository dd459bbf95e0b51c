"""What to ask next: the fact that settles most money for least trouble, and never one that cannot matter.

A fact is offered where an undetermined condition, or the unknown sum of an eligible measure, still reads it in
a part that is open. Each is tried with every answer that a rule can tell apart: both values of yes/no, each
member, numbers and dates on both sides of every threshold. What share of them settles a measure, times the
money at stake, over the burden of the fact is its score.

Unknown facts can need each other: of "small or poor, and insured or exempt" no single answer settles
anything. Such a fact is offered with a small weight where answers to the others can lead to a point at which
it settles the measure; where none can, it is not asked.

A fact that can be derived is asked itself where that is no more trouble than its missing inputs together, and
through its inputs otherwise; the one that cannot be asked, or was asked in vain, leaves it to the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Condition, Expression, Gathered, Ref, ValueUse
from wenjiuye.rules.facts import Fact, Source
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind, yuan_text

STAKE_MOST = 100_000_00
"""100,000 yuan: above it all sums weigh alike, or one award of millions would drown every small benefit."""
STAKE_UNKNOWN = 2_000_00
"""2,000 yuan for a sum without bounds: about one month's subsidy of one person, the usual size here."""
STAKE_RIGHT = 500_00
"""500 yuan for a right without a sum: worth asking for, but after the sums that a family lives on."""
REMOTE = 0.05
"""What an answer weighs that settles nothing alone, shared among the facts that are open with it."""
LOOKAHEAD = 150
"""Decisions tried to find out whether a fact can matter with others; undecided after that, it may be asked."""
NAMED = 3
"""Measures named in a reason; the others are counted."""
KEPT = 20_000
"""Turning points kept for each policy; they depend on the date and on what else a comparison reads."""

_COMPARISONS = {
    "lt": ("lt",),
    "le": ("le",),
    "gt": ("gt",),
    "ge": ("ge",),
    "eq": ("ge", "le"),
    "ne": ("ge", "le"),
}


class SubjectNotFoundError(RulesError, KeyError):
    """The policy has no subject of this id; the message names those that there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the fact to ask, in words, with the evidence that shows it and why it is asked.

    `key` is how the record names the answer, `allowed` what may be answered. `settles` are the measures that one
    answer can settle, `helps` others whose open part reads the fact, both with the most money first.
    """

    key: str
    fact: Fact
    zh: str
    en: str
    evidence_zh: str
    evidence_en: str
    score: float
    settles: tuple[str, ...]
    helps: tuple[str, ...]
    why_zh: str
    why_en: str
    kind: Kind
    allowed: str


def still_open(
    policy: Policy,
    subject_id: str,
    record: Record,
    on: dt.date,
    *,
    measures: Collection[str] | None = None,
    nested: bool = False,
) -> list[Determination]:
    """The measures of a subject that are undetermined, or eligible with an unknown sum, in clause order.

    measures: ids of those that count; all of the subject without it. nested: the record's keys are paths.
    Raises SubjectNotFoundError, MeasureNotFoundError.
    """
    for name in measures or ():
        policy.measure(name)
    if subject_id not in policy.subjects:
        raise SubjectNotFoundError(
            f"no subject is named {subject_id!r}; there are {', '.join(policy.subjects)}"
        )
    answers = (
        determine(policy, measure, record, on, nested=nested)
        for measure in policy.measures_of(subject_id)
        if measures is None or measure.id in measures
    )
    return [
        answer
        for answer in answers
        if answer.verdict is Verdict.UNDETERMINED
        or (answer.verdict is Verdict.ELIGIBLE and answer.measure.has_amount and answer.amount is None)
    ]


def next_questions(
    policy: Policy,
    subject_id: str,
    record: Record,
    on: dt.date,
    *,
    measures: Collection[str] | None = None,
    nested: bool = False,
    answered: Collection[str] = (),
    ask_officer: bool = False,
) -> list[Question]:
    """The questions that are worth asking about a subject, best first.

    measures: ids of those that count; all of the subject without it. answered: keys that are not asked again,
    because the answer was "I do not know". ask_officer: whether judgements and facts of the ledger are asked
    too, which only an officer can supply. Raises SubjectNotFoundError, MeasureNotFoundError.
    """
    wanted = _Wanted(Evaluation(policy, record, on, nested=nested), subject_id, answered, ask_officer)
    cases = [
        _Case.of(wanted, answer)
        for answer in still_open(policy, subject_id, record, on, measures=measures, nested=nested)
    ]
    facts = {wanted.key(ref): ref for case in cases for ref in case.asked if wanted.may_ask(ref)}
    found = (_question(key, ref, cases) for key, ref in facts.items())
    return sorted((one for one in found if one is not None), key=lambda question: -question.score)


# ── The facts that an open expression reads


class _Wanted:
    """Collects the facts that an unknown expression waits for, each derived fact by itself or by its inputs."""

    def __init__(
        self, look: Evaluation, subject_id: str, answered: Collection[str], ask_officer: bool
    ) -> None:
        self.look, self.subject_id = look, subject_id
        self.answered, self.ask_officer = answered, ask_officer
        self._known: dict[str, tuple[Ref, ...]] = {}

    def key(self, ref: Ref) -> str:
        """How the record names a fact."""
        return ref.key if self.look.nested else ref.fact.id

    def may_ask(self, ref: Ref) -> bool:
        """Whether the one who answers can know it and was not asked before."""
        official = ref.fact.source in (Source.JUDGEMENT, Source.LEDGER)
        return self.key(ref) not in self.answered and (self.ask_officer or not official)

    def below(self, node: Expression) -> tuple[Ref, ...]:
        """The facts of the open part of an expression, in the order in which it reads them."""
        if self.look.value(node) is not None:
            return ()
        if node.key not in self._known:
            self._known[node.key] = tuple(dict.fromkeys(self._below(node)))
        return self._known[node.key]

    def _below(self, node: Expression) -> Iterator[Ref]:
        derived = _derived_fact(self.look.policy, node)
        if node.op == "fact":
            # Facts of gathered rows belong to other subjects, each of which is asked for itself.
            yield from (node.data,) if node.data.scope == self.subject_id else ()
        elif derived is not None:
            inputs = self.below(node.args[1])
            yield from (derived,) if self._asked_itself(derived, inputs) else inputs
        elif node.op == "choose":
            yield from self._branches(node)
        elif isinstance(node.data, Gathered):
            if node.data.ref is not None and self.look.rows(node.data) is None:
                yield node.data.ref
        else:
            for arg in node.args:
                yield from self.below(arg)

    def _branches(self, node: Expression) -> Iterator[Ref]:
        args = node.args
        for i in range(0, len(args) - 1, 2):
            holds = self.look.value(args[i])
            if holds is not False:
                yield from self.below(args[i])
                yield from self.below(args[i + 1])
            if holds is True:
                return
        if len(args) % 2:
            yield from self.below(args[-1])

    def _asked_itself(self, fact: Ref, inputs: tuple[Ref, ...]) -> bool:
        if not self.may_ask(fact):
            return False
        if not inputs:
            # The inputs are known and give no answer: a contract that begins after the day, for instance.
            return True
        cheaper = fact.fact.burden <= sum(ref.fact.burden for ref in inputs)
        return cheaper or not all(self.may_ask(ref) for ref in inputs)


def _derived_fact(policy: Policy, node: Expression) -> Ref | None:
    """The fact that this node reads or derives; membership of a derived choice is one too."""
    if node.op != "or_else":
        return None
    given = node.args[0].args[0] if node.args[0].op == "in" else node.args[0]
    return given.data if given.op == "fact" and given.data.fact.id in policy.derivations else None


# ── One open measure


@dataclass(frozen=True, eq=False)
class _Case:
    """An open measure: the facts that its open part reads, by the record's names, and what is at stake."""

    wanted: _Wanted
    measure: Measure
    target: Measure
    facts: Mapping[str, Ref]
    stake: int
    stake_zh: str
    stake_en: str
    tried: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, wanted: _Wanted, answer: Determination) -> _Case:
        measure = answer.measure
        verdict_open = answer.verdict is Verdict.UNDETERMINED
        asked = wanted.below(measure.condition if verdict_open or measure.amount is None else measure.amount)
        target = _target(measure, verdict_open)
        return cls(wanted, measure, target, {wanted.key(ref): ref for ref in asked}, *_stake(answer))

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
        if fact.kind not in _LATTICES:
            return _plain_candidates(fact)
        found = dict.fromkeys(_probes(fact, self.wanted.look.on))
        for turns in self.turns(key):
            found.update(dict.fromkeys(turns.answers))
        if fact.kind is Kind.INT:
            found.update(dict.fromkeys(_table_keys(self.wanted.look.policy, self.measure, fact)))
        return tuple(found)

    def turns(self, key: str) -> Iterator[_Turns]:
        """Where the comparisons of the measure turn over a number or a date."""
        fact = self.facts[key].fact
        for node, refs in _reading(self.measure).comparisons if fact.kind in _LATTICES else ():
            if any(self.wanted.key(ref) == key for ref in refs):
                yield _turns(self.wanted, node, key)

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


def _stake(answer: Determination) -> tuple[int, str, str]:
    if not answer.measure.has_amount:
        return STAKE_RIGHT, "", ""
    if answer.high is not None:
        text = yuan_text(answer.high)
        return max(1, min(answer.high, STAKE_MOST)), f"（最高{text}元）", f" (up to {text} yuan)"
    if answer.low:
        text = yuan_text(answer.low)
        return min(answer.low, STAKE_MOST), f"（至少{text}元）", f" (at least {text} yuan)"
    return STAKE_UNKNOWN, "（金额未定）", " (sum still open)"


_targets: WeakKeyDictionary[Measure, dict[bool, Measure]] = WeakKeyDictionary()


def _target(measure: Measure, verdict_open: bool) -> Measure:
    """The measure without what does not decide: a verdict alone, or a sum without bounds and parts."""
    both = _targets.setdefault(measure, {})
    if verdict_open not in both:
        amount = None if verdict_open else measure.amount
        both[verdict_open] = replace(measure, nodes=measure.nodes[:1], amount=amount, parts={}, limit=None)
    return both[verdict_open]


# ── Candidate answers

_STEPS = 10**6
"""Shares are tried in millionths: finer than any rate of a rule."""


@dataclass(frozen=True, slots=True)
class _Lattice:
    """The values of a kind of fact as whole numbers, so that a threshold can be found by halving."""

    number: Callable[[Any], int]
    value: Callable[[int], Any]


_WHOLE = _Lattice(int, int)
_LATTICES = {
    Kind.INT: _WHOLE,
    Kind.MONEY: _WHOLE,
    Kind.SHARE: _Lattice(lambda share: int(share * _STEPS), lambda number: Fraction(number, _STEPS)),
    Kind.DATE: _Lattice(dt.date.toordinal, dt.date.fromordinal),
    Kind.MONTH: _Lattice(
        lambda month: month.year * 12 + month.month - 1,
        lambda number: dt.date(number // 12, number % 12 + 1, 1),
    ),
}


def _plain_candidates(fact: Fact) -> tuple[Any, ...]:
    if fact.kind is Kind.BOOL:
        return (True, False)
    if fact.kind is Kind.ENUM:
        return tuple(fact.members)
    # A list: none, one record of the smallest and one of the largest values.
    ends = [
        {f.id: (_probes(f, None) if f.kind in _LATTICES else _plain_candidates(f))[at] for f in fact.fields}
        for at in (0, -1)
    ]
    return ([], *([record] for record in ends))


def _probes(fact: Fact, on: dt.date | None) -> list[Any]:
    """Answers tried whatever the rule compares: both ends of the range, the next to the lowest, the day itself."""
    lattice, (low, high) = _LATTICES[fact.kind], fact.range()
    ends = [low, lattice.value(lattice.number(low) + 1), high]
    if on is not None and fact.kind in (Kind.DATE, Kind.MONTH):
        ends.insert(1, on if fact.kind is Kind.DATE else on.replace(day=1))
    return ends


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a measure compares, each comparison with the facts that it reads, and the tables it reads by a fact."""

    comparisons: tuple[tuple[Condition, frozenset[Ref]], ...]
    tables: frozenset[tuple[str, str]]


_readings: WeakKeyDictionary[Measure, _Reading] = WeakKeyDictionary()


def _reading(measure: Measure) -> _Reading:
    if measure not in _readings:
        nodes = {node.key: node for part in measure.expressions() for node in part.walk()}
        compared = [n for n in nodes.values() if isinstance(n, Condition) and n.op in _COMPARISONS]
        tables = [n for n in nodes.values() if isinstance(n.data, ValueUse) and n.data.keyed]
        _readings[measure] = _Reading(
            tuple((node, frozenset(node.refs)) for node in compared),
            frozenset((n.args[0].data.fact.id, n.data.name) for n in tables if n.args[0].op == "fact"),
        )
    return _readings[measure]


def _table_keys(policy: Policy, measure: Measure, fact: Fact) -> Iterator[int]:
    """The numbers under which the tables that a measure reads by this fact have figures."""
    for fact_id, name in _reading(measure).tables:
        if fact_id == fact.id:
            for entry in policy.values[name].entries:
                yield from (int(number) for number in entry.figures if number is not None)


@dataclass(frozen=True, slots=True)
class _Turns:
    """The answers on both sides of the points at which a comparison turns.

    open: it hangs on other unknown facts too, so that there may be more such points. A comparison that no
    answers make known, because a value is not set, has none.
    """

    answers: tuple[Any, ...]
    open: bool


_kept_turns: WeakKeyDictionary[Policy, dict[tuple[Any, ...], _Turns]] = WeakKeyDictionary()


def _turns(wanted: _Wanted, node: Condition, key: str) -> _Turns:
    """Where a comparison turns over the range of one fact, with the other facts as far as they are known."""
    look = wanted.look
    facts = {
        wanted.key(ref): (ref.fact, None if wanted.key(ref) == key else look.given(ref)) for ref in node.refs
    }
    known = {name: value for name, (_, value) in facts.items() if value is not None}
    kept = _kept_turns.setdefault(look.policy, {})
    case = (node.key, key, look.on, look.nested, tuple(known.items()))
    found = kept.get(case)
    if found is None:
        if len(kept) >= KEPT:
            kept.clear()
        unknown = {name: fact for name, (fact, _) in facts.items() if name not in known}
        kept[case] = found = _find_turns(look, node, known, unknown, key)
    return found


def _find_turns(
    look: Evaluation, node: Condition, known: Mapping[str, Any], unknown: Mapping[str, Fact], key: str
) -> _Turns:
    def truth(op: str, answers: Mapping[str, Any]) -> bool | None:
        record = {**known, **answers}
        condition = node if op == node.op else Condition(op, node.args)
        found: bool | None = Evaluation(look.policy, record, look.on, nested=look.nested).value(condition)
        return found

    lattice = _LATTICES[unknown[key].kind]
    low, high = (lattice.number(end) for end in unknown[key].range())
    found: list[int] = []
    ends: list[bool | None] = []
    for op in _COMPARISONS[node.op]:

        def holds(number: int, op: str = op) -> bool | None:
            return truth(op, {key: lattice.value(number)})

        first, last = holds(low), holds(high)
        ends += first, last
        if first is not last:
            found += *_crossing(low, high, holds, first), *_crossing(low, high, holds, last)
    guesses = ({name: _guess(fact, look.on, n) for name, fact in unknown.items()} for n in range(3))
    may_turn = None in ends and len(unknown) > 1 and any(truth(node.op, g) is not None for g in guesses)
    return _Turns(tuple(lattice.value(number) for number in dict.fromkeys(found)), may_turn)


def _guess(fact: Fact, on: dt.date, number: int) -> Any:
    answers = _probes(fact, on) if fact.kind in _LATTICES else _plain_candidates(fact)
    return answers[number % len(answers)]


def _crossing(
    low: int, high: int, holds: Callable[[int], bool | None], outer: bool | None
) -> tuple[int, int]:
    """Two neighbours of which one has the truth of an outer end and the other has not, found by halving."""
    rising = holds(low) is outer
    while high - low > 1:
        middle = (low + high) // 2
        if (holds(middle) is outer) is rising:
            low = middle
        else:
            high = middle
    return low, high


# ── The question


def _question(key: str, ref: Ref, cases: Iterable[_Case]) -> Question | None:
    readers = sorted((case for case in cases if key in case.facts), key=lambda case: -case.stake)
    shares = {case.measure.id: case.share_settling(key) for case in readers}
    settled = [case for case in readers if shares[case.measure.id] > 0]
    worth = sum(shares[case.measure.id] * case.stake for case in settled)
    helped = [case for case in readers if case not in settled]
    if not settled:
        helped = [case for case in helped if case.can_matter(key)]
        worth = sum(REMOTE / len(case.facts) * case.stake for case in helped)
    if not settled and not helped:
        return None
    fact = ref.fact
    why_zh, why_en = _why(settled, helped)
    return Question(
        key,
        fact,
        fact.ask_zh,
        fact.ask_en,
        fact.evidence_zh,
        fact.evidence_en,
        worth / fact.burden,
        tuple(case.measure.id for case in settled),
        tuple(case.measure.id for case in helped),
        why_zh,
        why_en,
        fact.kind,
        fact.wanted(),
    )


def _why(settled: list[_Case], helped: list[_Case]) -> tuple[str, str]:
    named = settled or helped
    zh = "、".join(f"{case.measure.zh}{case.stake_zh}" for case in named[:NAMED])
    en = "; ".join(f"{case.measure.en}{case.stake_en}" for case in named[:NAMED])
    if len(named) > NAMED:
        zh, en = f"{zh}等{len(named)}项", f"{en}; and {len(named) - NAMED} more"
    if settled:
        return f"问这个，是因为它决定：{zh}", f"We ask because it decides: {en}"
    return f"问这个，是因为它与其他回答一起决定：{zh}", f"We ask because it decides, with other answers: {en}"
