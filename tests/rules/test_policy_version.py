"""The version of a policy: a new one as soon as something decides otherwise, the same for what is only said.

It covers what decides: measures (clause, kind, subject, conditions, amounts, parts, ceiling, rounding), derivations
through the measures that read them, stacking groups, and figures with their validity. It leaves out what is told:
titles, docstrings, wordings, funds, sources and notes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from three_engines import VALUES, Farm, Picker, built, declared, follows

from wenjiuye.policy.xuchang_2020_31 import ARTICLES
from wenjiuye.policy.xuchang_2020_31 import __name__ as PACKAGE
from wenjiuye.policy.xuchang_2020_31 import policy as shipped
from wenjiuye.policy.xuchang_2020_31 import values as shipped_values
from wenjiuye.rules import (
    DECISION,
    Fund,
    Grant,
    Group,
    Rounding,
    Values,
    Window,
    parse_values,
    relief,
    waterfall,
)
from wenjiuye.rules.measures import Declaration, module_declarations
from wenjiuye.rules.policy import assemble
from wenjiuye.rules.quantity import Kind


def rule(f: Any, v: Values) -> Grant:
    return Grant(when=f.organic, amount=v.prize * f.ripe)


BASE = built(rule)

OTHERWISE: dict[str, Callable[[Any, Values], Grant]] = {
    "another fact": lambda f, v: Grant(when=f.hilly, amount=v.prize * f.ripe),
    "another amount": lambda f, v: Grant(when=f.organic, amount=v.prize * f.lost),
    "a ceiling": lambda f, v: Grant(when=f.organic, up_to=v.prize * f.ripe),
    "a window": lambda f, v: Grant(
        when=f.organic, amount=v.prize * f.ripe, window=Window(DECISION, v.day("opening"))
    ),
    "another rounding": lambda f, v: Grant(when=f.organic, amount=v.prize * f.ripe, rounding=Rounding("up")),
    "another base": lambda f, v: Grant(when=f.organic, amount=v.prize * f.ripe, rounding=Rounding(base=100)),
    "a part": lambda f, v: Grant(when=f.organic, amount=v.prize * f.ripe, parts={"all": v.prize * f.ripe}),
    "another comparison": lambda f, v: Grant(when=f.months >= v.term, amount=v.prize * f.ripe),
    "a factor": lambda f, v: Grant(when=f.organic, amount=v.prize * f.ripe * 2),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_rule_that_decides_otherwise_has_another_version(name: str) -> None:
    versions = {built(other).version for other in OTHERWISE.values()}
    assert len(versions) == len(OTHERWISE)
    assert built(OTHERWISE[name]).version != BASE.version


def test_the_border_of_a_comparison_counts() -> None:
    below = built(lambda f, v: Grant(when=f.months < v.term, amount=v.prize))
    up_to = built(lambda f, v: Grant(when=f.months <= v.term, amount=v.prize))
    assert below.version != up_to.version


def test_the_same_rules_and_values_have_the_same_version_however_often_they_are_built() -> None:
    assert built(rule).version == BASE.version
    assert shipped.__wrapped__().version == shipped().version
    assert shipped().version == shipped().version
    assert len(BASE.version) == 16


def test_what_is_only_told_leaves_the_version_alone() -> None:
    told = [
        built(rule, zh="别的名", en="another name"),
        built(rule, fund=Fund("other", "别的", "other")),
        built(rule, departments=("人社局",)),
        built(lambda f, v: Grant(when=f.organic.worded("有机", "organic"), amount=v.prize * f.ripe)),
        built(lambda f, v: Grant(when=f.organic, amount=v.prize * f.ripe, shows=(f.rent,))),
    ]
    assert {policy.version for policy in told} == {BASE.version}
    documented = declared(rule)
    documented.function.__doc__ = "Another reading of the clause."
    assert built(documented).version == BASE.version


def test_another_clause_kind_or_subject_is_another_version() -> None:
    assert built(rule, clause="a01.02").version != BASE.version
    assert built(rule, decorator=relief).version != BASE.version
    of_farm = built(lambda f, v: Grant(when=f.insured, amount=v.prize))
    of_picker = built(lambda p, v: Grant(when=p.insured, amount=v.prize), subject=Picker)
    assert of_farm.version != of_picker.version


def test_a_derivation_counts_where_a_measure_reads_it_and_only_there() -> None:
    derived = built(rule, derivations=[follows(Farm.organic, Farm, lambda f, v: f.months >= v.term)])
    otherwise = built(rule, derivations=[follows(Farm.organic, Farm, lambda f, v: f.months > v.term)])
    unread = built(rule, derivations=[follows(Farm.insured, Farm, lambda f, v: f.months > v.term)])
    assert len({BASE.version, derived.version, otherwise.version}) == 3
    assert unread.version == BASE.version


def test_stacking_groups_count_and_their_titles_do_not() -> None:
    def grouped(
        name: str = "g", order: Any = "order", members: tuple[str, ...] = ("m", "m2"), **more: Any
    ) -> str:
        group = Group(name, order, members, **{"zh": "组", "en": "group", "source": "a01.01", **more})
        return built(rule, rule, groups=[group]).version

    plain = built(rule, rule).version
    assert (
        len({plain, grouped(), grouped(order="best"), grouped(members=("m2", "m")), grouped(span="year")})
        == 5
    )
    assert grouped(zh="别的组", source="a02.01") == grouped()


def test_the_bound_of_parts_counts_because_it_is_part_of_what_is_decided() -> None:
    """Two ceilings over the same parts state other bounds while a part is unknown."""

    def of(stated: Callable[[Any], Any]) -> str:
        def split(f: Any, _: Values) -> Grant:
            amount, parts = waterfall(f.rent, ("tax", f.tax), ("fee", f.fee))
            return Grant(when=f.organic, amount=amount + stated(f), parts=parts)

        return built(split).version

    assert of(lambda _: 0) != of(lambda f: f.cost)


# ── Figures


def figures(text: str) -> str:
    head = '[prize]\nzh = "奖"\nen = "prize"\ntype = "money"\nunit = "yuan"\n'
    book = parse_values(head + text, "t.toml")
    return built(lambda f, v: Grant(when=f.organic, amount=v.prize), values=book).version


def test_a_figure_and_its_validity_count_and_its_source_does_not() -> None:
    base = figures('dated = [{ value = 100, source = "s" }]')
    assert figures('dated = [{ value = "100.00", source = "t", note = "n", confidence = "low" }]') == base
    others = [
        figures('dated = [{ value = 100.01, source = "s" }]'),
        figures('dated = [{ from = 2020-01-01, value = 100, source = "s" }]'),
        figures('dated = [{ to = 2020-01-01, value = 100, source = "s" }]'),
        figures('dated = [{ to = 2020-01-02, value = 100, source = "s" }]'),
        figures("local = true"),
    ]
    assert len({base, *others}) == 6


@pytest.mark.parametrize("name", sorted(shipped_values().values))
def test_every_single_shipped_figure_counts(name: str) -> None:
    value = shipped_values()[name]
    other = (
        dt.date(2031, 7, 9) if value.kind is Kind.DATE else "0.123" if value.kind is Kind.SHARE else 987_654
    )
    reform = shipped().with_values({name: other})
    assert reform.version != shipped().version
    if value.keyed_by is not None:
        assert shipped().with_values({name: {"weidu": other}}).version not in (
            shipped().version,
            reform.version,
        )


def test_two_equal_reforms_have_one_version() -> None:
    once, twice = (BASE.with_values({"prize": 100}) for _ in range(2))
    assert once.version == twice.version


# ── Reforms of rules


def declarations() -> list[Declaration]:
    return [d for name in ARTICLES for d in module_declarations(import_module(f"{PACKAGE}.{name}"))[0]]


@pytest.mark.parametrize("declaration", declarations(), ids=lambda d: d.id)
def test_a_measure_replaced_by_itself_leaves_the_version_alone(declaration: Declaration) -> None:
    assert shipped().with_measures([declaration]).version == shipped().version


def test_a_measure_replaced_or_added_is_another_version() -> None:
    otherwise = declared(OTHERWISE["another fact"])
    assert BASE.with_measures([otherwise]).version == built(otherwise).version != BASE.version
    added = BASE.with_measures([declared(rule, name="m2")])
    assert added.version == built(rule, rule).version != BASE.version


def test_the_order_in_which_measures_are_declared_decides_nothing() -> None:
    one, two = declared(rule, name="one"), declared(rule, name="two", clause="a02.01")
    forth, back = (assemble("p", "p", "p", order, {}, VALUES) for order in ([one, two], [two, one]))
    assert forth.version == back.version
    assert replace(forth, zh="别的", en="other").version == forth.version
