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
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wenjiuye.rules.candidates import KEPT
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination, Record, Verdict
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Ref
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.open_case import LOOKAHEAD, OpenCase
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.stakes import STAKE_MOST, STAKE_RIGHT, STAKE_UNKNOWN
from wenjiuye.rules.wanted import Wanted

__all__ = [
    "KEPT",
    "LOOKAHEAD",
    "NAMED",
    "REMOTE",
    "STAKE_MOST",
    "STAKE_RIGHT",
    "STAKE_UNKNOWN",
    "Question",
    "SubjectNotFoundError",
    "next_questions",
    "still_open",
]

REMOTE = 0.05
"""What an answer weighs that settles nothing alone, shared among the facts that are open with it."""
NAMED = 3
"""Measures named in a reason; the others are counted."""


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
    wanted = Wanted(Evaluation(policy, record, on, nested=nested), subject_id, answered, ask_officer)
    cases = [
        OpenCase.of(wanted, answer)
        for answer in still_open(policy, subject_id, record, on, measures=measures, nested=nested)
    ]
    facts = {wanted.key(ref): ref for case in cases for ref in case.asked if wanted.may_ask(ref)}
    found = (_question(key, ref, cases) for key, ref in facts.items())
    return sorted((one for one in found if one is not None), key=lambda question: -question.score)


# ── The question


def _question(key: str, ref: Ref, cases: Iterable[OpenCase]) -> Question | None:
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


def _why(settled: list[OpenCase], helped: list[OpenCase]) -> tuple[str, str]:
    named = settled or helped
    zh = "、".join(f"{case.measure.zh}{case.stake_zh}" for case in named[:NAMED])
    en = "; ".join(f"{case.measure.en}{case.stake_en}" for case in named[:NAMED])
    if len(named) > NAMED:
        zh, en = f"{zh}等{len(named)}项", f"{en}; and {len(named) - NAMED} more"
    if settled:
        return f"问这个，是因为它决定：{zh}", f"We ask because it decides: {en}"
    return f"问这个，是因为它与其他回答一起决定：{zh}", f"We ask because it decides, with other answers: {en}"
