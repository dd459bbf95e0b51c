"""The facts of a subject as the batch compiler takes them."""

from __future__ import annotations

import polars as pl

from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.facts import One, Subject


def in_kernel_form(subject: type[Subject], frame: pl.DataFrame) -> pl.DataFrame:
    """`id`, relations to one, and each fact that the frame holds, in the types of the kernel.

    Columns that are no fact of the subject are left out; a share may come as its two columns.
    """
    columns = [
        "id",
        *(n for n, link in subject.relations.items() if isinstance(link, One) and n in frame.columns),
    ]
    exprs = [pl.col(name).cast(pl.String) for name in columns]
    for fact in subject.facts.values():
        for name, dtype in fact_columns(fact, fact.id).items():
            if name in frame.columns:
                exprs.append(pl.col(name).cast(dtype))
    return frame.select(exprs)
