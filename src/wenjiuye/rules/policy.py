"""A built policy: measures, stacking groups and dated values. Immutable; a reform is another policy."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import inspect
import typing
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType, ModuleType
from typing import Any

from wenjiuye.rules import checks
from wenjiuye.rules.errors import DeclarationError, MeasureNotFoundError
from wenjiuye.rules.expression import Choice, Condition, Expression, Gathered, Ref
from wenjiuye.rules.facts import Fact, Many, One, Subject
from wenjiuye.rules.measures import (
    Declaration,
    Derivation,
    Group,
    Measure,
    amount_of,
    lay_out,
    module_declarations,
)
from wenjiuye.rules.values import ValueBook, Values


@dataclass(frozen=True, eq=False)
class Policy:
    """Everything that the compilers read. `with_values` and `with_measures` make a reform of it."""

    id: str
    zh: str
    en: str
    measures: Mapping[str, Measure]
    groups: tuple[Group, ...]
    values: ValueBook
    derivations: Mapping[str, Derivation]
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)
    """What compilers remember for this policy alone; a reform starts with none of it."""

    def measure(self, measure_id: str) -> Measure:
        """The measure with this id. Raises MeasureNotFoundError with the nearest names."""
        if measure_id in self.measures:
            return self.measures[measure_id]
        near = difflib.get_close_matches(measure_id, self.measures, 3)
        raise MeasureNotFoundError(
            f"no measure is named {measure_id!r}" + (f"; did you mean {' or '.join(near)}?" if near else "")
        )

    @cached_property
    def subjects(self) -> dict[str, type[Subject]]:
        """Every subject that a measure is about or reaches, by id, in order of first use."""
        found: dict[str, type[Subject]] = {}

        def visit(subject: type[Subject]) -> None:
            if subject.id in found:
                return
            found[subject.id] = subject
            for link in subject.relations.values():
                visit(link.target if isinstance(link, One) else link.target())

        for measure in self.measures.values():
            visit(measure.subject)
        return found

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """Every declared fact of the subjects, by id."""
        return {name: fact for subject in self.subjects.values() for name, fact in subject.facts.items()}

    def fact_of(self, subject_id: str, path: str) -> Expression:
        """A fact at a path from a subject (`employer.size`) as rules read it: given, else derived."""
        expression: Any = self.subjects[subject_id]()
        for name in path.split("."):
            expression = getattr(expression, name)
        resolved: Expression = _Resolver(self.derivations, Values(self.values)).resolve(expression)
        return resolved

    def measures_of(self, subject_id: str) -> list[Measure]:
        """The measures of one subject, in clause order."""
        return [measure for measure in self.measures.values() if measure.subject.id == subject_id]

    @cached_property
    def version(self) -> str:
        """A hash over rules and values: equal for policies that decide alike, other as soon as one differs."""
        digest = hashlib.sha256()
        for measure in sorted(self.measures.values(), key=lambda m: m.id):
            parts = [measure.id, measure.clause, measure.kind, measure.subject.id, str(measure.ceiling)]
            parts += [repr(measure.rounding), *(e.key for e in measure.expressions()), *measure.parts]
            parts.append("" if measure.limit is None else measure.limit.key)
            digest.update("\x1f".join(parts).encode())
        for group in self.groups:
            digest.update(repr((group.id, group.rule, group.members, group.span, group.cap)).encode())
        for name, value in sorted(self.values.values.items()):
            digest.update(name.encode())
            for entry in value.entries:
                figures = sorted((str(key), str(figure)) for key, figure in entry.figures.items())
                digest.update(repr((entry.start, entry.end, figures)).encode())
        return digest.hexdigest()[:16]

    def with_values(
        self, overrides: Mapping[str, object], *, source: str = "overlay", start: dt.date | None = None
    ) -> Policy:
        """A reform of figures; all that it does not touch is shared."""
        return replace(self, values=self.values.with_overrides(overrides, source=source, start=start))

    def with_measures(self, declarations: Iterable[Declaration]) -> Policy:
        """A reform of rules: each declaration replaces the measure of its name, or comes on top."""
        new = dict(self.measures)
        for declaration in declarations:
            new.pop(declaration.id, None)
            new[declaration.id] = _build_measure(declaration, self.values, self.derivations, self.groups, ())
        ordered = dict(sorted(new.items(), key=lambda item: item[1].clause))
        checks.clash_has_an_order(ordered, self.groups)
        checks.facts_have_one_meaning(ordered)
        return replace(self, measures=MappingProxyType(ordered))


def build_policy(
    policy_id: str,
    zh: str,
    en: str,
    *,
    modules: Sequence[ModuleType],
    values: ValueBook,
    groups: Sequence[Group] = (),
    clauses: Collection[str] = (),
) -> Policy:
    """Build and check a policy from the modules that declare it, in clause order.

    Raises DeclarationError with file and line for the first mistake found.
    """
    declarations: list[Declaration] = []
    derivations: dict[str, Derivation] = {}
    for module in modules:
        measures_here, derived_here = module_declarations(module)
        declarations += measures_here
        for derivation in derived_here:
            checks.fact_is_derived_once(derivation, derivations)
            derivations[derivation.fact.id] = derivation
    return assemble(policy_id, zh, en, declarations, derivations, values, groups, clauses)


def assemble(
    policy_id: str,
    zh: str,
    en: str,
    declarations: Sequence[Declaration],
    derivations: Mapping[str, Derivation],
    values: ValueBook,
    groups: Sequence[Group] = (),
    clauses: Collection[str] = (),
) -> Policy:
    """The same from declarations in hand."""
    measures: dict[str, Measure] = {}
    for declaration in declarations:
        checks.id_is_unique(declaration, measures)
        measures[declaration.id] = _build_measure(declaration, values, derivations, groups, clauses)
    for group in groups:
        checks.group_members_exist(group, measures)
        checks.cap_is_money(group, values)
    checks.group_ids_are_unique(groups)
    checks.orders_agree(groups)
    checks.clash_has_an_order(measures, groups)
    checks.facts_have_one_meaning(measures)
    return Policy(policy_id, zh, en, MappingProxyType(measures), tuple(groups), values, derivations)


def _build_measure(
    declaration: Declaration,
    values: ValueBook,
    derivations: Mapping[str, Derivation],
    groups: Sequence[Group],
    clauses: Collection[str],
) -> Measure:
    for check in (checks.clause_is_written_right, checks.is_documented, checks.fund_is_named):
        check(declaration)
    checks.clause_exists(declaration, clauses)
    subject = _subject_of(declaration.function, declaration.line, declaration.id)
    symbols = Values(values)
    grant = declaration.function(subject(), symbols)
    checks.answers_a_grant(declaration, grant)
    for check_grant in (
        checks.when_is_a_condition,
        checks.amount_is_stated_once,
        checks.money_where_money_is_due,
        checks.amount_is_money,
        checks.parts_have_names_of_their_own,
        checks.parts_are_whole,
        checks.window_has_an_end,
    ):
        check_grant(declaration, grant)
    resolver = _Resolver(derivations, symbols)
    amount, limit = amount_of(grant)
    checks.once_per_is_in_reach(declaration, subject)
    window = grant.window.condition() if grant.window is not None else None
    stated = [e for e in (grant.when, window, amount, limit, *grant.shows) if e is not None]
    checks.optional_facts_have_a_meaning(stated, declaration.line, declaration.id)
    checks.keyed_values_have_a_key(stated, declaration.line, declaration.id)
    checks.batch_can_compute([resolver.resolve(e) for e in stated], declaration.line, declaration.id)
    return Measure(
        id=declaration.id,
        clause=declaration.clause,
        kind=declaration.kind,
        zh=declaration.zh,
        en=declaration.en,
        doc=inspect.cleandoc(declaration.function.__doc__ or ""),
        subject=subject,
        fund=declaration.fund,
        departments=declaration.departments,
        once_per=declaration.once_per,
        pays_for=declaration.pays_for,
        groups=tuple(g.id for g in groups if declaration.id in g.members),
        ceiling=grant.up_to is not None,
        rounding=grant.rounding,
        nodes=lay_out(grant.when, grant.window, resolver.resolve),
        amount=resolver.resolve(amount) if amount is not None else None,
        parts=MappingProxyType({name: resolver.resolve(part) for name, part in grant.parts.items()}),
        limit=resolver.resolve(limit) if limit is not None else None,
        written_amount=grant.up_to if grant.up_to is not None else grant.amount,
        shows=tuple(resolver.resolve(e) for e in grant.shows),
        line=declaration.line,
    )


def _subject_of(function: Any, line: str, name: str) -> type[Subject]:
    try:
        hints = typing.get_type_hints(function)
    except NameError as problem:
        raise DeclarationError(
            f"{line}: {name}: {problem}; annotate the first parameter with its subject, imported here"
        ) from None
    first = next(iter(function.__code__.co_varnames[: function.__code__.co_argcount]), "")
    subject: Any = hints.get(first)
    checks.subject_is_annotated(subject, line, name)
    return typing.cast(type[Subject], subject)


class _Resolver:
    """Puts derivations in where a derived fact is read: what is given wins, else it is derived."""

    def __init__(self, derivations: Mapping[str, Derivation], values: Values) -> None:
        self._derivations = derivations
        self._values = values
        self._done: dict[str, Expression] = {}
        self._chain: list[str] = []

    def resolve(self, node: Any) -> Any:
        """The same tree with derivations put in."""
        if node.key in self._done:
            return self._done[node.key]
        result = self._resolve(node)
        self._done[node.key] = result
        return result

    def _resolve(self, node: Expression) -> Expression:
        if node.op == "fact":
            return self._resolve_fact(node)
        if isinstance(node.data, Gathered):
            return self._resolve_rows(node)
        args = [self.resolve(arg) for arg in node.args]
        if node.op == "in" and isinstance(node, Condition):
            return _membership(args[0], node.data)
        return node if all(a is b for a, b in zip(args, node.args, strict=True)) else node.with_args(args)

    def _resolve_fact(self, node: Expression) -> Expression:
        ref: Ref = node.data
        derivation = self._derivations.get(ref.fact.id)
        if derivation is None:
            return node
        checks.no_circle([*self._chain, ref.key], derivation.line)
        self._chain.append(ref.key)
        owner = _subject_of(derivation.function, derivation.line, ref.fact.id)
        checks.derivation_is_about_its_owner(derivation, owner)
        answer = derivation.function(owner(ref.scope, ref.path), self._values)
        checks.derivation_fits(derivation, answer)
        checks.optional_facts_have_a_meaning([answer], derivation.line, ref.fact.id)
        checks.keyed_values_have_a_key([answer], derivation.line, ref.fact.id)
        inner = self.resolve(answer)
        self._chain.pop()
        return _coalesce(node, inner)

    def _resolve_rows(self, node: Expression) -> Expression:
        data: Gathered = node.data
        where = self.resolve(data.where) if data.where is not None else None
        of = self.resolve(data.of) if data.of is not None else None
        twin = node.with_args(())
        twin.__dict__["data"] = replace(data, where=where, of=of)
        return twin


def _coalesce(given: Expression, inner: Expression) -> Expression:
    twin = given.with_args((given, inner))
    twin.__dict__.update(op="or_else", data=None)
    return twin


def _membership(choice: Expression, members: tuple[str, ...]) -> Condition:
    """Membership of a derived choice is settled branch by branch.

    A firm of 25 people whose revenue is unknown is micro or small: which one is open, that it is no large
    one is not.
    """
    if choice.op == "or_else":
        return Condition("or_else", tuple(_membership(part, members) for part in choice.args))
    if choice.op == "choose":
        args: list[Expression] = []
        pairs = len(choice.args) // 2 * 2
        for i in range(0, pairs, 2):
            args += [choice.args[i], _membership(choice.args[i + 1], members)]
        if len(choice.args) > pairs:
            args.append(_membership(choice.args[-1], members))
        return Condition("choose", args)
    if choice.op == "const":
        return Condition("const", (), choice.data in members)
    return Condition("in", (choice,), members)


def constant(member: str, fact: Any) -> Choice:
    """A member of a choice fact as an expression, for derivations."""
    if member not in fact.members:
        raise DeclarationError(f"{fact.id} has no member {member!r}")
    return Choice("const", (), member, members=tuple(fact.members))


def many_relations(subject: type[Subject]) -> dict[str, Many[Any]]:
    """The relations of a subject to many others."""
    return {name: link for name, link in subject.relations.items() if isinstance(link, Many)}
