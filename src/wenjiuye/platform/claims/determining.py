"""Asking the rules about a claim, and keeping the answer with all that it was given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.facts import FactOnClaim, as_record, facts_of, provenance, take_over
from wenjiuye.platform.claims.models import Claim, Determination
from wenjiuye.platform.record import chain
from wenjiuye.platform.registry.case_facts import case_facts
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination as Answer
from wenjiuye.rules.receipt import receipt_hash, unfold


@dataclass(frozen=True)
class Outcome:
    """What the rules say to some facts."""

    answer: Answer
    receipt: dict[str, Any]


def ask_rules(claim: Claim, facts: list[FactOnClaim]) -> Outcome:
    """Decide a claim on some facts, as on the day on which it was applied for; nothing is kept."""
    policy, measure = rules_in_force.policy_in_force(), rules_in_force.measure(claim.measure)
    record = as_record(measure, facts)
    answer = determine(policy, measure, record, claim.applied_on, nested=True)
    told = unfold(policy, answer, record, nested=True, applied=claim.applied_on, provenance=provenance(facts))
    return Outcome(answer, told)


def refresh(claim: Claim) -> list[str]:
    """Read the registry again; the paths of facts that changed."""
    policy, measure = rules_in_force.policy_in_force(), rules_in_force.measure(claim.measure)
    return take_over(claim, case_facts(policy, measure, claim.subject_key, claim.applied_on))


def determine_claim(claim: Claim, by: Any, cause: str) -> Determination:
    """Ask the rules, keep the determination, and make it the claim's (unsaved; the step that goes on saves it)."""
    facts = facts_of(claim)
    outcome = ask_rules(claim, facts)
    answer, told = outcome.answer, outcome.receipt
    found = Determination.objects.create(
        claim=claim,
        made_by=by,
        cause=cause,
        on=claim.applied_on,
        rules_version=told["policy"]["version"],
        facts={fact.path: fact.value for fact in facts if fact.value is not None},
        receipt=told,
        receipt_hash=receipt_hash(told),
        missing=[fact["id"] for fact in told["missing"]["facts"]],
        failing=failing(told),
        verdict=answer.verdict.value,
        amount_fen=answer.amount if answer.verdict == "eligible" else None,
        low_fen=answer.low,
        high_fen=answer.high,
    )
    claim.determination = found
    claim.open_conflicts = sum(fact.in_conflict for fact in facts)
    chain.append(
        "determination",
        claim.number,
        {
            "verdict": found.verdict,
            "amount_fen": found.amount_fen,
            "receipt": found.receipt_hash,
            "cause": cause,
        },
    )
    return found


def failing(told: dict[str, Any]) -> list[dict[str, str]]:
    """The conditions on which a refusal rests, in words."""
    return [
        {"zh": one["zh"], "en": one["en"]}
        for one in told["conditions"]
        if one["op"] == "leaf" and one["decisive"] and one["truth"] is False
    ]


@dataclass(frozen=True)
class Difference:
    """What a new determination changed against the one before it. facts: path, before, after."""

    before: Determination
    after: Determination
    facts: tuple[tuple[str, Any, Any], ...]
    rules_changed: bool

    @property
    def matters(self) -> bool:
        """Whether verdict or amount came out otherwise."""
        keys = ("verdict", "amount_fen", "low_fen", "high_fen")
        return any(getattr(self.before, key) != getattr(self.after, key) for key in keys)


def difference(before: Determination, after: Determination) -> Difference:
    """Compare two determinations of one claim."""
    paths = dict.fromkeys([*before.facts, *after.facts])
    changed = tuple(
        (path, before.facts.get(path), after.facts.get(path))
        for path in paths
        if before.facts.get(path) != after.facts.get(path)
    )
    return Difference(before, after, changed, before.rules_version != after.rules_version)


def repeats(found: Determination) -> bool:
    """Whether the rules in force, given the same facts, still say the same to the fen. Raises KeyError as `measure`."""
    claim = found.claim
    measure = rules_in_force.measure(claim.measure)
    record = as_record(
        measure, [FactOnClaim(path, value, None, None, None) for path, value in found.facts.items()]
    )
    answer = determine(rules_in_force.policy_in_force(), measure, record, found.on, nested=True)
    return (answer.verdict.value, answer.low, answer.high) == (found.verdict, found.low_fen, found.high_fen)
