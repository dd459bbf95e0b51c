"""How personal data is shown to whoever does not need all of it."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """张*航, 王*; of a name of two characters the last goes."""
    if len(name) < 2:
        return name
    return name[0] + "*" * (len(name) - 1) if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def masked_number(number: str, *, first: int = 6, last: int = 2) -> str:
    """The first and last digits of an id; short ones are hidden wholly."""
    if len(number) <= first + last:
        return "*" * len(number)
    return number[:first] + "*" * (len(number) - first - last) + number[len(number) - last :]


def masked_phone(number: str) -> str:
    """138****1234."""
    return masked_number(number, first=3, last=4)


def masked_account(number: str) -> str:
    """The last four digits of a bank account."""
    return masked_number(number, first=0, last=4)
