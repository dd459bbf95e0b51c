"""The kinds of letters, and the class of data that belongs to each."""

from __future__ import annotations

import json
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from wenjiuye.platform.letters.data import Accepted, Correction, Granted, LetterData, Refused


class LetterKind(models.TextChoices):
    """What a letter is."""

    GRANTED = "granted", _("准予决定书")
    REFUSED = "refused", _("不予批准决定书")
    CORRECTION = "correction", _("补正通知书")
    ACCEPTED = "accepted", _("受理回执")


CLASSES = MappingProxyType(
    {
        LetterKind.GRANTED: Granted,
        LetterKind.REFUSED: Refused,
        LetterKind.CORRECTION: Correction,
        LetterKind.ACCEPTED: Accepted,
    }
)
_KINDS = {kind_class: kind for kind, kind_class in CLASSES.items()}


def kind_of(data: LetterData) -> LetterKind:
    """The kind whose class the data has."""
    return _KINDS[type(data)]


def to_json(data: LetterData) -> str:
    """The data as JSON with sorted keys, from which `from_json` makes it again."""
    plain = TypeAdapter(type(data)).dump_python(data, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(kind: str, text: str) -> LetterData:
    """The data that `to_json` wrote."""
    data: LetterData = TypeAdapter(CLASSES[LetterKind(kind)]).validate_json(text)
    return data
