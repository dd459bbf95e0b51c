"""ClamAV over its socket: infected is refused, no answer is refused, and nothing is taken unseen."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from evidence_samples import pdf_bytes, picture_bytes

from wenjiuye.platform.evidence import scanner
from wenjiuye.platform.evidence.errors import InfectedFile, RefusedFile, ScannerUnavailable
from wenjiuye.platform.evidence.models import ScanState, StoredFile
from wenjiuye.platform.evidence.services import open_file, scan_again, take_in

pytestmark = pytest.mark.django_db
VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class FakeDaemon:
    """Speaks INSTREAM as clamd does: an answer of its own, or one by what it was sent."""

    def __init__(self, answer: bytes | None = None) -> None:
        self.answer, self.received = answer, b""
        self.known = VIRUS

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                self.received = b""
                while size := struct.unpack(">I", stream.read(4))[0]:
                    self.received += stream.read(size)
                infected = b"stream: Eicar-Test-Signature FOUND\0"
                line.sendall(
                    self.answer
                    if self.answer is not None
                    else infected
                    if self.known in self.received
                    else b"stream: OK\0"
                )


@contextmanager
def listening(daemon: FakeDaemon, listener: socket.socket) -> Iterator[None]:
    thread = threading.Thread(target=daemon.serve, args=(listener,))
    listener.listen()
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.fixture
def use(settings) -> Callable[[str], None]:
    """Set the address of the scanner."""

    def set_address(address: str) -> None:
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"clamav_socket": address})

    return set_address


@pytest.fixture
def daemon(tmp_path_factory, use) -> Iterator[FakeDaemon]:
    path = tmp_path_factory.mktemp("av") / "clamd"
    fake, listener = FakeDaemon(), socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    use(str(path))
    with listening(fake, listener):
        yield fake


def test_a_clean_file_is_taken_and_the_scanner_saw_every_byte_that_came(daemon, take):
    data = picture_bytes() + b"\n" * 200_000
    assert take(data, "a.png").scan == ScanState.CLEAN
    assert daemon.received == data


def test_an_infected_file_is_refused_before_anything_reads_it(daemon, take, data_folder):
    with pytest.raises(RefusedFile, match=r"“a\.pdf”被查出病毒"):
        take(b"%PDF-" + VIRUS, "a.pdf")
    assert not (data_folder / "evidence").exists()


@pytest.mark.parametrize("prefix", ["unix:", "unix://"])
def test_the_socket_may_be_written_as_an_address(daemon, use, take, settings, prefix):
    use(prefix + settings.ENVIRONMENT.clamav_socket)
    assert take(pdf_bytes(), "a.pdf").scan == ScanState.CLEAN


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "tcp://127.0.0.1:{}"])
def test_the_scanner_may_be_on_another_machine(use, take, form):
    listener = socket.create_server(("127.0.0.1", 0))
    use(form.format(listener.getsockname()[1]))
    with listening(FakeDaemon(), listener):
        assert take(pdf_bytes(), "a.pdf").scan == ScanState.CLEAN


@pytest.mark.parametrize(
    "answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: O", b"UNKNOWN COMMAND\0"]
)
def test_an_answer_that_says_neither_is_no_permission(daemon, take, answer):
    daemon.answer = answer
    with pytest.raises(ScannerUnavailable, match=r"“a\.pdf”没有保存"):
        take(pdf_bytes(), "a.pdf")
    assert StoredFile.objects.of_case().count() == 0


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1", "tcp://127.0.0.1:notaport"])
def test_a_scanner_that_is_down_takes_nothing(use, take, address, data_folder):
    use(address)
    with pytest.raises(ScannerUnavailable, match="没有响应"):
        take(pdf_bytes(), "a.pdf")
    assert not (data_folder / "evidence").exists()


def test_a_scanner_that_never_answers_is_given_up(use, take, monkeypatch):
    monkeypatch.setattr(scanner, "_SECONDS", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))
    use(f"127.0.0.1:{listener.getsockname()[1]}")
    with listener, pytest.raises(ScannerUnavailable):
        take(pdf_bytes(), "a.pdf")


def test_a_file_found_infected_later_is_given_to_nobody(daemon, clerk, data_folder):
    stored = take_in(BytesIO(pdf_bytes()), "a.pdf", county="jianan", by=clerk)
    assert scan_again(stored).scan == ScanState.CLEAN
    daemon.known = b"%PDF-"
    assert scan_again(stored).scan == ScanState.INFECTED
    stored.refresh_from_db()
    with pytest.raises(InfectedFile, match="被查出病毒"):
        open_file(stored, clerk, "核对")
    assert [event.scan for event in stored.scan_events.all()] == [ScanState.INFECTED]
    assert list(Path(data_folder / "evidence").glob("??/??/*"))


def test_without_a_scanner_nothing_can_be_scanned_again(take):
    with pytest.raises(ScannerUnavailable):
        scan_again(take(pdf_bytes(), "a.pdf"))
