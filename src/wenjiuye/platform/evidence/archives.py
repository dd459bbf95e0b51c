"""Files that are zips inside (OFD, Excel): bombs, paths and macros refused; they are kept as they came."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from wenjiuye.platform.evidence.errors import RefusedFile
from wenjiuye.platform.evidence.limits import MAX_ENTRIES, MAX_PAGES, MAX_UNFOLDED

_PIECE = 1024 * 1024
_ENCRYPTED = 0x1
_LINK = 0o120000
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ACTIVE = re.compile(r"vbaproject|/macrosheets/|/activex/|/embeddings/", re.IGNORECASE)
"""Parts of a workbook that run something or carry other files."""
_OFD_NAMESPACE = "http://www.ofdspec.org/2016"


def is_zip(data: bytes) -> bool:
    """Whether something is a zip from its first byte on."""
    return data.startswith(b"PK\x03\x04")


class Archive:
    """A zip whose entries were all looked at: their number, names and true size."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            self._check()
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as problem:
            raise damaged(name) from problem

    def has(self, entry: str) -> bool:
        """Whether there is an entry of this name."""
        return entry in self._zip.namelist()

    def names(self) -> list[str]:
        """The names of all entries."""
        return self._zip.namelist()

    def read(self, entry: str) -> bytes:
        """The bytes of an entry. RefusedFile where there is none."""
        if not self.has(entry):
            raise damaged(self.name)
        return self._zip.read(entry)

    def _check(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES:
            raise self._bomb()
        if len({entry.filename for entry in entries}) < len(entries) or any(
            entry.compress_type not in _READ for entry in entries
        ):
            raise damaged(self.name)
        left = MAX_UNFOLDED
        for entry in entries:
            if entry.flag_bits & _ENCRYPTED:
                raise RefusedFile(_("“%(name)s”加了密码，无法查看。请去掉密码再上传。") % {"name": self.name})
            if _leads_out(entry):
                raise RefusedFile(
                    _("“%(name)s”里有指向文件夹之外的路径，不予接收。请用原来的程序重新导出。")
                    % {"name": self.name}
                )
            left -= self._unfolded(entry, left)

    def _unfolded(self, entry: zipfile.ZipInfo, most: int) -> int:
        """The true size of an entry, unpacked piece by piece: what its header says is not believed."""
        size = 0
        with self._zip.open(entry) as stream:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > most:
                    raise self._bomb()
        return size

    def _bomb(self) -> RefusedFile:
        return RefusedFile(
            _("“%(name)s”解压后过大（超过 %(size)s MB 或 %(entries)s 个文件），不予接收。请拆分后上传。")
            % {"name": self.name, "size": MAX_UNFOLDED // 2**20, "entries": MAX_ENTRIES}
        )


def damaged(name: str) -> RefusedFile:
    """What is said of a file that cannot be read."""
    return RefusedFile(_("“%(name)s”已损坏，打不开。请重新扫描或导出后上传。") % {"name": name})


def _leads_out(entry: zipfile.ZipInfo) -> bool:
    path = entry.orig_filename
    return (
        "\\" in path
        or "\0" in path
        or ":" in path.split("/")[0]
        or path.startswith("/")
        or ".." in path.split("/")
        or (entry.external_attr >> 16) & 0o170000 == _LINK
    )


def check_workbook(archive: Archive) -> None:
    """RefusedFile: macros, controls or embedded files."""
    types = archive.read("[Content_Types].xml").lower()
    if any(_ACTIVE.search(entry) for entry in archive.names()) or b"macroenabled" in types.replace(
        b"\0", b""
    ):
        raise RefusedFile(
            _("“%(name)s”含有宏或嵌入的对象，不予接收。请另存为不含宏的 .xlsx，或导出为 PDF 再上传。")
            % {"name": archive.name}
        )


def pages_of_ofd(archive: Archive) -> int:
    """How many pages the documents of an OFD have. RefusedFile: not an OFD, or too many."""
    roots: list[str] = []
    pages = 0

    def root(tag: str, text: str) -> None:
        if tag == f"{_OFD_NAMESPACE} DocRoot":
            roots.append(text.strip())

    def page(tag: str, _text: str) -> None:
        nonlocal pages
        pages += tag == f"{_OFD_NAMESPACE} Page"

    _walk(archive, "OFD.xml", root)
    if not roots:
        raise damaged(archive.name)
    for path in roots:
        _walk(archive, posixpath.normpath(path.lstrip("/")), page)
    check_pages(archive.name, pages)
    return pages


def check_pages(name: str, pages: int) -> None:
    """RefusedFile: no page, or too many."""
    if pages < 1:
        raise damaged(name)
    if pages > MAX_PAGES:
        raise RefusedFile(
            _("“%(name)s”有 %(pages)s 页，最多 %(most)s 页。请拆分后上传。")
            % {"name": name, "pages": pages, "most": MAX_PAGES}
        )


def _walk(archive: Archive, entry: str, see: Callable[[str, str], None]) -> None:
    """Call `see` with the name and text of every element. A document type (entities that unfold) is refused."""
    parser = expat.ParserCreate(namespace_separator=" ")
    open_elements: list[list[str]] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        open_elements.append([])

    def text(piece: str) -> None:
        if open_elements:
            open_elements[-1].append(piece)

    def end(tag: str) -> None:
        see(tag, "".join(open_elements.pop()))

    def document_type(*_args: object) -> None:
        raise damaged(archive.name)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(archive.read(entry), True)
    except expat.ExpatError as problem:
        raise damaged(archive.name) from problem
