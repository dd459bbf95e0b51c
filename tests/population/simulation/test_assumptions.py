"""Assumptions are read exactly, and a wrong file says where and what may stand there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.simulation.assumptions import portion, read_assumptions
from wenjiuye.population.simulation.errors import AssumptionError


def written(folder: Path, text: str) -> Path:
    path = folder / "assume.toml"
    path.write_text(text, "utf-8")
    return path


def test_shares_are_exact_and_everybody_is_the_default(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[take_up]\ndefault = 0.9\nhiring_subsidy = "2/3"\n[continuing]\nstability_refund = "60%"\n',
    )
    found = read_assumptions(path, policy().measures)
    assert found.take_up.of("hiring_subsidy") == Fraction(2, 3)
    assert found.take_up.of("stability_refund") == Fraction(9, 10)
    assert found.continuing.of("stability_refund") == Fraction(3, 5)
    assert found.continuing.of("hiring_subsidy") == 1
    assert found.take_up.text() == "90%; hiring_subsidy 2/3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[take_up]\nhiring_subsidi = 1\n", "did you mean hiring_subsidy"),
        ("[take_up]\ndefault = 1.1\n", "from 0 to 1"),
        ("[take_up]\ndefault = -0.1\n", "from 0 to 1"),
        ('[take_up]\ndefault = "most"\n', "from 0 to 1"),
        ("[take_up]\ndefault = true\n", "from 0 to 1"),
        ("[uptake]\ndefault = 1\n", r"there are \[take_up\] and \[continuing\]"),
        ("take_up = 1\n", "wanted shares"),
        ("[take_up\n", "not valid TOML"),
    ],
)
def test_a_wrong_file_says_where_and_what_may_stand_there(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AssumptionError, match=said):
        read_assumptions(written(tmp_path, text), policy().measures)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssumptionError, match=r"none\.toml"):
        read_assumptions(tmp_path / "none.toml", policy().measures)


@pytest.mark.parametrize(
    ("fen", "share", "rounded"),
    [(1, "1/2", 1), (1, "1/3", 0), (5, "1/2", 3), (10**18, "1/3", 333_333_333_333_333_333)],
)
def test_a_portion_is_rounded_half_up_to_the_fen(fen: int, share: str, rounded: int) -> None:
    assert portion(fen, Fraction(share)) == rounded
