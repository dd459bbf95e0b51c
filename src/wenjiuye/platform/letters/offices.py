"""Who writes a county's letters and who reconsiders its decisions: packaged, corrected by the office's own file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from wenjiuye.platform.letters.data import Appeal
from wenjiuye.platform.letters.errors import LetterError
from wenjiuye.rules.errors import Bilingual

CITY = "city"
FILE = "offices.toml"
COURT = Bilingual("有管辖权的人民法院", "the people's court that has jurisdiction")
_KEYS = frozenset({"zh", "en", "sign", "contact_zh", "contact_en", "authority_zh", "authority_en"})


class OfficesFileError(LetterError):
    """The office's own file cannot be used: names file, entry and key."""


@dataclass(frozen=True)
class Office:
    """One office. sign: what its document numbers begin with."""

    name: Bilingual
    sign: str
    contact: Bilingual
    appeal: Appeal


def office_of(county: str) -> Office:
    """The office of a county. OfficesFileError."""
    known = _read((files("wenjiuye.platform.letters") / FILE).read_text("utf-8"), FILE)
    own = settings.ENVIRONMENT.data / FILE
    if own.is_file():
        for name, entry in _own(own).items():
            known[name] = {**known.get(name, {}), **entry}
    found = {**known[CITY], **known.get(county or CITY, {})}
    return Office(
        Bilingual(found["zh"], found["en"]),
        found["sign"],
        Bilingual(found["contact_zh"], found["contact_en"]),
        Appeal(Bilingual(found["authority_zh"], found["authority_en"]), COURT),
    )


def _own(path: Path) -> dict[str, dict[str, str]]:
    return _read(path.read_text("utf-8"), str(path))


def _read(text: str, where: str) -> dict[str, dict[str, str]]:
    try:
        told: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise OfficesFileError(
            _("%(file)s 不是 TOML：%(problem)s。请改正。") % {"file": where, "problem": problem}
        ) from None
    for name, entry in told.items():
        for key, value in entry.items() if isinstance(entry, dict) else [("", entry)]:
            if key not in _KEYS or not isinstance(value, str) or not value.strip():
                raise OfficesFileError(
                    _("%(file)s 的 [%(name)s] %(key)s 不能用。可以写的有：%(keys)s，都是文字。")
                    % {"file": where, "name": name, "key": key, "keys": "、".join(sorted(_KEYS))}
                )
    return told
