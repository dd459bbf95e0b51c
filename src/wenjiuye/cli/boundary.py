"""The one place where a user's mistake becomes a short message, and a mistake of ours stays a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from wenjiuye.cli.inputs import InputError
from wenjiuye.cli.language import speech
from wenjiuye.cli.screen import screen
from wenjiuye.policy.clauses import PolicyDataError
from wenjiuye.policy.reform import ReformError
from wenjiuye.policy.text_check import PolicyTextError
from wenjiuye.policy.yaml_exact import UnreadableFileError
from wenjiuye.rules.errors import RulesError

CHECK_FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130

_USERS = (InputError, RulesError, ReformError, UnreadableFileError, PolicyTextError, PolicyDataError)
REPORT = "This is an error of wenjiuye, not yours. Please report it with the lines above and the command."


class Commands(TyperGroup):
    """The group of all commands, with the handling of errors around each of them."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; end with 2 for wrong input, 1 for a failed check of the program itself."""
        return guarded(lambda: super(Commands, self).invoke(ctx))


def guarded(run: Callable[[], Any]) -> Any:
    """Run, and turn what a user can do wrong into a message and an exit code."""
    try:
        result = run()
        # A reader that has gone away is noticed here and not while Python shuts down.
        sys.stdout.flush()
        return result
    except BrokenPipeError:
        raise
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        raise refuse(f"{where}{problem.strerror or problem}") from None
    except _USERS as problem:
        raise refuse(str(problem)) from None
    except ValueError as problem:
        _about_tables(problem)
        raise


def _about_tables(problem: ValueError) -> None:
    """Errors of the population layer, which is loaded only by the commands that read tables."""
    errors = sys.modules.get("wenjiuye.population.errors")
    if errors is not None and isinstance(problem, errors.CheckFailedError):
        raise refuse(str(problem), CHECK_FAILED) from None
    if errors is not None and isinstance(problem, errors.PopulationError):
        raise refuse(str(problem)) from None


def refuse(message: str, code: int = WRONG_USE) -> typer.Exit:
    """Say on stderr what is wrong; answers the exit to raise."""
    say = speech()
    screen(error=True).print(Text.assemble((say("错误：", "Error: "), "bold red"), message), soft_wrap=True)
    return typer.Exit(code)


def note(message: str) -> None:
    """Say something beside the result, on stderr."""
    screen(error=True).print(Text(message, style="dim"), soft_wrap=True)
