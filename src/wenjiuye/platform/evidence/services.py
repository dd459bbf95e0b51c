"""Taking evidence in, giving it out, and seeing whether it is all there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.evidence import archives, files, images, pdfs, scanner
from wenjiuye.platform.evidence.errors import InfectedFile, LostFile, NoReason, RefusedFile
from wenjiuye.platform.evidence.kinds import MediaType, recognise
from wenjiuye.platform.evidence.limits import MAX_BYTES, MAX_NAME
from wenjiuye.platform.evidence.models import ScanState, StoredFile, StoredFileQuerySet
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record.context import on_record

_WRITTEN_MEANWHILE = timedelta(hours=1)


# ── In


@transaction.atomic
def take_in(upload: BinaryIO, name: str, *, county: str, by: User) -> StoredFile:
    """Check a file, write it anew where that is possible, and keep it.

    upload: a stream, or an uploaded file of Django, from where it stands. name: as the uploader calls it.
    PermissionDenied; RefusedFile: what is wrong with the file; ScannerUnavailable.
    """
    if not may(by, Action.ADD_EVIDENCE, county=county):
        raise PermissionDenied
    called = _plain_name(name)
    received = _received(upload, called)
    if scanner.configured():
        scanner.check(received, called)
    kept = _kept_form(received, called)
    return StoredFile.objects.create(
        county=county,
        name=called,
        sha256_received=files.sha256(received),
        sha256=files.sha256(kept.data),
        media_type=kept.kind,
        bytes=len(kept.data),
        pages=kept.pages,
        width=kept.width,
        height=kept.height,
        uploaded_by=by,
        scan=ScanState.CLEAN if scanner.configured() else ScanState.NOT_SCANNED,
        stored_name=files.keep(_folder(), kept.data),
    )


@dataclass(frozen=True)
class _Kept:
    data: bytes
    kind: MediaType
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def _folder() -> Path:
    folder: Path = settings.ENVIRONMENT.evidence
    return folder


def _plain_name(name: str) -> str:
    """A name without folders and without characters that are not seen or that turn the direction of writing."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if not seen.strip("."):
        raise RefusedFile(_("文件没有名字。请给文件起名后再上传。"))
    return seen[-MAX_NAME:]


def _received(upload: BinaryIO, name: str) -> bytes:
    """All bytes; what the upload says of its own size is not believed."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise RefusedFile(
            _("“%(name)s”超过 %(most)s MB。请压缩或拆分后上传。") % {"name": name, "most": MAX_BYTES // 2**20}
        )
    if not data:
        raise RefusedFile(_("“%(name)s”是空文件。请重新选择。") % {"name": name})
    return data


def _kept_form(data: bytes, name: str) -> _Kept:
    found = recognise(data, name)
    if found.archive is not None:
        if found.kind is MediaType.OFD:
            return _Kept(data, found.kind, pages=archives.pages_of_ofd(found.archive))
        archives.check_workbook(found.archive)
        return _Kept(data, found.kind)
    if found.kind is MediaType.PDF:
        paper = pdfs.resaved(data, name)
        return _Kept(paper.data, found.kind, pages=paper.pages)
    picture = images.resaved(data, "JPEG" if found.kind is MediaType.JPEG else "PNG", name)
    return _Kept(picture.data, found.kind, width=picture.width, height=picture.height)


def same_content(stored: StoredFile) -> StoredFileQuerySet:
    """Other files, of every county, that came in with the same bytes: the same paper in another case, perhaps."""
    others: StoredFileQuerySet = StoredFile.objects.of_case()
    return others.with_content(stored.sha256_received).exclude(pk=stored.pk)


# ── Out


def open_file(stored: StoredFile, user: User, reason: str) -> bytes:
    """The bytes of a file for somebody; the look is put on record.

    PermissionDenied; NoReason; InfectedFile; LostFile: missing or changed.
    """
    if not may(user, Action.SEE_EVIDENCE, county=stored.county):
        raise PermissionDenied
    why = reason.strip()
    if not why:
        raise NoReason(_("请写明查看“%(name)s”的理由。") % {"name": stored.name})
    if stored.scan == ScanState.INFECTED:
        raise InfectedFile(
            _("“%(name)s”后来被查出病毒，已停止查看。请联系系统管理员。") % {"name": stored.name}
        )
    data = _read(stored)
    PersonalDataAccess.objects.create(
        user=user,
        kind=PersonalDataAccess.Kind.EVIDENCE,
        subject=f"evidence:{stored.pk}",
        what=stored.name[:200],
        reason=why[:200],
    )
    return data


def _read(stored: StoredFile) -> bytes:
    try:
        return files.read(_folder(), stored.stored_name, stored.sha256)
    except files.FileMissing:
        raise LostFile(
            _("找不到材料“%(name)s”（%(id)s）。请联系系统管理员从备份恢复。")
            % {"name": stored.name, "id": stored.pk}
        ) from None
    except files.FileChanged:
        raise LostFile(
            _("材料“%(name)s”（%(id)s）与保存时不一致，不能作为依据。请联系系统管理员从备份恢复。")
            % {"name": stored.name, "id": stored.pk}
        ) from None


# ── Keeping


def verify_all() -> Iterator[files.Fault]:
    """Read every file and tell those that are missing or changed."""
    yield from files.faults(_folder(), StoredFile.objects.of_case().order_by("pk").iterator(chunk_size=500))


def scan_again(stored: StoredFile) -> StoredFile:
    """Ask the scanner about a kept file, with the signatures that it knows by now. ScannerUnavailable, LostFile."""
    clean = scanner.scan(_read(stored), stored.name)
    with transaction.atomic(), on_record("scanner", "病毒复查"):
        stored.scan = ScanState.CLEAN if clean else ScanState.INFECTED
        stored.save(update_fields=["scan"])
    return stored


def sweep(older_than: timedelta = _WRITTEN_MEANWHILE) -> list[str]:
    """Remove files whose row was rolled back; the names of those removed."""
    return files.sweep(_folder(), _known, older_than)


def _known(names: list[str]) -> Iterable[str]:
    known: Iterable[str] = (
        StoredFile.objects.of_case().filter(stored_name__in=names).values_list("stored_name", flat=True)
    )
    return known
