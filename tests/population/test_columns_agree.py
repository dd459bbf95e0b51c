"""The fast way over a column reads exactly what the careful way reads cell by cell, for any text at all."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workshop import Firm

from wenjiuye.population.cells import CellError, engine_value, read_cell
from wenjiuye.population.columns import parse_column, tidy
from wenjiuye.rules.facts import Fact

ALPHABET = "0123456789.,-+/%eE 年月日是否有无true yes１２．％，√×¥元\u3000\u200b"
LIKELY = [
    *(
        "0",
        "1",
        "1.5",
        "12.30",
        "1,234.5",
        "0.055",
        "5.5%",
        "2/3",
        "100%",
        "1e3",
        "-0",
        "+5",
        "00012",
        "1.",
        ".5",
    ),
    *("2020-12-01", "2020-1-5", "2020/12/1", "2020年2月30日", "20201231", "2020-12", "202013", "0000-00-00"),
    *(
        "true",
        "TRUE",
        "Yes",
        "是",
        "否",
        "small",
        "大型",
        "Small",
        "99999999999999999999",
        "0.00000000000000000001",
    ),
]
TEXTS = st.lists(st.sampled_from(LIKELY) | st.text(ALPHABET, max_size=14) | st.text(max_size=6), max_size=6)


@pytest.mark.parametrize("fact", list(Firm.facts.values()), ids=lambda fact: fact.id)
@settings(max_examples=150, deadline=None)
@given(texts=TEXTS)
def test_the_fast_way_and_the_careful_way_agree_on_any_text(fact: Fact, texts: list[str]):
    series = pl.Series("text", texts, dtype=pl.String)
    parsed = parse_column(fact, series)
    frame = pl.DataFrame(list(parsed.columns))
    wrong = dict(parsed.problems.select("index", "problem").rows())
    for i, text in enumerate(tidy(series)):
        value = engine_value(fact, frame.row(i, named=True), fact.id)
        if text is None:
            assert (value, wrong.get(i)) == (None, None)
            continue
        assert (value, wrong.get(i)) == carefully(fact, text)


def carefully(fact: Fact, text: str) -> tuple[object, str | None]:
    try:
        return read_cell(fact, text), None
    except CellError as problem:
        return None, str(problem)
