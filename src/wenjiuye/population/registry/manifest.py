"""`registry.toml` of a registry: which version of the data model it follows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from wenjiuye.policy.registry import VERSION
from wenjiuye.population.errors import ManifestError

FILE = "registry.toml"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a registry says about itself.

    declared: whether it says so at all. Only then whole numbers in money columns of typed files are fen; in
    files from elsewhere they are yuan, as in text.
    """

    version: str = VERSION
    declared: bool = False


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; without a file version 1. Raises ManifestError."""
    path = folder / FILE
    if not path.is_file():
        return Manifest()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as problem:
        raise ManifestError(
            f'{FILE}：无法读取，应为一行 version = "{VERSION}"',
            f'{FILE} cannot be read ({problem}); it should hold the line version = "{VERSION}"',
        ) from None
    return checked(content.get("version"), FILE)


def checked(version: object, where: str) -> Manifest:
    """A manifest with a version that is known. Raises ManifestError."""
    if version is None:
        raise ManifestError(
            f'{where}：没有version，请加上一行 version = "{VERSION}"',
            f'{where} has no version; add the line version = "{VERSION}"',
        )
    if str(version) != VERSION:
        raise ManifestError(
            f"{where}：数据模型版本为{version}，本程序读取版本{VERSION}；"
            f'请按docs/data-model.md改写数据表并写明 version = "{VERSION}"，或换用支持该版本的程序',
            f"{where}: version {version} of the data model, and this program reads version {VERSION}; bring the "
            f'tables to docs/data-model.md and write version = "{VERSION}", or use a program for that version',
        )
    return Manifest(VERSION, declared=True)
