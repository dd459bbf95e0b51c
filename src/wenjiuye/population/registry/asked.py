"""Which measures are asked for, and what follows: which others have to be decided, and which facts are read.

Whoever asks for one measure gets the answers that a run of all measures gives. Its facts are those that its own
expressions read; and it can be displaced, so whatever may take its place is decided with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wenjiuye.population.registry.claims import covered_months
from wenjiuye.population.results import county_path
from wenjiuye.rules.batch_assembly import Reach
from wenjiuye.rules.expression import Expression, Gathered
from wenjiuye.rules.facts import Many, One, Subject
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

HIRE_PERSON_MEASURE = "hire_tax_deduction_person"
"""The measure that says which hires a firm may deduct taxes for."""
OF_DEDUCTION = frozenset({"deductible_hires", "deductible_hire_months"})
"""The facts of employers that follow from its answers."""
OF_CLAIM = ("flexibly_employed", "flexible_job_started_on")
"""The facts of a person over which the months of a claim are counted."""


@dataclass(frozen=True)
class Asked:
    """The measures that are asked for, those that are decided (these and their rivals), and the facts read.

    facts: by the subject that is decided and the subject that has them (itself, or one it is related to).
    """

    measures: tuple[Measure, ...]
    decided: tuple[Measure, ...]
    facts: Mapping[tuple[str, str], Collection[str]]

    @classmethod
    def of(cls, policy: Policy, names: Collection[str]) -> Asked:
        """What it takes to answer for these measures. Raises PolicyError where the policy lacks one of them."""
        for name in names:
            policy.measure(name)
        rivals = _with_rivals(policy, names)
        measures = tuple(measure for name, measure in policy.measures.items() if name in names)
        decided = tuple(measure for name, measure in policy.measures.items() if name in rivals)
        facts = _read(policy, decided)
        if (
            OF_DEDUCTION & facts.get(("enterprise", "enterprise"), set())
            and HIRE_PERSON_MEASURE in policy.measures
        ):
            facts = _read(policy, [*decided, policy.measures[HIRE_PERSON_MEASURE]])
        return cls(measures, decided, facts)

    def facts_of(self, target: str, *subjects: str) -> Collection[str]:
        """The facts of one subject that are read when some subjects (default: any) are decided."""
        return {
            fact
            for (subject, owner), facts in self.facts.items()
            if owner == target and (not subjects or subject in subjects)
            for fact in facts
        }


def _with_rivals(policy: Policy, names: Collection[str]) -> Collection[str]:
    """These measures, those of the same subject in a group with one of them, and so on."""
    found, before = set(names), 0
    while len(found) > before:
        before = len(found)
        for group in policy.groups:
            members = {n: policy.measures[n].subject.id for n in group.members if n in policy.measures}
            subjects = {subject for name, subject in members.items() if name in found}
            found |= {name for name, subject in members.items() if subject in subjects}
    return found


def _read(policy: Policy, measures: Sequence[Measure]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for measure in measures:
        subject = measure.subject
        told = list(facts_read(subject, _expressions(measure)))
        path = county_path(subject, policy.measures_of(subject.id))
        if path is not None:
            told.append((_owner(subject, path).id, "county"))
        if subject.id == "person" and covered_months(measure):
            told += [("person", fact) for fact in OF_CLAIM]
        for target, fact in told:
            found.setdefault((subject.id, target), set()).add(fact)
    return found


def _expressions(measure: Measure) -> list[Expression]:
    return [*measure.expressions(), *([] if measure.limit is None else [measure.limit])]


def facts_read(subject: type[Subject], expressions: Sequence[Expression]) -> Iterator[tuple[str, str]]:
    """Each fact that expressions about a subject read, with the subject that has it."""
    reach = Reach.of(expressions)
    for ref in reach.refs.values():
        yield _owner(subject, ref.path).id, ref.fact.id
    for node in reach.gathered.values():
        gathered: Gathered = node.data
        if gathered.ref is None:
            link = _owner(subject, gathered.path).relations[gathered.relation]
            assert isinstance(link, Many)
            parts = [part for part in (gathered.where, gathered.of) if part is not None]
            yield from facts_read(link.target(), parts)


def _owner(subject: type[Subject], path: Sequence[str]) -> type[Subject]:
    for name in path:
        link = subject.relations[name]
        assert isinstance(link, One)
        subject = link.target
    return subject
