"""Ids, and official numbers with right check characters that belong to nobody.

A resident id has a region from 410001 to 410099: no county ever had such a code, because 00 stands for
the whole province. A credit code has DEM in the middle, as no organisation has. A phone number begins
with 12, which is given to no line.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import Bools, Days, Ints

CHUNK_ROWS = 1_000_000
"""More than the rows of one table in one chunk: ids are a chunk's number and a row's number in it."""
CHUNKS_MOST = 990
_SLOTS = 50
_RIC_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_RIC_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_USCC = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])


def ids(prefix: str, numbers: Ints) -> pl.Series:
    """`P0001000002` for the third row of the first chunk: short enough to be held without a pointer."""
    return _text(np.concatenate([_letters(prefix, numbers.size), _digits(numbers, 10)], axis=1))


def chunk_ids(prefix: str, chunk: int, rows: int) -> pl.Series:
    """The ids of all rows of one table in one chunk."""
    return ids(prefix, np.arange(rows, dtype=np.int64) + chunk * CHUNK_ROWS)


def resident_ids(chunk: int, born: Days, male: Bools) -> pl.Series:
    """One number for each person of a chunk, none twice in the city. Odd sequence numbers are men's."""
    region = 410001 + (chunk - 1) % 99
    sequence = (chunk - 1) // 99 * 2 * _SLOTS + 2 * _rank_within(born.astype(np.int64) * 2 + male) + male
    day = born.astype("datetime64[D]")
    month = day.astype("datetime64[M]").astype(np.int64)
    number = (month // 12 + 1970) * 10_000 + (month % 12 + 1) * 100
    number += (day - day.astype("datetime64[M]")).astype(np.int64) + 1
    digits = np.concatenate(
        [_digits(np.full(born.size, region), 6), _digits(number, 8), _digits(sequence, 3)], axis=1
    )
    checks = _RIC_CHECKS[((digits - 48).astype(np.int64) @ _RIC_WEIGHTS) % 11]
    return _text(np.concatenate([digits, checks[:, None]], axis=1))


def _rank_within(keys: Ints) -> Ints:
    """For each element how many equal ones stand before it, below the room that a chunk has for a day."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, ordered.size])
    ranks = np.empty_like(keys)
    ranks[order] = np.arange(keys.size) - np.repeat(starts, lengths)
    assert int(ranks.max(initial=0)) < _SLOTS, "more births on one day than there are numbers"
    return ranks


def credit_codes(kinds: Ints, numbers: Ints) -> pl.Series:
    """One code for each employer; `kinds` are the first two characters: 91 firm, 92 sole trader."""
    places = [
        *_place_values(kinds, 10, 2),
        *_place_values(np.full(numbers.size, 411000), 10, 6),
        *(np.full(numbers.size, position) for position in (13, 14, 21)),
        *_place_values(numbers, 31, 6),
    ]
    values = np.stack(places, axis=1)
    checks = (31 - (values @ _USCC_WEIGHTS) % 31) % 31
    return _text(_USCC[np.concatenate([values, checks[:, None]], axis=1)])


def phones(numbers: Ints) -> pl.Series:
    """`12` and nine digits."""
    return _text(np.concatenate([_letters("12", numbers.size), _digits(numbers, 9)], axis=1))


def names(what: str, numbers: Ints) -> pl.Series:
    """`虚构居民0001000002`."""
    return pl.Series([what], dtype=pl.String).new_from_index(0, numbers.size) + ids("", numbers)


def _place_values(numbers: Ints, base: int, width: int) -> list[Ints]:
    return [numbers // base**place % base for place in range(width - 1, -1, -1)]


def _digits(numbers: Ints, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    digits = np.empty((numbers.size, width), dtype=np.uint8)
    rest = np.ascontiguousarray(numbers, dtype=np.int64)
    for place in range(width - 1, -1, -1):
        quotient = rest // 10
        digits[:, place] = rest - quotient * 10 + 48
        rest = quotient
    return digits


def _letters(text: str, rows: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    one = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.broadcast_to(one, (rows, one.size))


def _text(characters: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> pl.Series:
    """Rows of ASCII characters as text."""
    rows, width = characters.shape
    fixed = np.ascontiguousarray(characters).reshape(rows * width).view(f"S{width}")
    return pl.Series(fixed.tolist(), dtype=pl.Binary).cast(pl.String)
