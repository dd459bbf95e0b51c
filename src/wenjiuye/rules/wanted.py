"""The facts that an open expression reads, each derived one asked itself or through its inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.expression import Expression, Gathered, Ref
from wenjiuye.rules.facts import Source
from wenjiuye.rules.policy import Policy


class Wanted:
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
