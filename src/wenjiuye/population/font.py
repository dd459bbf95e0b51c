"""The Chinese font that comes with the program, for pictures and letters: no machine's own font is used."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from wenjiuye.population.errors import MissingPackageError

_PACKAGE, _FILE = "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"


@cache
def font_file() -> Path:
    """The file of the font. Raises MissingPackageError."""
    try:
        resource = files(_PACKAGE) / _FILE
    except ModuleNotFoundError:
        resource = None
    if resource is None or not resource.is_file():
        raise MissingPackageError(
            "缺少中文字体包 noto-cjk-sans-otc：请重新安装本软件",
            "the font package noto-cjk-sans-otc is missing: install this program again",
        )
    with as_file(resource) as path:
        return path
