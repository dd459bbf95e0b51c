"""Names and official numbers that a row may carry: checked and kept, never read by a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from wenjiuye.policy.registry import Record
from wenjiuye.rules.errors import both
from wenjiuye.rules.facts import Subject

NAME, CREDIT_CODE, RESIDENT_ID, PHONE = "name", "credit_code", "resident_id", "phone"

TITLES: Mapping[str, tuple[str, ...]] = {
    NAME: ("名称", "姓名"),
    CREDIT_CODE: ("统一社会信用代码", "社会信用代码"),
    RESIDENT_ID: ("身份证号", "身份证号码", "公民身份号码"),
    PHONE: ("联系电话", "电话", "手机号", "手机号码", "手机"),
    "school": ("学校", "学校名称", "毕业院校"),
    "measure": ("措施", "政策措施", "待遇项目"),
    "subject": ("对象", "对象类别"),
    "subject_id": ("对象编号",),
    "fact": ("事实", "事实名称"),
    "value": ("值", "事实的值"),
    "source": ("来源", "事实来源"),
}
"""Chinese titles of the carried columns; the first stands in templates (for a person's name the second)."""

CARRIED: Mapping[str, tuple[str, ...]] = {
    "enterprise": (NAME, CREDIT_CODE),
    "sole_trader": (NAME, CREDIT_CODE),
    "person": (NAME, RESIDENT_ID),
}
"""What the rows of a subject may carry; other subjects carry a name only."""

_REASONS = {
    InvalidLength: both("不是18位", "it does not have 18 characters"),
    InvalidFormat: both("含有不应出现的字符", "it has characters that cannot stand there"),
    InvalidChecksum: both(
        "校验码不符：有一位写错，或两位颠倒",
        "the check character does not fit: one character is wrong or two are swapped",
    ),
    InvalidComponent: both("其中的出生日期不存在", "the date of birth in it does not exist"),
}
_WANTED = {
    CREDIT_CODE: both("18位统一社会信用代码", "a unified social credit code of 18 characters"),
    RESIDENT_ID: both("18位身份证号", "a resident id of 18 characters"),
    PHONE: both("7至15位数字的电话号码", "a phone number of 7 to 15 digits"),
}
_NO_PHONE = both("不是电话号码", "no phone number")
_PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)


def carried(subject: type[Subject]) -> tuple[str, ...]:
    """The columns that rows of a subject may carry beside facts."""
    return subject.texts if issubclass(subject, Record) else CARRIED.get(subject.id, (NAME,))


def check(name: str, texts: pl.Series) -> pl.DataFrame:
    """Wrong numbers among texts: columns `index`, `value`, `problem`, `allowed`. Nulls are not looked at."""
    if name not in _WANTED:
        return _no_problems()
    frame = pl.DataFrame({"value": texts}).with_row_index("index").drop_nulls("value")
    doubtful = frame.filter(~_QUICK[name](frame["value"])) if frame.height else frame
    reasons = {text: reason for text in doubtful["value"].unique() if (reason := _reason(name, text))}
    if not reasons:
        return _no_problems()
    return doubtful.filter(pl.col("value").is_in(list(reasons))).with_columns(
        pl.col("value").replace_strict(reasons, return_dtype=pl.String).alias("problem"),
        pl.lit(_WANTED[name]).alias("allowed"),
    )


def _no_problems() -> pl.DataFrame:
    text = pl.String
    return pl.DataFrame(schema={"index": pl.UInt32, "value": text, "problem": text, "allowed": text})


def _reason(name: str, text: str) -> str | None:
    if name == PHONE:
        return _NO_PHONE
    try:
        uscc.validate(text) if name == CREDIT_CODE else check_resident_id(text)
    except ValidationError as problem:
        return _REASONS.get(type(problem), str(problem))
    return None


def check_resident_id(number: str) -> None:
    """Raise stdnum's ValidationError where a resident id is wrong.

    `ric.validate` is not used as a whole: it ties the county's code to the year of birth, but the code is
    that of the day on which the number was given out, so it refuses people born before their county became
    a city.
    """
    if len(number) != 18:
        raise InvalidLength()
    if not (number[:-1].isascii() and number[:-1].isdigit()) or number[:2] not in _PROVINCES.split():
        raise InvalidFormat()
    if number[-1] != ric.calc_check_digit(number):
        raise InvalidChecksum()
    ric.get_birth_date(number)


# ── The same in columns: true means certainly right, anything else is looked at one by one


def _weighted(texts: pl.Series, alphabet: str, weights: tuple[int, ...]) -> pl.Series:
    place = {character: i for i, character in enumerate(alphabet)}
    text = pl.col("t")
    terms = [
        text.str.slice(i, 1).replace_strict(place, default=None, return_dtype=pl.Int32) * weight
        for i, weight in enumerate(weights)
    ]
    return texts.to_frame("t").select(pl.sum_horizontal(terms, ignore_nulls=False).alias("sum"))["sum"]


def _quick_resident_id(texts: pl.Series) -> pl.Series:
    rest = _weighted(texts, "0123456789", (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11
    wanted = rest.replace_strict(dict(enumerate("10X98765432")), default=None, return_dtype=pl.String)
    born = texts.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).is_not_null()
    province = texts.str.slice(0, 2).is_in(_PROVINCES.split())
    right = (texts.str.slice(17) == wanted) & texts.str.contains("^[0-9]{17}[0-9X]$") & born & province
    return right.fill_null(False)


def _quick_credit_code(texts: pl.Series) -> pl.Series:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    sums = _weighted(texts, alphabet, (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28))
    wanted = ((31 - sums % 31) % 31).replace_strict(
        dict(enumerate(alphabet)), default=None, return_dtype=pl.String
    )
    right = (texts.str.slice(17) == wanted) & texts.str.contains("^[0-9]{8}[0-9A-Z]{10}$")
    return right.fill_null(False)


def _quick_phone(texts: pl.Series) -> pl.Series:
    digits = texts.str.replace_all(r"[\s\-()（）+]", "")
    return digits.str.contains("^[0-9]{7,15}$").fill_null(False)


_QUICK: Mapping[str, Callable[[pl.Series], pl.Series]] = {
    RESIDENT_ID: _quick_resident_id,
    CREDIT_CODE: _quick_credit_code,
    PHONE: _quick_phone,
}
