"""PDFs written anew without anything that acts: scripts, launches, forms that send, files inside."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, Stream

from wenjiuye.platform.evidence.archives import check_pages, damaged
from wenjiuye.platform.evidence.errors import RefusedFile
from wenjiuye.platform.evidence.limits import MAX_PIXELS, MAX_UNFOLDED

_ACTING = frozenset(
    Name(f"/{kind}")
    for kind in (
        "JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition", "Movie", "Sound",
        "RichMediaExecute",
    )
)  # fmt: skip
"""Actions that run, send, play or open another file."""
_CARRYING = frozenset(
    Name(f"/{kind}") for kind in ("FileAttachment", "RichMedia", "Movie", "Sound", "Screen", "3D")
)
"""Annotations that carry a file or play one."""
_DEEPEST = 200
_STREAM = re.compile(rb"stream\r?\n(?=[\x08-\x78])")
_PIECE = 64 * 1024


@dataclass(frozen=True)
class Paper:
    """A PDF that was written anew."""

    data: bytes
    pages: int


def resaved(data: bytes, name: str) -> Paper:
    """Write a PDF anew. RefusedFile: encrypted, damaged, too many pages, or a bomb."""
    _check_unfolding(data, name)
    try:
        with pikepdf.open(BytesIO(data), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise _encrypted(name)
            check_pages(name, len(pdf.pages))
            _check_pictures(pdf, name)
            _disarm(pdf)
            out = BytesIO()
            pdf.save(out)
            return Paper(out.getvalue(), len(pdf.pages))
    except pikepdf.PasswordError:
        raise _encrypted(name) from None
    except RefusedFile:
        raise
    except Exception as problem:
        # Whatever a parser says of hostile bytes, the file is of no use.
        raise damaged(name) from problem


def _check_unfolding(data: bytes, name: str) -> None:
    """Unpack every compressed stream piece by piece, keeping none, before a parser unpacks any of them whole."""
    left = MAX_UNFOLDED
    for match in _STREAM.finditer(data):
        for size in _unpacked(data, match.end()):
            left -= size
            if left < 0:
                raise RefusedFile(
                    _("“%(name)s”解压后过大（超过 %(size)s MB），不予接收。请拆分后上传。")
                    % {"name": name, "size": MAX_UNFOLDED // 2**20}
                )


def _unpacked(data: bytes, start: int) -> Iterator[int]:
    """Sizes of what was read and unpacked, until the stream ends or turns out to be none."""
    unpacker = zlib.decompressobj()
    try:
        for place in range(start, len(data), _PIECE):
            piece = data[place : place + _PIECE]
            yield len(piece)
            while piece and not unpacker.eof:
                yield len(unpacker.decompress(piece, _PIECE))
                piece = unpacker.unconsumed_tail
            if unpacker.eof:
                return
    except zlib.error:
        return


def _check_pictures(pdf: pikepdf.Pdf, name: str) -> None:
    for thing in pdf.objects:
        if isinstance(thing, Stream) and thing.get("/Subtype") == Name.Image:
            pixels = int(thing.get("/Width", 0)) * int(thing.get("/Height", 0))
            if pixels > MAX_PIXELS:
                raise RefusedFile(
                    _("“%(name)s”里有一张图片的像素过多，最多 %(most)s 万像素。请用 300 dpi 重新扫描。")
                    % {"name": name, "most": MAX_PIXELS // 10_000}
                )


def _disarm(pdf: pikepdf.Pdf) -> None:
    """Take out what acts. What nothing refers to any more is not written."""
    _drop(pdf.Root, "/OpenAction", "/AA", "/Collection", "/AF")
    _drop(pdf.Root.get("/Names"), "/JavaScript", "/EmbeddedFiles")
    _drop(pdf.Root.get("/AcroForm"), "/XFA")
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, Array):
            page.obj["/Annots"] = Array([note for note in notes if not _carries(note)])
    for thing in pdf.objects:
        _clean(thing, 0)


def _drop(thing: Any, *keys: str) -> None:
    for key in keys:
        if isinstance(thing, Dictionary) and key in thing:
            del thing[key]


def _clean(thing: Any, depth: int) -> None:
    """Clean an object and what stands inside it itself; what it refers to comes on its own."""
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(thing, Dictionary | Stream):
        places: Any = list(thing.items())
    elif isinstance(thing, Array):
        places = list(enumerate(thing))
    else:
        return
    for place, value in reversed(places):
        if _acts(value) or (place == "/AA" and _on_events(value)) or (place == "/EF" and _holds_files(value)):
            del thing[place]
        elif not getattr(value, "is_indirect", False):
            _clean(value, depth + 1)


def _acts(value: Any) -> bool:
    return isinstance(value, Dictionary) and value.get("/S") in _ACTING


def _on_events(value: Any) -> bool:
    """Whether something maps events to actions, and is no font that a page happens to call AA."""
    return isinstance(value, Dictionary) and all(
        isinstance(action, Dictionary) and "/S" in action for _, action in value.items()
    )


def _holds_files(value: Any) -> bool:
    return isinstance(value, Dictionary) and all(isinstance(file, Stream) for _, file in value.items())


def _carries(note: Any) -> bool:
    return isinstance(note, Dictionary) and note.get("/Subtype") in _CARRYING


def _encrypted(name: str) -> RefusedFile:
    return RefusedFile(
        _("“%(name)s”加了密码或限制了权限，无法检查。请用“打印为 PDF”另存一份不带密码的再上传。")
        % {"name": name}
    )
