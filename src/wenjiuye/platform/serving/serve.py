"""Web server and worker in one command, for an office without an IT department: started together, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from wenjiuye.platform.config.environment import Environment

_TO_START, _TO_STOP = 120.0, 30.0
"""Seconds that a part may take; a small machine that is busy needs its time."""
THREADS = 8


def web_command(environment: Environment, port: int) -> list[str]:
    """The command line of the web server."""
    return [
        sys.executable, "-m", "granian", "wenjiuye.platform.config.wsgi:application",
        "--interface", "wsgi",
        "--host", "127.0.0.1",
        "--port", str(port),
        "--workers", "1",
        "--blocking-threads", str(THREADS),
        "--log-level", "error",
        "--respawn-failed-workers",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The command line of the worker, the same that production starts on its own."""
    return [sys.executable, "-c", "from wenjiuye.platform.serving.work import main; main()"]


@contextmanager
def running(
    environment: Environment, port: int, *, worker: bool = True
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Web server and worker, answering; both are stopped in the end. RuntimeError: one did not start."""
    kept = {**os.environ, "DJANGO_SETTINGS_MODULE": "wenjiuye.platform.config.settings"}
    parts = [_started(web_command(environment, port), kept)]
    try:
        if worker:
            parts.append(_started(worker_command(), kept))
        _wait(parts[0], f"http://127.0.0.1:{port}/health/")
        yield parts
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            _end(part)


def _started(command: list[str], kept: dict[str, str]) -> subprocess.Popen[bytes]:
    """A part in a group of its own: what it starts itself ends with it."""
    return subprocess.Popen(command, env=kept, start_new_session=True)


def _end(part: subprocess.Popen[bytes]) -> None:
    """Wait until a part that was asked to has ended; then nothing of its group is left."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        part.wait(_TO_STOP)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(part.pid, signal.SIGKILL)
    part.wait()


def _wait(part: subprocess.Popen[bytes], address: str) -> None:
    """Until the web server answers."""
    end = time.monotonic() + _TO_START
    while time.monotonic() < end:
        if part.poll() is not None:
            raise RuntimeError(f"the web server ended with {part.returncode}; is the port taken?")
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the web server did not answer within {_TO_START:.0f} s")


def watch(parts: list[subprocess.Popen[bytes]]) -> int:
    """Wait until a part ends by itself; its exit code."""
    while True:
        for part in parts:
            code = part.poll()
            if code is not None:
                return code
        time.sleep(0.5)
