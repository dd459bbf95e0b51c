"""`measures`, `values` and `facts`: what the policy grants, with which figures, and what it asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from wenjiuye.cli import options
from wenjiuye.cli.inputs import InputError, subject_named
from wenjiuye.cli.language import Speech, speech
from wenjiuye.cli.policies import policy_with, warn_of_date
from wenjiuye.cli.render import section, source_note
from wenjiuye.cli.screen import Flow, mark, screen, write_json
from wenjiuye.cli.wording import allowed, shown_figure
from wenjiuye.policy.xuchang_2020_31 import document
from wenjiuye.rules.facts import Fact, One, Subject
from wenjiuye.rules.measures import Measure, MeasureKind
from wenjiuye.rules.policy import Policy
from wenjiuye.rules.quantity import Kind, number_text, yuan_text
from wenjiuye.rules.values import Dated, DatedValue, Figure

# ── measures


def measures(
    article: Annotated[
        int | None,
        typer.Option(
            "--article",
            parser=options.article_number,
            metavar="N",
            help="条 / Only this article, as 9 or a09.",
        ),
    ] = None,
    subject: options.SubjectOption = None,
    kind: Annotated[
        MeasureKind | None, typer.Option("--kind", help="类型 / benefit, relief, right or quota.")
    ] = None,
    lang: options.Lang = None,
    as_json: options.AsJson = False,
) -> None:
    """措施清单 / What the policy grants, article by article."""
    say, policy = speech(lang), policy_with(())
    about = subject_named(policy, subject).id if subject is not None else None
    numbers = {known.no for known in document().articles}
    if article is not None and article not in numbers:
        most = max(numbers)
        raise InputError(
            f"没有第{article}条；共{most}条", f"there is no article {article}; articles: 1 to {most}"
        )
    chosen = [
        measure
        for measure in policy.measures.values()
        if (article is None or _article(measure) == article)
        and (about is None or measure.subject.id == about)
        and (kind is None or measure.kind is kind)
    ]
    if as_json:
        write_json([_measure_data(measure) for measure in chosen])
        return
    _show_measures(screen(), say, chosen)


def _article(measure: Measure) -> int:
    return int(measure.clause[1:3])


def _show_measures(console: Console, say: Speech, chosen: Sequence[Measure]) -> None:
    for number, group in groupby(chosen, _article):
        article = document().article(number)
        console.print(section(console, say(f"第{number}条  {article.zh}", f"Article {number}: {article.en}")))
        for measure in group:
            about = Text.assemble(measure.id, "  ", say.title(measure.subject), style="dim")
            if measure.fund is not None:
                about.append(f"  {say.title(measure.fund)}")
            table = Table.grid(padding=(0, 2, 0, 0))
            table.add_column(width=6)
            table.add_column(width=7 if say.lang == "en" else 4)
            table.add_column()
            table.add_row(
                Text(measure.clause, style="dim"),
                say.word("kind", measure.kind),
                Flow(say.title(measure), style="bold"),
            )
            table.add_row("", "", Flow(about))
            console.print(table)
        console.print()
    console.print(say(f"共 {len(chosen)} 项措施", f"{len(chosen)} measures"))


def _measure_data(measure: Measure) -> dict[str, Any]:
    return {
        "id": measure.id,
        "clause": measure.clause,
        "kind": str(measure.kind),
        "subject": measure.subject.id,
        "zh": measure.zh,
        "en": measure.en,
        "fund": measure.fund.id if measure.fund else None,
        "has_amount": measure.has_amount,
        "ceiling": measure.ceiling,
        "once_per": list(measure.once_per),
        "groups": list(measure.groups),
        "doc": measure.doc,
    }


# ── values


def values(
    on: options.OnOrToday = None,
    unset: Annotated[
        bool, typer.Option("--unset", help="未设定 / Only those without a figure on that date.")
    ] = False,
    lang: options.Lang = None,
    as_json: options.AsJson = False,
    reform: options.Reforms = None,
) -> None:
    """数值清单 / Every figure with unit, validity and source."""
    say, policy = speech(lang), policy_with(reform)
    day = on or dt.date.today()
    listed = policy.values.unset(day) if unset else list(policy.values.values.values())
    if as_json:
        write_json({"on": day.isoformat(), "values": [_value_data(value, day) for value in listed]})
        return
    warn_of_date(say, policy, day)
    console = screen()
    heading = (
        say(f"{day} 未设定的数值", f"Values without a figure on {day}")
        if unset
        else say(f"{day} 有效的数值", f"Values in force on {day}")
    )
    console.print(section(console, heading))
    for value in listed:
        console.print(_value_view(say, policy, value, day))
    assumed = sum(_entry_confidence(value, day) == "low" for value in listed)
    missing = sum(value.on(day) is None for value in listed)
    console.print()
    console.print(
        Flow(
            say(
                f"共 {len(listed)} 项数值，其中假定 {assumed} 项，当日未设定 {missing} 项",
                f"{len(listed)} values; {assumed} are assumptions, {missing} have no figure on that date",
            )
        )
    )


def _entry_confidence(value: DatedValue, day: dt.date) -> str | None:
    entry = value.on(day)
    return None if entry is None else entry.confidence


def _value_view(say: Speech, policy: Policy, value: DatedValue, day: dt.date) -> RenderableType:
    """Title and figure; below them name, validity and source, or who is to set it."""
    entry = value.on(day)
    fact = policy.facts.get(value.keyed_by or "")
    table = Table.grid(expand=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    if entry is None:
        table.add_row(Flow(say.title(value), style="bold"), Text(say("未设定", "not set"), style="yellow"))
        return Group(table, Padding.indent(_why_unset(say, value, day), 2))
    figures = _by_figure(entry)
    if value.keyed_by is None or entry.for_every_key:
        figure = shown_figure(say, value, next(iter(figures)))
        table.add_row(Flow(say.title(value), style="bold"), Text(f"  {figure}", style="bold"))
    else:
        table.add_row(Flow(say.title(value), style="bold"), "")
        for figure_of_some, keys in figures.items():
            whose = say("；", "; ").join(say.member(fact, str(key)) for key in keys)
            table.add_row(Padding.indent(Flow(whose), 2), f"  {shown_figure(say, value, figure_of_some)}")
    about = Text.assemble(f"{value.name}  {_validity(say, entry)}  ", style="dim")
    about.append_text(source_note(say, entry.source, entry.confidence))
    return Group(table, Padding.indent(Flow(about), 2))


def _by_figure(entry: Dated) -> dict[Figure, list[str | None]]:
    """The keys of each different figure."""
    found: dict[Figure, list[str | None]] = {}
    for key, figure in entry.figures.items():
        found.setdefault(figure, []).append(key)
    return found


def _validity(say: Speech, entry: Dated) -> str:
    if entry.start is None and entry.end is None:
        return say("长期", "open-ended")
    if entry.end is None:
        return say(f"{entry.start} 起", f"from {entry.start}")
    if entry.start is None:
        return say(f"至 {entry.end}", f"to {entry.end}")
    return f"{entry.start} – {entry.end}"


def _why_unset(say: Speech, value: DatedValue, day: dt.date) -> RenderableType:
    if value.entries:
        last = say.listed(_validity(say, entry) for entry in value.entries)
        why = say(f"{day} 不在有效期内（{last}）", f"not in force on {day} (in force: {last})")
    else:
        why = say("由本市规定", "set by the city")
    note = f"  {value.note}" if value.note else ""
    return Flow(Text(f"{value.name}  {why}{note}", style="dim"))


def _value_data(value: DatedValue, day: dt.date) -> dict[str, Any]:
    entry = value.on(day)
    return {
        "name": value.name,
        "zh": value.zh,
        "en": value.en,
        "type": str(value.kind),
        "unit": value.unit,
        "keyed_by": value.keyed_by,
        "local": value.local,
        "figure": None if entry is None or _keyed(value, entry) else _plain(value, entry.figures[None]),
        "figures": {str(key): _plain(value, figure) for key, figure in entry.figures.items()}
        if entry is not None and _keyed(value, entry)
        else None,
        "from": None if entry is None or entry.start is None else entry.start.isoformat(),
        "to": None if entry is None or entry.end is None else entry.end.isoformat(),
        "source": None if entry is None else entry.source,
        "confidence": None if entry is None else entry.confidence,
        "note": value.note if entry is None else entry.note or value.note,
    }


def _keyed(value: DatedValue, entry: Dated) -> bool:
    return value.keyed_by is not None and not entry.for_every_key


def _plain(value: DatedValue, figure: Figure) -> str | int:
    """A figure as JSON keeps it: sums in yuan and shares as text, counts as numbers."""
    if isinstance(figure, dt.date):
        return figure.isoformat()
    if value.kind is Kind.MONEY:
        return yuan_text(figure, grouped=False)
    return figure if isinstance(figure, int) and value.kind is Kind.INT else number_text(figure)


# ── facts


def facts(
    subject: options.SubjectOption = None, lang: options.Lang = None, as_json: options.AsJson = False
) -> None:
    """事实清单 / What can be said about a subject, and how."""
    say, policy = speech(lang), policy_with(())
    subjects = [subject_named(policy, subject)] if subject is not None else list(policy.subjects.values())
    if as_json:
        write_json([_subject_data(about) for about in subjects])
        return
    console = screen()
    for about in subjects:
        console.print(section(console, f"{say.title(about)}  {about.id}"))
        for name, link in about.relations.items():
            target = _target(about, name)
            console.print(Flow(f"{name}  → {say.title(link)} ({target})", style="dim"))
        for fact in about.facts.values():
            console.print(_fact_view(console, say, fact))
        console.print()


def _target(subject: type[Subject], name: str) -> str:
    link = subject.relations[name]
    return str(link.target.id if isinstance(link, One) else link.target().id)


def _fact_view(console: Console, say: Speech, fact: Fact) -> RenderableType:
    head = Text.assemble((say.title(fact), "bold"), "  ", fact.id)
    about = [allowed(say, fact), say.word("source", fact.source)]
    if fact.optional:
        about.append(say("可不填", "may be left out"))
    return Group(
        Flow(head),
        Padding.indent(Flow(Text(f" {mark(console, 'dot')} ".join(about), style="dim")), 2),
    )


def _subject_data(subject: type[Subject]) -> dict[str, Any]:
    return {
        "subject": subject.id,
        "zh": subject.zh,
        "en": subject.en,
        "relations": {
            name: {
                "to": _target(subject, name),
                "many": not isinstance(link, One),
                "zh": link.zh,
                "en": link.en,
            }
            for name, link in subject.relations.items()
        },
        "facts": [_fact_data(fact) for fact in subject.facts.values()],
    }


def _fact_data(fact: Fact) -> dict[str, Any]:
    low, high = fact.range()
    numeric = fact.kind in (Kind.INT, Kind.MONEY, Kind.SHARE)
    return {
        "id": fact.id,
        "zh": fact.zh,
        "en": fact.en,
        "kind": str(fact.kind),
        "unit": "yuan" if fact.kind is Kind.MONEY else fact.unit,
        "source": str(fact.source),
        "optional": fact.optional,
        "default": fact.default,
        "minimum": fact.plain_value(low) if numeric else None,
        "maximum": fact.plain_value(high) if numeric else None,
        "members": {member: {"zh": zh, "en": en} for member, (zh, en) in fact.members.items()},
        "fields": [_fact_data(field) for field in fact.fields],
        "ask": {"zh": fact.ask_zh, "en": fact.ask_en},
        "evidence": {"zh": fact.evidence_zh, "en": fact.evidence_en},
        "means": fact.means,
    }


COMMANDS = (measures, values, facts)
