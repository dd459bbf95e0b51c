"""A policy that is declared wrongly is not built: each mistake has an error with file, line and fix."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from three_engines import ASK, ON, PURSE, VALUES, Farm, Person, Picker, built, declared, follows

from wenjiuye.rules import (
    DECISION,
    BoolFact,
    DateFact,
    DeclarationError,
    Grant,
    Group,
    IntFact,
    MeasureNotFoundError,
    One,
    Policy,
    RulesError,
    Subject,
    ValueFileError,
    Values,
    Window,
    all_of,
    benefit,
    build_policy,
    choose,
    constant,
    derived,
    quota,
    relief,
    right,
    split,
)
from wenjiuye.rules.batch import determine_batch
from wenjiuye.rules.case import decide

HERE = "test_declarations.py"


def refused(
    build: Callable[[], object], *words: str, lines: bool = True, error: type[RulesError] = DeclarationError
) -> None:
    """Building fails with a message that names this file, a line of the mistake, and the words."""
    with pytest.raises(error) as problem:
        build()
    told = str(problem.value)
    for word in words:
        assert word in told, told
    if lines:
        file, number = told.partition(": ")[0].split(":")
        source, first = inspect.getsourcelines(inspect.currentframe().f_back)  # type: ignore[union-attr, arg-type]
        assert file == HERE, told
        assert first <= int(number) <= first + len(source), told


def fine(f: Any, v: Values) -> Grant:
    """A rule with nothing wrong."""
    return Grant(when=f.organic, amount=v.prize)


# ── The declaration


def test_a_rule_without_fault_is_built() -> None:
    policy = built(fine)
    assert policy.measure("m").clause == "a01.01"
    assert policy.measure("m").doc == "A made-up clause."


@pytest.mark.parametrize("clause", ["1.6", "a1.06", "a01.6", "A01.06", "a01.06b", "", "a01.006"])
def test_a_malformed_clause_id_is_refused(clause: str) -> None:
    with pytest.raises(
        DeclarationError, match=rf"three_engines\.py:\d+: m: clause '{clause}' is not like a01\.06"
    ):
        built(fine, clause=clause)


def own_module(**members: Any) -> ModuleType:
    module = ModuleType(__name__)
    vars(module).update(members)
    return module


def test_a_clause_that_the_document_lacks_names_the_nearest_ones() -> None:
    @benefit(clause="a01.60", zh="名", en="name", fund=PURSE)
    def prize(farm: Farm, v: Values) -> Grant:
        """A prize."""
        return Grant(when=farm.organic, amount=v.prize)

    def build() -> Policy:
        return build_policy(
            "p", "p", "p", modules=[own_module(prize=prize)], values=VALUES, clauses=["a01.06", "a02.01"]
        )

    refused(build, "prize: the document has no clause a01.60; did you mean a01.06")


def test_a_measure_without_a_docstring_is_refused() -> None:
    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def silent(farm: Farm, v: Values) -> Grant:
        return Grant(when=farm.organic, amount=v.prize)

    refused(lambda: built(silent), "silent: say in a docstring what the clause grants")
    silent.function.__doc__ = "   "
    refused(lambda: built(silent), "docstring")


def test_a_benefit_without_a_fund_is_refused_because_it_could_never_be_paid() -> None:
    @benefit(clause="a01.01", zh="名", en="name")
    def unfunded(farm: Farm, v: Values) -> Grant:
        """A prize."""
        return Grant(when=farm.organic, amount=v.prize)

    refused(lambda: built(unfunded), "unfunded: a benefit needs fund=")


def test_two_measures_with_one_id_are_refused_with_both_places() -> None:
    one, two = declared(fine), declared(fine)
    with pytest.raises(DeclarationError, match=r"m is declared twice, first in three_engines\.py:\d+"):
        built(one, two)


def test_a_first_parameter_that_names_no_subject_is_refused() -> None:
    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def bare(farm, v):  # type: ignore[no-untyped-def]
        """A prize."""
        return Grant(when=farm.organic, amount=v.prize)

    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def wrong(farm: int, v: Values) -> Grant:  # noqa: ARG001
        """A prize."""
        return Grant(when=all_of(True), amount=v.prize)

    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def nothing() -> Grant:
        """A prize."""
        return Grant(when=all_of(True))

    for mistake in (bare, wrong, nothing):
        refused(lambda mistake=mistake: built(mistake), "annotate the first parameter with its subject")  # type: ignore[misc]


def test_a_first_parameter_annotated_with_an_unknown_name_is_refused_with_its_line() -> None:
    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def misspelt(farm: Frm, v: Values) -> Grant:  # type: ignore[name-defined]  # noqa: F821
        """A prize."""
        return Grant(when=farm.organic, amount=v.prize)

    refused(lambda: built(misspelt), "misspelt", "annotate the first parameter with its subject")


@pytest.mark.parametrize("returned", [None, True, 100])
def test_a_rule_that_returns_no_grant_is_refused(returned: object) -> None:
    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def forgetful(farm: Farm, v: Values) -> Any:  # noqa: ARG001
        """A prize."""
        return returned

    refused(lambda: built(forgetful), f"forgetful: return Grant(when=…), not {returned!r}")


# ── The grant


def test_when_must_be_a_condition() -> None:
    with pytest.raises(DeclarationError, match="m: when is no condition"):
        built(lambda f, v: Grant(when=f.staff, amount=v.prize))
    with pytest.raises(DeclarationError, match="m: when is no condition: True"):
        built(lambda _, v: Grant(when=True, amount=v.prize))  # type: ignore[arg-type]


def test_an_amount_and_a_ceiling_together_are_refused() -> None:
    with pytest.raises(DeclarationError, match="state amount or up_to, not both"):
        built(lambda f, v: Grant(when=f.organic, amount=v.prize, up_to=v.prize))


def test_a_benefit_and_a_relief_need_a_sum_and_a_right_does_not() -> None:
    with pytest.raises(DeclarationError, match=r"a benefit needs amount=… or up_to=…"):
        built(lambda f, _: Grant(when=f.organic))
    with pytest.raises(DeclarationError, match=r"a relief needs amount=… or up_to=…"):
        built(lambda f, _: Grant(when=f.organic), decorator=relief)
    assert not built(lambda f, _: Grant(when=f.organic), decorator=right).measure("m").has_amount


def test_a_quota_with_an_amount_is_refused() -> None:
    with pytest.raises(DeclarationError, match="a quota pays nothing; drop the amount"):
        built(lambda f, v: Grant(when=f.organic, amount=v.prize), decorator=quota)
    with pytest.raises(DeclarationError, match="a quota pays nothing; drop the amount"):
        built(lambda f, v: Grant(when=f.organic, up_to=v.prize), decorator=quota)


def test_a_quota_with_parts_is_refused_like_one_with_an_amount() -> None:
    with pytest.raises(DeclarationError, match="a quota pays nothing"):
        built(lambda f, v: Grant(when=f.organic, parts={"all": v.prize}), decorator=quota)


@pytest.mark.parametrize(
    ("grant", "told"),
    [
        (lambda f, _: Grant(when=f.organic, amount=f.staff), "amount is people, not money"),
        (lambda f, _: Grant(when=f.organic, up_to=f.ripe), "up_to is share, not money"),
        (lambda f, _: Grant(when=f.organic, amount=f.planted_on), "amount is fact"),
        (lambda f, _: Grant(when=f.organic, amount=f.staff / f.staff), "amount is share, not money"),
        (lambda f, _: Grant(when=f.organic, amount=f.pickers.count()), "amount is a plain number, not money"),
        (
            lambda f, v: Grant(when=f.organic, amount=v.prize, parts={"one": f.months}),
            "one is months, not money",
        ),
        (lambda f, _: Grant(when=f.organic, amount=100), "amount is 100, not money"),
    ],
)
def test_an_amount_that_is_not_money_is_refused(grant: Any, told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        built(grant)


@pytest.mark.parametrize("name", ["amount", "low", "high", "verdict", "c0"])
def test_a_part_must_not_be_named_like_a_column_of_the_result(name: str) -> None:
    with pytest.raises(DeclarationError, match=name):
        built(lambda f, v: Grant(when=f.organic, amount=v.prize, parts={name: v.prize}))


def test_a_window_without_ends_is_refused_with_the_line_of_the_measure() -> None:
    @benefit(clause="a01.01", zh="名", en="name", fund=PURSE)
    def ajar(farm: Farm, v: Values) -> Grant:
        """A prize."""
        return Grant(when=farm.organic, amount=v.prize, window=Window(DECISION))

    refused(lambda: built(ajar), "ajar")


def test_a_unit_mismatch_in_a_rule_names_file_and_line() -> None:
    def build() -> Policy:
        return built(lambda f, v: Grant(when=f.months >= v.crew, amount=v.prize))

    refused(build, "months compared with people", "different units")


def test_a_date_compared_with_a_number_in_a_rule_names_file_and_line() -> None:
    def build() -> Policy:
        return built(lambda f, v: Grant(when=f.planted_on >= v.term, amount=v.prize))

    refused(build, "a number where a date is wanted")


# ── Facts


def test_an_unknown_fact_names_the_nearest_ones() -> None:
    refused(
        lambda: built(lambda f, v: Grant(when=f.organik, amount=v.prize)),
        "farm has no fact or relation 'organik'; did you mean organic",
    )
    refused(
        lambda: built(lambda f, v: Grant(when=f.zzzzzz, amount=v.prize)), "declare it in the vocabulary first"
    )
    refused(
        lambda: built(lambda p, v: Grant(when=p.employer.insurred, amount=v.prize), subject=Picker),
        "farm has no fact or relation 'insurred'; did you mean insured",
    )


def test_an_optional_fact_must_say_what_its_absence_means() -> None:
    with pytest.raises(DeclarationError, match=r"m: bonus is optional; write \.or_else"):
        built(lambda f, _: Grant(when=f.organic, amount=f.bonus))
    with pytest.raises(DeclarationError, match=r"bonus is optional"):
        built(lambda f, v: Grant(when=f.bonus >= f.rent, amount=v.prize))
    with pytest.raises(DeclarationError, match=r"bonus is optional"):
        built(lambda f, v: Grant(when=f.organic, amount=v.prize, shows=(f.bonus,)))


def test_an_optional_fact_of_gathered_rows_must_say_what_its_absence_means() -> None:
    with pytest.raises(DeclarationError, match=r"tip is optional; write \.or_else"):
        built(lambda f, _: Grant(when=f.organic, amount=f.pickers.sum(lambda p: p.tip)))
    with pytest.raises(DeclarationError, match=r"tip is optional; write \.or_else"):
        built(lambda f, v: Grant(when=f.pickers.any(lambda p: p.tip >= v.prize), amount=v.prize))


def test_an_optional_fact_of_a_window_must_say_what_its_absence_means() -> None:
    class Stall(Subject, id="stall", zh="摊", en="stall"):
        """A stall that need not have closed yet."""

        open_now = BoolFact("营业", "open now", ask=ASK)
        closed_on = DateFact("关闭日", "closed on", ask=ASK, optional=True)

    with pytest.raises(DeclarationError, match=r"closed_on is optional; write \.or_else"):
        built(
            lambda s, v: Grant(
                when=s.open_now, amount=v.prize, window=Window(s.closed_on, v.day("opening"), None)
            ),
            subject=Stall,
        )


def test_or_else_on_a_fact_that_is_not_optional_is_refused() -> None:
    with pytest.raises(
        DeclarationError, match=r"m: rent is not optional, so its absence is unknown; drop \.or_else"
    ):
        built(lambda f, _: Grant(when=f.organic, amount=f.rent.or_else(0)))
    with pytest.raises(DeclarationError, match="organic is not optional"):
        built(lambda f, v: Grant(when=f.organic.or_else(False), amount=v.prize))


def test_or_else_on_anything_but_a_fact_is_refused_because_it_would_make_missing_zero() -> None:
    with pytest.raises(DeclarationError, match="or_else"):
        built(lambda f, _: Grant(when=f.organic, amount=(f.rent + f.cost).or_else(0)))
    with pytest.raises(DeclarationError, match="or_else"):
        built(lambda f, v: Grant(when=all_of(f.organic, f.hilly).or_else(True), amount=v.prize))


def test_a_fact_has_one_name() -> None:
    # Python 3.11 wraps what __set_name__ raises.
    with pytest.raises((DeclarationError, RuntimeError)) as problem:

        class Field(Subject, id="field", zh="田", en="field"):
            sunny = BoolFact("向阳", "sunny", ask=ASK)
            bright = sunny

    told = problem.value if isinstance(problem.value, DeclarationError) else problem.value.__cause__
    assert isinstance(told, DeclarationError)
    assert "one fact with two names, sunny and bright" in str(told)
    assert str(told).startswith(f"{HERE}:")


def test_two_facts_of_one_id_are_refused_because_a_flat_record_could_not_tell_them_apart() -> None:
    class Barn(Subject, id="barn", zh="仓", en="barn"):
        """A barn whose staff are counted otherwise than the farm's."""

        owner = One(Farm, "果园", "owner")

        staff = IntFact("班组", "shifts", ask=ASK, unit="shifts")

    with pytest.raises(DeclarationError, match="staff"):
        built(lambda b, v: Grant(when=all_of(b.staff >= 1, b.owner.staff >= 1), amount=v.prize), subject=Barn)


# ── Values


def test_an_unknown_value_names_the_nearest_ones_with_the_line() -> None:
    refused(
        lambda: built(lambda f, v: Grant(when=f.organic, amount=v.prise)),
        "no value is named 'prise'; did you mean prize",
    )
    refused(
        lambda: built(lambda f, v: Grant(when=f.planted_on >= v.day("openning"), amount=v.prize)),
        "no value is named 'openning'; did you mean opening",
    )


def test_a_date_is_read_as_a_date_and_a_number_as_a_number() -> None:
    refused(
        lambda: built(lambda f, v: Grant(when=f.months >= v.opening, amount=v.prize)),
        "opening is a date; write v.day('opening')",
    )
    refused(
        lambda: built(lambda f, v: Grant(when=f.planted_on >= v.day("prize"), amount=v.prize)),
        "prize is no date; write v.prize",
    )


def test_a_value_with_a_figure_per_key_needs_its_key() -> None:
    with pytest.raises(DeclarationError, match=r"m: wage has a figure per key; write \.by\(…\)"):
        built(lambda f, v: Grant(when=f.organic, amount=v.wage))
    with pytest.raises(DeclarationError, match="wage has a figure per key"):
        built(lambda f, v: Grant(when=f.rent >= v.wage.on(f.picked_on), amount=v.prize))


def test_a_value_with_a_figure_per_key_needs_its_key_also_where_rows_are_gathered() -> None:
    with pytest.raises(DeclarationError, match="wage has a figure per key"):
        built(lambda f, v: Grant(when=f.pickers.any(lambda p: p.pay >= v.wage), amount=v.prize))


# ── Derivations


def test_a_derivation_of_the_wrong_kind_is_refused() -> None:
    def rule(f: Any, v: Values) -> Grant:
        return Grant(when=all_of(f.staff >= 1, f.organic, f.region == "north"), amount=v.prize)

    for fact, answer, told in (
        (Farm.staff, lambda f, _: f.organic, "staff is a int, its derivation a bool"),
        (Farm.staff, lambda f, _: f.rent, "staff is a int, its derivation a money"),
        (Farm.organic, lambda f, _: f.staff, "organic is a bool, its derivation a int"),
        (Farm.region, lambda f, _: f.planted_on, "region is a enum, its derivation a date"),
    ):
        with pytest.raises(DeclarationError, match=f"test_file.py:1: {told}"):
            built(rule, derivations=[follows(fact, Farm, answer)])


def test_a_derivation_in_another_unit_is_refused() -> None:
    """Otherwise people would be counted as months."""
    with pytest.raises(DeclarationError, match="months"):
        built(
            lambda f, v: Grant(when=f.months >= v.term, amount=v.prize),
            derivations=[follows(Farm.months, Farm, lambda f, _: f.staff)],
        )


@pytest.mark.parametrize("answer", [None, 3, True])
def test_a_derivation_that_answers_no_expression_is_refused(answer: object) -> None:
    with pytest.raises(DeclarationError, match=r"test_file\.py:1: .*months"):
        built(
            lambda f, v: Grant(when=f.months >= v.term, amount=v.prize),
            derivations=[follows(Farm.months, Farm, lambda _f, _v: answer)],
        )


def test_a_derivation_about_another_subject_than_its_fact_is_refused() -> None:
    with pytest.raises(DeclarationError, match=r"test_file\.py:1: .*months"):
        built(
            lambda f, v: Grant(when=f.months >= v.term, amount=v.prize),
            derivations=[follows(Farm.months, Picker, lambda p, _: p.hours)],
        )


def test_facts_derived_from_each_other_are_refused_with_the_circle() -> None:
    with pytest.raises(DeclarationError, match="derived in a circle: rent → cost → rent"):
        built(
            lambda f, _: Grant(when=f.organic, amount=f.rent),
            derivations=[
                follows(Farm.rent, Farm, lambda f, _: f.cost),
                follows(Farm.cost, Farm, lambda f, _: f.rent),
            ],
        )
    with pytest.raises(DeclarationError, match="derived in a circle: organic → organic"):
        built(
            lambda f, v: Grant(when=f.organic, amount=v.prize),
            derivations=[follows(Farm.organic, Farm, lambda f, _: all_of(f.organic, f.hilly))],
        )


def test_a_derivation_reads_optional_facts_and_keyed_values_with_the_same_care() -> None:
    def rule(f: Any, _: Values) -> Grant:
        return Grant(when=f.organic, amount=f.rent)

    with pytest.raises(DeclarationError, match=r"test_file\.py:1: rent: bonus is optional"):
        built(rule, derivations=[follows(Farm.rent, Farm, lambda f, _: f.bonus)])
    with pytest.raises(DeclarationError, match=r"test_file\.py:1: rent: wage has a figure per key"):
        built(rule, derivations=[follows(Farm.rent, Farm, lambda _, v: v.wage)])


def test_one_fact_derived_twice_is_refused() -> None:
    @derived(Farm.rent)
    def one_way(farm: Farm, _v: Values) -> Any:
        return farm.cost

    @derived(Farm.rent)
    def other_way(farm: Farm, _v: Values) -> Any:
        return farm.tax

    module = own_module(one=one_way, two=other_way, m=declared(lambda f, _: Grant(f.organic, f.rent)))
    refused(lambda: build_policy("p", "p", "p", modules=[module], values=VALUES), "rent")


def test_a_constant_must_be_a_member_of_its_choice() -> None:
    with pytest.raises(DeclarationError, match="region has no member 'east'"):
        constant("east", Farm.region)


# ── Stacking groups


def group(rule: Any = "best", members: tuple[str, ...] = ("m", "m2"), name: str = "g", **more: Any) -> Group:
    return Group(name, rule, members, zh="组", en="group", source="a01.01", **more)


def test_a_group_with_an_unknown_or_a_single_member_is_refused() -> None:
    with pytest.raises(DeclarationError, match="group g: no measure 'mm'; did you mean"):
        built(fine, fine, groups=[group(members=("m", "mm"))])
    with pytest.raises(DeclarationError, match="group g: needs two measures or more"):
        built(fine, groups=[group(members=("m",))])
    with pytest.raises(DeclarationError, match="group g: needs two measures or more"):
        built(fine, fine, groups=[group(members=("m", "m"))])


def test_a_cap_is_the_name_of_a_value_in_yuan() -> None:
    for cap in (None, "term", "rate"):
        with pytest.raises(
            DeclarationError, match="group g: rule cap needs cap= the name of a value in yuan"
        ):
            built(fine, fine, groups=[group("cap", cap=cap)])
    with pytest.raises(DeclarationError, match="group g: cap= belongs to rule cap"):
        built(fine, fine, groups=[group("best", cap="prize")])
    assert built(fine, fine, groups=[group("cap", cap="prize")]).groups[0].cap == "prize"


def test_a_cap_that_is_no_value_at_all_is_refused_with_the_name_of_the_group() -> None:
    with pytest.raises((DeclarationError, ValueFileError), match=r"group g.*prise"):
        built(fine, fine, groups=[group("cap", cap="prise")])


def test_two_groups_in_opposite_order_are_refused() -> None:
    groups = [group("order", ("m", "m2")), group("order", ("m2", "m3", "m"), "h")]
    with pytest.raises(DeclarationError, match="groups g and h order m2 and m in opposite ways"):
        built(fine, fine, fine, groups=groups)
    built(fine, fine, fine, groups=[groups[0], group("order", ("m", "m3", "m2"), "h")])


def test_two_groups_of_one_id_are_refused() -> None:
    with pytest.raises(DeclarationError, match="group g"):
        built(fine, fine, fine, groups=[group("best"), group("order", ("m2", "m3"))])


def test_two_measures_for_the_same_cost_need_a_group_that_says_which_one_goes_first() -> None:
    with pytest.raises(
        DeclarationError,
        match=r"three_engines\.py:\d+: m2 and m \(.*\) both pay for 'rent'; put both in a Group",
    ):
        built(fine, fine, pays_for="rent")
    assert built(fine, fine, groups=[group()], pays_for="rent").measure("m").groups == ("g",)


def test_a_reform_that_adds_a_clash_is_refused_too() -> None:
    policy = built(fine, pays_for="rent")
    with pytest.raises(DeclarationError, match="both pay for 'rent'"):
        policy.with_measures([declared(fine, name="m2", pays_for="rent")])


def test_once_per_names_a_relation_or_a_subject_in_reach() -> None:
    for name in ("picker", "person", "employer", "farm"):
        built(lambda p, v: Grant(when=p.keen, amount=v.prize), subject=Picker, once_per=(name,))
    with pytest.raises(DeclarationError, match="persn"):
        built(lambda p, v: Grant(when=p.keen, amount=v.prize), subject=Picker, once_per=("persn",))


# ── Asking a policy


def test_an_unknown_measure_names_the_nearest_ones() -> None:
    policy = built(fine)
    with pytest.raises(MeasureNotFoundError, match="no measure is named 'mm'; did you mean m"):
        decide(policy, "mm", {}, ON)
    assert str(MeasureNotFoundError("plain words")) == "plain words"


@pytest.mark.parametrize("day", ["2020-12-01", None, dt.datetime(2020, 12, 1), 20201201])
def test_a_date_of_decision_that_is_none_is_refused_by_every_engine(day: Any) -> None:
    policy = built(fine)
    with pytest.raises(DeclarationError, match=r"date of decision is .*give a datetime\.date"):
        determine_batch(policy, "farm", {}, day)
    with pytest.raises(DeclarationError, match=r"date of decision is .*give a datetime\.date"):
        decide(policy, "m", {"organic": True}, day)


def test_a_batch_of_a_measure_that_does_not_exist_is_refused_like_a_case() -> None:
    policy = built(fine)
    with pytest.raises(MeasureNotFoundError, match="mm"):
        determine_batch(policy, "farm", {}, ON, measures=["mm"])


def test_what_only_the_batch_cannot_compute_is_refused_when_the_policy_is_built() -> None:
    """A nightly run is too late to learn it; the counter would have answered."""
    with pytest.raises(DeclarationError, match="whole numbers or fen"):
        built(lambda f, v: Grant(when=f.organic, amount=f.pickers.sum(lambda p: p.pay * v.third)))
    with pytest.raises(DeclarationError, match="can be negative"):
        built(lambda f, _: Grant(when=f.organic, amount=f.rent / f.balance * f.cost))


def test_split_and_choose_build_measures_without_complaint() -> None:
    policy = built(
        lambda f, v: Grant(
            when=f.organic,
            amount=choose((f.hilly, f.rent), otherwise=f.cost).rounded(),
            parts=split(choose((f.hilly, f.rent), otherwise=f.cost), v.rate, "one", "two"),
        )
    )
    assert list(policy.measure("m").parts) == ["one", "two"]
    assert Person.insured is Farm.insured
