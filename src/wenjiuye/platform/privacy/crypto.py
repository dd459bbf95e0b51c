"""Encryption of personal data (AES-256-GCM) and the keyed hash by which it is found (HMAC-SHA-256).

What is stored: one byte for the form, four for the key, twelve of nonce, the sealed text. So that another key can take
over while people work, several keys may be set: the first encrypts, each of them decrypts what it has encrypted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_FORM = b"\x02"
_MARK = 4
_NONCE = 12
PREFIX = len(_FORM) + _MARK
"""So many bytes at the beginning say with which key something was encrypted."""


class UnreadableData(Exception):
    """What stands in the database was not encrypted with a key of this installation, or was changed since."""


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


@cache
def _prefix(key: str) -> bytes:
    """Form and mark of a key; the mark tells nothing about the key."""
    return _FORM + hashlib.sha256(b"mark of a key\n" + base64.b64decode(key)).digest()[:_MARK]


def current_prefix() -> bytes:
    """How everything begins that is encrypted now."""
    return _prefix(settings.ENVIRONMENT.field_keys[0])


def encrypt(text: str, purpose: str) -> bytes:
    """Encrypt a text with the first key; it can only be read again for the same purpose (table and column)."""
    key = settings.ENVIRONMENT.field_keys[0]
    nonce = secrets.token_bytes(_NONCE)
    return _prefix(key) + nonce + _cipher(key).encrypt(nonce, text.encode(), purpose.encode())


def decrypt(stored: bytes, purpose: str) -> str:
    """Read what `encrypt` made. UnreadableData: another key, another purpose, or changed bytes."""
    data = bytes(stored)
    key = next((key for key in settings.ENVIRONMENT.field_keys if data.startswith(_prefix(key))), None)
    if key is None:
        raise UnreadableData(
            f"{purpose}: none of the keys in WENJIUYE_FIELD_KEY is the one it was written with"
        )
    nonce, sealed = data[PREFIX : PREFIX + _NONCE], data[PREFIX + _NONCE :]
    try:
        return _cipher(key).decrypt(nonce, sealed, purpose.encode()).decode()
    except (InvalidTag, ValueError):
        raise UnreadableData(
            f"{purpose}: changed since it was written, or written for another column"
        ) from None


def normalised(text: str) -> str:
    """A number as it is compared: half-width, capital, without blanks and hyphens."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in plain if char not in " -\t　")


def keyed_hash(text: str, purpose: str) -> bytes:
    """32 bytes by which a text is found and that tell nothing without the key."""
    key = base64.b64decode(settings.ENVIRONMENT.index_key)
    return hmac.new(key, f"{purpose}\n{normalised(text)}".encode(), hashlib.sha256).digest()
