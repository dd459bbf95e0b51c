"""The offices' system on the command line: serve, work, doctor, admin create, audit verify."""

from __future__ import annotations

import getpass
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.boundary import CHECK_FAILED, Commands, refuse
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.screen import screen

if TYPE_CHECKING:
    from wenjiuye.platform.serving.ready import Ready


@contextmanager
def office(say: Speech, *, migrating: bool = True) -> Iterator[Ready]:
    """The system, ready; what is not set right is told and ends the command."""
    from wenjiuye.platform.config.environment import EnvironmentProblem
    from wenjiuye.platform.database.opening import DatabaseUnfit
    from wenjiuye.platform.serving.ready import ready

    try:
        with ready(migrating=migrating) as found:
            yield found
    except EnvironmentProblem as problem:
        for told in problem.problems:
            screen(error=True).print(Text(f"- {say.title(told)}"))
        raise refuse(
            say("环境变量没有设好，见上。", "The environment is not set right, see above.")
        ) from None
    except DatabaseUnfit as problem:
        raise refuse(say.title(problem.told)) from None


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / Port.")] = 8000,
    without_worker: Annotated[
        bool, typer.Option("--without-worker", help="不启动后台工作进程 / Without the worker.")
    ] = False,
    lang: options.Lang = None,
) -> None:
    """启动经办系统 / Serve the officers' desk, database included.

    Stops with Ctrl-C. With DATABASE_URL set, that PostgreSQL is used in the place of the embedded one.
    """
    say = speech(lang)
    end_on_term()
    with office(say) as found:
        serve_until_stopped(say, found, port, worker=not without_worker)


def serve_until_stopped(say: Speech, found: Ready, port: int, *, worker: bool = True) -> None:
    """Serve, say where, and wait."""
    from wenjiuye.platform.serving.serve import running, watch

    try:
        with running(found.environment, port, worker=worker) as parts:
            screen().print(
                Text.assemble(
                    say("经办系统：", "The desk: "),
                    (f"http://127.0.0.1:{port}/", "bold"),
                    say("（Ctrl-C 停止）", " (Ctrl-C stops it)"),
                )
            )
            code = watch(parts)
    except RuntimeError as problem:
        raise refuse(str(problem)) from None
    raise typer.Exit(code)


def end_on_term() -> None:
    """A request to end is obeyed like Ctrl-C, so that what was started is stopped too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


def work(lang: options.Lang = None) -> None:
    """后台工作进程 / The worker alone."""
    with office(speech(lang), migrating=False):
        from wenjiuye.platform.serving.work import main

        main()


def doctor(lang: options.Lang = None) -> None:
    """体检 / Look at database, fonts, holidays, disk, time, mail."""
    say = speech(lang)
    table, bad = Table.grid(padding=(0, 2, 0, 0)), False
    with office(say, migrating=False):
        from wenjiuye.platform.serving.doctor import examine

        for finding in examine():
            bad = bad or finding.good is False
            mark = {True: ("✓", "green"), False: ("✗", "red"), None: ("!", "yellow")}[finding.good]
            table.add_row(Text(*mark), Text(say.title(finding.what)), Text(say.title(finding.told)))
    screen().print(table)
    if bad:
        raise typer.Exit(CHECK_FAILED)


admin = typer.Typer(cls=Commands, help="帐号 / Accounts.", no_args_is_help=True)


@admin.command("create")
def admin_create(
    username: Annotated[str, typer.Argument(help="用户名 / Username.")],
    name: Annotated[str, typer.Option("--name", help="姓名 / Name.")] = "",
    lang: options.Lang = None,
) -> None:
    """建立系统管理员 / Make an administrator.

    The password is asked for, or taken from WENJIUYE_ADMIN_PASSWORD.
    """
    say = speech(lang)
    password = os.environ.get("WENJIUYE_ADMIN_PASSWORD") or _asked_password(say)
    with office(say):
        from wenjiuye.platform.accounts.errors import AccountError
        from wenjiuye.platform.accounts.permissions import Role
        from wenjiuye.platform.accounts.services import appoint, create_user

        try:
            user = create_user(
                username, name or username, by="command line", password=password, superuser=True
            )
            appoint(user, Role.ADMINISTRATOR, by="command line")
        except AccountError as problem:
            raise refuse(str(problem)) from None
    screen().print(say(f"已建立管理员 {username}。", f"The administrator {username} was made."))


def _asked_password(say: Speech) -> str:
    if not sys.stdin.isatty():
        raise refuse(say("请设 WENJIUYE_ADMIN_PASSWORD。", "Set WENJIUYE_ADMIN_PASSWORD."))
    first = getpass.getpass(say("密码（至少 12 个字符）：", "Password (12 characters or more): "))
    if getpass.getpass(say("再输一次：", "Once more: ")) != first:
        raise refuse(say("两次输入的密码不一样。", "The passwords differ."))
    return first


audit = typer.Typer(cls=Commands, help="审计 / Audit.", no_args_is_help=True)


@audit.command("verify")
def audit_verify(lang: options.Lang = None) -> None:
    """核对决定记录链 / Walk the chain of decisions; names the first broken link."""
    say = speech(lang)
    with office(say, migrating=False):
        from wenjiuye.platform.record import chain

        held, broken = chain.verify()
    if broken is not None:
        screen(error=True).print(
            say(f"第 {broken.seq} 条断了：{broken.zh}", f"link {broken.seq} is broken: {broken.en}")
        )
        raise typer.Exit(CHECK_FAILED)
    screen().print(say(f"{held} 条决定记录，链完整。", f"{held} links, the chain is whole."))


COMMANDS = (serve, work, doctor)
GROUPS = {"admin": admin, "audit": audit}
