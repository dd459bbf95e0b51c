"""What can go wrong with a claim, said so that an officer knows what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wenjiuye.platform.claims.blockers import Blocker


class ClaimError(Exception):
    """A step that cannot be taken; the message is for the officer."""

    def __init__(self, message: Any) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class ChangedMeanwhile(ClaimError):
    """Somebody else has changed the claim since it was looked at."""


class NoSuchStep(ClaimError):
    """The claim's state has no such step."""


class Blocked(ClaimError):
    """Something has to be settled first: `blockers` says what."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__("；".join(str(blocker.text) for blocker in blockers))
