"""The application: every command, --version, and the entry point."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from wenjiuye.cli import asking, city, deciding, demo, looking, office, proving, simulating, synthesis, tables
from wenjiuye.cli.boundary import REPORT, Commands

_EPILOG = "退出码 / Exit codes: 0 done, 1 a check failed, 2 wrong input, 130 stopped."

app = typer.Typer(
    cls=Commands,
    help="稳就业：把就业政策变成可计算、可解释的程序。\n\n"
    "An employment policy as a program: computed, explained, traced to its clause.",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from wenjiuye.policy.xuchang_2020_31 import policy

        print(f"wenjiuye {_package_version()}, {policy().id} {policy().version}")
        raise typer.Exit


def _package_version() -> str:
    from importlib.metadata import version

    return version("wenjiuye")


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="版本 / Version of program and rules."
        ),
    ] = False,
) -> None:
    pass


MODULES = (deciding, asking, tables, city, simulating, synthesis, looking, proving, office, demo)
for _module in MODULES:
    for _command in _module.COMMANDS:
        app.command(_command.__name__.replace("_", "-"), epilog=_EPILOG)(_command)
for _name, _group in office.GROUPS.items():
    app.add_typer(_group, name=_name)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except Exception as problem:
        problem.add_note(REPORT)
        raise
    except KeyboardInterrupt:
        sys.exit(130)
