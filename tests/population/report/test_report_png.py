"""A picture of a chart has the size asked for and real Chinese characters, on a machine without fonts."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import sample_report as sample

from wenjiuye.population.report import write_png
from wenjiuye.population.report.png import png_bytes
from wenjiuye.rules.errors import Bilingual as B


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def ink(picture: bytes) -> int:
    """How much the picture's data weighs without its frame."""
    place, data = 8, b""
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        if picture[place + 4 : place + 8] == b"IDAT":
            data += picture[place + 8 : place + 8 + length]
        place += length + 12
    return len(zlib.decompress(data).strip(b"\0"))


def titled(zh: str) -> bytes:
    return png_bytes(replace(sample.coverage(), title=B(zh, "title")), "zh")


def test_a_picture_has_the_size_asked_for(tmp_path: Path) -> None:
    write_png(sample.by_article(), tmp_path / "a.png", "zh", width=640, scale=3)
    picture = (tmp_path / "a.png").read_bytes()
    wide, high = size(picture)
    assert wide == 1920
    assert high % 3 == 0
    assert ink(picture) > 100_000


def test_chinese_characters_are_drawn_and_not_boxes_for_missing_ones() -> None:
    pictures = {titled(title) for title in ("就业补贴", "社保返还", "\ue000\ue001\ue002\ue003", "")}
    assert len(pictures) == 4
    # Characters without a glyph look all the same, those with one do not.
    assert titled("\ue000\ue000\ue000\ue000") == titled("\ue000\ue001\ue002\ue003")
    assert titled("就就就就") != titled("就业补贴")


def test_characters_have_the_shape_that_they_have_in_china() -> None:
    from importlib.resources import files

    import resvg_py

    font = str(files("noto_cjk_sans_otc") / "NotoSansCJK-Regular.ttc")

    def drawn(family: str) -> bytes:
        picture = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="40">'
            f'<text y="30" font-size="30" font-family="{family}">直骨</text></svg>'
        )
        return bytes(resvg_py.svg_to_bytes(svg_string=picture, font_files=[font], skip_system_fonts=True))

    assert drawn("Noto Sans CJK SC") != drawn("Noto Sans CJK JP")


def test_the_same_chart_gives_the_same_bytes() -> None:
    for chart in sample.report().charts():
        first = png_bytes(chart, "zh", scale=1)
        assert first == png_bytes(chart, "zh", scale=1)
        assert first != png_bytes(chart, "en", scale=1)
