"""The parts of which the SVG writer makes a picture: elements, text of a known width, textures."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from wenjiuye.population.report.tokens import CHINESE_FONTS, LATIN_FONTS, LIGHT

FONT = ", ".join(f"'{name}'" if " " in name else name for name in (*LATIN_FONTS, *CHINESE_FONTS))
SMALL, NORMAL, TITLE = 12, 13, 17
"""Sizes of text in px: axes and notes, labels, the title."""


def element(name: str, *inside: str, **attributes: str | float | None) -> str:
    """One element; `_` in an attribute's name is written `-`, None leaves it out."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: int = NORMAL,
    anchor: str = "start",
    colour: str = "ink-2",
    room: float | None = None,
    halo: bool = False,
) -> str:
    """A line of text on its baseline; what has no room ends in … and is told in full by a tooltip.

    halo: keeps grid lines off the text.
    """
    shown = content if room is None else shortened(content, room, size)
    inside = escape(shown)
    if shown != content:
        inside += element("title", escape(content))
    return element(
        "text",
        inside,
        x=x,
        y=y,
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
        fill=LIGHT[colour],
        stroke=LIGHT["surface"] if halo else None,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
        paint_order="stroke" if halo else None,
    )


def width_of(content: str, size: float) -> float:
    """About how wide a text is in px; a Chinese character is as wide as high."""
    return size * sum(_em(char) for char in content)


def _em(char: str) -> float:
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.0
    if char.isupper():
        return 0.66
    return 0.3 if char in " .,:;'|!ijl()" else 0.55


def shortened(content: str, room: float, size: float) -> str:
    """The text, or as much of it as has room before …"""
    if width_of(content, size) <= room:
        return content
    kept = content
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(content: str, room: float, size: float, lines: int) -> list[str]:
    """The text on at most so many lines, broken between words or Chinese characters; the last may be shortened."""
    found: list[str] = []
    rest = content
    while rest and len(found) < lines - 1 and width_of(rest, size) > room:
        cut = _cut(rest, room, size)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, shortened(rest, room, size)]


def _cut(content: str, room: float, size: float) -> int:
    fits = 1
    while fits < len(content) and width_of(content[: fits + 1], size) <= room:
        fits += 1
    for place in range(fits, 0, -1):
        before, after = content[place - 1], content[place : place + 1]
        if after and after in "，。、；：）》”,.;:)":
            continue
        if before.isspace() or ord(before) > 0x2E80 or ord(after or "a") > 0x2E80:
            return place
    return fits


def lines_of_text(
    x: float, y: float, lines: Iterable[str], *, size: int, anchor: str = "start", colour: str = "ink-2"
) -> str:
    """Lines one under the other, the first on baseline y."""
    return "".join(
        text(x, y + number * size * 1.35, line, size=size, anchor=anchor, colour=colour)
        for number, line in enumerate(lines)
    )


# ── Textures

_TEXTURES = (
    "",
    '<path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" {stroke}/>',
    '<circle cx="3" cy="3" r="1.2" fill="{light}"/>',
    '<path d="M3 0V6" {stroke}/>',
    '<path d="M-1 -1L7 7M5 -1L7 1M-1 5L1 7" {stroke}/>',
)


def texture(token: str, number: int) -> tuple[str, str]:
    """What to fill with and, for a texture, its definition."""
    colour = LIGHT[token]
    if not number:
        return colour, ""
    light = LIGHT["surface"]
    mark = _TEXTURES[number].format(
        light=light, stroke=f'stroke="{light}" stroke-width="1.1" stroke-opacity="0.8"'
    )
    name = f"texture-{token}-{number}"
    definition = element(
        "pattern",
        element("rect", width="6", height="6", fill=colour),
        mark,
        id=name,
        width="6",
        height="6",
        patternUnits="userSpaceOnUse",
    )
    return f"url(#{name})", definition
