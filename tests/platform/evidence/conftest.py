"""Clerks of two counties."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from evidence_samples import officer

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.evidence.models import StoredFile
from wenjiuye.platform.evidence.services import take_in


@pytest.fixture
def clerk(db: None) -> User:
    return officer("clerk", Role.CLERK, "jianan")


@pytest.fixture
def elsewhere(db: None) -> User:
    return officer("elsewhere", Role.CLERK, "yuzhou")


@pytest.fixture
def take(clerk: User) -> Callable[..., StoredFile]:
    """Take in bytes under a name, as the clerk of jianan."""

    def take_bytes(data: bytes, name: str) -> StoredFile:
        return take_in(BytesIO(data), name, county="jianan", by=clerk)

    return take_bytes
