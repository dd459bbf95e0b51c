"""What letters say: plain texts, dates and sums, one frozen class for each kind. Nothing here reads a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wenjiuye.rules.errors import Bilingual


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What every letter says of its case.

    office: who writes, as under the seal. contact: address, hours and telephone. officer: who handles it. number: of
    the document. claim: of the case. person: whether the applicant is one, whose name is masked on a receipt. policy:
    the number of the policy document. clause: as the rules name it, a01.06. date: of the letter.
    """

    office: Bilingual
    contact: Bilingual
    officer: str
    number: str
    claim: str
    applicant: str
    person: bool
    measure: Bilingual
    policy: Bilingual
    clause: str
    date: dt.date


@dataclass(frozen=True)
class Condition:
    """One line of the tree of conditions.

    values: what the facts say, one text each; none for a heading. truth: None where it is not known. depth: 0 for
    the outermost. decisive: whether it made the verdict what it is.
    """

    text: Bilingual
    values: tuple[Bilingual, ...]
    truth: bool | None
    depth: int
    decisive: bool
    heading: bool


@dataclass(frozen=True)
class Change:
    """A condition that would have to come true, and how it is now."""

    text: Bilingual
    now: Bilingual


@dataclass(frozen=True)
class Term:
    """One term of a formula: the sign before it, its number, and what that is (empty where the number says it)."""

    sign: str
    number: str
    label: str


@dataclass(frozen=True)
class Formula:
    """How a sum was reckoned, in words and in terms with numbers for each language.

    result_fen: None where it is not known. ceiling: whether it is the most that may be granted.
    """

    words: Bilingual
    zh: tuple[Term, ...]
    en: tuple[Term, ...]
    result_fen: int | None
    ceiling: bool


@dataclass(frozen=True)
class Reasons:
    """Why a decision is what it is, from its receipt. changes: empty where nobody could bring them about."""

    conditions: tuple[Condition, ...]
    changes: tuple[Change, ...]
    formula: Formula | None
    rules: str
    receipt: str


@dataclass(frozen=True)
class Appeal:
    """Where a decision may be contested: the authority that reconsiders it, and the court."""

    authority: Bilingual
    court: Bilingual


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A decision that grants. amount_fen: None for what is no sum. since, until: the period that it is for."""

    matter: Matter
    reasons: Reasons
    appeal: Appeal
    amount_fen: int | None
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A decision that refuses. grounds: those that are no conditions of the rules (another claim, a used-up fund …)."""

    matter: Matter
    reasons: Reasons
    appeal: Appeal
    grounds: tuple[Bilingual, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """Something to bring or to put right, and why."""

    what: Bilingual
    why: Bilingual


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A claim given back to be completed, everything at once. late: what follows if nothing comes by then."""

    matter: Matter
    wanted: tuple[Wanted, ...]
    by: dt.date
    late: Bilingual


@dataclass(frozen=True)
class Received:
    """A piece of evidence that came in. pages: None where it has none."""

    what: Bilingual
    file: str
    pages: int | None


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A claim has come in. working_days: in which it is decided, at the latest on `due`."""

    matter: Matter
    received: tuple[Received, ...]
    working_days: int
    due: dt.date


LetterData = Granted | Refused | Correction | Accepted
