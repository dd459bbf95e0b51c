"""Attempts are counted in memory: each test begins without any."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Nothing is counted from the test before."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_passwords(settings: pytest.FixtureRequest) -> None:
    """Hashing does not have to take its time here."""
    settings.PASSWORD_HASHERS = ["officers.QuickHasher"]


@pytest.fixture
def second_factor_needed(settings: pytest.FixtureRequest, data_folder: object) -> None:
    """As in production."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"require_second_factor": True})
