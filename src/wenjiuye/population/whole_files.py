"""Files that are there whole or not at all: written under another name and renamed; folders that are ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from wenjiuye.population.errors import OutputError


def write_text(text: str, path: Path) -> None:
    """Write a file of text."""
    _written(path, lambda new: new.write_text(text, "utf-8"))


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write a Parquet file."""
    _written(path, lambda new: frame.write_parquet(new, compression="zstd", compression_level=1))


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write a CSV file that a spreadsheet opens."""
    _written(path, lambda new: frame.write_csv(new, include_bom=True))


def _written(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.partial")
    write(new)
    new.replace(path)


def claim_folder(out: Path, manifest: str) -> None:
    """Make a folder for results, known as ours by its manifest from the first moment on.

    Raises OutputError where it holds something that is none of ours.
    """
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / manifest).is_file()):
        raise OutputError(
            f"{out}：已有其他内容，请换一个空文件夹",
            f"{out}: there is something else already; name an empty folder",
        )
    if not (out / manifest).is_file():
        write_text("{}\n", out / manifest)
