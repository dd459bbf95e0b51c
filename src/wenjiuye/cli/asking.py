"""`ask`: a questionnaire in the terminal that asks what settles most, and nothing that cannot matter."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.deciding import decide_all, show_decisions
from wenjiuye.cli.inputs import Case, InputError, subject_named
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import section
from wenjiuye.cli.screen import Flow, mark, screen
from wenjiuye.cli.wording import allowed, shown_fact
from wenjiuye.rules.errors import FactError
from wenjiuye.rules.facts import Fact, Subject
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.questions import Question, next_questions

_SKIP = frozenset({"", "不知道", "不清楚", "跳过", "skip", "unknown", "don't know"})
_BACK = frozenset({"b", "back", "返回"})
_QUIT = frozenset({"q", "quit", "exit", "退出", "结束"})
_HELP = frozenset({"?", "？", "help"})
_INDENT = 4


@dataclass
class _Session:
    """What has been answered so far, in order; None was left unknown."""

    subject: type[Subject]
    answers: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def record(self) -> dict[str, Any]:
        return {key: value for key, value in self.answers.items() if value is not None}

    @property
    def skipped(self) -> tuple[str, ...]:
        return tuple(key for key, value in self.answers.items() if value is None)

    def plain(self) -> dict[str, Any]:
        """The facts as JSON keeps them."""
        return {key: self.facts[key].plain_value(value) for key, value in self.record.items()}


def ask(
    subject: options.SubjectId,
    on: options.OnOrToday = None,
    lang: options.Lang = None,
    measure: options.MeasuresOption = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help="保存 / Save the answers as JSON for decide."),
    ] = None,
) -> None:
    """逐题问答 / The most telling questions one by one, then results."""
    say, policy, console = speech(lang), policy_with(()), screen()
    about = subject_named(policy, subject)
    only = _checked(policy, about, measure or [])
    if out is not None:
        _writable(out)
    day = on or dt.date.today()
    warn_of_date(say, policy, day)
    _greet(console, say, about, day)
    session = _Session(about)
    _question_after_question(console, say, policy, session, day, only)
    console.print()
    show_decisions(console, say, decide_all(policy, Case(about, session.record, False), day, only))
    _save(console, say, session, out)


def _checked(policy: Policy, subject: type[Subject], only: list[str]) -> list[str]:
    for name in only:
        found = policy.measure(name)
        if found.subject.id != subject.id:
            raise InputError(
                f"{name} 针对 {found.subject.id}，不是 {subject.id}",
                f"{name} is about {found.subject.id}, not about {subject.id}",
            )
    if not policy.measures_of(subject.id):
        raise InputError(f"没有针对 {subject.id} 的措施", f"no measure is about {subject.id}")
    return only


def _greet(console: Console, say: Speech, subject: type[Subject], day: dt.date) -> None:
    console.print(section(console, say(f"{subject.zh}  决定日 {day}", f"{subject.en}, decided on {day}")))
    text = say(
        "回车：不知道，跳过    ?：说明    b：上一题    q：结束并看结果",
        "Enter: I do not know    ?: help    b: back    q: end and see the results",
    )
    console.print(Flow(text, style="dim"))


def _question_after_question(
    console: Console, say: Speech, policy: Policy, session: _Session, day: dt.date, only: list[str]
) -> None:
    while True:
        questions = next_questions(
            policy, session.subject.id, session.record, day, measures=only or None, answered=session.skipped
        )
        if not questions:
            if not _wants_back(console, say, session):
                return
            session.answers.popitem()
            continue
        question = questions[0]
        _pose(console, say, question, len(session.answers) + 1)
        answer = _answer(console, say, question)
        if answer is _Ending:
            return
        if answer is _Backing:
            if session.answers:
                session.answers.popitem()
            continue
        session.facts[question.key] = question.fact
        session.answers[question.key] = answer


def _wants_back(console: Console, say: Speech, session: _Session) -> bool:
    """At the end there is still time to change the last answer."""
    console.print()
    console.print(Flow(say("没有还需要问的了。", "There is nothing left to ask.")))
    if not session.answers:
        return False
    line = _line(console, say("回车看结果，b 返回上一题> ", "Enter: results, b: back> "))
    return line is not None and line.strip().lower() in _BACK


class _Ending:
    """The person wants to stop."""


class _Backing:
    """The person wants to answer the last question again."""


def _pose(console: Console, say: Speech, question: Question, number: int) -> None:
    """The question, what may be chosen, and why it is asked."""
    console.print()
    head = f"{number}.".ljust(_INDENT)
    console.print(Flow(Text(head + say.title(question), style="bold"), hang=_INDENT))
    if question.fact.kind is Kind.ENUM:
        members = [f"{n} {say(*names)}" for n, names in enumerate(question.fact.members.values(), 1)]
        console.print(Padding.indent(Flow("   ".join(members)), _INDENT))
    elif question.fact.kind is not Kind.BOOL:
        console.print(Padding.indent(Flow(allowed(say, question.fact), style="dim"), _INDENT))
    why = question.why_zh if say.lang == "zh" else question.why_en
    console.print(Padding.indent(Flow(why, style="dim"), _INDENT))


def _answer(console: Console, say: Speech, question: Question) -> Any:
    """The answer in the engine's form; None for unknown; _Backing and _Ending as they say."""
    hint = say("是/否", "yes/no") if question.fact.kind is Kind.BOOL else ""
    while True:
        line = _line(console, f"{' ' * _INDENT}{hint}> ")
        word = "q" if line is None else line.strip().lower()
        if word in _QUIT:
            return _Ending
        if word in _BACK:
            return _Backing
        if word in _SKIP:
            return None
        if word in _HELP:
            _help(console, say, question)
            continue
        try:
            value = _read(question.fact, (line or "").strip())
        except FactError:
            wanted = allowed(say, question.fact)
            told = say(f"不能识别“{word}”。应为：{wanted}", f"{word!r} cannot be read. Wanted: {wanted}")
            console.print(
                Padding.indent(Flow(Text(f"{mark(console, 'no')} {told}", style="red"), hang=2), _INDENT)
            )
            continue
        if question.fact.kind is Kind.ENUM:
            console.print(Text(f"{' ' * _INDENT}= {shown_fact(say, question.fact, value)}", style="dim"))
        return value


def _read(fact: Fact, text: str) -> Any:
    """The value of an answer. A choice may be given by its number, a list as JSON. Raises FactError."""
    if fact.kind is Kind.ENUM:
        members = list(fact.members)
        if text.isdecimal() and text not in members and 1 <= int(text) <= len(members):
            return members[int(text) - 1]
    if fact.kind is Kind.LIST:
        try:
            return fact.read(json.loads(text, parse_float=str))
        except (json.JSONDecodeError, RecursionError):
            raise FactError(f"{fact.id}: not valid JSON") from None
    return fact.read(text)


def _line(console: Console, prompt: str) -> str | None:
    """One line of input; None at its end. What is piped in is shown, so that the record can be read."""
    console.print(Text(prompt), end="")
    sys.stdout.flush()
    try:
        line = input()
    except EOFError:
        console.print()
        return None
    if not sys.stdin.isatty():
        console.print(Text(line))
    return line


def _help(console: Console, say: Speech, question: Question) -> None:
    evidence = question.evidence_zh if say.lang == "zh" else question.evidence_en
    lines = [
        say("可填：", "write: ") + allowed(say, question.fact),
        say("由：", "known from: ") + say.word("source", question.fact.source),
        *([say("凭证：", "proof: ") + evidence] if evidence else []),
        say("名称：", "name: ")
        + f"{question.fact.zh if say.lang == 'zh' else question.fact.en} ({question.key})",
        say(
            "不知道就直接回车；b 返回上一题；q 结束并看结果。",
            "Press Enter if you do not know; b goes back; q ends and shows the results.",
        ),
    ]
    for line in lines:
        console.print(Padding.indent(Flow(line, hang=2), _INDENT))


# ── Saving


def _writable(out: Path) -> None:
    """Fail before the first question rather than after the last."""
    folder = out.parent
    if out.is_dir():
        raise InputError(f"{out}：是文件夹，请写文件名", f"{out}: is a folder; name a file")
    if not folder.is_dir() or not os.access(out if out.exists() else folder, os.W_OK):
        raise InputError(
            f"{out}：无法写入；文件夹是否存在、是否有权限？",
            f"{out}: cannot be written; is the folder there, and yours?",
        )


def _save(console: Console, say: Speech, session: _Session, out: Path | None) -> None:
    if out is None and sys.stdin.isatty() and session.record:
        console.print()
        name = _line(console, say("保存事实到文件（回车不保存）> ", "Save the facts to a file (Enter: no)> "))
        out = Path(name.strip()) if name and name.strip() else None
        if out is not None:
            _writable(out)
    if out is not None:
        content = {"subject": session.subject.id, "facts": session.plain()}
        out.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        console.print()
        console.print(Flow(say(f"事实已保存到 {out}", f"The facts are saved in {out}")))


COMMANDS = (ask,)
