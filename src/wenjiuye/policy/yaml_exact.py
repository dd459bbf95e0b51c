"""YAML and JSON with exact numbers: 0.055 and 1234567890123456.78 stay the decimals that were written."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """Safe loader that reads floats as decimals and refuses a key written twice."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | float:
    text = str(loader.construct_scalar(node)).replace("_", "")
    if text.lstrip("+-").startswith(".") and text.lstrip("+-.").lower() in ("inf", "nan"):
        return float(text.replace(".", "", 1))
    return Decimal(text)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(
            None, None, f"written twice: {', '.join(sorted(twice))}", node.start_mark
        )
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class UnreadableFileError(ValueError):
    """A file that cannot be read as YAML or JSON: names the file, the place and what is wrong."""


def read_file(path: Path) -> Any:
    """The content of a .yaml, .yml or .json file. Raises UnreadableFileError."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFileError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise UnreadableFileError(f"{path}: is a folder, not a file") from None
    except UnicodeDecodeError:
        raise UnreadableFileError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    except OSError as problem:
        raise UnreadableFileError(f"{path}: cannot be read: {problem.strerror}") from None
    if path.suffix.lower() == ".json":
        try:
            return json.loads(text, parse_float=Decimal)
        except json.JSONDecodeError as problem:
            raise UnreadableFileError(f"{path}: not valid JSON: {problem}") from None
    try:
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError) as problem:
        raise UnreadableFileError(f"{path}: not valid YAML: {' '.join(str(problem).split())}") from None
