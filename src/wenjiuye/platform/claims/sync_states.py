"""The table of transitions, as the database's trigger reads it; written by the role that owns the tables."""

from __future__ import annotations

from typing import Any

from wenjiuye.platform.claims.states import TRANSITIONS


def sync(**_: Any) -> None:
    """Make the rows those of `TRANSITIONS`."""
    from wenjiuye.platform.claims.models import StateChange

    wanted = {
        (way.name, source.value, way.target.value)
        for way in TRANSITIONS.values()
        if way.target is not None
        for source in way.sources
    }
    held = set(StateChange.objects.values_list("name", "source", "target"))
    for name, source, target in held - wanted:
        StateChange.objects.filter(name=name, source=source, target=target).delete()
    StateChange.objects.bulk_create(
        StateChange(name=n, source=s, target=t) for n, s, t in sorted(wanted - held)
    )
