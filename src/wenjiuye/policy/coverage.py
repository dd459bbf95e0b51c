"""Proof in both directions: every clause has something that implements it, every measure has a clause.

``coverage`` compares the clauses with what the rules implement. The sentences of the official text are
``text_check``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from wenjiuye.policy.clauses import OUTSIDE, Article, Clause, Document
from wenjiuye.rules.wording import Lang


@dataclass(frozen=True)
class ClauseCoverage:
    """A clause and those of its named measures that exist; none means not yet."""

    clause: Clause
    implemented_by: tuple[str, ...]


@dataclass(frozen=True)
class ArticleCoverage:
    article: Article
    clauses: tuple[ClauseCoverage, ...]


@dataclass(frozen=True)
class CoverageFinding:
    """A place where the clauses and the measures do not agree."""

    kind: Literal["unknown_clause", "unnamed_measure", "missing_measure", "clause_without_sentence"]
    clause: str
    measure: str


@dataclass(frozen=True)
class CoverageReport:
    number: str
    articles: tuple[ArticleCoverage, ...]
    findings: tuple[CoverageFinding, ...]

    @property
    def clause_count(self) -> int:
        return sum(len(article.clauses) for article in self.articles)

    @property
    def implemented_count(self) -> int:
        return sum(bool(clause.implemented_by) for article in self.articles for clause in article.clauses)


def coverage(document: Document, implemented: Mapping[str, Sequence[str]]) -> CoverageReport:
    """Compare the clauses with ``implemented``: for each clause id, the measures declared under it."""
    existing = {measure for measures in implemented.values() for measure in measures}
    articles = tuple(_covered(document, article, existing) for article in document.articles)
    findings = (
        *_undeclared(document, implemented),
        *_unbuilt(document, existing),
        *_without_sentence(document),
    )
    return CoverageReport(document.number, articles, findings)


def _covered(document: Document, article: Article, existing: set[str]) -> ArticleCoverage:
    clauses = (
        ClauseCoverage(clause, tuple(name for name in clause.implemented_by if name in existing))
        for clause in document.clauses_of_article(article.no)
    )
    return ArticleCoverage(article, tuple(clauses))


def _undeclared(document: Document, implemented: Mapping[str, Sequence[str]]) -> Iterator[CoverageFinding]:
    """Measures under a clause that does not exist, or whose entry does not name them."""
    known = {clause.id: clause for clause in document.clauses}
    for clause_id, measures in implemented.items():
        for measure in measures:
            if clause_id not in known:
                yield CoverageFinding("unknown_clause", clause_id, measure)
            elif measure not in known[clause_id].implemented_by:
                yield CoverageFinding("unnamed_measure", clause_id, measure)


def _unbuilt(document: Document, existing: set[str]) -> Iterator[CoverageFinding]:
    """Measures that a clause names and nobody declares."""
    for clause in document.clauses:
        for measure in clause.implemented_by:
            if measure not in existing:
                yield CoverageFinding("missing_measure", clause.id, measure)


def _without_sentence(document: Document) -> Iterator[CoverageFinding]:
    carried = {clause_id for sentence in document.sentences for clause_id in sentence.clauses}
    for clause in document.clauses:
        if clause.id not in carried:
            yield CoverageFinding("clause_without_sentence", clause.id, "")


# ── Showing it

_COVERAGE_WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "head": "{number}：共 {count} 条款，已实现 {done}，尚未实现 {left}",
        "article": "第{no}条 {zh}（{done}/{count}）",
        "outside": "{zh}（{done}/{count}）",
        "clause": "  {id} {zh}：{state}",
        "not_yet": "尚未实现",
        "unknown_clause": "措施 {measure} 所属条款 {clause} 不存在：请改正措施的条款编号",
        "unnamed_measure": "措施 {measure} 属于条款 {clause}，clauses.toml 未列出：请补入 implemented_by",
        "missing_measure": "条款 {clause} 列出的措施 {measure} 不存在：请实现该措施或从 clauses.toml 删除",
        "clause_without_sentence": "条款 {clause} 没有对应的原文句子：请在 sentences.toml 补上或删除该条款",
        "agree": "条款与措施一致，未发现问题。",
        "disagree": "发现 {n} 处问题：",
    },
    "en": {
        "head": "{number}: {count} clauses, {done} implemented, {left} not yet",
        "article": "Article {no}: {en} ({done}/{count})",
        "outside": "{en} ({done}/{count})",
        "clause": "  {id} {en}: {state}",
        "not_yet": "not yet",
        "unknown_clause": "measure {measure} cites clause {clause}, which does not exist: correct it",
        "unnamed_measure": "clause {clause} does not name its measure {measure}: add it to implemented_by",
        "missing_measure": "clause {clause} names {measure}, which does not exist: build it or drop the name",
        "clause_without_sentence": "no sentence carries {clause}: name it in sentences.toml or drop it",
        "agree": "Clauses and measures agree; nothing found.",
        "disagree": "{n} found:",
    },
}


def coverage_lines(report: CoverageReport, language: Lang) -> list[str]:
    """The report as lines of text."""
    words = _COVERAGE_WORDS[language]
    done, count = report.implemented_count, report.clause_count
    lines = [words["head"].format(number=report.number, count=count, done=done, left=count - done)]
    for part in report.articles:
        line = words["outside" if part.article.no == OUTSIDE else "article"]
        done = sum(bool(clause.implemented_by) for clause in part.clauses)
        lines.append(
            line.format(
                no=part.article.no, zh=part.article.zh, en=part.article.en, done=done, count=len(part.clauses)
            )
        )
        for item in part.clauses:
            state = ", ".join(item.implemented_by) or words["not_yet"]
            clause = item.clause
            lines.append(words["clause"].format(id=clause.id, zh=clause.zh, en=clause.en, state=state))
    if not report.findings:
        return [*lines, words["agree"]]
    lines.append(words["disagree"].format(n=len(report.findings)))
    return lines + [
        "  " + words[finding.kind].format(clause=finding.clause, measure=finding.measure)
        for finding in report.findings
    ]


def coverage_data(report: CoverageReport) -> dict[str, object]:
    """The report as plain values for JSON."""
    return {
        "number": report.number,
        "clauses": report.clause_count,
        "implemented": report.implemented_count,
        "articles": [
            {
                "no": part.article.no,
                "zh": part.article.zh,
                "en": part.article.en,
                "clauses": [
                    {
                        "id": item.clause.id,
                        "zh": item.clause.zh,
                        "en": item.clause.en,
                        "kind": item.clause.kind,
                        "implemented_by": list(item.implemented_by),
                    }
                    for item in part.clauses
                ],
            }
            for part in report.articles
        ],
        "findings": [
            {"kind": finding.kind, "clause": finding.clause, "measure": finding.measure}
            for finding in report.findings
        ],
    }
