"""`ask`: the questionnaire, driven by what is piped in."""

from __future__ import annotations

import json
from pathlib import Path

from terminal import ON, wenjiuye

INTERN = ("ask", "internship", "--measure", "internship_subsidy", *ON)


def test_a_question_comes_with_its_words_and_why_it_is_asked() -> None:
    answer = wenjiuye(*INTERN, typed="q\n")
    assert answer.code == 0
    assert "1.  是否已从高等学校毕业？" in answer.out
    assert "问这个，是因为" in answer.out


def test_the_answers_lead_to_the_same_result_as_decide(tmp_path: Path) -> None:
    saved = tmp_path / "facts.json"
    answer = wenjiuye("ask", "hire", *ON, "-o", saved, typed="否\n")
    assert "还有" in answer.out or "没有还需要问的了" in answer.out
    assert json.loads(saved.read_text("utf-8")) == {
        "subject": "hire",
        "facts": {"social_insurance_paid": False},
    }
    decided = wenjiuye("decide", saved, *ON).out
    assert decided in answer.out


def test_an_empty_line_leaves_the_fact_unknown_and_does_not_ask_again(tmp_path: Path) -> None:
    saved = tmp_path / "facts.json"
    answer = wenjiuye(*INTERN, "-o", saved, typed="\n不知道\nskip\nq\n")
    assert answer.code == 0
    assert json.loads(saved.read_text("utf-8"))["facts"] == {}
    assert answer.out.count("是否已从高等学校毕业？") == 1


def test_b_goes_back_and_the_last_answer_counts(tmp_path: Path) -> None:
    saved = tmp_path / "facts.json"
    wenjiuye(*INTERN, "-o", saved, typed="是\nb\n否\nq\n")
    assert json.loads(saved.read_text("utf-8"))["facts"] == {"college_graduate": False}


def test_after_the_last_question_there_is_still_a_way_back(tmp_path: Path) -> None:
    saved = tmp_path / "facts.json"
    wenjiuye("ask", "hire", *ON, "-o", saved, typed="否\nb\n是\nq\n")
    assert json.loads(saved.read_text("utf-8"))["facts"] == {"social_insurance_paid": True}


def test_a_question_mark_explains_and_asks_again() -> None:
    answer = wenjiuye(*INTERN, typed="?\nq\n")
    assert "可填：是 / 否" in answer.out
    assert "凭证：毕业证书" in answer.out


def test_an_answer_that_cannot_be_read_is_asked_again_with_what_is_allowed(tmp_path: Path) -> None:
    saved = tmp_path / "facts.json"
    answer = wenjiuye(*INTERN, "-o", saved, typed="vielleicht\n是\nq\n")
    assert "✗ 不能识别“vielleicht”。应为：是 / 否" in answer.out
    assert json.loads(saved.read_text("utf-8"))["facts"] == {"college_graduate": True}


def test_a_choice_may_be_given_by_number_or_by_name(tmp_path: Path) -> None:
    found = []
    for choice in ("1", "weidu", "魏都区", "Weidu"):
        saved = tmp_path / "facts.json"
        typed = f"是\n2019-07-01\n否\n2020-09-01\n{choice}\nq\n"
        wenjiuye(*INTERN, "-o", saved, typed=typed)
        found.append(json.loads(saved.read_text("utf-8"))["facts"].get("county"))
    assert found == ["weidu"] * 4


def test_the_end_of_the_input_ends_the_questions() -> None:
    answer = wenjiuye(*INTERN, typed="")
    assert answer.code == 0
    assert "就业见习补贴" in answer.out


def test_english_is_complete() -> None:
    answer = wenjiuye(*INTERN, "--lang", "en", typed="perhaps\n?\n\nq\n")
    assert "Enter: I do not know    ?: help    b: back    q: end and see the results" in answer.out
    assert "'perhaps' cannot be read. Wanted: yes / no" in answer.out
