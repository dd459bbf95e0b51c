"""A model field whose text is encrypted at rest."""

from __future__ import annotations

from typing import Any

from django.db import models

from wenjiuye.platform.privacy.crypto import decrypt, encrypt


class EncryptedText(models.BinaryField):
    """A text that stands encrypted in the database. It cannot be filtered by; keep a keyed hash next to it.

    purpose: `table.column`, bound into the ciphertext, so that bytes moved to another column cannot be read.
    """

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """See Django."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """The bytes that are stored; an empty text stays empty."""
        if value is None or isinstance(value, bytes | memoryview):
            return value
        return encrypt(value, self.purpose) if value else b""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """See Django."""
        return super().get_db_prep_value(value if prepared else self.get_prep_value(value), connection, True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        """The text."""
        if value is None:
            return None
        return decrypt(bytes(value), self.purpose) if len(value) else ""

    def value_to_string(self, obj: Any) -> str:
        """See Django."""
        return str(self.value_from_object(obj) or "")
