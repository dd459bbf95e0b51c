"""The worked example of both READMEs is what the program says."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from wenjiuye.cli.app import app

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_example_of_the_readme_is_the_real_output(
    name: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    case = ["explain", "hiring_insurance_subsidy", "examples/hire.yaml", "--on", "2020-12-01", "--lang", lang]
    result = CliRunner().invoke(app, case)
    said = [line.rstrip() for line in result.output.rstrip().splitlines()]
    text = (ROOT / name).read_text("utf-8")
    shown = text.split("$ wenjiuye explain ", 1)[1].split("```", 1)[0].rstrip().splitlines()[1:]
    assert shown == said
