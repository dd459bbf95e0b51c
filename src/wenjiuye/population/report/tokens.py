"""The colours of the house style, light and dark, for pages and pictures alike."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wenjiuye.population.report.model import Tone

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "canvas": "#f3f6f6",
        "surface": "#ffffff",
        "sunken": "#e9eeee",
        "line": "#d3dbdc",
        "ctl": "#75858c",
        "ink": "#14232b",
        "ink-2": "#435259",
        "ink-3": "#58676e",
        "pri": "#135273",
        "pri-h": "#0c3d58",
        "pri-t": "#e1eef4",
        "warm": "#9c4a14",
        "c1": "#114872",
        "c2": "#ac7c1c",
        "c3": "#2b949c",
        "c4": "#9b422c",
        "c5": "#7960be",
        "c6": "#73334e",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "canvas": "#0f181d",
        "surface": "#162228",
        "sunken": "#0b1216",
        "line": "#2b3a42",
        "ctl": "#7b8d96",
        "ink": "#e7edef",
        "ink-2": "#b9c5ca",
        "ink-3": "#98a7ae",
        "pri": "#86c5e6",
        "pri-h": "#a9d8f0",
        "pri-t": "#17364a",
        "warm": "#f0a674",
        "c1": "#62aecb",
        "c2": "#e9c76e",
        "c3": "#c3eeeb",
        "c4": "#d35631",
        "c5": "#9771d6",
        "c6": "#ae4b75",
    }
)
CATEGORIES = ("c1", "c2", "c3", "c4", "c5", "c6")
_TONES: Mapping[Tone, str] = {"gain": "c1", "loss": "c4", "quiet": "ctl"}

LATIN_FONTS = ("-apple-system", "BlinkMacSystemFont", "Segoe UI", "Roboto")
CHINESE_FONTS = ("PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei")


def colour_of(place: int, tone: Tone) -> str:
    """The token that colours a series, by what it means or else by its place."""
    return _TONES.get(tone) or CATEGORIES[place % len(CATEGORIES)]


def texture_of(place: int, tone: Tone) -> int:
    """The texture that tells a series apart without colour: none (0), hatched, dotted, upright, hatched back."""
    if tone:
        return 1 if tone == "loss" else 0
    return max(place - 1, 0) % 5


def style_sheet() -> str:
    """The tokens as custom properties: light, dark where the system is, light again on paper."""
    return (
        f":root{{color-scheme:light;{_properties(LIGHT)}}}\n"
        "@media screen and (prefers-color-scheme:dark){"
        f":root:not([data-print]){{color-scheme:dark;{_properties(DARK)}}}}}\n"
    )


def _properties(tokens: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in tokens.items())
