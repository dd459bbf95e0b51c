"""What the rules say to a case, as its page shows it: tree of conditions, formula in terms, figures, changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.determining import Difference, difference
from wenjiuye.platform.claims.models import Determination
from wenjiuye.platform.desk.case_inputs import in_words
from wenjiuye.platform.desk.case_sums import sum_of
from wenjiuye.platform.letters.working import formula_of
from wenjiuye.rules.determination import Verdict

Receipt = Mapping[str, Any]
LONGEST_TERM = 26
"""Characters of a term that still stands in a line with the others."""


@dataclass(frozen=True)
class Node:
    """One condition. values: title (empty where there is one fact alone) and what is known.

    key: whether the whole hangs on it. idle: it makes no difference. count: of a heading, how many of its parts hold.
    """

    truth: bool | None
    text: str
    values: tuple[tuple[str, str], ...]
    key: bool
    idle: bool
    count: str
    children: tuple[Node, ...]


@dataclass(frozen=True)
class TermShown:
    """One term of a formula: the sign that leads it, the number, what it is."""

    sign: str
    number: str
    label: str


@dataclass(frozen=True)
class Working:
    """How the sum is reckoned. terms: none where they would not fit. sentence: all of it. result: the last term.

    in_words: whether the sentence has to be shown in the place of the terms.
    """

    terms: tuple[TermShown, ...]
    sentence: str
    in_words: bool
    result: str
    result_label: str


@dataclass(frozen=True)
class Figure:
    """A figure of the policy that was used. low: whether its source is weak."""

    title: str
    value: str
    source: str
    since: str
    until: str
    low: bool


@dataclass(frozen=True)
class Change:
    """A condition that would have to come true. possible: whether anybody can bring it about."""

    text: str
    now: str
    possible: bool


@dataclass(frozen=True)
class Ruling:
    """A determination as the page shows it."""

    determination: Determination
    verdict: str
    sum: str
    missing: int
    clause: str
    article: int
    tree: Node
    working: Working | None
    words: str
    fund: str
    figures: tuple[Figure, ...]
    changes: tuple[Change, ...]
    version: str

    @property
    def hangs_on_values(self) -> bool:
        """Whether a figure with a weak source was used."""
        return any(figure.low for figure in self.figures)


def ruling(found: Determination, clause: str, disputed: Mapping[str, str] | None = None) -> Ruling:
    """A determination in the page's language. disputed: of facts in conflict, what both sides say."""
    receipt = found.receipt
    measure = rules_in_force.measure(receipt["measure"]["id"])
    return Ruling(
        determination=found,
        verdict=found.verdict,
        sum=sum_of(measure, found.verdict, found.amount_fen, found.low_fen, found.high_fen),
        missing=len(found.missing),
        clause=clause,
        article=rules_in_force.document().clause(clause).article,
        tree=_tree(receipt, disputed or {}),
        working=_working(receipt, found),
        words=_pick(receipt["formula"]) if receipt["formula"] else "",
        fund=rules_in_force.title(measure.fund) if measure.fund is not None else "",
        figures=tuple(_figure(row) for row in receipt["values"]),
        changes=tuple(_change(row) for row in receipt["change"]),
        version=short_version(found.rules_version),
    )


def short_version(version: str) -> str:
    """The first letters of a version of the rules, in pairs of four, as people read them out."""
    return f"{version[:4]}·{version[4:8]}" if len(version) > 8 else version


def _pick(row: Mapping[str, Any], suffix: str = "") -> str:
    return str(row[f"{rules_in_force.lang()}{suffix}"] or "")


def _joined(texts: Iterable[str]) -> str:
    return ("; " if rules_in_force.lang() == "en" else "；").join(texts)


# ── The tree


def _tree(receipt: Receipt, disputed: Mapping[str, str]) -> Node:
    told = _Tree(receipt, disputed)
    return told.node(receipt["conditions"][0], settled=False)


class _Tree:
    """The conditions of a receipt, each with the facts that it reads."""

    def __init__(self, receipt: Receipt, disputed: Mapping[str, str]) -> None:
        subject = rules_in_force.measure(receipt["measure"]["id"]).subject
        self.whole: bool | None = receipt["conditions"][0]["truth"]
        self.below: dict[str | None, list[Receipt]] = {}
        for row in receipt["conditions"]:
            self.below.setdefault(row["parent"], []).append(row)
        self.facts = {row["id"]: row for row in receipt["facts"]}
        self.said = {
            path: disputed.get(path) or in_words(_fact_at(subject, path), row["value"])
            for path, row in self.facts.items()
        }

    def node(self, row: Receipt, *, settled: bool) -> Node:
        """A condition with those below it. settled: it is under one that holds without it."""
        children = tuple(
            self.node(child, settled=settled or (row["truth"] is True and child["truth"] is not True))
            for child in self.below.get(row["id"], [])
        )
        holding = sum(child.truth is True for child in children)
        return Node(
            truth=row["truth"],
            text=_pick(row),
            values=self._values(row),
            key=row["decisive"] and self.whole is not True and not children,
            idle=settled,
            count=_("%(all)d 条中 %(held)d 条") % {"all": len(children), "held": holding} if children else "",
            children=children,
        )

    def _values(self, row: Receipt) -> tuple[tuple[str, str], ...]:
        """What the facts say, one by its value alone; yes and no are told by the mark, and derived facts have none."""
        values = {path: self.facts[path]["value"] for path in row["facts"]}
        told = [
            path
            for path, value in values.items()
            if not isinstance(value, bool) and (value is not None or row["truth"] is None)
        ]
        if len(values) == 1:
            return tuple(("", self.said[path]) for path in told)
        colon = ": " if rules_in_force.lang() == "en" else "："
        return tuple((_pick(self.facts[path]) + colon, self.said[path]) for path in told)


def _fact_at(subject: Any, path: str) -> Any:
    try:
        return rules_in_force.fact_at(subject, path)
    except KeyError:
        return None


# ── Formula, figures, changes


def _working(receipt: Receipt, found: Determination) -> Working | None:
    formula = formula_of(receipt)
    if formula is None:
        return None
    sentence = _pick(receipt["formula"], "_numbers")
    result = sentence.rpartition(" = ")[2]
    terms = formula.en if rules_in_force.lang() == "en" else formula.zh
    label = ""
    if found.verdict == Verdict.ELIGIBLE and receipt["ceiling"]:
        label = _("最多")
    elif found.verdict == Verdict.UNDETERMINED and found.high_fen is not None:
        label = _("条件成立时")
    shown = tuple(TermShown(term.sign, term.number, term.label) for term in terms)
    if len(shown) == 1 and shown[0].number == result:
        return Working((), sentence, False, result, label)
    fits = all(len(term.number) <= LONGEST_TERM and len(term.label) <= LONGEST_TERM for term in shown)
    return Working(shown if fits else (), sentence, not fits, result, label)


def _figure(row: Mapping[str, Any]) -> Figure:
    english = rules_in_force.lang() == "en"
    return Figure(
        title=_pick(row),
        value=str(row["figure_en" if english else "figure"] or "—"),
        source=row["source"] or "",
        since=row["valid_from"] or "",
        until=row["valid_to"] or "",
        low=row["confidence"] == "low",
    )


def _change(row: Mapping[str, Any]) -> Change:
    now = [_pick(one) for one in row["now"]]
    return Change(_pick(row), _joined(text for text in now if text), row["possible"])


# ── Differences


@dataclass(frozen=True)
class FactChange:
    """A fact that was determined on with another value before."""

    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """One determination and what is different from the one before it; `before` is None for the first."""

    found: Determination
    sum: str
    before: Determination | None
    before_sum: str
    facts: tuple[FactChange, ...]
    figures: tuple[FactChange, ...]
    rules_changed: bool
    verdict_changed: bool
    sum_changed: bool

    @property
    def changed(self) -> bool:
        """Whether the result is another."""
        return self.verdict_changed or self.sum_changed


def history(found: Sequence[Determination]) -> list[Compared]:
    """Determinations of a claim, the newest first, each with what changed. found: the oldest first."""
    pairs = zip([None, *found[:-1]], found, strict=True)
    return [compared(before, after) for before, after in pairs][::-1]


def compared(before: Determination | None, after: Determination) -> Compared:
    """One determination against the one before."""
    measure = rules_in_force.measure(after.receipt["measure"]["id"])

    def told(one: Determination) -> str:
        return sum_of(measure, one.verdict, one.amount_fen, one.low_fen, one.high_fen)

    if before is None:
        return Compared(after, told(after), None, "", (), (), False, False, False)
    found: Difference = difference(before, after)
    return Compared(
        found=after,
        sum=told(after),
        before=before,
        before_sum=told(before),
        facts=tuple(_fact_change(measure.subject, *row) for row in found.facts),
        figures=_figure_changes(before.receipt, after.receipt),
        rules_changed=found.rules_changed,
        verdict_changed=before.verdict != after.verdict,
        sum_changed=told(before) != told(after),
    )


def _fact_change(subject: Any, path: str, before: Any, after: Any) -> FactChange:
    fact = _fact_at(subject, path)
    if fact is None:
        return FactChange(path, str(before), str(after))
    return FactChange(rules_in_force.title(fact), in_words(fact, before), in_words(fact, after))


def _figure_changes(before: Receipt, after: Receipt) -> tuple[FactChange, ...]:
    old = {(row["name"], row["key"]): row for row in before["values"]}
    changes = []
    for row in after["values"]:
        was = old.get((row["name"], row["key"]))
        if was is not None and was["figure"] != row["figure"]:
            changes.append(FactChange(_pick(row), _figure(was).value, _figure(row).value))
    return tuple(changes)
