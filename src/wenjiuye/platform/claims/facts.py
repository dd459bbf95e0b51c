"""The facts of a claim: what the registry and the claimant say, where they disagree, and what the rules are given.

A fact on which both sides agree, or that only one knows, is given to the rules. Where they disagree it is unknown
until an officer settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.errors import ClaimError
from wenjiuye.platform.claims.models import Claim, Settlement, Statement
from wenjiuye.platform.registry.case_facts import CaseFacts
from wenjiuye.rules.errors import FactError
from wenjiuye.rules.facts import Fact, Source
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.receipt import Provenance
from wenjiuye.rules.record import read_nested, write_nested

DECLARED, REGISTRY = Statement.Side.DECLARED, Statement.Side.REGISTRY
SETTLED = {"zh": "裁定", "en": "settled by an officer"}
CLAIMANT = {"zh": "申请人申报", "en": "declared by the claimant"}


@dataclass(frozen=True)
class FactOnClaim:
    """One fact as a claim has it. value: what the rules are given, None where unknown."""

    path: str
    value: Any
    declared: Statement | None
    registry: Statement | None
    settlement: Settlement | None

    @property
    def in_conflict(self) -> bool:
        """Both sides say something, not the same, and nobody has settled it since."""
        return _disagree(self.declared, self.registry) and self.settlement is None


def _disagree(declared: Statement | None, registry: Statement | None) -> bool:
    return (
        declared is not None
        and registry is not None
        and declared.value is not None
        and registry.value is not None
        and declared.value != registry.value
    )


def facts_on(
    statements: Iterable[Statement], settlements: Iterable[Settlement], order: Iterable[str] = ()
) -> list[FactOnClaim]:
    """The facts of a claim from its statements and settlements, first those of `order`."""
    sides: dict[str, dict[str, Statement]] = {path: {} for path in order}
    for statement in statements:
        sides.setdefault(statement.fact, {})[statement.side] = statement
    settled = {one.fact: one for one in settlements}
    for path in settled:
        sides.setdefault(path, {})
    found = []
    for path, said in sides.items():
        declared, registry = said.get(DECLARED), said.get(REGISTRY)
        settlement = settled.get(path)
        if settlement is not None and not _still_holds(settlement, declared, registry):
            settlement = None
        found.append(
            FactOnClaim(path, _value(declared, registry, settlement), declared, registry, settlement)
        )
    return found


def _still_holds(settlement: Settlement, declared: Statement | None, registry: Statement | None) -> bool:
    """A settlement is of two values; where one has changed since, it has to be settled anew."""
    return (settlement.declared_value, settlement.registry_value) == (
        declared.value if declared else None,
        registry.value if registry else None,
    )


def _value(declared: Statement | None, registry: Statement | None, settlement: Settlement | None) -> Any:
    if settlement is not None:
        return settlement.value
    if _disagree(declared, registry):
        return None
    if registry is not None and registry.value is not None:
        return registry.value
    return declared.value if declared is not None else None


def facts_of(claim: Claim) -> list[FactOnClaim]:
    """The facts of a claim, in the order in which its measure reads them."""
    return facts_on(
        claim.statements.all(), claim.settlements.all(), read_by(rules_in_force.measure(claim.measure))
    )


def read_by(measure: Measure) -> list[str]:
    """The paths of the single facts that a measure reads, in its order."""
    return list(dict.fromkeys(ref.key for part in measure.expressions() for ref in part.refs))


def as_record(measure: Measure, facts: Iterable[FactOnClaim]) -> dict[str, Any]:
    """The record that the engine takes."""
    return read_nested(
        measure.subject, nested({fact.path: fact.value for fact in facts if fact.value is not None})
    )


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path as a tree: `{"employer.size": 1}` → `{"employer": {"size": 1}}`."""
    tree: dict[str, Any] = {}
    for path, value in values.items():
        *way, last = path.split(".")
        branch = tree
        for name in way:
            branch = branch.setdefault(name, {})
        branch[last] = value
    return tree


def plain(measure: Measure, record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the engine by path, with values as people write them."""
    found = {}
    for path, value in record.items():
        if value is not None:
            tree: Any = write_nested(measure.subject, {path: value})
            for name in path.split("."):
                tree = tree[name]
            found[path] = _json(tree)
    return found


def _json(value: Any) -> Any:
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    return value if isinstance(value, bool | int | str | type(None)) else str(value)


def read_declared(measure: Measure, declared: Mapping[str, Any]) -> dict[str, Any]:
    """What a claimant declares, read and written back in one form. ClaimError: what is wrong, fact by fact."""
    for path in declared:
        try:
            fact = rules_in_force.fact_at(measure.subject, path)
        except KeyError:
            raise ClaimError(f"{path}：没有这项事实 / no such fact") from None
        if isinstance(fact, Fact) and fact.source in (Source.JUDGEMENT, Source.LEDGER):
            raise ClaimError(
                f"{fact.zh}：由经办机构认定，不能申报 / {fact.en}: found by the office, it cannot be declared"
            )
    try:
        record = read_nested(
            measure.subject, nested({k: v for k, v in declared.items() if v not in (None, "")})
        )
    except FactError as problem:
        raise ClaimError(str(problem.message)) from None
    return plain(measure, record)


def declare(claim: Claim, declared: Mapping[str, Any], by: Any, on: dt.date) -> None:
    """Put down what the claimant says; a fact declared again takes the place of what was said before."""
    values = read_declared(rules_in_force.measure(claim.measure), declared)
    for path, value in values.items():
        Statement.objects.update_or_create(
            claim=claim, fact=path, side=DECLARED, defaults={"value": value, "as_of": on, "stated_by": by}
        )


def take_over(claim: Claim, found: CaseFacts) -> list[str]:
    """Put down what the registry says; the paths of facts that were told otherwise before, or not at all."""
    measure = rules_in_force.measure(claim.measure)
    values = plain(measure, found.record)
    before = {one.fact: one for one in claim.statements.filter(side=REGISTRY)}
    changed, told = [], []
    for path in {**values, **before}:
        held, source = before.get(path), found.provenance.get(path)
        new = (
            values.get(path),
            source.source if source else "",
            source.as_of if source else None,
        )
        if held is not None and (held.value, held.origin, held.as_of) == new:
            continue
        if held is None or held.value != new[0]:
            changed.append(path)
        statement = held or Statement(claim=claim, fact=path, side=REGISTRY)
        statement.value, statement.origin, statement.as_of = new
        if held is None:
            told.append(statement)
        else:
            statement.save()
    Statement.objects.bulk_create(told)
    return changed


def provenance(facts: Iterable[FactOnClaim]) -> dict[str, Provenance]:
    """Where each fact that the rules are given comes from, for the receipt."""
    found = {}
    for fact in facts:
        if fact.value is None:
            continue
        if fact.settlement is not None:
            found[fact.path] = Provenance(SETTLED["zh"], fact.settlement.settled_at.date())
        elif fact.registry is not None and fact.registry.value is not None:
            found[fact.path] = Provenance(fact.registry.origin, fact.registry.as_of)
        elif fact.declared is not None:
            found[fact.path] = Provenance(CLAIMANT["zh"], fact.declared.as_of)
    return found
