"""The check of the official text finds every sentence that differs, and no difference of typing."""

from __future__ import annotations

import json
import re

import pytest
from orchard import TEXT, orchard_document

from wenjiuye.policy.text_check import (
    PolicyTextError,
    TextFinding,
    check_text,
    draft_sentences,
    read_text,
    text_data,
    text_lines,
)


@pytest.fixture(scope="module")
def orchard():
    return orchard_document()


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def told(findings) -> list[tuple[str, int, int]]:
    return [(finding.kind, finding.article, finding.position) for finding in findings]


# ── The text as it comes


def test_the_text_itself_has_no_findings(orchard):
    assert check_text(orchard, TEXT) == []


def test_the_parts_of_a_text_are_told_apart(orchard):
    kinds = [(row.article, row.kind) for row in orchard.sentences]
    assert kinds[:8] == [(0, "front")] * 5 + [(0, "back")] * 3
    assert [kind for article, kind in kinds if article == 1] == [
        "chapter",
        "heading",
        *["text"] * 4,
        "departments",
    ]
    assert [kind for article, kind in kinds if article == 2] == ["heading", "text", "text", "departments"]


FLAT = "".join(TEXT.replace("---", "").split())


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("坑深50厘米", "坑深\n\n\f\n50厘米"),
        TEXT.replace("坑深50", "坑\n\n— 12 —\n\n深50"),
        TEXT.replace("坑深50", "坑\n\n12\n\n深50"),
        TEXT.replace("坑深50", "坑\n第 3 页 共 9 页\n深50"),
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("（", "(").replace("）", ")"),
        TEXT.replace("〔", "[").replace("〕", "］"),
        TEXT.replace("，", ",").replace("；", ";").replace("：", ":"),
        TEXT.replace("坑深50厘米。", "坑深50厘米."),
        TEXT.replace("“红富士”", '"红富士"'),
        TEXT.replace("50厘米", "５０ 厘米").replace("8.5", "８．５"),
        TEXT.replace("#", "").replace("*", "").replace("-", ""),
        "\ufeff" + TEXT.replace("挖坑", "挖\u200b坑"),
        " \u3000".join(TEXT),
        FLAT,
        "\n".join(FLAT[i : i + 7] for i in range(0, len(FLAT), 7)),
        "\n\n".join(FLAT[i : i + 4] for i in range(0, len(FLAT), 4)),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in TEXT),
    ],
    ids=[
        "page break",
        "page number",
        "bare page number",
        "page of pages",
        "windows lines",
        "half-width brackets",
        "square brackets",
        "half-width marks",
        "western full stop",
        "straight quotes",
        "full-width digits",
        "no marks",
        "invisible characters",
        "stray spaces",
        "one line",
        "short lines",
        "torn lines",
        "full width",
    ],
)
def test_how_a_text_was_typed_or_broken_into_pages_makes_no_difference(orchard, text):
    assert check_text(orchard, text) == []


@pytest.mark.parametrize(
    ("old", "new", "article", "position"),
    [
        ("坑深50", "坑深60", 1, 3),
        ("10升", "100升", 1, 4),
        ("8.5元", "85元", 3, 4),
        ("每年施肥2次", "每年施肥２３次", 2, 2),
        ("不超过", "超过", 3, 4),
        ("冬天不浇。", "冬天不浇！", 1, 5),
        ("挖坑浇水。", "挖坑。", 1, 2),
        ("二、采摘", "二、收获", 3, 1),
        ("甲局、乙局等", "乙局等", 1, 7),
        ("2099年3月4日\n", "2098年3月4日\n", 0, 6),
        ("各果农：", "各果农、菜农：", 0, 4),
    ],
)
def test_one_changed_place_is_found_where_it_stands(orchard, old, new, article, position):
    assert told(check_text(orchard, changed(old, new))) == [("changed", article, position)]


def test_a_changed_sentence_names_its_clauses_and_how_the_text_at_hand_begins(orchard):
    (finding,) = check_text(orchard, changed("浇水3桶", "浇水4桶"))
    assert finding.clauses == ("a01.01",)
    assert finding.excerpt == "浇水4桶（含雨水），每桶"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("每年施肥2次。", "每年施肥2次。另种梨树。", (2, 3)),
        ("每年施肥2次。", "另种梨树。每年施肥2次。", (2, 2)),
        ("（甲局、乙局等", "另种梨树。（甲局、乙局等", (1, 7)),
        ("按职责分工负责）\n", "按职责分工负责）\n另种梨树。\n", (1, 8)),
        ("春天到了", "另种梨树。\n春天到了", (0, 5)),
        ("印发\n", "印发\n另种梨树。", (0, 9)),
        ("2099年3月4日\n\n主办", "（四）另种梨树。\n\n2099年3月4日\n\n主办", (4, 1)),
    ],
)
def test_a_sentence_of_no_clause_is_found_wherever_it_was_added(orchard, old, new, place):
    findings = check_text(orchard, changed(old, new))
    added = [finding for finding in findings if finding.kind == "added"]
    assert [(finding.article, finding.position) for finding in added][:1] == [place]
    assert added[0].excerpt.startswith("另种梨树") or added[0].excerpt.startswith("（四）另种梨树")
    assert added[0].clauses == ()


def test_an_added_sentence_is_the_only_finding(orchard):
    assert told(check_text(orchard, changed("冬天不浇。", "冬天不浇。另种梨树。"))) == [("added", 1, 6)]


def test_an_added_sentence_beside_a_changed_one_is_told_apart_by_length(orchard):
    findings = check_text(
        orchard, changed("冬天不浇。", "梨树、桃树和杏树都要另外种在果园的南坡。冬天少浇。")
    )
    assert told(findings) == [("added", 1, 5), ("changed", 1, 5)]


def test_a_missing_sentence_is_found_with_its_clauses(orchard):
    (finding,) = check_text(orchard, changed("每年施肥2次。", ""))
    assert (finding.kind, finding.article, finding.position) == ("missing", 2, 2)
    assert finding.clauses == ("a02.01",)


def test_a_missing_list_of_departments_concerns_every_clause_of_its_article(orchard):
    (finding,) = check_text(orchard, changed("（甲局负责）", ""))
    assert (finding.kind, finding.article, finding.clauses) == ("missing", 3, ("a03.01",))


def test_a_missing_chapter_heading_concerns_every_clause_of_the_chapter(orchard):
    (finding,) = check_text(orchard, changed("### 一、种树\n", ""))
    assert (finding.kind, finding.article, finding.position) == ("missing", 1, 1)
    assert finding.clauses == ("a01.01", "a02.01")


def test_a_sentence_moved_within_its_article_is_found(orchard):
    text = changed("“红富士”先种。", "").replace("浇水3桶", "“红富士”先种。浇水3桶")
    (finding,) = check_text(orchard, text)
    assert (finding.kind, finding.article, finding.position) == ("moved", 1, 6)
    assert finding.found_at == (1, 4)


def test_a_sentence_moved_to_another_article_is_found(orchard):
    text = changed("成熟后采摘。", "").replace("每年施肥2次。", "每年施肥2次。成熟后采摘。")
    (finding,) = check_text(orchard, text)
    assert (finding.kind, finding.article, finding.position) == ("moved", 3, 3)
    assert (finding.found_at, finding.clauses) == ((2, 3), ("a03.01",))


def test_articles_that_changed_places_are_found(orchard):
    first, second = TEXT.index("（一）"), TEXT.index("（二）")
    third = TEXT.index("### 二、")
    text = TEXT[:first] + TEXT[second:third] + TEXT[first:second] + TEXT[third:]
    assert {finding.kind for finding in check_text(orchard, text)} >= {"moved"}


def test_a_chapter_heading_that_moved_to_another_article_is_found(orchard):
    text = changed("### 二、采摘\n", "").replace("（二）", "二、采摘\n（二）")
    assert told(check_text(orchard, text)) == [("moved", 3, 1)]


def test_a_lost_article_number_is_one_finding_and_the_sentences_below_stay_known(orchard):
    assert told(check_text(orchard, changed("（二）", ""))) == [("changed", 2, 1)]


def test_a_lost_article_heading_is_one_finding_and_the_sentences_below_stay_known(orchard):
    assert told(check_text(orchard, changed("（二）**施肥除草。**", ""))) == [("missing", 2, 1)]


def test_an_enumeration_inside_an_article_opens_no_article(orchard):
    findings = check_text(orchard, changed("成熟后采摘。", "成熟后采摘。（一）红的。（二）绿的。"))
    assert told(findings) == [("added", 3, 4), ("added", 3, 5)]


def test_a_text_cut_off_in_the_middle_lists_what_is_missing(orchard):
    findings = check_text(orchard, TEXT[: TEXT.index("（二）")])
    assert {finding.kind for finding in findings} == {"missing"}
    assert {finding.article for finding in findings} == {0, 2, 3}


@pytest.mark.parametrize("text", ["", " \n\u3000\n\f", "# \n---\n**\n", "\ufeff"])
def test_an_empty_text_is_one_clear_finding(orchard, text):
    assert told(check_text(orchard, text)) == [("empty", 0, 0)]


@pytest.mark.parametrize(
    "text", ["鱼塘养鱼。每天喂食。换水两次。", "hello world", "）））。；（一）", "\ud800"]
)
def test_another_document_is_one_clear_finding(orchard, text):
    (finding,) = check_text(orchard, text)
    assert finding.kind == "unrelated"
    assert finding.excerpt


def test_articles_counted_anew_in_each_chapter_get_numbers_that_run_on():
    text = "一、水果\n（一）苹果。（甲局负责）\n二、蔬菜\n（一）白菜。（甲局负责）\n（二）萝卜。（甲局负责）"
    numbers = [int(number) for number in re.findall(r"article = (\d+)", "".join(draft_sentences(text)))]
    assert sorted(set(numbers)) == [1, 2, 3]


def test_a_draft_of_the_sentences_keeps_no_words_of_the_text():
    assert not re.search(r"[一-鿿]", "".join(draft_sentences(TEXT)))


# ── Files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_that_offices_use(tmp_path, orchard, encoding):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode(encoding))
    assert check_text(orchard, read_text(path)) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7 ...", "PDF or Word"),
        (b"PK\x03\x04....", "PDF or Word"),
        (b"\xff\xfe\x00", "neither UTF-8 nor GB18030"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither UTF-8 nor GB18030"),
        (b"a\x00b", "neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_that_is_no_plain_text_is_refused_with_advice(tmp_path, data, message):
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(PolicyTextError, match=message):
        read_text(path)


def test_a_file_that_cannot_be_opened_is_refused_with_its_path(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(PolicyTextError, match=re.escape(str(path))):
            read_text(path)


def test_an_empty_file_is_a_finding_and_no_error(tmp_path, orchard):
    path = tmp_path / "text.txt"
    path.write_bytes(b"")
    assert told(check_text(orchard, read_text(path))) == [("empty", 0, 0)]


# ── Showing


def test_a_text_without_findings_says_so(orchard):
    assert text_lines(orchard, [], "en") == [
        "All 24 sentences stand and have their clauses; nothing differs."
    ]


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        (
            TEXT.replace("坑深50", "坑深60"),
            "  第1条第3句“每棵树挖1个坑，坑深60…”：与官方文本不同（a01.01）",
            "  article 1, sentence 3 “每棵树挖1个坑，坑深60…”: differs from the official text (a01.01)",
        ),
        (
            TEXT + "另种梨树。",
            "  正文以外第9句“另种梨树。”：新增，不属于任何条款",
            "  outside the articles, sentence 9 “另种梨树。”: added, belongs to no clause",
        ),
        (
            "",
            "  文件中没有文字：请提供果园〔2099〕5号的全文",
            "  the file holds no text: give the full text of 果园〔2099〕5号",
        ),
    ],
)
def test_a_text_finding_reads_in_chinese_and_english(orchard, text, chinese, english):
    findings = check_text(orchard, text)
    assert text_lines(orchard, findings, "zh")[1] == chinese
    assert text_lines(orchard, findings, "en")[1] == english


def test_a_finding_over_many_clauses_names_the_first_and_counts_the_rest(orchard):
    clauses = ("a01.01", "a01.02", "a01.03", "a01.04", "a01.05", "a01.06")
    finding = TextFinding("missing", 1, 1, "", clauses)
    assert (
        text_lines(orchard, [finding], "zh")[1]
        == "  第1条第1句：缺失（a01.01、a01.02、a01.03、a01.04等 6 个条款）"
    )
    assert text_lines(orchard, [finding], "en")[1].endswith("a01.04 and more, 6 in all)")


def test_the_findings_can_be_written_as_json(orchard):
    moved = changed("成熟后采摘。", "").replace("每年施肥2次。", "每年施肥2次。成熟后采摘。")
    data = json.loads(json.dumps(text_data(orchard, check_text(orchard, moved))))
    assert data["findings"][0]["found_at"] == [2, 3]
