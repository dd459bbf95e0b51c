"""Letters made, read and seen to be all there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.evidence import files
from wenjiuye.platform.letters import typesetting
from wenjiuye.platform.letters.checking import check
from wenjiuye.platform.letters.data import LetterData
from wenjiuye.platform.letters.errors import LostLetter
from wenjiuye.platform.letters.kinds import from_json, kind_of, to_json
from wenjiuye.platform.letters.models import Letter
from wenjiuye.platform.letters.page import Lang

_WRITTEN_MEANWHILE = timedelta(hours=1)


@transaction.atomic
def issue(data: LetterData, lang: Lang, *, county: str, by: User) -> Letter:
    """Make a letter and keep it, in the transaction of the decision that it tells.

    Whether `by` may decide was checked by the service that decided. IncompleteLetter, UnprintableText.
    """
    check(data)
    made = typesetting.pdf(data, lang)
    return Letter.objects.create(
        county=county,
        kind=kind_of(data),
        lang=lang,
        claim=data.matter.claim,
        number=data.matter.number,
        data=to_json(data),
        sha256=files.sha256(made),
        stored_name=files.keep(_folder(), made),
        made_with=typesetting.made_with(),
        made_by=by,
    )


def read(letter: Letter, user: User) -> bytes:
    """The PDF for somebody. PermissionDenied; LostLetter: missing or changed."""
    if not may(user, Action.SEE_LETTERS, county=letter.county):
        raise PermissionDenied
    try:
        return files.read(_folder(), letter.stored_name, letter.sha256)
    except files.FileMissing:
        raise LostLetter(
            _("找不到文书“%(letter)s”（%(id)s）。请联系系统管理员从备份恢复。")
            % {"letter": letter, "id": letter.pk}
        ) from None
    except files.FileChanged:
        raise LostLetter(
            _("文书“%(letter)s”（%(id)s）与出具时不一致。请联系系统管理员从备份恢复。")
            % {"letter": letter, "id": letter.pk}
        ) from None


def data_of(letter: Letter) -> LetterData:
    """What a letter was made from."""
    return from_json(letter.kind, letter.data)


def set_again(letter: Letter) -> bytes:
    """The PDF made anew from what it was made from; with the same `made_with`, the same bytes."""
    lang: Lang = "zh" if letter.lang == "zh" else "en"
    return typesetting.pdf(data_of(letter), lang)


def verify_all() -> Iterator[files.Fault]:
    """Read every letter and tell those that are missing or changed."""
    yield from files.faults(_folder(), Letter.objects.of_case().order_by("pk").iterator(chunk_size=500))


def sweep(older_than: timedelta = _WRITTEN_MEANWHILE) -> list[str]:
    """Remove PDFs whose row was rolled back; the names of those removed."""
    return files.sweep(_folder(), _known, older_than)


def _known(names: list[str]) -> Iterable[str]:
    known: Iterable[str] = (
        Letter.objects.of_case().filter(stored_name__in=names).values_list("stored_name", flat=True)
    )
    return known


def _folder() -> Path:
    folder: Path = settings.ENVIRONMENT.data / "letters"
    return folder
