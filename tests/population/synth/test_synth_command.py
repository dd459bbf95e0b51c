"""The command `synth` writes a city and says what is in it; mistakes end with a message."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from wenjiuye.cli.boundary import Commands
from wenjiuye.cli.synthesis import COMMANDS

app = typer.Typer(cls=Commands, pretty_exceptions_enable=False)
for command in COMMANDS:
    app.command(command.__name__)(command)


@app.command()
def other() -> None:
    """A second command, so that the first keeps its name."""


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("个人 person", "死亡后发放")), ("en", ("resident", "after death"))]
)
def test_it_says_how_many_rows_each_table_has_and_what_is_wrong_on_purpose(
    lang: str, words: tuple[str, str], tmp_path: Path
):
    code, said = run("synth", "--persons", "300", "--seed", "4", "-o", tmp_path / "city", "--lang", lang)
    assert code == 0, said
    assert "300" in said
    assert "truth" in said
    assert words[1] in said
    assert (tmp_path / "city" / "registry.toml").is_file()


def test_a_city_with_broken_rows_says_how_many(tmp_path: Path):
    code, said = run("synth", "--persons", "300", "--dirty", "0.1", "-o", tmp_path / "city", "--lang", "en")
    assert code == 0, said
    assert "broken cells" in said


def test_too_few_people_are_refused_with_a_message(tmp_path: Path):
    code, said = run("synth", "--persons", "100", "-o", tmp_path / "city", "--lang", "en")
    assert code == 2
    assert "at least 200 persons" in said


def test_a_folder_of_something_else_is_refused_with_a_message(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("keep")
    code, said = run("synth", "--persons", "200", "-o", tmp_path, "--lang", "zh")
    assert code == 2
    assert "不能覆盖" in said
