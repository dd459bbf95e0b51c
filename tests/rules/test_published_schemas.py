"""The schemas in docs/schema are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenjiuye.rules.publish_schemas import PUBLISHED, text

FOLDER = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_schema_is_the_one_that_the_code_uses(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == text(name)
