"""The row that comes last counts, whatever is known of the order in which the rows lie."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import polars as pl
import pytest

from wenjiuye.population.registry.asof import DAY, gather, last_by, last_in_any_case
from wenjiuye.population.registry.partition import Partition, PartTables, number_of

DATES = (dt.date(2019, 5, 13), dt.date(2020, 2, 16), dt.date(2020, 2, 16), dt.date(2020, 6, 1))


NUMBER = pl.lit(0, dtype=pl.UInt32).alias(number_of("person"))


def last_category(dates: list[dt.date], known_order: str | None) -> dict[str, str]:
    """By which way of looking which row of one person comes last; each row is named by its place."""
    names = [str(place) for place in range(len(dates))]
    held = pl.DataFrame({"person": "p", "valid_from": dates, "category": names}).with_columns(NUMBER)
    if known_order is not None:
        held = held.with_columns(pl.col("valid_from").set_sorted(descending=known_order == "falling"))
    part = Partition("one", PartTables.of({"recognition": held}), {}, {})
    rows = pl.DataFrame({"person": ["p"], DAY: [dt.date(2021, 1, 1)]}).with_columns(NUMBER)
    everyone = pl.col("category") != ""
    found = {
        "all": (last_by("category", "valid_from"), None),
        "some": (last_by("category", "valid_from", everyone), None),
        "sure": (last_in_any_case("category", "valid_from", everyone, None), None),
    }
    return gather(part, rows, "recognition", "person", found).select(list(found)).row(0, named=True)


@pytest.mark.parametrize(
    "dates", sorted(set(permutations(DATES))), ids=lambda dates: " ".join(map(str, dates))
)
def test_of_equal_dates_the_later_row_counts(dates: tuple[dt.date, ...]) -> None:
    latest = max(place for place, day in enumerate(dates) if day == max(dates))
    assert set(last_category(list(dates), None).values()) == {str(latest)}


@pytest.mark.parametrize("known_order", ["rising", "falling"])
def test_rows_that_are_known_to_be_in_order_are_no_exception(known_order: str) -> None:
    dates = sorted(DATES, reverse=known_order == "falling")
    latest = max(place for place, day in enumerate(dates) if day == max(dates))
    assert set(last_category(dates, known_order).values()) == {str(latest)}
