"""Where a row went that was taken into another."""

from __future__ import annotations

from wenjiuye.platform.registry.models import ImportBatch, Merge


def current_key(kind: str, key: str) -> str:
    """The key under which a person or firm stands now: its own, or that of the row into which it was merged."""
    seen = {key}
    while True:
        found = (
            Merge.objects.filter(kind=kind, dropped=key, batch__state=ImportBatch.State.IN_FORCE)
            .values_list("kept", flat=True)
            .first()
        )
        if found is None or found in seen:
            return key
        key = found
        seen.add(key)
