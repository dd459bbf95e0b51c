"""What can be wrong with a declaration: one small check per mistake, each with a message that says the fix."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from wenjiuye.rules.errors import DeclarationError
from wenjiuye.rules.expression import Condition, Expression, Number
from wenjiuye.rules.facts import Subject
from wenjiuye.rules.measures import Declaration, Derivation, Grant, Group, Measure, MeasureKind
from wenjiuye.rules.quantity import FEN, Kind
from wenjiuye.rules.values import ValueBook

CLAUSE = re.compile(r"^a\d\d\.\d\d$")


def clause_is_written_right(declaration: Declaration) -> None:
    """Fail where the clause id is not like a01.06."""
    if not CLAUSE.match(declaration.clause):
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: clause {declaration.clause!r} is not like a01.06"
        )


def clause_exists(declaration: Declaration, clauses: Collection[str]) -> None:
    """Fail where the document has no such clause (not checked without a list of clauses)."""
    if clauses and declaration.clause not in clauses:
        near = difflib.get_close_matches(declaration.clause, clauses, 2)
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: the document has no clause {declaration.clause}"
            + (f"; did you mean {' or '.join(near)}?" if near else "")
        )


def is_documented(declaration: Declaration) -> None:
    """Fail where a measure has no docstring: it holds the clause in our words and the reading taken."""
    if not (declaration.function.__doc__ or "").strip():
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: say in a docstring what the clause grants"
        )


def id_is_unique(declaration: Declaration, seen: Mapping[str, Measure]) -> None:
    """Fail where two measures have one id."""
    if declaration.id in seen:
        raise DeclarationError(
            f"{declaration.line}: {declaration.id} is declared twice, first in {seen[declaration.id].line}"
        )


def subject_is_annotated(subject: object, line: str, name: str) -> None:
    """Fail where the first parameter names no subject."""
    if not (isinstance(subject, type) and issubclass(subject, Subject)):
        raise DeclarationError(
            f"{line}: {name}: annotate the first parameter with its subject, as in (hire: Hire, v: Values)"
        )


def answers_a_grant(declaration: Declaration, answer: object) -> None:
    """Fail where the rule forgets to return a Grant."""
    if not isinstance(answer, Grant):
        raise DeclarationError(f"{declaration.line}: {declaration.id}: return Grant(when=…), not {answer!r}")


def when_is_a_condition(declaration: Declaration, grant: Grant) -> None:
    """Fail where `when` is something else than a condition."""
    if not isinstance(grant.when, Condition):
        raise DeclarationError(f"{declaration.line}: {declaration.id}: when is no condition: {grant.when!r}")


def amount_is_stated_once(declaration: Declaration, grant: Grant) -> None:
    """Fail where both an exact sum and a ceiling are stated."""
    if grant.amount is not None and grant.up_to is not None:
        raise DeclarationError(f"{declaration.line}: {declaration.id}: state amount or up_to, not both")


def money_where_money_is_due(declaration: Declaration, grant: Grant) -> None:
    """Fail where a benefit or relief has no sum, or a quota has one."""
    stated = grant.amount if grant.amount is not None else grant.up_to
    if declaration.kind in (MeasureKind.BENEFIT, MeasureKind.RELIEF) and stated is None:
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: a {declaration.kind} needs amount=… or up_to=…"
        )
    if declaration.kind is MeasureKind.QUOTA and stated is not None:
        raise DeclarationError(f"{declaration.line}: {declaration.id}: a quota pays nothing; drop the amount")


def amount_is_money(declaration: Declaration, grant: Grant) -> None:
    """Fail where an amount or a part is not a sum of money."""
    for name, number in {"amount": grant.amount, "up_to": grant.up_to, **grant.parts}.items():
        if number is None:
            continue
        if not isinstance(number, Number) or number.unit != FEN:
            what = number.unit or "a plain number" if isinstance(number, Number) else repr(number)
            raise DeclarationError(
                f"{declaration.line}: {declaration.id}: {name} is {what}, not money; multiply with a value in yuan"
            )


def fund_is_named(declaration: Declaration) -> None:
    """Fail where a benefit does not say who pays."""
    if declaration.kind is MeasureKind.BENEFIT and declaration.fund is None:
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: a benefit needs fund=…, or it could never be paid"
        )


def optional_facts_have_a_meaning(expressions: Iterable[Expression], line: str, name: str) -> None:
    """Fail where an optional fact is read without saying what its absence means, and the reverse."""
    for expression in expressions:
        nodes = list(expression.walk_into_rows())
        given = {id(node.args[0]) for node in nodes if node.op == "or_else"}
        for node in nodes:
            if node.op != "fact":
                continue
            fact = node.data.fact
            if fact.optional and id(node) not in given:
                raise DeclarationError(
                    f"{line}: {name}: {fact.id} is optional; write .or_else(what its absence means)"
                )
            if not fact.optional and id(node) in given:
                raise DeclarationError(
                    f"{line}: {name}: {fact.id} is not optional, so its absence is unknown; drop .or_else(…)"
                )


def keyed_values_have_a_key(expressions: Iterable[Expression], line: str, name: str) -> None:
    """Fail where a value that has one figure per key is read without a key."""
    for expression in expressions:
        for node in expression.walk_into_rows():
            if node.op == "value" and node.data.has_key and not node.data.keyed:
                raise DeclarationError(f"{line}: {name}: {node.data.name} has a figure per key; write .by(…)")


def derivation_fits(derivation: Derivation, answer: Expression) -> None:
    """Fail where a derivation answers another kind of thing than its fact is."""
    fact = derivation.fact
    day = {Kind.DATE, Kind.MONTH}
    same = fact.kind == answer.kind or {fact.kind, answer.kind} <= day
    number = fact.kind in (Kind.INT, Kind.SHARE) and answer.kind in (Kind.INT, Kind.SHARE)
    if not (same or number):
        raise DeclarationError(
            f"{derivation.line}: {fact.id} is a {fact.kind}, its derivation a {answer.kind}"
        )


def no_circle(chain: Sequence[str], line: str) -> None:
    """Fail where facts are derived from each other."""
    if len(set(chain)) != len(chain):
        raise DeclarationError(f"{line}: derived in a circle: {' → '.join(chain)}")


def group_members_exist(group: Group, measures: Mapping[str, Measure]) -> None:
    """Fail where a stacking group names an unknown measure or has fewer than two."""
    for member in group.members:
        if member not in measures:
            near = difflib.get_close_matches(member, measures, 2)
            raise DeclarationError(
                f"group {group.id}: no measure {member!r}"
                + (f"; did you mean {' or '.join(near)}?" if near else "")
            )
    if len(set(group.members)) < 2:
        raise DeclarationError(f"group {group.id}: needs two measures or more")


def cap_is_money(group: Group, values: ValueBook) -> None:
    """Fail where a common cap has no value in yuan behind it."""
    if group.rule == "cap" and (group.cap is None or values[group.cap].kind is not Kind.MONEY):
        raise DeclarationError(f"group {group.id}: rule cap needs cap= the name of a value in yuan")
    if group.rule != "cap" and group.cap is not None:
        raise DeclarationError(f"group {group.id}: cap= belongs to rule cap")


def orders_agree(groups: Sequence[Group]) -> None:
    """Fail where two ordered groups put the same two measures in opposite order."""
    seen: dict[tuple[str, str], str] = {}
    for group in groups:
        if group.rule != "order":
            continue
        for i, first in enumerate(group.members):
            for second in group.members[i + 1 :]:
                if (second, first) in seen:
                    raise DeclarationError(
                        f"groups {seen[second, first]} and {group.id} order {first} and {second} in opposite ways"
                    )
                seen[first, second] = group.id


def clash_has_an_order(measures: Mapping[str, Measure], groups: Sequence[Group]) -> None:
    """Fail where two measures make good the same cost (`pays_for`) and no group says which one goes first."""
    together = {frozenset((a, b)) for g in groups for a in g.members for b in g.members if a != b}
    payers: dict[str, list[Measure]] = {}
    for measure in measures.values():
        if measure.pays_for:
            for other in payers.setdefault(measure.pays_for, []):
                if frozenset((measure.id, other.id)) not in together:
                    raise DeclarationError(
                        f"{measure.line}: {measure.id} and {other.id} ({other.line}) both pay for "
                        f"{measure.pays_for!r}; put both in a Group that says which one goes first"
                    )
            payers[measure.pays_for].append(measure)


def date_is_possible(day: object) -> dt.date:
    """The date of decision, or a clear error where it is none."""
    if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
        raise DeclarationError(f"the date of decision is {day!r}; give a datetime.date")
    return day
