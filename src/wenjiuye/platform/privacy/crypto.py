"""Encryption of personal data (AES-256-GCM) and the keyed hash by which it is found (HMAC-SHA-256)."""

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

_FORM = b"\x01"
"""The first byte of what is stored: which form it has, should another come."""
_NONCE = 12


class UnreadableData(Exception):
    """What stands in the database was not encrypted with the key of this installation."""


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


def encrypt(text: str, purpose: str) -> bytes:
    """Encrypt a text; it can only be read again for the same purpose (table and column)."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(settings.ENVIRONMENT.field_key).encrypt(nonce, text.encode(), purpose.encode())
    return _FORM + nonce + sealed


def decrypt(stored: bytes, purpose: str) -> str:
    """Read what `encrypt` made. UnreadableData: another key, another purpose, or changed bytes."""
    data = bytes(stored)
    if data[:1] != _FORM:
        raise UnreadableData("unknown form of encryption")
    try:
        opened = _cipher(settings.ENVIRONMENT.field_key).decrypt(
            data[1 : 1 + _NONCE], data[1 + _NONCE :], purpose.encode()
        )
    except InvalidTag:
        raise UnreadableData(f"{purpose}: the key WENJIUYE_FIELD_KEY is not the one it was written with") from None
    return opened.decode()


def normalised(text: str) -> str:
    """A number as it is compared: half-width, capital, without blanks and hyphens."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in plain if char not in " -\t　")


def keyed_hash(text: str, purpose: str) -> bytes:
    """32 bytes by which a text is found and that tell nothing without the key."""
    key = base64.b64decode(settings.ENVIRONMENT.index_key)
    return hmac.new(key, f"{purpose}\n{normalised(text)}".encode(), hashlib.sha256).digest()
