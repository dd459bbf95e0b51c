"""The kernel form of a table of the registry: its columns, and what may stand in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from wenjiuye.policy.registry import Record
from wenjiuye.population.errors import HeaderError
from wenjiuye.population.headers import UnknownColumn
from wenjiuye.rules.batch_lowering import fact_columns
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import Fact
from wenjiuye.rules.quantity import Kind

MISSING = both("没有填写必填项", "a required cell is empty")


def columns_of(record: type[Record]) -> Mapping[str, Any]:
    """Every column of a table with its type: id, relations, texts, facts."""
    columns: dict[str, Any] = {"id": pl.String} if record.keyed else {}
    columns |= dict.fromkeys((*record.relations, *record.texts), pl.String)
    for fact in record.facts.values():
        columns |= fact_columns(fact, fact.id)
    return columns


def first_column(record: type[Record], name: str) -> str:
    """The kernel column that tells whether a column is known: of a share its numerator."""
    return next(iter(fact_columns(record.facts[name], name))) if name in record.facts else name


def needed(record: type[Record]) -> tuple[str, ...]:
    """The columns that every row must have, the id among them."""
    return (*(("id",) if record.keyed else ()), *record.required)


def title_zh(record: type[Record], name: str) -> str:
    """The Chinese title of a fact or relation; of other columns the name."""
    if name in record.facts:
        return record.facts[name].zh
    return record.relations[name].zh if name in record.relations else name


def refuse_missing(
    record: type[Record], known: Sequence[str], unknown: Sequence[UnknownColumn], where: str
) -> None:
    """Raise HeaderError where a part lacks a column that every row must have."""
    lacking = [name for name in needed(record) if name not in known]
    if lacking:
        named = "、".join("编号（id）" if n == "id" else f"{title_zh(record, n)}（{n}）" for n in lacking)
        seen = [column.hint for column in unknown if column.title.strip()]
        many = len(lacking) > 1
        raise HeaderError(
            f"{where}：没有必填列{named}，请补上"
            + (f"；不认识的列：{'、'.join(hint.zh for hint in seen)}" if seen else ""),
            f"{where}: the required column{'s' if many else ''} {', '.join(lacking)} "
            f"{'are' if many else 'is'} not there; add {'them' if many else 'it'}"
            + (f" (columns that are not known: {', '.join(hint.en for hint in seen)})" if seen else ""),
        )


# ── What may stand in a typed cell


def cannot_stand(fact: Fact) -> pl.Expr | None:
    """True where a typed cell holds what the fact does not allow; None where the type says it all."""
    low, high = fact.range()
    cell = pl.col(fact.id)
    match fact.kind:
        case Kind.INT | Kind.MONEY:
            wrong = ~cell.is_between(int(low), int(high))
        case Kind.DATE:
            wrong = ~cell.is_between(low, high)
        case Kind.MONTH:
            wrong = ~cell.is_between(low, high) | (cell.dt.day() != 1)
        case Kind.SHARE:
            return _no_share(fact)
        case _:
            return None
    return wrong.fill_null(False)


def _no_share(fact: Fact) -> pl.Expr:
    low, high = (Fraction(end) for end in fact.range())
    num, den = (pl.col(f"{fact.id}.{part}").cast(pl.Int128) for part in ("num", "den"))
    outside = (num * low.denominator < den * low.numerator) | (num * high.denominator > den * high.numerator)
    return (num.is_null() != den.is_null()) | ((den <= 0) | outside).fill_null(False)


def wrong_cells(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    """Typed cells that cannot stand: index, value, problem, allowed."""
    if fact.kind is Kind.LIST:
        wrong = _wrong_lists(fact, frame)
    else:
        told = cannot_stand(fact)
        if told is None:
            return _no_cells()
        wrong = frame.with_row_index("index").filter(told)
    shown = as_text(fact, wrong).alias("value")
    outside = pl.format(both("超出允许范围：{}", "{} is outside the allowed range"), "value", "value")
    return wrong.select("index", shown).with_columns(
        outside.alias("problem"), pl.lit(fact.wanted()).alias("allowed")
    )


def _no_cells() -> pl.DataFrame:
    text = pl.String
    return pl.DataFrame(schema={"index": pl.UInt32, "value": text, "problem": text, "allowed": text})


def _wrong_lists(fact: Fact, frame: pl.DataFrame) -> pl.DataFrame:
    """Lists with a record that is not whole, or with a field that cannot stand."""
    indexed = frame.select(pl.col(fact.id)).with_row_index("index")
    records = indexed.filter(pl.col(fact.id).list.len() > 0).explode(fact.id).unnest(fact.id)
    fields = [name for field in fact.fields for name in fact_columns(field, field.id)]
    checks = [told for field in fact.fields if (told := cannot_stand(field)) is not None]
    whole = pl.any_horizontal(*(pl.col(name).is_null() for name in fields), *checks)
    return indexed.filter(pl.col("index").is_in(records.filter(whole)["index"].unique().implode()))


# ── A typed cell as it is written in a file of text


def as_text(fact: Fact, frame: pl.DataFrame) -> pl.Series:
    """Typed cells as text: yuan, fractions, ISO dates, members, JSON."""
    match fact.kind:
        case Kind.MONEY:
            text = yuan(pl.col(fact.id))
        case Kind.SHARE:
            num, den = (pl.col(f"{fact.id}.{part}").cast(pl.String) for part in ("num", "den"))
            half = pl.format("{}/{}", num.fill_null("?"), den.fill_null("?"))
            text = pl.when(num.is_not_null() | den.is_not_null()).then(half)
        case Kind.LIST:
            cells = [None if row is None else _json(fact, row) for row in frame[fact.id].to_list()]
            return pl.Series(fact.id, cells, dtype=pl.String)
        case Kind.MONTH:
            text = pl.col(fact.id).dt.strftime("%Y-%m-%d")
        case _:
            text = pl.col(fact.id).cast(pl.String)
    return frame.select(text.alias(fact.id))[fact.id]


def yuan(fen: pl.Expr) -> pl.Expr:
    """Fen as yuan with two decimals, exactly."""
    size = fen.abs()
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    cents = (size % 100).cast(pl.String).str.zfill(2)
    return pl.concat_str(sign, (size // 100).cast(pl.String), pl.lit("."), cents)


def _json(fact: Fact, records: list[dict[str, Any]]) -> str:
    def cell(field: Fact, record: dict[str, Any]) -> Any:
        if field.kind is Kind.SHARE:
            return f"{record[f'{field.id}.num']}/{record[f'{field.id}.den']}"
        value = record[field.id]
        return None if value is None else field.plain_value(value)

    rows = [{field.id: cell(field, record) for field in fact.fields} for record in records]
    return json.dumps(rows, ensure_ascii=False)
