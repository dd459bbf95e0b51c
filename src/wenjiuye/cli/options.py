"""Options that several commands share, what they accept, and what the shell offers for them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

import typer

from wenjiuye.cli.language import Language

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2200, 12, 31)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def day(text: str) -> dt.date:
    """A date as people write it: 2020-12-01, 2020/12/1, 2020年12月1日."""
    match = _DAY.fullmatch(text.strip())
    try:
        found = dt.date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        found = None
    if found is None:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2020-12-01")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise typer.BadParameter(f"{text} is outside the years 1900 to 2200")
    return found


def article_number(text: str) -> int:
    """The number of an article: 9, a09, 第9条."""
    match = re.fullmatch(r"(?:a|第)?(\d{1,2})条?", text.strip().lower())
    if match is None:
        raise typer.BadParameter(f"{text!r} is no number of an article; write 9 or a09")
    return int(match[1])


def _measure_ids(incomplete: str) -> list[tuple[str, str]]:
    from wenjiuye.policy.xuchang_2020_31 import policy

    return [(m.id, m.zh) for m in policy().measures.values() if m.id.startswith(incomplete)]


def _subject_ids(incomplete: str) -> list[tuple[str, str]]:
    from wenjiuye.policy.xuchang_2020_31 import policy

    return [(s.id, s.zh) for s in policy().subjects.values() if s.id.startswith(incomplete)]


On = Annotated[
    dt.date,
    typer.Option("--on", parser=day, metavar="DATE", help="决定日 / Date of decision, as 2020-12-01."),
]
OnOrToday = Annotated[
    dt.date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="日期，默认今天 / Date; today if left out."),
]
Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="语言 / Language. Default: WENJIUYE_LANG, then LANG, then zh."),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / Write JSON for other programs.")]
Reforms = Annotated[
    list[Path] | None,
    typer.Option(
        "--reform",
        metavar="FILE",
        help="改革方案 / What if: other figures (.toml) or rules (.py). May be repeated.",
    ),
]
FactsFile = Annotated[
    Path,
    typer.Argument(
        metavar="FACTS",
        help='事实文件 / {"subject": "hire", "facts": {…}} as .json or .yaml.',
        show_default=False,
    ),
]
MeasureId = Annotated[
    str,
    typer.Argument(
        metavar="MEASURE", help="措施 / Id of a measure.", autocompletion=_measure_ids, show_default=False
    ),
]
SubjectId = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT",
        help="对象 / Id of a subject, such as hire.",
        autocompletion=_subject_ids,
        show_default=False,
    ),
]
SubjectOption = Annotated[
    str | None,
    typer.Option(
        "--subject", metavar="SUBJECT", help="对象 / Only this subject.", autocompletion=_subject_ids
    ),
]
MeasuresOption = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        metavar="MEASURE",
        help="措施 / Only this one; may be repeated.",
        autocompletion=_measure_ids,
    ),
]
