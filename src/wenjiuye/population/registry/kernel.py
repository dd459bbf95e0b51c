"""The facts of a subject as the batch compiler takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import polars as pl

from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import One, Subject


def fact_names(subject: type[Subject], facts: Iterable[str]) -> list[str]:
    """The columns in which some facts of a subject stand; a share has two."""
    return [name for fact in facts for name in fact_columns(subject.facts[fact], fact)]


def in_kernel_form(
    subject: type[Subject], frame: pl.DataFrame, facts: Collection[str] | None = None
) -> pl.DataFrame:
    """`id`, relations to one, and each fact that the frame holds, in the types of the kernel.

    Columns that are no fact of the subject are left out; a share may come as its two columns. facts: which
    (default: all).
    """
    columns = [
        "id",
        *(n for n, link in subject.relations.items() if isinstance(link, One) and n in frame.columns),
    ]
    exprs = [pl.col(name).cast(pl.String) for name in columns]
    for fact in subject.facts.values():
        if facts is None or fact.id in facts:
            for name, dtype in fact_columns(fact, fact.id).items():
                if name in frame.columns:
                    exprs.append(pl.col(name).cast(dtype))
    return frame.select(exprs)
