"""What can be wrong with a declaration: one small check per mistake, each with a message that says the fix."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from wenjiuye.rules.errors import DeclarationError
from wenjiuye.rules.expression import Condition, Expression, Number, is_whole
from wenjiuye.rules.facts import Fact, NumberFact, One, Subject
from wenjiuye.rules.measures import Declaration, Derivation, Grant, Group, Measure, MeasureKind
from wenjiuye.rules.quantity import FEN, NUMERIC, Kind
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
    if declaration.kind is MeasureKind.QUOTA and (stated is not None or grant.parts):
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


def parts_have_names_of_their_own(declaration: Declaration, grant: Grant) -> None:
    """Fail where a part is called like a column of the result."""
    for name in grant.parts:
        if name in ("verdict", "amount", "low", "high") or re.fullmatch(r"c\d+", name):
            raise DeclarationError(f"{declaration.line}: {declaration.id}: a part cannot be called {name!r}")


def parts_are_whole(declaration: Declaration, grant: Grant) -> None:
    """Fail where a part can be a fraction of a fen: rounded one by one, parts need not add up."""
    for name, part in grant.parts.items() if len(grant.parts) > 1 else ():
        if not is_whole(part):
            raise DeclarationError(
                f"{declaration.line}: {declaration.id}: part {name} can be a fraction of a fen; "
                "use waterfall, split or .rounded() and give the rest to one part"
            )


def window_has_an_end(declaration: Declaration, grant: Grant) -> None:
    """Fail where a window is open at both ends."""
    if grant.window is not None and grant.window.start is None and grant.window.end is None:
        raise DeclarationError(
            f"{declaration.line}: {declaration.id}: a window needs a start or an end; drop it"
        )


def once_per_is_in_reach(declaration: Declaration, subject: type[Subject]) -> None:
    """Fail where once_per names neither a relation of the subject nor a subject that one leads to."""
    links = subject.relations
    targets = {link.target.id if isinstance(link, One) else link.target().id for link in links.values()}
    known = {subject.id, *links, *targets}
    for name in declaration.once_per:
        if name not in known:
            raise DeclarationError(
                f"{declaration.line}: {declaration.id}: once_per={name!r} is none of {', '.join(sorted(known))}"
            )


def batch_can_compute(expressions: Iterable[Expression], line: str, name: str) -> None:
    """Fail where only the batch compiler would find out, in a nightly run, that it cannot compute a rule."""
    for expression in expressions:
        for node in expression.walk_into_rows():
            if node.op in ("rows_sum", "rows_max") and not is_whole(node.data.of):
                raise DeclarationError(
                    f"{line}: {name}: gather whole numbers or fen; multiply or round after the sum"
                )
            if node.op == "div" and may_be_negative(node.args[1]):
                raise DeclarationError(
                    f"{line}: {name}: a division by something that can be negative; write .not_below(0)"
                )


def may_be_negative(node: Expression) -> bool:
    """Whether a number can be below zero whatever its facts are."""
    match node.op:
        case "fact":
            low, _ = node.data.fact.range()
            return bool(low < 0)
        case "const":
            return bool(node.data < 0)
        case "sub" | "full_months" | "days":
            return True
        case "max":
            return all(may_be_negative(arg) for arg in node.args)
        case "rows_sum" | "rows_max":
            return may_be_negative(node.data.of)
        case _:
            return any(may_be_negative(arg) for arg in node.args if arg.kind in NUMERIC)


def facts_have_one_meaning(measures: Mapping[str, Measure]) -> None:
    """Fail where two different facts bear one id: a flat record could not tell them apart."""
    seen: dict[str, Fact] = {}
    for subject in _subjects(measure.subject for measure in measures.values()):
        for name, fact in subject.facts.items():
            if seen.setdefault(name, fact) is not fact:
                raise DeclarationError(
                    f"{fact.line}: two facts are called {name}, the other at {seen[name].line}; "
                    "share one declaration or rename one"
                )


def _subjects(start: Iterable[type[Subject]]) -> list[type[Subject]]:
    """The subjects and all that their relations lead to."""
    found: dict[str, type[Subject]] = {}
    pending = list(start)
    while pending:
        subject = pending.pop()
        if subject.id not in found:
            found[subject.id] = subject
            links = subject.relations.values()
            pending += [link.target if isinstance(link, One) else link.target() for link in links]
    return list(found.values())


def fact_is_derived_once(derivation: Derivation, seen: Mapping[str, Derivation]) -> None:
    """Fail where a fact has two derivations."""
    if derivation.fact.id in seen:
        first = seen[derivation.fact.id].line
        raise DeclarationError(f"{derivation.line}: {derivation.fact.id} is derived twice, first at {first}")


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
            if node.op == "or_else" and node.args[0].op != "fact":
                raise DeclarationError(
                    f"{line}: {name}: .or_else(…) belongs to an optional fact; on a formula it would make missing zero"
                )
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


def derivation_fits(derivation: Derivation, answer: object) -> None:
    """Fail where a derivation answers another kind of thing than its fact is."""
    fact = derivation.fact
    if not isinstance(answer, Expression):
        raise DeclarationError(f"{derivation.line}: {fact.id} is derived as {answer!r}; return an expression")
    day = {Kind.DATE, Kind.MONTH}
    number = fact.kind in (Kind.INT, Kind.SHARE) and answer.kind in (Kind.INT, Kind.SHARE)
    if not (fact.kind == answer.kind or {fact.kind, answer.kind} <= day or number):
        raise DeclarationError(
            f"{derivation.line}: {fact.id} is a {fact.kind}, its derivation a {answer.kind}"
        )
    if isinstance(fact, NumberFact) and answer.unit not in (None, fact.expression_unit()):
        raise DeclarationError(
            f"{derivation.line}: {fact.id} is in {fact.expression_unit()}, its derivation in {answer.unit}"
        )


def derivation_is_about_its_owner(derivation: Derivation, subject: type[Subject]) -> None:
    """Fail where the derivation's subject does not own the fact."""
    if subject.id not in derivation.fact.owners:
        raise DeclarationError(
            f"{derivation.line}: {derivation.fact.id} belongs to {', '.join(derivation.fact.owners)}, "
            f"its derivation is about {subject.id}"
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
    known = group.cap in values.values
    if group.rule == "cap" and not (group.cap and known and values[group.cap].kind is Kind.MONEY):
        raise DeclarationError(
            f"group {group.id}: rule cap needs cap= the name of a value in yuan, not {group.cap!r}"
        )
    if group.rule != "cap" and group.cap is not None:
        raise DeclarationError(f"group {group.id}: cap= belongs to rule cap")


def group_ids_are_unique(groups: Sequence[Group]) -> None:
    """Fail where two groups have one id."""
    ids = [group.id for group in groups]
    for group_id in ids:
        if ids.count(group_id) > 1:
            raise DeclarationError(f"group {group_id}: declared twice; rename one")


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
