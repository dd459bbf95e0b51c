"""What is asked next: never what cannot matter, the most money for the least trouble first, and to an end."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_facts import random_record, random_value

from wenjiuye.policy.xuchang_2020_31 import policy as xuchang
from wenjiuye.rules import (
    DECISION,
    BoolFact,
    ChoiceFact,
    Condition,
    DateFact,
    Fund,
    Grant,
    IntFact,
    ListFact,
    Many,
    MeasureNotFoundError,
    MoneyFact,
    Number,
    One,
    Policy,
    Source,
    Subject,
    Values,
    age,
    all_of,
    any_of,
    benefit,
    choose,
    constant,
    derived,
    negate,
    parse_values,
    right,
)
from wenjiuye.rules.determination import Verdict
from wenjiuye.rules.facts import facts_in_reach
from wenjiuye.rules.measures import Declaration, Derivation
from wenjiuye.rules.policy import assemble
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.questions import STAKE_MOST, Question, SubjectNotFoundError, next_questions, still_open

ON = dt.date(2020, 12, 1)
FUND = Fund("fund", "资金", "fund")
VALUES = parse_values(
    """
[small]
zh = "小额"
en = "small sum"
type = "money"
unit = "yuan"
dated = [{ value = 100, source = "test" }]
[large]
zh = "大额"
en = "large sum"
type = "money"
unit = "yuan"
dated = [{ value = 1000, source = "test" }]
[huge]
zh = "巨额"
en = "huge sum"
type = "money"
unit = "yuan"
dated = [{ value = 90000000, source = "test" }]
[adult]
zh = "成年"
en = "of age"
type = "int"
unit = "years"
dated = [{ value = 18, source = "test" }]
[unset_share]
zh = "未定比例"
en = "open share"
type = "share"
unit = "share"
local = true
[rate]
zh = "标准"
en = "rate"
type = "money"
unit = "yuan"
key = "class"
dated = [{ values = { 4 = 10, 7 = 20 }, source = "test" }]
""",
    "test.toml",
)


def fact(kind: Callable[..., Any], name: str, **more: Any) -> Any:
    return kind(name, name, ask=(f"{name}？", f"{name}?"), **more)


class Helper(Subject, id="helper", zh="帮手", en="helper"):
    """Somebody who belongs to a thing."""

    skilled = fact(BoolFact, "skilled")
    friendly = fact(BoolFact, "friendly")
    thing: One[Thing]


class Thing(Subject, id="thing", zh="对象", en="thing"):
    """A subject with facts of every kind."""

    a = fact(BoolFact, "a", evidence=("甲证", "paper a"))
    b = fact(BoolFact, "b")
    c = fact(BoolFact, "c")
    d = fact(BoolFact, "d")
    dear = fact(BoolFact, "dear", burden=8)
    judged = fact(BoolFact, "judged", source=Source.JUDGEMENT)
    had = fact(BoolFact, "had", source=Source.LEDGER)
    count = fact(IntFact, "count", unit="people")
    other_count = fact(IntFact, "other_count", unit="people")
    group = fact(IntFact, "group", minimum=1, maximum=8)
    cost = fact(MoneyFact, "cost")
    birth = fact(DateFact, "birth")
    size = fact(ChoiceFact, "size", members={"s": ("小", "small"), "l": ("大", "large")}, burden=3)
    total = fact(IntFact, "total", unit="people", burden=5)
    rows = fact(ListFact, "rows", fields={"paid": fact(MoneyFact, "paid")})
    helpers = Many(lambda: Helper, "thing", "帮手", "helpers")


Helper.thing = One(Thing, "对象", "thing")
Helper.thing.__set_name__(Helper, "thing")
Helper.relations["thing"] = Helper.thing


@derived(Thing.total)
def total_of_both(thing: Thing, _v: Values) -> Number:
    """Both counts together: two inputs of burden 2 are cheaper than the fact of burden 5."""
    return thing.count + thing.other_count


@derived(Thing.size)
def size_by_count(thing: Thing, _v: Values) -> Any:
    """By two counts of burden 2 each, dearer together than the fact of burden 3; no answer where both are 0."""
    return choose(
        (thing.count + thing.other_count > 12, constant("l", Thing.size)),
        (thing.count + thing.other_count > 0, constant("s", Thing.size)),
        otherwise=None,
    )


DERIVED: dict[str, Derivation] = {"total": total_of_both, "size": size_by_count}
Rule = Callable[[Thing, Values], Condition]
Sum = Callable[[Thing, Values], Number]


def measure(name: str, when: Rule, amount: Sum | None = None, clause: str = "a01.01") -> Declaration:
    def rule(thing: Thing, v: Values) -> Grant:
        """A measure of the tests."""
        return Grant(when=when(thing, v), amount=None if amount is None else amount(thing, v))

    rule.__name__ = name
    if amount is None:
        return right(clause=clause, zh=f"项目{name}", en=name)(rule)
    return benefit(clause=clause, zh=f"项目{name}", en=name, fund=FUND)(rule)


def tiny(*declarations: Declaration) -> Policy:
    return assemble("tiny", "试", "tiny", declarations, DERIVED, VALUES)


def ask(policy: Policy, **facts: Any) -> list[Question]:
    return next_questions(policy, "thing", facts, ON)


def keys(questions: Sequence[Question]) -> list[str]:
    return [question.key for question in questions]


# ── What is asked at all


def test_what_is_known_or_cannot_change_the_verdict_is_not_asked() -> None:
    policy = tiny(measure("m", lambda t, _v: any_of(t.a, all_of(t.b, t.c))))
    assert set(keys(ask(policy))) == {"a", "b", "c"}
    assert keys(ask(policy, b=False)) == ["a"]
    assert ask(policy, a=True) == []


def test_the_sum_is_asked_for_only_once_the_verdict_is_eligible() -> None:
    policy = tiny(measure("m", lambda t, _v: t.a, lambda t, _v: t.cost))
    assert keys(ask(policy)) == ["a"]
    assert keys(ask(policy, a=True)) == ["cost"]
    assert ask(policy, a=False) == []


def test_the_branch_of_a_sum_that_is_not_taken_is_not_asked_for() -> None:
    policy = tiny(measure("m", lambda t, _v: t.a, lambda t, v: choose((t.b, v.small), otherwise=t.cost)))
    assert keys(ask(policy, a=True)) == ["b", "cost"]
    assert ask(policy, a=True, b=True) == []
    assert keys(ask(policy, a=True, b=False)) == ["cost"]


def test_facts_that_settle_nothing_alone_are_asked_where_they_can_together() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(any_of(t.a, t.b), any_of(t.c, t.d))))
    questions = ask(policy)
    assert set(keys(questions)) == {"a", "b", "c", "d"}
    assert all(question.settles == () and question.helps == ("m",) for question in questions)
    assert questions[0].why_zh == "问这个，是因为它与其他回答一起决定：项目m"


def test_what_no_answers_can_settle_is_not_asked() -> None:
    # The share is not set, so the first condition stays unknown whatever the counts are.
    policy = tiny(
        measure("m", lambda t, v: all_of(t.count >= t.other_count * v.unset_share, any_of(t.a, t.b), t.c))
    )
    assert set(keys(ask(policy))) == {"a", "b", "c"}
    assert ask(policy, a=True, c=True) == []
    assert [answer.measure.id for answer in still_open(policy, "thing", {"a": True, "c": True}, ON)] == ["m"]


def test_a_distinction_without_a_difference_is_still_asked() -> None:
    # Kleene's logic leaves it open until a is known, whichever it is.
    policy = tiny(measure("m", lambda t, _v: any_of(all_of(t.a, t.b), all_of(negate(t.a), t.b))))
    assert keys(ask(policy, b=True)) == ["a"]
    assert ask(policy, b=False) == []


def test_what_comes_after_a_limit_that_is_used_up_is_not_asked() -> None:
    # 14,400 yuan at most: whatever the VAT is, the second tax uses up what it leaves.
    known = {
        "months_since_registered": 5,
        "registered_poor": True,
        "education_surcharge_due": 0,
        "local_education_surcharge_due": 0,
    }
    for tax, asked in ((1_440_000_00, False), (100_00, True)):
        record = {**known, "urban_construction_tax_due": tax}
        found = next_questions(xuchang(), "sole_trader", record, ON)
        assert "vat_due" in keys(found)
        assert ("personal_income_tax_due" in keys(found)) is asked


def test_judgements_and_facts_of_the_ledger_are_asked_of_an_officer_only() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.a, t.judged, t.had)))
    assert keys(ask(policy)) == ["a"]
    assert set(keys(next_questions(policy, "thing", {}, ON, ask_officer=True))) == {"a", "judged", "had"}
    assert ask(policy, a=True) == []


def test_what_was_answered_with_i_do_not_know_is_not_asked_again() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.a, t.b)))
    assert keys(next_questions(policy, "thing", {}, ON, answered={"a"})) == ["b"]


def test_facts_of_related_rows_are_not_asked_of_the_subject() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.a, t.helpers.any(lambda h: h.skilled))))
    assert keys(ask(policy, helpers=[{"friendly": True}])) == ["a"]
    assert ask(policy, a=True, helpers=[{}]) == []


def test_a_list_is_asked_for_as_a_whole() -> None:
    policy = tiny(measure("m", lambda t, v: t.rows.all(lambda row: row.paid <= v.small)))
    assert keys(ask(policy)) == ["rows"]
    assert ask(policy, rows=[]) == []


# ── Derived facts


def test_the_inputs_are_asked_where_they_are_cheaper_together() -> None:
    policy = tiny(measure("m", lambda t, _v: t.total >= t.group))
    assert set(keys(ask(policy, group=5))) == {"count", "other_count"}


def test_the_fact_itself_is_asked_where_it_is_no_dearer_than_its_inputs() -> None:
    policy = tiny(measure("m", lambda t, _v: t.size == "s"))
    assert keys(ask(policy)) == ["size"]
    assert keys(ask(policy, count=3)) == ["other_count"]  # one input of burden 2 is left


def test_one_that_was_asked_in_vain_leaves_it_to_the_other() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.size == "s", t.total >= t.group)))
    found = next_questions(policy, "thing", {"group": 5}, ON, answered={"size", "count"})
    assert set(keys(found)) == {"total", "other_count"}


def test_inputs_that_give_no_answer_leave_it_to_the_fact() -> None:
    policy = tiny(measure("m", lambda t, _v: t.size == "s"))
    assert keys(ask(policy, count=0, other_count=0)) == ["size"]


# ── The order


def test_more_money_goes_first() -> None:
    policy = tiny(
        measure("m1", lambda t, _v: t.a, lambda _t, v: v.small, "a01.01"),
        measure("m2", lambda t, _v: t.b, lambda _t, v: v.large, "a01.02"),
    )
    assert [(q.key, q.score) for q in ask(policy)] == [("b", 50_000.0), ("a", 5_000.0)]


def test_less_trouble_goes_first() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.dear, t.a)))
    assert keys(ask(policy)) == ["a", "dear"]


def test_a_fact_that_settles_more_measures_goes_first() -> None:
    policy = tiny(
        measure("m1", lambda t, _v: all_of(t.a, t.b), clause="a01.01"),
        measure("m2", lambda t, _v: all_of(t.b, t.c), clause="a01.02"),
    )
    first = ask(policy)[0]
    assert (first.key, first.settles) == ("b", ("m1", "m2"))


def test_one_huge_sum_does_not_drown_the_others() -> None:
    policy = tiny(measure("m", lambda t, _v: t.a, lambda _t, v: v.huge))
    assert ask(policy)[0].score == STAKE_MOST / 2


def test_an_answer_that_settles_nothing_alone_comes_after_one_that_does() -> None:
    policy = tiny(measure("m", lambda t, _v: all_of(t.dear, any_of(t.a, t.b))))
    assert keys(ask(policy))[0] == "dear"


def test_only_the_measures_named_count() -> None:
    policy = tiny(measure("m1", lambda t, _v: t.a), measure("m2", lambda t, _v: t.b, clause="a01.02"))
    assert keys(next_questions(policy, "thing", {}, ON, measures=["m2"])) == ["b"]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"count": 17}, ["birth"]),
        ({"count": 18}, []),
    ],
)
def test_thresholds_are_found_on_both_sides(answers: dict[str, Any], asked: list[str]) -> None:
    policy = tiny(
        measure("m", lambda t, v: any_of(t.count >= t.group * 2 + 2, age(t.birth, DECISION) >= v.adult))
    )
    assert keys(ask(policy, group=8, **answers)) == asked


def test_the_keys_of_a_table_are_among_the_answers_tried() -> None:
    policy = tiny(measure("m", lambda t, _v: t.a, lambda t, v: v.rate.by(t.group)))
    (question,) = ask(policy, a=True)
    assert (question.key, question.settles) == ("group", ("m",))


# ── What a question says


def test_a_question_says_what_why_and_how_it_may_be_answered() -> None:
    policy = tiny(
        measure("m1", lambda t, _v: t.a, lambda _t, v: v.small, "a01.01"),
        measure("m2", lambda t, _v: t.a, lambda _t, v: v.large, "a01.02"),
        measure("m3", lambda t, _v: t.a, lambda t, _v: t.cost, "a01.03"),
        measure("m4", lambda t, _v: t.a, None, "a01.04"),
    )
    (question,) = ask(policy)
    assert (question.zh, question.en, question.evidence_zh, question.evidence_en) == (
        "a？",
        "a?",
        "甲证",
        "paper a",
    )
    assert (question.kind, question.allowed) == (Kind.BOOL, "true/false, yes/no, 是/否, 1/0")
    assert question.settles == ("m3", "m2", "m4", "m1")
    assert question.why_zh == (
        "问这个，是因为它决定：项目m3（金额未定）、项目m2（最高1,000.00元）、项目m4等4项"
    )
    assert question.why_en == (
        "We ask because it decides: m3 (sum still open); m2 (up to 1,000.00 yuan); m4; and 1 more"
    )


def test_a_nested_record_is_asked_by_path() -> None:
    found = keys(next_questions(xuchang(), "hire", {"employer.size": "small"}, ON, nested=True))
    assert {"contract_months", "person.college_graduate"} <= set(found)
    assert "employer.size" not in found
    flat = keys(next_questions(xuchang(), "hire", {"size": "small"}, ON))
    assert {"contract_months", "college_graduate"} <= set(flat)
    assert not any("." in key for key in flat)


def test_an_unknown_subject_or_measure_is_an_error() -> None:
    policy = tiny(measure("m", lambda t, _v: t.a))
    with pytest.raises(SubjectNotFoundError, match="no subject is named 'thong'"):
        still_open(policy, "thong", {}, ON)
    with pytest.raises(MeasureNotFoundError, match="did you mean"):
        next_questions(policy, "thing", {}, ON, measures=["mm"])


# ── The shipped policy

SUBJECTS = sorted(xuchang().subjects)


def outcomes(subject: str, record: dict[str, Any], nested: bool) -> dict[str, Verdict]:
    return {
        answer.measure.id: answer.verdict
        for answer in still_open(xuchang(), subject, record, ON, nested=nested)
    }


def settles_something(question: Question, subject: str, record: dict[str, Any], nested: bool) -> bool:
    """Whether an answer to a yes/no or a choice settles a verdict or a sum, by trying them all."""
    answers = [True, False] if question.kind is Kind.BOOL else list(question.fact.members)
    before = outcomes(subject, record, nested)
    return any(outcomes(subject, {**record, question.key: answer}, nested) != before for answer in answers)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(SUBJECTS), st.booleans(), st.sampled_from([0.0, 0.3]))
def test_asking_comes_to_an_end_at_which_nothing_left_can_matter(
    seed: int, subject: str, nested: bool, vain: float
) -> None:
    rng = random.Random(seed)
    kind = xuchang().subjects[subject]
    record = random_record(kind, rng, gap=0.7) if nested else {}
    answered: set[str] = set()
    asked: list[str] = []
    while found := next_questions(
        xuchang(), subject, record, ON, nested=nested, answered=answered, ask_officer=True
    ):
        first = found[0]
        assert len(set(keys(found))) == len(found)
        assert [q.score for q in found] == sorted((q.score for q in found), reverse=True)
        assert first.key not in record
        assert first.key not in asked
        assert first.settles or first.helps
        if first.kind in (Kind.BOOL, Kind.ENUM):
            assert settles_something(first, subject, record, nested) == bool(first.settles)
        asked.append(first.key)
        if rng.random() < vain:
            answered.add(first.key)
        else:
            record[first.key] = random_value(first.fact, rng, 0)
    assert len(asked) <= sum(len(s.facts) for s in xuchang().subjects.values())
    if nested:
        return
    left = outcomes(subject, record, nested)
    # An optional fact is never unknown, and a derived one cannot differ from its inputs.
    settled = {*record, *answered, *xuchang().derivations}
    unasked = {n: f for n, f in facts_in_reach(kind).items() if not f.optional and n not in settled}
    for _ in range(20):
        rest = {name: random_value(fact, rng, 0) for name, fact in unasked.items()}
        assert outcomes(subject, {**rest, **record}, nested).keys() >= left.keys()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(SUBJECTS))
def test_the_public_is_asked_nothing_that_only_an_officer_knows(seed: int, subject: str) -> None:
    record = random_record(xuchang().subjects[subject], random.Random(seed), gap=0.6)
    for question in next_questions(xuchang(), subject, record, ON, nested=True):
        assert question.fact.source not in (Source.JUDGEMENT, Source.LEDGER)


def test_the_first_questions_to_a_jobless_person_are_about_the_benefits_of_most_people() -> None:
    found = next_questions(xuchang(), "person", {}, ON)
    assert {"employed", "registered_unemployed"} & set(keys(found[:6]))
    assert all(question.why_zh.startswith("问这个，是因为它") for question in found)
