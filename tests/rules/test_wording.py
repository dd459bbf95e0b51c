"""Sentences derived from the tree, in Chinese and English, for every condition of the policy."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.graph import graph_svg, graph_text, measure_graph
from wenjiuye.rules.wording import formula, sentence

ON = dt.date(2020, 12, 1)
HAN = re.compile(r"[一-鿿]")


def words(measure: str, index: int, lang: str = "zh") -> str:
    built = policy()
    return sentence(built, built.measure(measure).nodes[index].written, ON, lang)  # type: ignore[arg-type]


def said(measure: str, lang: str = "zh") -> list[str]:
    built = policy()
    nodes = built.measure(measure).nodes
    return [sentence(built, n.written, ON, lang) for n in nodes if not n.children]  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", list(policy().measures))
def test_every_condition_and_formula_has_words_in_both_languages(measure: str) -> None:
    built = policy()
    for node in built.measure(measure).nodes:
        assert HAN.search(sentence(built, node.written, ON, "zh"))
        assert not HAN.search(sentence(built, node.written, ON, "en"))
    written = built.measure(measure).written_amount
    if written is not None:
        assert formula(built, written, ON, "zh")
        assert not HAN.search(formula(built, written, ON, "en"))


def test_a_figure_stands_in_the_sentence_with_its_unit() -> None:
    assert "合同期限不少于12个月" in said("hiring_subsidy")
    assert "length of contract is at least 12 months" in said("hiring_subsidy", "en")


def test_the_figure_of_the_law_stands_on_the_right() -> None:
    assert any(line.startswith("见习开始日时不少于16周岁") for line in said("internship_subsidy"))


def test_one_of_something_is_singular_in_english() -> None:
    assert any("1 year after date left school" in line for line in said("hiring_subsidy", "en"))


def test_a_no_is_said_as_a_no() -> None:
    assert "僵尸企业或严重失信企业：否" in said("stability_refund")


def test_a_reform_changes_the_sentence_with_the_figure() -> None:
    name = next(n for n in policy().values.values if n.startswith("hiring") and n.endswith("contract_months"))
    reform = policy().with_values({name: 24})
    nodes = reform.measure("hiring_subsidy").nodes
    assert "合同期限不少于24个月" in [sentence(reform, n.written, ON, "zh") for n in nodes if not n.children]


@pytest.mark.parametrize("measure", list(policy().measures))
def test_every_measure_has_a_graph_whose_arrows_lead_to_it(measure: str) -> None:
    built = policy()
    graph = measure_graph(built, built.measure(measure), ON)
    names = {node.id for node in graph.nodes}
    assert all(a in names and b in names for a, b in graph.edges)
    left = {a for a, _ in graph.edges}
    assert names - left == {"measure"}
    assert graph_text(graph).splitlines()[0] == built.measure(measure).zh
    assert graph_svg(graph).count("<rect") == len(graph.nodes)
