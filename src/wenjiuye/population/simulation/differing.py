"""What a reform changes: which measures decide otherwise, and whether the registry is read otherwise.

Everything else keeps the baseline's result, so that a reform of one figure costs the time of one measure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wenjiuye.policy.registry import HIRES_LOOK_BACK, INSURED_MONTHS
from wenjiuye.population.registry.asked import HIRE_PERSON_MEASURE
from wenjiuye.rules.expression import Expression, ValueUse
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.values import Dated, DatedValue, Figure

SIZE = "size"
"""The fact whose derivation is asked for while other facts are derived: who owns a small firm."""

FROM_SIZE = frozenset({"small_firm_owner"})
FROM_VALUES = {INSURED_MONTHS: frozenset({"unemployment_insured"})}
"""Facts that are derived from the registry with a value of the policy."""

FROM_HIRES = frozenset({"deductible_hires", "deductible_hire_months"})
"""Facts of an employer that follow from a measure decided for its hires."""


@dataclass(frozen=True)
class Differences:
    """What one policy decides otherwise than another on a day.

    facts: the registry is read with other figures, so facts are derived anew. changed: by subject, the
    measures whose rule, figures or facts differ. affected: these, and those that share an order of precedence
    with them. alike: changed measures that the same rows are entitled to, whatever is not known; only the sum
    differs. Ids in the order of the policies; a measure that only one of them has is among them.
    """

    facts: bool
    changed: Mapping[str, tuple[str, ...]]
    affected: Mapping[str, tuple[str, ...]]
    alike: frozenset[str] = frozenset()

    @property
    def none(self) -> bool:
        """Whether both decide alike."""
        return not self.affected

    def measures(self) -> list[str]:
        """Every affected measure."""
        return [name for names in self.affected.values() for name in names]


def differences(base: Policy, reform: Policy, on: dt.date) -> Differences:
    """Compare two policies as they are in force on a day."""
    facts, all_hires = _facts_that_differ(base, reform, on)
    ids = [*dict.fromkeys([*base.measures, *reform.measures])]
    changed = {name for name in ids if _differs(base, reform, name, on)}
    found = _with_what_follows(base, reform, changed, facts, all_hires)
    if found.facts:
        return found
    alike = frozenset(name for name in changed if _granted_alike(base, reform, name, on))
    return replace(found, alike=alike)


def differences_by_value(policy: Policy, value: str) -> Differences:
    """All that another figure of a value can change."""
    facts = FROM_VALUES.get(value, frozenset())
    if value in {use.name for use in _uses([policy.fact_of("enterprise", SIZE)])}:
        facts |= FROM_SIZE
    changed = {m.id for m in policy.measures.values() if value in {use.name for use in uses(m)}}
    return _with_what_follows(policy, policy, changed, facts, value == HIRES_LOOK_BACK)


def _with_what_follows(
    base: Policy, reform: Policy, changed: set[str], facts: frozenset[str], all_hires: bool
) -> Differences:
    for policy in (base, reform):
        changed |= {m.id for m in policy.measures.values() if _reads(m, facts)}
        if all_hires:
            changed |= {measure.id for measure in policy.measures_of("hire")}
        if HIRE_PERSON_MEASURE in changed:
            changed |= {m.id for m in policy.measures_of("enterprise") if _reads(m, FROM_HIRES)}
    ids = [*dict.fromkeys([*base.measures, *reform.measures])]
    affected = set(changed)
    for policy, other in ((base, reform), (reform, base)):
        for group in policy.groups:
            # Precedence is settled among the measures of one row; across subjects, where a claim is made.
            touched = set(group.members) if group not in other.groups else changed & set(group.members)
            subjects = {policy.measures[name].subject.id for name in touched if name in policy.measures}
            affected |= {
                name
                for name in group.members
                if name in policy.measures and policy.measures[name].subject.id in subjects
            }
    return Differences(
        bool(facts) or all_hires,
        _by_subject(base, reform, ids, changed),
        _by_subject(base, reform, ids, affected),
    )


def uses(measure: Measure) -> Iterator[ValueUse]:
    """Every use of a value that bears on verdict, amount or bounds."""
    return _uses([*measure.expressions(), *([] if measure.limit is None else [measure.limit])])


def _uses(expressions: Iterable[Expression]) -> Iterator[ValueUse]:
    for expression in expressions:
        for node in expression.walk_into_rows():
            if isinstance(node.data, ValueUse):
                yield node.data


def _facts_that_differ(base: Policy, reform: Policy, on: dt.date) -> tuple[frozenset[str], bool]:
    """Facts that come out otherwise, and whether other hires are decided."""
    facts: frozenset[str] = frozenset()
    for name, derived in FROM_VALUES.items():
        if _value_differs(base, reform, name, on, dated=False):
            facts |= derived
    sizes = [policy.fact_of("enterprise", SIZE) for policy in (base, reform)]
    if sizes[0].key != sizes[1].key or any(
        _value_differs(base, reform, use.name, on, use.dated) for use in _uses(sizes)
    ):
        facts |= FROM_SIZE
    return facts, _value_differs(base, reform, HIRES_LOOK_BACK, on, dated=False)


def _differs(base: Policy, reform: Policy, name: str, on: dt.date) -> bool:
    old, new = base.measures.get(name), reform.measures.get(name)
    if old is None or new is None or _rule(old) != _rule(new):
        return True
    return any(_value_differs(base, reform, use.name, on, use.dated) for use in uses(old))


def _granted_alike(base: Policy, reform: Policy, name: str, on: dt.date) -> bool:
    """Whether a measure has one condition on both sides, and stands alone among those of its subject."""
    old, new = base.measures.get(name), reform.measures.get(name)
    if old is None or new is None or (old.subject.id, old.once_per) != (new.subject.id, new.once_per):
        return False
    mates = {
        other
        for policy in (base, reform)
        for group in policy.groups
        if name in group.members
        for other in group.members
        if other in policy.measures and policy.measures[other].subject.id == old.subject.id
    }
    from_hires = _reads(old, FROM_HIRES) and old.subject.id == "enterprise"
    return (
        mates <= {name}
        and not from_hires
        and (old.kind, old.fund) == (new.kind, new.fund)
        and old.condition.key == new.condition.key
        and not any(_value_differs(base, reform, use.name, on, use.dated) for use in _uses([old.condition]))
    )


def _rule(measure: Measure) -> tuple[object, ...]:
    """All that a determination follows from but the figures."""
    return (
        measure.kind,
        measure.subject.id,
        None if measure.fund is None else measure.fund.id,
        measure.ceiling,
        measure.once_per,
        measure.rounding,
        tuple(e.key for e in measure.expressions()),
        tuple(measure.parts),
        None if measure.limit is None else measure.limit.key,
    )


def _value_differs(base: Policy, reform: Policy, name: str, on: dt.date, dated: bool) -> bool:
    if name not in base.values.values or name not in reform.values.values:
        return True
    old, new = base.values[name], reform.values[name]
    if old is new:
        return False
    if not dated:
        before, after = old.on(on), new.on(on)
        if before is not None and after is not None:
            return _figures(old, before) != _figures(new, after)
    return [(e.start, e.end, _figures(old, e)) for e in old.entries] != [
        (e.start, e.end, _figures(new, e)) for e in new.entries
    ]


def _figures(value: DatedValue, entry: Dated) -> tuple[bool, dict[str | None, Figure]]:
    """What an entry says, and of a keyed value whether the key has to be known for it."""
    return value.keyed_by is not None and entry.for_every_key, dict(entry.figures)


def _reads(measure: Measure, facts: Collection[str]) -> bool:
    stated = [*measure.expressions(), *([] if measure.limit is None else [measure.limit])]
    return any(
        node.op == "fact" and node.data.fact.id in facts for e in stated for node in e.walk_into_rows()
    )


def _by_subject(
    base: Policy, reform: Policy, ids: Iterable[str], wanted: set[str]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in ids:
        if name in wanted:
            for subject in dict.fromkeys(
                policy.measures[name].subject.id for policy in (base, reform) if name in policy.measures
            ):
                found[subject] = (*found.get(subject, ()), name)
    # Hires first: what employers may deduct follows from them.
    return dict(sorted(found.items(), key=lambda item: item[0] != "hire"))
