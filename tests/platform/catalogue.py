"""The texts of the platform and their English: collected from Python and templates, compared with the catalogue.

`python tests/platform/catalogue.py` writes the catalogue anew from `django.po`: new texts are added empty, texts that
are gone are dropped, and `django.mo` is made of it.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PLATFORM = Path(__file__).parents[2] / "src" / "wenjiuye" / "platform"
PO = PLATFORM / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
_KEYWORDS = dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop", "_", "N_")) | {
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def texts() -> dict[tuple[str | None, str | tuple[str, str]], list[str]]:
    """Every text that is translated, with its context, and where it stands."""
    found: dict[tuple[str | None, str | tuple[str, str]], list[str]] = {}
    for path in sorted(PLATFORM.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
            continue
        for line, message, context in _messages(path):
            found.setdefault((context, message), []).append(f"{path.relative_to(PLATFORM)}:{line}")
    return found


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        yield from _of_template(source, path)
        return
    data = io.BytesIO(source.encode("utf-8"))
    for line, message, _comments, context in extract(
        "python", data, keywords=_KEYWORDS, options={"encoding": "utf-8"}
    ):
        if message:
            yield line, message if isinstance(message, str) else tuple(message), context


_STRING = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_MORE = rf"(?:,\s*({_STRING}))?"
_CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*({_STRING}){_MORE}{_MORE}")


def _of_template(source: str, path: Path) -> Iterator[tuple[int, str | tuple[str, str], str | None]]:
    """What Django makes of a template calls gettext, but is no Python."""
    from django.utils.translation.template import templatize

    for number, line in enumerate(templatize(source, origin=str(path)).splitlines(), 1):
        for call in _CALL.finditer(line):
            parts = [ast.literal_eval(part) for part in call.groups()[1:] if part]
            context = parts.pop(0) if call[1] in ("pgettext", "npgettext") else None
            yield number, (parts[0], parts[1]) if call[1].startswith("n") else parts[0], context


def catalogue() -> Catalog:
    """The catalogue as it stands; empty where there is none."""
    if not PO.is_file():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def rewrite(more: list[Path]) -> int:
    """Write the catalogue anew, with what other files know; how many texts have no English."""
    known = catalogue()
    for path in more:
        with path.open("rb") as file:
            for message in read_po(file, locale="en", ignore_obsolete=True):
                held = known.get(message.id, message.context) if message.id else None
                if held is not None and not (held.string and all(held.string)):
                    held.string = message.string
                elif message.id and held is None:
                    known.add(message.id, message.string, context=message.context)
    new = Catalog(
        locale="en", project="wenjiuye", fuzzy=False, header_comment="# English of the offices' system."
    )
    for (context, message), places in texts().items():
        held = known.get(message, context)
        new.add(
            message,
            _fitting(message, held.string if held is not None else None),
            locations=[(place.rsplit(":", 1)[0], None) for place in dict.fromkeys(places)],
            context=context,
            flags=("python-format",) if "%(" in str(message) else (),
        )
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, new, width=110, sort_output=True, omit_header=False, include_lineno=False)
    MO.write_bytes(compiled())
    return sum(not message.string or not all(message.string) for message in new if message.id)


def _fitting(message: str | tuple[str, str], english: Any) -> Any:
    """The English in as many forms as the text has."""
    if isinstance(message, str):
        return english if isinstance(english, str) or not english else english[0]
    return (english, english) if isinstance(english, str) else english


def compiled() -> bytes:
    """What `django.mo` must be."""
    data = io.BytesIO()
    write_mo(data, catalogue())
    return data.getvalue()


if __name__ == "__main__":
    import django
    from django.conf import settings

    settings.configure(USE_I18N=True)
    django.setup()
    print(f"{rewrite([Path(name) for name in sys.argv[1:]])} texts without English")
