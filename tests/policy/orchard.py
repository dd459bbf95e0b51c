"""A made-up document, small enough to see whole: an orchard's paper of three articles."""

from __future__ import annotations

import json
import re

from wenjiuye.policy.clauses import Document, document_from_toml
from wenjiuye.policy.text_check import draft_sentences

TEXT = """
# 果园市文件

果园〔2099〕5号

---

## 果园市 关于种树的说明

各果农：

春天到了，现说明如下。

### 一、种树

（一）挖坑浇水。每棵树挖1个坑，坑深50厘米。浇水3桶（含雨水），每桶10升；冬天不浇。“红富士”先种。（甲局、乙局等部门按职责分工负责）

（二）**施肥除草。** 每年施肥2次。杂草由各村（组、户）清除，
费用减半。（乙局和各村〔组〕负责）

### 二、采摘

（三）采摘出售。成熟后采摘。每箱装20个，售价不超过8.5元。（甲局负责）

2099年3月4日

主办：甲局

2099年3月4日印发
"""

HEAD = """
[document]
id = "orchard"
number = "果园〔2099〕5号"
title = "种树说明"
title_en = "Planting trees"
issuer = "果园市"
signed = 2099-03-04
printed = 2099-03-04
higher_rule = "果园〔2098〕1号"
host = "甲局"
supervisor = "甲局"
"""


def table(title: str, /, **fields: object) -> str:
    return f"\n[[{title}]]\n" + "".join(
        f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in fields.items()
    )


def orchard_clauses() -> str:
    parts = [
        HEAD,
        table("chapter", no=1, zh="种树", en="Planting"),
        table("chapter", no=2, zh="采摘", en="Picking"),
    ]
    parts += [table("department", short="甲局", name="果园市甲局", en="Bureau A")]
    parts += [table("article", no=0, zh="正文以外", en="Outside the articles")]
    parts += [
        table("article", no=no, chapter=chapter, zh=zh, en=en, departments=["甲局"])
        for no, chapter, zh, en in (
            (1, 1, "挖坑", "Digging"),
            (2, 1, "施肥", "Feeding"),
            (3, 2, "采摘", "Picking"),
        )
    ]
    words = {"kind": "task", "modality": "shall"}
    parts += [table("clause", id="a00.01", zh="说明", en="Notes", **words)]
    parts += [table("clause", id="a01.01", zh="挖坑", en="Dig", implemented_by=["dig"], **words)]
    parts += [table("clause", id="a02.01", zh="施肥", en="Feed", implemented_by=["feed", "weed"], **words)]
    parts += [table("clause", id="a03.01", zh="采摘", en="Pick", **words)]
    return "".join(parts)


def orchard_sentences(text: str = TEXT) -> str:
    lines = []
    for line in draft_sentences(text):
        number = re.search(r"article = (\d+)", line)
        lines.append(
            line.replace("clauses = []", f'clauses = ["a{int(number[1]):02}.01"]') if number else line
        )
    return "\n".join(lines)


def orchard_document() -> Document:
    return document_from_toml(orchard_clauses(), orchard_sentences(), where="orchard")
