"""Write docs/data-model.md: `python -m wenjiuye.population.registry.publish_page docs/data-model.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from wenjiuye.population.registry.data_model_page import data_model_page
from wenjiuye.population.registry.definitions import told


def published_page() -> str:
    """The page as it is published: tables, and how facts follow from them."""
    return data_model_page(told())


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(published_page(), "utf-8")
