"""How much one piece of evidence may be: a photo from a phone or a scanned contract fits, a bomb does not."""

from __future__ import annotations

MAX_BYTES = 20 * 1024 * 1024
"""Of what came in."""
MAX_PAGES = 200
"""Of a PDF or OFD."""
MAX_PIXELS = 50_000_000
"""Of one picture, alone or inside a PDF: A3 scanned at 600 dpi has 70 million and is refused, at 400 dpi it fits."""
MAX_UNFOLDED = 300 * 1024 * 1024
"""Bytes that a file may unfold to when what is compressed in it is unpacked."""
MAX_ENTRIES = 5_000
"""Entries of a zip (OFD, Excel)."""
MAX_NAME = 200
"""Characters of a file's name; of a longer one the beginning goes."""
