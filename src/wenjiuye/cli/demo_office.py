"""The last part of `demo`: the offices' system set up over the made-up city, its accounts printed, its desk served."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from rich.text import Text

from wenjiuye.cli.bar import progress
from wenjiuye.cli.boundary import CHECK_FAILED
from wenjiuye.cli.language import Speech
from wenjiuye.cli.office import end_on_term, office, serve_until_stopped
from wenjiuye.cli.render import section
from wenjiuye.cli.screen import screen

if TYPE_CHECKING:
    from wenjiuye.platform.serving.ready import Ready


def serve_demo(say: Speech, out: Path, on: dt.date, port: int) -> None:
    """Set the office up in `<out>/office` and serve it; with WENJIUYE_DEMO_ONCE=1 only see that its pages answer."""
    # A demonstration has a database and keys of its own, whatever else this machine serves.
    os.environ["WENJIUYE_MODE"] = "demo"
    os.environ["WENJIUYE_DATA"] = str((out / "office").resolve())
    os.environ.pop("DATABASE_URL", None)
    end_on_term()
    with office(say) as found:
        _set_up(say, out, on)
        if os.environ.get("WENJIUYE_DEMO_ONCE") == "1":
            _look_once(say, found, port)
        else:
            serve_until_stopped(say, found, port)


def _set_up(say: Speech, out: Path, on: dt.date) -> None:
    from wenjiuye.platform.demo.city import set_up

    console = screen()
    stages = {"load": say("登记库入库", "registry into the database"), "claims": say("办理申请", "claims")}
    with progress(say, stages) as tell:
        made = set_up(
            out / "registry", out / "run" / f"on={on}" / "lists", out / "office" / "intake", on, tell
        )
    console.print(section(console, say("经办系统", "The officers' desk")))
    if made.states:
        from wenjiuye.platform.claims.states import State

        told = say("、", ", ").join(
            f"{_title(say, State(name))} {number}" for name, number in made.states.items()
        )
        console.print(Text(say(f"申请：{told}", f"Claims: {told}")))
    table = Table.grid(padding=(0, 2, 0, 0))
    for officer in made.officers:
        table.add_row(
            Text(officer.user.username, style="bold"),
            Text(officer.password),
            Text(str(officer.user)),
            Text(_title(say, officer.role)),
            Text(_place(say, officer.county), style="dim"),
        )
    console.print(table)


def _title(say: Speech, choice: Any) -> str:
    from django.utils.translation import override

    with override(say("zh-hans", "en")):
        return str(choice.label)


def _place(say: Speech, county: str) -> str:
    from django.utils.translation import override

    from wenjiuye.platform.claims.rules_in_force import county_title

    with override(say("zh-hans", "en")):
        return str(county_title(county))


def _look_once(say: Speech, found: Ready, port: int) -> None:
    """Sign in as each officer and open the pages of the desk."""
    from wenjiuye.platform.demo.looking import look_at_pages
    from wenjiuye.platform.serving.serve import running

    with running(found.environment, port):
        problems, seen = look_at_pages(f"http://127.0.0.1:{port}")
    for problem in problems:
        screen(error=True).print(Text(problem, style="red"))
    if problems:
        raise typer.Exit(CHECK_FAILED)
    screen().print(say(f"{seen} 个页面都正常。", f"{seen} pages answer."))
