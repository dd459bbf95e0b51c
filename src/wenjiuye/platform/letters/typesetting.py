"""Letters set by Typst with the font that comes with the product: the same data gives the same bytes.

Data goes in as JSON beside the template and never into its markup, so that no name can be read as a command.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils.translation import gettext as _

from wenjiuye.platform.letters.checking import texts
from wenjiuye.platform.letters.data import LetterData
from wenjiuye.platform.letters.errors import LetterError, UnprintableText
from wenjiuye.platform.letters.kinds import kind_of
from wenjiuye.platform.letters.page import Lang, page_of
from wenjiuye.population.font import font_file

TEMPLATES = Path(__file__).resolve().parent / "templates"
_STANDARDS: Any = ["a-2a", "ua-1"]
"""For archives that must be read in decades, and for readers that hear instead of see."""
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


def pdf(data: LetterData, lang: Lang) -> bytes:
    """A letter as PDF/A-2a and PDF/UA-1, dated by its data. UnprintableText, LetterError."""
    (made,) = _set(data, lang, "pdf")
    return made


def pngs(data: LetterData, lang: Lang, ppi: int = 144) -> list[bytes]:
    """A letter as one picture a page. LetterError."""
    return _set(data, lang, "png", ppi)


def made_with() -> str:
    """What sets letters here: another version may break lines elsewhere."""
    return f"wenjiuye {version('wenjiuye')}, typst {version('typst')}"


def _set(data: LetterData, lang: Lang, form: Literal["pdf", "png"], ppi: int | None = None) -> list[bytes]:
    try:
        made = typst.compile(
            TEMPLATES / f"{kind_of(data)}.typ",
            root=TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"page": json.dumps(page_of(data, lang), ensure_ascii=False)},
            format=form,
            ppi=ppi,
            pdf_standards=_STANDARDS if form == "pdf" else [],
        )
    except typst.TypstError as problem:
        raise _told(problem, data) from problem
    assert made is not None
    return made if isinstance(made, list) else [made]


@cache
def _fonts() -> typst.Fonts:
    """The font of the product and no other, on no machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)]
    )


def _told(problem: typst.TypstError, data: LetterData) -> LetterError:
    missing = _NO_GLYPH.search(problem.message)
    if missing is None:
        return LetterError(_("文书排版失败：%(message)s。请联系系统管理员。") % {"message": problem.message})
    lacking = missing[1]
    field = next((name for name, text in texts(data, "") if lacking in text), "")
    return UnprintableText(
        _("字体里没有“%(text)s”（%(field)s），印出来会是方框。请换成能印的写法。")
        % {"text": lacking, "field": field}
    )
