"""YAML and JSON with exact numbers: 0.055 and 1234567890123456.78 stay the decimals that were written."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

_MERGE = "tag:yaml.org,2002:merge"


class UnreadableFileError(ValueError):
    """A file that cannot be read as YAML or JSON: names the file, the place and what is wrong."""


class _Loader(yaml.SafeLoader):
    """Safe loader that reads floats as decimals and refuses a key written twice."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node)).replace("_", "")
    special = text.lstrip("+-").startswith(".") and not text.strip("+-.")[0].isdigit()
    try:
        return Decimal(text.replace(".", "", 1) if special else text)
    except InvalidOperation:
        # YAML 1.1 takes 1:30.5 for a number of base 60.
        raise ConstructorError(None, None, f"not a number: {text}", node.start_mark) from None


def _date(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> dt.date:
    try:
        day: dt.date = loader.construct_yaml_timestamp(node)
    except ValueError as problem:
        raise ConstructorError(None, None, f"{node.value}: {problem}", node.start_mark) from None
    return day


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value if key.tag != _MERGE]
    twice = {str(key) for key in keys if keys.count(key) > 1}
    if twice:
        raise ConstructorError(None, None, f"written twice: {', '.join(sorted(twice))}", node.start_mark)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"written twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    return mapping


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
    form = "JSON" if path.suffix.lower() == ".json" else "YAML"
    try:
        if form == "JSON":
            return json.loads(text, parse_float=Decimal, object_pairs_hook=_pairs)
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise UnreadableFileError(f"{path}: not valid {form}: {_told(problem)}") from None


def _told(problem: Exception) -> str:
    """What is wrong and where, in one line."""
    mark = problem.problem_mark if isinstance(problem, yaml.MarkedYAMLError) else None
    if mark is None:
        return " ".join(str(problem).split())
    return f"line {mark.line + 1}, column {mark.column + 1}: {getattr(problem, 'problem', '')}"
