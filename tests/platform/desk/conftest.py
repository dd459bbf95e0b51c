"""What every test of a page needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from casework import accepted, draft, loaded, officers

__all__ = ["accepted", "draft", "loaded", "officers"]


@pytest.fixture(autouse=True)
def static_folder(tmp_path: Path, settings: Any) -> Path:
    """Static files come from the packages; the folder of collected ones is there and empty."""
    settings.STATIC_ROOT = tmp_path
    return tmp_path
