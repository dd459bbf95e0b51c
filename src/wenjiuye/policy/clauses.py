"""The clauses of one policy document: what each says in our words, whose task it is, and where it stands.

A city's package (such as ``wenjiuye.policy.xuchang_2020_31``) holds two files. ``clauses.toml`` describes
the document, its chapters, articles, departments and clauses. ``sentences.toml`` says which clauses each
sentence of the official text carries, and knows a sentence only by its place, length and digest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

KINDS = ("benefit", "obligation", "task", "indicator", "register", "service")
MODALITIES = ("shall", "may", "encourage", "prohibit", "principle", "extend")
SENTENCE_KINDS = ("front", "chapter", "heading", "text", "departments", "back")
# These sentences stand over all clauses of their article (or chapter) and so name none of their own.
GOVERNING_KINDS = ("chapter", "heading", "departments")
# The article number of what stands outside the articles: title, preamble, signature, printing notes.
OUTSIDE = 0

_CLAUSE_ID = re.compile(r"a(\d\d)\.(\d\d)")
_DIGEST = re.compile(r"[0-9a-f]{16}")


class PolicyDataError(ValueError):
    """A policy file is wrong: what is wrong, where, and what to do about it."""

    def __init__(self, what: str, where: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}. {remedy}.")
        self.what = what
        self.where = where
        self.remedy = remedy


class PolicyFileError(PolicyDataError):
    """A file or package cannot be found or read."""


class FieldError(PolicyDataError):
    """A field is missing, unknown, or of the wrong type or form."""


class UnknownWordError(PolicyDataError):
    """A kind or modality is none of those we know."""


class DuplicateError(PolicyDataError):
    """Something that must stand once stands twice."""


class UnknownReferenceError(PolicyDataError):
    """A clause, article, chapter or department is named that does not exist."""


class OrderError(PolicyDataError):
    """Clauses or sentences do not follow one another as they should."""


@dataclass(frozen=True)
class Department:
    """A department: the short name that the text uses and the full one."""

    short: str
    name: str
    en: str
    note: str


@dataclass(frozen=True)
class Chapter:
    no: int
    zh: str
    en: str


@dataclass(frozen=True)
class Article:
    """An article; number 0 stands for the pages before the first and after the last."""

    no: int
    chapter: int | None
    zh: str
    en: str
    departments: tuple[str, ...]
    misprint: tuple[str, ...]


@dataclass(frozen=True)
class Clause:
    """The smallest piece of the document that grants, orders or plans one thing."""

    id: str
    article: int
    zh: str
    en: str
    kind: str
    modality: str
    departments: tuple[str, ...]
    """The clause's own departments, or those of its article where it names none."""
    implemented_by: tuple[str, ...]
    fund: tuple[str, ...]
    """The money that the text itself names."""
    open: tuple[str, ...]
    """What the text leaves open, and the reading we take."""
    misprint: tuple[str, ...]
    """Where the printed text seems to be wrong."""


@dataclass(frozen=True)
class Sentence:
    """A place in the official text: we keep its length and digest, never its words."""

    article: int
    position: int
    kind: str
    chars: int
    digest: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    id: str
    number: str
    title: str
    title_en: str
    issuer: str
    signed: date
    printed: date
    higher_rule: str
    host: str
    supervisor: str
    chapters: tuple[Chapter, ...]
    articles: tuple[Article, ...]
    departments: tuple[Department, ...]
    clauses: tuple[Clause, ...]
    sentences: tuple[Sentence, ...]

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise UnknownReferenceError(f"no clause {clause_id}", self.number, "See clauses.toml for the ids")

    def article(self, no: int) -> Article:
        """The article of that number."""
        for article in self.articles:
            if article.no == no:
                return article
        raise UnknownReferenceError(f"no article {no}", self.number, "See clauses.toml for the numbers")

    def department_name(self, short: str) -> str:
        """The full name of a department."""
        for department in self.departments:
            if department.short == short:
                return department.name
        raise UnknownReferenceError(f"no department {short}", self.number, "Add it to clauses.toml")

    def clauses_of_article(self, no: int) -> tuple[Clause, ...]:
        """The clauses of an article, in order."""
        return tuple(clause for clause in self.clauses if clause.article == no)

    def clauses_of_sentence(self, sentence: Sentence) -> tuple[str, ...]:
        """The ids of the clauses a sentence carries; a heading carries all that stand under it."""
        if sentence.kind not in GOVERNING_KINDS:
            return sentence.clauses
        articles = {sentence.article}
        if sentence.kind == "chapter":
            chapter = self.article(sentence.article).chapter
            articles = {article.no for article in self.articles if article.chapter == chapter}
        return tuple(clause.id for clause in self.clauses if clause.article in articles)


@cache
def load_document(package: str) -> Document:
    """Load the document of a city's package, such as ``wenjiuye.policy.xuchang_2020_31``."""
    return document_from_toml(
        _resource(package, "clauses.toml"), _resource(package, "sentences.toml"), where=package
    )


def document_from_toml(clauses: str, sentences: str, where: str) -> Document:
    """Build a document from the text of its two files; ``where`` names them in errors."""
    main = _parsed(clauses, f"{where}/clauses.toml")
    main.only("document", "chapter", "article", "department", "clause")
    chapters = tuple(_chapter(table) for table in main.tables("chapter"))
    _unique((chapter.no for chapter in chapters), "chapter", main.where)
    departments = tuple(_department(table) for table in main.tables("department"))
    _unique((department.short for department in departments), "department", main.where)
    shorts = frozenset(department.short for department in departments)
    numbers = frozenset(chapter.no for chapter in chapters)
    articles = tuple(_article(table, numbers, shorts) for table in main.tables("article"))
    _in_order([f"{article.no:02}" for article in articles], "article", main.where)
    by_number = {article.no: article for article in articles}
    listed = tuple(_clause(table, by_number, shorts) for table in main.tables("clause"))
    _in_order([clause.id for clause in listed], "clause", main.where)
    carried = _sentences(_parsed(sentences, f"{where}/sentences.toml"), listed, by_number)
    return _with_parts(main.table("document"), chapters, articles, departments, listed, carried)


@dataclass(frozen=True)
class _Table:
    """A TOML table that knows its place, and hands out fields of the type asked for or says what is wrong."""

    values: Mapping[str, object]
    where: str

    def only(self, *names: str) -> None:
        for key in self.values:
            if key not in names:
                raise FieldError(f"unknown field {key!r}", self.where, f"Use only: {', '.join(names)}")

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise FieldError(f"{key!r} must be a text that is not empty", self.where, f"Give {key!r} a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise FieldError(f"{key!r} must be a list of texts", self.where, f'Write {key} = ["…"]')
        _unique(value, f"{key} entry", self.where)
        return tuple(value)

    def number(self, key: str) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise FieldError(f"{key!r} must be a whole number", self.where, f"Give {key!r} a number from 0")
        return value

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if type(value) is not date:
            raise FieldError(f"{key!r} must be a date", self.where, f"Write {key} = 2020-11-24, no quotes")
        return value

    def word(self, key: str, allowed: Sequence[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise UnknownWordError(f"unknown {key} {value!r}", self.where, f"Use one of {', '.join(allowed)}")
        return value

    def table(self, key: str) -> _Table:
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise FieldError(f"no table [{key}]", self.where, f"Add [{key}]")
        return _Table(value, f"{self.where} [{key}]")

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise FieldError(f"no tables [[{key}]]", self.where, f"Add at least one [[{key}]]")
        return [_Table(item, f"{self.where} {_label(key, n, item)}") for n, item in enumerate(value, 1)]


def _label(key: str, n: int, item: Mapping[str, object]) -> str:
    """How errors name the nth table of a list: by its id where it has one."""
    for name in ("id", "no", "short"):
        if name in item:
            return f"{key} {item[name]}"
    return f"{key} number {n}"


def _resource(package: str, name: str) -> str:
    # Asked of the parent, so that reading a city's files does not import its rules.
    parent, _, child = package.rpartition(".")
    where = f"{package}/{name}"
    remedy = "Name an installed policy package, such as wenjiuye.policy.xuchang_2020_31"
    try:
        folder = files(parent).joinpath(child) if parent else files(child)
    except (ModuleNotFoundError, ValueError) as error:
        raise PolicyFileError("no such package", package or "package name", remedy) from error
    if not folder.is_dir():
        raise PolicyFileError("no such package", package, remedy)
    try:
        return folder.joinpath(name).read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyFileError("the file is missing", where, "Put it into the package") from error
    except UnicodeDecodeError as error:
        raise PolicyFileError("the file is not UTF-8", where, "Save it as UTF-8") from error


def _parsed(text: str, where: str) -> _Table:
    try:
        return _Table(tomllib.loads(text), where)
    except tomllib.TOMLDecodeError as error:
        raise PolicyFileError(f"not valid TOML ({error})", where, "Mend that line") from error


def _with_parts(
    head: _Table,
    chapters: tuple[Chapter, ...],
    articles: tuple[Article, ...],
    departments: tuple[Department, ...],
    clauses: tuple[Clause, ...],
    sentences: tuple[Sentence, ...],
) -> Document:
    texts = ("id", "number", "title", "title_en", "issuer", "higher_rule", "host", "supervisor")
    head.only(*texts, "signed", "printed")
    for office in ("host", "supervisor"):
        _known(head.text(office), {department.short for department in departments}, "department", head.where)
    return Document(
        id=head.text("id"),
        number=head.text("number"),
        title=head.text("title"),
        title_en=head.text("title_en"),
        issuer=head.text("issuer"),
        signed=head.day("signed"),
        printed=head.day("printed"),
        higher_rule=head.text("higher_rule"),
        host=head.text("host"),
        supervisor=head.text("supervisor"),
        chapters=chapters,
        articles=articles,
        departments=departments,
        clauses=clauses,
        sentences=sentences,
    )


def _chapter(table: _Table) -> Chapter:
    table.only("no", "zh", "en")
    return Chapter(no=table.number("no"), zh=table.text("zh"), en=table.text("en"))


def _department(table: _Table) -> Department:
    table.only("short", "name", "en", "note")
    note = table.text("note") if "note" in table.values else ""
    return Department(table.text("short"), table.text("name"), table.text("en"), note)


def _article(table: _Table, chapters: frozenset[int], departments: frozenset[str]) -> Article:
    table.only("no", "chapter", "zh", "en", "departments", "misprint")
    no = table.number("no")
    chapter = None if no == OUTSIDE else table.number("chapter")
    if chapter is not None:
        _known(chapter, chapters, "chapter", table.where)
    names = table.texts("departments")
    for name in names:
        _known(name, departments, "department", table.where)
    return Article(no, chapter, table.text("zh"), table.text("en"), names, table.texts("misprint"))


def _clause(table: _Table, articles: Mapping[int, Article], departments: frozenset[str]) -> Clause:
    table.only(
        "id", "zh", "en", "kind", "modality", "departments", "implemented_by", "fund", "open", "misprint"
    )
    clause_id = table.text("id")
    form = _CLAUSE_ID.fullmatch(clause_id)
    if form is None:
        raise FieldError(f"clause id {clause_id!r} has the wrong form", table.where, "Write it like a01.06")
    article = int(form.group(1))
    _known(article, articles, "article", table.where)
    own = table.texts("departments")
    for name in own:
        _known(name, departments, "department", table.where)
    return Clause(
        id=clause_id,
        article=article,
        zh=table.text("zh"),
        en=table.text("en"),
        kind=table.word("kind", KINDS),
        modality=table.word("modality", MODALITIES),
        departments=own or articles[article].departments,
        implemented_by=table.texts("implemented_by"),
        fund=table.texts("fund"),
        open=table.texts("open"),
        misprint=table.texts("misprint"),
    )


def _sentences(
    table: _Table, clauses: Sequence[Clause], articles: Mapping[int, Article]
) -> tuple[Sentence, ...]:
    table.only("sentence")
    known = frozenset(clause.id for clause in clauses)
    last: dict[int, int] = {}
    found = []
    for row in table.tables("sentence"):
        sentence = _sentence(row, known, articles)
        place = f"article {sentence.article}, position {sentence.position}"
        follows = last.get(sentence.article, 0) + 1
        if sentence.position < follows:
            raise DuplicateError(
                f"{place} stands twice or out of order", row.where, "Number from 1, in order"
            )
        if sentence.position > follows:
            raise OrderError(f"{place} follows position {follows - 1}", row.where, f"Add position {follows}")
        last[sentence.article] = sentence.position
        found.append(sentence)
    return tuple(found)


def _sentence(row: _Table, clauses: frozenset[str], articles: Mapping[int, Article]) -> Sentence:
    row.only("article", "position", "kind", "chars", "digest", "clauses")
    digest = row.text("digest")
    if _DIGEST.fullmatch(digest) is None:
        raise FieldError(f"digest {digest!r} has the wrong form", row.where, "Write 16 hexadecimal digits")
    sentence = Sentence(
        article=row.number("article"),
        position=row.number("position"),
        kind=row.word("kind", SENTENCE_KINDS),
        chars=row.number("chars"),
        digest=digest,
        clauses=row.texts("clauses"),
    )
    _known(sentence.article, articles, "article", row.where)
    for clause_id in sentence.clauses:
        _known(clause_id, clauses, "clause", row.where)
    if not sentence.clauses and sentence.kind not in GOVERNING_KINDS:
        raise FieldError("the sentence carries no clause", row.where, "Name its clauses, or add the clause")
    return sentence


def _known(value: object, known: Iterable[object], name: str, where: str) -> None:
    if value not in known:
        raise UnknownReferenceError(f"unknown {name} {value}", where, f"Correct it, or add the {name}")


def _unique(values: Iterable[object], name: str, where: str) -> None:
    seen = set()
    for value in values:
        if value in seen:
            raise DuplicateError(f"{name} {value} stands twice", where, "Keep one of them")
        seen.add(value)


def _in_order(values: Sequence[str], name: str, where: str) -> None:
    _unique(values, name, where)
    for wanted, value in zip(sorted(values), values, strict=True):
        if wanted != value:
            raise OrderError(f"{name} {value} is out of order", where, f"{name.title()} {wanted} comes first")
