"""The one place where a user's mistake becomes a short message, and a mistake of ours stays a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from wenjiuye.cli.inputs import InputError
from wenjiuye.cli.language import forget_language, speech
from wenjiuye.cli.screen import screen
from wenjiuye.policy.clauses import PolicyDataError
from wenjiuye.policy.reform import ReformError
from wenjiuye.policy.text_check import PolicyTextError
from wenjiuye.policy.yaml_exact import UnreadableFileError
from wenjiuye.rules.errors import FactError, MeasureNotFoundError, RulesError

CHECK_FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130

_USERS = (RulesError, UnreadableFileError, PolicyTextError, PolicyDataError)
REPORT = "This is an error of wenjiuye, not yours. Please report it with the lines above and the command."


class Commands(TyperGroup):
    """The group of all commands, with the handling of errors around each of them."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; end with 2 for wrong input, 1 for a failed check of the program itself."""
        return guarded(lambda: super(Commands, self).invoke(ctx))


def guarded(run: Callable[[], Any]) -> Any:
    """Run, and turn what a user can do wrong into a message and an exit code."""
    forget_language()
    try:
        result = run()
        # A reader that has gone away is noticed here and not while Python shuts down.
        sys.stdout.flush()
        return result
    except BrokenPipeError:
        raise
    except Exception as problem:
        told = _told(problem)
        if told is None:
            raise
        raise refuse(*told) from None


def _told(problem: Exception) -> tuple[str, int] | None:
    """What to say about a mistake of the user and the exit code; None where it is none."""
    say = speech()
    if isinstance(problem, MeasureNotFoundError):
        return say(f"没有这项措施：{problem}", str(problem)) + say(
            "；见 ", "; see "
        ) + "wenjiuye measures", WRONG_USE
    if isinstance(problem, InputError | ReformError | FactError):
        return say.title(problem.message), WRONG_USE
    if isinstance(problem, _USERS):
        return say.half(str(problem)), WRONG_USE
    if isinstance(problem, OSError):
        where = f"{problem.filename}: " if problem.filename else ""
        return f"{where}{problem.strerror or problem}", WRONG_USE
    # These layers are loaded only by the commands that read tables or write workbooks.
    tables, workbooks = (
        sys.modules.get("wenjiuye.population.errors"),
        sys.modules.get("xlsxwriter.exceptions"),
    )
    if tables is not None and isinstance(problem, tables.CheckFailedError):
        return say.half(str(problem)), CHECK_FAILED
    if tables is not None and isinstance(problem, tables.PopulationError):
        return say.half(str(problem)), WRONG_USE
    if workbooks is not None and isinstance(problem, workbooks.XlsxFileError):
        return f"the workbook cannot be written: {problem}", WRONG_USE
    return None


def refuse(message: str, code: int = WRONG_USE) -> typer.Exit:
    """Say on stderr what is wrong; answers the exit to raise."""
    say = speech()
    screen(error=True).print(Text.assemble((say("错误：", "Error: "), "bold red"), message), soft_wrap=True)
    return typer.Exit(code)


def note(message: str) -> None:
    """Say something beside the result, on stderr."""
    screen(error=True).print(Text(message, style="dim"), soft_wrap=True)
