"""How text is laid out: lines break where Chinese may break and stay inside the width."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from wenjiuye.cli.screen import Flow, mark

TEXTS = st.text("中文，。（）“”abc xyz 123\n", max_size=120)


def laid_out(text: str, width: int, hang: int = 0) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(Flow(text, hang=hang))
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue().splitlines()


def test_a_line_breaks_between_chinese_characters_and_never_before_a_comma() -> None:
    assert laid_out("合同期限不少于十二，个月", 18) == ["合同期限不少于十", "二，个月"]


def test_a_word_stays_whole() -> None:
    assert laid_out("hired in the year of the decision", 14) == ["hired in the", "year of the", "decision"]


def test_a_bracket_is_not_left_at_the_end_of_a_line() -> None:
    assert laid_out("合同期限（个月）", 10) == ["合同期限", "（个月）"]


def test_lines_after_the_first_hang() -> None:
    assert laid_out("✓ 合同期限不少于十二个月", 14, hang=2) == ["✓ 合同期限不少", "  于十二个月"]


@given(TEXTS, st.integers(20, 60))
def test_no_line_is_wider_than_the_screen_and_no_character_is_lost(text: str, width: int) -> None:
    lines = laid_out(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("encoding", "yes"), [("utf-8", "✓"), ("gbk", "√"), ("ascii", "[+]"), ("nonsense", "[+]")]
)
def test_a_mark_is_one_that_the_encoding_has(encoding: str, yes: str) -> None:
    class Terminal(Console):
        @property
        def encoding(self) -> str:
            return encoding

    assert mark(Terminal(), "yes") == yes
