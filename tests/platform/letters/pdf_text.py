"""The text that a reader of a PDF hears, page by page, by the tables that the PDF itself carries."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pikepdf

_CHARACTER = re.compile(r"<(\w+)> <(\w+)>")
_RANGE = re.compile(r"<(\w+)> <(\w+)> <(\w+)>")


def pages(data: bytes) -> list[str]:
    """The text of every page, without blanks (Typst sets them by position as often as by character)."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [_page_text(page) for page in pdf.pages]


def whole(data: bytes) -> str:
    return "".join(pages(data))


def bare(text: str) -> str:
    """A text as it is looked for in `whole`."""
    return re.sub(r"\s", "", text)


def _page_text(page: pikepdf.Page) -> str:
    fonts = {str(name): _characters(font) for name, font in page.resources.get("/Font", {}).items()}
    told, font = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj":
                told.append(_decoded(operands[0], font))
            case "TJ":
                told += [_decoded(piece, font) for piece in operands[0] if isinstance(piece, pikepdf.String)]
    return bare("".join(told))


def _decoded(piece: Any, font: dict[int, str]) -> str:
    codes = bytes(piece)
    return "".join(font[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _characters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        for code, text in _CHARACTER.findall(block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in _RANGE.findall(block):
            start = int(text, 16)
            for code in range(int(first, 16), int(last, 16) + 1):
                found[code] = chr(start + code - int(first, 16))
    return found
