"""A made-up orchard with its values, rules of one line for it, and one question put to all three engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl
from random_facts import tables_of

from wenjiuye.rules import (
    BoolFact,
    ChoiceFact,
    Condition,
    DateFact,
    Fund,
    Grant,
    Group,
    IntFact,
    ListFact,
    Many,
    MoneyFact,
    MonthFact,
    Number,
    One,
    Policy,
    ShareFact,
    Subject,
    ValueBook,
    Values,
    all_of,
    benefit,
    parse_values,
)
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.case import determine
from wenjiuye.rules.determination import Determination
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.measures import Declaration, Derivation, Measure
from wenjiuye.rules.policy import assemble

ON = dt.date(2020, 12, 1)
ASK = ("问？", "Asked?")
PURSE = Fund("purse", "钱包", "purse")
VERDICTS = {True: "eligible", False: "ineligible", None: "undetermined"}


class Farm(Subject, id="farm", zh="果园", en="farm"):
    """An orchard and what is known of it."""

    pickers = Many(lambda: Picker, "employer", "采摘工", "pickers")
    sheds = Many(lambda: Shed, "farm", "棚", "sheds")

    organic = BoolFact("有机", "organic", ask=ASK)
    hilly = BoolFact("山地", "hilly", ask=ASK)
    insured = BoolFact("参保", "insured", ask=ASK)
    blacklisted = BoolFact("失信", "blacklisted", ask=ASK, default=False)
    region = ChoiceFact(
        "片区",
        "region",
        ask=ASK,
        members={"north": ("北区", "north"), "south": ("南区", "south"), "west": ("西区", "west")},
    )
    staff = IntFact("人数", "staff", ask=ASK, unit="people")
    months = IntFact("月数", "months", ask=ASK, unit="months")
    grade = IntFact("等级", "grade", ask=ASK, unit="class", minimum=1, maximum=8)
    weeks = IntFact("天数", "days", ask=ASK, unit="days")
    balance = MoneyFact("余额", "balance", ask=ASK, minimum=-(10**16))
    rent = MoneyFact("租金", "rent", ask=ASK)
    cost = MoneyFact("成本", "cost", ask=ASK)
    tax = MoneyFact("税", "tax", ask=ASK)
    fee = MoneyFact("费", "fee", ask=ASK)
    bonus = MoneyFact("奖金", "bonus", ask=ASK, optional=True)
    ripe = ShareFact("成熟率", "ripe share", ask=ASK)
    lost = ShareFact("损失率", "lost share", ask=ASK)
    planted_on = DateFact("种植日", "planted on", ask=ASK)
    picked_on = DateFact("采摘日", "picked on", ask=ASK)
    season = MonthFact("季", "season", ask=ASK)
    plots = ListFact(
        "地块",
        "plots",
        ask=ASK,
        fields={
            "area": IntFact("面积", "area", ask=ASK, unit="mu"),
            "lease": MoneyFact("地租", "lease", ask=ASK),
            "sunny": BoolFact("向阳", "sunny", ask=ASK),
        },
    )


class Person(Subject, id="person", zh="人", en="person"):
    """Somebody who picks."""

    insured = Farm.insured
    born_on = DateFact("出生日", "born on", ask=ASK)


class Picker(Subject, id="picker", zh="采摘工", en="picker"):
    """One person's work at one farm."""

    employer = One(Farm, "果园", "employer")
    person = One(Person, "人", "person")

    insured = Farm.insured
    pay = MoneyFact("工资", "pay", ask=ASK)
    hours = IntFact("工时", "hours", ask=ASK, unit="months")
    keen = BoolFact("勤快", "keen", ask=ASK)
    tip = MoneyFact("小费", "tip", ask=ASK, optional=True)


class Shed(Subject, id="shed", zh="棚", en="shed"):
    """A shed of a farm."""

    farm = One(Farm, "果园", "farm")

    dry = BoolFact("干燥", "dry", ask=ASK)


VALUES = parse_values(
    """
[prize]
zh = "奖"
en = "prize"
type = "money"
unit = "yuan"
dated = [{ value = 100, source = "s" }]

[per_head]
zh = "每人"
en = "per head"
type = "money"
unit = "yuan/person"
dated = [{ value = 12.34, source = "s" }]

[third]
zh = "三分之一"
en = "a third"
type = "share"
unit = "share"
dated = [{ value = "1/3", source = "s" }]

[rate]
zh = "费率"
en = "rate"
type = "share"
unit = "share"
dated = [{ value = 0.055, source = "s" }]

[term]
zh = "期限"
en = "term"
type = "int"
unit = "months"
dated = [{ value = 3, source = "s" }]

[crew]
zh = "人手"
en = "crew"
type = "int"
unit = "people"
dated = [{ value = 30, source = "s" }]

[wage]
zh = "工资"
en = "wage"
type = "money"
unit = "yuan/month"
key = "region"

[[wage.dated]]
from = 2019-01-01
to = 2020-12-31
values = { north = 10, south = 20 }
source = "s"

[[wage.dated]]
from = 2021-01-01
values = { north = 11, south = 21 }
source = "s"

[grade_rate]
zh = "等级费率"
en = "rate of a grade"
type = "share"
unit = "share"
key = "grade"
dated = [{ values = { 1 = 0.01, 2 = 0.02 }, source = "s" }]

[opening]
zh = "开始"
en = "opening"
type = "date"
unit = "date"
dated = [{ value = 2020-06-01, source = "s" }]

[spring]
zh = "春季奖"
en = "spring prize"
type = "money"
unit = "yuan"
dated = [{ from = 2020-03-01, to = 2020-05-31, value = 5, source = "s" }]

[local_prize]
zh = "本地奖"
en = "local prize"
type = "money"
unit = "yuan"
local = true
""",
    "orchard.toml",
)

Rule = Callable[[Any, Values], Grant]


def declared(
    rule: Rule, subject: type[Subject] = Farm, name: str = "m", decorator: Any = benefit, **more: Any
) -> Declaration:
    """A declaration of a rule that stands in one line of a test."""

    def function(about: Any, v: Values) -> Grant:
        """A made-up clause."""
        return rule(about, v)

    function.__name__ = name
    function.__annotations__ = {"about": subject, "v": Values, "return": Grant}
    declaration: Declaration = decorator(
        **{"clause": "a01.01", "zh": "名", "en": "name", "fund": PURSE, **more}
    )(function)
    return declaration


def follows(fact: Any, subject: type[Subject], function: Callable[[Any, Values], Any]) -> Derivation:
    """A derivation that stands in one line of a test."""

    def answer(about: Any, v: Values) -> Any:
        return function(about, v)

    answer.__annotations__ = {"about": subject, "v": Values}
    return Derivation(fact, answer, "test_file.py:1")


def built(
    *rules: Rule | Declaration,
    subject: type[Subject] = Farm,
    values: ValueBook = VALUES,
    derivations: Sequence[Derivation] = (),
    groups: Sequence[Group] = (),
    **more: Any,
) -> Policy:
    """A policy of rules; the first is named m, the next m2, m3 …"""
    declarations = [
        rule
        if isinstance(rule, Declaration)
        else declared(rule, subject, "m" if number == 1 else f"m{number}", **more)
        for number, rule in enumerate(rules, 1)
    ]
    known = {derivation.fact.id: derivation for derivation in derivations}
    return assemble("orchard", "果园", "orchard", declarations, known, values, groups)


def paying(amount: Callable[[Any, Values], Number], **more: Any) -> Policy:
    """A policy that pays a sum to everybody."""
    return built(lambda about, v: Grant(when=all_of(True), amount=amount(about, v)), **more)


def asking(when: Callable[[Any, Values], Condition], **more: Any) -> Policy:
    """A policy that pays the prize under one condition."""
    return built(lambda about, v: Grant(when=when(about, v), amount=v.prize), **more)


def answers(
    policy: Policy,
    records: Sequence[Mapping[str, Any]],
    on: dt.date = ON,
    tables: Mapping[str, pl.DataFrame] | None = None,
    measure: str = "m",
) -> list[Determination]:
    """What all three engines say of each record, which is a nested one in kernel form; they must agree."""
    subject = policy.measure(measure).subject
    return [row[measure] for row in agreed(policy, subject, records, on, tables)]


def answer(policy: Policy, on: dt.date = ON, **record: Any) -> Determination:
    """What all three engines say of one record; `employer__rent` stands for the path employer.rent."""
    return answers(policy, [{name.replace("__", "."): value for name, value in record.items()}], on)[0]


def tables_as_given(subject: type[Subject], records: Sequence[Any]) -> dict[str, pl.DataFrame]:
    """The tables of records; rows that no record gives have no table, so that they are unknown and not none."""
    tables = tables_of(subject, records)
    for name, link in subject.relations.items():
        if isinstance(link, Many) and not any(name in record for record in records):
            tables.pop(link.target().id, None)
    return tables


def agreed(
    policy: Policy,
    subject: type[Subject],
    records: Sequence[Any],
    on: dt.date,
    tables: Mapping[str, pl.DataFrame] | None = None,
) -> list[dict[str, Determination]]:
    """Every measure of the subject for every record, after checking that batch, case and Evaluation agree."""
    held = tables or tables_as_given(subject, records)
    result = determine_batch(policy, subject.id, held, on, reasons=True)
    rows = result.frame.to_dicts()
    assert len(rows) == len(records)
    found = []
    for record, row in zip(records, rows, strict=True):
        look = Evaluation(policy, record, on, nested=True)
        answered = {m.id: determine(policy, m, record, on, nested=True) for m in result.measures}
        for measure in result.measures:
            told = f"{measure.id} on {on} for {record}"
            case = as_seen(measure, answered[measure.id])
            assert of_row(measure, row) == case, f"batch and case differ: {told}"
            assert of_look(measure, look) == case, f"Evaluation and case differ: {told}"
        found.append(answered)
    return found


def as_seen(measure: Measure, found: Determination) -> dict[str, Any]:
    """All that a determination says."""
    seen: dict[str, Any] = {"verdict": str(found.verdict), "truths": list(found.truths)}
    if measure.has_amount:
        parts = {name: found.parts.get(name) for name in measure.parts}
        seen |= {"amount": found.amount, "low": found.low, "high": found.high, **parts}
    return seen


def of_row(measure: Measure, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same from a row of a batch result."""
    seen: dict[str, Any] = {
        "verdict": VERDICTS[row[f"{measure.id}.verdict"]],
        "truths": [row[f"{measure.id}.c{node.index}"] for node in measure.nodes],
    }
    if measure.has_amount:
        seen |= {name: row[f"{measure.id}.{name}"] for name in ("amount", "low", "high", *measure.parts)}
    return seen


def of_look(measure: Measure, look: Evaluation) -> dict[str, Any]:
    """The same from the node-by-node interpreter."""
    truths = [look.value(node.resolved) for node in measure.nodes]
    seen: dict[str, Any] = {"verdict": VERDICTS[truths[0]], "truths": truths}
    if not measure.has_amount:
        return seen
    if truths[0] is False:
        return seen | dict.fromkeys(("amount", "low", "high", *measure.parts))
    assert measure.amount is not None
    assert measure.limit is not None
    amount = _fen(measure, look.value(measure.amount))
    low, high = (amount, amount) if amount is not None else look.bounds(measure.limit)
    floor = max(_fen(measure, low) or 0, 0) if amount is None else amount
    parts = {name: _fen(measure, look.value(part)) for name, part in measure.parts.items()}
    return seen | {"amount": amount, "low": floor, "high": _fen(measure, high), **parts}


def _fen(measure: Measure, number: int | Fraction | None) -> int | None:
    return None if number is None else measure.rounding.apply(number)
