"""A file is taken over from an officer: what it may be, where it is kept, for whose rows it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.jurisdiction import check, posts_for
from wenjiuye.platform.accounts.models import today
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.accounts.places import counties
from wenjiuye.platform.registry.importing.errors import ImportingError
from wenjiuye.platform.registry.importing.folders import clear, new_folder
from wenjiuye.platform.registry.models import FileImport, ImportBatch

LARGEST = 200 * 1024 * 1024
EXCEL, TEXT = (".xlsx", ".xlsm", ".xls"), (".csv", ".tsv", ".txt")
ENDINGS = (*EXCEL, *TEXT)
EARLIEST = dt.date(2000, 1, 1)
_BEGINS = {".xlsx": b"PK\x03\x04", ".xlsm": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0"}


@dataclass(frozen=True)
class Upload:
    """What an officer says of a file. as_of: the day as of which its rows are. county: whose; empty: the city's."""

    file_name: str
    as_of: dt.date
    kind: str = ImportBatch.Kind.CHANGES
    county: str = ""
    title: str = ""
    corrects: ImportBatch | None = None


def places_of(user: Any) -> list[str]:
    """The counties for which an officer may import, the whole city ("") first."""
    held = {post.county for post in posts_for(user, Action.IMPORT_REGISTRY)}
    return ["", *counties()] if "" in held else [county for county in counties() if county in held]


def receive(upload: Upload, content: Iterable[bytes], by: Any) -> FileImport:
    """Keep an uploaded file. PermissionDenied; ImportingError: the file or what is said of it cannot be used."""
    check(by, Action.IMPORT_REGISTRY, county=upload.county)
    ending = PurePath(upload.file_name).suffix.lower()
    _refuse(upload, ending)
    folder = new_folder()
    try:
        size = _keep(folder.path / f"original{ending}", content, ending)
        with transaction.atomic():
            return FileImport.objects.create(
                by=by,
                file_name=PurePath(upload.file_name).name[-200:],
                folder=folder.path.name,
                size=size,
                title=(upload.title.strip() or PurePath(upload.file_name).stem)[:200],
                as_of=upload.as_of,
                kind=upload.kind,
                county=upload.county,
                corrects=upload.corrects,
            )
    except BaseException:
        clear(folder)
        raise


def _refuse(upload: Upload, ending: str) -> None:
    if ending not in ENDINGS:
        raise ImportingError(
            _("“%(name)s”不是能导入的文件。请用 Excel（.xlsx、.xls）或 CSV。") % {"name": upload.file_name}
        )
    if not EARLIEST <= upload.as_of <= today():
        raise ImportingError(_("数据截至日期应在 %(first)s 到今天之间。") % {"first": EARLIEST})
    if upload.kind not in (ImportBatch.Kind.CHANGES, ImportBatch.Kind.WHOLE):
        raise ImportingError(_("请选择文件是全量还是变动。"))
    if upload.kind == ImportBatch.Kind.WHOLE and upload.county:
        raise ImportingError(_("全量导入会替换整张表，须由市级进行；县区请选“变动”。"))
    if upload.corrects is not None and upload.corrects.county != upload.county:
        raise ImportingError(_("要更正的批次属于另一个县区。"))


def _keep(path: Any, content: Iterable[bytes], ending: str) -> int:
    size = 0
    with path.open("xb") as file:
        path.chmod(0o600)
        for part in content:
            size += len(part)
            if size > LARGEST:
                raise ImportingError(
                    _("文件超过 %(most)s MB。请拆成几个文件，分几次导入。") % {"most": LARGEST // 1024**2}
                )
            file.write(part)
    if size == 0:
        raise ImportingError(_("文件是空的。"))
    with path.open("rb") as file:
        start = file.read(8)
    if not start.startswith(_BEGINS.get(ending, b"")):
        raise ImportingError(
            _("文件的内容不是 %(ending)s 格式，可能只是改了后缀。请用 Excel 打开，另存为 .xlsx。")
            % {"ending": ending}
        )
    return size
