"""Which kind of file something is, by its content; its name must say the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.db import models
from django.utils.translation import gettext as _

from wenjiuye.platform.evidence.archives import Archive, is_zip
from wenjiuye.platform.evidence.errors import RefusedFile


class MediaType(models.TextChoices):
    """The kinds that are taken."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    OFD = "application/ofd", "OFD"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"


ENDINGS = {
    MediaType.PDF: (".pdf",),
    MediaType.JPEG: (".jpg", ".jpeg", ".jfif"),
    MediaType.PNG: (".png",),
    MediaType.OFD: (".ofd",),
    MediaType.XLSX: (".xlsx",),
}
_SEEN_AS = {
    ".pdf": MediaType.PDF,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".jfif": MediaType.JPEG,
    ".png": MediaType.PNG,
}


@dataclass(frozen=True)
class Recognised:
    """What a file is; with its entries where it is a zip."""

    kind: MediaType
    archive: Archive | None = None


def recognise(data: bytes, name: str) -> Recognised:
    """What a file is. RefusedFile: nothing that is taken, or something else than its name says."""
    found = _by_content(data, name)
    if PurePosixPath(name.lower()).suffix not in ENDINGS[found.kind]:
        raise RefusedFile(
            _("“%(name)s”的内容是 %(kind)s，与文件名的后缀不一致。请用原来的文件重新上传，不要改后缀。")
            % {"name": name, "kind": found.kind.label}
        )
    return found


def _by_content(data: bytes, name: str) -> Recognised:
    if is_zip(data):
        archive = Archive(data, name)
        if archive.has("OFD.xml"):
            return Recognised(MediaType.OFD, archive)
        if archive.has("xl/workbook.xml"):
            return Recognised(MediaType.XLSX, archive)
    else:
        try:
            seen = [
                _SEEN_AS[one.extension] for one in puremagic.magic_string(data) if one.extension in _SEEN_AS
            ]
        except puremagic.PureError:
            seen = []
        if seen:
            return Recognised(seen[0])
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedFile(
            _("“%(name)s”是旧格式或加了密码的 Office 文件。请另存为不带密码的 .xlsx，或导出为 PDF 再上传。")
            % {"name": name}
        )
    raise RefusedFile(
        _("“%(name)s”不是可以接收的文件。请上传 PDF、JPG 或 PNG 图片、OFD 或 Excel（.xlsx）文件。")
        % {"name": name}
    )
