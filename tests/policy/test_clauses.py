"""The clause files load into plain data, and say clearly what is wrong with them when they do not."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

from wenjiuye.policy.clauses import (
    KINDS,
    MODALITIES,
    DuplicateError,
    FieldError,
    OrderError,
    PolicyDataError,
    PolicyFileError,
    UnknownReferenceError,
    UnknownWordError,
    document_from_toml,
    load_document,
)

XUCHANG = "wenjiuye.policy.xuchang_2020_31"

CLAUSES = """
[document]
id = "made-up"
number = "虚构〔2099〕1号"
title = "虚构文件"
title_en = "A made-up document"
issuer = "虚构市"
signed = 2099-01-02
printed = 2099-01-03
higher_rule = "虚构〔2098〕9号"
host = "甲局"
supervisor = "乙局"

[[chapter]]
no = 1
zh = "第一章"
en = "First"

[[department]]
short = "甲局"
name = "虚构市甲局"
en = "Bureau A"

[[department]]
short = "乙局"
name = "虚构市乙局"
en = "Bureau B"
note = "Renamed later."

[[article]]
no = 0
zh = "正文以外"
en = "Outside"

[[article]]
no = 1
chapter = 1
zh = "苹果"
en = "Apples"
departments = ["甲局"]

[[clause]]
id = "a01.01"
zh = "红苹果"
en = "Red apples"
kind = "benefit"
modality = "may"
implemented_by = ["red_apples"]
fund = ["果园资金"]
open = ["How red is not said."]

[[clause]]
id = "a01.02"
zh = "绿苹果"
en = "Green apples"
kind = "task"
modality = "shall"
departments = ["乙局"]
"""

SENTENCES = """
[[sentence]]
article = 1
position = 1
kind = "heading"
chars = 5
digest = "0123456789abcdef"

[[sentence]]
article = 1
position = 2
kind = "text"
chars = 9
digest = "fedcba9876543210"
clauses = ["a01.01", "a01.02"]
"""


def load(clauses: str = CLAUSES, sentences: str = SENTENCES):
    return document_from_toml(clauses, sentences, where="made_up")


def swapped(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_a_document_knows_who_issued_it_and_which_office_hosts_it():
    document = load()
    assert (document.number, document.issuer, document.host) == ("虚构〔2099〕1号", "虚构市", "甲局")
    assert document.signed.isoformat() == "2099-01-02"


def test_a_clause_has_the_departments_of_its_article_unless_it_names_its_own():
    document = load()
    assert document.clause("a01.01").departments == ("甲局",)
    assert document.clause("a01.02").departments == ("乙局",)


def test_a_department_has_a_full_name():
    assert load().department_name("甲局") == "虚构市甲局"


def test_a_heading_stands_over_every_clause_of_its_article():
    document = load()
    assert document.clauses_of_sentence(document.sentences[0]) == ("a01.01", "a01.02")


def test_asking_for_what_does_not_exist_says_so():
    document = load()
    for ask in (lambda: document.clause("a09.09"), lambda: document.article(9)):
        with pytest.raises(UnknownReferenceError, match="9"):
            ask()
    with pytest.raises(UnknownReferenceError, match="丙局"):
        document.department_name("丙局")


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ('id = "a01.02"', 'id = "a01.01"', DuplicateError, "clause a01.01 stands twice"),
        ('short = "乙局"', 'short = "甲局"', DuplicateError, "department 甲局 stands twice"),
        ('id = "a01.01"', 'id = "a01.03"', OrderError, "clause a01.03 is out of order"),
        ('id = "a01.02"', 'id = "a02.01"', UnknownReferenceError, "unknown article 2"),
        ('id = "a01.02"', 'id = "1.2"', FieldError, "wrong form"),
        ('kind = "task"', 'kind = "wish"', UnknownWordError, "unknown kind 'wish'"),
        ('modality = "shall"', 'modality = "hope"', UnknownWordError, "unknown modality 'hope'"),
        (
            'departments = ["乙局"]',
            'departments = ["丙局"]',
            UnknownReferenceError,
            "unknown department 丙局",
        ),
        ("chapter = 1", "chapter = 7", UnknownReferenceError, "unknown chapter 7"),
        ('host = "甲局"', 'host = "丙局"', UnknownReferenceError, "unknown department 丙局"),
        ("signed = 2099-01-02", 'signed = "2099-01-02"', FieldError, "'signed' must be a date"),
        ('zh = "绿苹果"', 'zh = ""', FieldError, "'zh' must be a text"),
        ('fund = ["果园资金"]', 'fund = "果园资金"', FieldError, "'fund' must be a list"),
        ('fund = ["果园资金"]', 'funds = ["果园资金"]', FieldError, "unknown field 'funds'"),
        ("[document]", "[papers]", FieldError, "unknown field 'papers'"),
        ("[document]", "[document", PolicyFileError, "not valid TOML"),
    ],
)
def test_a_mistake_in_the_clauses_is_named_with_its_place_and_a_remedy(old, new, error, told):
    with pytest.raises(error) as caught:
        load(clauses=swapped(CLAUSES, old, new))
    assert told in str(caught.value)
    assert caught.value.where.startswith("made_up/clauses.toml")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "error", "told"),
    [
        ('"a01.02"]', '"a01.77"]', UnknownReferenceError, "unknown clause a01.77"),
        ("position = 2", "position = 1", DuplicateError, "article 1, position 1 stands twice"),
        ("position = 2", "position = 4", OrderError, "position 4 follows position 1"),
        ('kind = "text"', 'kind = "poem"', UnknownWordError, "unknown kind 'poem'"),
        ('digest = "fedc', 'digest = "FEDC', FieldError, "wrong form"),
        ("chars = 9", "chars = -9", FieldError, "whole number"),
        ('clauses = ["a01.01", "a01.02"]', "clauses = []", FieldError, "carries no clause"),
    ],
)
def test_a_mistake_in_the_sentences_is_named_with_its_place_and_a_remedy(old, new, error, told):
    with pytest.raises(error) as caught:
        load(sentences=swapped(SENTENCES, old, new))
    assert told in str(caught.value)
    assert caught.value.where.startswith("made_up/sentences.toml")


def test_an_error_in_a_clause_names_that_clause():
    with pytest.raises(UnknownWordError, match=r"clause a01\.02"):
        load(clauses=swapped(CLAUSES, 'kind = "task"', 'kind = "wish"'))


@pytest.mark.parametrize("package", ["", "no_such_city", "wenjiuye.policy.no_such_city", "no.such.city"])
def test_a_package_that_does_not_exist_is_a_policy_file_error(package):
    with pytest.raises(PolicyFileError, match="no such package"):
        load_document(package)


def test_a_package_without_clause_files_is_a_policy_file_error():
    with pytest.raises(PolicyFileError, match=r"clauses\.toml: the file is missing"):
        load_document("wenjiuye.policy")


def test_every_error_is_a_value_error():
    assert issubclass(PolicyDataError, ValueError)


# ── The files of Xuchang


@pytest.fixture(scope="module")
def xuchang():
    return load_document(XUCHANG)


def test_xuchang_has_246_clauses_in_26_articles_and_7_chapters(xuchang):
    assert len(xuchang.clauses) == 246
    assert [article.no for article in xuchang.articles] == list(range(27))
    assert [chapter.no for chapter in xuchang.chapters] == list(range(1, 8))


def test_the_clause_numbers_of_each_article_run_from_one_without_a_gap(xuchang):
    for article in xuchang.articles:
        clauses = xuchang.clauses_of_article(article.no)
        assert [clause.id for clause in clauses] == [
            f"a{article.no:02}.{n:02}" for n in range(1, len(clauses) + 1)
        ]
        assert clauses


def test_every_clause_of_xuchang_is_carried_by_a_sentence_of_its_own_article(xuchang):
    carried = {
        clause_id
        for sentence in xuchang.sentences
        for clause_id in sentence.clauses
        if int(clause_id[1:3]) == sentence.article
    }
    assert carried == {clause.id for clause in xuchang.clauses}
    assert all(
        int(item[1:3]) == sentence.article for sentence in xuchang.sentences for item in sentence.clauses
    )


def test_the_clauses_of_an_article_follow_its_sentences(xuchang):
    for article in xuchang.articles:
        listed = [item for row in xuchang.sentences if row.article == article.no for item in row.clauses]
        assert listed == sorted(listed)


def test_every_article_of_xuchang_opens_with_a_heading_and_closes_with_its_departments(xuchang):
    for article in xuchang.articles[1:]:
        kinds = [row.kind for row in xuchang.sentences if row.article == article.no]
        opening = [kind for kind in kinds if kind in ("chapter", "heading")]
        assert kinds[: len(opening)] == opening
        assert kinds.count("heading") == 1
        assert kinds[-1] == "departments"
        assert kinds.count("departments") == 1


def test_each_chapter_of_xuchang_opens_before_its_first_article(xuchang):
    opened = [row.article for row in xuchang.sentences if row.kind == "chapter"]
    first = [
        min(article.no for article in xuchang.articles if article.chapter == chapter.no)
        for chapter in xuchang.chapters
    ]
    assert opened == first


def test_every_department_named_in_xuchang_has_a_full_name_and_every_full_name_is_used(xuchang):
    named = {name for article in xuchang.articles for name in article.departments}
    named |= {name for clause in xuchang.clauses for name in clause.departments}
    assert named | {xuchang.host, xuchang.supervisor} == {
        department.short for department in xuchang.departments
    }


def test_every_clause_inside_an_article_of_xuchang_has_departments(xuchang):
    assert all(clause.departments for clause in xuchang.clauses if clause.id != "a00.01")


def test_xuchang_uses_every_kind_and_modality_we_know(xuchang):
    assert {clause.kind for clause in xuchang.clauses} == set(KINDS)
    assert {clause.modality for clause in xuchang.clauses} == set(MODALITIES)


@pytest.mark.parametrize(
    ("clause_id", "measures"),
    [
        ("a01.10", ("hire_tax_deduction", "hire_tax_deduction_person")),
        ("a02.14", ("housing_fund_deferral",)),
        ("a09.03", ("counter_guarantee_waiver",)),
        ("a09.13", ("loan_performance_award",)),
        ("a15.02", ("internship_subsidy",)),
        ("a15.03", ("internship_subsidy",)),
        ("a15.04", ("internship_subsidy",)),
        ("a16.08", ("poor_labour_absorption_award", "work_for_training_subsidy")),
    ],
)
def test_a_clause_names_every_measure_that_carries_it_out(xuchang, clause_id, measures):
    assert xuchang.clause(clause_id).implemented_by == measures


def test_the_clause_with_a_lost_character_carries_the_reading_that_was_taken(xuchang):
    assert "Reading" in xuchang.clause("a15.06").misprint[0]


def test_english_descriptions_are_english(xuchang):
    assert not [clause.id for clause in xuchang.clauses if re.search(r"[一-鿿]", clause.en)]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


@pytest.mark.parametrize("name", ["clauses.toml", "sentences.toml"])
def test_no_text_of_ours_is_long_enough_to_be_a_sentence_of_the_policy(name):
    values = tomllib.loads(files("wenjiuye.policy").joinpath("xuchang_2020_31", name).read_text("utf-8"))
    runs = [run for text in _texts(values) for run in re.findall(r"[一-鿿0-9]+", text)]
    assert max(map(len, runs)) < 24
