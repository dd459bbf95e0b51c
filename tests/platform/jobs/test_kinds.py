"""The worker knows every kind of job that a page can start."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import wenjiuye.platform

_KIND = re.compile(r"@kind\(\s*(\w+|\"[^\"]+\")")
_NAMED = """
import django
django.setup()
from wenjiuye.platform.jobs.running import KINDS
print(*sorted(KINDS))
"""


def test_what_only_starts_django_knows_all_kinds():
    said = subprocess.run([sys.executable, "-c", _NAMED], capture_output=True, encoding="utf-8", check=True)
    declared = [
        kind
        for path in Path(wenjiuye.platform.__path__[0]).rglob("*.py")
        for kind in _KIND.findall(path.read_text("utf-8"))
        if path.name != "running.py"
    ]
    assert len(said.stdout.split()) == len(declared) > 5
