"""Running the command line in tests: one call, its exit code, and what it said where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from wenjiuye.cli import app

ON = ("--on", "2020-12-01")

HIRE: Mapping[str, Any] = {
    "size": "small",
    "hired_on": "2020-06-01",
    "contract_months": 24,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
    "college_graduate": False,
    "months_paid": 6,
    "months_granted": 0,
    "employer_contributions_paid_per_month": "620.50",
}
INTERN: Mapping[str, Any] = {
    "college_graduate": True,
    "left_school_on": "2019-07-01",
    "employed_before": False,
    "internship_started_on": "2020-09-01",
    "county": "weidu",
    "internship_months": 3,
}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def wenjiuye(*words: object, typed: str | None = None, **settings: str) -> Answer:
    """Run a command. Fails where it ends with an exception instead of an exit code."""
    result = CliRunner().invoke(
        app,
        [str(word) for word in words],
        input=typed,
        env={"WENJIUYE_LANG": "zh", "COLUMNS": "100", **settings},
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def facts_file(folder: Path, facts: Mapping[str, Any], subject: str | None = "hire") -> Path:
    """A file of facts."""
    path = folder / "facts.json"
    about = {} if subject is None else {"subject": subject}
    path.write_text(json.dumps({**about, "facts": dict(facts)}), "utf-8")
    return path
