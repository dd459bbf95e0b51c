"""A virus scanner: ClamAV's daemon, asked over its socket (INSTREAM). Without one configured nothing is asked."""

from __future__ import annotations

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from wenjiuye.platform.evidence.errors import RefusedFile, ScannerUnavailable

_PIECE = 64 * 1024
_SECONDS = 60


def configured() -> bool:
    """Whether a scanner is set."""
    return bool(settings.ENVIRONMENT.clamav_socket)


def scan(data: bytes, name: str) -> bool:
    """Whether the scanner finds a file clean.

    ScannerUnavailable: it gives no answer that can be understood, so that nothing is known.
    """
    if not configured():
        raise _no_answer(name)
    try:
        answer = _asked(data)
    except (OSError, ValueError) as problem:
        raise _no_answer(name) from problem
    if answer.endswith(" OK"):
        return True
    if answer.endswith(" FOUND"):
        return False
    raise _no_answer(name)


def check(data: bytes, name: str) -> None:
    """RefusedFile: infected. ScannerUnavailable: not known."""
    if not scan(data, name):
        raise RefusedFile(_("“%(name)s”被查出病毒，不予接收。请换一台设备检查原文件。") % {"name": name})


def _asked(data: bytes) -> str:
    with _connected() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _PIECE):
            piece = data[start : start + _PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    """The socket that WENJIUYE_CLAMAV_SOCKET names: a path, unix:/path, host:port or tcp://host:port."""
    address: str = settings.ENVIRONMENT.clamav_socket
    if address.startswith(("/", "unix:")):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_SECONDS)
        try:
            line.connect(address.removeprefix("unix:").replace("//", "/", 1))
        except OSError:
            line.close()
            raise
        return line
    parts = urlsplit(address if "//" in address else f"//{address}")
    return socket.create_connection((parts.hostname, parts.port or 3310), _SECONDS)


def _no_answer(name: str) -> ScannerUnavailable:
    return ScannerUnavailable(
        _("病毒扫描服务没有响应，“%(name)s”没有保存。请稍后再试；一直这样请告诉系统管理员检查 ClamAV。")
        % {"name": name}
    )
