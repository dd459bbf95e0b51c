"""A chart as a PNG picture, drawn from its SVG with a font that comes with the product.

The font is Noto Sans CJK SC of the package noto-cjk-sans-otc, for Chinese and Latin alike; no other font is looked for,
on no machine, so that the same chart gives the same bytes everywhere. A character that it lacks is drawn as its box.
"""

from __future__ import annotations

from pathlib import Path

import resvg_py

from wenjiuye.population.font import font_file
from wenjiuye.population.report.model import Chart, Lang
from wenjiuye.population.report.svg import WIDTH, svg_text

FONT_FAMILY = "Noto Sans CJK SC"
_NARROW = str.maketrans("‘’“”", "''\"\"")
"""The font draws these as wide as a Chinese character, which tears English apart."""


def write_png(chart: Chart, path: Path | str, lang: Lang, *, width: int = WIDTH, scale: int = 2) -> None:
    """Write the chart as a picture of width × scale pixels; scale 2 is sharp in print and on dense screens."""
    Path(path).write_bytes(png_bytes(chart, lang, width=width, scale=scale))


def png_bytes(chart: Chart, lang: Lang, *, width: int = WIDTH, scale: int = 2) -> bytes:
    """The picture; the same chart gives the same bytes."""
    drawing = svg_text(chart, lang, width=width, font=FONT_FAMILY)
    if lang == "en":
        drawing = drawing.translate(_NARROW)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing, zoom=float(scale), font_files=[str(font_file())], skip_system_fonts=True
        )
    )
