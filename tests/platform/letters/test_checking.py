"""A letter with a gap, or a refusal without a reason, does not go out; the error names the field."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from letter_samples import MATTER, accepted, correction, granted, refused

from wenjiuye.platform.letters.checking import check
from wenjiuye.platform.letters.data import Matter
from wenjiuye.platform.letters.errors import IncompleteLetter
from wenjiuye.rules.errors import Bilingual

TEXTS = [field.name for field in fields(Matter) if field.name not in ("person", "date")]


def refusal_of(data) -> str:
    with pytest.raises(IncompleteLetter) as problem:
        check(data)
    return str(problem.value)


@pytest.mark.parametrize("make", [granted, refused, correction, accepted])
def test_whole_letters_go_out(make) -> None:
    check(make())


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_of_the_case_is_needed_in_both_languages(name) -> None:
    whole = getattr(MATTER, name)
    for empty in [" "] if isinstance(whole, str) else [Bilingual("", whole.en), Bilingual(whole.zh, " ")]:
        assert f"matter.{name}" in refusal_of(granted(matter=replace(MATTER, **{name: empty})))


@pytest.mark.parametrize("char", ["\n", "\u202e", "\u200b", "\x00", "\ue000"])
def test_characters_that_cannot_be_seen_are_refused_wherever_they_stand(char) -> None:
    assert "matter.applicant" in refusal_of(granted(matter=replace(MATTER, applicant=f"张{char}三")))
    wanted = replace(correction().wanted[1], why=Bilingual(f"查不到{char}", "none"))
    assert "wanted.1.why.zh" in refusal_of(correction(wanted=(correction().wanted[0], wanted)))


def test_a_refusal_without_a_reason_is_refused() -> None:
    nothing = replace(refused().reasons, conditions=())
    assert "grounds" in refusal_of(refused(reasons=nothing))
    assert "grounds" in refusal_of(refused(reasons=nothing, grounds=(Bilingual(" ", "x"),)))
    met = tuple(replace(row, decisive=False) for row in refused().reasons.conditions)
    assert "grounds" in refusal_of(refused(reasons=replace(nothing, conditions=met)))
    check(refused(reasons=nothing, grounds=(Bilingual("资金已用完。", "The fund is used up."),)))


def test_a_clause_has_the_form_that_the_rules_use() -> None:
    for clause in ("第1条", "a1.6", "a01.06 "):
        assert "matter.clause" in refusal_of(granted(matter=replace(MATTER, clause=clause)))


def test_sums_and_dates_must_make_sense() -> None:
    assert "amount_fen" in refusal_of(granted(amount_fen=-1))
    assert "since、until" in refusal_of(granted(since=dt.date(2020, 12, 2), until=dt.date(2020, 12, 1)))
    assert "（by）" in refusal_of(correction(by=dt.date(2020, 11, 30)))
    assert "（due）" in refusal_of(accepted(due=dt.date(2020, 11, 30)))
    assert "working_days" in refusal_of(accepted(working_days=0))
    assert "wanted" in refusal_of(correction(wanted=()))
