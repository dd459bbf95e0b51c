"""A sum in Chinese capital figures, as on bank notes: 人民币壹仟元整.

After the People's Bank of China's rules for filling in bills (支付结算办法, annex 1): one zero for several in a row,
整 after yuan, none after jiao and fen. Where a zero may be left out or not, it is as in their first example.
"""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIAD, _HUNDRED_MILLION = 10**4, 10**8


def capital_amount(fen: int) -> str:
    """A sum of fen in capital figures. ValueError: below zero."""
    if fen < 0:
        raise ValueError(f"no capital figures for a sum below zero: {fen} fen")
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    words = f"{_number(yuan)}元" if yuan else ""
    if not rest:
        return f"人民币{words or '零元'}整"
    if yuan and (not jiao or yuan % 10 == 0):
        words += DIGITS[0]
    if jiao:
        words += f"{DIGITS[jiao]}角"
    return f"人民币{words}{DIGITS[last] + '分' if last else ''}"


def _number(value: int) -> str:
    """A number above zero: by 亿, then by 万, then by its four digits."""
    for size, unit in ((_HUNDRED_MILLION, "亿"), (_MYRIAD, "万")):
        if value >= size:
            high, low = divmod(value, size)
            if not low:
                return f"{_number(high)}{unit}"
            gap = DIGITS[0] if low < size // 10 else ""
            return f"{_number(high)}{unit}{gap}{_number(low)}"
    return _four_digits(value)


def _four_digits(value: int) -> str:
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = value // 10**place % 10
        if digit:
            words += (DIGITS[0] if zero and words else "") + DIGITS[digit] + _PLACES[place]
        zero = not digit
    return words
