"""The golden registry taken in and arranged, as the one part that it is."""

from __future__ import annotations

from pathlib import Path

import golden_registry as golden
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.registry.arrange import arrange
from wenjiuye.population.registry.intake import take_in
from wenjiuye.population.registry.partition import Partition


def golden_part(folder: Path) -> Partition:
    """The part, made in an empty folder."""
    clean = take_in(golden.FOLDER, folder / "intake")
    arranged = arrange(clean.tables, clean.incomplete, policy(), folder / "arranged", "golden")
    (part,) = arranged.parts
    return arranged.load(part)
