"""Whether a text is the official one, compared with the sentences we know by place and digest.

How a text is read: every character is brought to half width where it has one, all brackets and dashes
become one kind each, and spaces, line breaks, page numbers and the marks ``#`` and ``*`` are dropped. Then a
chapter opens at ``一、…`` right before an article, and an article opens at ``(一)`` after the end of a
sentence or on a line of its own. A sentence ends at 。；！？ and the list of departments in brackets is a
sentence of its own. What stands before the first and after the last article is cut line by line.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Literal

from wenjiuye.policy.clauses import GOVERNING_KINDS, OUTSIDE, Document, Sentence
from wenjiuye.rules.wording import Lang

# ── Reading the official text


class PolicyTextError(ValueError):
    """The file with the official text cannot be read."""


def read_text(path: Path | str) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 (with mark) or GB18030."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise PolicyTextError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    if data.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise PolicyTextError(f"{path}: a PDF or Word file, not plain text. Save it as text (.txt) first.")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise PolicyTextError(
        f"{path}: neither UTF-8 nor GB18030 text. Save it as plain text in one of these encodings."
    )


_NUMERAL = "(?:[一二三四五六七八九]?十)?[一二三四五六七八九]|[一二三四五六七八九]?十"
_OPENING = re.compile(rf"(?P<chapter>(?:{_NUMERAL})、[^。;!?()]{{2,40}})?\((?P<no>{_NUMERAL})\)")
_END = "。;!?"
_SENTENCE = re.compile(rf"[^{_END}]*(?:[{_END}]+\)*|$)")
# Every article closes with the list of those who are responsible, in brackets and with these words.
_DEPARTMENTS_CLOSE = "负责)"
_FULL_STOP = re.compile(r'(?<=[\u4e00-\u9fff)"%])\.(?![0-9A-Za-z.])')
# A drawn line; the Chinese dash of two characters is punctuation and stays.
_RULE = re.compile(r"(?:[-－_＿=＝]\s*){3,}|(?:[—–]\s*){3,}")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—·]+\s*\d{1,3}\s*[-–—·]+|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?)\s*"
)
_BARE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys("〔[【〖{", "("),
        **dict.fromkeys("〕]】〗}", ")"),
        **dict.fromkeys("“”„‟「」『』", '"'),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
# How much of a user's sentence a finding shows.
_EXCERPT = 12


@dataclass(frozen=True)
class _Stream:
    """A text without its accidents: ``plain`` is compared, ``own`` is the user's character at each place."""

    plain: str
    own: str
    line_starts: tuple[int, ...]


@dataclass(frozen=True)
class _Opening:
    """Where an article opens; ``start`` is its chapter's heading where that stands before it."""

    article: int
    start: int
    heading: int


@dataclass(frozen=True)
class _Unit:
    """One sentence of the user's text, with its place there."""

    article: int
    position: int
    kind: str
    plain: str
    own: str

    @property
    def digest(self) -> str:
        return _digest(self.plain)

    @property
    def excerpt(self) -> str:
        return self.own[:_EXCERPT]


def _digest(plain: str) -> str:
    return sha256(plain.encode(errors="surrogatepass")).hexdigest()[:16]


def _one_form(char: str) -> str:
    """The one form of a character, or nothing where it carries no meaning."""
    if char.isspace() or unicodedata.category(char) == "Cf":
        return ""
    # Characters that unfold into several (such as ⑴) stay, so that both strings keep the same places.
    unfolded = unicodedata.normalize("NFKC", char)
    plain = (unfolded if len(unfolded) == 1 else char).translate(_ONE_FORM)
    return "" if plain in "#*" else plain


def _stream(text: str) -> _Stream:
    plain: list[str] = []
    own: list[str] = []
    starts: list[int] = []
    for line in _lines(text):
        starts.append(len(plain))
        for char in line:
            form = _one_form(char)
            if form:
                plain.append(form)
                own.append(char)
    return _Stream(_FULL_STOP.sub("。", "".join(plain)), "".join(own), tuple(starts))


def _lines(text: str) -> Iterator[str]:
    """The lines without drawn rules and without those that hold a page number only."""
    lines = ["", *text.splitlines(), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        alone = not before.strip() and not after.strip()
        if _PAGE_NUMBER.fullmatch(line) or (alone and _BARE_NUMBER.fullmatch(line)):
            continue
        yield _RULE.sub("", line)


def _numeral(text: str) -> int:
    """The number that a Chinese numeral below one hundred stands for."""
    digits = "零一二三四五六七八九"
    tens, ten, ones = text.rpartition("十")
    return (digits.index(tens or "一") * 10 if ten else 0) + digits.index(ones or "零")


def _openings(stream: _Stream) -> list[_Opening]:
    """Where articles open; a number that does not rise is an enumeration inside an article."""
    found: list[_Opening] = []
    last = base = 0
    starts = frozenset(stream.line_starts)
    for match in _OPENING.finditer(stream.plain):
        number, start, chapter = _numeral(match["no"]), match.start(), match["chapter"] or ""
        after_sentence = start == 0 or stream.plain[start - 1] in f"{_END})"
        if not after_sentence and not (start in starts and (chapter or number == last + 1)):
            continue
        if number == 1 and chapter and found:
            base = found[-1].article  # other documents count their articles anew in each chapter
        elif number <= last:
            continue
        last = number
        found.append(_Opening(base + number, start, start + len(chapter)))
    return found


def _split(text: str, outside: Sequence[Sentence]) -> list[_Unit]:
    """The sentences of a text, each with its article and position."""
    stream = _stream(text)
    cuts: list[tuple[int, str, int, int]] = []
    openings = _openings(stream)
    head = tail = length = len(stream.plain)
    if openings:
        head, tail = openings[0].start, _tail(stream, openings[-1], outside)
    ends = [opening.start for opening in openings[1:]] + [tail]
    for opening, end in zip(openings, ends, strict=False):
        cuts += [(opening.article, *piece) for piece in _article_pieces(stream.plain, opening, end)]
    around = list(_outside_pieces(stream, [("front", 0, head), ("back", tail, length)], outside))
    return _numbered(stream, [(OUTSIDE, *piece) for piece in around] + cuts)


def _tail(stream: _Stream, opening: _Opening, outside: Sequence[Sentence]) -> int:
    """Where the last article ends: after its departments, or else where a known closing line stands."""
    length = len(stream.plain)
    for kind, _, stop in _article_pieces(stream.plain, opening, length):
        if kind == "departments":
            return stop
    back = [sentence for sentence in outside if sentence.kind == "back"]
    for cut in _cuts(stream):
        if cut > opening.heading and any(_stands_at(stream.plain, cut, sentence) for sentence in back):
            return cut
    return length


def _cuts(stream: _Stream) -> list[int]:
    """Where a line or a sentence may end."""
    ends = (match.end() for match in _SENTENCE.finditer(stream.plain))
    return sorted({*stream.line_starts, *ends, len(stream.plain)})


def _numbered(stream: _Stream, cuts: Iterable[tuple[int, str, int, int]]) -> list[_Unit]:
    last: Counter[int] = Counter()
    units = []
    for article, kind, start, end in cuts:
        last[article] += 1
        plain, own = stream.plain[start:end], stream.own[start:end]
        units.append(_Unit(article, last[article], kind, plain, own))
    return units


def _article_pieces(plain: str, opening: _Opening, end: int) -> Iterator[tuple[str, int, int]]:
    """The sentences of one article: kind, start and end."""
    if opening.heading > opening.start:
        yield "chapter", opening.start, opening.heading
    position = opening.heading
    while position < end:
        stop = _departments_end(plain, position, end)
        kind = "departments"
        if stop is None:
            match = _SENTENCE.match(plain, position, end)
            stop = match.end() if match else end
            kind = "heading" if position == opening.heading else "text"
        yield kind, position, stop
        position = stop


def _departments_end(plain: str, start: int, end: int) -> int | None:
    """Where the list of departments that starts here ends; none where no such list starts."""
    if plain[start] != "(":
        return None
    depth = 0
    for position in range(start, end):
        depth += {"(": 1, ")": -1}.get(plain[position], 0)
        if depth == 0:
            stop = position + 1
            return stop if plain[start:stop].endswith(_DEPARTMENTS_CLOSE) else None
    return None


def _outside_pieces(
    stream: _Stream, ranges: Iterable[tuple[str, int, int]], known: Sequence[Sentence]
) -> Iterator[tuple[str, int, int]]:
    """Cut what stands outside the articles.

    Titles and printing notes end in no mark and their lines wrap anywhere, so a sentence we know is cut out
    by its length first; only what we do not know is cut at lines and sentence ends.
    """
    cuts = _cuts(stream)
    # The longest first: one known line may be how another begins.
    left = sorted(known, key=lambda sentence: -sentence.chars)
    for kind, position, end in ranges:
        while position < end:
            hit = next((sentence for sentence in left if _stands_at(stream.plain, position, sentence)), None)
            if hit is not None and position + hit.chars <= end:
                left.remove(hit)
                stop = position + hit.chars
            else:
                stop = min(cuts[bisect_right(cuts, position)], end)
            yield kind, position, stop
            position = stop


def _stands_at(plain: str, position: int, sentence: Sentence) -> bool:
    return _digest(plain[position : position + sentence.chars]) == sentence.digest


# ── Comparing the official text with the sentences we know

# Below this share of sentences in common a text is another document; a list of differences would help nobody.
_SAME_DOCUMENT = 0.1


@dataclass(frozen=True)
class TextFinding:
    """A difference between a text and the sentences we know.

    ``article`` and ``position`` are the place in the official text, for an added sentence the place in the
    user's. ``found_at`` is where a moved sentence stands now; ``excerpt`` is how the user's own begins.
    """

    kind: Literal["added", "changed", "missing", "moved", "empty", "unrelated"]
    article: int
    position: int
    excerpt: str
    clauses: tuple[str, ...] = ()
    found_at: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Gap:
    """A stretch between two sentences that agree: what we expected there, and what the text has."""

    lost: tuple[Sentence, ...]
    extra: tuple[_Unit, ...]


def check_text(document: Document, text: str) -> list[TextFinding]:
    """What differs between a text and the document's sentences; an empty list means nothing does."""
    outside = [sentence for sentence in document.sentences if sentence.article == OUTSIDE]
    units = _split(text, outside)
    if not units:
        return [TextFinding("empty", OUTSIDE, 0, "")]
    expected = Counter(sentence.digest for sentence in document.sentences)
    shared = (expected & Counter(unit.digest for unit in units)).total()
    if shared < _SAME_DOCUMENT * min(len(units), len(document.sentences)):
        return [TextFinding("unrelated", OUTSIDE, 1, units[0].excerpt)]
    moved, gaps = _moved(document, _gaps(document.sentences, units))
    findings = moved + [finding for gap in gaps for finding in _compared(document, gap)]
    return sorted(findings, key=lambda finding: (finding.article, finding.position, finding.kind))


def draft_sentences(text: str) -> list[str]:
    """The lines of a new ``sentences.toml`` for a text; the clauses are for a reader to fill in."""
    return ["sentence = ["] + [_draft(unit) for unit in _split(text, ())] + ["]"]


def _draft(unit: _Unit) -> str:
    place = f'article = {unit.article}, position = {unit.position}, kind = "{unit.kind}"'
    clauses = "" if unit.kind in GOVERNING_KINDS else ", clauses = []"
    return f'  {{ {place}, chars = {len(unit.plain)}, digest = "{unit.digest}"{clauses} }},'


def _gaps(sentences: Sequence[Sentence], units: Sequence[_Unit]) -> list[_Gap]:
    """Lay both sides beside each other and keep where they differ.

    The whole document at once: where the number of an article is lost, its sentences still stand in order.
    """
    want, have = [sentence.digest for sentence in sentences], [unit.digest for unit in units]
    steps = SequenceMatcher(None, want, have, autojunk=False).get_opcodes()
    return [_Gap(tuple(sentences[i:j]), tuple(units[k:m])) for tag, i, j, k, m in steps if tag != "equal"]


def _moved(document: Document, gaps: Sequence[_Gap]) -> tuple[list[TextFinding], list[_Gap]]:
    """Take sentences that are lost in one place and stand in another out of the gaps."""
    lost: dict[str, list[Sentence]] = {}
    for sentence in (sentence for gap in gaps for sentence in gap.lost):
        lost.setdefault(sentence.digest, []).append(sentence)
    findings = []
    gone: set[Sentence | _Unit] = set()
    for unit in (unit for gap in gaps for unit in gap.extra):
        if not lost.get(unit.digest):
            continue
        sentence = lost[unit.digest].pop(0)
        gone |= {sentence, unit}
        place = (unit.article, unit.position)
        findings.append(_finding(document, "moved", sentence, unit.excerpt, place))
    rest = [
        _Gap(
            tuple(sentence for sentence in gap.lost if sentence not in gone),
            tuple(unit for unit in gap.extra if unit not in gone),
        )
        for gap in gaps
    ]
    return findings, rest


def _compared(document: Document, gap: _Gap) -> Iterator[TextFinding]:
    """What a gap means: sentences in the same place changed, the rest is missing or added."""
    pairs = _pairs([item.chars for item in gap.lost], [len(item.plain) for item in gap.extra])
    for i, j in pairs:
        yield _finding(document, "changed", gap.lost[i], gap.extra[j].excerpt)
    for i, sentence in enumerate(gap.lost):
        if i not in {pair[0] for pair in pairs}:
            yield _finding(document, "missing", sentence, "")
    for j, unit in enumerate(gap.extra):
        if j not in {pair[1] for pair in pairs}:
            yield TextFinding("added", unit.article, unit.position, unit.excerpt)


def _pairs(lost: Sequence[int], extra: Sequence[int]) -> list[tuple[int, int]]:
    """Pair lost with extra sentences in order, each with the one of the nearest length."""
    if len(lost) > len(extra):
        return [(i, j) for j, i in _pairs(extra, lost)]
    pairs = []
    start = 0
    for i, length in enumerate(lost):
        stop = len(extra) - (len(lost) - i - 1)
        nearest = min(range(start, stop), key=lambda j: abs(extra[j] - length))
        pairs.append((i, nearest))
        start = nearest + 1
    return pairs


def _finding(
    document: Document,
    kind: Literal["changed", "missing", "moved"],
    sentence: Sentence,
    excerpt: str,
    found_at: tuple[int, int] | None = None,
) -> TextFinding:
    clauses = document.clauses_of_sentence(sentence)
    return TextFinding(kind, sentence.article, sentence.position, excerpt, clauses, found_at)


# ── Showing what was found

_TEXT_WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "place": "第{article}条第{position}句",
        "outside": "正文以外第{position}句",
        "added": "{place}{excerpt}：新增，不属于任何条款",
        "changed": "{place}{excerpt}：与官方文本不同（{clauses}）",
        "missing": "{place}：缺失（{clauses}）",
        "moved": "{place}{excerpt}：已移至{found_at}（{clauses}）",
        "empty": "文件中没有文字：请提供{number}的全文",
        "unrelated": "{excerpt}：这不是{number}，几乎没有一句相符；请提供该文件的全文",
        "agree": "原文 {n} 句全部与条款对应，未发现差异。",
        "disagree": "与官方文本相比发现 {n} 处差异：",
        "more": "等 {n} 个条款",
        "joint": "、",
    },
    "en": {
        "place": "article {article}, sentence {position}",
        "outside": "outside the articles, sentence {position}",
        "added": "{place} {excerpt}: added, belongs to no clause",
        "changed": "{place} {excerpt}: differs from the official text ({clauses})",
        "missing": "{place}: missing ({clauses})",
        "moved": "{place} {excerpt}: moved to {found_at} ({clauses})",
        "empty": "the file holds no text: give the full text of {number}",
        "unrelated": "{excerpt}: this is not {number}, hardly a sentence agrees; give its full text",
        "agree": "All {n} sentences stand and have their clauses; nothing differs.",
        "disagree": "{n} differences from the official text:",
        "more": " and more, {n} in all",
        "joint": ", ",
    },
}
# A heading stands over whole articles; its finding names the first clauses and says how many there are.
_CLAUSES_SHOWN = 4


def text_lines(document: Document, findings: Sequence[TextFinding], language: Lang) -> list[str]:
    """What ``check_text`` found, as lines of text."""
    words = _TEXT_WORDS[language]
    if not findings:
        return [words["agree"].format(n=len(document.sentences))]
    head = words["disagree"].format(n=len(findings))
    return [head, *("  " + _text_line(document, finding, words) for finding in findings)]


def _text_line(document: Document, finding: TextFinding, words: Mapping[str, str]) -> str:
    return words[finding.kind].format(
        number=document.number,
        place=_place(finding.article, finding.position, words),
        found_at=_place(*finding.found_at, words) if finding.found_at else "",
        excerpt=_quoted(finding.excerpt),
        clauses=_clause_list(finding.clauses, words),
    )


def _place(article: int, position: int, words: Mapping[str, str]) -> str:
    return words["outside" if article == OUTSIDE else "place"].format(article=article, position=position)


def _quoted(excerpt: str) -> str:
    return f"“{excerpt}…”" if len(excerpt) == _EXCERPT else f"“{excerpt}”"


def _clause_list(clauses: Sequence[str], words: Mapping[str, str]) -> str:
    shown = words["joint"].join(clauses[:_CLAUSES_SHOWN])
    if len(clauses) <= _CLAUSES_SHOWN:
        return shown
    return shown + words["more"].format(n=len(clauses))


def text_data(document: Document, findings: Sequence[TextFinding]) -> dict[str, object]:
    """What ``check_text`` found, as plain values for JSON."""
    return {
        "number": document.number,
        "sentences": len(document.sentences),
        "findings": [
            {
                "kind": finding.kind,
                "article": finding.article,
                "position": finding.position,
                "found_at": list(finding.found_at) if finding.found_at else None,
                "excerpt": finding.excerpt,
                "clauses": list(finding.clauses),
            }
            for finding in findings
        ],
    }
