"""What can go wrong with accounts, said so that an administrator or officer knows what to do."""

from __future__ import annotations


class AccountError(Exception):
    """Something that cannot be done with an account; the message is for whoever asked."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class IncompatibleAppointment(AccountError):
    """Two roles that exclude each other would come together."""
